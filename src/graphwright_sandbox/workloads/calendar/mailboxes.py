"""One person's calendars: groups, calendars, events, who may see them, and how they are found."""

from dataclasses import dataclass, field
from datetime import date

from graphwright_sandbox.graph.errors import item_not_found
from graphwright_sandbox.graph.item_ids import (
    change_key,
    make_item_id,
    read_own_item_id,
)
from graphwright_sandbox.graph.recurrence import dates_between
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.calendar.bulk import BulkEvents
from graphwright_sandbox.workloads.calendar.records import EventRecord


@dataclass
class GroupRecord:
    key: bytes
    name: str
    class_id: str
    fixed: bool = False
    revision: int = 1


@dataclass
class Permission:
    """What one person, or everybody in the organization, may see of a calendar."""

    id: str
    name: str
    address: str
    """Empty for everybody in the organization."""
    role: str


@dataclass
class CalendarRecord:
    key: bytes
    name: str
    group: bytes
    color: str = "auto"
    hex_color: str = ""
    default: bool = False
    revision: int = 1
    permissions: list[Permission] = field(default_factory=list)

    def role_of(self, address: str) -> str:
        """The role that this address has."""
        found = {entry.address.casefold(): entry.role for entry in self.permissions}
        return found.get(address.casefold()) or found.get("") or "none"


@dataclass
class Mailbox:
    """One person's calendars and events, by key."""

    owner_id: str
    groups: dict[bytes, GroupRecord] = field(default_factory=dict)
    calendars: dict[bytes, CalendarRecord] = field(default_factory=dict)
    events: dict[bytes, EventRecord] = field(default_factory=dict)
    transactions: dict[str, bytes] = field(default_factory=dict)
    deleted_series: dict[bytes, EventRecord] = field(default_factory=dict)
    """Series that are gone: delta queries still have to tell that of their occurrences."""
    bulk: BulkEvents | None = None
    written: bool = False
    """Whether it is no longer as it was seeded."""

    @property
    def default_calendar(self) -> CalendarRecord:
        return next(entry for entry in self.calendars.values() if entry.default)

    @property
    def default_group(self) -> GroupRecord:
        return next(iter(self.groups.values()))

    def calendar_id(self, calendar: CalendarRecord) -> str:
        return make_item_id(self.owner_id, calendar.key)

    def group_id(self, group: GroupRecord) -> str:
        return make_item_id(self.owner_id, group.key)

    def find_group(self, identifier: str) -> GroupRecord:
        found = self.groups.get(read_own_item_id(identifier, self.owner_id).key)
        if found is None:
            raise item_not_found()
        return found

    def find_calendar(self, identifier: str) -> CalendarRecord:
        found = self.calendars.get(read_own_item_id(identifier, self.owner_id).key)
        if found is None:
            raise item_not_found()
        return found

    def find_event(self, identifier: str) -> tuple[EventRecord, date | None]:
        """The event, and the day where the id is that of an occurrence."""
        read = read_own_item_id(identifier, self.owner_id)
        day = read.occurrence
        record = self.events.get(read.key)
        if record is None and self.bulk is not None and day is None:
            record = self.bulk.find(read.key)
        if record is None or (day is not None and not has_occurrence(record, day)):
            raise item_not_found()
        return record, day

    def find_meeting(self, uid: str) -> EventRecord | None:
        """The event of a meeting's iCalUId."""
        return next((e for e in self.events.values() if e.uid == uid), None)

    def show_group(self, group: GroupRecord) -> Record:
        identifier = self.group_id(group)
        return {
            "id": identifier,
            "name": group.name,
            "classId": group.class_id,
            "changeKey": change_key(identifier, group.revision),
        }


def has_occurrence(record: EventRecord, day: date) -> bool:
    if record.recurrence is None or day in record.removed:
        return False
    return any(dates_between(record.recurrence, day, day)) or day in record.changes
