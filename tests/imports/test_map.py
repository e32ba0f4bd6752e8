"""Mapping: policies, keys, children, what is left over."""

from typing import Any

import pytest

from graphwright.imports import (
    DocumentInvalid,
    ImportDefinition,
    ImportFailed,
    ImportInvalid,
    Mapper,
)
from graphwright.imports.rows import Mapped, Removed, Skipped
from graphwright.lists import ListDefinition, ListUnknown, build_tables
from graphwright.lists.values import read_json

LISTS = build_tables(
    {
        name: ListDefinition.model_validate(definition)
        for name, definition in {
            "event": {
                "key": ["id"],
                "fields": {
                    "id": {"type": "text"},
                    "subject": {"type": "text", "required": True},
                    "size": {"type": "integer"},
                    "start": {"type": "zoned_datetime"},
                    "tags": {"type": "json"},
                },
            },
            "guest": {
                "parent": "event",
                "key": ["email"],
                "fields": {"email": {"type": "text"}, "age": {"type": "integer"}},
            },
            "slot": {"parent": "guest", "fields": {"at": {"type": "text"}}},
            "note": {"fields": {"text": {"type": "text"}}},
            "pair": {
                "key": ["a", "b"],
                "fields": {"a": {"type": "integer"}, "b": {"type": "text"}},
            },
            "memo": {"storage": "transient", "fields": {"text": {"type": "text"}}},
        }.items()
    }
)
FIELDS = {"id": "id", "subject": "subject", "size": "size", "start": "start", "tags": "tags"}
CHILDREN = {
    "guest": {
        "items": "guests",
        "fields": {"email": "mail.address", "age": "age"},
        "children": {"slot": {"items": "slots", "fields": {"at": "$"}}},
    }
}
ITEM: dict[str, Any] = {
    "@odata.etag": 'W/"7"',
    "id": "a",
    "subject": "x",
    "size": 2**60 + 1,
    "tags": ["one"],
    "start": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"},
}


def make(**values: Any) -> Mapper:
    return Mapper(
        ImportDefinition.model_validate({"list": "event", "fields": FIELDS, **values}), LISTS
    )


def row_of(mapper: Mapper, item: Any) -> Any:
    found = mapper.map(item)
    assert isinstance(found, Mapped), found
    return found.row


def test_an_item_becomes_a_row_of_its_columns() -> None:
    mapper = make()
    row = row_of(mapper, ITEM)
    values = dict(zip(mapper.columns, row.values, strict=True))
    assert (row.key, row.etag, row.extra, row.children) == ("a", 'W/"7"', None, {})
    assert values == {
        "id": "a", "subject": "x", "size": 2**60 + 1, "tags": '["one"]',
        "start": "2026-11-23T09:00:00.000000Z", "start__local": "2026-11-23T09:00:00.0000000",
        "start__zone": "UTC",
    }  # fmt: skip


def test_the_hash_tells_whether_a_row_is_as_it_was() -> None:
    mapper = make(children=CHILDREN)
    same = row_of(mapper, ITEM).hash
    assert row_of(mapper, dict(reversed(ITEM.items()))).hash == same
    for change in (
        {"subject": "y"},
        {"@odata.etag": "8"},
        {"size": None},
        {"guests": [{"mail": {"address": "z"}}]},
    ):
        assert row_of(mapper, {**ITEM, **change}).hash != same
    other = make(fields={**FIELDS, "size": "id", "id": "id"}, children=CHILDREN, mistyped="null")
    assert row_of(other, ITEM).hash != same


@pytest.mark.parametrize(
    ("policy", "item", "outcome"),
    [
        ({}, {"subject": None}, "subject is required"),
        ({}, {"subject": ...}, "subject is required"),
        ({}, {"id": None}, "key is required"),
        ({}, {"id": ""}, "key is required"),
        ({}, {"id": ...}, "key is required"),
        ({}, {"id": "a\x1fb"}, "the key"),
        ({}, {"size": ...}, None),
        ({"missing": "skip_row"}, {"size": ...}, "size is missing"),
        ({"missing": "skip_row"}, {"size": None}, None),
        ({"missing": "fail"}, {"size": ...}, ImportFailed),
        ({"missing": "fail"}, {"subject": None}, ImportFailed),
        ({"missing": "fail"}, {"id": ...}, ImportFailed),
        ({}, {"size": "big"}, "size: This text is no integer"),
        ({}, {"size": 2**64}, "size: The integer has more than 64 bits"),
        ({}, {"start": {"dateTime": "x", "timeZone": "UTC"}}, "start"),
        ({"mistyped": "null"}, {"size": "big"}, None),
        ({"mistyped": "null"}, {"start": 5}, None),
        ({"mistyped": "null"}, {"subject": {}}, "subject is required"),
        ({"mistyped": "null"}, {"id": []}, "key is required"),
        ({"mistyped": "fail"}, {"size": []}, ImportFailed),
        ({"mistyped": "fail"}, {"id": "a\x1fb"}, ImportFailed),
        ({"fields": {**FIELDS, "size": "size / 0 & $error('x')"}}, {"size": 1}, "size: "),
        ({"unexpected": "skip_row"}, {"colour": 1, "start": {"dateTime": "2026-01-01",
         "timeZone": "UTC", "more": 1}}, "unexpected: colour"),
        ({"unexpected": "skip_row"}, {"id@odata.type": "x", "@odata.type": "y"}, None),
        ({"unexpected": "fail"}, {"colour": None}, ImportFailed),
        ({"unexpected": "ignore"}, {"colour": 1}, None),
    ],
)  # fmt: skip
def test_policies_decide(policy: dict[str, Any], item: dict[str, Any], outcome: Any) -> None:
    mapper = make(**policy)
    given = {name: value for name, value in {**ITEM, **item}.items() if value is not ...}
    if outcome is ImportFailed:
        with pytest.raises(ImportFailed) as caught:
            mapper.map(given, 3)
        assert caught.value.facts["where"] == "item 3"
        return
    found = mapper.map(given, 3)
    if outcome is None:
        assert isinstance(found, Mapped)
        return
    assert isinstance(found, Skipped)
    [(where, why)] = found.reasons
    assert where == "item 3"
    assert outcome in why


