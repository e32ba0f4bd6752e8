"""The driver of interactive flows: every page shown is a step in the database.

A step is a snapshot. Taking an exit of step N runs on from its snapshot and makes a new step, so Back
and reload do no harm; a submission that comes twice runs once; a step whose exit wrote is spent.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from weakref import WeakValueDictionary

from graphwright.flows.context import Exit, Frame, Pause, Person, Services
from graphwright.flows.errors import StepExpired, StepSpent, SubmissionUnknown
from graphwright.flows.interpreter import Interpreter, Segment
from graphwright.flows.observer import Watch, Watched
from graphwright.flows.origin import Claim, Origin
from graphwright.flows.outcomes import StepOutcome, StepState
from graphwright.flows.runs import (
    beating,
    describe_failure,
    mark_interrupted,
    note_segment,
    remove_old_runs,
    start_run,
)
from graphwright.flows.state import ModelChanged
from graphwright.flows.step_store import StepStore
from graphwright.flows.steps import (
    StepRow,
    add_submission,
    find_step,
    find_submission,
    latest_step,
    move_steps,
    remove_expired,
    remove_steps,
)
from graphwright.http.meter import metering
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import JsonObject, JsonValue

RESTARTED = "This application was changed in the meantime, so you start again here."


class InteractiveDriver:
    """Runs regular flows for people in front of a browser."""

    def __init__(self, services: Services, keyring: Keyring, lifetime: timedelta) -> None:
        self._services = services
        self._steps = StepStore(services, keyring, lifetime)
        # Raises unless the person may run the flow. Set by whoever knows of roles.
        self.check_access: Callable[[str, Person | None], None] = lambda flow, person: None
        self.watch: Watch | None = None
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(
        self,
        flow: str,
        *,
        principal: Person | None,
        session_id: str,
        time_zone: str,
        query: Mapping[str, str] = {},
        notice: str | None = None,
    ) -> StepOutcome:
        """Starts a flow; `query` gives values for the inputs it declares."""
        self.check_access(flow, principal)
        declared = self._services.flows[flow].inputs
        inputs = {name: value for name, value in query.items() if name in declared}
        system = self._services.databases.system
        run_id = await system.write(
            start_run,
            flow=flow,
            kind="regular",
            principal_id=principal.id if principal else None,
            who=principal.name if principal else None,
            now=self._services.clock.now(),
        )
        place = Origin(new_id(), 0, flow, run_id, session_id, principal.id if principal else None)
        interpreter = self._interpreter(principal, time_zone, place)
        try:
            frames = [await interpreter.begin(flow, inputs)]
        except GraphwrightError as error:
            claim = Claim(system, place)
            await system.write(self._steps.note_failure, place, claim, Segment(), None, error)
            interpreter.stopped("failed", error)
            raise
        return await self._run(interpreter, frames, place, None, notice=notice)

    async def step(
        self,
        instance: str,
        step: int,
        *,
        principal: Person | None,
        session_id: str,
        time_zone: str = "UTC",
    ) -> StepOutcome:
        """What the step showed; where the model changed since, the flow's new start."""
        row = await self._steps.find(instance, step, session_id, principal)
        try:
            self._steps.load(row)
        except ModelChanged:
            return await self._restart(row, principal, time_zone)
        return StepOutcome(instance=instance, step=step, flow=row.flow, **row.outcome)

    async def peek(
        self,
        instance: str,
        step: int,
        *,
        principal: Person | None,
        session_id: str,
        time_zone: str = "UTC",
    ) -> StepState:
        """The page of a step and the scope its expressions read; nothing is run."""
        row = await self._steps.find(instance, step, session_id, principal)
        try:
            frames = self._steps.load(row)
        except ModelChanged as error:
            raise StepExpired(RESTARTED, flow=row.flow) from error
        interpreter = self._interpreter(principal, time_zone)
        node = self._services.flows[frames[-1].flow].nodes[frames[-1].node]
        if row.outcome.get("kind") != "page":
            raise StepExpired("This step shows no page.")
        return StepState(
            flow=frames[-1].flow,
            node=frames[-1].node,
            page=row.outcome["page"],
            scope=interpreter.scope(frames[-1]),
            outputs=getattr(node, "outputs", {}),
        )

    async def exit(
        self,
        instance: str,
        step: int,
        exit: str,  # noqa: A002 - the word of the model
        *,
        data: JsonValue,
        submission: str,
        principal: Person | None,
        session_id: str,
        time_zone: str,
        sensitive: frozenset[str] = frozenset(),
    ) -> StepOutcome:
        """Takes an exit of a step's page with data already validated.

        `sensitive` names the values in the data that are never saved: nodes may use them until the
        next page.
        """
        answer = Exit(exit, data, sensitive)
        async with self._lock(instance, submission):
            return await self._exit(
                instance, step, answer, submission, principal, session_id, time_zone
            )

    async def answered(
        self,
        instance: str,
        step: int,
        submission: str,
        *,
        principal: Person | None,
        session_id: str,
        time_zone: str,
    ) -> StepOutcome | None:
        """What a submission that came before led to; None where it is new and may be taken.

        To be asked before data is validated: the row that a first submission deleted is gone.
        """
        async with self._lock(instance, submission):
            return await self._answer(instance, step, submission, principal, session_id, time_zone)

    async def _answer(
        self,
        instance: str,
        step: int,
        submission: str,
        principal: Person | None,
        session_id: str,
        time_zone: str,
    ) -> StepOutcome | None:
        row = await self._steps.find(instance, step, session_id, principal)
        system = self._services.databases.system
        before = await system.read(find_submission, instance, submission)
        if before is None:
            raise SubmissionUnknown(
                "The server stopped while this was being sent.",
                hint="Check whether it was done before you send it again.",
            )
        if before is not False:
            return await self.step(
                instance, before, principal=principal, session_id=session_id, time_zone=time_zone
            )
        if row.spent:
            raise StepSpent(
                "This was already sent.",
                hint="Go on from where you are now.",
                instance=instance,
                step=await system.read(latest_step, instance),
            )
        return None

    async def _exit(
        self,
        instance: str,
        step: int,
        answer: Exit,
        submission: str,
        principal: Person | None,
        session_id: str,
        time_zone: str,
    ) -> StepOutcome:
        system = self._services.databases.system
        before = await self._answer(instance, step, submission, principal, session_id, time_zone)
        if before is not None:
            return before
        row = await self._steps.find(instance, step, session_id, principal)
        if row.outcome.get("kind") != "page":
            # An authorization is answered by the authority, never by the browser.
            raise StepExpired("This step shows no page.")
        try:
            frames = self._steps.load(row)
        except ModelChanged:
            return await self._restart(row, principal, time_zone)
        self.check_access(row.flow, principal)
        await system.write(add_submission, instance, submission, step, self._services.clock.now())
        place = Origin(instance, step, row.flow, row.run_id, session_id, row.principal_id)
        interpreter = self._interpreter(principal, time_zone, place)
        return await self._run(interpreter, frames, place, answer, submission=submission)

    async def resume_authorization(
        self,
        instance: str,
        step: int,
        *,
        principal: Person | None,
        session_id: str,
        previous_session_id: str,
        outcome: str,
        error: JsonObject | None = None,
        time_zone: str = "UTC",
    ) -> StepOutcome:
        """Goes on behind an `authenticate` node: `outcome` is authenticated, not_authenticated or error.

        The sign-in may have put another session in the place of the one that started the flow.
        """
        system = self._services.databases.system
        row = await system.read(
            find_step, instance, step, previous_session_id, self._services.clock.now()
        )
        if row is None or row.outcome.get("kind") != "authorize":
            raise StepExpired("The flow that asked for this sign-in is not kept any more.")
        principal_id = principal.id if principal else None
        if row.principal_id not in (None, principal_id):
            # What one person's flow holds never passes to another.
            raise StepExpired("The flow that asked for this sign-in is somebody else's.")
        try:
            frames = self._steps.load(row)
        except ModelChanged:
            return await self._restart(row, principal, time_zone)
        self.check_access(row.flow, principal)
        await system.write(move_steps, instance, session_id, principal_id)
        place = Origin(instance, step, row.flow, row.run_id, session_id, principal_id)
        interpreter = self._interpreter(principal, time_zone, place)
        return await self._run(interpreter, frames, place, Exit(outcome, error))

    async def end_session(self, session_id: str) -> None:
        """Removes the steps of a session, at sign-out."""
        await self._services.databases.system.write(remove_steps, session_id)

    async def clean(self) -> None:
        """Removes what has expired, marks runs that were interrupted; call it now and then."""
        now = self._services.clock.now()
        await self._services.databases.system.write(remove_expired, now)
        await self._services.databases.system.write(remove_old_runs, now)
        await self._services.databases.system.write(mark_interrupted, now)

    async def _run(
        self,
        interpreter: Interpreter,
        frames: list[Frame],
        place: Origin,
        answer: Exit | None,
        *,
        submission: str | None = None,
        notice: str | None = None,
    ) -> StepOutcome:
        segment = Segment()
        system = self._services.databases.system
        claim = Claim(system, place)
        interpreter.before_write = claim.take
        before = [frame.copy() for frame in frames]
        try:
            clock = self._services.clock
            async with beating(system, place.run_id, clock, segment.happened):
                with metering(segment.happened.meter):
                    await interpreter.run(frames, segment, answer)
            pause = segment.pause or Pause("end")
            # At the end the last frame is gone; its step still says where the flow was.
            kept = frames or before
            outcome = await system.write(
                self._steps.note_step, place, claim, segment, submission, kept, pause, notice
            )
        except GraphwrightError as error:
            # Also where the next step cannot be kept: what was written was written.
            await system.write(self._steps.note_failure, place, claim, segment, submission, error)
            interpreter.stopped("failed", error)
            raise
        except BaseException as error:
            # The server stops. Whether a submission was done nobody knows, so it stays as it is.
            status, told = describe_failure(error)
            interpreter.stopped(status, told)
            await system.write(note_segment, place.run_id, segment, status=status, error=told)
            raise
        interpreter.stopped("done" if outcome.kind == "end" else "waiting")
        return outcome

    async def _restart(self, row: StepRow, principal: Person | None, time_zone: str) -> StepOutcome:
        if row.flow not in self._services.flows:
            raise StepExpired("This application has no such flow any more.")
        return await self.start(
            row.flow,
            principal=principal,
            session_id=row.session_id,
            time_zone=time_zone,
            notice=RESTARTED,
        )

    def _lock(self, instance: str, submission: str) -> asyncio.Lock:
        """The lock of one submission; it lives as long as somebody holds or awaits it."""
        key = f"{instance} {submission}"
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def _interpreter(
        self, principal: Person | None, time_zone: str, place: Origin | None = None
    ) -> Interpreter:
        interpreter = Interpreter(self._services, principal, time_zone=time_zone, interactive=True)
        interpreter.check_access = self.check_access
        if self.watch is not None and place is not None:
            watched = Watched(place.run_id, place.flow, "regular", principal, time_zone)
            interpreter.observer = self.watch(watched)
        return interpreter
