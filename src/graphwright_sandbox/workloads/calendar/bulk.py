"""A great many events by formula: for measuring imports without holding them in memory."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import overload

from graphwright_sandbox.graph.item_ids import derive_key
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.records import (
    EventRecord,
    default_properties,
    show_event,
    state_address,
    state_location,
)

_SUBJECTS = ("Tile review", "Survey import", "Map check", "Chart update", "Data call", "Site visit")
_ROOMS = ("Berlin 2.01", "Berlin 2.14", "Harbour room", "Remote")


class BulkEvents(Sequence[Record]):
    """Event number i begins i half hours before a day that lies before all seeded events."""

    def __init__(self, owner: Person, calendar_key: bytes, count: int, today: date) -> None:
        self._owner = owner
        self._calendar_key = calendar_key
        self._count = count
        self._latest = datetime.combine(today - timedelta(days=90), time())
        self._salt = derive_key("bulk", owner.id)[:8]
        self._kept: dict[int, EventRecord] = {}
        self._removed: set[int] = set()

    def __len__(self) -> int:
        return self._count - len(self._removed)

    def _numbers(self) -> Sequence[int]:
        if not self._removed:
            return range(self._count)
        return [number for number in range(self._count) if number not in self._removed]

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [show_event(self.record(number)) for number in self._numbers()[index]]
        return show_event(self.record(self._numbers()[index]))

    def find(self, key: bytes) -> EventRecord | None:
        number = int.from_bytes(key[8:], "big")
        if key[:8] != self._salt or number >= self._count or number in self._removed:
            return None
        return self.record(number)

    def keep(self, record: EventRecord) -> None:
        """Holds a changed event, which is no longer as the formula says."""
        number = int.from_bytes(record.key[8:], "big")
        if record.key[:8] == self._salt and number < self._count:
            self._kept[number] = record

    def remove(self, record: EventRecord) -> None:
        self._removed.add(int.from_bytes(record.key[8:], "big"))

    @property
    def differences(self) -> tuple[list[EventRecord], list[int]]:
        """What is no longer as the formula says: events that changed, numbers that are gone."""
        return list(self._kept.values()), sorted(self._removed)

    def restore(self, kept: list[EventRecord], removed: list[int]) -> None:
        """The other way round."""
        self._removed = set(removed)
        for record in kept:
            self.keep(record)

    def between(self, start: datetime, end: datetime) -> Iterator[EventRecord]:
        """The events near a window; the caller looks closer."""
        latest = self._latest.replace(tzinfo=UTC)
        first = max(0, (latest - end) // timedelta(minutes=30) - 1)
        last = min(self._count, (latest - start) // timedelta(minutes=30) + 3)
        for number in range(first, last):
            if number not in self._removed and number not in self._kept:
                yield self.record(number)
        yield from (e for number, e in self._kept.items() if number not in self._removed)

    def record(self, number: int) -> EventRecord:
        if number in self._kept:
            return self._kept[number]
        start = self._latest - timedelta(minutes=30 * number)
        properties = default_properties()
        room = _ROOMS[number % len(_ROOMS)]
        properties["subject"] = f"{_SUBJECTS[number % len(_SUBJECTS)]} {number}"
        properties["body"] = {"contentType": "html", "content": f"<p>Number {number}</p>"}
        properties["location"] = state_location(room)
        properties["locations"] = [properties["location"]]
        key = self._salt + number.to_bytes(8, "big")
        moment = start.replace(tzinfo=UTC)
        return EventRecord(
            owner_id=self._owner.id,
            key=key,
            calendar_key=self._calendar_key,
            uid=f"040000008200E00074C5B7101A82E008{key.hex().upper()}",
            properties=properties,
            start=start,
            end=start + timedelta(minutes=30),
            zone="UTC",
            all_day=False,
            created=moment,
            modified=moment,
            organizer=state_address(self._owner),
        )
