"""Properties of json fields that only the data knows: columns, fields, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graphwright.lists import ListDefinition
from graphwright.page_types.form import view as form
from graphwright.page_types.form.config import Config as FormConfig
from graphwright.page_types.table import view as table
from graphwright.page_types.table.config import Config as TableConfig
from graphwright.pages.errors import FormInvalid, PageInvalid, RowsQueryInvalid
from graphwright.pages.open import shown_row
from graphwright.pages.opening import Opening
from graphwright.pages.rows_query import read_rows_query

ITEM = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {"id": {"type": "text"}, "values": {"type": "json"}, "more": {"type": "json"}},
    }
)
KNOWN = [
    {"field": "values", "name": "Title", "required": True},
    {"field": "values", "name": "Odd name: é", "title": "Odd", "type": "number"},
    {"field": "more", "name": "Kind", "options": ["a", "b"]},
    {"field": "more", "name": "Id", "read_only": True},
]
TABLE = TableConfig.model_validate(
    {"type": "table", "title": "Items", "list": "item", "columns": ["id"], "columns_from": "known"}
)
FORM = FormConfig.model_validate(
    {"type": "form", "title": "Item", "list": "item", "fields": ["id"], "fields_from": "known"}
)
ROW = {"_key": "1", "id": "1", "values": {"Title": "One"}, "more": {"Kind": "z", "Id": 7}}


def opening(known: Any, **rows: Any) -> Opening:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return Opening({"known": known}, {"item": ITEM}, "UTC", moment, rows=rows)


def test_a_table_has_a_column_for_each_property() -> None:
    shown = table.view(TABLE, opening(KNOWN))["columns"]
    names = ["id", "values.Title", "values.Odd name: é", "more.Kind", "more.Id"]
    assert [column["name"] for column in shown] == names
    assert [column.get("plain", False) for column in shown] == [False, True, True, True, True]
    part = table.parts(TABLE, opening(KNOWN))["rows"]
    for row, cells in ((ROW, ["1", "One", None, "z", 7]), ({"_key": "2", "values": "text"}, None)):
        found = shown_row(part, row)
        assert [found[name] for name in names] == (cells or [None] * 5)


@pytest.mark.parametrize(
    "asked",
    [{"sort": "values.Title"}, {"filter": '[{"field": "more.Kind", "op": "contains"}]'}],
)
def test_no_table_is_sorted_or_filtered_by_a_property(asked: dict[str, str]) -> None:
    part = table.parts(TABLE, opening(KNOWN))["rows"]
    with pytest.raises(RowsQueryInvalid):
        read_rows_query(part, asked)


@pytest.mark.parametrize(
    "known",
    [
        "text",
        [1],
        [{"field": "values"}],
        [{"field": "values", "name": ""}],
        [{"field": "values", "name": "a", "type": "html"}],
        [{"field": "values", "name": "a", "type": "number", "options": ["1"]}],
        [{"field": "id", "name": "a"}],
        [{"field": "nothing", "name": "a"}],
        [{"field": "values", "name": f"{number}"} for number in range(201)],
    ],
)
def test_what_is_no_property_is_told(known: Any) -> None:
    with pytest.raises(PageInvalid):
        table.view(TABLE, opening(known))
    with pytest.raises(PageInvalid):
        form.view(FORM, opening(known))


def test_without_properties_the_own_columns_are_left() -> None:
    assert [c["name"] for c in table.view(TABLE, opening(None))["columns"]] == ["id"]


def test_a_form_gives_the_properties_as_objects() -> None:
    sent = {"id": "2", "values.Title": "Two", "values.Odd name: é": 2.5, "more.Kind": "b"}
    received = form.receive(FORM, "submit", {"values": sent}, opening(KNOWN))
    assert received == {
        "id": "2",
        "values": {"Title": "Two", "Odd name: é": 2.5},
        "more": {"Kind": "b", "Id": None},
    }


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        ({"values.Title": ""}, {"values.Title"}),
        ({"values.Title": "x", "values.Odd name: é": "much"}, {"values.Odd name: é"}),
        ({"values.Title": "x", "more.Kind": "c"}, {"more.Kind"}),
        ({"values.Title": "x", "values.Hidden": 1}, {"values.Hidden"}),
        ({"values.Title": "x", "values": {"Hidden": 1}}, {"values"}),
    ],
)
def test_properties_are_checked_as_fields_are(sent: dict[str, Any], refused: set[str]) -> None:
    with pytest.raises(FormInvalid) as caught:
        form.receive(FORM, "submit", {"values": sent}, opening(KNOWN))
    assert set(caught.value.fields) == refused


def test_a_form_over_a_row_keeps_what_is_read_only() -> None:
    page = FORM.model_copy(update={"row": "known"})
    there = opening(KNOWN, row=[ROW])
    shown = {field["name"]: field["value"] for field in form.view(page, there)["fields"]}
    assert (shown["values.Title"], shown["more.Kind"], shown["more.Id"]) == ("One", "z", 7)
    sent = {"values.Title": "Uno", "more.Kind": "z", "more.Id": 8}
    received = form.receive(page, "submit", {"values": sent}, there)
    assert received["values"]["Title"] == "Uno"
    assert received["more"] == {"Kind": "z", "Id": 7}
