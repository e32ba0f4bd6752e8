"""Pages that a reader of the consumer's decodes: the same collection, faults and refusals included."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.collection import Page, keep_page
from graphwright.http.errors import CollectionLoop, HttpError, ResponseInvalid
from tests.http.conftest import FakeProfiles, Script, Server, reply
from tests.http.helpers import PAGE_FAULTS, TOP, messages, open_handle, serve_pages

JSON = "application/json"
SECOND = f"{TOP}&$skiptoken=2"


@dataclass
class Ids:
    """Reads a page as the ids of its items; `given` is what it was asked to read."""

    has_ids: bool = True
    given: list[bytes] = field(default_factory=list)

    def read(self, content: bytes) -> Page | None:
        """The page, or None where it is none."""
        self.given.append(content)
        try:
            page = json.loads(content)
            items = [(item["id"],) for item in page["value"]]
        except (ValueError, KeyError, TypeError):
            return None
        link = page.get("@odata.nextLink")
        return Page(items, link, size=len(content), has_ids=self.has_ids)


async def drain(client: HttpClient, handle: Any, reader: Ids) -> list[Any]:
    return [item async for page in handle.pages(client, read=reader) for item in page.items]


async def test_a_reader_reads_every_page(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 3)
    reader = Ids()
    handle = await open_handle(client, messages(profiles))
    assert await drain(client, handle, reader) == [(name,) for name in ids]
    assert len(reader.given) == 3
    assert len(server.seen) == 3


async def test_the_first_page_is_read_by_whoever_reads_it_however_often(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 1)
    handle = await open_handle(client, messages(profiles))
    assert [item["id"] for item in await handle.read_all(client)] == ids
    assert handle.first is not None
    assert [item["id"] for item in handle.first.items] == ids
    assert len(server.seen) == 1
    again = await open_handle(client, messages(profiles))
    assert await drain(client, again, Ids()) == [(name,) for name in ids]
    assert again.first is None, "what was drained is let go"


async def test_a_first_page_with_a_value_that_cannot_be_read_is_asked_for_anew(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.by_target = {TOP: reply(200, b'{"value": [{"id": "1", "n": 1e999}]}', kind=JSON)}
    handle = await open_handle(client, messages(profiles))
    assert handle.first is None
    server.by_target = {TOP: reply(200, {"value": [{"id": "1", "n": 1}]})}
    assert await handle.read_all(client) == [{"id": "1", "n": 1}]
    server.by_target = {TOP: reply(200, b'{"value": [{"id": "1", "n": 1e999}]}', kind=JSON)}
    handle = await open_handle(client, messages(profiles))
    with pytest.raises(ResponseInvalid, match="no JSON"):
        await handle.read_all(client)


@pytest.mark.parametrize(
    "content",
    [
        b'{"value": [{"id": "1"}',
        b'{"value": [{"id": "1"}]}}',
        b'{"value": [{"id": "\xff"}]}',
        b'{"value": [{"id": NaN}]}',
        b'{"value": [{"id": "\\ud800"}]}',
        b'{"value": [' + b"[" * 10_000 + b"]" * 10_000 + b"]}",
        b'{"value": [], "@odata.nextLink": 5}',
        b'{"value": [], "error": {"code": "generalException"}}',
    ],
)
def test_only_a_whole_page_is_kept_unread(content: bytes) -> None:
    assert keep_page(content) is None
    assert keep_page(b'{"value": [{"id": "1"}]}') is not None


@pytest.mark.parametrize("fault", PAGE_FAULTS)
async def test_a_fault_on_a_page_costs_no_row_with_a_reader_too(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: Script
) -> None:
    ids = serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    server.answers = [fault, server.by_target.pop(SECOND)]
    assert await drain(client, handle, Ids()) == [(name,) for name in ids]


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream"])
async def test_only_json_is_given_to_a_reader(
    client: HttpClient, server: Server, profiles: FakeProfiles, kind: str
) -> None:
    serve_pages(server, 2)
    handle = await open_handle(client, messages(profiles))
    server.by_target[SECOND] = reply(200, b'{"value": [{"id": "1"}]}', kind=kind)
    reader = Ids()
    with pytest.raises(ResponseInvalid):
        await drain(client, handle, reader)
    assert len(reader.given) == 1, "the first page"


async def test_an_error_whose_body_looks_like_a_page_is_an_error(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    serve_pages(server, 2)
    handle = await open_handle(client, messages(profiles))
    server.by_target[SECOND] = reply(400, {"value": [{"id": "1"}]})
    with pytest.raises(HttpError):
        await drain(client, handle, Ids())


async def test_a_page_without_items_repeats_nothing(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.by_target = {TOP: reply(200, {"value": []})}
    handle = await open_handle(client, messages(profiles))
    assert await drain(client, handle, Ids()) == []


async def test_a_page_that_repeats_is_a_loop_if_its_items_say_which_they_are(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    def page(number: int) -> bytes:
        link = f"{server.url}{TOP}&$skiptoken={number + 1}"
        more = {"@odata.nextLink": link} if number < 4 else {}
        return reply(200, {"value": [{"id": "same"}], **more})

    server.by_target = {TOP: page(1)}
    server.by_target |= {f"{TOP}&$skiptoken={n}": page(n) for n in (2, 3, 4)}
    handle = await open_handle(client, messages(profiles))
    server.seen.clear()
    with pytest.raises(CollectionLoop, match="once more"):
        await drain(client, handle, Ids())
    assert len(server.seen) == 1
    handle = await open_handle(client, messages(profiles))
    assert len(await drain(client, handle, Ids(has_ids=False))) == 4
