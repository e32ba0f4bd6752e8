"""Keeps the steps of interactive flows: encrypts what they hold; finds them for whom they belong to."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from graphwright.flows.context import Frame, Pause, Person, Services
from graphwright.flows.errors import StepExpired
from graphwright.flows.interpreter import Segment
from graphwright.flows.origin import Claim, Origin
from graphwright.flows.outcomes import StepOutcome
from graphwright.flows.runs import note_segment
from graphwright.flows.state import load_state, save_state
from graphwright.flows.steps import StepRow, add_step, end_submission, find_step, latest_step
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.values import JsonObject


class StepStore:
    """The steps of an application's flows; each is bound to a session and a principal."""

    def __init__(self, services: Services, keyring: Keyring, lifetime: timedelta) -> None:
        self._services = services
        self._keyring = keyring
        self._lifetime = lifetime

    def note_step(
        self,
        connection: Any,
        place: Origin,
        claim: Claim,
        segment: Segment,
        submission: str | None,
        frames: list[Frame],
        pause: Pause,
        notice: str | None,
    ) -> StepOutcome:
        """Writes the step that a stretch came to, in the writer's transaction; gives what it shows."""
        step = latest_step(connection, place.instance) + 1
        # What an end tells holds users' data, as the variables do; the rest is the model's words.
        ends = pause.kind == "end"
        told = {"end": dict(pause.data)} if ends else dict(pause.data)
        outcome: JsonObject = {"kind": pause.kind, **({} if ends else told)}
        place_of_step = f"{place.instance}|{step}"
        row = StepRow(
            instance=place.instance,
            step=step,
            session_id=place.session_id,
            principal_id=place.principal_id,
            flow=place.flow,
            run_id=place.run_id,
            state=save_state(frames, self._services.flows, self._keyring, f"step|{place_of_step}"),
            outcome=outcome,
            ending=self._seal(told, place_of_step) if ends else None,
        )
        add_step(connection, row, self._services.clock.now(), self._lifetime)
        claim.settle(connection, wrote=segment.wrote)
        if submission is not None:
            end_submission(connection, place.instance, submission, step)
        note_segment(connection, place.run_id, segment, status="done" if ends else "waiting")
        return StepOutcome(
            instance=place.instance,
            step=step,
            flow=place.flow,
            notice=notice,
            **{**outcome, **told},
        )

    def note_failure(
        self,
        connection: Any,
        place: Origin,
        claim: Claim,
        segment: Segment,
        submission: str | None,
        error: GraphwrightError,
    ) -> None:
        """Notes that a stretch failed, in the writer's transaction; the step before it stays."""
        claim.settle(connection, wrote=segment.wrote)
        if submission is not None:
            end_submission(connection, place.instance, submission, None)
        note_segment(connection, place.run_id, segment, status="failed", error=error)

    async def find(
        self, instance: str, step: int, session_id: str, principal: Person | None
    ) -> StepRow:
        """The step, with what it showed; `StepExpired` where it is not theirs or is gone."""
        row = await self._services.databases.system.read(
            find_step, instance, step, session_id, self._services.clock.now()
        )
        if row is None or row.principal_id != (principal.id if principal else None):
            raise StepExpired("This step is not kept any more.", hint="Start again.")
        if row.ending is None:
            return row
        told = json.loads(self._keyring.decrypt(row.ending, f"end|{instance}|{step}"))
        return replace(row, outcome={**row.outcome, **told})

    def load(self, row: StepRow) -> list[Frame]:
        """The frames that a step was kept with; `ModelChanged` where they no longer fit."""
        bound_to = f"step|{row.instance}|{row.step}"
        return load_state(row.state, self._services.flows, self._keyring, bound_to)

    def _seal(self, told: JsonObject, place_of_step: str) -> bytes:
        return self._keyring.encrypt(json.dumps(told).encode(), f"end|{place_of_step}")
