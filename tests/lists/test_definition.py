"""Definitions of lists: what is accepted, and what does not fit together."""

from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.lists import ListDefinition, ListInvalid, build_tables, find_problems


def define(**values: Any) -> ListDefinition:
    return ListDefinition.model_validate({"fields": {"id": {"type": "text"}}, **values})


@pytest.mark.parametrize(
    "values",
    [
        {"fields": {}},
        {"fields": {"Id": {"type": "text"}}},
        {"fields": {"_id": {"type": "text"}}},
        {"fields": {"a__b": {"type": "text"}}},
        {"fields": {"xmin": {"type": "text"}}},
        {"fields": {"a" * 60: {"type": "text"}}},
        {"fields": {"a": {"type": "string"}}},
        {"fields": {"a": {"type": "text", "colour": "red"}}},
        {"fields": {"a": {"type": "reference"}}},
        {"fields": {"a": {"type": "text", "list": "b"}}},
        {"fields": {"a": {"type": "integer", "options": ["x"]}}},
        {"fields": {"a": {"type": "json", "indexed": True}}},
        {"fields": {"a": {"type": "text"}, "b": {"type": "text", "renamed_from": "a"}}},
        {"key": ["nothing"]},
        {"key": ["id", "id"]},
        {"key": ["id"], "fields": {"id": {"type": "json"}}},
        {"storage": "cloud"},
        {"owner": "everybody"},
        {"unknown": 1},
    ],
)
def test_a_wrong_definition_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        define(**values)


@pytest.mark.parametrize(
    ("lists", "path"),
    [
        ({"a": define(parent="b")}, ("parent",)),
        ({"a": define(parent="a")}, ("parent",)),
        ({"a": define(parent="b"), "b": define(parent="a")}, ("parent",)),
        ({"a": define(), "b": define(parent="a", owner="shared")}, ("owner",)),
        ({"a": define(), "b": define(parent="a", storage="transient")}, ("storage",)),
        ({"a": define(fields={"x": {"type": "reference", "list": "z"}})}, ("fields", "x", "list")),
        ({"a": define(), "b": define(renamed_from="a")}, ("renamed_from",)),
        ({"sqlite_master": define()}, ()),
    ],
)
def test_lists_that_do_not_fit_together_say_where(
    lists: dict[str, ListDefinition], path: tuple[str, ...]
) -> None:
    assert path in [problem.path for problem in find_problems(lists)]
    with pytest.raises(ListInvalid):
        build_tables(lists)


def test_a_child_list_has_its_parents_owner() -> None:
    tables = build_tables(
        {"a": define(owner="shared"), "b": define(parent="a"), "c": define(parent="b")}
    )
    assert tables["c"].is_shared
    assert [child.name for child in tables["a"].descendants()] == ["b", "c"]
    assert [column.name for column in tables["c"].table.primary_key] == [
        "_owner",
        "_parent",
        "_key",
    ]
