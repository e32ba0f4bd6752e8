"""The driver of action flows: runs one to its end in this process; a page or a sign-in is an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphwright.flows.context import Person, Services
from graphwright.flows.errors import PageInActionFlow, RunDeferred
from graphwright.flows.interpreter import Interpreter, Segment
from graphwright.flows.observer import Stop, Watch, Watched
from graphwright.flows.report import RunSummary
from graphwright.flows.runs import (
    beating,
    describe_failure,
    note_segment,
    read_summary,
    start_run,
)
from graphwright.http.errors import ServiceDeferred
from graphwright.http.meter import metering
from graphwright.kernel.errors import GraphwrightError, NotFound, nearest
from graphwright.kernel.values import JsonObject, JsonValue


@dataclass(frozen=True)
class RunReport:
    """What an action flow did: the run's id, the way, the counts, how it ended, what happened."""

    run_id: str
    flow: str
    way: list[JsonObject]
    counts: dict[str, int]
    end: JsonObject
    summary: RunSummary


async def run_action(
    services: Services,
    flow: str,
    inputs: Mapping[str, JsonValue],
    *,
    person: Person | None,
    time_zone: str = "UTC",
    on_progress: Callable[[str, Mapping[str, int]], None] = lambda node, counts: None,
    watch: Watch | None = None,
) -> RunReport:
    """Runs an action flow to its end; the runs list has it whatever happens.

    Raises `PageInActionFlow` for a flow that is not an action flow, `RunDeferred` where the service
    says to come later, and what its nodes raise.
    """
    definition = services.flows.get(flow)
    if definition is None:
        raise NotFound(f"There is no flow {flow!r}.", hint=nearest(flow, services.flows))
    if definition.kind != "action":
        raise PageInActionFlow(
            f"The flow {flow} is a regular flow: it may show pages.",
            hint="Open it in the portal, or set `kind: action`.",
        )
    interpreter = Interpreter(
        services, person, time_zone=time_zone, interactive=False, on_progress=on_progress
    )
    system = services.databases.system
    run_id = await system.write(
        start_run,
        flow=flow,
        kind="action",
        principal_id=person.id if person else None,
        who=person.name if person else None,
        now=services.clock.now(),
        inputs=inputs,
    )
    if watch is not None:
        interpreter.observer = watch(Watched(run_id, flow, "action", person, time_zone))
    segment = Segment()
    try:
        async with beating(system, run_id, services.clock, segment.happened):
            with metering(segment.happened.meter):
                await interpreter.run([await interpreter.begin(flow, inputs)], segment)
        if segment.pause is not None and segment.pause.kind != "end":
            raise PageInActionFlow(f"The flow {flow} stopped to ask a person.")
    except BaseException as error:
        status, told = _describe(flow, error, wrote=segment.wrote)
        await system.write(note_segment, run_id, segment, status=status, error=told)
        interpreter.stopped(status, told)
        if status == "deferred":
            raise told from error
        raise
    await system.write(note_segment, run_id, segment, status="done")
    interpreter.stopped("done")
    end = dict(segment.pause.data) if segment.pause else {}
    summary = await system.read(read_summary, run_id)
    way = [visit.to_json() for visit in segment.way]
    return RunReport(run_id, flow, way, segment.totals, end, summary)


def _describe(flow: str, error: BaseException, *, wrote: bool) -> tuple[Stop, GraphwrightError]:
    """What the runs list says of a run that ended with this."""
    if not isinstance(error, ServiceDeferred):
        return describe_failure(error)
    deferred = RunDeferred(flow, error.not_before, wrote=wrote)
    deferred.place = error.place
    return "deferred", deferred
