"""The node `import_data`: what it reads, whose rows they become; mapping and writing are imports'."""

import asyncio
from typing import Any

import pytest

from graphwright.flows.context import Exit
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import CollectionLoop, NoAnswer
from graphwright.imports import Importer
from graphwright.imports.errors import SharedListRefused
from graphwright.kernel.errors import GraphwrightError, NotFound, Refused
from graphwright.lists import RowQuery
from tests.flows.conftest import ADA, BOB, NodeRunner

NODE = "{type: import_data, import: %s, from: got.body, result: report}"


def collection(principal_id: str | None, query: str = "a=1") -> CollectionHandle:
    authentication = Authentication("oauth2")
    url = f"https://graph.example/v1.0/x?{query}"
    return CollectionHandle(
        Call("GET", url, authentication=authentication, profile="p", principal_id=principal_id)
    )


async def rows(runner: NodeRunner, name: str, owner: str | None) -> list[Any]:
    found = await runner.place.services.lists.query(name, owner, RowQuery())
    return sorted(row["id"] for row in found.rows)


async def test_a_collection_is_drained_page_by_page(run_node: NodeRunner) -> None:
    web = run_node.place.web
    web.pages = {
        None: Page([{"id": "1"}, {"id": "2"}], "p2"),
        "p2": Page([], "p3"),
        "p3": Page([{"id": "3"}, {"nothing": 1}]),
    }
    got = {"body": collection("ada-id")}
    outcome, context = await run_node(NODE % "memo", person=ADA, got=got)
    assert outcome == Exit()
    assert web.fetched == [None, "p2", "p3"]
    report = context.frame.variables["report"]
    assert (report["inserted"], report["skipped"]) == (3, 1)
    assert (context.counts["pages"], context.counts["items"], context.counts["inserted"]) == (
        3,
        4,
        3,
    )
    assert await rows(run_node, "memo", "ada-id") == ["1", "2", "3"]
    assert await rows(run_node, "memo", "bob-id") == []


async def test_pages_are_decoded_by_what_the_mapping_reads(run_node: NodeRunner) -> None:
    run_node.place.web.pages = {
        None: Page([{"id": "1", "text": "a", "more": 1}, {"id": "2"}], "p2"),
        "p2": b'{"value": [{"id": "3", "text": "c", "more": [[]]}, {"more": 2}, {"id": "1", '
        b'"@removed": {}}], "@odata.nextLink": "p3"}',
        "p3": b'{"value": []}',
    }
    _, context = await run_node(NODE % "memo", person=ADA, got={"body": collection("ada-id")})
    found = await run_node.place.services.lists.query("memo", "ada-id", RowQuery())
    assert [(row["id"], row["text"]) for row in found.rows] == [("2", None), ("3", "c")]
    report = context.frame.variables["report"]
    assert (report["inserted"], report["skipped"]) == (2, 1)
    assert report["reasons"] == [["item 4", "the key is required and has no value"]]


@pytest.mark.parametrize(
    "body", [{"value": [{"id": "1"}]}, [{"id": "1"}], {"id": "1"}, {"value": []}]
)
async def test_a_document_is_imported_at_once(run_node: NodeRunner, body: Any) -> None:
    _, context = await run_node(NODE % "memo", person=ADA, got={"body": body})
    expected = [] if body == {"value": []} else ["1"]
    assert await rows(run_node, "memo", "ada-id") == expected
    assert context.counts.get("inserted", 0) == len(expected)


async def test_rows_of_two_users_with_the_same_key_are_two_rows(run_node: NodeRunner) -> None:
    for person in (ADA, BOB):
        body = [{"id": "1", "text": person.name}]
        await run_node(NODE % "memo", person=person, got={"body": body})
    lists = run_node.place.services.lists
    for person in (ADA, BOB):
        (row,) = (await lists.query("memo", person.id, RowQuery())).rows
        assert row["text"] == person.name


async def test_rows_that_users_own_need_a_user(run_node: NodeRunner) -> None:
    with pytest.raises(GraphwrightError):
        await run_node(NODE % "memo", got={"body": [{"id": "1"}]})


async def test_a_users_collection_may_not_go_into_a_shared_list(run_node: NodeRunner) -> None:
    run_node.place.web.pages = {None: Page([{"id": "1"}])}
    with pytest.raises(SharedListRefused):
        await run_node(NODE % "person", person=ADA, got={"body": collection("ada-id")})
    assert await rows(run_node, "person", None) == []
    await run_node(NODE % "person", person=ADA, got={"body": collection(None)})
    assert await rows(run_node, "person", None) == ["1"]


REPLACE = NODE.replace("from:", "mode: replace, from:")


