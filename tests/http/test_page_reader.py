"""Pages that a reader of the consumer's decodes: the same collection, faults and refusals included."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.collection import Page
from graphwright.http.errors import CollectionLoop, HttpError, ResponseInvalid
from tests.http.conftest import FakeProfiles, Server, cut_body, error_reply, reply
from tests.http.helpers import TOP, messages, open_handle, serve_pages

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

    def adapt(self, page: Page) -> Page:
        """The same for a page that was read."""
        items = [(item["id"],) for item in page.items]
        return replace(page, items=items, has_ids=self.has_ids)


async def drain(client: HttpClient, handle: Any, reader: Ids) -> list[Any]:
    return [item async for page in handle.pages(client, reader) for item in page.items]


async def test_a_reader_reads_every_page(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 3)
    reader = Ids()
    handle = await open_handle(client, messages(profiles))
    assert await drain(client, handle, reader) == [(name,) for name in ids]
    assert len(reader.given) == 2, "the first page was read when the request was sent"


@pytest.mark.parametrize(
    "fault",
    [
        error_reply(429, "x", {"Retry-After": "2"}),
        error_reply(503, "x"),
        error_reply(200, "serviceNotAvailable"),
        reply(200, b'{"value": [', kind="application/json"),
        cut_body(reply(200, {"value": [{"id": "x" * 100}]}), 150),
        error_reply(401, "InvalidAuthenticationToken"),
    ],
)
async def test_a_fault_on_a_page_costs_no_row_with_a_reader_too(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: bytes
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
    assert reader.given == []


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
