"""What the tests of runs use: flows over a real SQLite runtime, watched."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from graphwright.application.definition import Application
from graphwright.flows.context import Person
from graphwright.flows.unattended import RunReport, run_action
from graphwright.modeler.masking import Masker
from graphwright.modeler.trace import Traces
from graphwright.modeler.wire.runs import TraceWire
from tests.flows.conftest import Place, place
from tests.modeler.runs.bench import bench

__all__ = ["bench", "place"]


@dataclass
class Watching:
    """Flows whose runs are traced."""

    place: Place
    events: list[tuple[str, Any]] = field(default_factory=list)
    masker: Masker = field(default_factory=Masker)

    def __post_init__(self) -> None:
        self.traces = Traces(self._publish, self.place.clock, longest_hold=5)
        self.renew()

    def _publish(self, kind: str, data: Any) -> None:
        self.events.append((kind, data))

    def renew(self) -> None:
        """Watches the flows as they are now."""
        self.application: Application = replace(
            self.place.runtime.application, flows=self.place.flows
        )
        self.watch = self.traces.watch(self.application, self.masker)
        self.place.driver.watch = self.watch

    async def run(self, flow: str, person: Person | None = None, **inputs: Any) -> RunReport:
        """Runs an action flow."""
        return await run_action(self.place.services, flow, inputs, person=person, watch=self.watch)

    @property
    def latest(self) -> TraceWire:
        """The newest trace."""
        return self.traces.get(self.traces.list()[0].id).to_wire()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until it holds."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - what tells is under test
                await asyncio.sleep(0.005)

    async def until_paused(self) -> TraceWire:
        """Waits until the newest run is held."""
        await self.until(lambda: bool(self.traces.list()) and self.latest.status == "paused")
        return self.latest


@pytest.fixture
def watching(place: Place) -> Watching:
    return Watching(place)
