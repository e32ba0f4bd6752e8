"""Where the sandbox listens: its sockets and servers, for programs of this machine only.

It must not know what is served.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright_sandbox.faults.transport import remember_transport

ADDRESS = "127.0.0.1"
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


class PortTaken(Exception):
    """A port that was asked for cannot be had; most often another program listens there."""

    def __init__(self, port: int, *, why: str = "is taken by another program") -> None:
        super().__init__(f"Port {port} on {ADDRESS} {why}.")
        self.port = port


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process decides what Ctrl-C means."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Idle connections are cut: over TLS a polite end would wait for the client's goodbye,
        # which a client that keeps its connection for later never sends.
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                connection.transport.abort()
        await super().shutdown(sockets)


class LocalHostsOnly:
    """Refuses other host names, so that no web site reaches the sandbox by DNS rebinding."""

    def __init__(self, app: ASGIApp, host_names: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = (*_LOOPBACK_HOSTS, *host_names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope.get("headers", ()) if name == b"host"]
        if scope["type"] == "http" and not (
            len(hosts) == 1 and _names_one_of(hosts[0], self._hosts)
        ):
            await PlainTextResponse("Unknown host name.\n", 421)(scope, receive, send)
            return
        remember_transport(scope, send)
        await self._app(scope, receive, send)


def create_server(app: ASGIApp, server_file: str | None) -> uvicorn.Server:
    """A server of an application, over TLS where a certificate is named."""
    config = uvicorn.Config(
        app,
        interface="asgi3",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=server_file,
        ssl_keyfile=server_file,
    )
    return _Server(config)


def bind_all(*ports: int) -> list[socket.socket]:
    """Listening sockets on all ports, or `PortTaken` and none."""
    bound: list[socket.socket] = []
    try:
        for number, port in enumerate(ports):
            if port and port in ports[:number]:
                raise PortTaken(port, why="was named twice")
            bound.append(_bind(port))
    except PortTaken:
        for one in bound:
            one.close()
        raise
    return bound


def _bind(port: int) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY: else every answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if isinstance(error, PermissionError):
            raise PortTaken(port, why="is only for administrators") from error
        raise PortTaken(port) from error
    return listener


def _names_one_of(host: bytes, names: Sequence[str]) -> bool:
    try:
        return urlsplit(f"//{host.decode('ascii')}").hostname in names
    except ValueError:
        return False
