"""The last requests and their answers: what was sent, as whom, by which permission, why refused.

`Inspector.watch` stands around an application and keeps what passes, within bounds of number and
size; the application adds what only it knows with `exchange_of`. This module must not know who
shows it. Credentials in headers are forgotten here; those in bodies and addresses are masked by
`masking` wherever they are shown.
"""

from __future__ import annotations

import itertools
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwright_sandbox.masking import MASK

MAXIMUM_EXCHANGES = 500
MAXIMUM_BODY = 64 * 1024
"""What is kept of a body."""
MAXIMUM_BYTES = 16 * 1024 * 1024
"""What is kept of all exchanges together; the oldest leave first."""

# The steps of a person between an application's request and its answer.
_STEPS = ("/login", "/password", "/consent", "/devicelogin")
_PATH_KEY = re.compile(r"^(/[a-z]+/)[^/]+")
_KEY = "graphwright_sandbox.exchange"
_CREDENTIALS = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"})
_AUTHENTICATION_SCHEMES = (b"bearer", b"basic", b"negotiate")

Headers = list[tuple[bytes, bytes]]


class Body:
    """The beginning of a body, and how long the whole was."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.size = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if len(self.kept) < MAXIMUM_BODY:
            self.kept += part[: MAXIMUM_BODY - len(self.kept)]

    @property
    def is_whole(self) -> bool:
        return len(self.kept) == self.size


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request, its answer as far as it was sent, and what the application said about it."""

    number: int = 0
    at: datetime | None = None
    method: str = ""
    scheme: str = ""
    path: str = ""
    """As it was sent, percent-encoded."""
    query: str = field(default="", repr=False)
    request_headers: Headers = field(default_factory=list, repr=False)
    request_body: Body = field(default_factory=Body, repr=False)
    status: int | None = None
    """None until the answer begins, or where none was given."""
    response_headers: Headers = field(default_factory=list, repr=False)
    response_body: Body = field(default_factory=Body, repr=False)
    milliseconds: float | None = None
    complete: bool = False

    app_id: str | None = None
    user_id: str | None = None
    operation: str | None = None
    """Method and path with its keys in braces."""
    wanted: tuple[str, ...] | None = None
    """Permissions any one of which suffices; None where the request came to no check."""
    held: frozenset[str] = frozenset()
    granted: str | None = None
    code: str | None = None
    """The code of the refusal."""
    reason: str | None = None
    notes: list[str] = field(default_factory=list)
    """What else explains the answer: a fault on purpose, a limit."""
    size: int = 0
    """What is kept, in bytes; 0 while the request is under way."""
    forgotten: bool = False
    """Whether the inspector let go of it, maybe while it was under way."""
    parts: list[Exchange] = field(default_factory=list)
    """The requests of a batch, without their bodies."""

    def check(self, operation: str, wanted: tuple[str, ...], held: frozenset[str]) -> None:
        """Say what is about to be checked."""
        self.operation, self.wanted, self.held = operation, wanted, held

    def refuse(self, code: str, reason: str) -> None:
        """Say why the request was refused."""
        self.code, self.reason = code, reason


def exchange_of(scope: Scope) -> Exchange:
    """The exchange of a request; one that nobody keeps where the request is not watched."""
    found = scope.get(_KEY)
    return found if isinstance(found, Exchange) else Exchange()


def with_exchange(scope: Scope, exchange: Exchange) -> Scope:
    """The scope of a request whose exchange is this one."""
    return {**scope, _KEY: exchange}


def is_of_applications(path: str) -> bool:
    """Whether a request to this path is an application's, not a person's at the sandbox's pages."""
    if path in ("/", "/favicon.ico", "/devicelogin") or path.startswith("/_sandbox/"):
        return False
    return not (path.count("/") == 2 and path.endswith(_STEPS))


def conceal_key(path: str) -> str:
    """The path of a pre-authenticated address without what opens it."""
    return _PATH_KEY.sub(rf"\1{MASK}", path)


class Inspector:
    """The exchanges of one sandbox, the latest last."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._exchanges: deque[Exchange] = deque()
        self._bytes = 0
        self.version = 0
        """Another one whenever something changed."""

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def find(self, number: int) -> Exchange | None:
        return next((one for one in self._exchanges if one.number == number), None)

    def clear(self) -> None:
        while self._exchanges:
            self._drop()
        self.version += 1

    def watch(
        self,
        app: ASGIApp,
        wanted: Callable[[str], bool],
        conceal: Callable[[str], str] = lambda path: path,
    ) -> ASGIApp:
        """The same application, its requests kept where `wanted` says so of their path.

        `conceal` gives the path as it may be kept: some paths open something.
        """

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not wanted(scope["path"]):
                await app(scope, receive, send)
                return
            exchange = self._begin(scope, conceal)
            started = time.perf_counter()

            async def receive_and_keep() -> Message:
                message = await receive()
                if message["type"] == "http.request":
                    exchange.request_body.add(message.get("body", b""))
                return message

            async def send_and_keep(message: Message) -> None:
                _keep_answer(exchange, message)
                await send(message)

            try:
                await app(with_exchange(scope, exchange), receive_and_keep, send_and_keep)
            finally:
                exchange.milliseconds = (time.perf_counter() - started) * 1000
                self._end(exchange)

        return watched

    def _begin(self, scope: Scope, conceal: Callable[[str], str]) -> Exchange:
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        exchange = Exchange(
            number=next(self._numbers),
            at=self._clock(),
            method=scope["method"],
            scheme=scope.get("scheme", "http"),
            path=conceal(raw.decode("latin-1")),
            query=scope.get("query_string", b"").decode("latin-1"),
            request_headers=_without_credentials(scope["headers"]),
        )
        self._exchanges.append(exchange)
        self.version += 1
        return exchange

    def _end(self, exchange: Exchange) -> None:
        if not exchange.forgotten:
            exchange.size = _size_of(exchange)
            self._bytes += exchange.size
        while len(self._exchanges) > MAXIMUM_EXCHANGES or self._bytes > MAXIMUM_BYTES:
            self._drop()
        self.version += 1

    def _drop(self) -> None:
        dropped = self._exchanges.popleft()
        dropped.forgotten = True
        self._bytes -= dropped.size


def _size_of(exchange: Exchange) -> int:
    """Whatever the sender may make long: bodies, addresses, headers, the requests of a batch."""
    headers = (*exchange.request_headers, *exchange.response_headers)
    own = len(exchange.request_body.kept) + len(exchange.response_body.kept)
    own += len(exchange.path) + len(exchange.query) + len(exchange.reason or "")
    own += sum(len(name) + len(value) for name, value in headers)
    return own + sum(map(_size_of, exchange.parts))


def _keep_answer(exchange: Exchange, message: Message) -> None:
    if message["type"] == "http.response.start":
        exchange.status = message["status"]
        exchange.response_headers = _without_credentials(message.get("headers", ()))
    elif message["type"] == "http.response.body":
        exchange.response_body.add(message.get("body", b""))
        exchange.complete = not message.get("more_body", False)


def _without_credentials(headers: Any) -> Headers:
    return [
        (name, _forget(value) if name.lower() in _CREDENTIALS else value) for name, value in headers
    ]


def _forget(value: bytes) -> bytes:
    """The mask; of a credential its scheme stays, so that a missing "Bearer" is seen."""
    scheme, space, _ = value.partition(b" ")
    mask = MASK.encode()
    return scheme + b" " + mask if space and scheme.lower() in _AUTHENTICATION_SCHEMES else mask