def test_a_reason_never_shows_a_value() -> None:
    found = make().map({**ITEM, "size": "my secret"})
    assert isinstance(found, Skipped)
    assert "secret" not in str(found.reasons)


def test_keep_puts_what_nothing_reads_into_extra() -> None:
    mapper = make(
        fields={"id": "id", "subject": "info.title"}, unexpected="keep", children=CHILDREN
    )
    row = row_of(
        mapper,
        {
            "id": "a",
            "@odata.etag": "1",
            "info": {"title": "t", "more": [1]},
            "n": None,
            "guests": [{"mail": {"address": "x", "name": "X"}, "slots": ["s"]}],
        },
    )
    assert read_json(row.extra) == {"info": {"more": [1]}, "n": None}
    [guest] = row.children["guest"]
    assert read_json(guest.extra) == {"mail": {"name": "X"}}
    assert [slot.extra for slot in guest.children["slot"]] == [None]


def test_children_have_keys_or_positions_and_the_last_of_a_key_wins() -> None:
    row = row_of(
        make(children=CHILDREN),
        {
            **ITEM,
            "guests": [
                {"mail": {"address": "a"}, "age": 1, "slots": ["x", "y"]},
                {"mail": {"address": "b"}},
                {"mail": {"address": "a"}, "age": 2},
            ],
        },
    )
    guests = [(guest.key, guest.position, guest.values) for guest in row.children["guest"]]
    assert guests == [("a", 2, ("a", 2)), ("b", 1, ("b", None))]
    assert row.weight == 3
    single = row_of(make(children=CHILDREN), {**ITEM, "guests": {"mail": {"address": "a"}}})
    assert [guest.key for guest in single.children["guest"]] == ["a"]


def test_a_bad_child_is_left_out_and_said() -> None:
    found = make(children=CHILDREN).map(
        {**ITEM, "guests": [{"age": 1}, {"mail": {"address": "b"}}, None]}
    )
    assert isinstance(found, Mapped)
    assert [guest.key for guest in found.row.children["guest"]] == ["b"]
    assert [where for where, _ in found.notices] == ["item 1, guest 1", "item 1, guest 3"]


def test_several_fields_or_an_expression_make_the_key() -> None:
    pair = Mapper(
        ImportDefinition.model_validate({"list": "pair", "fields": {"a": "x", "b": "y"}}), LISTS
    )
    assert row_of(pair, {"x": 1, "y": "z"}).key == '["1","z"]'
    own = make(key=["id", "size"])
    assert row_of(own, {**ITEM, "size": 5}).key == '["a","5"]'


def test_a_list_without_a_key_tells_rows_apart_by_their_content() -> None:
    note = Mapper(
        ImportDefinition.model_validate({"list": "note", "fields": {"text": "text"}}), LISTS
    )
    first, second, third = (row_of(note, {"text": text}).key for text in ("a", "b", "a"))
    assert first == third != second


def test_a_removed_item_gives_the_key_to_delete() -> None:
    removed = make().map({"id": "a", "@removed": {"reason": "deleted"}})
    assert removed == Removed("a")
    assert isinstance(make().map({"@removed": {}}), Skipped)


@pytest.mark.parametrize(
    ("document", "items", "expected"),
    [
        ({"value": [1, 2]}, None, [1, 2]),
        ({"value": {"id": 1}}, None, [{"id": 1}]),
        ({"value": "x"}, None, [{"value": "x"}]),
        ({"id": 1}, None, [{"id": 1}]),
        ([1], None, [1]),
        ({"value": []}, None, []),
        ({"a": {"b": [1]}}, "a.b", [1]),
        ({"a": {"b": {"c": 1}}}, "a.b", [{"c": 1}]),
    ],
)
def test_the_items_of_a_document_are_found(document: Any, items: Any, expected: Any) -> None:
    assert make(items=items).items(document) == expected


@pytest.mark.parametrize(
    ("document", "items"), [("text", None), (5, None), (None, None), ({}, "a")]
)
def test_a_document_without_items_is_refused(document: Any, items: Any) -> None:
    with pytest.raises(DocumentInvalid):
        make(items=items).items(document)


@pytest.mark.parametrize(
    "values",
    [
        {"fields": {"subject": "subject"}},
        {"fields": {**FIELDS, "nothing": "x"}},
        {"fields": {**FIELDS, "size": "size +"}},
        {"list": "guest", "fields": {"email": "x"}},
        {"children": {"note": {"items": "x", "fields": {"text": "y"}}}},
        {"children": {"guest": {"items": "x", "fields": {"age": "y"}}}},
    ],
)
def test_an_import_that_does_not_fit_its_list_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ImportInvalid):
        make(**values)


@pytest.mark.parametrize("name", ["evnet", "memo"])
def test_an_import_needs_a_database_list(name: str) -> None:
    with pytest.raises(ListUnknown):
        make(list=name)
