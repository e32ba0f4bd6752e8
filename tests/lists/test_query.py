"""Queries: the owner's rows only, filtered, searched, sorted, cut out, the same on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwright.kernel.database import Database
from graphwright.kernel.errors import SignInRequired
from graphwright.lists import (
    Filter,
    ListDefinition,
    Lists,
    QueryInvalid,
    RangeFilter,
    RowNotFound,
    RowQuery,
    Sort,
    parse_filters,
    parse_sort,
    path_of,
)

Insert = Callable[..., None]
BERLIN = "Europe/Berlin"


def local(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


PERSON = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text"},
            "name": {"type": "text", "indexed": True},
            "age": {"type": "integer"},
            "score": {"type": "number"},
            "active": {"type": "boolean"},
            "seen": {"type": "datetime"},
            "start": {"type": "zoned_datetime"},
            "end": {"type": "zoned_datetime"},
            "born": {"type": "date", "indexed": True},
            "tags": {"type": "json"},
            "secret": {"type": "text", "sensitive": True},
        },
    }
)
CHILD = ListDefinition.model_validate({"parent": "person", "fields": {"city": {"type": "text"}}})
DEEP = ListDefinition.model_validate({"parent": "home", "fields": {"room": {"type": "text"}}})
SHARED = ListDefinition.model_validate(
    {"owner": "shared", "key": ["id"], "fields": {"id": {"type": "text"}}}
)

ROWS: list[dict[str, Any]] = [
    {"id": "1", "name": "Ann", "age": 30, "score": 1.5, "active": True, "_etag": 'W/"1"',
     "seen": "2026-11-23T09:00:00Z", "start": local("2026-11-23T09:00:00", BERLIN),
     "end": local("2026-11-23T10:00:00", BERLIN), "born": "1990-01-01", "tags": ["x"],
     "secret": "hush"},
    {"id": "2", "name": "bob", "age": None, "score": 2, "active": False,
     "seen": "2026-11-24T09:00:00Z", "start": local("2026-11-30T00:00:00"),
     "end": local("2026-11-30T00:00:00"), "born": "1991-01-01"},
    {"id": "3", "name": "Ärger 100%_\\", "age": 5, "score": None, "active": None},
    {"id": "4", "name": "ΣΊΣΥΦΟΣ", "age": 5, "start": local("2026-11-22T00:00:00"),
     "end": local("2026-11-24T00:00:00")},
    {"id": "5", "name": "", "age": -1, "seen": "2026-11-23T09:00:00.5Z"},
]  # fmt: skip


@pytest.fixture
async def lists(database: Database, insert: Insert) -> Lists:
    found = Lists({"person": PERSON, "home": CHILD, "room": DEEP, "place": SHARED}, database)
    await found.prepare()
    insert(found.table("person"), "ann", *ROWS)
    insert(found.table("person"), "bob", {"id": "1", "name": "Bob's own"})
    insert(found.table("home"), "ann", {"city": "Rome"}, {"city": "Oslo"}, parent="1")
    insert(found.table("home"), "bob", {"city": "Bonn"}, parent="1")
    insert(found.table("room"), "ann", {"room": "attic"}, parent=path_of("1", "0"))
    insert(found.table("place"), "", {"id": "hq"})
    return found


async def keys(lists: Lists, **query: Any) -> list[str]:
    page = await lists.query("person", "ann", RowQuery(**query))
    return [row["_key"] for row in page.rows]


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("name", "eq", "Ann", "1"),
        ("name", "ne", "Ann", "2345"),
        ("age", "eq", None, "2"),
        ("age", "ne", 5, "125"),
        ("age", "gt", 5, "1"),
        ("age", "ge", "5", "134"),
        ("age", "lt", 5, "5"),
        ("age", "le", 5, "345"),
        ("score", "ge", 1.5, "12"),
        ("active", "eq", True, "1"),
        ("active", "eq", "false", "2"),
        ("seen", "ge", "2026-11-23T09:00:00.25Z", "25"),
        ("seen", "lt", "2026-11-23T10:30:00+01:00", "15"),
        ("start", "eq", local("2026-11-23T08:00:00"), "1"),
        ("start", "gt", "2026-11-23T00:00:00Z", "12"),
        ("born", "gt", "1990-06-01", "2"),
        ("name", "contains", "ä", "3"),
        ("name", "contains", "ÄRGER", "3"),
        ("name", "contains", "100%", "3"),
        ("name", "contains", "%", "3"),
        ("name", "contains", "_\\", "3"),
        ("name", "contains", "nn", "1"),
        ("name", "starts_with", "ä", "3"),
        ("name", "contains", "Ａ", ""),
        ("name", "starts_with", "B", "2"),
        ("name", "starts_with", "n", ""),
        ("name", "contains", "\x00", ""),
        ("name", "gt", "ann", "234"),
        ("name", "le", "ANN", "15"),
        ("tags", "contains", "X", "1"),
        ("name", "empty", None, "5"),
        ("name", "not_empty", None, "1234"),
        ("score", "empty", None, "345"),
        ("tags", "not_empty", None, "1"),
    ],
)
async def test_a_filter_finds_its_rows(
    lists: Lists, field: str, op: Any, value: Any, expected: str
) -> None:
    assert sorted(await keys(lists, filters=(Filter(field, op, value),))) == list(expected)


@pytest.mark.parametrize(
    "query",
    [
        {"filters": (Filter("nmae", "eq", "x"),)},
        {"filters": (Filter("age", "eq", "old"),)},
        {"filters": (Filter("age", "contains", "1"),)},
        {"filters": (Filter("name", "contains", 1),)},
        {"filters": (Filter("tags", "eq", "x"),)},
        {"filters": (Filter("age", "gt", None),)},
        {"filters": (Filter("age", "eq", 1),) * 51},
        {"sort": (Sort("nothing"),)},
        {"sort": (Sort("_owner"),)},
        {"sort": (Sort("tags"),)},
        {"range": RangeFilter("name", "end", "2026-01-01", "2026-01-02")},
        {"range": RangeFilter("start", "end", "soon", "later")},
        {"parent": "1"},
    ],
)
async def test_a_wrong_query_is_refused(lists: Lists, query: dict[str, Any]) -> None:
    with pytest.raises(QueryInvalid):
        await keys(lists, **query)


async def test_an_unknown_field_names_the_nearest(lists: Lists) -> None:
    with pytest.raises(QueryInvalid) as caught:
        await keys(lists, filters=(Filter("nmae", "eq", "x"),))
    assert "name" in caught.value.hint


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", "12345"),
        ("name", "51234"),
        ("name:desc", "43215"),
        ("age", "53412"),
        ("age:desc", "13452"),
        ("age:asc,name:desc", "54312"),
        ("seen", "15234"),
        ("start", "41235"),
        ("active:desc", "12345"),
        ("born:desc", "21345"),
    ],
)
async def test_rows_are_sorted_nulls_last_and_ties_by_key(
    lists: Lists, sort: str, expected: str
) -> None:
    assert await keys(lists, sort=parse_sort(sort)) == list(expected)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ann", "1"),
        ("ÄRGER", "3"),
        ("ärger 100%", "3"),
        ("σίσυφοσ", "4"),
        ("b", "2"),
        ("hush", ""),
        ("%", "3"),
        ("nobody", ""),
        ("ß", ""),
        ("K", ""),
        ("Ä", "3"),
        ("  ", "12345"),
    ],
)
async def test_a_search_finds_text_in_any_case_and_script(
    lists: Lists, search: str, expected: str
) -> None:
    assert await keys(lists, search=search) == list(expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "14"),
        ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "4"),
        ("2026-11-23T08:59:00Z", "2026-11-23T09:00:00Z", "14"),
        ("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", "4"),
        ("2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z", "2"),
        ("2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z", ""),
        ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", ""),
    ],
)
async def test_a_range_finds_what_overlaps_it(
    lists: Lists, start: str, end: str, expected: str
) -> None:
    assert await keys(lists, range=RangeFilter("start", "end", start, end)) == list(expected)


async def test_a_range_over_dates_takes_whole_days(lists: Lists) -> None:
    found = RangeFilter("born", "born", "1990-01-01T05:00:00Z", "1990-06-01T00:00:00Z")
    assert await keys(lists, range=found) == ["1"]


async def test_a_page_is_a_part_with_the_number_of_all(lists: Lists) -> None:
    page = await lists.query("person", "ann", RowQuery(offset=1, limit=2))
    assert ([row["_key"] for row in page.rows], page.total) == (["2", "3"], 5)
    page = await lists.query("person", "ann", RowQuery(offset=4, limit=None))
    assert ([row["_key"] for row in page.rows], page.total) == (["5"], 5)
    page = await lists.query("person", "ann", RowQuery(offset=99))
    assert (page.rows, page.total) == ([], 5)


async def test_a_row_reads_as_it_was_written(lists: Lists) -> None:
    row = await lists.row("person", "ann", "1")
    assert row == {"_key": "1", **ROWS[0]}
    assert "_etag" not in await lists.row("person", "ann", "2")


async def test_nobody_sees_the_rows_of_another(lists: Lists) -> None:
    assert (await lists.row("person", "bob", "1"))["name"] == "Bob's own"
    assert (await lists.query("person", "eve", RowQuery())).total == 0
    with pytest.raises(RowNotFound):
        await lists.row("person", "bob", "2")
    assert [row["_key"] async for row in lists.export("person", "bob", RowQuery())] == ["1"]
    children = await lists.children("person", "bob", "1")
    assert [row["city"] for row in children["home"]] == ["Bonn"]
    assert (await lists.count("person", "bob"), await lists.count("person")) == (1, 6)


@pytest.mark.parametrize("owner", [None, ""])
async def test_nobody_signed_out_sees_rows_of_people(lists: Lists, owner: str | None) -> None:
    with pytest.raises(SignInRequired):
        await lists.query("person", owner, RowQuery())
    with pytest.raises(SignInRequired):
        await lists.row("home", owner, "0", parent="1")
    assert (await lists.query("place", owner, RowQuery())).total == 1


async def test_children_come_with_their_parent_and_in_order(lists: Lists) -> None:
    children = await lists.children("person", "ann", "1")
    assert [(row["city"], row["_position"]) for row in children["home"]] == [
        ("Rome", 0),
        ("Oslo", 1),
    ]
    deeper = await lists.children("home", "ann", "0", parent="1")
    assert [row["room"] for row in deeper["room"]] == ["attic"]
    assert (await lists.row("home", "ann", "1", parent="1"))["city"] == "Oslo"
    with pytest.raises(QueryInvalid):
        await lists.row("home", "ann", "1")


@pytest.mark.parametrize("key", ["9", "", "1' OR '1'='1", "a\x00b", "😀"])
async def test_an_unknown_key_is_not_found(lists: Lists, key: str) -> None:
    with pytest.raises(RowNotFound):
        await lists.row("person", "ann", key)


async def test_an_export_gives_every_row_once_in_order(lists: Lists, insert: Insert) -> None:
    insert(lists.table("person"), "cleo", *({"id": f"{n:05}", "age": n % 7} for n in range(1_234)))
    query = RowQuery(sort=(Sort("age", descending=True),), limit=3)
    rows = [row async for row in lists.export("person", "cleo", query)]
    assert [(row["age"], row["id"]) for row in rows] == sorted(
        ((row["age"], row["id"]) for row in rows), key=lambda pair: (-pair[0], pair[1])
    )
    assert len({row["_key"] for row in rows}) == 1_234


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[1]",
        "x",
        '[{"field": "a"}]',
        '[{"field": "a", "op": "like"}]',
        '[{"field": "a", "op": "eq", "value": 1, "owner": "bob"}]',
    ],
)
def test_a_filter_text_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(QueryInvalid):
        parse_filters(text)


def test_filters_and_sorts_are_read_from_text() -> None:
    assert parse_filters('[{"field": "a", "op": "eq", "value": [1]}]') == (Filter("a", "eq", [1]),)
    assert parse_filters("") == ()
    assert parse_sort("a:desc, b") == (Sort("a", True), Sort("b"))
    with pytest.raises(QueryInvalid):
        parse_sort("a:up")
