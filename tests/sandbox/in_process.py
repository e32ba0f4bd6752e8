"""Requests to an ASGI application without threads: what Starlette's client does, for less.

Its client hands every message of a request to another thread and back. It must not be used in a
test that is a coroutine, nor where the application has to go on between two requests.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from urllib.parse import unquote

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message


class InProcess(TestClient):
    """Starlette's client for tests, on one event loop of its own while it is entered."""

    def __init__(
        self, app: ASGIApp, base_url: str = "http://testserver", *, follow_redirects: bool = True
    ) -> None:
        super().__init__(app, base_url, follow_redirects=follow_redirects)
        self._runner: asyncio.Runner | None = None
        self._transport = _Transport(self)

    def __enter__(self) -> InProcess:
        self._runner = asyncio.Runner()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        if self._runner is not None:
            self._runner.close()

    def send_to_app(self, request: httpx2.Request) -> httpx2.Response:
        if self._runner is None:
            return asyncio.run(_ask(self.app, request))
        return self._runner.run(_ask(self.app, request))


class _Transport(httpx2.BaseTransport):
    def __init__(self, client: InProcess) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._client.send_to_app(request)


async def _ask(app: ASGIApp, request: httpx2.Request) -> httpx2.Response:
    url = request.url
    started: Message = {}
    content = bytearray()

    unread = [request.read()]

    async def receive() -> Message:
        if not unread:  # The client stays: it is never told to be gone.
            await asyncio.Event().wait()
        return {"type": "http.request", "body": unread.pop(), "more_body": False}

    async def send(message: Message) -> None:
        started.update(message if message["type"] == "http.response.start" else {})
        content.extend(message.get("body", b""))

    raw_path, _, query = url.raw_path.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": raw_path,
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("testclient", 50000),
        "server": (url.host, url.port or 80),
        "state": {},
    }
    await app(scope, receive, send)
    return httpx2.Response(
        started["status"], headers=started["headers"], content=bytes(content), request=request
    )
