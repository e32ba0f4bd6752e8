"""What every part of the control API shares: its key, and bodies that are JSON objects.

It must not know what any operation does.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CONTROL_PATH = "/_sandbox/control"
_MAX_BODY_BYTES = 64 * 1024

Operation = Callable[[Request], Awaitable[Response]]


class BadControlRequest(Exception):
    """The request is not what the operation needs; its text is the answer."""


def guard(control_key: str, operation: Operation) -> Operation:
    """The operation for those who send the key as bearer token; its refusals are answered 400."""

    async def handle(request: Request) -> Response:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(
            key.encode(), control_key.encode()
        ):
            headers = {"WWW-Authenticate": "Bearer"}
            return JSONResponse({"error": "wrong control key"}, 401, headers=headers)
        try:
            return await operation(request)
        except BadControlRequest as error:
            return JSONResponse({"error": str(error)}, 400)

    return handle


def reset_route(reset: Callable[[], None], control_key: str) -> Route:
    """``POST /_sandbox/control/reset``: everything as it was seeded."""

    async def handle(_: Request) -> Response:
        reset()
        return Response(status_code=204)

    return Route(f"{CONTROL_PATH}/reset", guard(control_key, handle), methods=["POST"])


async def read_object(request: Request) -> dict[str, Any]:
    """The body's JSON object; no body is an empty one."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MAX_BODY_BYTES:
            raise BadControlRequest("the body is too long")
    try:
        body = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        raise BadControlRequest("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadControlRequest("the body is not a JSON object")
    return body
