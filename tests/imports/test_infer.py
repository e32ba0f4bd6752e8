"""Mappings from examples: nothing in the example is lost."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.imports import DocumentInvalid, ImportDefinition, Importer, Mapper
from graphwright.imports.infer import Inferred, infer
from graphwright.imports.items import REMOVED
from graphwright.imports.rows import ChildRow, Mapped, Removed, Row
from graphwright.imports.shapes import walk_leaves
from graphwright.kernel.database import Database
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import parse_instant
from graphwright.lists import ListDefinition, Lists, ListTable, build_tables
from graphwright.lists.tables import column_names
from graphwright.lists.values import read, read_json

EVENTS: dict[str, Any] = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#events",
    "value": [
        {
            "@odata.etag": 'W/"1"',
            "@odata.type": "#microsoft.graph.event",
            "id": "a",
            "subject": "=1+1",
            "isAllDay": False,
            "size": 2**60 + 1,
            "ratio": 1.5,
            "createdDateTime": "2026-11-23T09:00:00.1234560Z",
            "reminder": "PT15M",
            "day": "2026-11-23",
            "never": "0001-01-01T00:00:00Z",
            "body": {"contentType": "html", "content": "<html><body>x</body></html>"},
            "start": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "Pacific Standard Time"},
            "location": {"displayName": "Room", "address": {"city": "Köln", "type": None}},
            "categories": ["red"],
            "attendees": [
                {"type": "required", "emailAddress": {"name": "Zoë", "address": "z@x.example"}},
                {"type": "optional", "emailAddress": {"name": None, "address": "y@x.example"},
                 "slots": [{"start": 1, "parts": [{"deep": [{"deeper": [{"n": 1}]}]}]}]},
            ],
            "assignments": {"fbab97d0-4932-4511-b675-204639209557": {"order": "1"}},
            "fields": {"Title": "x", "Cost_x0020_Center": 5, "Author@odata.type": "#Edm.Int32"},
            "owner": None,
            "_id": 7,
            "order": 1,
            "xmin": 3,
            "Location Display Name": "clash",
            "👍": "yes",
        },
        {"@odata.etag": 'W/"2"', "id": "b", "mixed": 1, "size": -1, "categories": []},
        {"@odata.etag": 'W/"3"', "id": "c", "mixed": "x", "attendees": [], "body": None},
    ],
}  # fmt: skip


def test_fields_types_and_names_follow_the_example() -> None:
    inferred = infer(EVENTS, "event")
    event = inferred.lists["event"]
    types = {name: field["type"] for name, field in event["fields"].items()}
    assert event["key"] == ["id"]
    expected = {
        "odata_type": "text", "id": "text", "subject": "text", "is_all_day": "boolean",
        "size": "integer", "ratio": "number", "created_date_time": "datetime",
        "reminder": "duration", "day": "date", "never": "datetime", "body_content_type": "text",
        "body_content": "html", "start": "zoned_datetime", "location_display_name": "text",
        "location_address_city": "text", "location_address_type": "json", "categories": "json",
        "assignments": "json", "fields_title": "text", "fields_cost_x0020_center": "integer",
        "fields_author_odata_type": "text", "owner": "json", "id_2": "integer",
        "order": "integer", "xmin_2": "integer", "location_display_name_2": "text",
        "field": "text", "mixed": "json",
    }  # fmt: skip
    assert types == expected
    assert inferred.lists["event_attendee_slot_part"]["parent"] == "event_attendee_slot"
    assert inferred.lists["event_attendee_slot"]["parent"] == "event_attendee"
    assert inferred.lists["event_attendee"]["parent"] == "event"
    # Three deep are lists; what lies deeper is JSON.
    assert inferred.lists["event_attendee_slot_part"]["fields"]["deep"]["type"] == "json"
    assert inferred.imports["event"]["unexpected"] == "keep"


def test_an_example_of_every_shape_is_found_again() -> None:
    assert_nothing_is_lost(EVENTS)


@pytest.mark.parametrize(
    "example",
    [
        {"id": "1", "displayName": "single"},
        {"@odata.context": "x", "value": {"id": "1", "n": 1}},
        {"@odata.context": "x", "value": "just a text"},
        {"value": ["a", "b", "a"]},
        {"value": [1, "a", None, {"x": 1}]},
        {"value": [{"id": "same", "n": 1}, {"id": "same", "n": 2}]},
        {"value": [{"id": None, "n": 1}, {"n": 2}]},
        {"value": [{"id": 1}, {"id": 2}]},
        {"value": [{"a`b": 1}]},
        {"value": [{"": 1, "x": {"": 2}}]},
        {"value": [{"a": [[{"x": 1}]]}]},
        {"value": [{"a": [{"x": 1}, None]}]},
        {"value": [{"children": [{"n": 1}]}]},
        {"value": [{}]},
        {"value": [{"t": "a\x00b", "u": "\ud800"}]},
        {"value": [{"n": 2**70}, {"n": 1}]},
        {"value": [{"n": 2**53 + 1}, {"n": 0.5}]},
        {"value": [{"d": "2026-11-23T09:00:00.1234567Z"}]},
        {"value": [{"d": "2026-02-30"}, {"d": "2026-02-01"}]},
        {"value": [{"z": {"dateTime": "2026-11-23T09:00:00", "timeZone": "Customized"}}]},
        {"value": [{"n": 1}], "total": 1},
        {"value": [{f"p{n}": n for n in range(700)}]},
        {"value": [{"o": {f"p{n}": n for n in range(100)}}]},
        {"true": 1, "null": {"and": 2}},
        [{"select": 1, "FROM": 2, "From": 3}],
    ],
)
def test_odd_examples_are_found_again(example: Any) -> None:
    assert_nothing_is_lost(example)


NAMES = st.sampled_from(["id", "a", "B", "c d", "@odata.type", "`", "", "null", "ä", "xmin", "1"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["2026-11-23", "2026-11-23T09:00:00Z", "PT1H", "0001-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(st.dictionaries(NAMES, JSON, max_size=4), min_size=1, max_size=4))
def test_any_json_is_found_again(items: list[Any]) -> None:
    assert_nothing_is_lost({"value": items})


async def test_what_was_inferred_runs_on_a_database(database: Database) -> None:
    inferred = infer(EVENTS, "event")
    definitions = {name: ListDefinition.model_validate(d) for name, d in inferred.lists.items()}
    lists = Lists(definitions, database)
    await lists.prepare()
    definition = ImportDefinition.model_validate(inferred.imports["event"])
    report = await Importer(lists, definition, name="event", owner="ann").apply_document(EVENTS)
    assert (report.inserted, report.skipped, report.reasons) == (3, 0, [])
    row = await lists.row("event", "ann", "a")
    assert (row["start"], row["size"], row["_etag"]) == (
        EVENTS["value"][0]["start"],
        2**60 + 1,
        'W/"1"',
    )
    assert row["assignments"] == EVENTS["value"][0]["assignments"]
    children = await lists.children("event", "ann", "a")
    assert [child["email_address_name"] for child in children["event_attendee"]] == ["Zoë", None]
    again = await Importer(lists, definition, name="event", owner="ann").apply_document(EVENTS)
    assert again.unchanged == 3


@pytest.mark.parametrize("example", [{"value": []}, [], "text", 5, None, [{"@removed": {}}]])
def test_an_example_without_items_is_refused(example: Any) -> None:
    with pytest.raises(DocumentInvalid):
        infer(example, "thing")


@pytest.mark.parametrize("name", ["", "Event", "_event", "a b", "x" * 60, "sqlite_x", "a__b", "e'"])
def test_a_name_that_no_list_can_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        infer(EVENTS, name)


@pytest.mark.parametrize("part", ["get_docs", "get_concepts", "get_cli"])
def test_every_recorded_response_is_found_again(part: str, corpus: Path) -> None:
    checked = 0
    lines = (corpus / "open" / f"{part}.jsonl").read_text("utf-8").split("\n")
    for number, line in enumerate(filter(None, lines), 1):
        record = json.loads(line)
        body = record.get("response_body", record.get("response"))
        try:
            infer(body, "thing")
        except DocumentInvalid:
            assert not has_items(body), f"line {number}"
            continue
        assert_nothing_is_lost(body, f"line {number}")
        checked += 1
    assert checked > 30 or os.environ.get("GRAPHWRIGHT_CORPUS")


def has_items(body: Any) -> bool:
    if not isinstance(body, dict | list):
        return False
    items = body["value"] if isinstance(body, dict) and "value" in body else body
    items = items if isinstance(items, list) else [items]
    return any(not (isinstance(item, dict) and REMOVED in item) for item in items)


def assert_nothing_is_lost(example: Any, at: str = "") -> None:
    inferred = infer(example, "thing")
    mapper = make_mapper(inferred)
    items = mapper.items(example)
    keys: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        found = mapper.map(item, number)
        if isinstance(item, dict) and REMOVED in item:
            assert isinstance(found, Removed), f"{at} {found}"
            continue
        assert isinstance(found, Mapped), f"{at} {found}"
        assert found.notices == [], at
        kept = Counter(leaves_of(found.row, mapper))
        wanted = Counter(key for leaf in walk_leaves(item) if (key := comparable(leaf)) is not None)
        lost = wanted - kept
        assert not lost, f"{at}: {lost}"
        assert keys.setdefault(found.row.key, wanted) == wanted, f"{at}: two items have one key"


def make_mapper(inferred: Inferred) -> Mapper:
    definitions = {
        name: ListDefinition.model_validate(json.loads(json.dumps(definition)))
        for name, definition in inferred.lists.items()
    }
    [definition] = inferred.imports.values()
    return Mapper(ImportDefinition.model_validate(definition), build_tables(definitions))


def leaves_of(row: Row, mapper: Mapper) -> Iterator[Any]:
    if row.etag is not None:
        yield comparable(row.etag)
    yield from leaves_of_level(row, mapper.listed, mapper.columns, mapper)


def leaves_of_level(
    row: Row | ChildRow, listed: ListTable, columns: list[str], mapper: Mapper
) -> Iterator[Any]:
    values = dict(zip(columns, row.values, strict=True))
    for name, field in listed.definition.fields.items():
        parts = tuple(values[column] for column in column_names(name, field))
        yield from map(comparable, walk_leaves(read(field.type, parts)))
    if row.extra is not None:
        yield from map(comparable, walk_leaves(read_json(row.extra)))
    for child in listed.children:
        for below in row.children.get(child.name, []):
            yield from leaves_of_level(below, child, mapper.child_columns(child.name), mapper)


def comparable(leaf: Any) -> Any:
    """A leaf as it may be compared: the same instant in another notation is the same."""
    if isinstance(leaf, bool):
        return ("boolean", leaf)
    if isinstance(leaf, str):
        if leaf.startswith("0001-01-01"):
            return None
        if len(leaf) >= 19 and leaf.endswith("Z"):
            try:
                return parse_instant(leaf).isoformat()
            except InvalidInput:
                return leaf
    return leaf
