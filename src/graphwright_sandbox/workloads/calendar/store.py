"""The calendars of everybody: kept in memory, seeded when first looked at, meetings delivered."""

import copy
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from graphwright_sandbox.graph.errors import item_not_found, malformed_item_id
from graphwright_sandbox.graph.item_ids import derive_key, make_item_id, new_key, read_item_id
from graphwright_sandbox.graph.recurrence import dates_between, read_recurrence
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.bulk import BulkEvents
from graphwright_sandbox.workloads.calendar.changes import (
    change_event,
    change_occurrence,
    read_properties,
    read_times,
)
from graphwright_sandbox.workloads.calendar.records import (
    NO_TIME,
    EventRecord,
    default_properties,
    state_address,
)
from graphwright_sandbox.workloads.calendar.seed import CalendarSeed


@dataclass
class CalendarRecord:
    key: bytes
    name: str
    color: str = "auto"
    default: bool = False
    revision: int = 1


@dataclass
class Mailbox:
    """One person's calendars and events, by key."""

    owner: Person
    calendars: dict[bytes, CalendarRecord] = field(default_factory=dict)
    events: dict[bytes, EventRecord] = field(default_factory=dict)
    transactions: dict[str, bytes] = field(default_factory=dict)
    bulk: BulkEvents | None = None

    @property
    def default_calendar(self) -> CalendarRecord:
        return next(entry for entry in self.calendars.values() if entry.default)

    def calendar_id(self, calendar: CalendarRecord) -> str:
        return make_item_id(self.owner.id, calendar.key)

    def find_calendar(self, identifier: str) -> CalendarRecord:
        read = read_item_id(identifier)
        if read is None:
            raise malformed_item_id()
        found = self.calendars.get(read.key)
        if found is None or read.mailbox != uuid.UUID(self.owner.id).bytes:
            raise item_not_found()
        return found

    def find_event(self, identifier: str) -> tuple[EventRecord, date | None]:
        """The event, and the day where the id is that of an occurrence."""
        read = read_item_id(identifier)
        if read is None:
            raise malformed_item_id()
        if read.mailbox != uuid.UUID(self.owner.id).bytes:
            raise item_not_found()
        record = self.events.get(read.key)
        if record is None and self.bulk is not None and read.occurrence is None:
            record = self.bulk.find(read.key)
        if record is None:
            raise item_not_found()
        day = read.occurrence
        if day is not None and not _has_occurrence(record, day):
            raise item_not_found()
        return record, day


def _has_occurrence(record: EventRecord, day: date) -> bool:
    if record.recurrence is None or day in record.removed:
        return False
    return any(dates_between(record.recurrence, day, day)) or day in record.changes


