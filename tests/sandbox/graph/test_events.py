"""Events: created, changed, deleted; etags; meetings in the calendars of those invited."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person


def _event(subject: str = "Lunch", **more: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "start": {"dateTime": "2026-03-20T12:00:00", "timeZone": "Pacific Standard Time"},
        "end": {"dateTime": "2026-03-20T13:00:00", "timeZone": "Pacific Standard Time"},
        **more,
    }


def _attendee(address: str) -> dict[str, Any]:
    return {"emailAddress": {"address": person(address).mail}, "type": "required"}


def test_an_event_comes_back_as_it_was_created(graph: Graph) -> None:
    body = _event(
        "Mittag 🍜 <b>&'/?{{",
        body={"contentType": "html", "content": "<p>With <i>everybody</i></p>"},
        location={"displayName": "Café"},
        categories=["Blue category"],
        sensitivity="private",
        showAs="oof",
        importance="high",
        isReminderOn=False,
        isOnlineMeeting=True,
    )
    created = graph.post("/me/events", body)
    assert created.status_code == 201
    assert created.headers["location"].endswith(f"/events('{created.json()['id']}')")
    event = graph.get(f"/me/events/{created.json()['id']}").json()
    assert event["start"] == {"dateTime": "2026-03-20T19:00:00.0000000", "timeZone": "UTC"}
    assert event["originalStartTimeZone"] == "Pacific Standard Time"
    assert event["bodyPreview"] == "With everybody"
    assert event["location"]["displayName"] == event["locations"][0]["displayName"] == "Café"
    assert event["type"] == "singleInstance"
    assert event["responseStatus"]["response"] == "organizer"
    assert event["organizer"]["emailAddress"]["address"] == person("noah.kim").mail
    assert event["onlineMeeting"]["joinUrl"].startswith("https://")
    for name in ("subject", "body", "categories", "sensitivity", "showAs", "importance"):
        assert event[name] == body[name]
    assert event["isReminderOn"] is False
    assert event["createdDateTime"] == "2026-03-04T09:30:00Z"


def test_a_transaction_id_creates_once(graph: Graph) -> None:
    ids = {graph.post("/me/events", _event(transactionId="abc")).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    other = graph.post("/me/events", _event(transactionId="abd")).json()["id"]
    assert other not in ids


def test_an_etag_guards_against_the_lost_update(graph: Graph) -> None:
    created = graph.post("/me/events", _event())
    path, etag = f"/me/events/{created.json()['id']}", created.json()["@odata.etag"]
    assert created.headers["etag"] == etag
    changed = graph.patch(path, {"subject": "Later lunch"}, If_Match=etag)
    assert changed.status_code == 200
    assert changed.json()["@odata.etag"] != etag
    for refused in (
        graph.patch(path, {"subject": "x"}, If_Match=etag),
        graph.delete(path, If_Match=etag),
    ):
        assert (refused.status_code, error_code(refused)) == (412, "ErrorIrresolvableConflict")
    assert graph.get(path).json()["subject"] == "Later lunch"
    assert graph.patch(path, {"subject": "y"}, If_Match="*").status_code == 200
    etag = graph.get(path).json()["@odata.etag"]
    assert graph.delete(path, If_Match=etag).status_code == 204
    assert graph.get(path).status_code == 404
    assert graph.delete(path).status_code == 404
    assert graph.patch(path, {"subject": "x"}).status_code == 404


def test_a_patch_changes_what_it_names_and_keeps_the_rest(graph: Graph) -> None:
    created = graph.post("/me/events", _event(categories=["a"])).json()
    path = f"/me/events/{created['id']}"
    later = {"dateTime": "2026-03-21T09:00:00", "timeZone": "Eastern Standard Time"}
    answer = graph.patch(path, {"end": later})
    assert answer.json()["end"]["dateTime"] == "2026-03-21T13:00:00.0000000"
    assert answer.json()["start"] == created["start"]
    assert answer.json()["categories"] == ["a"]
    minimal = graph.patch(path, {"subject": "Quiet"}, Prefer="return=minimal")
    assert (minimal.status_code, minimal.content) == (204, b"")
    assert graph.get(path).json()["subject"] == "Quiet"


BAD_EVENTS: list[tuple[dict[str, Any], str]] = [
    ({"subject": "no times"}, "ErrorPropertyValidationFailure"),
    (_event(end=None), "ErrorPropertyValidationFailure"),
    (
        _event(end={"dateTime": "2026-03-20T11:00:00", "timeZone": "Pacific Standard Time"}),
        "ErrorPropertyValidationFailure",
    ),
    (
        _event(start={"dateTime": "tomorrow", "timeZone": "UTC"}),
        "ErrorPropertyValidationFailure",
    ),
    (
        _event(start={"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"}),
        "ErrorPropertyValidationFailure",
    ),
    (
        _event(start={"dateTime": "2026-03-20T12:00:00", "timeZone": "Mars"}),
        "TimeZoneNotSupportedException",
    ),
    (_event(isAllDay=True), "ErrorPropertyValidationFailure"),
    (
        _event(
            isAllDay=True,
            start={"dateTime": "2026-03-20T00:00:00", "timeZone": "UTC"},
            end={"dateTime": "2026-03-20T00:00:00", "timeZone": "UTC"},
        ),
        "ErrorPropertyValidationFailure",
    ),
    (
        _event(
            isAllDay=True,
            start={"dateTime": "2026-03-20T00:00:00", "timeZone": "UTC"},
            end={"dateTime": "2026-03-21T00:00:00", "timeZone": "Tokyo Standard Time"},
        ),
        "ErrorPropertyValidationFailure",
    ),
    (_event(attendees=[{"emailAddress": {"address": "nobody"}}]), "ErrorInvalidRecipients"),
    (_event(attendees=[{}]), "ErrorInvalidRecipients"),
    (_event(reminderMinutesBeforeStart=-1), "ErrorPropertyValidationFailure"),
    (_event(instances=[]), "BadRequest"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("body", "code"), BAD_EVENTS)
def test_an_event_against_the_rules_is_refused_and_nothing_is_kept(
    graph: Graph, body: dict[str, Any], code: str
) -> None:
    before = graph.get("/me/events/$count").text
    answer = graph.post("/me/events", body)
    assert (answer.status_code, error_code(answer)) == (400, code)
    assert graph.get("/me/events/$count").text == before


def test_a_refused_patch_changes_nothing(graph: Graph) -> None:
    path = f"/me/events/{graph.post('/me/events', _event()).json()['id']}"
    before = graph.get(path).json()
    early = {"dateTime": "2026-03-19T09:00:00", "timeZone": "UTC"}
    assert graph.patch(path, {"subject": "New", "end": early}).status_code == 400
    assert graph.patch(path, {"subject": "New", "isAllDay": True}).status_code == 400
    assert graph.patch(path, {"subject": "New", "nothing": 1}).status_code == 400
    assert graph.get(path).json() == before


def test_a_meeting_stands_in_the_calendars_of_those_invited(
    sign_in: Callable[..., Graph],
) -> None:
    noah, zoe, mateo = sign_in("noah.kim"), sign_in("zoe.adeyemi"), sign_in("mateo.silva")
    invited = [_attendee("zoe.adeyemi"), _attendee("mateo.silva")]
    created = noah.post("/me/events", _event("Plan", attendees=invited)).json()
    find = "/me/events?$filter=subject eq 'Plan'"
    copied = zoe.value(find)[0]
    assert copied["iCalUId"] == created["iCalUId"]
    assert copied["id"] != created["id"]
    assert copied["isOrganizer"] is False
    assert copied["responseStatus"]["response"] == "notResponded"
    assert zoe.get(f"/me/events/{created['id']}").status_code == 404

    assert zoe.post(f"/me/events/{copied['id']}/accept", {"sendResponse": True}).status_code == 202
    attendees = noah.get(f"/me/events/{created['id']}").json()["attendees"]
    assert [a["status"]["response"] for a in attendees] == ["accepted", "none"]
    own = noah.post(f"/me/events/{created['id']}/accept", {})
    assert (own.status_code, error_code(own)) == (400, "ErrorInvalidRequest")

    noah.patch(f"/me/events/{created['id']}", {"subject": "Plan B", "attendees": invited[:1]})
    assert zoe.get(f"/me/events/{copied['id']}").json()["subject"] == "Plan B"
    assert mateo.value("/me/events?$filter=subject eq 'Canceled: Plan'")[0]["isCancelled"] is True
    noah.delete(f"/me/events/{created['id']}")
    assert zoe.get(f"/me/events/{copied['id']}").json()["isCancelled"] is True


def test_calendars_hold_their_own_events(graph: Graph) -> None:
    calendars = graph.value("/me/calendars")
    assert [c["isDefaultCalendar"] for c in calendars] == [True, False]
    default, birthdays = (c["id"] for c in calendars)
    assert graph.get("/me/calendar").json()["id"] == default
    made = graph.post(f"/me/calendars/{birthdays}/events", _event("Party")).json()
    ids = [e["id"] for e in graph.value(f"/me/calendars/{birthdays}/events?$top=100")]
    assert made["id"] in ids
    assert made["id"] not in [e["id"] for e in graph.value("/me/calendar/events?$top=1000")]
    assert made["id"] in [e["id"] for e in graph.value("/me/events?$top=1000")]
    assert graph.get(f"/me/calendars/{default}/events/{made['id']}").status_code == 404
    window = "startDateTime=2026-03-20&endDateTime=2026-03-22"
    assert [
        e["subject"] for e in graph.value(f"/me/calendars/{birthdays}/calendarView?{window}")
    ] == ["Party"]


def test_every_person_has_a_week_around_today(sign_in: Callable[..., Graph]) -> None:
    for address in (
        "greta.lindqvist",
        "anika.sen",
        "tane.walker",
        "haruto.tanaka",
        "nikos.georgiou",
    ):
        graph = sign_in(address)
        for window in (
            "startDateTime=2026-02-23&endDateTime=2026-03-02",
            "startDateTime=2026-03-02&endDateTime=2026-03-09",
            "startDateTime=2026-03-09&endDateTime=2026-03-16",
        ):
            assert len(graph.value(f"/me/calendarView?{window}&$top=100")) >= 2, (address, window)
        assert any(e["isAllDay"] for e in graph.value("/me/events?$top=1000"))


def test_a_truth_written_as_text_is_read(graph: Graph) -> None:
    event = graph.post("/me/events", _event(isOnlineMeeting="True", isReminderOn="false"))
    assert event.status_code == 201, event.text
    assert (event.json()["isOnlineMeeting"], event.json()["isReminderOn"]) == (True, False)


def test_the_name_of_a_type_is_read_in_any_casing(graph: Graph) -> None:
    body = {"@odata.type": "#microsoft.graph.ItemBody", "contentType": "text", "content": "x"}
    event = graph.post("/me/events", _event(body=body))
    assert event.status_code == 201, event.text
    wrong = graph.post("/me/events", _event(body=body | {"@odata.type": "#microsoft.graph.event"}))
    assert (wrong.status_code, error_code(wrong)) == (400, "RequestBodyRead")
