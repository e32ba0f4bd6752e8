"""Which events stand in a window of time: what `calendarView` and `instances` answer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.recurrence import dates_between
from graphwright_sandbox.graph.request import GraphRequest, Record
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.workloads.calendar.records import EventRecord, show_event

_MAXIMUM = timedelta(days=1825)
# A local date lies at most this far from the UTC date of its instant.
_MARGIN = timedelta(days=2)


def read_window(request: GraphRequest) -> tuple[datetime, datetime]:
    """The window the query names; both ends are needed, and without an offset they are UTC."""
    custom = request.options.custom
    return parse_window(custom.get("startdatetime"), custom.get("enddatetime"))


def parse_window(first: str | None, last: str | None) -> tuple[datetime, datetime]:
    """The window of two texts, at most 1825 days long."""
    ends = []
    for name, text in (("startDateTime", first), ("endDateTime", last)):
        if text is None:
            raise GraphError(
                400,
                "ErrorInvalidParameter",
                "This request requires a time window specified by the query string parameters "
                "StartDateTime and EndDateTime.",
            )
        try:
            moment = parse_instant(text)
            (moment - _MARGIN, moment + _MARGIN)
        except (ValueError, OverflowError) as error:
            raise GraphError(
                400, "ErrorInvalidParameter", f"The value '{text[:60]}' of {name} is not valid."
            ) from error
        ends.append(moment)
    start, end = ends
    if end < start:
        raise GraphError(
            400, "ErrorInvalidParameter", "The end of the time window lies before its start."
        )
    if end - start > _MAXIMUM:
        raise GraphError(
            400,
            "ErrorCalendarViewRangeTooBig",
            "The requested time window is too long; it may span at most 1825 days.",
        )
    return start, end


def seen_between(record: EventRecord, start: datetime, end: datetime) -> Iterator[date | None]:
    """The event itself (None), or the days of its occurrences, that overlap the window."""
    if record.recurrence is not None:
        yield from occurrences_between(record, start, end)
    elif _overlaps(record, None, start, end):
        yield None


def events_between(records: Iterable[EventRecord], start: datetime, end: datetime) -> list[Record]:
    """Single events and occurrences that overlap the window, by start."""
    found = [
        (record.instants_on(day)[0], show_event(record, day))
        for record in records
        for day in seen_between(record, start, end)
    ]
    found.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    return [event for _, event in found]


def occurrences_between(record: EventRecord, start: datetime, end: datetime) -> Iterator[date]:
    """The days of the series whose occurrence, moved or not, overlaps the window."""
    if record.recurrence is None:
        return
    # A window may name the first or last years there are; dates beyond them do not exist.
    earliest = _day_before(start, record.duration + _MARGIN)
    latest = _day_before(end, -_MARGIN)
    for day in dates_between(record.recurrence, earliest, latest):
        if day in record.removed or day in record.changes:
            continue
        if _overlaps(record, day, start, end):
            yield day
    for day in sorted(record.changes):
        if _overlaps(record, day, start, end):
            yield day


def _day_before(moment: datetime, distance: timedelta) -> date:
    try:
        return (moment - distance).date()
    except OverflowError:
        return date.min if distance > timedelta() else date.max


def _overlaps(record: EventRecord, day: date | None, start: datetime, end: datetime) -> bool:
    begins, ends = record.instants_on(day)
    if begins == ends:
        return start <= begins < end
    return begins < end and ends > start
