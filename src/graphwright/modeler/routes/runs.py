"""Calls about runs: starting the draft, traces, breakpoints, one node again."""

from graphwright.kernel.errors import ModelInvalid, NotFound
from graphwright.modeler.api import Call, Route
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.wire.base import ProblemWire
from graphwright.modeler.wire.runs import (
    Breakpoints,
    Resume,
    RunStarted,
    StartRun,
    TraceEntry,
    Traces,
    TraceWire,
    VisitAgain,
)


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    calls = _Runs(modeler)
    trace = "/api/traces/{id}"
    return [
        Route("POST", "/api/run", calls.run, RunStarted, StartRun),
        Route("GET", "/api/traces", calls.traces, Traces),
        Route("GET", trace, calls.trace, TraceWire),
        Route("POST", trace + "/visits/{index}/again", calls.again, TraceWire, VisitAgain),
        Route("POST", trace + "/resume", calls.resume, TraceEntry, Resume),
        Route("GET", "/api/breakpoints", calls.breakpoints, Breakpoints),
        Route("PUT", "/api/breakpoints", calls.set_breakpoints, Breakpoints, Breakpoints),
    ]


class _Runs:
    def __init__(self, modeler: Modeler) -> None:
        self._runner = modeler.runner

    async def run(self, call: Call) -> RunStarted:
        """Opens the draft in the portal, or runs an action flow; says why it cannot be run."""
        body: StartRun = call.body
        try:
            url, run = await self._runner.start(body.flow, body.inputs, body.account)
        except ModelInvalid as error:
            if "problems" not in error.facts:
                raise
            problems = [ProblemWire(**problem) for problem in error.facts["problems"]]
            return RunStarted(url=None, problems=problems)
        return RunStarted(url=url, run=run, problems=[])

    async def traces(self, call: Call) -> Traces:
        """The latest runs."""
        call.query()
        return Traces(traces=self._runner.traces.list())

    async def trace(self, call: Call) -> TraceWire:
        """One run with its visits."""
        trace = self._runner.traces.get(call.part("id")).to_wire()
        return trace.model_copy(update={"happened": await self._runner.happened(trace.id)})

    async def again(self, call: Call) -> TraceWire:
        """The node of a visit once more; answers when it is done."""
        body: VisitAgain = call.body
        trace = await self._runner.again(
            call.part("id"), _number(call.part("index")), confirmed=body.confirmed
        )
        return trace.to_wire()

    async def resume(self, call: Call) -> TraceEntry:
        """Goes on behind a breakpoint, or stops."""
        body: Resume = call.body
        self._runner.traces.resume(call.part("id"), body.how)
        return self._runner.traces.get(call.part("id")).to_entry()

    async def breakpoints(self, call: Call) -> Breakpoints:
        """The nodes that runs hold before."""
        call.query()
        return Breakpoints(nodes=self._runner.traces.breakpoints.to_json())

    async def set_breakpoints(self, call: Call) -> Breakpoints:
        """Puts these in the place of all."""
        body: Breakpoints = call.body
        self._runner.set_breakpoints(body.nodes)
        return Breakpoints(nodes=self._runner.traces.breakpoints.to_json())


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotFound("The run has no such visit.")
    return int(text)
