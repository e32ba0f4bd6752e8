"""Table pages: which columns stand there and how rows come at first."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition
from graphwright.page_types.table import view as table
from graphwright.page_types.table.config import Config
from graphwright.pages.errors import PageInvalid
from graphwright.pages.opening import Opening
from graphwright.pages.rows import RowFilter

PERSON = ListDefinition.model_validate(
    {
        "owner": "shared",
        "key": ["id"],
        "fields": {
            "id": {"type": "text", "hidden": True},
            "display_name": {"type": "text", "title": "Name"},
            "job_title": {"type": "text"},
            "salary": {"type": "number", "sensitive": True},
        },
    }
)


def page(**more: Any) -> Config:
    return Config.model_validate({"type": "table", "title": "People", "list": "person", **more})


def opening(**scope: Any) -> Opening:
    return Opening(scope, {"person": PERSON}, "UTC", datetime(2026, 11, 23, tzinfo=UTC))


def test_a_table_shows_the_fields_that_are_neither_hidden_nor_sensitive() -> None:
    view = table.view(page(sort="display_name:desc,job_title"), opening())
    assert view == {
        "list": "person",
        "columns": [
            {"name": "display_name", "title": "Name", "type": "text"},
            {"name": "job_title", "title": "Job title", "type": "text"},
        ],
        "default_sort": "display_name:desc,job_title:asc",
        "search": True,
    }


def test_columns_come_in_the_order_and_with_the_titles_the_page_gives() -> None:
    config = page(columns=["job_title", {"field": "display_name", "title": "Who"}])
    titles = [column["title"] for column in table.view(config, opening())["columns"]]
    assert titles == ["Job title", "Who"]


def test_a_column_that_the_list_does_not_have_names_the_nearest() -> None:
    with pytest.raises(PageInvalid, match="job_titel") as caught:
        table.view(page(columns=["job_titel"]), opening())
    assert "job_title" in caught.value.hint


def test_conditions_are_part_of_the_rows_with_their_expressions_evaluated() -> None:
    config = page(where=[{"field": "job_title", "value": "{{ wanted }}"}])
    part = table.parts(config, opening(wanted="it's {{ a }} 100%"))["rows"]
    assert part.where == (RowFilter("job_title", "eq", "it's {{ a }} 100%"),)


@pytest.mark.parametrize("sort", ["display_name:up", "a,,b", "a;drop", "Name", ":desc"])
def test_a_sort_that_is_none_is_a_problem_of_the_model(sort: str) -> None:
    with pytest.raises(ValidationError):
        page(sort=sort)


def test_a_page_action_carries_nothing() -> None:
    config = page(actions={"refresh": {"title": "Refresh"}})
    assert table.receive(config, "refresh", None, opening()) is None
    with pytest.raises(InvalidInput):
        table.receive(config, "refresh", {"key": "x"}, opening())


def test_a_table_names_the_fields_it_uses() -> None:
    config = page(
        columns=["job_title", {"field": "display_name"}],
        where=[{"field": "id", "op": "not_empty"}],
        sort="salary",
    )
    assert [item.path for item in config.used_fields()] == [
        ("columns", 0),
        ("columns", 1, "field"),
        ("where", 0, "field"),
        ("sort",),
    ]
