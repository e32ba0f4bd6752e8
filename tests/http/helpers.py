"""What the tests of requests share: definitions, calls, hostile values, faults, collections."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.definition import RequestDefinition
from graphwright.http.errors import (
    HttpError,
)
from graphwright.http.ports import ProfilesShape
from graphwright_sandbox.server import Sandbox
from tests.http.conftest import (
    TOKEN,
    FakeProfile,
    FakeProfiles,
    Script,
    Server,
    cut_body,
    cut_connection,
    error_reply,
    reply,
)

GRAPH_USER = {"type": "oauth2", "profile": "graph-user"}


ANNA = "principal-anna"


def define(url: str, method: str = "GET", **more: Any) -> RequestDefinition:
    """A request of the profile `graph-user`."""
    return RequestDefinition.model_validate(
        {"authentication": GRAPH_USER, **more, "method": method, "url": url}
    )


def profile_of(sandbox: Sandbox) -> FakeProfile:
    """A profile of a running sandbox."""
    return FakeProfile(
        sandbox.graph_url,
        own=frozenset({urlsplit(sandbox.graph_url).netloc}),
        transfer_hosts=frozenset({urlsplit(sandbox.transfer_url).netloc}),
        ca_file=str(sandbox.ca_file),
    )


def make_call(
    profiles: ProfilesShape,
    url: str,
    method: str = "GET",
    scope: Mapping[str, Any] | None = None,
    **more: Any,
) -> Call:
    """The call of such a request, for Anna."""
    return build_call(
        define(url, method, **more), scope or {}, profiles=profiles, principal_id=ANNA
    )


BASE = "https://graph.microsoft.com/v1.0"


PROFILES = FakeProfiles(
    {
        "graph-user": FakeProfile(
            "https://graph.microsoft.com", "user", frozenset({"graph.microsoft.com"})
        ),
        "graph-app": FakeProfile(
            "https://graph.microsoft.com", "application", frozenset({"graph.microsoft.com"})
        ),
    }
)


HOSTILE = [
    "it's",
    "a/b",
    "a?b=c",
    "a#b",
    "a&b=c",
    "{{ secret }}",
    "%2f",
    "a%2fb",
    "a\r\nX-Evil: 1",
    "😀🎉",
    "नमस्ते",
    "<b>&amp;</b>",
    'say "hi"',
    "back\\slash",
    "') or ('1' eq '1",
    "x;y=z",
    "@odata.x",
    "+1 234",
]


DOTS = [".", "..", "../users", "a/../b", "..\\x", "%2e%2e", "%2e%2e%2fusers", "a/./b"]


def url_of(url: str, scope: dict[str, Any] | None = None, **more: Any) -> str:
    return make_call(PROFILES, url, scope=scope, **more).url


def query_of(call: Call) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(call.url).query, keep_blank_values=True)


EVENT = {"subject": "Lunch"}


JSON_TYPE = "application/json"


async def fail(client: HttpClient, call: Any) -> HttpError:
    with pytest.raises(HttpError) as caught:
        await client.send(call)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in json.dumps(caught.value.to_wire())
    return caught.value


FAULTS: dict[str, Any] = {
    "500": error_reply(500, "InternalServerError"),
    "503": error_reply(503, "ServiceUnavailable", {"Retry-After": "1"}),
    "408": reply(408),
    "reset": cut_connection,
    "cut": cut_body(reply(200, {"id": "1234567890"}), 120),
    "invalid": reply(200, b'{"id": "12', kind=JSON_TYPE),
    "no packing": reply(200, b"no gzip", {"Content-Encoding": "gzip"}, kind=JSON_TYPE),
    "no http": b"SSH-2.0-OpenSSH\r\n\r\n",
    "transient error in a 200": error_reply(200, "serviceNotAvailable"),
}


PAGE_FAULTS: list[Script] = [
    error_reply(429, "x", {"Retry-After": "2"}),
    error_reply(503, "x"),
    error_reply(200, "serviceNotAvailable"),
    reply(200, b'{"value": [', kind=JSON_TYPE),
    cut_body(reply(200, {"value": [{"id": "x" * 100}]}), 150),
    cut_connection,
    error_reply(401, "InvalidAuthenticationToken"),
]


TOP = "/v1.0/me/messages?$top=2"


def page_of(server: Server, number: int, of: int, **more: Any) -> bytes:
    body: dict[str, Any] = {
        "@odata.context": "ctx",
        "value": [{"id": f"{number}-a"}, {"id": f"{number}-b"}],
        **more,
    }
    if number < of:
        body["@odata.nextLink"] = f"{server.url}{TOP}&$skiptoken={number + 1}"
    return reply(200, body)


def serve_pages(server: Server, count: int) -> list[str]:
    """Puts a collection on the server; the ids of its items."""
    server.by_target = {TOP: page_of(server, 1, count)}
    for number in range(2, count + 1):
        server.by_target[f"{TOP}&$skiptoken={number}"] = page_of(server, number, count)
    return [f"{number}-{side}" for number in range(1, count + 1) for side in "ab"]


def messages(profiles: FakeProfiles) -> Call:
    return make_call(profiles, "/me/messages", query={"$top": 2})


async def open_handle(client: HttpClient, call: Call) -> CollectionHandle:
    body = (await client.send(call)).body
    assert isinstance(body, CollectionHandle)
    return body


async def drain(client: HttpClient, handle: CollectionHandle) -> list[str]:
    return [item["id"] async for page in handle.pages(client) for item in page.items]
