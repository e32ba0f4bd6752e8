"""Requests, collections and files as Python asks for them, against a local Microsoft 365."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from graphwright import Graph, HttpError, Request
from graphwright.http.errors import HostRefused, InvalidRequest, ResponseInvalid
from graphwright.kernel.errors import FileGone, InvalidInput
from graphwright_sandbox.server import Sandbox
from tests.sdk.conftest import GRETA, MAYA, requests_at


async def test_get_gives_what_one_request_gives(graph: Graph, sandbox: Sandbox) -> None:
    async with graph:
        me = await graph.get("/me", select=["userPrincipalName"])
        count = await graph.get("/users/$count", headers={"ConsistencyLevel": "eventual"})
        first = await graph.get("/users?$select=id", top=3, count=True)
    assert me["userPrincipalName"] == MAYA
    assert count == str(len(sandbox.tenant.people))
    assert len(first["value"]) == 3
    assert "@odata.nextLink" in first
    assert len(requests_at(sandbox)) == 3


async def test_pages_give_every_item_once_and_end_when_the_reader_does(
    graph: Graph, sandbox: Sandbox
) -> None:
    async with graph:
        ids = [user["id"] async for user in graph.pages("/users", select=["id"], top=7)]
        sizes = [len(page.items) async for page in graph.pages("/users", top=15).by_page()]
        async for _ in graph.pages("/users", top=7):
            break
    assert sorted(ids) == sorted(person.id for person in sandbox.tenant.people)
    assert sizes == [15, 15, 10]


async def test_what_is_no_collection_has_no_pages(graph: Graph) -> None:
    async with graph:
        with pytest.raises(ResponseInvalid, match="no array `value`"):
            await anext(aiter(graph.pages("/me")))


async def test_a_write_sends_json_and_is_told_to_have_come(graph: Graph) -> None:
    event = {
        "subject": "Lunch",
        "start": {"dateTime": "2026-11-30T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-30T13:00:00", "timeZone": "UTC"},
    }
    async with graph:
        made = await graph.send("post", "/me/events", json=event)
        path = f"/me/events/{made.body['id']}"
        assert (made.status, (await graph.get(path))["subject"]) == (201, "Lunch")
        assert (await graph.send("DELETE", path)).status == 204


async def test_a_refusal_is_an_error_with_the_code_of_graph(graph: Graph, sandbox: Sandbox) -> None:
    async with graph:
        with pytest.raises(HttpError) as refused:
            await graph.get("/users/nobody")
        sandbox.add_fault("GET /me: 503 times=1 retry-after=0")
        response = await graph.send("GET", "/me")
    assert (refused.value.status, refused.value.graph_code) == (404, "Request_ResourceNotFound")
    assert refused.value.request_id
    assert (response.status, response.retries) == (200, 1)


async def test_a_batch_answers_in_order_with_errors_in_their_places(
    graph: Graph, sandbox: Sandbox
) -> None:
    people = Request("GET", "/users", options={"top": 2, "select": ["id"]})
    async with graph:
        me, gone, some = await graph.batch(["/me", "/users/nobody", people])
        assert requests_at(sandbox) == ["POST /v1.0/$batch"]
        assert await graph.batch([]) == []
    assert isinstance(gone, HttpError)
    assert gone.status == 404
    assert not isinstance(me, HttpError)
    assert me.body["userPrincipalName"] == MAYA
    assert not isinstance(some, HttpError)
    assert len(some.body["value"]) == 2


@pytest.mark.parametrize("size", [0, 1, 4_000_000])
async def test_a_file_comes_back_as_it_went(graph: Graph, tmp_path: Path, size: int) -> None:
    (tmp_path / "there.bin").write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    told: list[tuple[int, int | None]] = []

    def note(size: int, total: int | None) -> None:
        told.append((size, total))

    path = f"/me/drive/root:/{quote('a #1')}.bin:/content"
    async with graph:
        stored = await graph.upload(tmp_path / "there.bin", path, on_bytes=note)
        assert (told[0], told[-1]) == ((0, size), (size, size))
        told.clear()
        came = await graph.download(path, tmp_path / "back.bin", on_bytes=note)
    assert stored["size"] == came == size
    assert (tmp_path / "back.bin").read_bytes() == (tmp_path / "there.bin").read_bytes()
    assert (told[0], told[-1]) == ((0, size), (size, size))


async def test_a_download_that_fails_leaves_no_file(graph: Graph, tmp_path: Path) -> None:
    async with graph:
        with pytest.raises(HttpError, match="404"):
            await graph.download("/me/drive/root:/gone.txt:/content", tmp_path / "gone.txt")
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


async def test_a_download_that_was_cut_off_goes_on(
    graph: Graph, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "there.bin").write_bytes(bytes(range(256)) * 4_000)
    path = "/me/drive/root:/cut.bin:/content"
    async with graph:
        await graph.upload(tmp_path / "there.bin", path)
        sandbox.add_fault("GET /download/: truncated size=300000 times=1")
        assert await graph.download(path, tmp_path / "back.bin") == 1_024_000
    assert (tmp_path / "back.bin").read_bytes() == (tmp_path / "there.bin").read_bytes()
    asked = [dict(one.request_headers).get(b"range") for one in sandbox.inspector]
    assert any(asked)


async def test_the_token_goes_to_its_own_host_alone(graph: Graph, sandbox: Sandbox) -> None:
    async with graph:
        for url in ("https://graph.microsoft.com/v1.0/me", f"{sandbox.transfer_url}/v1.0/me"):
            with pytest.raises(HostRefused):
                await graph.get(url)
        sandbox.add_fault("GET /users: next-host to=http://localhost:9")
        with pytest.raises(HostRefused):
            _ = [user async for user in graph.pages("/users", top=5)]
        own = await graph.get(f"{sandbox.graph_url}/beta/me")
    assert own["userPrincipalName"] == MAYA


Asked = Callable[[Graph], Any]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda graph: graph.get("me"), "begins with no slash"),
        (lambda graph: graph.get("//graph.microsoft.com/v1.0/me"), "begins with no slash"),
        (lambda graph: graph.get("/users/a#EXT#@b"), "holds a #"),
        (lambda graph: graph.send("FETCH", "/me"), "is no method"),
        (lambda graph: graph.send("POST", "/me", json={"a": float("nan")}), "JSON cannot hold"),
        (lambda graph: graph.send("POST", "/me", json={"a"}), "JSON cannot hold"),
        (lambda graph: graph.send("POST", "/me", json={}, content=b""), "one body"),
        (lambda graph: graph.upload("x", "/me/drive/root:/x"), "ends in /content"),
    ],
)
async def test_a_request_that_cannot_be_is_refused_before_it_is_sent(
    graph: Graph, sandbox: Sandbox, ask: Asked, said: str
) -> None:
    async with graph:
        with pytest.raises(InvalidRequest, match=said):
            await ask(graph)
    assert requests_at(sandbox) == []


async def test_an_option_or_a_file_that_is_not_there_is_named(graph: Graph, tmp_path: Path) -> None:
    ask: Any = graph.get
    async with graph:
        with pytest.raises(InvalidInput, match="no option selct"):
            await ask("/me", selct=["id"])
        with pytest.raises(FileGone, match="cannot be read: No such file"):
            await graph.upload(tmp_path / "gone", "/me/drive/root:/x:/content")


def test_blocking_asks_without_await(graph: Graph, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Read me.")
    path = "/me/drive/root:/a.txt:/content"

    def ask(_count: int, _all: int | None) -> None:
        asking.get("/me")

    with graph.blocking as asking:
        assert asking.get("/me", select=["userPrincipalName"])["userPrincipalName"] == MAYA
        assert len(list(asking.pages("/users", top=15))) == len(sandbox.tenant.people)
        for page in asking.pages("/users", top=15).by_page():
            assert len(page.items) == 15
            break
        assert isinstance(asking.batch(["/users/nobody"])[0], HttpError)
        assert asking.upload(tmp_path / "a.txt", path)["size"] == 8
        assert asking.download(path, tmp_path / "b.txt") == 8
        with pytest.raises(RuntimeError, match="by what it waits for"):
            asking.download(path, tmp_path / "c.txt", on_bytes=ask)
        with pytest.raises(HttpError, match="404"):
            asking.send("GET", f"/users/{GRETA}x")
    with pytest.raises(RuntimeError, match="closed"):
        asking.get("/me")
    asking.close()
    with graph.blocking as again:
        assert again.get("/me", select=["userPrincipalName"])["userPrincipalName"] == MAYA


async def test_blocking_works_inside_a_running_loop_and_ends_when_it_is_dropped(
    token: str,
) -> None:
    def threads() -> int:
        return sum(one.name == "graphwright-library" for one in threading.enumerate())

    graph = Graph(token)
    for _ in range(2):
        found = graph.blocking.get("/me", select=["userPrincipalName"])
        assert (found["userPrincipalName"], threads()) == (MAYA, 1)
    del graph
    assert threads() == 0
