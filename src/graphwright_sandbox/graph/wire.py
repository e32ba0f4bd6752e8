"""Bytes of a request and of an answer, as ASGI passes them. Knows HTTP, no paths and no workload."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.types import Send

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphResponse

_JSON = (
    "application/json;odata.metadata=minimal;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8"
)
_LONGEST_TYPE = 255


async def read_body(request: Request, largest: int) -> bytes:
    """The whole body; refuses one that is larger."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            raise GraphError(
                413,
                "RequestEntityTooLarge",
                "The page was not displayed because the request entity is too large.",
            )
        chunks.append(chunk)
    return b"".join(chunks)


def media_type(told: str | None) -> str:
    """What to call contents: what their sender called them, unless no header may hold that."""
    if not told or len(told) > _LONGEST_TYPE or not told.isascii() or not told.isprintable():
        return "application/octet-stream"
    return told


async def send_response(send: Send, response: GraphResponse, extra: Mapping[str, str]) -> None:
    """Send an answer; `extra` are headers that its own ones overrule."""
    body: bytes = b""
    headers = {**extra, **response.headers}
    if isinstance(response.body, bytes):
        body = response.body
        headers["Content-Type"] = media_type(response.content_type)
    elif response.body is not None:
        body = msgspec.json.encode(response.body)
        headers["Content-Type"] = response.content_type or _JSON
        headers["OData-Version"] = "4.0"
    if response.status not in (204, 304):
        headers["Content-Length"] = str(len(body))
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": response.status,
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
