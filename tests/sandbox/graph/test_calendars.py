"""Calendars, groups, permissions; whom a shared calendar shows what; delta; looking for time."""

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from graphwright_sandbox.workloads.calendar import scheduling
from graphwright_sandbox.workloads.calendar.busy import busy_times
from tests.sandbox.graph.calls import Graph, error_code, person

SHARED = "Calendars.ReadWrite Calendars.ReadWrite.Shared Calendars.Read.Shared"
WINDOW = "startDateTime=2026-06-01T00:00:00Z&endDateTime=2026-06-30T00:00:00Z"


def _point(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


def _event(subject: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "start": _point(start), "end": _point(end), **more}


def test_a_calendar_is_made_filled_renamed_and_deleted(graph: Graph) -> None:
    made = graph.post("/me/calendars", {"name": "Boats", "color": "lightBlue"})
    assert made.status_code == 201, made.text
    path = f"/me/calendars/{made.json()['id']}"
    event = graph.post(
        f"{path}/events", _event("Sail", "2026-06-02T10:00:00", "2026-06-02T11:00:00")
    ).json()
    assert [e["id"] for e in graph.value(f"{path}/calendarView?{WINDOW}")] == [event["id"]]
    assert graph.get(f"/me/calendar/events/{event['id']}").status_code == 404
    renamed = graph.patch(path, {"name": "Ships", "hexColor": "#00ff00"}).json()
    assert (renamed["name"], renamed["color"], renamed["hexColor"]) == (
        "Ships",
        "lightBlue",
        "#00ff00",
    )
    assert renamed["changeKey"] != made.json()["changeKey"]
    assert graph.delete(path).status_code == 204
    assert graph.get(path).status_code == 404
    assert graph.get(f"/me/events/{event['id']}").status_code == 404


def test_calendar_groups_hold_calendars(graph: Graph) -> None:
    groups = graph.value("/me/calendarGroups")
    assert groups[0]["name"] == "My Calendars"
    group = graph.post("/me/calendarGroups", {"name": "Ports"}).json()
    path = f"/me/calendarGroups/{group['id']}"
    calendar = graph.post(f"{path}/calendars", {"name": "Cuxhaven"}).json()
    assert [c["id"] for c in graph.value(f"{path}/calendars")] == [calendar["id"]]
    refused = graph.delete(path)
    assert (refused.status_code, error_code(refused)) == (400, "ErrorCalendarGroupNotEmpty")
    assert graph.delete(f"{path}/calendars/{calendar['id']}").status_code == 204
    assert graph.patch(path, {"name": "Harbours"}).json()["name"] == "Harbours"
    assert graph.delete(path).status_code == 204
    assert len(graph.value("/me/calendarGroups")) == len(groups)


def test_an_event_has_several_paths(graph: Graph) -> None:
    group = graph.value("/me/calendarGroups")[0]["id"]
    calendar = graph.get("/me/calendar").json()["id"]
    body = _event("Tides", "2026-06-02T10:00:00", "2026-06-02T11:00:00", recurrence=SERIES)
    below = f"/me/calendarGroups/{group}/calendars/{calendar}"
    made = graph.post(f"{below}/events", body)
    assert made.status_code == 201, made.text
    series = made.json()["id"]
    shown = graph.value(f"{below}/calendarView?{WINDOW}&$filter=subject eq 'Tides'")
    occurrence = shown[0]["id"]
    for path in (f"/me/events/{series}/instances", "/me/calendarView"):
        assert graph.get(f"{path}/{occurrence}").json()["id"] == occurrence
    assert len(graph.value(f"/me/calendarView?{WINDOW}&$top=100")) > 3


BAD_CALENDARS: list[tuple[str, str, Any, int, str]] = [
    ("POST", "/calendars", {}, 400, "ErrorInvalidRequest"),
    ("POST", "/calendars", {"name": "birthdays"}, 409, "ErrorFolderExists"),
    ("POST", "/calendars", {"name": "x", "color": "mauve"}, 400, "RequestBodyRead"),
    ("POST", "/calendars", {"name": "x", "hexColor": "red"}, 400, "ErrorInvalidRequest"),
    ("PATCH", "/calendar", {"name": ""}, 400, "ErrorInvalidRequest"),
    ("POST", "/calendarGroups", {"name": "my calendars"}, 409, "ErrorFolderExists"),
    ("POST", "/calendarGroups", {}, 400, "ErrorInvalidRequest"),
    ("GET", "/calendarGroups/x", None, 400, "ErrorInvalidIdMalformed"),
    ("POST", "/calendar/calendarPermissions", {"role": "read"}, 400, "ErrorInvalidRequest"),
    (
        "POST",
        "/calendar/calendarPermissions",
        {"emailAddress": {"address": "a@b.example"}},
        400,
        "ErrorInvalidRequest",
    ),
    ("GET", "/calendar/calendarPermissions/x", None, 404, "ErrorItemNotFound"),
    ("GET", "/calendarView/delta", None, 400, "ErrorInvalidParameter"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("method", "path", "body", "status", "code"), BAD_CALENDARS)
def test_calendars_against_the_rules_are_refused(
    graph: Graph, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = graph.request(method, f"/me{path}", json=body)
    assert (answer.status_code, error_code(answer)) == (status, code)


def test_the_first_calendar_and_its_group_stay(graph: Graph) -> None:
    main = graph.get("/me/calendar").json()
    answer = graph.delete(f"/me/calendars/{main['id']}")
    assert (answer.status_code, error_code(answer)) == (400, "ErrorDeleteDistinguishedFolder")
    group = graph.value("/me/calendarGroups")[0]
    answer = graph.delete(f"/me/calendarGroups/{group['id']}")
    assert error_code(answer) == "ErrorCannotDeleteDefaultCalendarGroup"


def _share(graph: Graph, role: str) -> str:
    shared = "/me/calendar/calendarPermissions"
    made = graph.post(
        shared, {"emailAddress": {"address": person("zoe.adeyemi").mail}, "role": role}
    )
    assert made.status_code == 201, made.text
    return f"{shared}/{made.json()['id']}"


def test_a_calendar_shows_others_what_its_permissions_say(
    sign_in: Callable[..., Graph], graph: Graph
) -> None:
    zoe = sign_in("zoe.adeyemi", SHARED)
    theirs = f"/users/{person('noah.kim').id}"
    for sensitivity in ("normal", "private"):
        graph.post(
            "/me/events",
            _event(
                sensitivity,
                "2026-06-03T10:00:00",
                "2026-06-03T11:00:00",
                sensitivity=sensitivity,
                body={"content": "Details"},
            ),
        )
    window = f"{theirs}/calendarView?{WINDOW}&$filter=start/dateTime lt '2026-06-04'"
    hidden = zoe.get(window)
    assert (hidden.status_code, error_code(hidden)) == (404, "ErrorItemNotFound")
    permission = _share(graph, "read")
    seen = {event["subject"]: event for event in zoe.value(window)}
    assert {"normal", "Private Appointment"} <= seen.keys()
    assert "Details" in seen["normal"]["body"]["content"]
    assert seen["Private Appointment"]["body"]["content"] == ""
    secret = "start/dateTime lt '2026-06-04' and subject eq 'private'"
    assert zoe.value(f"{theirs}/calendarView?{WINDOW}&$filter={secret}") == []
    refused = zoe.post(
        f"{theirs}/events", _event("x", "2026-06-03T10:00:00", "2026-06-03T11:00:00")
    )
    assert (refused.status_code, error_code(refused)) == (403, "ErrorAccessDenied")
    assert zoe.get(f"{theirs}/calendar").json()["canEdit"] is False
    assert graph.patch(permission, {"role": "write"}).json()["role"] == "write"
    made = zoe.post(f"{theirs}/events", _event("x", "2026-06-03T10:00:00", "2026-06-03T11:00:00"))
    assert made.status_code == 201, made.text
    assert graph.patch(permission, {"role": "limitedRead"}).status_code == 200
    seen = {event["subject"]: event for event in zoe.value(window)}
    assert seen["normal"]["body"]["content"] == ""
    assert [c["name"] for c in zoe.value(f"{theirs}/calendars")] == ["Calendar"]
    assert graph.delete(permission).status_code == 204
    assert zoe.get(window).status_code == 404


def test_the_permission_of_the_organization_stays(graph: Graph) -> None:
    entry = graph.value("/me/calendar/calendarPermissions")[0]
    assert (entry["emailAddress"]["name"], entry["role"]) == ("My Organization", "freeBusyRead")
    path = f"/me/calendar/calendarPermissions/{entry['id']}"
    assert error_code(graph.delete(path)) == "ErrorInvalidRequest"
    assert graph.patch(path, {"role": "read"}).json()["role"] == "read"


def _round(graph: Graph, path: str) -> tuple[list[dict[str, Any]], str]:
    items: list[dict[str, Any]] = []
    while True:
        answer = graph.get(path, Prefer="odata.maxpagesize=5")
        assert answer.status_code == 200, answer.text
        items += answer.json()["value"]
        if "@odata.deltaLink" in answer.json():
            return items, answer.json()["@odata.deltaLink"]
        path = answer.json()["@odata.nextLink"]


SERIES: dict[str, dict[str, Any]] = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
    "range": {"type": "noEnd", "startDate": "2026-06-02"},
}


def test_a_window_tells_each_occurrence_that_changed(graph: Graph) -> None:
    path = f"/me/calendarView/delta?{WINDOW}"
    before, link = _round(graph, path)
    assert {e["id"] for e in before} == {
        e["id"] for e in graph.all_pages(f"/me/calendarView?{WINDOW}&$top=50")
    }
    body = _event("Tides", "2026-06-02T10:00:00", "2026-06-02T11:00:00", recurrence=SERIES)
    made = graph.post("/me/events", body).json()
    changes, link = _round(graph, link)
    days = [e for e in changes if e.get("seriesMasterId") == made["id"]]
    assert [e["start"]["dateTime"][8:10] for e in days] == ["02", "09", "16", "23"]
    graph.delete(f"/me/events/{days[0]['id']}")
    graph.post("/me/events", _event("Far", "2027-06-02T10:00:00", "2027-06-02T11:00:00"))
    changes, link = _round(graph, link)
    removed = [e["id"] for e in changes if "@removed" in e]
    assert days[0]["id"] in removed
    assert days[1]["id"] in {e["id"] for e in changes if "@removed" not in e}
    later = {"start": _point("2026-06-03T10:00:00"), "end": _point("2026-06-03T11:00:00")}
    pattern = {**SERIES["pattern"], "daysOfWeek": ["wednesday"]}
    moved = {"pattern": pattern, "range": {**SERIES["range"], "startDate": "2026-06-03"}}
    assert (
        graph.patch(f"/me/events/{made['id']}", {**later, "recurrence": moved}).status_code == 200
    )
    changes, link = _round(graph, link)
    assert {d["id"] for d in days} <= {e["id"] for e in changes if "@removed" in e}
    assert graph.delete(f"/me/events/{made['id']}").status_code == 204
    changes, _ = _round(graph, link)
    assert {e["id"] for e in changes if "@removed" in e} >= {made["id"], *(d["id"] for d in days)}
    assert all("@removed" in e for e in changes)


def test_events_tell_what_changed(graph: Graph) -> None:
    before, link = _round(graph, "/me/events/delta?$select=subject")
    assert {e["id"] for e in before} == {e["id"] for e in graph.all_pages("/me/events?$top=100")}
    made = graph.post(
        "/me/events", _event("New", "2026-06-02T10:00:00", "2026-06-02T11:00:00")
    ).json()
    changes, link = _round(graph, link)
    assert [e["subject"] for e in changes] == ["New"]
    graph.post(f"/me/events/{made['id']}/permanentDelete", {})
    changes, _ = _round(graph, link)
    assert changes == [{"id": made["id"], "@removed": {"reason": "deleted"}}]


def test_free_and_busy_is_told_of_several_people(
    graph: Graph, sign_in: Callable[..., Graph]
) -> None:
    zoe = sign_in("zoe.adeyemi")
    for show_as, start, end in (("oof", "10:00", "11:00"), ("tentative", "12:00", "12:30")):
        body = _event("Away", f"2026-06-06T{start}:00", f"2026-06-06T{end}:00", showAs=show_as)
        assert zoe.post("/me/events", body).status_code == 201
    body = {
        "schedules": [person("zoe.adeyemi").mail, "nobody@else.example"],
        "startTime": _point("2026-06-06T09:00:00"),
        "endTime": _point("2026-06-06T13:00:00"),
        "availabilityViewInterval": 30,
    }
    known, unknown = graph.post("/me/calendar/getSchedule", body).json()["value"]
    assert known["availabilityView"] == "00330010"
    assert [one["status"] for one in known["scheduleItems"]] == ["oof", "tentative"]
    assert "subject" not in known["scheduleItems"][0]
    assert known["workingHours"]["timeZone"]["name"] == person("zoe.adeyemi").time_zone
    assert unknown["error"]["responseCode"] == "ErrorMailRecipientNotFound"
    own = zoe.post(
        "/me/calendar/getSchedule", body, Prefer='outlook.timezone="Tokyo Standard Time"'
    )
    item = own.json()["value"][0]["scheduleItems"][0]
    assert (item["subject"], item["start"]["dateTime"][11:16]) == ("Away", "19:00")


DAY = {"startTime": _point("2026-06-06T09:00:00"), "endTime": _point("2026-06-06T13:00:00")}
BAD_SCHEDULES: list[tuple[dict[str, Any], str]] = [
    ({}, "ErrorInvalidParameter"),
    ({**DAY, "schedules": "x"}, "ErrorInvalidParameter"),
    ({**DAY, "schedules": []}, "ErrorInvalidParameter"),
    ({"schedules": ["x"], "startTime": DAY["startTime"]}, "ErrorInvalidParameter"),
    ({**DAY, "schedules": ["x"] * 101}, "ErrorMailboxDataArrayTooBig"),
    (
        {**DAY, "schedules": ["x"], "availabilityViewInterval": 4},
        "ErrorInvalidMergedFreeBusyInterval",
    ),
    ({**DAY, "schedules": ["x"], "endTime": DAY["startTime"]}, "ErrorInvalidTimeInterval"),
    (
        {**DAY, "schedules": ["x"], "endTime": _point("2027-06-06T13:00:00")},
        "ErrorTimeIntervalTooBig",
    ),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("body", "code"), BAD_SCHEDULES)
def test_schedules_against_the_rules_are_refused(
    graph: Graph, body: dict[str, Any], code: str
) -> None:
    answer = graph.post("/me/calendar/getSchedule", body)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_who_is_named_a_hundred_times_is_looked_at_once(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Mock(wraps=busy_times)
    monkeypatch.setattr(scheduling, "busy_times", looked)
    body = {**DAY, "schedules": [person("zoe.adeyemi").mail] * 100}
    answer = graph.post("/me/calendar/getSchedule", body).json()["value"]
    assert (len(answer), looked.call_count) == (100, 1)
    assert all(one == answer[0] for one in answer)


def test_a_schedule_of_too_many_entries_is_refused_for_its_mailbox_alone(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "_MOST_ENTRIES", 0)
    zoe, noah = person("zoe.adeyemi").mail, person("noah.kim").mail
    graph.post("/me/events", _event("One", "2026-06-06T10:00:00", "2026-06-06T11:00:00"))
    body = {**DAY, "schedules": [zoe, noah]}
    free, full = graph.post("/me/calendar/getSchedule", body).json()["value"]
    assert free["scheduleItems"] == []
    assert full["error"]["responseCode"] == "ErrorResultSetTooBig"
    assert full["error"]["message"].endswith("The allowed size = 0; the actual size = 1.")


def test_meeting_times_avoid_what_people_have(sign_in: Callable[..., Graph]) -> None:
    noah, zoe = sign_in("noah.kim", SHARED), sign_in("zoe.adeyemi", SHARED)
    day = "2026-06-06"
    zoe.post("/me/events", _event("Taken", f"{day}T10:00:00", f"{day}T11:00:00"))
    slot = {"start": _point(f"{day}T10:00:00"), "end": _point(f"{day}T12:00:00")}
    body = {
        "attendees": [
            {"emailAddress": {"address": person("zoe.adeyemi").mail}, "type": "required"}
        ],
        "timeConstraint": {"activityDomain": "unrestricted", "timeSlots": [slot]},
        "meetingDuration": "PT1H",
        "returnSuggestionReasons": True,
    }
    found = noah.post("/me/findMeetingTimes", body).json()
    starts = [
        s["meetingTimeSlot"]["start"]["dateTime"][11:16] for s in found["meetingTimeSuggestions"]
    ]
    assert starts == ["11:00"]
    best = found["meetingTimeSuggestions"][0]
    assert (best["confidence"], best["order"]) == (100.0, 1)
    assert best["attendeeAvailability"][0]["availability"] == "free"
    assert best["suggestionReason"]
    tight = {**slot, "end": _point(f"{day}T11:00:00")}
    body["timeConstraint"] = {"activityDomain": "unrestricted", "timeSlots": [tight]}
    found = noah.post("/me/findMeetingTimes", body).json()
    assert found["meetingTimeSuggestions"] == []
    assert found["emptySuggestionsReason"] == "AttendeesUnavailable"
    work = noah.post("/me/findMeetingTimes", {}).json()["meetingTimeSuggestions"]
    assert 0 < len(work) <= 20
    settings = sign_in("noah.kim", "MailboxSettings.ReadWrite")
    hours = {"daysOfWeek": ["sunday"], "startTime": "05:00:00", "endTime": "17:00:00+01:00"}
    assert settings.patch("/me/mailboxSettings", {"workingHours": hours}).is_success
    bad = settings.patch("/me/mailboxSettings", {"workingHours": {"startTime": "morning"}})
    assert (bad.status_code, error_code(bad)) == (400, "RequestBodyRead")
    prefer = 'outlook.timezone="Pacific Standard Time"'
    work = noah.post("/me/findMeetingTimes", {}, Prefer=prefer).json()["meetingTimeSuggestions"]
    assert {one["meetingTimeSlot"]["start"]["dateTime"][:10] for one in work} == {"2026-03-08"}


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"meetingDuration": "1 hour"}, "ErrorInvalidParameter"),
        ({"meetingDuration": "PT0M"}, "ErrorInvalidParameter"),
        ({"maxCandidates": 0}, "ErrorInvalidParameter"),
        ({"minimumAttendeePercentage": "x"}, "ErrorInvalidParameter"),
        ({"timeConstraint": []}, "BadRequest"),
        ({"timeConstraint": {"timeSlots": [{}]}}, "ErrorInvalidParameter"),
        ({"attendees": [{"emailAddress": {"address": "x"}}]}, "ErrorInvalidRecipients"),
        ({"attendees": "x"}, "RequestBodyRead"),
        ({"people": []}, "BadRequest"),
    ],
)
def test_searches_for_time_against_the_rules_are_refused(
    sign_in: Callable[..., Graph], body: dict[str, Any], code: str
) -> None:
    answer = sign_in("noah.kim", SHARED).post("/me/findMeetingTimes", body)
    assert (answer.status_code, error_code(answer)) == (400, code)
