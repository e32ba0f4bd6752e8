"""The runs of the draft, watched: the way each took, node by node, and where it is held.

In memory only, and bounded. Tells by a callback that a trace has changed, not too often.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Final

from graphwright.application.checks.expressions import expressions_of
from graphwright.application.definition import Application
from graphwright.flows.context import Frame, describe_now
from graphwright.flows.observer import Observer, Stop, Watch, Watched
from graphwright.kernel.clock import Clock
from graphwright.kernel.errors import Conflict, GraphwrightError, NotFound
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.modeler.breakpoints import LONGEST_HOLD, Breakpoints, Hold, How, RunStopped
from graphwright.modeler.masking import SAMPLE, Masker
from graphwright.modeler.recording import Recording, Status, Visit
from graphwright.modeler.wire.runs import TraceEntry

MOST_RUNS: Final = 50
MOST_BYTES: Final = 100_000_000
# Between two tellings of one trace.
_QUIET_SECONDS: Final = 0.2

Publish = Callable[[str, JsonObject], None]


class Trace(Recording):
    """A recording that may be held, and whose changes are told."""

    def __init__(self, run: Watched, masker: Masker, traces: "Traces") -> None:
        super().__init__(run, masker, traces.clock.now())
        self.holds: list[Hold] = []
        self.steps = False
        self._traces = traces
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = 0.0

    def changed(self, *, at_once: bool = False) -> None:
        """Tells it now, or a little later where it was told just now."""
        loop = asyncio.get_running_loop()
        wait = self._told_at + _QUIET_SECONDS - loop.time()
        if at_once or wait <= 0:
            self._tell()
        elif self._timer is None:
            self._timer = loop.call_later(wait, self._tell)

    def _tell(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._told_at = asyncio.get_running_loop().time()
        if not self._traces.has(self):
            return
        self._traces.publish("trace", {"id": self.id, "status": self.status, "nodes": self.nodes})


class Traces:
    """The latest runs of the draft."""

    def __init__(
        self,
        publish: Publish,
        clock: Clock,
        *,
        breakpoints: Breakpoints | None = None,
        longest_hold: float = LONGEST_HOLD,
    ) -> None:
        self.publish = publish
        self.clock = clock
        self.breakpoints = breakpoints or Breakpoints()
        self.longest_hold = longest_hold
        self._traces: dict[str, Trace] = {}

    def watch(self, application: Application, masker: Masker) -> Watch:
        """What the drivers of an application are given."""

        def watch(run: Watched) -> Observer:
            trace = self._traces.get(run.run)
            if trace is None:
                trace = Trace(run, masker, self)
                self.add(trace)
            trace.mask_also(masker)
            # Behind a sign-in it is somebody's.
            trace.person = run.person
            return self.observe(trace, application)

        return watch

    def observe(self, trace: Trace, application: Application, *, holds: bool = True) -> Observer:
        """An observer that writes into a trace; `holds`: whether breakpoints count."""
        return _Stretch(trace, self, application, holds=holds)

    def add(self, trace: Trace) -> None:
        """Puts a trace among the latest ones."""
        self._traces[trace.id] = trace
        self._bound()

    def has(self, trace: Trace) -> bool:
        """Whether a trace is among the latest ones."""
        return self._traces.get(trace.id) is trace

    def list(self) -> list[TraceEntry]:
        """The runs, newest first."""
        return [trace.to_entry() for trace in reversed(self._traces.values())]

    def get(self, trace_id: str) -> Trace:
        """A run by its id."""
        trace = self._traces.get(trace_id)
        if trace is None:
            raise NotFound("There is no such run.", hint="Only the latest runs are kept.")
        return trace

    def visit(self, trace_id: str, index: int) -> Visit:
        """One visit of a run."""
        for visit in self.get(trace_id).visits:
            if visit.index == index:
                return visit
        raise NotFound("The run has no such visit.", hint="Of a long run the middle is not kept.")

    def resume(self, trace_id: str, how: How) -> None:
        """Goes on behind a breakpoint; `Conflict` where the run is not held."""
        trace = self.get(trace_id)
        if not trace.holds:
            raise Conflict("The run is not held at a breakpoint.", hint="It went on meanwhile.")
        trace.steps = how == "step"
        for hold in list(trace.holds):
            hold.release(how)

    def interrupt(self) -> None:
        """Stops every run that is held: the modeler ends."""
        for trace in self._traces.values():
            for hold in list(trace.holds):
                hold.release("stop", "The modeler was stopped.")

    def values_at(self, flow: str, node: str | None = None) -> JsonObject:
        """What expressions of a node read when it ran last, masked; empty where it never did.

        Without a node: of the flow's last one.
        """
        for trace in reversed(self._traces.values()):
            for visit in reversed(trace.visits):
                if visit.flow == flow and node in (None, visit.node):
                    return self._scope(trace, visit)
        return {}

    def _scope(self, trace: Trace, visit: Visit) -> JsonObject:
        values: JsonObject = {"input": {}, "error": None, **visit.inputs}
        if visit.kept is not None:
            values |= {
                name: trace.masker.show(value, SAMPLE)
                for name, value in visit.kept.variables.items()
            }
        person = trace.person
        user: JsonValue = None
        if person is not None:
            user = {"id": person.id, "name": person.name, "email": person.email}
            user["time_zone"] = trace.time_zone
        return {**values, "user": user, "now": describe_now(visit.at, trace.time_zone)}

    def _bound(self) -> None:
        """Lets the oldest go: their originals first, then themselves; those under way last."""
        size = sum(trace.size for trace in self._traces.values())
        for trace in list(self._traces.values())[:-1]:
            if size <= MOST_BYTES:
                break
            size -= trace.size
            trace.forget()
            size += trace.size
        while len(self._traces) > MOST_RUNS or (size > MOST_BYTES and len(self._traces) > 1):
            over = (t for t in self._traces.values() if t.status not in ("running", "paused"))
            gone = self._traces.pop(next(over, next(iter(self._traces.values()))).id)
            size -= gone.size
            for hold in gone.holds:
                hold.release("stop", "Too many other runs came after it.")


class _Stretch(Observer):
    """Watches one stretch of a run."""

    def __init__(
        self, trace: Trace, traces: Traces, application: Application, *, holds: bool
    ) -> None:
        self._trace = trace
        self._traces = traces
        self._flows = application.flows
        self._may_hold = holds
        self._reads: dict[tuple[str, str], frozenset[str]] = {}
        trace.status = "running"
        trace.watch.go()
        trace.changed()

    async def before(self, frames: Sequence[Frame], *, resumed: bool) -> None:
        """Begins the visit, or goes on with it; holds before a breakpoint."""
        frame, depth, trace = frames[-1], len(frames) - 1, self._trace
        if resumed and trace.open_visit(frame, depth) is not None:
            return
        flow = self._flows[frame.flow]
        trace.begin(frame, depth, flow, self._read(frame), self._traces.clock.now())
        trace.changed()
        at_breakpoint = trace.steps or self._traces.breakpoints.has(frame.flow, frame.node)
        if self._may_hold and at_breakpoint and not resumed:
            await self._hold(frame)

    def after(
        self,
        frames: Sequence[Frame],
        exit: str,  # noqa: A002 - the word of the model
        assigned: Collection[str],
        error: GraphwrightError | None = None,
    ) -> None:
        """Ends the visit, unless it only waits: for a person, a sub-flow, or the items of a loop."""
        frame, trace = frames[-1], self._trace
        flow = self._flows[frame.flow]
        visit = trace.open_visit(frame, len(frames) - 1)
        if visit is None:
            return
        if exit == "pause" and visit.type == "end":
            exit = "end"  # noqa: A001
        outputs = trace.show(frame, flow, sorted(assigned))
        if exit in ("pause", "enter", "fork"):
            visit.outputs = outputs
        else:
            trace.end(visit, exit, outputs, error)
        trace.changed()

    def stopped(self, status: Stop, error: GraphwrightError | None = None) -> None:
        """Ends the stretch, and the run unless it waits for a person."""
        trace = self._trace
        trace.watch.halt()
        trace.status = "stopped" if isinstance(error, RunStopped) else _STATUS[status]
        trace.error = trace.describe(error)
        if status != "waiting":
            trace.end_all("stopped" if trace.status == "stopped" else "error")
        if trace.holds:
            trace.status = "paused"
        trace.changed(at_once=True)

    async def _hold(self, frame: Frame) -> None:
        trace = self._trace
        hold = Hold(frame.flow, frame.node)
        trace.holds.append(hold)
        trace.status = "paused"
        trace.watch.halt()
        trace.changed(at_once=True)
        try:
            await hold.wait(self._traces.longest_hold)
        finally:
            trace.watch.go()
            trace.holds.remove(hold)
            trace.status = "running"
        trace.changed(at_once=True)

    def _read(self, frame: Frame) -> frozenset[str]:
        here = (frame.flow, frame.node)
        if here not in self._reads:
            node = self._flows[frame.flow].nodes[frame.node]
            found = (expression.names() for expression in expressions_of(node))
            self._reads[here] = frozenset[str]().union(*found)
        return self._reads[here]


_STATUS: Final[dict[Stop, Status]] = {
    "done": "done",
    "waiting": "waiting",
    "failed": "failed",
    "interrupted": "stopped",
    "deferred": "failed",
}
