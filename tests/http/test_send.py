"""Sending: what goes out, what comes back, what an error says."""

import asyncio
import base64
import gzip
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.errors import (
    HostRefused,
    NoAnswer,
    ResponseInvalid,
    ResponseTooLarge,
)
from graphwright.kernel.errors import InvalidInput
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Server,
    cut_connection,
    error_reply,
    reply,
)
from tests.http.helpers import (
    ANNA,
    EVENT,
    JSON_TYPE,
    fail,
    make_call,
)


async def test_a_request_carries_token_and_correlation(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(201, {"id": "1"}, {"ETag": 'W/"x"', "Set-Cookie": "a=b"})] * 2
    call = make_call(profiles, "/me/events", "POST", body={"json": EVENT}, query={"a": "b c"})
    response = await client.send(call)
    await client.send(call)
    assert (response.status, response.body) == (201, {"id": "1"})
    assert response.headers["etag"] == 'W/"x"'
    assert response.request_id == "req-1"
    first, second = server.seen
    assert (first.method, first.target) == ("POST", "/v1.0/me/events?a=b%20c")
    assert first.headers["authorization"] == f"Bearer {TOKEN}-0"
    assert first.headers["user-agent"].startswith("Graphwright/")
    assert len(first.headers["client-request-id"]) == 36
    assert first.headers["content-type"] == JSON_TYPE
    assert json.loads(first.body) == EVENT
    assert "cookie" not in second.headers
    assert "set-cookie" not in response.headers
    assert profiles.asked[0] == {
        "name": "graph-user",
        "principal": ANNA,
        "account": None,
        "refresh": False,
        "claims": None,
    }


async def test_basic_authentication_sends_name_and_secret(
    client: HttpClient, server: Server, profiles: FakeProfiles, certificates: tuple[Path, Path]
) -> None:
    # Without a profile there is no ca_file: the test authority is trusted for this once.
    call = make_call(
        profiles,
        f"{server.url}/x",
        authentication={"type": "basic", "username": "me", "password": {"secret": "API_PASSWORD"}},
    )
    client._transport._sessions[(None, False, "")] = client._transport._session(
        str(certificates[0]), False
    )
    server.answers = [reply(200, {"echo": "pass:word-ü"})]
    assert (await client.send(call)).body == {"echo": "*****"}
    kind, _, pair = server.seen[0].headers["authorization"].partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(pair).decode() == "me:pass:word-ü"
    assert profiles.asked == []


async def test_a_server_with_an_unknown_certificate_is_not_trusted(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    profiles.profiles["graph-user"].ca_file = ""
    error = await fail(client, make_call(profiles, "/me"))
    assert isinstance(error, NoAnswer)
    assert "not trusted" in error.message
    assert "ca_file" in error.hint
    assert (error.retries, server.seen) == (0, [])


async def test_an_unreadable_ca_file_is_told(client: HttpClient, profiles: FakeProfiles) -> None:
    profiles.profiles["graph-user"].ca_file = __file__
    with pytest.raises(InvalidInput, match="cannot be read"):
        await client.send(make_call(profiles, "/me"))


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (reply(204), None),
        (reply(202), None),
        (reply(202, None, kind=JSON_TYPE), None),
        (reply(200, None), None),
        (reply(200, {"a": 2**60}), {"a": 2**60}),
        (reply(200, b"\xef\xbb\xbf[1]", kind=JSON_TYPE), [1]),
        (reply(200, b'{"a":1,"a":2}', kind="application/problem+json"), {"a": 2}),
        (reply(200, "42"), "42"),
        (reply(200, "नमस्ते".encode(), kind="text/plain; charset=utf-8"), "नमस्ते"),
        (reply(200, "ü".encode("latin-1"), kind="text/plain; charset=iso-8859-1"), "ü"),
        (reply(200, b"x", kind="text/plain; charset=nonsense"), "x"),
        (reply(200, "<a/>", kind="application/atom+xml"), "<a/>"),
        (reply(200, b"\x89PNG\x00"), b"\x89PNG\x00"),
        (reply(304), None),
    ],
)
async def test_a_body_comes_as_what_it_is(
    client: HttpClient, server: Server, profiles: FakeProfiles, answer: bytes, body: Any
) -> None:
    server.answers = [answer]
    assert (await client.send(make_call(profiles, "/me"))).body == body


