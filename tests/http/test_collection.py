"""Collections: pages, where they may lead, when they end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle, Page, PageReader
from graphwright.http.errors import (
    CollectionLoop,
    HttpError,
    ReferralRefused,
    ResponseInvalid,
)
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    Server,
    error_reply,
    reply,
)
from tests.http.helpers import (
    PAGE_FAULTS,
    TOP,
    drain,
    make_call,
    messages,
    open_handle,
    serve_pages,
)


def vars_of(handle: CollectionHandle) -> dict[str, Any]:
    return {name: getattr(handle, name) for name in CollectionHandle.__slots__}


async def test_every_page_comes_once_and_in_order(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 4)
    handle = await open_handle(client, messages(profiles))
    assert await drain(client, handle) == ids
    assert len(server.seen) == 4
    assert {request.headers["authorization"] for request in server.seen} == {f"Bearer {TOKEN}-0"}


async def test_the_first_page_is_kept_until_the_second_is_asked_for(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 2)
    handle = await open_handle(client, messages(profiles))
    pages = handle.pages(client)
    first = await anext(pages)
    await pages.aclose()
    assert first.next is not None
    assert handle.first == first
    assert await drain(client, handle) == ids
    assert vars_of(handle)["opening"] is None
    assert await drain(client, handle) == ids


async def test_a_collection_of_one_page_without_nextlink_is_a_collection(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(200, {"value": [], "@odata.count": 0, "@odata.deltaLink": "d"})]
    handle = await open_handle(client, messages(profiles))
    (page,) = [page async for page in handle.pages(client)]
    assert (page.items, page.next, page.count, page.delta) == ([], None, 0, "d")
    assert page.size > 0


@pytest.mark.parametrize(
    ("method", "paged", "is_handle"),
    [("GET", None, True), ("GET", False, False), ("POST", None, False), ("POST", True, True)],
)
async def test_only_reading_or_a_declaration_makes_a_collection(
    client: HttpClient,
    server: Server,
    profiles: FakeProfiles,
    method: str,
    paged: bool | None,
    is_handle: bool,
) -> None:
    server.answers = [reply(200, {"value": [1]})]
    response = await client.send(make_call(profiles, "/x", method, paged=paged))
    assert isinstance(response.body, CollectionHandle) is is_handle


async def test_the_next_page_is_fetched_while_this_one_is_worked_on(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    pages = handle.pages(client)
    await anext(pages)
    await server.has_seen(2)
    await anext(pages)
    await server.has_seen(3)
    await pages.aclose()


async def test_a_consumer_that_stops_leaves_no_request_behind(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    before = asyncio.all_tasks()
    pages = handle.pages(client)
    await anext(pages)
    await pages.aclose()
    left = {task for task in asyncio.all_tasks() - before if "serve" not in repr(task)}
    assert left == set()


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/v1.0/me/messages?$skiptoken=2",
        "http://{host}/v1.0/me/messages?$skiptoken=2",
        "https://localhost:1/v1.0/me/messages",
        "https://localhost/v1.0/me/messages",
        "https://127.0.0.1:{port}/v1.0/me/messages",
        "https://user:pass@{host}/v1.0/me/messages",
        "https://{host}@evil.example/",
        "https://evil.example\\@{host}/",
        "//evil.example/x",
        "javascript:alert(1)",
        "https://{host}\r\n/x",
    ],
)
async def test_a_nextlink_elsewhere_is_refused_before_any_request(
    client: HttpClient, server: Server, profiles: FakeProfiles, foreign: str
) -> None:
    host, _, port = server.host.partition(":")
    link = foreign.format(host=server.host, port=port)
    server.answers = [reply(200, {"value": [{"id": "1"}], "@odata.nextLink": link})]
    handle = await open_handle(client, messages(profiles))
    pages = handle.pages(client)
    assert (await anext(pages)).items == [{"id": "1"}]
    with pytest.raises(ReferralRefused):
        await anext(pages)
    assert len(server.seen) == 1
    assert host == "localhost"


async def test_no_token_is_seen_on_the_host_a_nextlink_names(
    client: HttpClient,
    server: Server,
    profiles: FakeProfiles,
    make_server: Callable[[], Awaitable[Server]],
) -> None:
    evil = await make_server()
    server.answers = [reply(200, {"value": [], "@odata.nextLink": f"{evil.url}{TOP}"})]
    handle = await open_handle(client, messages(profiles))
    with pytest.raises(ReferralRefused, match="must not go to"):
        await drain(client, handle)
    assert evil.seen == []


async def test_a_nextlink_that_repeats_is_a_loop(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    second = f"{server.url}{TOP}&$skiptoken=2"
    third = f"{server.url}{TOP}&$skiptoken=3"
    for links, requests in (
        ({TOP: f"{server.url}{TOP}"}, 1),
        ({TOP: second, f"{TOP}&$skiptoken=2": second}, 2),
        ({TOP: second, f"{TOP}&$skiptoken=2": third, f"{TOP}&$skiptoken=3": second}, 3),
    ):
        server.seen.clear()
        server.by_target = {
            target: reply(200, {"value": [{"id": target}], "@odata.nextLink": link})
            for target, link in links.items()
        }
        handle = await open_handle(client, messages(profiles))
        with pytest.raises(CollectionLoop, match="read before"):
            await drain(client, handle)
        assert len(server.seen) == requests


class Pages:
    """Serves pages that a function makes, without a wire."""

    def __init__(self, make: Callable[[int], Page]) -> None:
        self.make = make
        self.asked = 0

    async def page(
        self, call: Call, continuation: str | None, read: PageReader | None = None
    ) -> Page:
        """The next page."""
        assert read is None
        assert (continuation is None) == (self.asked == 0)
        assert call.method == "GET"
        self.asked += 1
        return self.make(self.asked)


@pytest.mark.parametrize(("ahead", "size", "fetched"), [(4, 0, 5), (1, 0, 2), (4, 16_000_000, 3)])
async def test_pages_are_fetched_ahead_within_bounds_of_number_and_bytes(
    profiles: FakeProfiles, ahead: int, size: int, fetched: int
) -> None:
    source = Pages(lambda n: Page([{"id": str(n)}], f"https://x/{n}" if n < 9 else None, size=size))
    pages = CollectionHandle(messages(profiles)).pages(source, ahead=ahead)
    seen = [(await anext(pages)).items[0]["id"]]
    for _ in range(20):
        await asyncio.sleep(0)
    assert source.asked == fetched, "the one that is read, and those that wait"
    seen += [page.items[0]["id"] async for page in pages]
    assert seen == [str(number) for number in range(1, 10)]


async def test_what_came_before_a_page_that_fails_is_read_first(profiles: FakeProfiles) -> None:
    def make(number: int) -> Page:
        if number == 4:
            raise ResponseInvalid("x")
        return Page([{"id": str(number)}], f"https://x/{number}")

    pages = CollectionHandle(messages(profiles)).pages(Pages(make))
    assert [(await anext(pages)).items[0]["id"] for _ in range(3)] == ["1", "2", "3"]
    with pytest.raises(ResponseInvalid):
        await anext(pages)


async def test_the_same_page_under_another_link_is_a_loop(profiles: FakeProfiles) -> None:
    source = Pages(lambda n: Page(items=[{"id": "1"}, {"id": "2"}], next=f"https://x/{n}"))
    with pytest.raises(CollectionLoop, match="once more"):
        async for _ in CollectionHandle(messages(profiles)).pages(source):
            pass
    assert source.asked == 2


async def test_equal_pages_without_ids_are_no_loop(profiles: FakeProfiles) -> None:
    source = Pages(
        lambda n: Page(items=[{"isRead": True}], next=f"https://x/{n}" if n < 5 else None)
    )
    assert len(await CollectionHandle(messages(profiles)).read_all(source)) == 5


async def test_empty_pages_without_end_are_a_loop(profiles: FakeProfiles) -> None:
    source = Pages(lambda n: Page(items=[], next=f"https://x/{n}"))
    with pytest.raises(CollectionLoop, match="without an item"):
        await CollectionHandle(messages(profiles)).read_all(source)


@pytest.mark.parametrize("fault", PAGE_FAULTS)
async def test_a_fault_on_a_page_costs_no_row(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: Any
) -> None:
    ids = serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    good = server.by_target.pop(f"{TOP}&$skiptoken=2")
    server.answers = [fault, good]
    assert await drain(client, handle) == ids


@pytest.mark.parametrize(
    "broken",
    [
        error_reply(200, "ErrorAccessDenied"),
        error_reply(410, "syncStateNotFound"),
        reply(200, {"id": "no collection"}),
        reply(200, [1]),
        reply(200, {"value": {"id": 1}}),
        reply(200, {"value": [], "@odata.nextLink": 5}),
        reply(200, "text"),
        reply(204),
    ],
)
async def test_a_broken_page_never_counts_as_the_end(
    client: HttpClient, server: Server, profiles: FakeProfiles, broken: bytes
) -> None:
    serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    server.by_target[f"{TOP}&$skiptoken=2"] = broken
    pages = handle.pages(client)
    seen = [item["id"] for item in (await anext(pages)).items]
    with pytest.raises(HttpError):
        await anext(pages)
    assert seen == ["1-a", "1-b"]


async def test_a_first_page_whose_nextlink_is_no_text_is_refused(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(200, {"value": [], "@odata.nextLink": {"a": 1}})]
    with pytest.raises(ResponseInvalid, match="nextLink"):
        await client.send(messages(profiles))


async def test_without_a_profile_pages_stay_on_their_server(
    client: HttpClient, profiles: FakeProfiles
) -> None:
    call = make_call(profiles, "https://api.example.com/x", authentication={"type": "none"})
    for link in ("https://api.example.org/x", "http://api.example.com/x"):
        with pytest.raises(ReferralRefused, match="nothing was sent there"):
            await client.page(call, link)
