"""The calendars of everybody: seeded when first looked at, written to, meetings delivered.

What is to reach others goes by way of `delivery`.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from graphwright_sandbox.graph.attachments import read_attachment
from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.extensions import read_extension
from graphwright_sandbox.graph.item_ids import derive_key, new_key
from graphwright_sandbox.graph.recurrence import read_recurrence
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.bulk import BulkEvents
from graphwright_sandbox.workloads.calendar.changes import (
    begin_series,
    change_event,
    change_occurrence,
    read_properties,
    read_times,
)
from graphwright_sandbox.workloads.calendar.delivery import Delivery
from graphwright_sandbox.workloads.calendar.mailboxes import (
    CalendarRecord,
    GroupRecord,
    Mailbox,
    Permission,
)
from graphwright_sandbox.workloads.calendar.records import (
    EventRecord,
    default_properties,
    show_event,
    state_address,
)
from graphwright_sandbox.workloads.calendar.seed import CalendarSeed

_GROUPS = (
    ("My Calendars", "0006f0b7-0000-0000-c000-000000000046"),
    ("Other Calendars", "0006f0b8-0000-0000-c000-000000000046"),
    ("People's Calendars", "0006f0b9-0000-0000-c000-000000000046"),
)
_TOLD = ("subject", "body", "location", "start", "end", "recurrence", "isAllDay", "sensitivity")
"""What attendees are told of when it changes."""


class _Kept(msgspec.Struct):
    """What is written down of a mailbox that changed."""

    groups: list[GroupRecord]
    calendars: list[CalendarRecord]
    events: list[EventRecord]
    transactions: dict[str, bytes]
    deleted_series: list[EventRecord]
    kept: list[EventRecord]
    removed: list[int]


class Calendars:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._seed = CalendarSeed(context)
        self._mailboxes: dict[str, Mailbox] = {}
        self._delivery = Delivery(context, self)
        self.respond = self._delivery.respond
        self.forward = self._delivery.forward
        context.state.add("calendar", self._dump, self._load)

    def of(self, person: Person) -> Mailbox:
        mailbox = self._mailboxes.get(person.id)
        if mailbox is None:
            mailbox = self._mailboxes[person.id] = self._seeded(person)
        return mailbox

    def _seeded(self, person: Person) -> Mailbox:
        mailbox = Mailbox(person.id)
        for name, class_id in _GROUPS:
            key = derive_key("calendar group", person.id, name)
            mailbox.groups[key] = GroupRecord(key, name, class_id, fixed=True)
        group = mailbox.default_group.key
        for name, color in (("Calendar", "auto"), ("Birthdays", "lightPink")):
            key = derive_key("calendar", person.id, name)
            entry = CalendarRecord(key, name, group, color, default=name == "Calendar")
            entry.permissions.append(default_permission(entry))
            mailbox.calendars[key] = entry
        mine, birthdays = mailbox.calendars
        for record in self._seed.events_of(person, mine, birthdays):
            mailbox.events[record.key] = record
        if self._context.bulk_events and person.id == self._context.tenant.people.company[0].id:
            mailbox.bulk = BulkEvents(person, mine, self._context.bulk_events, self._context.today)
        return mailbox

    def _dump(self) -> Any:
        """The mailboxes that are no longer as they were seeded."""
        return {
            owner_id: msgspec.to_builtins(
                _Kept(
                    list(mailbox.groups.values()),
                    list(mailbox.calendars.values()),
                    list(mailbox.events.values()),
                    mailbox.transactions,
                    list(mailbox.deleted_series.values()),
                    *(mailbox.bulk.differences if mailbox.bulk else ([], [])),
                ),
                str_keys=True,
            )
            for owner_id, mailbox in self._mailboxes.items()
            if mailbox.written
        }

    def _load(self, value: Any) -> None:
        self._mailboxes.clear()
        for owner_id, data in value.items():
            person = self._context.find_person(owner_id)
            if person is None:
                continue
            kept = msgspec.convert(data, _Kept, str_keys=True)
            mailbox = self._mailboxes[owner_id] = self._seeded(person)
            mailbox.groups = {entry.key: entry for entry in kept.groups}
            mailbox.calendars = {entry.key: entry for entry in kept.calendars}
            mailbox.events = {record.key: record for record in kept.events}
            mailbox.transactions = kept.transactions
            mailbox.deleted_series = {record.key: record for record in kept.deleted_series}
            mailbox.written = True
            if mailbox.bulk is not None:
                mailbox.bulk.restore(kept.kept, kept.removed)

    def note(self, mailbox: Mailbox, record: EventRecord, kind: Kind) -> None:
        """Tells delta queries and subscriptions of a write."""
        mailbox.written = True
        container = f"users/{mailbox.owner_id}/events"
        self._context.changes.record(
            container,
            record.id,
            kind,
            resource=f"{container}/{record.id}",
            mailbox=mailbox.owner_id,
        )

    def create(
        self, mailbox: Mailbox, calendar: CalendarRecord, data: Record, now: datetime
    ) -> EventRecord:
        """A new event, or the one its transactionId already made."""
        transaction: str | None = data.get("transactionId")
        if transaction and (known := mailbox.transactions.get(transaction)) in mailbox.events:
            return mailbox.events[known]
        data = dict(data)
        attachments = [read_attachment(item, now) for item in data.pop("attachments", [])]
        extensions = dict(read_extension(item) for item in data.pop("extensions", []))
        properties = {**default_properties(), **read_properties(data)}
        start, end, zone, all_day = read_times(data, None)
        start, end = begin_series(data, start, end, zone)
        if all_day and "showAs" not in data:
            properties["showAs"] = "free"
        key = new_key()
        record = EventRecord(
            owner_id=mailbox.owner_id,
            key=key,
            calendar_key=calendar.key,
            uid=f"040000008200E00074C5B7101A82E008{key.hex().upper()}",
            properties=properties,
            start=start,
            end=end,
            zone=zone,
            all_day=all_day,
            created=now,
            modified=now,
            organizer=state_address(self._context.tenant.people.get(mailbox.owner_id)),
            transaction_id=transaction,
            attachments=attachments,
            extensions=extensions,
        )
        if data.get("recurrence"):
            record.recurrence = read_recurrence(data["recurrence"], start.date(), zone)
        mailbox.events[key] = record
        if transaction:
            mailbox.transactions[transaction] = key
        self.note(mailbox, record, "created")
        self._delivery.deliver(record, None, now, before=[], told=True)
        return record

    def change(
        self, mailbox: Mailbox, record: EventRecord, day: date | None, data: Record, now: datetime
    ) -> None:
        before = record.attendees_on(day)
        shown = show_event(record, day)
        if day is None:
            change_event(record, data)
        else:
            change_occurrence(record, day, data)
        after = show_event(record, day)
        self.touch(mailbox, record, now)
        told = any(shown[name] != after[name] for name in _TOLD)
        self._delivery.deliver(record, day, now, before=before, told=told)

    def touch(self, mailbox: Mailbox, record: EventRecord, now: datetime) -> None:
        """Another revision of an event that was, or is about to be, changed."""
        record.touch(now)
        if mailbox.bulk is not None:
            mailbox.bulk.keep(record)
        self.note(mailbox, record, "updated")

    def delete(
        self,
        mailbox: Mailbox,
        record: EventRecord,
        day: date | None,
        now: datetime,
        comment: str = "",
    ) -> None:
        """Takes an event, or one occurrence, out; a meeting is called off with that."""
        if record.is_organizer and not record.cancelled:
            self._delivery.call_off(record, day, record.attendees_on(day), now, comment)
        if day is not None:
            record.changes.pop(day, None)
            record.removed.add(day)
            self.touch(mailbox, record, now)
            return
        if mailbox.events.pop(record.key, None) is None and mailbox.bulk is not None:
            mailbox.bulk.remove(record)
        if record.recurrence is not None:
            mailbox.deleted_series[record.key] = record
        self.note(mailbox, record, "deleted")


def default_permission(calendar: CalendarRecord) -> Permission:
    """What the whole organization may see of a calendar about which nothing was said."""
    key = derive_key("permission", calendar.key.hex())
    return Permission(key.hex(), "My Organization", "", "freeBusyRead")
