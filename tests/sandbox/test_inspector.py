"""What the inspector keeps of a request, what it never keeps, and that it stays small."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, Router
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from graphwright_sandbox import inspector as module
from graphwright_sandbox.inspector import (
    MAXIMUM_BODY,
    Exchange,
    Inspector,
    conceal_key,
    exchange_of,
    is_of_applications,
)


async def _echo(request: Request) -> Response:
    exchange = exchange_of(request.scope)
    exchange.app_id = "app"
    exchange.check("GET /echo", ("User.Read",), frozenset({"Mail.Read"}))
    if length := request.query_params.get("part"):
        exchange.parts.append(Exchange(query="x" * int(length)))
    body = await request.body()
    if request.query_params.get("refuse"):
        exchange.refuse("Denied", "No.")
        return JSONResponse({"error": {}}, 403, headers={"Set-Cookie": "key=cookie-value"})
    return Response(body, headers={"WWW-Authenticate": 'Bearer realm=""'})


async def _break(_: Request) -> Response:
    raise RuntimeError("broken")


async def _cut(_: Request) -> Response:
    def parts() -> list[bytes]:
        return [b"a"]

    return StreamingResponse(iter(parts()))


def create() -> tuple[Inspector, TestClient]:
    inspector = Inspector(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    routes = [
        Route("/echo", _echo, methods=["GET", "POST"]),
        Route("/break", _break),
        Route("/cut", _cut),
    ]
    app = inspector.watch(Router(routes), lambda path: path != "/quiet")
    return inspector, TestClient(app, raise_server_exceptions=False)


def test_a_request_is_kept_with_its_answer_and_what_was_said_of_it() -> None:
    inspector, client = create()
    client.post("/echo?refuse=1", content=b"sent", headers={"Authorization": "Bearer top-secret"})
    (exchange,) = inspector
    assert (exchange.method, exchange.path, exchange.query) == ("POST", "/echo", "refuse=1")
    assert (exchange.status, exchange.code, exchange.reason) == (403, "Denied", "No.")
    assert (exchange.app_id, exchange.wanted) == ("app", ("User.Read",))
    assert bytes(exchange.request_body.kept) == b"sent"
    assert bytes(exchange.response_body.kept) == b'{"error":{}}'
    assert exchange.complete
    assert exchange.milliseconds is not None
    assert inspector.find(exchange.number) is exchange
    assert inspector.find(99) is None


def test_credentials_of_headers_are_not_even_kept() -> None:
    inspector, client = create()
    client.get(
        "/echo?refuse=1", headers={"Authorization": "Bearer top-secret", "Cookie": "key=mine"}
    )
    client.get("/echo", headers={"Authorization": "another-secret"})
    first, second = inspector
    kept = f"{first.request_headers} {first.response_headers} {second.request_headers}"
    for secret in ("top-secret", "mine", "cookie-value", "another-secret"):
        assert secret not in kept
    assert dict(first.request_headers)[b"authorization"].decode() == "Bearer •••••"
    # A challenge opens nothing and explains much.
    assert b'Bearer realm=""' in dict(second.response_headers).values()


def test_a_repr_holds_neither_bodies_nor_addresses() -> None:
    inspector, client = create()
    client.post("/echo?code=a-code", content=b"client_secret=s3cret")
    assert "a-code" not in repr(next(iter(inspector)))
    assert "s3cret" not in repr(next(iter(inspector)))


def test_of_a_long_body_the_beginning_and_the_size_are_kept() -> None:
    inspector, client = create()
    client.post("/echo", content=b"x" * (MAXIMUM_BODY + 10))
    (exchange,) = inspector
    assert len(exchange.request_body.kept) == len(exchange.response_body.kept) == MAXIMUM_BODY
    assert exchange.request_body.size == MAXIMUM_BODY + 10
    assert not exchange.response_body.is_whole


def test_the_oldest_leave_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAXIMUM_EXCHANGES", 10)
    inspector, client = create()
    for _ in range(13):
        client.get("/echo")
    assert len(inspector) == 10
    assert next(iter(inspector)).number == 4


def test_the_oldest_leave_when_their_bodies_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAXIMUM_BYTES", 10_000)
    inspector, client = create()
    for _ in range(20):
        client.post("/echo", content=b"x" * 2_000)
    assert len(inspector) == 2
    inspector.clear()
    for _ in range(2):
        client.post("/echo", content=b"x" * 2_000)
    assert len(inspector) == 2


@pytest.mark.parametrize(
    ("query", "headers"),
    [("q=" + "x" * 4_000, {}), ("", {"X-Long": "x" * 4_000}), ("part=4000", {})],
    ids=["query", "header", "request of a batch"],
)
def test_whatever_may_be_long_counts(
    monkeypatch: pytest.MonkeyPatch, query: str, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(module, "MAXIMUM_BYTES", 10_000)
    inspector, client = create()
    for _ in range(5):
        client.get(f"/echo?{query}", headers=headers)
    assert len(inspector) == 2


async def test_what_is_forgotten_while_under_way_is_not_counted_at_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAXIMUM_BYTES", 1_000)
    inspector = Inspector(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    go_on = asyncio.Event()

    async def hold(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if scope["path"] == "/held":
            await go_on.wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 800, "more_body": False}

    async def send(_: Message) -> None: ...

    app = inspector.watch(hold, lambda _: True)
    scope = {"type": "http", "method": "POST", "headers": []}
    held = [asyncio.ensure_future(app({**scope, "path": "/held"}, receive, send)) for _ in range(5)]
    await asyncio.sleep(0)
    assert len(inspector) == 5
    inspector.clear()
    go_on.set()
    await asyncio.gather(*held)
    assert len(inspector) == 0
    await app({**scope, "path": "/other"}, receive, send)
    assert len(inspector) == 1, "there is room for all of this one"


def test_a_handler_that_breaks_leaves_an_exchange_without_a_status() -> None:
    inspector, client = create()
    assert client.get("/break").status_code == 500
    (exchange,) = inspector
    assert (exchange.status, exchange.complete) == (None, False)
    assert exchange.milliseconds is not None


def test_what_is_not_watched_is_not_kept() -> None:
    inspector, client = create()
    client.get("/quiet")
    assert len(inspector) == 0
    # Whoever notes something about such a request may do so all the same.
    exchange_of({"type": "http"}).refuse("Denied", "No.")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/v1.0/me", True),
        ("/tenant/oauth2/v2.0/token", True),
        ("/tenant/oauth2/v2.0/authorize", True),
        ("/tenant/login", False),
        ("/tenant/consent", False),
        ("/tenant/password", False),
        ("/devicelogin", False),
        ("/v1.0/me/password", True),
        ("/tenant/oauth2/v2.0/login", True),
        ("/_sandbox/requests", False),
        ("/", False),
    ],
)
def test_steps_of_a_person_are_no_requests_of_an_application(path: str, kept: bool) -> None:
    assert is_of_applications(path) is kept


def test_every_change_is_told_by_another_version() -> None:
    inspector, client = create()
    versions = {inspector.version}
    client.get("/echo")
    versions.add(inspector.version)
    inspector.clear()
    versions.add(inspector.version)
    assert len(versions) == 3


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/download/top-secret/a/b.txt", "/download/•••••/a/b.txt"),
        ("/upload/top-secret", "/upload/•••••"),
        ("/elsewhere", "/elsewhere"),
    ],
)
def test_a_path_that_opens_something_is_not_kept(path: str, kept: str) -> None:
    inspector = Inspector(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    app = inspector.watch(Router([]), lambda _: True, conceal_key)
    TestClient(app).get(path)
    (exchange,) = inspector
    assert exchange.path == kept
    assert "top-secret" not in repr(exchange)
