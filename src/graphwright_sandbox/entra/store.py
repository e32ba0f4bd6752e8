"""A dictionary whose entries end: by time, and by number so that memory stays bounded.

It must not know what the entries mean.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ExpiringStore(Generic[Value]):
    """Values by unguessable keys; the oldest leave first."""

    def __init__(
        self, clock: Callable[[], datetime], lifetime: timedelta, *, max_entries: int = 10_000
    ) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._max_entries = max_entries
        self._entries: dict[str, tuple[datetime, Value]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, value: Value, *, prefix: str = "") -> str:
        """Keep a value under a new key and return the key."""
        key = prefix + secrets.token_urlsafe(32)
        self.put(key, value)
        return key

    def put(self, key: str, value: Value) -> None:
        """Keep a value under a key; its time starts anew."""
        self._entries.pop(key, None)
        self._drop_oldest()
        self._entries[key] = (self._clock() + self._lifetime, value)

    def get(self, key: str) -> Value | None:
        """The value, or None where there is none or its time is over."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[0] <= self._clock():
            del self._entries[key]
            return None
        return entry[1]

    def entries(self) -> list[tuple[str, datetime, Value]]:
        """Everything kept: key, when it ends, value."""
        return [(key, ends, value) for key, (ends, value) in self._entries.items()]

    def replace(self, entries: Iterable[tuple[str, datetime, Value]]) -> None:
        """Keep what `entries` gave, and nothing else."""
        self._entries = {key: (ends, value) for key, ends, value in entries}

    def remove(self, key: str) -> None:
        """Forget a value; a key that is not there is no error."""
        self._entries.pop(key, None)

    def _drop_oldest(self) -> None:
        now = self._clock()
        while self._entries:
            key = next(iter(self._entries))
            if len(self._entries) < self._max_entries and self._entries[key][0] > now:
                return
            del self._entries[key]
