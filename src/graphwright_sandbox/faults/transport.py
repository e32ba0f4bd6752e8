"""The connection below a request: how a server that answers in HTTP breaks it.

The outermost application remembers the connection in the request's scope; it must not know why.
"""

import asyncio
import socket
import struct
from typing import Any

from starlette.types import Receive, Scope, Send

_KEY = "graphwright.transport"
_NO_LINGER = struct.pack("ii", 1, 0)


def remember_transport(scope: Scope, send: Send) -> None:
    """Keep the connection of a request that came straight from the server."""
    # uvicorn hands out a bound method of the exchange, which knows its connection.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    scope.setdefault("extensions", {})[_KEY] = transport


def transport_of(scope: Scope) -> asyncio.Transport | None:
    """The connection of a request; None where a test calls the application in process."""
    found: asyncio.Transport | None = scope.get("extensions", {}).get(_KEY)
    return found


async def reset_connection(scope: Scope, receive: Receive) -> None:
    """End the connection with a RST, also below TLS."""
    transport = _require(scope)
    connection: Any = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
    await wait_until_gone(receive)


async def close_connection(scope: Scope, receive: Receive, last: bytes = b"") -> None:
    """Write some last bytes past the HTTP server and end the connection politely."""
    transport = _require(scope)
    transport.write(last)
    transport.close()
    await wait_until_gone(receive)


async def wait_until_gone(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _require(scope: Scope) -> asyncio.Transport:
    transport = transport_of(scope)
    if transport is None:
        # In process there is no connection; whoever called hears of its end like this.
        raise ConnectionResetError("the connection was reset on purpose")
    return transport
