"""Requests nobody would write by hand: none may end in a 500 or an exception."""

import random
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph

_PIECES = (
    "subject isRead start/dateTime from/emailAddress/address 'x' '' null true 5 -1 1.5 ( ) , / : eq "
    "ne gt in and or not startswith( contains( any( all( a:a c:c 2026-03-01 2026-13-01T00:00Z $it "
    "categories attendees id displayName & = % ' \" \\ \U0001f5fa é %00 %2F .. {{ }}"
).split()
_PATHS = (
    "/me /users /me/events /me/messages /me/mailFolders /me/calendars /users/$count /me/manager "
    "/me/calendarView /me/mailFolders/inbox/messages /me/messages/$count /me/events/$count"
).split()
_OPTIONS = (
    "$filter $select $orderby $expand $search $top $skip $skiptoken $count startDateTime".split()
)
_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "2026-03-20T00:00:00",
    "UTC",
    "9999-12-31T23:59:59Z",
    "weekly",
    "monday",
    [],
    [None],
    {},
    [{}],
    "\U0001f5fa",
)
_NAMES = (
    "subject start end dateTime timeZone isAllDay recurrence pattern range type interval startDate "
    "endDate daysOfWeek attendees emailAddress address name body content contentType location "
    "locations toRecipients from message saveToSentItems destinationId attachments transactionId "
    "importance reminderMinutesBeforeStart categories numberOfOccurrences month dayOfMonth index"
).split()


@pytest.mark.parametrize("seed", range(3))
def test_no_query_ends_in_a_server_error(graph: Graph, seed: int) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(120):
        text = " ".join(chance.choices(_PIECES, k=chance.randint(1, 7)))
        params = {chance.choice(_OPTIONS): text for _ in range(chance.randint(1, 2))}
        params.setdefault("endDateTime", "2026-04-01")
        headers = {
            "Prefer": text.encode("ascii", "ignore").decode(),
            "ConsistencyLevel": "eventual",
        }
        answer = graph.request("GET", chance.choice(_PATHS), params=params, headers=headers)
        assert answer.status_code in (200, 400, 404), (params, answer.text)
        refused += answer.status_code == 400
    assert refused > 60


_PARAMETERS = (
    "startTime endTime schedules availabilityViewInterval timeConstraint timeSlots meetingDuration "
    "attachmentItem attachmentType name size displayName actions role proposedNewTime comment "
    "toRecipients newReminderTime emailAddresses mailTipsOptions color sequence item"
).split()


def _tree(chance: random.Random, depth: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name in chance.sample([*_NAMES, *_PARAMETERS], chance.randint(1, 6)):
        value = chance.choice(_VALUES)
        if depth and chance.random() < 0.4:
            value = _tree(chance, depth - 1)
        body[name] = value
    return body


@pytest.mark.parametrize("seed", range(3))
def test_no_body_ends_in_a_server_error(graph: Graph, seed: int) -> None:
    chance = random.Random(seed)
    point = {"dateTime": "2026-03-20T00:00:00", "timeZone": "UTC"}
    event = graph.value("/me/events?$top=1")[0]["id"]
    message = graph.value("/me/messages?$top=1")[0]["id"]
    targets = [
        ("POST", f"/me/messages/{message}/createReplyAll"),
        ("POST", f"/me/messages/{message}/attachments"),
        ("POST", f"/me/messages/{message}/attachments/createUploadSession"),
        ("POST", "/me/mailFolders"),
        ("POST", "/me/mailFolders/inbox/messageRules"),
        ("POST", "/me/outlook/masterCategories"),
        ("POST", "/me/getMailTips"),
        ("POST", "/me/calendars"),
        ("POST", "/me/calendarGroups"),
        ("POST", "/me/calendar/calendarPermissions"),
        ("POST", "/me/calendar/getSchedule"),
        ("POST", "/me/findMeetingTimes"),
        ("POST", f"/me/events/{event}/forward"),
        ("POST", f"/me/events/{event}/snoozeReminder"),
        ("POST", f"/me/events/{event}/tentativelyAccept"),
        ("POST", "/me/events"),
        ("PATCH", f"/me/events/{event}"),
        ("POST", "/me/messages"),
        ("PATCH", f"/me/messages/{message}"),
        ("POST", "/me/sendMail"),
        ("POST", f"/me/messages/{message}/move"),
    ]
    bodies = []
    for number in range(120):
        method, path = targets[number % len(targets)]
        # Half of the events have what they need, so that the rest of the body is looked at too.
        body = _tree(chance, 3)
        if chance.random() < 0.5 and "events" in path:
            body = {**body, "start": point, "end": point}
        answer = graph.request(method, path, json=body)
        assert answer.status_code in (200, 201, 202, 400, 403, 404), (body, answer.text)
        bodies.append(body)
        if number % 10 == 9:  # what was written is read, too: it costs more than to write it
            for wanted in ("/me/events?$top=100", "/me/messages?$top=100"):
                assert graph.get(wanted).status_code == 200, bodies[-10:]


def test_no_typed_body_ends_in_a_server_error(graph: Graph) -> None:
    """Bodies whose names are right, property by property, with every kind of value."""
    point = {"dateTime": "2026-03-20T00:00:00", "timeZone": "UTC"}
    for kind, needed in (("event", {"start": point, "end": point}), ("message", {})):
        for name in _NAMES:
            for value in (*_VALUES, point, {"emailAddress": None}, [{"emailAddress": None}]):
                answer = graph.post(f"/me/{kind}s", {**needed, name: value})
                assert answer.status_code in (201, 400), (name, value, answer.text)
    for path in ("/me/events?$top=1000", "/me/messages?$top=1000"):
        assert graph.get(path).status_code == 200
