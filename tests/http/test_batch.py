"""Calls that share a request: each has its own answer, its own error and its own retries."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from graphwright.http.batch import gathering, saves_trips, send, send_batch
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.errors import HttpError
from graphwright.http.pace import ProcessPace
from graphwright.http.response import Response
from graphwright.http.retry import Limits
from graphwright.kernel.errors import GraphwrightError
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Seen,
    Server,
    error_reply,
    reply,
)
from tests.http.helpers import PROFILES, make_call

Item = dict[str, Any]
Whole = Callable[[list[Item]], bytes]


def item(status: int = 200, body: Any = None, **headers: str) -> Item:
    """What a batch says of one call."""
    return {"status": status, "headers": headers, "body": body}


def refused(status: int, code: str, **headers: str) -> Item:
    return item(status, {"error": {"code": code, "message": f"It is {code}."}}, **headers)


@dataclass
class Batches:
    """A Graph: what it says of each path, one after the other, and what it was asked."""

    server: Server
    says: dict[str, list[Item]] = field(default_factory=dict)
    whole: list[Whole | bytes] = field(default_factory=list)
    """What it answers to the next batches as a whole."""
    asked: list[list[str]] = field(default_factory=list)
    """The paths of each request, of a batch all."""
    steps: list[Item] = field(default_factory=list)

    def say(self, path: str) -> Item:
        """The next answer for a path; the last one stays."""
        said = self.says.get(path)
        if not said:
            return item(200, {"path": path})
        return said.pop(0) if len(said) > 1 else said[0]

    def respond(self, request: Seen) -> bytes:
        """Answers a request."""
        path = request.target.removeprefix("/v1.0")
        if path != "/$batch":
            self.asked.append([path])
            said = self.say(path)
            return reply(said["status"], said["body"], said["headers"])
        steps = json.loads(request.body)["requests"]
        self.steps += steps
        self.asked.append([step["url"] for step in steps])
        if self.whole:
            whole = self.whole.pop(0)
            return whole if isinstance(whole, bytes) else whole(steps)
        # In another order than they were asked.
        return self.answer(steps[::-1])

    def answer(self, steps: list[Item]) -> bytes:
        """The answer to a batch."""
        return reply(200, {"responses": [{"id": s["id"], **self.say(s["url"])} for s in steps]})


@pytest.fixture
def graph(server: Server) -> Batches:
    batches = Batches(server)
    server.respond = batches.respond
    return batches


def users(profiles: FakeProfiles, count: int) -> list[Call]:
    return [make_call(profiles, "/users/{{ n }}", scope={"n": n}) for n in range(count)]


def bodies(found: list[Response | HttpError]) -> list[Any]:
    return [one.body for one in found if isinstance(one, Response)]


def codes(found: list[Response | HttpError]) -> list[Any]:
    return [one.facts["status"] if isinstance(one, HttpError) else one.status for one in found]


async def test_twenty_calls_are_one_request_and_the_answers_keep_the_order_of_the_calls(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    found = await send_batch(client, users(profiles, 45))
    assert [body["path"] for body in bodies(found)] == [f"/users/{n}" for n in range(45)]
    assert sorted(len(asked) for asked in graph.asked) == [5, 20, 20]
    outer = graph.server.seen[0]
    assert (outer.method, outer.headers["authorization"]) == ("POST", f"Bearer {TOKEN}-0")
    assert TOKEN not in json.dumps(graph.steps)
    assert {step["headers"]["client-request-id"] for step in graph.steps}
    assert len({step["headers"]["client-request-id"] for step in graph.steps}) == 45


async def test_of_the_pace_a_batch_takes_as_much_as_its_calls_would(
    settings: FakeSettings, profiles: FakeProfiles, graph: Batches, clock: HeldClock
) -> None:
    pace = ProcessPace(Limits(app_rate=10), clock)
    slow = HttpClient(profiles, clock, settings, pace=pace)
    await send_batch(slow, users(profiles, 60))
    await slow.close()
    assert len(graph.asked) == 3
    # The last batch waits for the forty calls before it, less a second's worth.
    assert sum(clock.sleeps) == pytest.approx(3, abs=0.2)


async def test_only_what_failed_is_sent_again_after_its_own_retry_after(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, clock: HeldClock
) -> None:
    busy = refused(429, "TooManyRequests", **{"Retry-After": "3"})
    graph.says = {
        "/users/1": [busy, item(200, {"path": "late"})],
        "/users/3": [busy, busy, item(200, {"path": "later"})],
    }
    found = await send_batch(client, users(profiles, 5))
    assert [body["path"] for body in bodies(found)] == [
        "/users/0", "late", "/users/2", "later", "/users/4",
    ]  # fmt: skip
    assert [sorted(asked) for asked in graph.asked[1:]] == [["/users/1", "/users/3"], ["/users/3"]]
    assert [one.retries for one in found if isinstance(one, Response)] == [0, 1, 0, 2, 0]
    assert set(clock.sleeps) == {3.0}


async def test_every_call_has_an_error_of_its_own(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    graph.says = {
        "/users/0": [refused(404, "Request_ResourceNotFound")],
        "/users/2": [refused(429, "TooManyRequests", **{"Retry-After": "3600"})],
        "/users/3": [refused(403, "Authorization_RequestDenied")],
    }
    found = await send_batch(client, users(profiles, 4))
    assert codes(found) == [404, 200, 429, 403]
    errors = [one for one in found if isinstance(one, HttpError)]
    assert [one.graph_code for one in errors] == [
        "Request_ResourceNotFound", "TooManyRequests", "Authorization_RequestDenied",
    ]  # fmt: skip
    assert all(one.message.startswith("GET /users/{} ") for one in errors), errors
    assert errors[1].facts["retry_after_s"] == 3600
    assert "Calendars.ReadWrite" in errors[2].hint
    assert len(graph.asked) == 1


async def test_one_call_is_no_batch(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    assert codes(await send_batch(client, users(profiles, 1))) == [200]
    assert graph.asked == [["/users/0"]]
    assert await send_batch(client, []) == []


async def test_a_token_that_is_refused_is_renewed_once_for_all(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    expired = refused(401, "InvalidAuthenticationToken")
    graph.says = {f"/users/{n}": [expired, item(200, {})] for n in range(3)}
    assert codes(await send_batch(client, users(profiles, 3))) == [200] * 3
    assert [asked["refresh"] for asked in profiles.asked] == [False, True]
    assert [len(asked) for asked in graph.asked] == [3, 3]


def without_first(graph: Batches) -> Whole:
    return lambda steps: graph.answer(steps[1:])


BROKEN: dict[str, Callable[[Batches], Whole | bytes]] = {
    "busy": lambda _: error_reply(503, "ServiceUnavailable", {"Retry-After": "1"}),
    "throttled": lambda _: error_reply(429, "TooManyRequests", {"Retry-After": "1"}),
    "token": lambda _: error_reply(401, "InvalidAuthenticationToken"),
    "no JSON": lambda _: reply(200, b'{"responses": [', kind="application/json"),
    "no batch": lambda _: reply(200, {"value": []}),
    "nothing": lambda _: reply(204),
    "error in a 200": lambda _: error_reply(200, "serviceNotAvailable"),
    "status of text": lambda _: reply(200, {"responses": [{"id": "0", "status": "200"}]}),
    "one missing": without_first,
    "cut": lambda _: reply(200, {"responses": []}, {"Connection": "close"})[:-3],
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_batch_that_fails_as_a_whole_is_no_answer_to_any_of_its_reads(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, broken: str
) -> None:
    graph.whole = [BROKEN[broken](graph)]
    found = await send_batch(client, users(profiles, 3))
    assert [body["path"] for body in bodies(found)] == [f"/users/{n}" for n in range(3)]


def posts(profiles: FakeProfiles, count: int) -> list[Call]:
    return [
        make_call(profiles, "/users", "POST", {"n": n}, body={"json": {"n": "{{ n }}"}})
        for n in range(count)
    ]


@pytest.mark.parametrize("broken", ["busy", "no JSON", "no batch", "cut"])
async def test_writes_that_may_have_been_done_are_not_sent_again(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, broken: str
) -> None:
    graph.whole = [BROKEN[broken](graph)]
    found = await send_batch(client, posts(profiles, 3))
    assert [one.outcome for one in found if isinstance(one, HttpError)] == ["unknown"] * 3
    assert len(graph.server.seen) == 1


async def test_writes_carry_their_bodies_and_those_that_were_not_done_are_sent_again(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    graph.says = {"/users": [refused(429, "TooManyRequests"), item(201, {}), item(201, {})]}
    assert codes(await send_batch(client, posts(profiles, 2))) == [201, 201]
    sent = [(step["method"], step["body"], step["headers"]["Content-Type"]) for step in graph.steps]
    assert sent == [("POST", {"n": n}, "application/json") for n in range(2)]
    # The one that was refused went alone.
    assert [len(asked) for asked in graph.asked] == [2, 1]


@pytest.mark.parametrize("status", [400, 404, 405, 501])
async def test_a_server_that_takes_no_batch_gets_the_calls_one_by_one(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, status: int
) -> None:
    graph.whole = [error_reply(status, "BadRequest")]
    assert codes(await send_batch(client, users(profiles, 3))) == [200] * 3
    assert sorted(graph.asked[1:]) == [["/users/0"], ["/users/1"], ["/users/2"]]


async def test_what_comes_from_elsewhere_is_asked_for_alone(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    graph.says = {
        "/users/1": [item(302, None, Location="https://evil.test/"), item(200, {"own": 1})]
    }
    found = await send_batch(client, users(profiles, 3))
    assert codes(found) == [200] * 3
    assert graph.asked[1:] == [["/users/1"]]


async def test_a_collection_is_read_on_page_by_page(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    following = f"{graph.server.url}/v1.0/groups/1/members?$skiptoken=x"
    graph.says = {
        "/groups/1/members": [item(200, {"value": [{"id": "a"}], "@odata.nextLink": following})],
        "/groups/1/members?$skiptoken=x": [item(200, {"value": [{"id": "b"}]})],
    }
    calls = [make_call(profiles, f"/groups/{n}/members") for n in (1, 2)]
    first, _ = await send_batch(client, calls)
    assert isinstance(first, Response)
    assert isinstance(first.body, CollectionHandle)
    assert await first.body.read_all(client) == [{"id": "a"}, {"id": "b"}]
    assert [len(asked) for asked in graph.asked] == [2, 1]


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (item(200, "aGVsbG8=", **{"Content-Type": "text/plain"}), "hello"),
        (item(200, "no base64!", **{"Content-Type": "text/plain"}), "no base64!"),
        (item(200, "AAH/", **{"Content-Type": "application/octet-stream"}), b"\x00\x01\xff"),
        (item(200, {"a": [1]}), {"a": [1]}),
        (item(200, "text", **{"Content-Type": "application/json"}), "text"),
        (item(204), None),
        ({"status": 204}, None),
    ],
)
async def test_answers_are_what_they_would_be_alone(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, said: Item, body: Any
) -> None:
    graph.says = {"/users/0": [said]}
    first, _ = await send_batch(client, users(profiles, 2))
    assert isinstance(first, Response)
    assert first.body == body


async def test_an_error_without_any_answer_is_raised(
    client: HttpClient, profiles: FakeProfiles, graph: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_args: Any, **_more: Any) -> Any:
        raise GraphwrightError("There is no token.")

    monkeypatch.setattr(profiles, "access_token", refuse)
    with pytest.raises(GraphwrightError, match="no token"):
        await send_batch(client, users(profiles, 3))
    assert graph.asked == []


@pytest.mark.parametrize(
    ("urls", "more", "expected"),
    [
        (["/users/1", "/users/2"], {}, True),
        (["/users/1/manager", "/groups/2"], {}, True),
        (["/me", "/me/drive/root"], {}, True),
        (["/users/1"], {}, False),
        ([], {}, False),
        (["/users/1/messages", "/users/2/messages"], {}, False),
        (["/users/1", "/me/events"], {}, False),
        (["/users/1/photo/$value", "/users/2/photo/$value"], {}, False),
        (["/me/drive/items/1/content", "/me/drive/items/2/content"], {}, False),
        (["/users/$count", "/users/1"], {}, False),
        (["/users", "/groups"], {"paged": True}, False),
        (["/users/1", "/users/2"], {"method": "DELETE"}, False),
        (["/users/1", "/users/2"], {"method": "HEAD"}, False),
        (["https://graph.microsoft.com/v1.0/users/1", "/users/2"], {}, True),
        (["https://graph.microsoft.com/beta/users/1", "/users/2"], {}, False),
    ],
)
def test_calls_go_together_where_that_saves_trips(
    urls: list[str], more: dict[str, Any], expected: bool
) -> None:
    calls = [make_call(PROFILES, url, **more) for url in urls]
    assert saves_trips(calls, PROFILES) is expected


async def test_calls_that_come_at_the_same_time_are_one_request(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    calls = [*users(profiles, 3), make_call(profiles, "/me/messages/1")]
    async with gathering(client), gathering(client):
        first = await asyncio.gather(*(send(client, call) for call in calls))
        await send(client, calls[0])
        await asyncio.gather(*(send(client, call, batch=False) for call in calls))
        await asyncio.gather(*(send(client, call, batch=True) for call in calls))
    await asyncio.gather(*(send(client, call) for call in calls))
    assert [one.status for one in first] == [200] * 4
    assert sorted(len(asked) for asked in graph.asked) == [*[1] * 10, 3, 4]


async def test_whoever_goes_leaves_the_others_their_answers(
    client: HttpClient, profiles: FakeProfiles, graph: Batches
) -> None:
    tasks: list[asyncio.Task[Response]] = []

    def answer(steps: list[Item]) -> bytes:
        tasks[1].cancel()
        return graph.answer(steps)

    graph.whole = [answer]
    async with gathering(client):
        tasks += [asyncio.create_task(send(client, call)) for call in users(profiles, 3)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[1], asyncio.CancelledError)
    assert [isinstance(one, Response) for one in found] == [True, False, True]