async def test_a_packed_body_is_unpacked(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    packed = gzip.compress(b'{"id": "x"}')
    server.answers = [reply(200, packed, {"Content-Encoding": "gzip"}, kind=JSON_TYPE)]
    assert (await client.send(make_call(profiles, "/me"))).body == {"id": "x"}


async def test_a_reader_that_needs_json_is_told_what_came(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [
        reply(200, "<html><title>Sign in</title></html>", kind="text/html"),
        reply(204),
        reply(200, {"a": 1}),
    ]
    page = await client.send(make_call(profiles, "/me"))
    with pytest.raises(ResponseInvalid, match="a response that is no JSON but text/html"):
        page.json()
    with pytest.raises(ResponseInvalid):
        (await client.send(make_call(profiles, "/me"))).json()
    assert (await client.send(make_call(profiles, "/me"))).json() == {"a": 1}


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (400, "does not understand"),
        (401, "sign in again"),
        (403, "Calendars.ReadWrite"),
        (404, "deleted"),
        (409, "in the meantime"),
        (412, "load it again"),
        (418, ""),
        (501, "problem of its own"),
    ],
)
async def test_a_refusal_is_explained(
    client: HttpClient, server: Server, profiles: FakeProfiles, status: int, hint: str
) -> None:
    server.answers = [error_reply(status, "ErrorX"), error_reply(status, "ErrorX")]
    call = make_call(profiles, "/me/events/{{ x }}?q={{ x }}", scope={"x": "private"})
    error = await fail(client, call)
    assert (error.status, error.graph_code, error.request_id) == (status, "ErrorX", "req-1")
    assert "ErrorX: It is ErrorX." in error.message
    assert "/me/events/{}" in error.message
    assert "private" not in str(error)
    assert hint in error.hint
    assert (error.outcome, error.retries) == ("failed", 0)
    wire = error.to_wire()["error"]
    assert (wire["status"], wire["graph_code"], wire["outcome"]) == (status, "ErrorX", "failed")
    assert wire["budget"] == {"retries": 5, "seconds": 60}
    assert error.response is not None
    assert error.response.body["error"]["code"] == "ErrorX"
    assert len(server.seen) == (2 if status == 401 else 1)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply(404, "<html><head><title>Not\n here</title>", kind="text/html"), "404: Not here"),
        (reply(404, "<html>", kind="text/html"), "404."),
        (reply(404, "gone fishing"), "404: gone fishing"),
        (reply(404, b"{broken", kind=JSON_TYPE), "404: {broken"),
        (reply(404, None, kind=JSON_TYPE), "404."),
        (reply(404, {"error": "invalid", "error_description": "Why"}), "404 invalid: Why"),
        (reply(404, {"error": {"code": 5, "message": ["x"]}}), "404."),
        (reply(404, [1]), "404."),
        (reply(404, "x" * 5000), "xxx…"),
    ],
)
async def test_every_kind_of_error_body_is_read(
    client: HttpClient, server: Server, profiles: FakeProfiles, answer: bytes, message: str
) -> None:
    server.answers = [answer]
    error = await fail(client, make_call(profiles, "/me"))
    assert message in error.message
    assert len(error.message) < 700


async def test_the_request_id_of_the_body_is_used_where_the_header_is_missing(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    body = {"error": {"code": "x", "message": "y", "innerError": {"request-id": "inner-1"}}}
    server.answers = [reply(404, body).replace(b"request-id: req-1\r\n", b"", 1)]
    assert (await fail(client, make_call(profiles, "/me"))).request_id == "inner-1"


async def test_a_200_with_an_error_is_an_error(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    for body in (
        {"error": {"code": "ErrorInvalidUser", "message": "Who?"}},
        {"@odata.context": "x", "value": [], "error": {"code": "ErrorInvalidUser"}},
    ):
        server.answers = [reply(200, body)]
        error = await fail(client, make_call(profiles, "/me"))
        assert error.graph_code == "ErrorInvalidUser"
        assert "200 with an error" in error.message


async def test_a_resource_with_a_property_error_is_a_resource(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    operation = {"id": "1", "status": "failed", "error": {"code": "x", "message": "y"}}
    bodies: list[Any] = [operation, {"error": None}, {"error": {}}]
    server.answers = [reply(200, body) for body in bodies]
    for expected in bodies:
        assert (await client.send(make_call(profiles, "/x"))).body == expected


async def test_http_needs_the_setting_even_on_this_machine(
    profiles: FakeProfiles, clock: HeldClock, make_server: Callable[..., Awaitable[Server]]
) -> None:
    plain = await make_server(tls=False)
    plain.answers = [reply(200, {"id": "1"})]
    call = make_call(profiles, f"{plain.url}/x", authentication={"type": "none"})
    for values, allowed in (({}, False), ({"GRAPHWRIGHT_ALLOW_HTTP": "1"}, True)):
        client = HttpClient(profiles, clock, FakeSettings(values))
        if allowed:
            assert (await client.send(call)).body == {"id": "1"}
            assert "authorization" not in plain.seen[0].headers
        else:
            with pytest.raises(HostRefused, match="GRAPHWRIGHT_ALLOW_HTTP") as caught:
                await client.send(call)
            assert caught.value.facts["host"] == plain.host
        await client.close()


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"x" * 100_001),
        reply(200, "x" * 100_001),
        reply(200, {"a": "x" * 100_001}),
        reply(200, gzip.compress(b"x" * 50_000_000), {"Content-Encoding": "gzip"}),
        b"HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\nxx",
    ],
)
async def test_an_oversize_body_is_refused(
    client: HttpClient, server: Server, profiles: FakeProfiles, answer: bytes
) -> None:
    server.answers = [answer]
    error = await fail(client, make_call(profiles, "/me"))
    assert isinstance(error, ResponseTooLarge)
    assert len(server.seen) == 1


