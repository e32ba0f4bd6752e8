"""The calls about expressions: what one may read at a place of a flow, and what one gives."""

import asyncio

from graphwright.modeler.api import Call, Route
from graphwright.modeler.expressions import evaluate
from graphwright.modeler.known import scope_at
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.scope import to_names
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
