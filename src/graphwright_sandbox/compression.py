"""Answers compressed with gzip where the client takes it, as Microsoft's services do.

Stands before everything else, so that faults and the inspector see what was meant. It must not
know what it compresses; an answer sent in several parts is somebody's own doing and left alone.
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINIMUM = 1024
_LEVEL = 1  # on the loopback time counts, not size
_TYPES = ("application/json", "application/xml", "text/")


class Compression:
    """An application whose larger texts come compressed to those who take gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not takes_gzip(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def compress(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                begun, start = start, None
                if _is_worth_it(begun, message):
                    message = {**message, "body": gzip.compress(message["body"], _LEVEL)}
                    headers = MutableHeaders(raw=list(begun["headers"]))
                    headers["content-encoding"] = "gzip"
                    headers["content-length"] = str(len(message["body"]))
                    headers.add_vary_header("Accept-Encoding")
                    begun = {**begun, "headers": headers.raw}
                await send(begun)
            await send(message)

        await self._app(scope, receive, compress)


def takes_gzip(headers: Headers) -> bool:
    """Whether a request's Accept-Encoding names gzip and does not forbid it."""
    for part in headers.get("accept-encoding", "").split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() in ("gzip", "*"):
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _is_worth_it(start: Message, message: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        len(message.get("body", b"")) >= MINIMUM
        and not message.get("more_body")
        and "content-encoding" not in headers
        and "content-range" not in headers
        and headers.get("content-type", "").startswith(_TYPES)
    )
