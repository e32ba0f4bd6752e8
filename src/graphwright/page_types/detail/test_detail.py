"""Detail pages: one row, read anew, its HTML harmless."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition, RowNotFound
from graphwright.page_types.detail import view as detail
from graphwright.page_types.detail.config import Config
from graphwright.pages.errors import PageInvalid
from graphwright.pages.opening import Opening

FIELDS = {
    "id": {"type": "text", "hidden": True},
    "name": {"type": "text"},
    "about": {"type": "html"},
    "pin": {"type": "text", "sensitive": True},
}
PERSON = ListDefinition.model_validate({"key": ["id"], "fields": FIELDS})
LOOSE = ListDefinition.model_validate({"storage": "transient", "fields": FIELDS})
PAGE = Config.model_validate({"type": "detail", "title": "Person", "list": "person", "row": "who"})


def opening(who: Any, *rows: dict[str, Any], definition: ListDefinition = PERSON) -> Opening:
    return Opening(
        {"who": who},
        {"person": definition},
        "UTC",
        datetime(2026, 11, 23, tzinfo=UTC),
        rows={"row": rows},
    )


def test_a_row_shows_its_fields_but_hidden_and_sensitive_ones() -> None:
    row = {"_key": "1", "id": "1", "name": "Ада", "about": "<b onclick=x>Hi</b>", "pin": "0000"}
    view = detail.view(PAGE, opening("1", row))
    assert view["row"] == {"key": "1"}
    assert view["fields"] == [
        {"name": "name", "title": "Name", "type": "text", "value": "Ада"},
        {"name": "about", "title": "About", "type": "html", "value": "<b>Hi</b>"},
    ]


def test_a_stored_row_is_read_anew_whatever_the_flow_holds() -> None:
    query = detail.reads(PAGE, opening({"_key": "1", "name": "old"}))["row"]
    assert (query.key, query.value) == ("1", None)
    assert detail.reads(PAGE, opening("1"))["row"].key == "1"


def test_a_row_that_lies_in_no_table_is_shown_as_the_flow_has_it() -> None:
    value = {"_key": "1", "name": "new"}
    assert detail.reads(PAGE, opening(value, definition=LOOSE))["row"].value == value
    assert detail.reads(PAGE, opening({"name": "x"}))["row"].value == {"name": "x"}


def test_its_part_holds_that_row_and_no_other() -> None:
    (condition,) = detail.parts(PAGE, opening("1"))["row"].where
    assert (condition.field, condition.value) == ("_key", "1")


def test_a_row_that_is_gone_says_so() -> None:
    with pytest.raises(RowNotFound):
        detail.view(PAGE, opening("1"))


@pytest.mark.parametrize("who", [None, "", 5, []])
def test_an_expression_that_gives_no_row_is_the_model_s_mistake(who: Any) -> None:
    with pytest.raises(PageInvalid, match="who"):
        detail.reads(PAGE, opening(who))


def test_a_page_action_carries_nothing() -> None:
    assert detail.receive(PAGE, "back", {}, opening("1")) is None
    with pytest.raises(InvalidInput):
        detail.receive(PAGE, "back", {"x": 1}, opening("1"))
