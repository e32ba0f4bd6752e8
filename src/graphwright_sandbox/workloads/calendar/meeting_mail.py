"""The mail that meetings bring about: invitations, updates, cancellations, answers. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from graphwright_sandbox.graph.post import MeetingMail
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.calendar.records import EventRecord, show_event

_ANSWERS = {
    "accepted": ("Accepted", "meetingAccepted"),
    "tentativelyAccepted": ("Tentative", "meetingTenativelyAccepted"),
    "declined": ("Declined", "meetingDeclined"),
}
_TYPE = "#microsoft.graph.eventMessage"
People = tuple[tuple[str, str], ...]


def _meeting(record: EventRecord, day: date | None, kind: str, message: str) -> Record:
    shown = show_event(record, day)
    return {
        "@odata.type": f"{_TYPE}{kind}",
        "meetingMessageType": message,
        "type": shown["type"],
        "isOutOfDate": False,
        "isAllDay": shown["isAllDay"],
        "isDelegated": False,
        "startDateTime": shown["start"],
        "endDateTime": shown["end"],
        "location": shown["location"],
        "recurrence": shown["recurrence"],
    }


def write_request(
    record: EventRecord,
    day: date | None,
    to: People,
    events: Mapping[str, str],
    now: datetime,
    *,
    update: bool,
    sender_id: str = "",
    comment: str = "",
) -> MeetingMail:
    """An invitation, or word of a change; forwarded where another than the organizer sends it."""
    shown = show_event(record, day)
    kind = "fullUpdate" if update else "newMeetingRequest"
    body = shown["body"] if not comment else _body(comment)
    prefix = "FW: " if sender_id else ""
    return MeetingMail(
        sender_id=sender_id or record.owner_id,
        to=to,
        subject=f"{prefix}{shown['subject']}",
        body=body,
        meeting={
            **_meeting(record, day, "Request", "meetingRequest"),
            "meetingRequestType": kind,
            "responseRequested": shown["responseRequested"],
            "allowNewTimeProposals": shown["allowNewTimeProposals"],
            "previousLocation": None,
            "previousStartDateTime": None,
            "previousEndDateTime": None,
        },
        uid=record.uid,
        events=events,
        moment=now,
    )


def write_cancellation(
    record: EventRecord,
    day: date | None,
    to: People,
    events: Mapping[str, str],
    now: datetime,
    comment: str = "",
) -> MeetingMail:
    return MeetingMail(
        sender_id=record.owner_id,
        to=to,
        subject=f"Canceled: {show_event(record, day)['subject']}",
        body=_body(comment),
        meeting=_meeting(record, day, "", "meetingCancelled"),
        uid=record.uid,
        events=events,
        moment=now,
    )


def write_answer(
    record: EventRecord,
    day: date | None,
    response: str,
    events: Mapping[str, str],
    now: datetime,
    *,
    comment: str,
    proposed: Record | None,
) -> MeetingMail:
    """What an attendee answers, to the organizer. `record` is the attendee's own copy."""
    word, message = _ANSWERS[response]
    if proposed is not None:
        word = "New Time Proposed"
    organizer = record.organizer
    return MeetingMail(
        sender_id=record.owner_id,
        to=((str(organizer["name"]), str(organizer["address"])),),
        subject=f"{word}: {show_event(record, day)['subject']}",
        body=_body(comment),
        meeting={
            **_meeting(record, day, "Response", message),
            "responseType": response,
            "proposedNewTime": proposed,
        },
        uid=record.uid,
        events=events,
        moment=now,
    )


def _body(comment: str) -> dict[str, str]:
    return {"contentType": "text", "content": comment}
