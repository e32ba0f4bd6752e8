"""What mapping gives: rows ready for their columns, removals, skipped items. Plain data."""

from dataclasses import dataclass, field
from typing import Any

Reason = tuple[str, str]
"""Where (such as `item 5, event_attendee 2`) and why. Never holds a value."""


@dataclass(slots=True)
class ChildRow:
    """A row of a child list, with its own child rows by list."""

    key: str
    position: int
    values: tuple[Any, ...]
    extra: str | None
    children: "dict[str, list[ChildRow]]"


@dataclass(slots=True)
class Row:
    """A row of the list: key, the mapped columns' values, and child rows by list."""

    key: str
    values: tuple[Any, ...]
    etag: str | None
    extra: str | None
    children: dict[str, list[ChildRow]]
    hash: int
    weight: int
    """How many rows it is with all that is below it."""


@dataclass(slots=True)
class Mapped:
    """An item became a row; `notices` says what of it was left out."""

    row: Row
    notices: list[Reason] = field(default_factory=list)


@dataclass(slots=True)
class Removed:
    """An item says that the row of this key is gone (`@removed`)."""

    key: str


@dataclass(slots=True)
class Skipped:
    """An item became no row."""

    reasons: list[Reason]
