"""Rows of transient lists behave as those of tables do; queries from outside are checked."""

import json
from typing import Any

import pytest

from graphwright.pages.errors import PageInvalid, RowsQueryInvalid
from graphwright.pages.rows import Column, Part, RowFilter, RowQuery, TransientRows
from graphwright.pages.rows_query import read_rows_query

TYPES = {
    "event": {
        "name": "text",
        "size": "integer",
        "start": "zoned_datetime",
        "day": "date",
        "done": "boolean",
    }
}
ROWS = [
    {"name": "beta", "size": 10, "day": "2026-11-24", "done": True},
    {"name": "Alpha", "size": 9, "day": "2026-11-23", "done": False},
    {"name": None, "size": None, "day": None, "done": None},
]
PART = Part(
    "event",
    (
        Column("name", "name", "Name", "text"),
        Column("size", "size", "Size", "integer"),
        Column("start", "start", "Start", "zoned_datetime"),
        Column("day", "day", "Day", "date"),
        Column("finished", "done", "Finished", "boolean"),
        Column("raw", "raw", "Raw", "json"),
        Column("folder", "folder", "Folder", "text", shown=False),
    ),
    where=(RowFilter("size", "not_empty"),),
    sort=(("name", False),),
)


async def names(query: RowQuery, rows: Any = ROWS) -> list[Any]:
    source = TransientRows({"event": rows}, TYPES)
    return [row["name"] for row in (await source.read(query)).rows]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ((("name", False),), ["Alpha", "beta", None]),
        ((("name", True),), ["beta", "Alpha", None]),
        ((("size", False),), ["Alpha", "beta", None]),
        ((("day", True),), ["beta", "Alpha", None]),
        ((("done", False),), ["Alpha", "beta", None]),
    ],
)
async def test_rows_sort_as_their_types_do_and_what_is_missing_comes_last(
    sort: tuple[tuple[str, bool], ...], expected: list[Any]
) -> None:
    assert await names(RowQuery("event", sort=sort)) == expected


async def test_zoned_times_sort_by_their_instant() -> None:
    rows = [
        {"name": "late", "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}},
        {"name": "early", "start": {"dateTime": "2026-11-23T10:00:00", "timeZone": "Asia/Tokyo"}},
    ]
    assert await names(RowQuery("event", sort=(("start", False),)), rows) == ["early", "late"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("name", "eq", "beta"), ["beta"]),
        (("name", "ne", "beta"), ["Alpha", None]),
        (("name", "contains", "LPH"), ["Alpha"]),
        (("name", "starts_with", "a"), ["Alpha"]),
        (("size", "gt", 9), ["beta"]),
        (("size", "ge", 9), ["beta", "Alpha"]),
        (("size", "lt", 10), ["Alpha"]),
        (("size", "le", 10), ["beta", "Alpha"]),
        (("name", "empty", None), [None]),
        (("name", "not_empty", None), ["beta", "Alpha"]),
        (("name", "eq", None), [None]),
        (("name", "ne", None), ["beta", "Alpha"]),
        (("day", "lt", "2026-11-24"), ["Alpha"]),
        (("done", "eq", False), ["Alpha"]),
    ],
)
async def test_rows_are_filtered(condition: tuple[str, str, Any], expected: list[Any]) -> None:
    assert await names(RowQuery("event", filters=(RowFilter(*condition),))) == expected


async def test_every_word_of_a_search_counts() -> None:
    rows = [{"name": "Lunch with Ada"}, {"name": "Lunch"}]
    assert await names(RowQuery("event", search="ada lunch"), rows) == ["Lunch with Ada"]


async def test_an_export_gives_all_rows() -> None:
    source = TransientRows({"event": ROWS}, TYPES)
    rows = [row async for row in source.export(RowQuery("event", offset=2, limit=1))]
    assert len(rows) == 3


async def test_rows_without_a_key_are_known_by_their_position() -> None:
    source = TransientRows({"event": ROWS}, TYPES)
    read = await source.read(RowQuery("event", key="1"))
    assert [row["name"] for row in read.rows] == ["Alpha"]
    assert (await source.read(RowQuery("event", key="9"))).rows == []


