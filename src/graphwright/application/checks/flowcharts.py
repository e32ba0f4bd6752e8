"""The shape of flowcharts: exits that lead nowhere, nodes nobody reaches, pages where none may be."""

from collections.abc import Container, Iterable, Iterator

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import FlowDefinition, NodeDefinition
from graphwright.kernel.errors import nearest


def check_flowcharts(application: Application) -> Iterator[Problem]:
    """A problem for every fault of a flow's shape."""
    for name, flow in application.flows.items():
        yield from _check_flow(application, name, flow)


def _check_flow(application: Application, name: str, flow: FlowDefinition) -> Iterator[Problem]:
    document = application.documents[f"flows/{name}.yaml"]
    if flow.start not in flow.nodes:
        yield Problem(
            "danglingExit",
            f"The flow starts at the node {flow.start!r}, which is not there.",
            document.place(("start",), flow=name),
            nearest(flow.start, flow.nodes),
        )
    if flow.kind == "action" and flow.path is not None:
        yield Problem(
            "pathOfActionFlow",
            "An action flow has no path: the portal does not open it.",
            document.place(("path",), flow=name),
            "Remove the path, or set `kind: regular`.",
        )
    for node_name, node in flow.nodes.items():
        yield from _check_exits(application, name, flow, node_name, node)
        if node.type == "page" and flow.kind == "action":
            yield Problem(
                "pageInActionFlow",
                "An action flow may not show a page.",
                document.place(("nodes", node_name, "type"), flow=name, node=node_name),
                "Set `kind: regular`, or end the flow here.",
            )
    reached = reachable(flow)
    for node_name, node in flow.nodes.items():
        if node_name not in reached and node.type != "note":
            yield Problem(
                "unreachableNode",
                f"No way from the start leads to the node {node_name}.",
                document.place(("nodes", node_name), flow=name, node=node_name),
                "Connect an exit to it, or remove it.",
            )


def _check_exits(
    application: Application, name: str, flow: FlowDefinition, node_name: str, node: NodeDefinition
) -> Iterator[Problem]:
    document = application.documents[f"flows/{name}.yaml"]
    page = application.pages.get(getattr(node, "page", ""))
    for exit_name, target in node.exits.items():
        place = document.place(("nodes", node_name, "exits", exit_name), flow=name, node=node_name)
        if target not in flow.nodes:
            yield Problem(
                "danglingExit",
                f"The exit {exit_name} leads to {target!r}, which is not there.",
                place,
                nearest(target, flow.nodes),
            )
        known = list(page.exits()) if page is not None else list(node.exit_names)
        allowed = page.allows_exit(exit_name) if page is not None else node.allows_exit(exit_name)
        if not allowed:
            subject = "The page" if page is not None else f"A node of the type {node.type}"
            yield Problem(
                "unknownExit",
                f"{subject} has no exit {exit_name!r}.",
                place,
                nearest(exit_name, known),
            )


def reachable(
    flow: FlowDefinition, nodes: Iterable[str] | None = None, *, not_past: Container[str] = ()
) -> set[str]:
    """The names of the nodes that a way from these (else the start) leads to, past none of those."""
    reached: set[str] = set()
    waiting = [flow.start] if nodes is None else list(nodes)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in flow.nodes:
            continue
        reached.add(name)
        if name not in not_past:
            waiting += flow.nodes[name].exits.values()
    return reached
