"""The table of permissions: what it holds, what matches, and how it compares with other sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphwright.profiles.permissions import (
    Operation,
    covers,
    difference,
    find_operation,
    least_set,
    operations,
    permissions_for,
)
from graphwright.profiles.tokens import Flavour


@pytest.mark.parametrize(
    ("method", "url", "flavour", "expected"),
    [
        ("GET", "/me/events", "user", ["Calendars.ReadBasic"]),
        ("get", "me/events", "user", ["Calendars.ReadBasic"]),
        ("PATCH", "/me/events/AAA", "user", ["Calendars.ReadWrite"]),
        ("DELETE", "/me/events/{{ row.key }}", "user", ["Calendars.ReadWrite"]),
        ("DELETE", "/me/events/{{ a ? 'b/c' : d }}", "user", ["Calendars.ReadWrite"]),
        ("DELETE", "/me/events/AA%2FBB==", "user", ["Calendars.ReadWrite"]),
        ("GET", "/me/events?$top=5", "user", ["Calendars.ReadBasic"]),
        ("GET", "https://graph.microsoft.com/v1.0/me/messages", "user", ["Mail.ReadBasic"]),
        ("GET", "https://localhost:8443/beta/me//messages/", "user", ["Mail.ReadBasic"]),
        ("GET", "/users", "application", ["User.ReadBasic.All"]),
        ("GET", "/Users/$count", "application", ["User.ReadBasic.All"]),
        ("GET", "/users/delta", "user", ["User.Read.All"]),
        ("GET", "/users/microsoft.graph.delta()", "user", ["User.Read.All"]),
        ("GET", "/users('a@b.example')/manager", "application", ["User.Read.All"]),
        ("GET", "/users/{{ id }}/calendarView", "application", ["Calendars.ReadBasic"]),
        ("POST", "/me/sendMail", "user", ["Mail.Send"]),
        ("GET", "/me/photos/48x48/$value", "user", ["User.Read"]),
        ("GET", "/me/drive/root:/A/b c.txt:/content", "user", ["Files.Read"]),
        ("PUT", "/me/drive/items/01AB:/new.txt:/content", "user", ["Files.ReadWrite"]),
        ("GET", "/me/drive/root:/folder", "user", ["Files.Read"]),
        ("GET", "/me/drive/root/search(q='plan')", "user", ["Files.Read"]),
        ("GET", "/groups/1/members/microsoft.graph.user", "user", ["GroupMember.ReadBasic.All"]),
        ("GET", "/sites/a.sharepoint.com,1,2/lists/x/items/1", "user", ["Sites.Read.All"]),
        ("GET", "/subscriptions", "application", []),
        ("GET", "/me", "application", None),
        ("POST", "/me/findMeetingTimes", "application", None),
        ("GET", "/me/nonsense", "user", None),
        ("TRACE", "/me/events", "user", None),
        ("GET", "", "user", None),
        ("GET", "/", "user", None),
        ("GET", "{{ anything }}", "user", None),
        ("GET", "https://[broken", "user", None),
    ],
)
def test_a_request_finds_its_least_permission(
    method: str, url: str, flavour: Flavour, expected: list[str] | None
) -> None:
    assert permissions_for(method, url, flavour) == expected


def test_the_table_covers_at_least_150_operations_once() -> None:
    found = [(operation.method, operation.path) for operation in operations()]
    assert len(found) == len(set(found))
    written = {(o.method, o.path) for o in operations() if not o.path.startswith("/users/{id}/")}
    assert len(written) >= 150
    for operation in operations():
        assert find_operation(operation.method, operation.path) == operation
        for names in (operation.delegated, operation.application):
            assert names is None or all(re.match(r"^[A-Z][\w-]+(\.\w+)+$", n) for n in names)


@pytest.mark.parametrize(
    ("granted", "needed", "expected"),
    [
        ("Calendars.ReadWrite", "Calendars.ReadBasic", True),
        ("calendars.read", "Calendars.Read", True),
        ("Calendars.ReadBasic", "Calendars.Read", False),
        ("User.Read.All", "User.Read", True),
        ("User.Read", "User.Read.All", False),
        ("User.ReadWrite", "User.ReadBasic.All", False),
        ("Mail.ReadWrite", "Mail.Send", False),
        ("Mail.Send", "Mail.Read", False),
        ("Files.Read", "Mail.Read", False),
        ("openid", "User.Read", False),
    ],
)
def test_a_wider_permission_covers_a_narrower_one(
    granted: str, needed: str, expected: bool
) -> None:
    assert covers(granted, needed) is expected


def test_the_least_set_has_none_that_another_one_covers() -> None:
    needed = [
        "Mail.Send",
        "Calendars.Read",
        "Calendars.ReadBasic",
        "Calendars.ReadWrite",
        "Mail.Send",
    ]
    assert least_set(needed) == ["Calendars.ReadWrite", "Mail.Send"]
    # The one reaches further, the other does more: neither does for the other.
    assert least_set(["Files.ReadWrite", "Files.Read.All"]) == ["Files.Read.All", "Files.ReadWrite"]
    assert least_set([]) == []


def test_the_sixty_operations_that_matter_most_are_in_the_table(corpus: Path) -> None:
    wanted = json.loads((corpus / "endpoints60.json").read_text("utf-8"))
    assert len(wanted) == 60
    missing = [
        f"{entry['method']} {entry['path']}"
        for entry in wanted
        if find_operation(entry["method"], entry["path"]) is None
    ]
    assert missing == []


def compared(corpus: Path) -> Iterator[tuple[Operation, dict[str, Any]]]:
    """The operations of the table that the other source has too, with its entries."""
    other: dict[str, dict[str, Any]] = {}
    path = corpus / "permissions" / "permissions_least.json"
    for name, methods in json.loads(path.read_text("utf-8")).items():
        other.setdefault(same_form(name), {}).update(methods)
    for operation in operations():
        entry = other.get(same_form(operation.path), {}).get(operation.method)
        if entry:
            yield operation, entry


def same_form(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.lower())


def test_the_table_agrees_with_another_source_or_says_why_not(corpus: Path) -> None:
    count, unexplained = 0, []
    for operation, entry in compared(corpus):
        count += 1
        for column, name, own in (
            ("delegated", "delegatedWork", operation.delegated),
            ("application", "application", operation.application),
        ):
            others = entry.get(name)
            if " ".join(own or ()).lower() != (others or "").lower() and not difference(
                operation, column
            ):
                unexplained.append(f"{operation.method} {operation.path}: {column} {own} {others}")
    assert count > 500
    assert unexplained == []
