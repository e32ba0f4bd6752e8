"""Mailboxes of a million messages: pages, ranges, counts, changes and moves cost what they show."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import EVERYTHING, NOW, Graph, authorize, error_code, person
from tests.sandbox.in_process import InProcess

COUNT = 1_000_000


def _graph(client: TestClient) -> Graph:
    return Graph(client, f"Bearer user:{person('noah.kim').id}:{EVERYTHING}")


@pytest.fixture
def large() -> Iterator[Graph]:
    app = create_graph_app(create_tenant(), authorize, lambda: NOW)
    app.state.context.bulk_messages = COUNT
    with InProcess(app) as client:
        yield _graph(client)


def _inbox(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.get("/me/mailFolders/inbox").json()
    return found


def test_a_folder_counts_what_it_never_made(large: Graph) -> None:
    inbox = _inbox(large)
    assert inbox["totalItemCount"] > COUNT
    assert large.get("/me/mailFolders/inbox/messages/$count").text == str(inbox["totalItemCount"])
    unread = inbox["unreadItemCount"]
    deep = large.value("/me/mailFolders/inbox/messages?$top=14&$skip=700000&$select=isRead")
    first = next(message["id"] for message in deep if not message["isRead"])
    large.patch(f"/me/messages/{first}", {"isRead": True})
    assert _inbox(large)["unreadItemCount"] == unread - 1
    large.delete(f"/me/messages/{first}")
    after = _inbox(large)
    assert after["unreadItemCount"] == unread - 1
    assert after["totalItemCount"] == inbox["totalItemCount"] - 1


def test_pages_anywhere_hold_what_is_left_in_order(large: Graph) -> None:
    path = "/me/messages?$select=receivedDateTime,subject&$top={}&$skip={}"
    whole = large.value(path.format(30, 500_000))
    for gone in (whole[3], whole[10], whole[11]):
        assert large.delete(f"/me/messages/{gone['id']}").status_code == 204
    archived = large.post(f"/me/messages/{whole[20]['id']}/move", {"destinationId": "archive"})
    assert archived.status_code == 201
    ids = [message["id"] for message in large.value(path.format(30, 500_000))]
    # What was deleted lies in Deleted Items, as old as it was; what was moved is where it was.
    assert len(ids) == 30
    moments = [m["receivedDateTime"] for m in large.value(path.format(30, 500_000))]
    assert moments == sorted(moments, reverse=True)
    assert archived.json()["id"] in ids
    left = [m["id"] for i, m in enumerate(whole) if i not in (3, 10, 11, 20)]
    assert set(left) <= set(ids)
    inbox = large.value("/me/mailFolders/inbox/messages?$top=60&$skip=499980&$select=subject")
    assert not {m["id"] for m in inbox} & {whole[i]["id"] for i in (3, 10, 11, 20)}


def test_a_range_of_days_is_cut_out(large: Graph) -> None:
    ranges = (
        ("receivedDateTime ge 2024-01-01T00:00:00Z and receivedDateTime lt 2024-01-02T00:00:00Z"),
        ("receivedDateTime lt 2024-01-02 and 2024-01-01T00:00:00Z le receivedDateTime"),
    )
    pages = [
        large.get(
            f"/me/messages?$filter={text}&$count=true&$top=1000&$select=receivedDateTime"
        ).json()
        for text in ranges
    ]
    assert pages[0]["@odata.count"] == pages[1]["@odata.count"]
    moments = [message["receivedDateTime"] for message in pages[0]["value"]]
    assert {moment[:10] for moment in moments} == {"2024-01-01"}
    assert 24 * 3600 // 97 <= len(moments) <= 24 * 3600 // 97 + 1
    edge = moments[5]
    for operator, count in (("eq", 1), ("gt", 5), ("ge", 6)):
        text = f"receivedDateTime {operator} {edge} and receivedDateTime le {moments[0]}"
        assert large.get(f"/me/messages/$count?$filter={text}").text == str(count), operator
    more = f"{ranges[0]} and isRead eq false"
    unread = large.value(f"/me/messages?$filter={more}&$top=1000&$select=isRead,receivedDateTime")
    assert {message["isRead"] for message in unread} == {False}
    assert 100 < len(unread) < len(moments)


def test_the_oldest_come_first_where_that_is_asked(large: Graph) -> None:
    path = "/me/messages?$orderby=receivedDateTime&$top=5&$select=receivedDateTime"
    moments = [message["receivedDateTime"] for message in large.value(path)]
    assert moments == sorted(moments)
    assert moments[0] < "2023-01-01"
    answer = large.get("/me/messages?$orderby=subject")
    assert (answer.status_code, error_code(answer)) == (400, "InefficientFilter")


def test_a_first_round_of_changes_holds_no_more_than_a_page(large: Graph) -> None:
    path = "/me/mailFolders/inbox/messages/delta?$select=subject"
    large.get(path, Prefer="odata.maxpagesize=50")
    tracemalloc.start()
    try:
        seen = set()
        for _ in range(10):
            body = large.get(path, Prefer="odata.maxpagesize=200").json()
            seen |= {message["id"] for message in body["value"]}
            path = body["@odata.nextLink"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(seen) == 2_000
    assert peak < 20_000_000


def test_every_message_comes_once_in_a_whole_round() -> None:
    app = create_graph_app(create_tenant(), authorize, lambda: NOW)
    app.state.context.bulk_messages = 3_000
    with InProcess(app) as client:
        graph = _graph(client)
        path = "/me/mailFolders/inbox/messages/delta?$select=subject"
        seen: list[str] = []
        while path:
            body = graph.get(path, Prefer="odata.maxpagesize=700").json()
            seen += [message["id"] for message in body["value"]]
            path = body.get("@odata.nextLink", "")
        assert len(seen) == len(set(seen)) == _inbox(graph)["totalItemCount"] > 3_000


def test_a_search_finds_among_the_newest(large: Graph) -> None:
    found = large.value('/me/messages?$search="subject:harbour"&$select=subject')
    assert found
    assert all("harbour" in message["subject"].casefold() for message in found)
