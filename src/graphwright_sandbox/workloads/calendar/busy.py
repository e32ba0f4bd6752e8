"""Whether people have time: what stands in a calendar, as free and busy. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from graphwright_sandbox.graph.recurrence import DAYS
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.time_zones import wall_time
from graphwright_sandbox.workloads.calendar.records import EventRecord, show_event
from graphwright_sandbox.workloads.calendar.windows import seen_between

_DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
_STRENGTH = ("free", "workingElsewhere", "tentative", "busy", "oof")


@dataclass(frozen=True, slots=True)
class Busy:
    start: datetime
    end: datetime
    status: str
    subject: str
    location: str
    private: bool


def busy_times(records: Iterable[EventRecord], start: datetime, end: datetime) -> list[Busy]:
    """What stands in a window, by start."""
    found = []
    for record in records:
        if record.cancelled:
            continue
        for day in seen_between(record, start, end):
            shown = show_event(record, day)
            begins, ends = record.instants_on(day)
            found.append(
                Busy(
                    begins,
                    ends,
                    shown["showAs"] if shown["showAs"] in _DIGITS else "busy",
                    shown["subject"] or "",
                    (shown["location"] or {}).get("displayName") or "",
                    shown["sensitivity"] in ("private", "confidential"),
                )
            )
    return sorted(found, key=lambda one: (one.start, one.end, one.subject))


def status_between(times: Sequence[Busy], start: datetime, end: datetime) -> str:
    """The strongest of what overlaps a time."""
    found = [one.status for one in times if one.start < end and one.end > start]
    return max(found, key=_STRENGTH.index, default="free")


def availability_view(
    times: Sequence[Busy], start: datetime, end: datetime, interval: timedelta
) -> str:
    """One digit for each interval of the window."""
    digits = []
    while start < end:
        digits.append(_DIGITS[status_between(times, start, min(start + interval, end))])
        start += interval
    return "".join(digits)


def in_working_hours(start: datetime, end: datetime, hours: Record) -> bool:
    """Whether a time lies in the workingHours of somebody's mailbox settings."""
    zone = (hours.get("timeZone") or {}).get("name") or "UTC"
    first, last = wall_time(start, zone), wall_time(end, zone)
    return (
        DAYS[first.weekday()] in (hours.get("daysOfWeek") or ())
        and first.date() == last.date()
        and first.time() >= _time_of_day(hours.get("startTime"))
        and last.time() <= _time_of_day(hours.get("endTime"))
    )


def _time_of_day(text: str | None) -> time:
    """`08:00:00.0000000`; midnight where nothing is said. It has no zone of its own."""
    return time.fromisoformat((text or "00:00:00")[:15]).replace(tzinfo=None)
