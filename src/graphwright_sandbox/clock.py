"""The sandbox's time, which a test may move. It must not know who asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class Clock:
    """The machine's time plus an offset."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def __call__(self) -> datetime:
        return utc_now() + self.offset
