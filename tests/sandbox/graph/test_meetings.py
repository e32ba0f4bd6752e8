"""Meetings: invitations arrive, updates follow, answers return; forwarded, cancelled, reminded."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person

START, END = "2026-04-08T10:00:00", "2026-04-08T11:00:00"


def _point(text: str) -> dict[str, str]:
    return {"dateTime": text, "timeZone": "UTC"}


def _attendee(name: str) -> dict[str, Any]:
    return {"emailAddress": {"address": person(name).mail, "name": name}, "type": "required"}


def _meeting(*names: str, **more: Any) -> dict[str, Any]:
    return {
        "subject": "Plan the survey",
        "start": _point(START),
        "end": _point(END),
        "attendees": [_attendee(name) for name in names],
        **more,
    }


def _mail(graph: Graph, **headers: str) -> list[dict[str, Any]]:
    """The meeting mail of an inbox, newest first."""
    path = "/me/mailFolders/inbox/messages?$top=20&$expand=microsoft.graph.eventMessage/event"
    messages = graph.value(path, **headers)
    return [m for m in messages if "eventMessage" in m.get("@odata.type", "")]


def _event(graph: Graph, uid: str) -> dict[str, Any]:
    found = graph.value(f"/me/events?$top=500&$filter=iCalUId eq '{uid}'")
    assert len(found) == 1
    return found[0]


@pytest.fixture
def zoe(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("zoe.adeyemi")


@pytest.fixture
def meeting(graph: Graph) -> dict[str, Any]:
    """A meeting to which Noah invited Zoë."""
    answer = graph.post("/me/events", _meeting("zoe.adeyemi"))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_invitation_arrives_in_calendar_and_mail(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    theirs = _event(zoe, meeting["iCalUId"])
    assert theirs["responseStatus"]["response"] == "notResponded"
    assert theirs["isOrganizer"] is False
    message = _mail(zoe)[0]
    assert message["@odata.type"] == "#microsoft.graph.eventMessageRequest"
    assert (message["subject"], message["meetingMessageType"]) == (
        "Plan the survey",
        "meetingRequest",
    )
    assert message["meetingRequestType"] == "newMeetingRequest"
    assert message["startDateTime"]["dateTime"].startswith(START)
    assert message["event"]["id"] == theirs["id"]
    assert message["from"]["emailAddress"]["address"] == person("noah.kim").mail
    sent = graph.value("/me/mailFolders/sentitems/messages?$top=1")[0]
    assert sent["subject"] == "Plan the survey"


def test_what_changes_reaches_attendees_and_what_is_private_does_not(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{meeting['id']}"
    graph.patch(path, {"categories": ["Red category"], "isReminderOn": False})
    assert len(_mail(zoe)) == 1
    zoe.patch(f"/me/events/{_event(zoe, meeting['iCalUId'])['id']}", {"categories": ["Mine"]})
    graph.patch(path, {"location": {"displayName": "Quay 4"}})
    assert _mail(zoe)[0]["meetingRequestType"] == "fullUpdate"
    theirs = _event(zoe, meeting["iCalUId"])
    assert theirs["location"]["displayName"] == "Quay 4"
    assert theirs["categories"] == ["Mine"]
    graph.patch(path, {"attendees": [_attendee("ava.ramirez")]})
    gone = _event(zoe, meeting["iCalUId"])
    assert (gone["isCancelled"], gone["subject"]) == (True, "Canceled: Plan the survey")
    assert _mail(zoe)[0]["meetingMessageType"] == "meetingCancelled"


def test_an_answer_returns_to_the_organizer(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{_event(zoe, meeting['iCalUId'])['id']}"
    later = {"start": _point("2026-04-09T10:00:00"), "end": _point("2026-04-09T11:00:00")}
    shouted = {name.capitalize(): point for name, point in later.items()}
    body = {"comment": "Too early", "sendResponse": "true", "proposedNewTime": shouted}
    assert zoe.post(f"{path}/tentativelyAccept", body).status_code == 202
    assert zoe.get(path).json()["responseStatus"]["response"] == "tentativelyAccepted"
    attendee = graph.get(f"/me/events/{meeting['id']}").json()["attendees"][0]
    assert attendee["status"]["response"] == "tentativelyAccepted"
    assert attendee["proposedNewTime"]["start"]["dateTime"] == "2026-04-09T10:00:00"
    message = _mail(graph)[0]
    assert message["@odata.type"] == "#microsoft.graph.eventMessageResponse"
    assert message["subject"] == "New Time Proposed: Plan the survey"
    assert message["body"]["content"] == "Too early"
    assert message["event"]["id"] == meeting["id"]


def test_an_answer_that_is_not_sent_stays_with_the_attendee(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{_event(zoe, meeting['iCalUId'])['id']}"
    assert zoe.post(f"{path}/accept", {"sendResponse": False}).status_code == 202
    assert zoe.get(path).json()["responseStatus"]["response"] == "accepted"
    attendee = graph.get(f"/me/events/{meeting['id']}").json()["attendees"][0]
    assert attendee["status"]["response"] == "none"
    assert _mail(graph) == []


BAD_ANSWERS: list[tuple[str, dict[str, Any], str]] = [
    ("accept", {"sendResponse": "yes"}, "BadRequest"),
    ("accept", {"comment": 5}, "BadRequest"),
    ("accept", {"why": "x"}, "BadRequest"),
    ("accept", {"proposedNewTime": {"start": _point(START), "end": _point(END)}}, "BadRequest"),
    ("decline", {"proposedNewTime": {"start": _point(START)}}, "ErrorInvalidRequest"),
    (
        "decline",
        {"proposedNewTime": {"start": _point(END), "end": _point(START)}},
        "ErrorInvalidRequest",
    ),
    (
        "decline",
        {"sendResponse": False, "proposedNewTime": {"start": _point(START), "end": _point(END)}},
        "ErrorInvalidRequest",
    ),
    ("cancel", {}, "ErrorInvalidRequest"),
    ("forward", {"toRecipients": []}, "ErrorInvalidRecipients"),
    ("forward", {"toRecipients": [{"emailAddress": {"address": "x"}}]}, "ErrorInvalidRecipients"),
    ("forward", {"toRecipients": 5}, "RequestBodyRead"),
    ("snoozeReminder", {}, "ErrorInvalidRequest"),
    ("snoozeReminder", {"newReminderTime": {"dateTime": "x"}}, "ErrorPropertyValidationFailure"),
]


@pytest.mark.parametrize(("action", "body", "code"), BAD_ANSWERS)
def test_what_an_attendee_may_not_do_is_refused(
    zoe: Graph, meeting: dict[str, Any], action: str, body: dict[str, Any], code: str
) -> None:
    path = f"/me/events/{_event(zoe, meeting['iCalUId'])['id']}/{action}"
    answer = zoe.post(path, body)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_proposals_can_be_forbidden_and_an_organizer_does_not_answer(
    graph: Graph, zoe: Graph
) -> None:
    made = graph.post("/me/events", _meeting("zoe.adeyemi", allowNewTimeProposals=False)).json()
    path = f"/me/events/{_event(zoe, made['iCalUId'])['id']}/decline"
    slot = {"start": _point(START), "end": _point(END)}
    assert error_code(zoe.post(path, {"proposedNewTime": slot})) == "ErrorInvalidRequest"
    answer = graph.post(f"/me/events/{made['id']}/accept", {})
    assert (answer.status_code, error_code(answer)) == (400, "ErrorInvalidRequest")


def test_a_cancelled_meeting_leaves_the_organizers_calendar(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{meeting['id']}"
    assert graph.post(f"{path}/cancel", {"Comment": "Storm"}).status_code == 202
    assert graph.get(path).status_code == 404
    theirs = _event(zoe, meeting["iCalUId"])
    assert (theirs["isCancelled"], theirs["showAs"]) == (True, "free")
    message = _mail(zoe)[0]
    assert (message["subject"], message["body"]["content"]) == (
        "Canceled: Plan the survey",
        "Storm",
    )
    refused = zoe.post(f"/me/events/{theirs['id']}/accept", {})
    assert (refused.status_code, error_code(refused)) == (400, "ErrorInvalidRequest")


def test_a_forwarded_meeting_gains_an_attendee(
    sign_in: Callable[..., Graph], graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{_event(zoe, meeting['iCalUId'])['id']}/forward"
    body = {
        "Comment": "Join",
        "ToRecipients": [{"emailAddress": _attendee("ava.ramirez")["emailAddress"]}],
    }
    assert zoe.post(path, body).status_code == 202
    ava = sign_in("ava.ramirez")
    assert _event(ava, meeting["iCalUId"])["organizer"] == meeting["organizer"]
    message = _mail(ava)[0]
    assert (message["subject"], message["from"]["emailAddress"]["address"]) == (
        "FW: Plan the survey",
        person("zoe.adeyemi").mail,
    )
    invited = graph.get(f"/me/events/{meeting['id']}").json()["attendees"]
    assert len(invited) == 2


WEEKLY = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["wednesday"]},
    "range": {"type": "numbered", "startDate": "2026-04-08", "numberOfOccurrences": 4},
}
WINDOW = "startDateTime=2026-04-01T00:00:00Z&endDateTime=2026-05-10T00:00:00Z"


def test_one_occurrence_is_answered_changed_and_called_off_alone(graph: Graph, zoe: Graph) -> None:
    made = graph.post("/me/events", _meeting("zoe.adeyemi", recurrence=WEEKLY)).json()
    theirs = _event(zoe, made["iCalUId"])
    days = zoe.value(f"/me/events/{theirs['id']}/instances?{WINDOW}")
    assert zoe.post(f"/me/events/{days[1]['id']}/decline", {}).status_code == 202
    shown = zoe.value(f"/me/events/{theirs['id']}/instances?{WINDOW}")
    answers = {event["start"]["dateTime"][:10]: event["responseStatus"] for event in shown}
    assert [answers[day]["response"] for day in ("2026-04-15", "2026-04-22")] == [
        "declined",
        "notResponded",
    ]
    mine = graph.value(f"/me/events/{made['id']}/instances?{WINDOW}")
    declined = [m for m in mine if m["attendees"][0]["status"]["response"] == "declined"]
    assert [event["start"]["dateTime"][:10] for event in declined] == ["2026-04-15"]
    last = next(m for m in mine if m["start"]["dateTime"].startswith("2026-04-29"))
    assert graph.post(f"/me/events/{last['id']}/cancel", {}).status_code == 202
    left = zoe.value(f"/me/events/{theirs['id']}/instances?{WINDOW}")
    assert len(left) == 3
    master = graph.get(
        f"/me/events/{made['id']}?$select=cancelledOccurrences&$expand=exceptionOccurrences"
    ).json()
    assert len(master["cancelledOccurrences"]) == len(master["exceptionOccurrences"]) == 1


def test_reminders_are_listed_put_off_and_dismissed(graph: Graph) -> None:
    made = graph.post("/me/events", _meeting(reminderMinutesBeforeStart=30)).json()
    window = "startDateTime='2026-04-08T09:00:00Z',endDateTime='2026-04-08T12:00:00Z'"
    path = f"/me/reminderView({window})"

    def fires() -> list[str]:
        return [
            one["reminderFireTime"]["dateTime"][11:16]
            for one in graph.value(path)
            if one["eventId"] == made["id"]
        ]

    assert fires() == ["09:30"]
    one = f"/me/events/{made['id']}"
    later = {"newReminderTime": _point("2026-04-08T09:50:00")}
    assert graph.post(f"{one}/snoozeReminder", later).status_code == 200
    assert fires() == ["09:50"]
    assert graph.request("POST", f"{one}/dismissReminder").status_code == 200
    assert fires() == []
    bad = graph.get("/me/reminderView(startDateTime='x',endDateTime='y')")
    assert (bad.status_code, error_code(bad)) == (400, "ErrorInvalidParameter")


def test_events_have_attachments_which_attendees_get(
    graph: Graph, zoe: Graph, meeting: dict[str, Any]
) -> None:
    path = f"/me/events/{meeting['id']}"
    body = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "map.txt",
        "contentBytes": "aGVsbG8=",
    }
    made = graph.post(f"{path}/attachments", body)
    assert made.status_code == 201, made.text
    assert graph.get(path).json()["hasAttachments"] is True
    expanded = graph.get(f"{path}?$expand=attachments").json()["attachments"]
    assert [one["name"] for one in expanded] == ["map.txt"]
    graph.patch(path, {"subject": "With a map"})
    theirs = _event(zoe, meeting["iCalUId"])
    assert zoe.value(f"/me/events/{theirs['id']}/attachments")[0]["name"] == "map.txt"
    one = f"{path}/attachments/{made.json()['id']}"
    assert graph.get(f"{one}/$value").content == b"hello"
    assert graph.delete(one).status_code == 204
    assert graph.value(f"{path}/attachments") == []


def test_the_same_transaction_makes_one_event(graph: Graph) -> None:
    body = _meeting("zoe.adeyemi", transactionId="7E163156-7762-4BEB-A1C6-729EA81755A7")
    first, second = (graph.post("/me/events", body).json() for _ in range(2))
    assert first["id"] == second["id"]
