"""One node once more, with the variables that were recorded before it, as the same person.

The node is the draft's of now, so that a correction can be tried. Sensitive values are gone.
"""

from collections.abc import Mapping

from graphwright.application.checks.expressions import expressions_of
from graphwright.application.runtime import Runtime
from graphwright.flows.context import Frame, Pause
from graphwright.flows.definition import NodeDefinition
from graphwright.flows.interpreter import Interpreter, Segment
from graphwright.flows.observer import Watched
from graphwright.kernel.errors import Conflict, GraphwrightError, InvalidInput, NotFound, Place
from graphwright.kernel.ids import new_id
from graphwright.modeler.errors import ConfirmationNeeded
from graphwright.modeler.masking import Masker
from graphwright.modeler.recording import Kept, Visit, freeze
from graphwright.modeler.trace import Trace, Traces


class InputGone(Conflict):
    """What the node read is not kept: it was sensitive, or too large for too long."""

    code = "inputGone"


class NotAlone(InvalidInput):
    """A node of this type means nothing by itself."""

    code = "notAlone"


_REFUSED = {
    "page": ("A page needs somebody who looks at it.", "Run the flow and open it in the portal."),
    "subflow": (
        "A sub-flow is not one node but all of its own.",
        "Run one of the nodes in it, or the whole flow.",
    ),
}


async def run_again(
    runtime: Runtime,
    traces: Traces,
    masker: Masker,
    trace_id: str,
    index: int,
    *,
    confirmed: bool,
) -> Trace:
    """Runs a visit's node again; gives the trace of it, which is among the latest ones.

    Raises `ConfirmationNeeded` before a request that writes, unless confirmed; nothing is recorded
    then. `InputGone`, `NotAlone`, `NotFound` where there is nothing to run.
    """
    before, visit = traces.get(trace_id), traces.visit(trace_id, index)
    node = _find_node(runtime, visit)
    kept = _kept(visit, node)
    # What an authenticate node would ask a person for is told by its exit instead.
    interactive = before.kind != "action" and node.type != "authenticate"
    interpreter = Interpreter(
        runtime.services, before.person, time_zone=before.time_zone, interactive=interactive
    )

    async def check_confirmed() -> None:
        if not confirmed:
            raise ConfirmationNeeded(
                f"The node {visit.node} sends a request that changes something.",
                hint="Confirm that it is to be sent once more.",
                place=Place(flow=visit.flow, node=visit.node),
            )

    interpreter.before_write = check_confirmed
    run = Watched(new_id(), visit.flow, "node", before.person, before.time_zone)
    trace = Trace(run, masker, traces)
    interpreter.observer = traces.observe(trace, runtime.application, holds=False)
    frame = Frame(visit.flow, visit.node, freeze(kept.variables))
    frame.memory[visit.node] = freeze(kept.memory)
    try:
        outcome = await interpreter.run_node(frame, Segment())
    except ConfirmationNeeded:
        raise
    except GraphwrightError as error:
        interpreter.stopped("failed", error)
    else:
        waits = isinstance(outcome, Pause) and outcome.kind != "end"
        interpreter.stopped("waiting" if waits else "done")
    traces.add(trace)
    trace.changed(at_once=True)
    return trace


def _find_node(runtime: Runtime, visit: Visit) -> NodeDefinition:
    flow = runtime.application.flows.get(visit.flow)
    node = flow.nodes.get(visit.node) if flow is not None else None
    if node is None or node.type != visit.type:
        raise NotFound(
            f"The draft has no such node {visit.node} in the flow {visit.flow} any more.",
            hint="It was renamed, removed or became another type; run the flow.",
        )
    return node


def _kept(visit: Visit, node: NodeDefinition) -> Kept:
    """The recorded variables, where the node can be run with them."""
    place = Place(flow=visit.flow, node=visit.node)
    told = _REFUSED.get(node.type)
    if node.branches:
        told = ("Its items run with all that is behind them.", "Run the whole flow.")
    if getattr(node, "action", None) == "sign_out":
        told = ("Signing out twice changes nothing.", "Run the flow and sign in again.")
    if told is not None:
        raise NotAlone(told[0], hint=told[1], place=place)
    if visit.kept is None:
        raise InputGone(
            "The values before this node are not kept any more: they were too large.",
            hint="Run the flow once more; then this node can be run again.",
            place=place,
        )
    gone = sorted(_gone(visit.kept.lacks, node))
    if gone:
        raise InputGone(
            f"The node reads {', '.join(gone)}: sensitive values are not kept.",
            hint="Run the flow and enter them again.",
            place=place,
        )
    return visit.kept


def _gone(lacks: Mapping[str, frozenset[str] | None], node: NodeDefinition) -> set[str]:
    """What the node's expressions read of that which was left out."""
    found: set[str] = set()
    for expression in expressions_of(node):
        reads = expression.reads()
        if reads is True:
            return set(lacks)
        for name in lacks.keys() & reads.keys():
            names, inner = lacks[name], reads[name]
            if names is None or inner is True:
                found.add(name)
            else:
                found |= {f"{name}.{part}" for part in names & inner.keys()}
    return found
