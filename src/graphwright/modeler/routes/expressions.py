"""The calls about expressions: what one may read at a place of a flow, and what one gives."""

import asyncio

from graphwright.kernel.errors import NotFound
from graphwright.kernel.values import JsonValue
from graphwright.modeler.api import Call, Route
from graphwright.modeler.expressions import evaluate
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.reading import read_draft
from graphwright.modeler.scope import ScopeValues, build_scope, to_names
from graphwright.modeler.wire.mappings import EvaluateAnswer, EvaluateQuestion, Scope


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""

    async def scope(call: Call) -> Scope:
        """The names that an expression at a node may read."""
        query = call.query("flow", "node")
        found = await asyncio.to_thread(scope_at, modeler, query.get("flow"), query.get("node"))
        return Scope(names=to_names(found))

    async def evaluate_source(call: Call) -> EvaluateAnswer:
        """The value of an expression or a template as it is typed."""
        body: EvaluateQuestion = call.body

        def answer() -> EvaluateAnswer:
            found = scope_at(modeler, body.flow, body.node)
            return evaluate(body.source, body.kind, {**found.values, **body.values})

        return await asyncio.to_thread(answer)

    return [
        Route("GET", "/api/scope", scope, Scope),
        Route("POST", "/api/evaluate", evaluate_source, EvaluateAnswer, EvaluateQuestion),
    ]


def scope_at(
    modeler: Modeler, flow: str | None, node: str | None, time_zone: str = "UTC"
) -> ScopeValues:
    """What is known at a node of the draft: its last run, its tries, and what can be made up."""
    recorded = {}
    if flow is not None:
        recorded = modeler.traces.values_at(flow, node) or modeler.traces.values_at(flow)

    def response(of_flow: str, of_node: str) -> JsonValue:
        return _last_response(modeler, of_flow, of_node)

    return build_scope(
        read_draft(modeler.workspace.draft),
        flow,
        node,
        responses=response,
        recorded=recorded,
        now=modeler.engine.clock.now(),
        time_zone=time_zone,
    )


def _last_response(modeler: Modeler, flow: str, node: str) -> JsonValue:
    for found in modeler.tries.list():
        if (found.flow, found.node) == (flow, node) and found.example is not None:
            try:
                return modeler.examples.document(found.example)
            except NotFound:  # the oldest are let go
                continue
    return None