async def test_json_nested_too_deeply_is_refused(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(200, b"[" * 10_000 + b"]" * 10_000, kind=JSON_TYPE)] * 6
    error = await fail(client, make_call(profiles, "/me"))
    assert "no JSON" in error.message


@pytest.mark.parametrize("text", [b"NaN", b'{"a": NaN}', b'"\\ud800"', b"\xff", b"", b"{}x"])
async def test_what_is_no_json_is_refused(
    client: HttpClient, server: Server, profiles: FakeProfiles, text: bytes
) -> None:
    whole = reply(200, text, kind=JSON_TYPE)
    if not text:
        whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    server.answers = [whole] * 6
    error = await fail(client, make_call(profiles, "/me"))
    assert isinstance(error, ResponseInvalid)
    assert "a response that is no JSON" in error.message


async def test_a_large_body_is_read_and_sent(
    profiles: FakeProfiles, clock: HeldClock, settings: FakeSettings, server: Server
) -> None:
    client = HttpClient(profiles, clock, settings)
    server.answers = [cut_connection, reply(200, {"a": "x" * 2_000_000})]
    body = {"text": "y" * 2_000_000, "content_type": "text/plain"}
    response = await client.send(make_call(profiles, "/me/x", "PUT", body=body))
    await client.close()
    assert len(response.body["a"]) == 2_000_000
    assert [len(request.body) for request in server.seen] == [2_000_000, 2_000_000]


async def test_at_most_four_requests_run_at_once_in_one_mailbox(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    running = 0
    most: dict[str, int] = {"now": 0}

    async def count(writer: asyncio.StreamWriter) -> None:
        nonlocal running
        running += 1
        most["now"] = max(most["now"], running)
        await asyncio.sleep(0.02)
        running -= 1
        writer.write(reply(204, None, {"Connection": "close"}))
        await writer.drain()

    server.answers = [count] * 12
    call = make_call(profiles, "/me/events")
    await asyncio.gather(*(client.send(call) for _ in range(12)))
    assert most["now"] == 4
    server.answers = [count] * 8
    other = replace(call, principal_id="principal-bert")
    await asyncio.gather(*(client.send(c) for c in [call, other] * 4))
    assert most["now"] > 4


async def test_logs_hold_no_value_and_no_token(
    client: HttpClient, server: Server, profiles: FakeProfiles, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = [reply(200, {"id": "body-private"}), cut_connection]
    scope = {"x": "private"}
    url = "/users/{{ x }}/events?q={{ x }}"
    await client.send(make_call(profiles, url, scope=scope, query={"a": "{{ x }}"}))
    await fail(client, make_call(profiles, url, "POST", scope=scope))
    lines = [r.getMessage() for r in caplog.records if r.name == "graphwright.http"]
    assert [line.rpartition(",")[0] for line in lines] == [
        f"GET {server.host} /users/{{}}/events: 200",
        f"POST {server.host} /users/{{}}/events: the connection broke",
    ]
    assert "private" not in caplog.text
    assert TOKEN not in caplog.text


async def test_an_error_of_the_profiles_passes_unchanged(
    client: HttpClient, profiles: FakeProfiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NeedsSignIn(Exception):
        pass

    async def refuse(*_: Any, **__: Any) -> Any:
        raise NeedsSignIn

    monkeypatch.setattr(profiles, "access_token", refuse)
    with pytest.raises(NeedsSignIn):
        await client.send(make_call(profiles, "/me"))


async def test_a_call_changed_on_the_way_is_checked_again(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    call = make_call(profiles, "/me")
    for url in ("https://evil.example/me", server.url.replace("localhost", "127.0.0.1")):
        with pytest.raises(HostRefused):
            await client.send(replace(call, url=url))
    assert (server.seen, profiles.asked) == ([], [])


async def test_a_post_follows_no_redirect(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(307, None, {"Location": "/elsewhere"})]
    error = await fail(client, make_call(profiles, "/x", "POST"))
    assert "a redirect that is not followed" in error.message
    assert len(server.seen) == 1


async def test_a_single_object_named_value_is_no_collection(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(200, {"value": {"id": "1"}})]
    response = await client.send(make_call(profiles, "/x"))
    assert not isinstance(response.body, CollectionHandle)
    assert response.body == {"value": {"id": "1"}}
