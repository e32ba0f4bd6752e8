"""Runs the nodes of a flow one after the other until it ends or needs a person.

Knows nothing of how a state is kept (the drivers do) and of no node type.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

from graphwright.flows.branches import BranchFailed, run_branches
from graphwright.flows.context import (
    Context,
    Enter,
    Exit,
    Fork,
    Frame,
    Outcome,
    Pause,
    Person,
    Services,
    describe_error,
    do_nothing,
)
from graphwright.flows.definition import NODE_TYPES, FlowDefinition, NodeDefinition
from graphwright.flows.errors import TooManySteps
from graphwright.flows.inputs import check_inputs
from graphwright.flows.observer import Observer, Stop
from graphwright.flows.report import Happenings
from graphwright.http.errors import ServiceDeferred
from graphwright.kernel.errors import GraphwrightError, NotFound, Place, Unexpected, nearest
from graphwright.kernel.values import JsonObject, JsonValue

# Between two pages. A loop over 10,000 rows with a body of ten nodes stays within.
MAX_NODES = 200_000
MAX_DEPTH = 20


@dataclass
class Visit:
    """One node of the way taken."""

    flow: str
    node: str
    exit: str
    milliseconds: float

    def to_json(self) -> JsonObject:
        """The visit as a JSON object."""
        return {
            "flow": self.flow,
            "node": self.node,
            "exit": self.exit,
            "ms": round(self.milliseconds, 1),
        }


@dataclass
class Segment:
    """What one stretch of running did: the way, the counts, whether it wrote, how it stopped."""

    way: list[Visit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    wrote: bool = False
    pause: Pause | None = None
    happened: Happenings = field(default_factory=Happenings)
    failure: GraphwrightError | None = None
    """What no exit took; None where the run was ended from outside."""

    def branch(self) -> "Segment":
        """That of one item of a loop; what is counted there is counted here."""
        return Segment(counts=self.counts, happened=self.happened)

    @property
    def totals(self) -> dict[str, int]:
        """The counts; those of requests as the wire saw them, where anybody metered it."""
        meter = self.happened.meter
        metered = {"requests": meter.requests, "retries": meter.retries}
        return {**self.counts, **(metered if meter.requests else {})}


class Interpreter:
    """Runs frames for one person; the frames change in place."""

    def __init__(
        self,
        services: Services,
        person: Person | None,
        *,
        time_zone: str = "UTC",
        interactive: bool,
        on_progress: Callable[[str, Mapping[str, int]], None] = lambda node, counts: None,
    ) -> None:
        self.services = services
        self._person = person
        self._time_zone = time_zone
        self._interactive = interactive
        self._on_progress = on_progress
        self.before_write: Callable[[], Awaitable[None]] = do_nothing
        self.check_access: Callable[[str, Person | None], None] = lambda flow, person: None
        self.observer: Observer | None = None

    async def begin(self, flow_name: str, inputs: Mapping[str, JsonValue]) -> Frame:
        """A frame at the flow's start with checked inputs and initial variables."""
        flow = self._flow(flow_name)
        frame = Frame(flow_name, flow.start)
        at = "inputs"
        try:
            frame.variables["input"] = check_inputs(flow, inputs)
            context = self._context(frame, flow)
            for name, value in flow.variables.items():
                at = f"variables.{name}"
                context.set(name, await context.render(value))
        except GraphwrightError as error:
            error.place = error.place or Place(flow=flow_name, field=at)
            raise
        return frame

    def scope(self, frame: Frame) -> dict[str, JsonValue]:
        """What expressions of the frame's flow may read."""
        return self._context(frame, self._flow(frame.flow)).scope()

    async def run(self, frames: list[Frame], segment: Segment, resumed: Exit | None = None) -> None:
        """Runs the last frame on until the outermost flow ends or a node pauses.

        `resumed` is how the node that paused was answered. An error that no `error` exit takes,
        neither of the node nor of the sub-flow nodes it runs in, is raised with its place; the way
        up to there stands in the segment. So is `ServiceDeferred` where nobody waits for the flow.
        """
        await self._run(frames, segment, 1, resumed)

    async def run_branch(self, frames: list[Frame], segment: Segment, gate: str) -> None:
        """Runs the last frame on until it comes to the node `gate` or ends; those below it wait."""
        await self._run(frames, segment, len(frames), gate=gate)

    async def _run(
        self,
        frames: list[Frame],
        segment: Segment,
        floor: int,
        resumed: Exit | None = None,
        gate: str | None = None,
    ) -> None:
        """Runs on until less than `floor` frames are left, a node pauses, or the way is at the gate."""
        try:
            while not (len(frames) == floor and frames[-1].node == gate):
                outcome = await self._step(frames, segment, floor, resumed)
                resumed = None
                if isinstance(outcome, Fork):
                    try:
                        resumed = await run_branches(self, frames, outcome, segment)
                        continue
                    except BranchFailed as failed:
                        self._note_failure(frames, segment, failed.error)
                        outcome = await self._fail(frames, segment, failed.error, floor)
                if isinstance(outcome, Pause) and outcome.kind != "end":
                    segment.pause = outcome
                    return
                if isinstance(outcome, Enter):
                    continue
                if isinstance(outcome, Pause) or not await self._advance(frames[-1], outcome):
                    # The flow has ended: the outermost says so, an inner one returns to its caller.
                    await _leave(frames, len(frames) - 1)
                    end = outcome if isinstance(outcome, Pause) else Pause("end")
                    if len(frames) < floor:
                        segment.pause = end
                        return
                    resumed = Exit(str(end.data.get("exit", "default")), end.data.get("result"))
        finally:
            for frame in frames[floor - 1 :]:
                await frame.close()

    async def _step(
        self, frames: list[Frame], segment: Segment, floor: int, resumed: Exit | None
    ) -> Outcome:
        """Visits the node where the last frame is; an error that an exit takes is that exit."""
        if len(segment.way) > MAX_NODES:
            raise TooManySteps(
                f"The flow ran through more than {MAX_NODES:,} nodes.",
                hint="It most likely goes round for ever; look at the exits that lead back.",
                place=Place(flow=frames[-1].flow, node=frames[-1].node),
            )
        if self.observer is not None:
            await self.observer.before(frames, resumed=resumed is not None)
        try:
            return await self._visit(frames, segment, resumed)
        except GraphwrightError as error:
            return await self._fail(frames, segment, error, floor)

    async def run_node(self, frame: Frame, segment: Segment) -> Outcome:
        """Runs the frame's node alone; what it fails with is raised, whatever exits it has."""
        if self.observer is not None:
            await self.observer.before([frame], resumed=False)
        try:
            return await self._visit([frame], segment, None)
        finally:
            await frame.close()

    def stopped(self, status: Stop, error: GraphwrightError | None = None) -> None:
        """Tells the observer that the stretch is over; for the driver, which knows how."""
        if self.observer is not None:
            self.observer.stopped(status, error)

    async def _enter(self, frames: list[Frame], outcome: Enter) -> Frame:
        if len(frames) >= MAX_DEPTH:
            raise TooManySteps(f"Sub-flows are nested more than {MAX_DEPTH} deep.")
        if self._flow(outcome.flow).access is not None:
            # A flow that says who may run it says so to its callers as well.
            self.check_access(outcome.flow, self._person)
        return await self.begin(outcome.flow, outcome.inputs)

    async def _visit(self, frames: list[Frame], segment: Segment, resumed: Exit | None) -> Outcome:
        """Runs a node and notes the visit; a failure is raised, whatever it was, as one of ours.

        Where it enters a sub-flow, that flow's frame is the last one afterwards.
        """
        frame = frames[-1]
        flow = self._flow(frame.flow)
        node = flow.nodes[frame.node]
        context = self._context(frame, flow, segment, resumed)
        started = perf_counter()
        name, entered, failure = "error", None, None
        try:
            outcome: Outcome = await NODE_TYPES.kind(node.type).module("run").run(node, context)
            name = outcome.name if isinstance(outcome, Exit) else outcome.__class__.__name__.lower()
            if isinstance(outcome, Enter):
                entered = await self._enter(frames, outcome)
        except GraphwrightError as error:
            name, failure = _error_exit(node, error), error
            raise
        except Exception as error:
            # A fault of ours is told like any other, without its text: it may hold users' data.
            told = f"The node failed unexpectedly ({type(error).__name__})."
            failure = Unexpected(told)
            raise failure from error
        finally:
            segment.wrote = segment.wrote or context.wrote
            elapsed = (perf_counter() - started) * 1000
            segment.way.append(Visit(frame.flow, frame.node, name, elapsed))
            if self.observer is not None:
                self.observer.after(frames, name, context.assigned, failure)
        if entered is not None:
            frames.append(entered)
        return outcome

    async def _fail(
        self, frames: list[Frame], segment: Segment, error: GraphwrightError, floor: int
    ) -> Exit:
        """The exit that takes the error: of the node, or of a sub-flow node around it; else raises."""
        place = error.place or Place()
        error.place = replace(
            place, flow=place.flow or frames[-1].flow, node=place.node or frames[-1].node
        )
        if isinstance(error, ServiceDeferred) and not self._interactive:
            # Nobody waits: the run comes another time, rather than to go on without.
            raise error
        for index in reversed(range(floor - 1, len(frames))):
            frame = frames[index]
            node = self._flow(frame.flow).nodes[frame.node]
            name = _error_exit(node, error)
            if index < len(frames) - 1:
                self._note_failure(frames[: index + 1], segment, error)
            if name in node.exits:
                segment.happened.note_failure(error)
                await _leave(frames, index + 1)
                frame.variables["error"] = describe_error(error, error.place.node or frame.node)
                return Exit(name)
        segment.failure = error
        raise error

    def _note_failure(self, frames: list[Frame], segment: Segment, error: GraphwrightError) -> None:
        """Notes that a node fails with what something within it failed with."""
        frame = frames[-1]
        name = _error_exit(self._flow(frame.flow).nodes[frame.node], error)
        segment.way.append(Visit(frame.flow, frame.node, name, 0.0))
        if self.observer is not None:
            self.observer.after(frames, name, (), error)

    async def _advance(self, frame: Frame, outcome: Exit) -> bool:
        """Moves the frame to the node behind the exit; False where the flow ends there."""
        flow = self._flow(frame.flow)
        target = flow.nodes[frame.node].exits.get(outcome.name)
        if target is None:
            return False
        # A loop that was left before its end begins anew, unless it is come to from its own items.
        if target in frame.memory and not _leads_only_through(flow, target, frame.node):
            await frame.forget(target)
        frame.node = target
        return True

    def _flow(self, name: str) -> FlowDefinition:
        try:
            return self.services.flows[name]
        except KeyError:
            raise NotFound(
                f"There is no flow {name!r}.", hint=nearest(name, self.services.flows)
            ) from None

    def _context(
        self,
        frame: Frame,
        flow: FlowDefinition,
        segment: Segment | None = None,
        resumed: Exit | None = None,
    ) -> Context:
        return Context(
            services=self.services,
            frame=frame,
            flow=flow,
            person=self._person,
            time_zone=self._time_zone,
            interactive=self._interactive,
            resumed=resumed,
            counts=segment.counts if segment else {},
            happened=segment.happened if segment else Happenings(),
            on_progress=self._on_progress,
            before_write=self.before_write,
        )


async def _leave(frames: list[Frame], keep: int) -> None:
    """Leaves the frames above the first `keep`."""
    while len(frames) > keep:
        await frames.pop().close()


def _leads_only_through(flow: FlowDefinition, gate: str, node: str) -> bool:
    """Whether every way from the flow's start to the node goes through the gate."""
    seen = {gate}
    waiting = [flow.start]
    while waiting:
        name = waiting.pop()
        if name not in seen and name in flow.nodes:
            seen.add(name)
            waiting += flow.nodes[name].exits.values()
    return node == gate or node not in seen


def _error_exit(node: NodeDefinition, failure: GraphwrightError) -> str:
    """The exit a failure takes: its status, its class (`4xx`), or `error`."""
    status = failure.facts.get("status")
    if isinstance(status, int):
        for name in (str(status), f"{status // 100}xx"):
            if name in node.exits:
                return name
    return "error"
