"""Breakpoints: which nodes a run holds before, and the hold itself.

Knows nothing of traces; whoever holds says so to the person.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from graphwright.flows.definition import FlowDefinition
from graphwright.kernel.errors import Conflict, NotFound, Place, nearest

How = Literal["continue", "step", "stop"]

LONGEST_HOLD: Final = 600.0
"""Seconds; then the run is stopped: whoever waits in front of a page is told."""


class RunStopped(Conflict):
    """The run was stopped at a breakpoint; no exit takes this error."""

    code = "runStopped"


class Breakpoints:
    """The nodes to hold before, by flow; as long as the modeler runs."""

    def __init__(self) -> None:
        self._nodes: dict[str, frozenset[str]] = {}

    def to_json(self) -> dict[str, list[str]]:
        """The nodes by flow."""
        return {flow: sorted(nodes) for flow, nodes in sorted(self._nodes.items())}

    def set(self, nodes: Mapping[str, Sequence[str]], flows: Mapping[str, FlowDefinition]) -> None:
        """Puts these in the place of all; `NotFound` for a flow or node that is not in the draft.

        One that was set before and has gone from its flow since goes from here as well; in a flow
        that cannot be read just now it stays.
        """
        kept: dict[str, frozenset[str]] = {}
        for flow, names in nodes.items():
            known = (
                flows[flow].nodes.keys() if flow in flows else self._nodes.get(flow, frozenset())
            )
            for name in names:
                if name not in known and not self.has(flow, name):
                    raise _not_found(flow, name, flows)
            kept[flow] = frozenset(names) & known
        self._nodes = {flow: names for flow, names in kept.items() if names}

    def has(self, flow: str, node: str) -> bool:
        """Whether a run holds before the node."""
        return node in self._nodes.get(flow, ())


def _not_found(flow: str, node: str, flows: Mapping[str, FlowDefinition]) -> NotFound:
    if flow not in flows:
        return NotFound(f"There is no flow {flow[:60]!r}.", hint=nearest(flow[:60], flows))
    return NotFound(
        f"The flow {flow} has no node {node[:60]!r}.",
        hint=nearest(node[:60], flows[flow].nodes),
        place=Place(flow=flow),
    )


class Hold:
    """One run held before one node."""

    def __init__(self, flow: str, node: str) -> None:
        self._place = Place(flow=flow, node=node)
        self._answer: asyncio.Future[tuple[How, str]] = asyncio.get_running_loop().create_future()

    def release(self, how: How, why: str = "It was stopped in the modeler.") -> None:
        """Lets the run go on, or ends it saying why."""
        if not self._answer.done():
            self._answer.set_result((how, why))

    async def wait(self, longest: float = LONGEST_HOLD) -> How:
        """How it goes on; `RunStopped` where it does not."""
        timer = asyncio.get_running_loop().call_later(
            longest,
            self.release,
            "stop",
            f"It was held at a breakpoint for {_minutes(longest)} without going on.",
        )
        try:
            how, why = await self._answer
        finally:
            timer.cancel()
        if how == "stop":
            raise RunStopped(
                f"The run was stopped before the node {self._place.node}. {why}",
                hint="Nothing behind this node was run. Start again to try once more.",
                place=self._place,
            )
        return how


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:g} seconds"
