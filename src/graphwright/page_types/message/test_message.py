"""Message pages: folders, columns, and which folder is shown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition
from graphwright.page_types.message import view as message
from graphwright.page_types.message.config import Config
from graphwright.pages.errors import ExitUnknown
from graphwright.pages.opening import Opening
from graphwright.pages.rows_query import read_rows_query

MESSAGE = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text", "hidden": True},
            "folder": {"type": "reference", "list": "mail_folder"},
            "subject": {"type": "text"},
            "from_name": {"type": "text"},
            "received": {"type": "datetime"},
            "preview": {"type": "text"},
            "body": {"type": "html"},
            "is_read": {"type": "boolean"},
        },
    }
)
FOLDER = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text"},
            "title": {"type": "text"},
            "unread": {"type": "integer"},
            "total": {"type": "integer"},
        },
    }
)
RAW: dict[str, Any] = {
    "type": "message",
    "title": "Mail",
    "list": "message",
    "fields": {
        "from": "from_name",
        "subject": "subject",
        "body": "body",
        "received": "received",
        "preview": "preview",
        "read": "is_read",
        "folder": "folder",
    },
    "folders": {"list": "mail_folder", "title": "title", "unread": "unread", "total": "total"},
    "folder": "folder.key",
    "actions": {"write": {"title": "New"}},
}
PAGE = Config.model_validate(RAW)
FOLDERS = [
    {"_key": "f1", "title": "Archive", "unread": 0, "total": 9},
    {"_key": "f2", "title": "Inbox", "unread": 2, "total": 5},
]


def opening(folder: Any = None, *exits: str) -> Opening:
    return Opening(
        {"folder": {"key": folder}},
        {"message": MESSAGE, "mail_folder": FOLDER},
        "UTC",
        datetime(2026, 11, 23, tzinfo=UTC),
        exits=frozenset(exits),
        rows={"folders": FOLDERS},
    )


def test_folders_have_their_counts() -> None:
    view = message.view(PAGE, opening("f2"))
    assert view["folders"][1] == {"key": "f2", "title": "Inbox", "unread": 2, "total": 5}
    assert view["folder"] == "f2"


@pytest.mark.parametrize(
    ("named", "shown"), [("f1", "f1"), ("inbox", "f2"), ("nowhere", "f1"), (None, "f1"), (5, "f1")]
)
def test_a_folder_is_found_by_key_or_by_name_else_the_first(named: Any, shown: str) -> None:
    assert message.view(PAGE, opening(named))["folder"] == shown


def test_columns_are_named_by_what_they_are_and_bodies_come_one_at_a_time() -> None:
    names = [column["name"] for column in message.view(PAGE, opening())["columns"]]
    assert names == ["from", "subject", "preview", "received", "unread"]


def test_unread_is_the_opposite_of_read_in_rows_and_filters() -> None:
    part = message.parts(PAGE, opening())["messages"]
    unread = part.column("unread")
    assert unread is not None
    assert [unread.value_of({"is_read": value}) for value in (True, False, None)] == [
        False,
        True,
        None,
    ]
    wanted = '[{"field": "unread", "op": "eq", "value": true}]'
    query = read_rows_query(part, {"filter": wanted, "sort": "unread:desc"})
    (condition,) = query.filters
    assert (condition.field, condition.value) == ("is_read", False)
    assert query.sort == (("is_read", False),)


def test_messages_come_newest_first_and_may_be_filtered_by_folder() -> None:
    part = message.parts(PAGE, opening())["messages"]
    assert part.sort == (("received", True),)
    query = read_rows_query(part, {"filter": '[{"field":"folder","op":"eq","value":"f1"}]'})
    assert query.filters[0].field == "folder"


def test_choosing_a_folder_hands_over_its_key_where_the_flow_takes_it() -> None:
    taken = opening(None, "folder_changed")
    assert message.receive(PAGE, "folder_changed", {"key": "f1"}, taken) == {"key": "f1"}
    with pytest.raises(ExitUnknown):
        message.receive(PAGE, "folder_changed", {"key": "f1"}, opening())


@pytest.mark.parametrize("data", [None, {}, {"key": "f9"}, {"key": 1}, {"key": "f1", "x": 1}, []])
def test_a_folder_that_is_not_there_cannot_be_chosen(data: Any) -> None:
    with pytest.raises(InvalidInput):
        message.receive(PAGE, "folder_changed", data, opening(None, "folder_changed"))


def test_read_and_unread_cannot_both_be_named() -> None:
    fields = {**RAW["fields"], "unread": "is_read"}
    with pytest.raises(ValidationError, match="not both"):
        Config.model_validate({**RAW, "fields": fields})


def test_a_page_without_folders_needs_none() -> None:
    config = Config.model_validate({k: v for k, v in RAW.items() if not k.startswith("folder")})
    assert message.reads(config, opening()) == {}
    view = message.view(config, opening())
    assert (view["folders"], view["folder"]) == ([], None)


def test_a_message_page_names_lists_and_fields_by_their_keys_in_the_file() -> None:
    assert [name for _, name in PAGE.lists()] == ["message", "mail_folder"]
    used = {item.path: (item.list, item.field) for item in PAGE.used_fields()}
    assert used[("fields", "from")] == ("message", "from_name")
    assert used[("folders", "title")] == ("mail_folder", "title")
