"""Loops whose items run on their own: no way of an item may ask a person, end the flow or leave."""

from collections.abc import Iterator

from graphwright.application.checks.flowcharts import reachable
from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import FlowDefinition

_ASKS = {
    "page": "shows a page",
    "authenticate": "may ask a person to sign in",
    "end": "ends the flow",
}
_HINT = (
    "Move it before the loop or behind its exit `done`, or let the items come one after the other."
)


def check_branches(application: Application) -> Iterator[Problem]:
    """A problem for everything that an item on its own cannot do."""
    for name, flow in application.flows.items():
        for loop, node in flow.nodes.items():
            if node.branches:
                yield from _check_body(application, name, flow, loop)


def _check_body(
    application: Application, name: str, flow: FlowDefinition, loop: str
) -> Iterator[Problem]:
    document = application.documents[f"flows/{name}.yaml"]
    exits = flow.nodes[loop].exits
    others = [target for exit_name, target in exits.items() if exit_name != "each"]
    outside = reachable(flow, [flow.start, *others], not_past={loop}) - {loop}
    begin = [exits["each"]] if "each" in exits else []
    body = reachable(flow, begin, not_past={loop}) - {loop}
    for node_name in sorted(body - outside):
        what = _asks(application, flow, node_name)
        if what is not None:
            yield Problem(
                "pauseInParallel",
                f"The node {node_name} {what}, and the items of the loop {loop} run on their own.",
                document.place(("nodes", node_name, "type"), flow=name, node=node_name),
                _HINT,
            )
    for node_name in sorted((body - outside) | {loop}):
        for exit_name, target in flow.nodes[node_name].exits.items():
            if target in body & outside and (node_name != loop or exit_name == "each"):
                yield Problem(
                    "leavesParallel",
                    f"The exit {exit_name} leads out of the loop {loop}, whose items run on their "
                    "own.",
                    document.place(
                        ("nodes", node_name, "exits", exit_name), flow=name, node=node_name
                    ),
                    f"Lead it back to {loop}, or leave it open: there the item ends.",
                )


def _asks(application: Application, flow: FlowDefinition, node_name: str) -> str | None:
    """What the node does that an item on its own cannot; None where it may."""
    node = flow.nodes[node_name]
    if node.type in _ASKS:
        return _ASKS[node.type]
    waiting, seen = [getattr(node, "flow", "")], set[str]()
    while waiting:
        name = waiting.pop()
        called = application.flows.get(name)
        if called is None or name in seen:
            continue
        seen.add(name)
        for inner in called.nodes.values():
            if inner.type in _ASKS and inner.type != "end":
                return f"runs the flow {name}, which {_ASKS[inner.type]}"
            waiting.append(getattr(inner, "flow", ""))
    return None
