"""What the organizer decides, brought into the calendars and the mail of those invited.

And the other way round: what an attendee answers, where the organizer sees it.
"""

import copy
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.item_ids import make_item_id, new_key
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.mailboxes import Mailbox
from graphwright_sandbox.workloads.calendar.meeting_mail import (
    write_answer,
    write_cancellation,
    write_request,
)
from graphwright_sandbox.workloads.calendar.records import (
    NO_TIME,
    Change,
    EventRecord,
    address_of,
)


class Shelf(Protocol):
    """Where the mailboxes stand."""

    def of(self, person: Person) -> Mailbox: ...
    def touch(self, mailbox: Mailbox, record: EventRecord, now: datetime) -> None: ...
    def note(self, mailbox: Mailbox, record: EventRecord, kind: Kind) -> None: ...


class Delivery:
    def __init__(self, context: GraphContext, shelf: Shelf) -> None:
        self._context = context
        self._shelf = shelf

    def deliver(
        self,
        record: EventRecord,
        day: date | None,
        now: datetime,
        *,
        before: list[Record],
        told: bool,
    ) -> None:
        """Puts what the organizer decided into the calendars and the mail of those invited.

        `before`: who was invited until now; `told`: whether those hear of the change.
        """
        if not record.is_organizer or record.cancelled:
            return
        attendees = record.attendees_on(day)
        invited = {address_of(attendee) for attendee in attendees}
        known = {address_of(attendee) for attendee in before}
        gone = [attendee for attendee in before if address_of(attendee) not in invited]
        if gone:
            self.call_off(record, day, gone, now, "")
        events = self._copy_to(record, invited, now)
        for update, addresses in ((False, invited - known), (True, invited & known)):
            to = _people(one for one in attendees if address_of(one) in addresses)
            if to and (told or not update):
                self._context.post.send(write_request(record, day, to, events, now, update=update))

    def _copy_to(
        self, record: EventRecord, addresses: Iterable[str], now: datetime
    ) -> dict[str, str]:
        """The meeting as it stands in the calendars of these people; its ids there by user."""
        events: dict[str, str] = {}
        for address in addresses:
            person = self._context.find_person(address)
            if person is None or person.id == record.owner_id:
                continue
            mailbox = self._shelf.of(person)
            own = mailbox.find_meeting(record.uid)
            copied = replace(
                record,
                owner_id=person.id,
                key=own.key if own else new_key(),
                calendar_key=own.calendar_key if own else mailbox.default_calendar.key,
                properties=_for_attendee(record, own),
                changes=copy.deepcopy(record.changes),
                removed=set(record.removed),
                attachments=[item.copy() for item in record.attachments],
                extensions=own.extensions if own else {},
                schema=own.schema if own else {},
                former=list(record.former),
                is_organizer=False,
                response=own.response if own else "notResponded",
                responded=own.responded if own else NO_TIME,
                responses=own.responses if own else {},
                snoozed={},
                dismissed=set(),
                transaction_id=None,
                created=own.created if own else now,
                revision=own.revision + 1 if own else 1,
            )
            mailbox.events[copied.key] = copied
            self._shelf.note(mailbox, copied, "updated" if own else "created")
            events[person.id] = copied.id
        return events

    def call_off(
        self,
        record: EventRecord,
        day: date | None,
        attendees: list[Record],
        now: datetime,
        comment: str,
    ) -> None:
        """Marks the meeting as cancelled in the calendars of these people, and writes to them."""
        events: dict[str, str] = {}
        for attendee in attendees:
            person = self._context.find_person(address_of(attendee))
            if person is None or person.id == record.owner_id:
                continue
            mailbox = self._shelf.of(person)
            own = mailbox.find_meeting(record.uid)
            if own is None:
                continue
            if day is None:
                own.cancelled = True
                own.properties["subject"] = f"Canceled: {own.properties['subject']}"
                own.properties["showAs"] = "free"
            else:
                own.changes.pop(day, None)
                own.removed.add(day)
            events[person.id] = own.id
            self._shelf.touch(mailbox, own, now)
        if attendees:
            to = _people(attendees)
            self._context.post.send(write_cancellation(record, day, to, events, now, comment))

    def respond(
        self,
        mailbox: Mailbox,
        record: EventRecord,
        day: date | None,
        response: str,
        now: datetime,
        *,
        send: bool,
        comment: str,
        proposed: Record | None,
    ) -> None:
        """The answer of an attendee; the organizer learns of it where it is sent."""
        moment = format_instant(now)
        if day is None:
            record.response, record.responded = response, moment
        else:
            record.responses[day] = (response, moment)
        self._shelf.touch(mailbox, record, now)
        if not send:
            return
        organizer = self._context.find_person(str(record.organizer["address"]))
        events: dict[str, str] = {}
        if organizer is not None:
            theirs = self._shelf.of(organizer)
            original = theirs.find_meeting(record.uid)
            if original is not None:
                me = self._context.tenant.people.get(mailbox.owner_id).mail.casefold()
                _note_answer(original, day, me, response, moment, proposed)
                self._shelf.touch(theirs, original, now)
                events[organizer.id] = make_item_id(organizer.id, original.key, day)
        self._context.post.send(
            write_answer(record, day, response, events, now, comment=comment, proposed=proposed)
        )

    def forward(
        self,
        mailbox: Mailbox,
        record: EventRecord,
        day: date | None,
        attendees: list[Record],
        now: datetime,
        comment: str,
    ) -> None:
        """Invites more people, who become attendees of the organizer's meeting."""
        organizer = self._context.find_person(str(record.organizer["address"]))
        original = record
        if organizer is not None and not record.is_organizer:
            original = self._shelf.of(organizer).find_meeting(record.uid) or record
        known = {address_of(one) for one in original.properties["attendees"]}
        added = [one for one in attendees if address_of(one) not in known]
        original.properties["attendees"] = [*original.properties["attendees"], *added]
        if organizer is not None:
            self._shelf.touch(self._shelf.of(organizer), original, now)
        events = self._copy_to(original, {address_of(one) for one in attendees}, now)
        sender = "" if record.is_organizer else mailbox.owner_id
        to = _people(attendees)
        self._context.post.send(
            write_request(
                original, day, to, events, now, update=False, sender_id=sender, comment=comment
            )
        )


def _for_attendee(record: EventRecord, own: EventRecord | None) -> Record:
    """The organizer's properties; what an attendee decides for themselves stays theirs."""
    properties: Record = copy.deepcopy(record.properties)
    if own is not None:
        for name in ("categories", "isReminderOn", "reminderMinutesBeforeStart", "showAs"):
            properties[name] = own.properties[name]
    return properties


def _note_answer(
    original: EventRecord,
    day: date | None,
    address: str,
    response: str,
    moment: str,
    proposed: Record | None,
) -> None:
    """The answer where the organizer sees it: at the attendee, of one occurrence or of all."""
    attendees = copy.deepcopy(original.attendees_on(day))
    for attendee in attendees:
        if address_of(attendee) == address:
            attendee["status"] = {"response": response, "time": moment}
            attendee.pop("proposedNewTime", None)
            if proposed is not None:
                attendee["proposedNewTime"] = proposed
    if day is None:
        original.properties["attendees"] = attendees
        return
    start, end = original.times_on(day)
    change = original.changes.setdefault(day, Change({}, start, end))
    change.properties["attendees"] = attendees


def _people(attendees: Iterable[Record]) -> tuple[tuple[str, str], ...]:
    """Names and addresses."""
    return tuple(
        (str(one["emailAddress"]["name"]), str(one["emailAddress"]["address"])) for one in attendees
    )
