"""What is known at a place of the draft: by its last run, its tries and its definitions."""

from graphwright.application.definition import Application
from graphwright.expressions import ExpressionInvalid, compile_expression
from graphwright.kernel.errors import NotFound
from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import root_of
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.page_previews import Rows
from graphwright.modeler.reading import read_draft
from graphwright.modeler.scope import ScopeValues, build_scope
from graphwright.nodes.http_request.config import Config as RequestNode
from graphwright.nodes.import_data.config import Config as ImportNode


def scope_at(
    modeler: Modeler,
    flow: str | None,
    node: str | None,
    time_zone: str = "UTC",
    *,
    made_up: bool = True,
) -> ScopeValues:
    """What expressions of a node read; `made_up`: also what only a person could give."""
    recorded = {}
    if flow is not None:
        recorded = modeler.traces.values_at(flow, node) or modeler.traces.values_at(flow)

    def response(of_flow: str, of_node: str) -> JsonValue:
        return last_response(modeler, of_flow, of_node)

    return build_scope(
        read_draft(modeler.workspace.draft),
        flow,
        node,
        responses=response,
        recorded=recorded,
        now=modeler.engine.clock.now(),
        time_zone=time_zone,
        made_up=made_up,
    )


def last_response(modeler: Modeler, flow: str, node: str) -> JsonValue:
    """The body of a request node's last try that is still kept, else null."""
    for found in modeler.tries.list():
        if (found.flow, found.node) == (flow, node) and found.example is not None:
            try:
                return modeler.examples.document(found.example)
            except NotFound:  # the oldest are let go
                continue
    return None


def import_of(application: Application, list_name: str | None) -> str | None:
    """The import that fills a list, or the list above it."""
    if list_name is None or list_name not in application.lists:
        return None
    root = root_of(list_name, application.lists)
    return next((n for n, found in application.imports.items() if found.list == root), None)


def tried_rows(modeler: Modeler, application: Application, import_name: str) -> Rows | None:
    """What the last try of a request gave whose response a flow imports by this import."""
    for flow_name, flow in application.flows.items():
        for node in flow.nodes.values():
            if not isinstance(node, ImportNode) or node.import_ != import_name:
                continue
            try:
                path = compile_expression(node.from_).path
            except ExpressionInvalid:
                continue
            for name, request in flow.nodes.items():
                is_source = (
                    isinstance(request, RequestNode) and path and request.response == path[0]
                )
                document = last_response(modeler, flow_name, name) if is_source else None
                if document is not None:
                    definition = application.imports[import_name]
                    return Rows(request.title or name, import_name, definition, document)
    return None