class Calendars:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._seed = CalendarSeed(context)
        self._mailboxes: dict[str, Mailbox] = {}

    def of(self, person: Person) -> Mailbox:
        mailbox = self._mailboxes.get(person.id)
        if mailbox is None:
            mailbox = Mailbox(person)
            for name, color in (("Calendar", "auto"), ("Birthdays", "lightPink")):
                key = derive_key("calendar", person.id, name)
                entry = CalendarRecord(key, name, color, default=name == "Calendar")
                mailbox.calendars[key] = entry
            mine, birthdays = mailbox.calendars
            for record in self._seed.events_of(person, mine, birthdays):
                mailbox.events[record.key] = record
            if self._context.bulk_events and person.id == self._context.tenant.people.company[0].id:
                mailbox.bulk = BulkEvents(
                    person, mine, self._context.bulk_events, self._context.today
                )
            self._mailboxes[person.id] = mailbox
        return mailbox

    def create(
        self, mailbox: Mailbox, calendar: CalendarRecord, data: Record, now: datetime
    ) -> tuple[EventRecord, bool]:
        """A new event, or the one its transactionId already made (then False)."""
        transaction: str | None = data.get("transactionId")
        if transaction and (known := mailbox.transactions.get(transaction)) in mailbox.events:
            return mailbox.events[known], False
        properties = {**default_properties(), **read_properties(data)}
        start, end, zone, all_day = read_times(data, None)
        if all_day and "showAs" not in data:
            properties["showAs"] = "free"
        key = new_key()
        record = EventRecord(
            owner=mailbox.owner,
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
            organizer=state_address(mailbox.owner),
            transaction_id=transaction,
        )
        if data.get("recurrence"):
            record.recurrence = read_recurrence(data["recurrence"], start.date(), zone)
        mailbox.events[key] = record
        if transaction:
            mailbox.transactions[transaction] = key
        self._deliver(record, now)
        return record, True

    def change(
        self, mailbox: Mailbox, record: EventRecord, day: date | None, data: Record, now: datetime
    ) -> None:
        before = set(_addresses(record))
        if day is None:
            change_event(record, data)
        else:
            change_occurrence(record, day, data)
        record.touch(now)
        if mailbox.bulk is not None:
            mailbox.bulk.keep(record)
        self._deliver(record, now, before)

    def delete(
        self, mailbox: Mailbox, record: EventRecord, day: date | None, now: datetime
    ) -> None:
        if day is not None:
            record.changes.pop(day, None)
            record.removed.add(day)
            record.touch(now)
            self._deliver(record, now)
            return
        if mailbox.events.pop(record.key, None) is None and mailbox.bulk is not None:
            mailbox.bulk.remove(record)
        if record.is_organizer:
            for copied in self._copies(record, _addresses(record)):
                self._cancel(copied, now)

    def respond(self, record: EventRecord, response: str, now: datetime) -> None:
        """The answer of an attendee, also where the organizer sees it."""
        record.response, record.responded = response, format_instant(now)
        record.touch(now)
        organizer = self._context.find_person(str(record.organizer["address"]).casefold())
        if organizer is None:
            return
        for other in self.of(organizer).events.values():
            if other.uid == record.uid:
                for attendee in other.properties["attendees"]:
                    if _address(attendee) == record.owner.mail.casefold():
                        attendee["status"] = {"response": response, "time": format_instant(now)}
                other.touch(now)

    def _deliver(self, record: EventRecord, now: datetime, before: Iterable[str] = ()) -> None:
        """Puts what the organizer decided into the calendars of colleagues who are invited."""
        if not record.is_organizer:
            return
        invited = set(_addresses(record))
        for copied in self._copies(record, set(before) - invited):
            self._cancel(copied, now)
        for address in invited:
            person = self._context.find_person(address)
            if person is None or person.id == record.owner.id:
                continue
            mailbox = self.of(person)
            own = next((e for e in mailbox.events.values() if e.uid == record.uid), None)
            key = own.key if own else new_key()
            mailbox.events[key] = replace(
                record,
                owner=person,
                key=key,
                calendar_key=mailbox.default_calendar.key,
                properties=copy.deepcopy(record.properties),
                changes=copy.deepcopy(record.changes),
                removed=set(record.removed),
                is_organizer=False,
                response=own.response if own else "notResponded",
                responded=own.responded if own else NO_TIME,
                transaction_id=None,
                revision=own.revision + 1 if own else 1,
            )

    def _copies(self, record: EventRecord, addresses: Iterable[str]) -> list[EventRecord]:
        found = []
        for address in addresses:
            person = self._context.find_person(address)
            if person is not None and person.id != record.owner.id:
                found += [e for e in self.of(person).events.values() if e.uid == record.uid]
        return found

    def _cancel(self, record: EventRecord, now: datetime) -> None:
        record.cancelled = True
        record.properties["subject"] = f"Canceled: {record.properties['subject']}"
        record.properties["showAs"] = "free"
        record.touch(now)


def _address(attendee: Record) -> str:
    return str((attendee.get("emailAddress") or {}).get("address") or "").casefold()


def _addresses(record: EventRecord) -> list[str]:
    return [_address(attendee) for attendee in record.properties["attendees"]]
