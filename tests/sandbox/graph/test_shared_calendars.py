"""Shared calendars: what their readers may not learn of private events and of other calendars."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person

SHARED = "Calendars.ReadWrite Calendars.ReadWrite.Shared Calendars.Read.Shared"
WINDOW = "startDateTime=2026-06-01T00:00:00Z&endDateTime=2026-06-30T00:00:00Z"
THEIRS = f"/users/{person('noah.kim').id}"
SERIES = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["wednesday"]},
    "range": {"type": "noEnd", "startDate": "2026-06-03"},
}


@pytest.fixture
def zoe(sign_in: Callable[..., Graph], graph: Graph) -> Graph:
    """A reader of the default calendar of the person who is signed in."""
    entry = {"emailAddress": {"address": person("zoe.adeyemi").mail}, "role": "read"}
    assert graph.post("/me/calendar/calendarPermissions", entry).status_code == 201
    return sign_in("zoe.adeyemi", SHARED)


def add_event(graph: Graph, path: str = "/me/events", **more: Any) -> str:
    """The id of a new event."""
    start, end = ({"dateTime": f"2026-06-03T{hour}:00:00", "timeZone": "UTC"} for hour in (10, 11))
    made = graph.post(path, {"subject": "E", "start": start, "end": end, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_what_belongs_to_a_private_event_is_hidden_with_it(zoe: Graph, graph: Graph) -> None:
    attachment = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "plan.txt",
        "contentBytes": "c2VjcmV0",
    }
    extended = {
        "id": "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Secret",
        "value": "hidden",
    }
    more: dict[str, Any] = {"singleValueExtendedProperties": [extended]}
    ids = {}
    for sensitivity in ("normal", "private"):
        ids[sensitivity] = add_event(graph, sensitivity=sensitivity, **more)
        added = graph.post(f"/me/events/{ids[sensitivity]}/attachments", attachment)
        assert added.status_code == 201, added.text
    names = {}
    for sensitivity, event_id in ids.items():
        event = zoe.get(f"{THEIRS}/events/{event_id}?$expand=attachments").json()
        names[sensitivity] = [each["name"] for each in event["attachments"]]
    assert names == {"normal": ["plan.txt"], "private": []}
    for path in (f"{THEIRS}/events/{{id}}", f"{THEIRS}/events?$filter=id eq '{{id}}'"):
        for sensitivity, event_id in ids.items():
            joint = "&" if "?" in path else "?"
            wanted = f"{path.format(id=event_id)}{joint}$expand=singleValueExtendedProperties"
            told = zoe.get(wanted)
            assert told.status_code == 200, told.text
            assert ("hidden" in told.text) == (sensitivity == "normal")
    assert len(zoe.value(f"{THEIRS}/events/{ids['normal']}/attachments")) == 1
    hidden = zoe.get(f"{THEIRS}/events/{ids['private']}/attachments")
    assert (hidden.status_code, error_code(hidden)) == (404, "ErrorItemNotFound")


def test_a_filter_of_instances_tells_nothing_of_a_private_series(zoe: Graph, graph: Graph) -> None:
    for sensitivity, found in (("normal", 4), ("private", 0)):
        series = add_event(graph, sensitivity=sensitivity, recurrence=SERIES)
        path = f"{THEIRS}/events/{series}/instances?{WINDOW}"
        assert len(zoe.value(path)) == 4
        assert len(zoe.value(f"{path}&$filter=subject eq 'E'")) == found
        own = f"/me/events/{series}/instances?{WINDOW}&$filter=subject eq 'E'"
        assert len(graph.value(own)) == 4


def test_who_sees_no_bodies_filters_no_instances_by_them(
    sign_in: Callable[..., Graph], graph: Graph
) -> None:
    series = add_event(graph, recurrence=SERIES)
    basic = sign_in("noah.kim", "Calendars.ReadBasic")
    path = f"/me/events/{series}/instances?{WINDOW}"
    assert len(basic.value(path)) == 4
    told = basic.get(f"{path}&$filter=bodyPreview eq ''")
    assert (told.status_code, error_code(told)) == (403, "ErrorAccessDenied")


def test_changes_are_told_of_the_shared_calendar_alone(zoe: Graph, graph: Graph) -> None:
    other = graph.post("/me/calendars", {"name": "Boats"}).json()["id"]
    answer = zoe.get(f"{THEIRS}/events/delta").json()
    while "@odata.nextLink" in answer:
        answer = zoe.get(answer["@odata.nextLink"]).json()
    shared, hidden = add_event(graph), add_event(graph, f"/me/calendars/{other}/events")
    told = zoe.value(answer["@odata.deltaLink"])
    shown = {each["id"] for each in told if "@removed" not in each}
    assert shared in shown
    assert hidden not in shown


def test_reminders_are_shown_of_what_is_shared_alone(
    sign_in: Callable[..., Graph], graph: Graph, request: pytest.FixtureRequest
) -> None:
    ids = {
        sensitivity: add_event(graph, sensitivity=sensitivity)
        for sensitivity in ("normal", "private")
    }
    span = "startDateTime='2026-06-03T00:00:00Z',endDateTime='2026-06-04T00:00:00Z'"
    path = f"/reminderView({span})"
    own = {each["eventId"] for each in graph.value(f"/me{path}")}
    assert own >= set(ids.values())
    stranger = sign_in("zoe.adeyemi", SHARED).get(f"{THEIRS}{path}")
    assert (stranger.status_code, error_code(stranger)) == (404, "ErrorItemNotFound")
    zoe: Graph = request.getfixturevalue("zoe")
    seen = {each["eventId"] for each in zoe.value(f"{THEIRS}{path}")}
    assert ids["normal"] in seen
    assert ids["private"] not in seen


def test_a_reader_forwards_no_private_event(zoe: Graph, graph: Graph) -> None:
    to = {"toRecipients": [{"emailAddress": {"address": person("zoe.adeyemi").mail}}]}
    for sensitivity, status in (("normal", 202), ("private", 404)):
        path = f"{THEIRS}/events/{add_event(graph, sensitivity=sensitivity)}/forward"
        assert zoe.post(path, to).status_code == status
