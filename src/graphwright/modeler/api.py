"""Routes of the modeler's API: how a body becomes a shape, and a shape an answer.

Knows no subject; each module of `routes` lists its own.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.wire.base import Answer, Body
from graphwright.web.errors import read_json

Shape = TypeVar("Shape", bound=BaseModel)

_DEFAULT_LIMIT = 2_500_000


class BodyInvalid(InvalidInput):
    """The body of a request is not what the call takes."""

    code = "bodyInvalid"


@dataclass(frozen=True)
class Call:
    """One call that came: its request, and its body as the shape that the route names."""

    request: Request
    body: Any = None

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def query(self, *names: str) -> dict[str, str]:
        """The query's parameters; `InvalidInput` for an unknown one or one that comes twice."""
        pairs = self.request.query_params.multi_items()
        found = dict(pairs)
        if len(found) != len(pairs):
            raise InvalidInput("A parameter stands in the address twice.")
        unknown = sorted(found.keys() - set(names))
        if unknown:
            raise InvalidInput(
                f"There is no parameter {unknown[0][:40]!r}.",
                hint=f"There are {', '.join(names)}." if names else "This call has none.",
            )
        return found


Handler = Callable[[Call], Awaitable[Answer | Response | None]]


@dataclass(frozen=True)
class Route:
    """A call of the API. None as answer is 204."""

    method: str
    path: str
    handler: Handler
    answer: type[Answer] | None = None
    body: type[Body] | None = None
    limit: int = _DEFAULT_LIMIT


def add_route(app: FastAPI, route: Route) -> None:
    """Adds a route; OpenAPI gets its shapes."""

    async def answer(request: Request) -> Response:
        body = None
        if route.body is not None:
            body = parse_body(route.body, await read_json(request, route.limit))
        return respond(await route.handler(Call(request, body)))

    responses: dict[int | str, dict[str, Any]] = {}
    if route.answer is not None:
        responses[200] = {"model": route.answer}
    app.add_api_route(
        route.path,
        answer,
        methods=[route.method],
        response_model=None,
        responses=responses,
        openapi_extra=_describe(route.body),
        name=route.handler.__name__,
    )


def parse_body(model: type[Shape], raw: object) -> Shape:
    """The body as its shape; `BodyInvalid` names the field that is wrong, never its value."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise BodyInvalid(f"The request is not valid: {where}: {first['msg']}.") from None


def respond(answer: Answer | Response | None) -> Response:
    """The response of a handler's answer."""
    if answer is None:
        return Response(status_code=204)
    if isinstance(answer, Response):
        return answer
    # Lone surrogates, which a Graph response may hold, are no UTF-8: escaped they can be sent.
    text = answer.model_dump_json(by_alias=True, ensure_ascii=True)
    return Response(text, media_type="application/json")


def _describe(body: type[Body] | None) -> dict[str, Any] | None:
    if body is None:
        return None
    schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
