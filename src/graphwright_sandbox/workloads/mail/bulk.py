"""A great many messages by formula: mailboxes to measure with, held by nobody's memory.

Only what was changed or removed is kept. Knows the formula, and nothing of folders or requests.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import overload

from graphwright_sandbox.graph.item_ids import derive_key
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.mail.records import (
    MessageRecord,
    default_properties,
    state_recipient,
)

_SUBJECTS = ("Tile review", "Survey import", "Map check", "Chart update", "Data call", "Site visit")
_SENDERS = tuple(
    state_recipient(name, f"{name.lower().replace(' ', '.')}@suppliers.example")
    for name in ("Ada Byron", "Gerardus Mercator", "Marie Tharp", "Inge Lehmann", "Al Idrisi")
)
_STEP = timedelta(seconds=97)
_UNREAD_EVERY = 7
_DAYS_AGO = 90
"""So that they lie before all seeded messages."""


@dataclass(eq=False)
class BulkMessages(Sequence[MessageRecord]):
    """Message number i was received i steps before a fixed day; newest first."""

    owner: Person
    folder: bytes
    size: int
    today: date
    kept: dict[int, MessageRecord] = field(default_factory=dict)
    """Those that were changed, which are no longer as the formula says."""
    removed: list[int] = field(default_factory=list)
    """Numbers of those that were moved or deleted, ascending."""

    def __post_init__(self) -> None:
        self._latest = datetime.combine(self.today - timedelta(days=_DAYS_AGO), time(), UTC)
        self._salt = derive_key("bulk message", self.owner.id)[:8]
        self._count_gaps()
        self._defaults: Record = {
            **default_properties(self.owner),
            "toRecipients": [state_recipient(self.owner.display_name, self.owner.mail)],
        }

    def __len__(self) -> int:
        return self.size - len(self.removed)

    @overload
    def __getitem__(self, index: int) -> MessageRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[MessageRecord]: ...
    def __getitem__(self, index: int | slice) -> MessageRecord | list[MessageRecord]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        return self.record(place + bisect_right(self._gaps, place))

    def newer_than(self, moment: datetime) -> int:
        """How many were received after a moment."""
        number = max(0, min(self.size, -((moment - self._latest) // _STEP)))
        return number - bisect_right(self.removed, number - 1)

    @property
    def unread(self) -> int:
        """How many are not read, without looking at each."""
        total = -(-self.size // _UNREAD_EVERY)
        total -= sum(_is_unread(number) for number in self.removed)
        present = (number for number in self.kept if not self._is_removed(number))
        return total + sum(
            (not self.kept[number].properties["isRead"]) - _is_unread(number) for number in present
        )

    def find(self, key: bytes) -> MessageRecord | None:
        number = self._number(key)
        return None if number is None or self._is_removed(number) else self.record(number)

    def keep(self, record: MessageRecord) -> None:
        """Holds a message that is about to be changed."""
        number = self._number(record.key)
        if number is not None:
            self.kept[number] = record

    def remove(self, record: MessageRecord) -> None:
        """Takes a message out, which is moved or deleted."""
        number = self._number(record.key)
        if number is not None and not self._is_removed(number):
            insort(self.removed, number)
            self.kept.pop(number, None)
            self._count_gaps()

    def _count_gaps(self) -> None:
        # The k-th that is left stands k places on, and one more for each that left before it.
        self._gaps = [number - before for before, number in enumerate(self.removed)]

    def _number(self, key: bytes) -> int | None:
        number = int.from_bytes(key[8:], "big")
        return number if key[:8] == self._salt and number < self.size else None

    def _is_removed(self, number: int) -> bool:
        at = bisect_right(self.removed, number)
        return at > 0 and self.removed[at - 1] == number

    def record(self, number: int) -> MessageRecord:
        """The message of a number."""
        if number in self.kept:
            return self.kept[number]
        moment = self._latest - _STEP * number
        sender = _SENDERS[number % len(_SENDERS)]
        subject = f"{_SUBJECTS[number % len(_SUBJECTS)]} {number}"
        key = self._salt + number.to_bytes(8, "big")
        properties = {
            **self._defaults,
            "subject": subject,
            "body": {"contentType": "html", "content": f"<p>{subject}: see the numbers.</p>"},
            "from": sender,
            "sender": sender,
            "isRead": not _is_unread(number),
        }
        return MessageRecord(
            owner_id=self.owner.id,
            key=key,
            folder=self.folder,
            properties=properties,
            created=moment,
            modified=moment,
            received=moment,
            sent=moment,
            draft=False,
            conversation=key,
            message_id=f"<{key.hex()}@mail.suppliers.example>",
        )


def _is_unread(number: int) -> bool:
    return number % _UNREAD_EVERY == 0
