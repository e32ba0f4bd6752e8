"""Requests through the API: tries, examples, permissions, paths, code, the library."""

import asyncio
from typing import Any, cast

import pytest
from starlette.requests import ClientDisconnect, Request

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.response import Response
from graphwright.modeler.routes.tries import while_connected
from tests.modeler.served.conftest import Bench, Editor

OPEN = {"url": "https://api.example/x", "authentication": {"type": "none"}}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """What would be sent; the answer is always the same JSON."""
    calls: list[Call] = []

    async def send(_: HttpClient, call: Call) -> Response:
        calls.append(call)
        headers = {"content-type": "application/json"}
        return Response(200, headers, {"a": [{"b": "c" * 1000}]}, call.url, size=1020)

    monkeypatch.setattr(HttpClient, "send", send)
    return calls


def test_a_try_is_sent_looked_at_and_kept(editor: Editor, sent: list[Call]) -> None:
    answer = editor.send("POST", "/api/tries", {"request": OPEN})
    assert (answer["status"], answer["size"], len(sent)) == (200, 1020, 1)
    tree = editor.get(f"/api/examples/{answer['example']}/tree?pointer=/a/0")
    assert tree["children"][0]["path"] == "a.b"
    assert tree["children"][0]["cut"] is True
    assert editor.get(f"/api/tries/{answer['id']}") == answer
    assert [one["id"] for one in editor.get("/api/tries")["tries"]] == [answer["id"]]
    editor.send("POST", f"/api/tries/{answer['id']}/next", status=409)


def test_a_write_needs_a_confirmation(editor: Editor, sent: list[Call]) -> None:
    body = {"request": {**OPEN, "method": "DELETE"}}
    error = editor.send("POST", "/api/tries", body, status=409)["error"]
    assert (error["code"], error["method"]) == ("confirmationNeeded", "DELETE")
    assert (error["url"], sent) == ("https://api.example/x", [])
    editor.send("POST", "/api/tries", {**body, "confirmed": True})
    assert [call.method for call in sent] == ["DELETE"]


WRONG: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/tries", {"request": []}, 400),
    ("POST", "/api/tries", {"request": OPEN, "surprise": 1}, 400),
    ("POST", "/api/tries", {"request": {"url": "/me"}}, 400),
    ("POST", "/api/tries", {"request": {**OPEN, "url": "http://evil.example"}}, 403),
    ("GET", "/api/tries/nothing", None, 404),
    ("POST", "/api/tries/nothing/next", None, 404),
    ("GET", "/api/examples/nothing/tree", None, 404),
    ("GET", "/api/examples/nothing/tree?limit=x", None, 400),
    ("GET", "/api/examples/nothing/tree?depth=1", None, 400),
    ("GET", "/api/paths?prefix=/me&prefix=/users", None, 400),
    ("POST", "/api/permissions", {"profile": "nope", "method": "GET", "url": "/me"}, 404),
    ("POST", "/api/code", {"request": {"url": "/me"}}, 400),
]


def test_wrong_calls_are_refused(editor: Editor, sent: list[Call]) -> None:
    for method, path, body, status in WRONG:
        editor.send(method, path, body, status=status)
    assert sent == []


def test_nothing_is_sent_for_a_stranger(bench: Bench, sent: list[Call]) -> None:
    stranger = Editor(bench.open_client())
    stranger.send("POST", "/api/tries", {"request": OPEN}, status=401)
    stranger.get("/api/tries", status=401)
    assert sent == []


def test_paths_library_and_code(editor: Editor) -> None:
    assert editor.get("/api/paths?prefix=/me/calendarV&method=GET") == {
        "paths": ["/me/calendarView"]
    }
    assert len(editor.get("/api/library")["requests"]) >= 90
    question = {"request": {**OPEN, "query": {"q": "{{ x }}"}}, "values": {"x": "it's"}}
    code = editor.send("POST", "/api/code", question)
    assert "q=it" in code["curl"]
    assert code["command"].startswith("#")


class Leaving:
    """A request whose browser goes away when it is told to."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def test_work_is_given_up_when_the_browser_goes_away() -> None:
    leaving, begun, ended = Leaving(), asyncio.Event(), []

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    waiting = asyncio.create_task(while_connected(cast(Request, leaving), work()))
    await begun.wait()
    leaving.gone.set()
    with pytest.raises(ClientDisconnect):
        await waiting
    assert ended == [True]


async def test_work_that_ends_first_gives_its_result_or_its_error() -> None:
    async def succeed() -> int:
        return 5

    async def fail() -> int:
        raise ValueError("no")

    assert await while_connected(cast(Request, Leaving()), succeed()) == 5
    with pytest.raises(ValueError, match="no"):
        await while_connected(cast(Request, Leaving()), fail())
