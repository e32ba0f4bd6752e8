"""Ranges of time as pages send and show them: two instants, the end exclusive, of a sane length."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import format_instant, parse_instant
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.pages.errors import RangeInvalid

_LONGEST = timedelta(days=400)
# Zones move a day over the edges of the calendar; nobody plans there.
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Range:
    """From start, inclusive, to end, exclusive."""

    start: datetime
    end: datetime

    def to_json(self) -> JsonObject:
        """The range as two instants."""
        return {"start": format_instant(self.start), "end": format_instant(self.end)}


def read_range(value: JsonValue) -> Range:
    """The range of `{start, end}`; `RangeInvalid` where it is none, or longer than 400 days."""
    if not isinstance(value, Mapping) or set(value) != {"start", "end"}:
        raise RangeInvalid("A range has a start and an end.")
    start, end = _instant(value["start"]), _instant(value["end"])
    if not start < end:
        raise RangeInvalid("The range must end after it starts.")
    if end - start > _LONGEST:
        raise RangeInvalid(f"The range is longer than {_LONGEST.days} days.")
    if start < _FIRST or end > _LAST:
        raise RangeInvalid("The range must lie between the years 1900 and 2200.")
    return Range(start, end)


def _instant(value: JsonValue) -> datetime:
    if not isinstance(value, str):
        raise RangeInvalid("Start and end are texts such as 2026-11-23T08:00:00Z.")
    try:
        return parse_instant(value)
    except InvalidInput as error:
        raise RangeInvalid(error.message) from error
