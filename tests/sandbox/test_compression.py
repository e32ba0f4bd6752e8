"""Answers come compressed to those who take gzip, and only where that helps."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from graphwright_sandbox.compression import Compression
from graphwright_sandbox.server import Sandbox

LONG = {"value": ["the same again"] * 500}


@pytest.fixture(scope="module")
def client() -> TestClient:
    responses: dict[str, Callable[[], Response]] = {
        "/long": lambda: JSONResponse(LONG),
        "/short": lambda: JSONResponse({}),
        "/picture": lambda: Response(bytes(5000), media_type="image/png"),
        "/parts": lambda: StreamingResponse(iter([b"a" * 3000, b"b" * 3000]), media_type="text/x"),
        "/done": lambda: Response(
            b"x" * 3000, headers={"content-encoding": "br", "content-type": "text/plain"}
        ),
        "/range": lambda: Response(
            b"x" * 3000, 206, headers={"content-range": "bytes 0-2999/9", "content-type": "text/x"}
        ),
    }
    routes = [Route(path, lambda request, make=make: make()) for path, make in responses.items()]
    return TestClient(Compression(Starlette(routes=routes)))


def raw(client: TestClient, path: str, accepted: str) -> tuple[Any, bytes]:
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "deflate,GZIP"])
def test_a_long_text_is_compressed_for_those_who_take_it(client: TestClient, accepted: str) -> None:
    headers, content = raw(client, "/long", accepted)
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(content) < 1000
    assert gzip.decompress(content) == JSONResponse(LONG).body


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "gzipped"])
def test_nobody_gets_what_he_does_not_take(client: TestClient, accepted: str) -> None:
    headers, content = raw(client, "/long", accepted)
    assert "content-encoding" not in headers
    assert content == JSONResponse(LONG).body


@pytest.mark.parametrize("path", ["/short", "/picture", "/parts", "/range"])
def test_what_gains_nothing_or_comes_in_parts_is_left_alone(client: TestClient, path: str) -> None:
    headers, _ = raw(client, path, "gzip")
    assert "content-encoding" not in headers


def test_what_is_encoded_already_stays_so(client: TestClient) -> None:
    assert raw(client, "/done", "gzip")[0]["content-encoding"] == "br"


def test_an_answer_that_is_broken_off_arrives_as_far_as_it_came() -> None:
    sent: list[Message] = []

    async def break_off(scope: Any, receive: Any, send: Any) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"x" * 5000, "more_body": True})

    async def keep(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compression(break_off)(scope, lambda: None, keep))  # type: ignore[arg-type, return-value]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert len(sent[1]["body"]) == 5000


def test_a_running_sandbox_compresses_and_says_when(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    http.verify = str(shared_sandbox.ca_file)
    url = f"{shared_sandbox.login_url}/{shared_sandbox.tenant.id}/v2.0/.well-known/openid-configuration"
    answer = http.get(url)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json()["issuer"].endswith("/v2.0")
    assert answer.headers["Date"].endswith(" GMT")
    http.headers["Accept-Encoding"] = "identity"
    assert "Content-Encoding" not in http.get(url).headers
