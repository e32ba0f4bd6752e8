"""Imports into transient lists: the same rows as a table would hold, in memory."""

from typing import Any

import pytest

from graphwright.imports import ImportDefinition, ImportFailed
from graphwright.imports.transient import TransientImporter
from graphwright.lists import ListDefinition

LISTS = {
    "event": ListDefinition.model_validate(
        {
            "storage": "transient",
            "key": ["id"],
            "fields": {
                "id": {"type": "text"},
                "start": {"type": "zoned_datetime"},
                "is_all_day": {"type": "boolean"},
                "size": {"type": "integer"},
            },
        }
    ),
    "attendee": ListDefinition.model_validate(
        {"storage": "transient", "parent": "event", "fields": {"email": {"type": "text"}}}
    ),
    "person": ListDefinition.model_validate({"fields": {"name": {"type": "text"}}}),
}
IMPORT = ImportDefinition.model_validate(
    {
        "list": "event",
        "fields": {"id": "id", "start": "start", "is_all_day": "isAllDay", "size": "size"},
        "children": {"attendee": {"items": "attendees", "fields": {"email": "address"}}},
    }
)


def event(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "@odata.etag": f'W/"{number}"',
        "start": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "Asia/Kolkata"},
        "isAllDay": False,
        "size": 2**60,
        "attendees": [{"address": "anna@example.com"}, {"address": "boris@example.com"}],
        **values,
    }


def test_items_become_rows_with_their_types_etags_and_children() -> None:
    importer = TransientImporter(LISTS, IMPORT)
    importer.apply([event(1)])
    (row,) = importer.rows
    assert row["_key"] == "e1"
    assert row["_etag"] == 'W/"1"'
    assert row["start"]["timeZone"] == "Asia/Kolkata"
    assert row["start"]["dateTime"].startswith("2026-11-23T09:00:00")
    assert (row["is_all_day"], row["size"]) == (False, 2**60)
    assert [child["email"] for child in row["attendee"]] == [
        "anna@example.com",
        "boris@example.com",
    ]


def test_an_item_that_does_not_fit_is_skipped_with_its_reason() -> None:
    importer = TransientImporter(LISTS, IMPORT)
    importer.apply([event(1), event(2, start="never"), {"isAllDay": True}])
    assert [row["_key"] for row in importer.rows] == ["e1"]
    assert importer.report.skipped == 2
    assert len(importer.report.reasons) == 2


def test_the_same_key_again_replaces_the_row() -> None:
    importer = TransientImporter(LISTS, IMPORT)
    importer.apply([event(1), event(1, isAllDay=True)])
    assert [row["is_all_day"] for row in importer.rows] == [True]


def test_more_rows_than_a_state_holds_are_refused() -> None:
    importer = TransientImporter(LISTS, IMPORT)
    with pytest.raises(ImportFailed, match="10,000"):
        importer.apply(event(number, attendees=[]) for number in range(10_001))


def test_a_transient_list_may_refer_to_a_table() -> None:
    draft = ListDefinition.model_validate(
        {
            "storage": "transient",
            "key": ["id"],
            "fields": {"id": {"type": "text"}, "to": {"type": "reference", "list": "person"}},
        }
    )
    mapping = ImportDefinition.model_validate({"list": "draft", "fields": {"id": "id", "to": "to"}})
    importer = TransientImporter({**LISTS, "draft": draft}, mapping)
    importer.apply([{"id": "d", "to": 7}])
    assert [(row["_key"], row["to"]) for row in importer.rows] == [("d", "7")]


def test_a_removed_item_takes_its_transient_row_away() -> None:
    importer = TransientImporter(LISTS, IMPORT)
    importer.apply([event(1), event(2), {"id": "e1", "@removed": {"reason": "deleted"}}])
    assert [row["_key"] for row in importer.rows] == ["e2"]
