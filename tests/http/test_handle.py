"""Handles: what a saved collection keeps, what it never does, and reading it whole."""

import json
from dataclasses import replace
from typing import Any

import pytest

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.errors import (
    CollectionTooLarge,
    HostRefused,
)
from graphwright.kernel.errors import InvalidInput
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    Server,
    reply,
)
from tests.http.helpers import TOP, drain, make_call, messages, open_handle, serve_pages


async def test_a_handle_goes_through_state_without_token_and_rows(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    text = json.dumps(handle.to_state())
    assert TOKEN not in text
    assert "1-a" not in text
    again = CollectionHandle.from_state(json.loads(text))
    assert again == handle
    assert again.scope == handle.scope
    assert await drain(client, again) == ids


async def test_reading_goes_on_at_a_page_after_a_restart(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 4)
    handle = await open_handle(client, messages(profiles))
    pages = handle.pages(client)
    await anext(pages)
    second = await anext(pages)
    await pages.aclose()
    server.seen.clear()
    state = handle.resume_at(second.next).to_state()
    assert await drain(client, CollectionHandle.from_state(state)) == ids[4:]
    assert [request.target for request in server.seen] == [
        f"{TOP}&$skiptoken=3",
        f"{TOP}&$skiptoken=4",
    ]


async def test_a_forged_state_cannot_move_the_token(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    state = CollectionHandle(messages(profiles)).to_state()
    for forged in (
        {**state, "continuation": "https://evil.example/x"},
        {**state, "call": {**state["call"], "url": "https://evil.example/x"}},
    ):
        with pytest.raises(HostRefused):
            await drain(client, CollectionHandle.from_state(forged))
    assert server.seen == []


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {},
        {"call": None, "continuation": None},
        {"call": {}, "continuation": None},
        {"call": {"method": "GET"}, "continuation": 5},
        {"call": {"method": "GET", "url": "x", "headers": [], "authentication": {}}},
        {"call": {"method": "GET", "url": "x", "headers": {}, "authentication": {"a": 1}}},
        {"call": {"method": "GET", "url": "x", "headers": {}, "authentication": {}, "body": "%"}},
    ],
)
def test_a_state_that_is_none_is_refused(state: Any) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        CollectionHandle.from_state(state)


def test_a_body_goes_through_state(profiles: FakeProfiles) -> None:
    call = make_call(profiles, "/x", "POST", body={"json": {"a": "ü"}}, paged=True, timeout=5)
    assert Call.from_state(json.loads(json.dumps(call.to_state()))) == call


def test_the_scope_is_what_is_read_for_whom(profiles: FakeProfiles) -> None:
    call = make_call(profiles, "/me/events", query={"a": "1", "b": "2"})
    scope = CollectionHandle(call).scope
    turned = make_call(profiles, "/me/events", query={"b": "2", "a": "1"})
    assert CollectionHandle(turned).scope == scope
    assert CollectionHandle(call, "https://continued").scope == scope
    app = make_call(
        profiles,
        "/me/events",
        query={"a": "1", "b": "2"},
        authentication={"type": "oauth2", "profile": "graph-app"},
    )
    others = [
        make_call(profiles, "/me/events", query={"a": "1", "b": "3"}),
        make_call(profiles, "/me/calendar", query={"a": "1", "b": "2"}),
        replace(call, principal_id="principal-bert"),
        replace(call, account="other"),
        app,
    ]
    assert len({scope, *(CollectionHandle(other).scope for other in others)}) == 6


async def test_reading_all_gives_items_and_document(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    ids = serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    assert [item["id"] for item in await handle.read_all(client)] == ids
    document = await handle.read_document(client)
    assert document["@odata.context"] == "ctx"
    assert "@odata.nextLink" not in document
    assert len(document["value"]) == 6


async def test_reading_all_stops_at_a_limit_of_items_or_bytes(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    serve_pages(server, 3)
    handle = await open_handle(client, messages(profiles))
    assert len(await handle.read_all(client, limit=6)) == 6
    with pytest.raises(CollectionTooLarge, match="cannot be read at once") as caught:
        await handle.read_all(client, limit=5)
    assert "page by page" in caught.value.hint
    with pytest.raises(CollectionTooLarge):
        await handle.read_all(client, limit_bytes=200)


async def test_a_page_may_be_larger_than_a_single_thing(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    rows = [{"id": str(number), "text": "x" * 1000} for number in range(300)]
    server.answers = [reply(200, {"value": rows})]
    handle = await open_handle(client, messages(profiles))
    assert len(await drain(client, handle)) == 300