@pytest.mark.parametrize("value", ["text", 5, [1, 2], [{"name": "a"}, None]])
async def test_a_variable_that_holds_no_rows_is_the_model_s_mistake(value: Any) -> None:
    with pytest.raises(PageInvalid, match="event"):
        await names(RowQuery("event"), value)


async def test_a_variable_that_is_not_set_holds_no_rows_yet() -> None:
    assert await names(RowQuery("event"), None) == []


def test_a_query_without_parameters_is_the_part_s_own() -> None:
    query = read_rows_query(PART, {})
    assert query == RowQuery("event", filters=PART.where, sort=PART.sort, limit=100)


def test_a_query_s_own_filter_never_replaces_the_part_s() -> None:
    wanted = json.dumps([{"field": "size", "op": "empty"}])
    query = read_rows_query(PART, {"filter": wanted, "sort": "size:desc,finished"})
    assert query.filters == (RowFilter("size", "not_empty"), RowFilter("size", "empty"))
    assert query.sort == (("size", True), ("done", False))


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "-1"},
        {"limit": "ten"},
        {"limit": ""},
        {"limit": "1e2"},
        {"limit": "٣"},
        {"offset": "-1"},
        {"offset": "99999999999"},
        {"offset": "1.0"},
        {"sort": "nowhere"},
        {"sort": "done"},
        {"sort": "_owner"},
        {"sort": "name:up"},
        {"sort": "raw"},
        {"sort": "name; drop table event"},
        {"search": "x" * 501},
        {"search": "a\x00b"},
        {"filter": "{"},
        {"filter": "{}"},
        {"filter": "[" * 5000},
        {"filter": "[1]"},
        {"filter": '[{"field": "name"}]'},
        {"filter": '[{"field": "name", "op": "like", "value": "x"}]'},
        {"filter": '[{"field": "name", "op": ["eq"], "value": "x"}]'},
        {"filter": '[{"field": "name", "op": "eq", "value": "x", "or": 1}]'},
        {"filter": '[{"field": "_owner", "op": "eq", "value": "x"}]'},
        {"filter": '[{"field": ["name"], "op": "eq", "value": "x"}]'},
        {"filter": '[{"field": "name", "op": "eq", "value": 5}]'},
        {"filter": '[{"field": "name", "op": "eq", "value": {"a": 1}}]'},
        {"filter": '[{"field": "name", "op": "eq", "value": "\\ud800"}]'},
        {"filter": '[{"field": "name", "op": "eq", "value": "\\u0000"}]'},
        {"filter": '[{"field": "size", "op": "eq", "value": "5"}]'},
        {"filter": '[{"field": "size", "op": "eq", "value": true}]'},
        {"filter": '[{"field": "size", "op": "eq", "value": 1e999}]'},
        {"filter": '[{"field": "size", "op": "contains", "value": 1}]'},
        {"filter": '[{"field": "finished", "op": "gt", "value": true}]'},
        {"filter": '[{"field": "finished", "op": "eq", "value": "true"}]'},
        {"filter": '[{"field": "start", "op": "gt", "value": "soon"}]'},
        {"filter": '[{"field": "day", "op": "eq", "value": "2026-02-30"}]'},
        {"filter": '[{"field": "raw", "op": "eq", "value": "x"}]'},
        {"filter": json.dumps([{"field": "name", "op": "empty"}] * 21)},
    ],
)
def test_a_query_that_the_part_does_not_offer_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(RowsQueryInvalid):
        read_rows_query(PART, parameters)


def test_a_part_that_is_not_searched_refuses_a_search() -> None:
    with pytest.raises(RowsQueryInvalid):
        read_rows_query(Part("event", PART.columns, search=False), {"search": "x"})


def test_an_instant_in_a_filter_is_understood_in_every_offset() -> None:
    wanted = '[{"field": "start", "op": "ge", "value": "2026-11-23T09:00:00+01:00"}]'
    (_, condition) = read_rows_query(PART, {"filter": wanted}).filters
    assert condition.value == "2026-11-23T08:00:00Z"