async def test_replace_removes_what_the_same_request_does_not_bring_any_more(
    run_node: NodeRunner,
) -> None:
    web = run_node.place.web

    async def load(query: str, *ids: str) -> None:
        web.pages = {None: Page([{"id": id_} for id_ in ids])}
        got = {"body": collection("ada-id", query)}
        await run_node(REPLACE % "memo", person=ADA, got=got)

    await load("folder=a", "1", "2")
    await load("folder=b", "3")
    await load("folder=a", "2")
    assert await rows(run_node, "memo", "ada-id") == ["2", "3"]


async def test_a_collection_that_breaks_off_removes_nothing(run_node: NodeRunner) -> None:
    web = run_node.place.web
    web.pages = {None: Page([{"id": "1"}, {"id": "2"}])}
    await run_node(REPLACE % "memo", person=ADA, got={"body": collection("ada-id")})
    web.pages = {None: Page([{"id": "2"}], "gone")}
    with pytest.raises(KeyError):
        await run_node(REPLACE % "memo", person=ADA, got={"body": collection("ada-id")})
    assert await rows(run_node, "memo", "ada-id") == ["1", "2"]


@pytest.mark.parametrize(
    ("failure", "kept"),
    [(NoAnswer("x"), ["1", "2"]), (CollectionLoop("x"), []), (Refused("x"), [])],
)
async def test_a_run_that_breaks_off_keeps_its_pages_where_it_may_go_on(
    run_node: NodeRunner, failure: GraphwrightError, kept: list[str]
) -> None:
    web = run_node.place.web
    web.pages = {None: Page([{"id": "1"}], "p2"), "p2": Page([{"id": "2"}], "p3"), "p3": failure}
    with pytest.raises(type(failure)):
        await run_node(NODE % "memo", person=ADA, got={"body": collection("ada-id")})
    assert await rows(run_node, "memo", "ada-id") == kept
    web.pages["p3"] = Page([{"id": "3"}])
    web.fetched.clear()
    _, context = await run_node(NODE % "memo", person=ADA, got={"body": collection("ada-id")})
    assert web.fetched == (["p3"] if kept else [None, "p2", "p3"])
    assert await rows(run_node, "memo", "ada-id") == ["1", "2", "3"]
    assert context.frame.variables["report"]["inserted"] == 3


async def test_behind_a_failure_no_more_pages_are_read(
    run_node: NodeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise Refused("No more room.")

    monkeypatch.setattr(Importer, "apply", fail)
    run_node.place.web.pages = {None: Page([{"id": "0"}], "1")}
    run_node.place.web.pages |= {str(n): Page([{"id": str(n)}], str(n + 1)) for n in range(1, 20)}
    before = asyncio.all_tasks()
    with pytest.raises(Refused):
        await run_node(NODE % "memo", person=ADA, got={"body": collection("ada-id")})
    assert asyncio.all_tasks() == before


async def test_an_unknown_import_names_the_nearest(run_node: NodeRunner) -> None:
    with pytest.raises(NotFound) as caught:
        await run_node(NODE % "mmo", person=ADA, got={})
    assert "memo" in caught.value.hint


@pytest.mark.parametrize("body", ["<html>", 3, True])
async def test_what_is_no_document_is_told(run_node: NodeRunner, body: Any) -> None:
    with pytest.raises(GraphwrightError):
        await run_node(NODE % "memo", person=ADA, got={"body": body})
    assert await rows(run_node, "memo", "ada-id") == []


@pytest.mark.parametrize("value", ["a'b\"{{ 1 }}\u2028", "", None, "$sum([1])"])
async def test_fields_are_set_that_no_item_says(run_node: NodeRunner, value: Any) -> None:
    node = "{type: import_data, import: memo, from: rows, set: {text: '{{ whose }}', size: 7}}"
    given = [{"id": "1", "text": "own"}, {"id": "2"}]
    await run_node(node, person=ADA, rows=given, whose=value)
    found = await run_node.place.services.lists.query("memo", "ada-id", RowQuery())
    assert [(row["text"], row["size"]) for row in found.rows] == [(value, 7)] * 2


async def test_a_field_that_is_not_there_cannot_be_set(run_node: NodeRunner) -> None:
    node = "{type: import_data, import: memo, from: rows, set: {owner: bob-id}}"
    with pytest.raises(GraphwrightError) as caught:
        await run_node(node, person=ADA, rows=[{"id": "1"}])
    assert "owner" in caught.value.message
    assert await rows(run_node, "memo", "ada-id") == []


async def test_without_a_result_the_report_is_only_counted(run_node: NodeRunner) -> None:
    node = "{type: import_data, import: memo, from: rows}"
    _, context = await run_node(node, person=ADA, rows=[{"id": "1"}])
    assert context.frame.variables == {"input": {}, "rows": [{"id": "1"}]}
    assert context.counts == {"inserted": 1}
