"""Recurrence patterns: checked, and unrolled into dates. Pure; knows no time zone.

The dates are those of the series' own zone, so that nine o'clock stays nine o'clock there
whatever the clocks do.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graphwright_sandbox.graph.errors import GraphError, validation_failed

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEX = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_LAST = date(4500, 1, 1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    type: str
    interval: int
    start: date
    days: tuple[int, ...] = ()
    first_day: int = 6
    day_of_month: int = 0
    index: str = "first"
    month: int = 0
    end: date | None = None
    count: int | None = None
    zone: str | None = None


def read_recurrence(raw: Mapping[str, Any], start: date, zone: str) -> Recurrence:
    """A patternedRecurrence of a body whose event starts on `start`."""
    pattern, limits = raw.get("pattern"), raw.get("range")
    if not pattern or not limits or not pattern.get("type") or not limits.get("type"):
        raise _refused("A recurrence needs a pattern and a range, each with its type.")
    first = date.fromisoformat(limits["startDate"]) if limits.get("startDate") else start
    if first != start:
        raise _refused("recurrence.range.startDate must be the date of the event's start.")
    recurrence = Recurrence(
        type=pattern["type"],
        interval=pattern.get("interval") or 0,
        start=start,
        days=tuple(sorted({DAYS.index(day) for day in pattern.get("daysOfWeek") or ()})),
        first_day=DAYS.index(pattern.get("firstDayOfWeek") or "sunday"),
        day_of_month=pattern.get("dayOfMonth") or 0,
        index=pattern.get("index") or "first",
        month=pattern.get("month") or 0,
        end=_end(limits),
        count=_count(limits),
        zone=limits.get("recurrenceTimeZone") or zone,
    )
    _check(recurrence)
    return recurrence


def _end(limits: Mapping[str, Any]) -> date | None:
    if limits["type"] != "endDate":
        return None
    if not limits.get("endDate"):
        raise _refused("A recurrence range of type endDate needs an endDate.")
    return date.fromisoformat(limits["endDate"])


def _count(limits: Mapping[str, Any]) -> int | None:
    if limits["type"] != "numbered":
        return None
    count: int = limits.get("numberOfOccurrences") or 0
    if not 1 <= count <= 999:
        raise _refused("A numbered recurrence range needs 1 to 999 occurrences.")
    return count


def _check(recurrence: Recurrence) -> None:
    kind = recurrence.type
    if not 1 <= recurrence.interval <= 999:
        raise _refused("A recurrence pattern needs an interval of at least 1.")
    if kind in ("weekly", "relativeMonthly", "relativeYearly") and not recurrence.days:
        raise _refused(f"A {kind} recurrence pattern needs daysOfWeek.")
    if kind in ("absoluteMonthly", "absoluteYearly") and not 1 <= recurrence.day_of_month <= 31:
        raise _refused(f"A {kind} recurrence pattern needs a dayOfMonth from 1 to 31.")
    if kind in ("absoluteYearly", "relativeYearly") and not 1 <= recurrence.month <= 12:
        raise _refused(f"A {kind} recurrence pattern needs a month from 1 to 12.")
    if next(occurrence_dates(recurrence), None) is None:
        raise GraphError(
            400,
            "ErrorRecurrenceHasNoOccurrence",
            "There aren't any occurrences in the recurrence range.",
        )


def _refused(message: str) -> GraphError:
    return validation_failed(message)


def occurrence_dates(recurrence: Recurrence) -> Iterator[date]:
    """The dates of all occurrences, in order; without end for a range without end."""
    given = 0
    for day in _candidates(recurrence):
        if day < recurrence.start:
            continue
        if recurrence.end is not None and day > recurrence.end:
            return
        if recurrence.count is not None and given >= recurrence.count:
            return
        if day > _LAST:
            return
        given += 1
        yield day


def dates_between(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    for day in occurrence_dates(recurrence):
        if day > last:
            return
        if day >= first:
            yield day


def _candidates(recurrence: Recurrence) -> Iterator[date]:
    if recurrence.type == "daily":
        day = recurrence.start
        while day <= _LAST:
            yield day
            day += timedelta(days=recurrence.interval)
    elif recurrence.type == "weekly":
        yield from _weekly(recurrence)
    else:
        yield from _by_month(recurrence)


def _weekly(recurrence: Recurrence) -> Iterator[date]:
    """Weeks count from the first day of the week, which matters where every other one is left."""
    start = recurrence.start
    week = start - timedelta(days=(start.weekday() - recurrence.first_day) % 7)
    offsets = sorted((day - recurrence.first_day) % 7 for day in recurrence.days)
    while week <= _LAST:
        for offset in offsets:
            yield week + timedelta(days=offset)
        week += timedelta(weeks=recurrence.interval)


def _by_month(recurrence: Recurrence) -> Iterator[date]:
    yearly = recurrence.type.endswith("Yearly")
    step = recurrence.interval * (12 if yearly else 1)
    number = recurrence.start.year * 12 + (recurrence.month if yearly else recurrence.start.month)
    number -= 1
    while number // 12 < _LAST.year:
        year, month = number // 12, number % 12 + 1
        day = _day_in_month(recurrence, year, month)
        if day is not None:
            yield day
        number += step


def _day_in_month(recurrence: Recurrence, year: int, month: int) -> date | None:
    length = calendar.monthrange(year, month)[1]
    if recurrence.type.startswith("absolute"):
        # As Outlook: the 31st of a shorter month is its last day.
        return date(year, month, min(recurrence.day_of_month, length))
    days = [date(year, month, number) for number in range(1, length + 1)]
    fitting = [day for day in days if day.weekday() in recurrence.days]
    return fitting[_INDEX[recurrence.index]]


def state_recurrence(recurrence: Recurrence) -> dict[str, Any]:
    """The patternedRecurrence as Graph shows it, with its zeros and its year 1."""
    pattern: dict[str, Any] = {
        "type": recurrence.type,
        "interval": recurrence.interval,
        "month": recurrence.month,
        "dayOfMonth": recurrence.day_of_month,
        "firstDayOfWeek": DAYS[recurrence.first_day],
        "index": recurrence.index,
    }
    if recurrence.days:
        pattern["daysOfWeek"] = [DAYS[day] for day in recurrence.days]
    kind = "numbered" if recurrence.count else "endDate" if recurrence.end else "noEnd"
    return {
        "pattern": pattern,
        "range": {
            "type": kind,
            "startDate": recurrence.start.isoformat(),
            "endDate": (recurrence.end or date.min).isoformat(),
            "recurrenceTimeZone": recurrence.zone,
            "numberOfOccurrences": recurrence.count or 0,
        },
    }
