"""Completion of Graph paths."""

import time

import pytest

from graphwright.modeler.paths import complete_path
from graphwright.profiles.permissions import find_operation


@pytest.mark.parametrize(
    ("prefix", "method", "expected"),
    [
        ("/me/calendarV", "GET", ["/me/calendarView"]),
        ("/ME/calendarv", "get", ["/ME/calendarView"]),
        ("me/joined", "", ["/me/joinedTeams"]),
        ("/me/events/", "DELETE", ["/me/events/{{ event_id }}"]),
        ("/groups/{{ g.a/b }}/plann", "GET", ["/groups/{{ g.a/b }}/planner/"]),
        ("/groups/{{ g }}/planner/plans", "POST", []),
        ("/users/lena@contoso.com/cal", "POST", ["/users/lena@contoso.com/calendar/",
          "/users/lena@contoso.com/calendarGroups", "/users/lena@contoso.com/calendars"]),
        ("/me/drive/root/search", "GET", ["/me/drive/root/search(q='{{ text }}')"]),
        ("/nowhere/", "GET", []),
        ("/me/events?$sel", "GET", []),
        ("https://evil.example/me", "GET", []),
    ],
)  # fmt: skip
def test_a_path_is_completed_by_one_segment(prefix: str, method: str, expected: list[str]) -> None:
    assert complete_path(prefix, method) == expected


def test_the_beginning_offers_the_roots() -> None:
    assert {"/me", "/users", "/groups", "/sites", "/teams/", "/planner/"} <= set(
        complete_path("")
    ) | {f"{path}/" for path in complete_path("")}


def test_what_is_completed_is_an_operation_and_quick() -> None:
    began = time.perf_counter()
    found = complete_path("/me/", "GET")
    assert time.perf_counter() - began < 0.5
    ends = [path for path in found if not path.endswith("/")]
    assert len(ends) > 15
    assert all(find_operation("GET", path) is not None for path in ends)
