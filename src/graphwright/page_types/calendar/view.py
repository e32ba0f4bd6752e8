"""Calendar pages: the events that overlap a range, each where it stands for the person who looks. Pure.

Events with a time are instants. All-day events are dates: those of the text that came, whatever
zone it came in, since a birthday does not begin at another hour for somebody in Auckland.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import (
    ZonedDateTime,
    format_instant,
    parse_instant,
    parse_local,
    zone,
)
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import RangeFilter
from graphwright.page_types.calendar.config import Config
from graphwright.pages.errors import ExitUnknown, PageInvalid
from graphwright.pages.opening import Opening
from graphwright.pages.ranges import Range, read_range
from graphwright.pages.rows import Column, Part, RowQuery

MAX_EVENTS = 5000
# A whole day in one zone can lie this far from the same date in another (UTC-12 to UTC+14).
_WIDEST = timedelta(hours=26)
_DAY = timedelta(days=1)


def parts(page: Config, opening: Opening) -> Mapping[str, Part]:
    """The events, for a row's own request, exports and row actions."""
    fields = page.fields.model_dump(exclude_none=True)
    columns: list[Column] = [
        opening.column(page.list, field, name) for name, field in fields.items()
    ]
    where = opening.where(page.where)
    return {"rows": Part(page.list, tuple(columns), where, ((page.fields.start, False),))}


def reads(page: Config, opening: Opening) -> Mapping[str, RowQuery]:
    """What may overlap the range."""
    shown = _range(page, opening)
    near = RangeFilter(
        page.fields.start,
        page.fields.end or page.fields.start,
        format_instant(shown.start - _WIDEST),
        format_instant(shown.end + _WIDEST),
    )
    return {
        "events": RowQuery(
            page.list,
            opening.where(page.where),
            sort=((page.fields.start, False),),
            limit=MAX_EVENTS,
            range=near,
        )
    }


def view(page: Config, opening: Opening) -> JsonObject:
    """The range and its events."""
    shown = _range(page, opening)
    events: list[JsonObject] = []
    unplaced = 0
    rows = opening.rows["events"]
    for row in rows:
        try:
            event = _event(page, row, shown, opening.time_zone)
        except InvalidInput:
            unplaced += 1
            continue
        if event is not None:
            events.append(event)
    return {
        "mode": page.mode,
        "range": shown.to_json(),
        "time_zone": opening.time_zone,
        "events": events,
        "more": max(opening.totals["events"] - len(rows), 0),
        "unplaced": unplaced,
    }


def receive(page: Config, exit_name: str, data: JsonValue, opening: Opening) -> JsonValue:
    """The new range; of a page action the empty place it was taken from, or nothing."""
    if exit_name not in page.exit_names:
        return read_range(data).to_json() if data else None
    if exit_name not in opening.exits:
        raise ExitUnknown(f"This flow does not take the exit {exit_name!r}.")
    return read_range(data).to_json()


def _range(page: Config, opening: Opening) -> Range:
    try:
        return read_range(opening.evaluate(page.range))
    except InvalidInput as error:
        raise PageInvalid(
            f"The range of the calendar is wrong: {error.message}",
            hint=f"The expression {page.range!r} must give {{start, end}}, two instants.",
        ) from error


def _event(page: Config, row: JsonObject, shown: Range, time_zone: str) -> JsonObject | None:
    """The event of a row, or None where it does not overlap the range."""
    fields = page.fields
    start, end = row.get(fields.start), row.get(fields.end) if fields.end else None
    if start is None:
        return None
    is_date = isinstance(start, str) and len(start) == 10
    all_day = is_date or (fields.all_day is not None and row.get(fields.all_day) is True)
    span = _days(start, end, shown, time_zone) if all_day else _hours(start, end, shown)
    if span is None:
        return None
    return {
        "key": row["_key"],
        "title": row.get(fields.title) or "",
        "start": span[0],
        "end": span[1],
        "all_day": all_day,
        "location": row.get(fields.location) if fields.location else None,
        "category": row.get(fields.category) if fields.category else None,
    }


def _days(start: JsonValue, end: JsonValue, shown: Range, time_zone: str) -> tuple[str, str] | None:
    first = _local_date(start)
    after = max(_local_date(end) if end is not None else first, first + _DAY)
    here = zone(time_zone)
    first_shown = shown.start.astimezone(here).date()
    last_shown = (shown.end - timedelta(microseconds=1)).astimezone(here).date()
    if first > last_shown or after <= first_shown:
        return None
    return first.isoformat(), after.isoformat()


def _hours(start: JsonValue, end: JsonValue, shown: Range) -> tuple[str, str] | None:
    begins = _instant(start)
    ends = max(_instant(end), begins) if end is not None else begins
    # An event without length shows where it starts.
    overlaps = begins < shown.end and (ends > shown.start or begins >= shown.start)
    return (format_instant(begins), format_instant(ends)) if overlaps else None


def _local_date(value: JsonValue) -> date:
    text = value.get("dateTime") if isinstance(value, Mapping) else value
    if not isinstance(text, str):
        raise InvalidInput("An event's start or end is no date.")
    return parse_local(text).date()


def _instant(value: JsonValue) -> datetime:
    if isinstance(value, Mapping):
        return ZonedDateTime(str(value.get("dateTime")), str(value.get("timeZone"))).instant
    if not isinstance(value, str):
        raise InvalidInput("An event's start or end is no time.")
    return parse_instant(value)
