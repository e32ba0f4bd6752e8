"""What a body changes in an event: its rules, checked before anything is touched."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from graphwright_sandbox.graph.errors import GraphError, bad_request, validation_failed
from graphwright_sandbox.graph.extended_properties import read_extended
from graphwright_sandbox.graph.recurrence import Recurrence, read_recurrence
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.time_zones import localize, read_point, wall_time
from graphwright_sandbox.workloads.calendar.records import (
    Change,
    EventRecord,
    address_of,
    default_properties,
    state_attendee,
    state_location,
)

_TIMES = ("start", "end", "isAllDay", "recurrence", "transactionId")
_FIRST_YEAR, _LAST_YEAR = 1601, 4500
_UNSUPPORTED = ("calendar", "exceptionOccurrences", "extensions", "instances")


def read_properties(data: Record) -> Record:
    """The plain writable properties of a checked body, in the form they are stored."""
    for name in _UNSUPPORTED:
        if name in data:
            raise bad_request(f"The navigation property '{name}' cannot be written here.")
    given = read_extended({name: item for name, item in data.items() if name not in _TIMES})
    defaults = default_properties()
    given.update({n: defaults[n] for n, v in given.items() if v is None and n in defaults})
    if "body" in given:
        body = given["body"]
        given["body"] = {
            "contentType": body.get("contentType") or "text",
            "content": body.get("content") or "",
        }
    if "attendees" in given:
        given["attendees"] = [read_attendee(attendee) for attendee in given["attendees"]]
    _read_places(given)
    if given.get("isOnlineMeeting"):
        provider = given.get("onlineMeetingProvider", "unknown")
        given["onlineMeetingProvider"] = "teamsForBusiness" if provider == "unknown" else provider
    minutes = given.get("reminderMinutesBeforeStart")
    if minutes is not None and minutes < 0:
        raise validation_failed("reminderMinutesBeforeStart must not be negative.")
    return given


def read_attendee(attendee: Record) -> Record:
    """Somebody who is to be invited, from a checked attendee or recipient."""
    email = attendee.get("emailAddress") or {}
    address = email.get("address") or ""
    if "@" not in address.strip("@"):
        raise GraphError(
            400, "ErrorInvalidRecipients", f"Recipient '{address[:100]}' is not resolved."
        )
    status = attendee.get("status") or {}
    return state_attendee(
        email.get("name") or address,
        address,
        attendee.get("type") or "required",
        status.get("response") or "none",
    )


def _with_answers(given: Record, known: list[Record]) -> Record:
    """Whoever stays invited has answered already."""
    answers = {address_of(attendee): attendee["status"] for attendee in known}
    for attendee in given.get("attendees", ()):
        if attendee["status"]["response"] == "none":
            attendee["status"] = answers.get(address_of(attendee), attendee["status"])
    return given


def _read_places(given: Record) -> None:
    """`location` and `locations` say the same thing twice; the one given rules the other."""
    if "locations" in given:
        places = [
            state_location(place.get("displayName") or "", place) for place in given["locations"]
        ]
        given["locations"] = places
        if places:
            joined = "; ".join(place["displayName"] for place in places)
            first = places[0] if len(places) == 1 else state_location(joined)
            given.setdefault("location", first)
    if "location" in given:
        place = given["location"]
        given["location"] = state_location(place.get("displayName") or "", place)
        if "locations" not in given:
            given["locations"] = [given["location"]] if given["location"]["displayName"] else []


def read_times(data: Record, record: EventRecord | None) -> tuple[datetime, datetime, str, bool]:
    """Start, end, zone and all-day flag as they will be; `record` gives what is not said."""
    all_day = data.get("isAllDay")
    if all_day is None:
        all_day = record.all_day if record else False
    if record is None and (not data.get("start") or not data.get("end")):
        raise validation_failed("An event needs a start and an end.")
    for name in ("start", "end"):
        if name in data and data[name] is None:
            raise validation_failed(f"The property '{name}' cannot be null.")
    start, zone = read_point(data["start"], "start") if "start" in data else (_of(record).start, "")
    end, end_zone = read_point(data["end"], "end") if "end" in data else (_of(record).end, "")
    if not zone:
        zone = _of(record).zone if "end" not in data or record else end_zone
    if end_zone and end_zone != zone:
        if all_day:
            raise validation_failed(
                "The Event.Start and Event.End properties of an all-day event need to be in the "
                "same time zone."
            )
        end = wall_time(localize(end, end_zone), zone)
    elif not end_zone and record and zone != record.zone:
        end = wall_time(localize(end, record.zone), zone)
    _check_times(start, end, zone, bool(all_day))
    return start, end, zone, bool(all_day)


def begin_series(
    data: Record, start: datetime, end: datetime, zone: str
) -> tuple[datetime, datetime]:
    """Start and end on the day that the recurrence's range begins at, where a body names one.

    As in Exchange the range says the day and the event the time of day. Of a range in another time
    zone nobody documents that, so it stays where it is and has to fit.
    """
    limits = (data.get("recurrence") or {}).get("range") or {}
    if not limits.get("startDate") or limits.get("recurrenceTimeZone") not in (None, "", zone):
        return start, end
    first = date.fromisoformat(limits["startDate"])
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        raise validation_failed("recurrence.range.startDate is out of range.")
    distance = first - start.date()
    return start + distance, end + distance


def _of(record: EventRecord | None) -> EventRecord:
    if record is None:
        raise validation_failed("An event needs a start and an end.")
    return record


def _check_times(start: datetime, end: datetime, zone: str, all_day: bool) -> None:
    if all_day:
        if start.time() != time() or end.time() != time():
            raise validation_failed(
                "The Event.Start and Event.End properties of an all-day event need to be set to "
                "midnight."
            )
        if end <= start:
            raise validation_failed("The duration of an all-day event must be at least 24 hours.")
    elif localize(end, zone) < localize(start, zone):
        raise validation_failed("The end of an event must not lie before its start.")


def change_event(record: EventRecord, data: Record) -> None:
    """A body applied to a single event or a whole series."""
    properties = _with_answers(read_properties(data), record.properties["attendees"])
    start, end, zone, all_day = read_times(data, record)
    start, end = begin_series(data, start, end, zone)
    recurrence = _recurrence(record, data, start, zone)
    moved = (start, end, zone, all_day, recurrence) != (
        record.start,
        record.end,
        record.zone,
        record.all_day,
        record.recurrence,
    )
    if moved and record.recurrence is not None:
        # As in Exchange: a series that is given new times forgets its exceptions.
        record.former.append(record.recurrence)
        record.changes.clear()
        record.removed.clear()
    record.properties = {**record.properties, **properties}
    record.start, record.end, record.zone, record.all_day = start, end, zone, all_day
    record.recurrence = recurrence


def _recurrence(record: EventRecord, data: Record, start: datetime, zone: str) -> Recurrence | None:
    if "recurrence" not in data:
        if record.recurrence is None or start.date() == record.recurrence.start:
            return record.recurrence
        return replace(record.recurrence, start=start.date())
    raw: dict[str, Any] | None = data["recurrence"]
    return None if raw is None else read_recurrence(raw, start.date(), zone)


def change_occurrence(record: EventRecord, day: date, data: Record) -> None:
    """A body applied to one occurrence, which becomes an exception of its series."""
    if data.get("recurrence") is not None:
        raise bad_request(
            "The recurrence of an occurrence cannot be set; set it on the series master.",
            "ErrorInvalidRequest",
        )
    if data.get("isAllDay") not in (None, record.all_day):
        raise validation_failed("isAllDay cannot differ between an occurrence and its series.")
    properties = _with_answers(read_properties(data), record.attendees_on(day))
    start, end = record.times_on(day)
    zone = record.zone
    seen = replace(record, start=start, end=end)
    start, end, given_zone, _ = read_times(data, seen)
    if given_zone != zone:
        start = wall_time(localize(start, given_zone), zone)
        end = wall_time(localize(end, given_zone), zone)
    before = record.changes.get(day)
    merged = {**(before.properties if before else {}), **properties}
    record.changes[day] = Change(merged, start, end)
