"""Requests about meetings and reminders: answers, cancellation, forwarding, putting off."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity, read_value
from graphwright_sandbox.graph.edm import SCHEMA, Property
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.item_ids import change_key
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.time_zones import localize, read_point, state_point
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.workloads.calendar.changes import read_attendee
from graphwright_sandbox.workloads.calendar.events import EventService
from graphwright_sandbox.workloads.calendar.records import (
    EventRecord,
    reminder_of,
    show_event,
)
from graphwright_sandbox.workloads.calendar.store import Calendars
from graphwright_sandbox.workloads.calendar.windows import parse_window, seen_between

ANSWERS = {
    "accept": "accepted",
    "decline": "declined",
    "tentativelyAccept": "tentativelyAccepted",
}
_RECIPIENTS = Property("ToRecipients", "recipient", collection=True)


class MeetingService:
    def __init__(self, calendars: Calendars, events: EventService) -> None:
        self._calendars = calendars
        self._events = events

    def respond(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters("comment", "sendResponse", "proposedNewTime")
        record, day = self._events.event(request, write=True)
        if record.is_organizer:
            raise _refused(
                "You can't respond to this meeting because you're the meeting organizer."
            )
        if record.cancelled:
            raise _refused("You can't respond to this meeting because it has been canceled.")
        action = request.operation.rsplit("/", 1)[-1]
        send = _flag(parameters.get("sendresponse", True))
        proposed = _proposed(parameters, action, record, send=send)
        self._calendars.respond(
            self._events.mailbox(request),
            record,
            day,
            ANSWERS[action],
            request.now,
            send=send,
            comment=_comment(parameters),
            proposed=proposed,
        )
        return GraphResponse(202)

    def cancel(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters("comment") if request.body.strip() else {}
        record, day = self._events.event(request, write=True)
        if not record.is_organizer:
            raise _refused("You need to be an organizer to cancel a meeting.")
        if not record.attendees_on(day):
            raise _refused("You can't cancel an event that has no attendees.")
        comment = _comment(parameters)
        mailbox = self._events.mailbox(request)
        self._calendars.delete(mailbox, record, day, request.now, comment)
        return GraphResponse(202)

    def forward(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters("comment", "toRecipients")
        recipients = read_value(parameters.get("torecipients"), _RECIPIENTS)
        if not recipients:
            raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        attendees = [read_attendee(recipient) for recipient in recipients]
        record, day = self._events.whole_event(request)
        comment = _comment(parameters)
        mailbox = self._events.mailbox(request)
        self._calendars.forward(mailbox, record, day, attendees, request.now, comment)
        return GraphResponse(202)

    def dismiss_reminder(self, request: GraphRequest) -> GraphResponse:
        record, day = self._events.event(request, write=True)
        record.dismissed.add(reminder_of(day))
        record.snoozed.pop(reminder_of(day), None)
        self._calendars.touch(self._events.mailbox(request), record, request.now)
        return GraphResponse(200)

    def snooze_reminder(self, request: GraphRequest) -> GraphResponse:
        given = request.read_parameters("newReminderTime").get("newremindertime")
        if not isinstance(given, dict):
            raise bad_request("The parameter 'NewReminderTime' is missing.", "ErrorInvalidRequest")
        point = read_entity(given, SCHEMA.structured["dateTimeTimeZone"])
        moment = localize(*read_point(point, "NewReminderTime"))
        record, day = self._events.event(request, write=True)
        record.dismissed.discard(reminder_of(day))
        record.snoozed[reminder_of(day)] = moment
        self._calendars.touch(self._events.mailbox(request), record, request.now)
        return GraphResponse(200)

    def list_reminders(self, request: GraphRequest) -> GraphResponse:
        """The reminders of what takes place in a window of time."""
        start, end = parse_window(request.keys["start"], request.keys["end"])
        reminders = [
            reminder
            for record in self._events.whole_events(request)
            for reminder in _reminders(record, start, end)
        ]
        reminders.sort(key=lambda one: str(one["reminderFireTime"]["dateTime"]))
        context = request.context("Collection(microsoft.graph.reminder)")
        return GraphResponse(200, {"@odata.context": context, "value": reminders})


def _reminders(record: EventRecord, start: datetime, end: datetime) -> Iterator[Record]:
    for day in seen_between(record, start, end):
        shown = show_event(record, day)
        if not shown["isReminderOn"] or record.cancelled or reminder_of(day) in record.dismissed:
            continue
        minutes = timedelta(minutes=shown["reminderMinutesBeforeStart"] or 0)
        begins = parse_instant(shown["start"]["dateTime"])
        fires = record.snoozed.get(reminder_of(day), begins - minutes)
        yield {
            "eventId": shown["id"],
            "eventStartTime": shown["start"],
            "eventEndTime": shown["end"],
            "changeKey": change_key(shown["id"], record.revision),
            "eventSubject": shown["subject"],
            "eventLocation": shown["location"],
            "eventWebLink": shown["webLink"],
            "reminderFireTime": state_point(fires.replace(tzinfo=None), "UTC"),
        }


def _refused(message: str) -> GraphError:
    return bad_request(f"Your request can't be completed. {message}", "ErrorInvalidRequest")


def _flag(value: object) -> bool:
    """Graph's own examples write it as a text, too."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise bad_request("The parameter 'SendResponse' needs to be true or false.")
    return value


def _uncapitalized(value: Any) -> Any:
    """Names in parameters of actions may begin with a capital, as Graph's own examples do."""
    if not isinstance(value, dict):
        return value
    return {name[:1].lower() + name[1:]: _uncapitalized(item) for name, item in value.items()}


def _comment(parameters: Record) -> str:
    comment = parameters.get("comment") or ""
    if not isinstance(comment, str):
        raise bad_request("The parameter 'Comment' needs to be a text.")
    return comment


def _proposed(
    parameters: Record, action: str, record: EventRecord, *, send: bool
) -> dict[str, Any] | None:
    """The other time that an attendee proposes."""
    given = parameters.get("proposednewtime")
    if given is None:
        return None
    if action == "accept":
        raise bad_request("A new time can be proposed with a decline or a tentative answer only.")
    if not isinstance(given, dict):
        raise bad_request("The parameter 'ProposedNewTime' needs to be an object.")
    slot = read_entity(_uncapitalized(given), SCHEMA.structured["timeSlot"])
    if not slot.get("start") or not slot.get("end"):
        raise bad_request("A proposed time needs a start and an end.", "ErrorInvalidRequest")
    start = localize(*read_point(slot["start"], "start"))
    end = localize(*read_point(slot["end"], "end"))
    if end < start:
        raise bad_request("A proposed time ends before it starts.", "ErrorInvalidRequest")
    if not send:
        raise _refused("A new time can be proposed only where the response is sent.")
    if record.properties["allowNewTimeProposals"] is False:
        raise _refused("The organizer does not allow new time proposals.")
    return slot
