"""A receiver of notifications: a small web server that remembers what it was sent."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, str, bytes]


def repeat_token(token: str) -> Answer:
    return 200, "text/plain; charset=utf-8", token.encode()


class Receiver:
    """Answers validation as `validate` says, and notifications with the next of `statuses`."""

    def __init__(self) -> None:
        self.validate: Callable[[str], Answer] = repeat_token
        self.statuses: list[int] = []
        self.tokens: list[str] = []
        self._bodies: queue.Queue[tuple[str, Any]] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._receive(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reset(self) -> None:
        """As it was at the start."""
        self.validate, self.statuses, self.tokens = repeat_token, [], []
        while not self._bodies.empty():
            self._bodies.get()

    def take(self, path: str = "/told", timeout: float = 5) -> Any:
        """The next body sent to this path."""
        found, body = self._bodies.get(timeout=timeout)
        assert found == path
        return body

    def is_quiet(self) -> bool:
        """Whether nothing more comes."""
        try:
            self._bodies.get(timeout=0.15)
        except queue.Empty:
            return True
        return False

    def _receive(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        token = parse_qs(parts.query).get("validationToken")
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        if token:
            self.tokens.append(token[0])
            status, content_type, content = self.validate(token[0])
        else:
            status = self.statuses.pop(0) if self.statuses else 202
            content_type, content = "text/plain", b""
            self._bodies.put((parts.path, json.loads(body)))
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
