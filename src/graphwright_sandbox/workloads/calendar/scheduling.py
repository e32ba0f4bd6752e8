"""Requests that look for time: free and busy of several people, and when they could meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity, read_value
from graphwright_sandbox.graph.edm import SCHEMA, Property
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.time_zones import (
    localize,
    read_point,
    state_point,
    wall_time,
)
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.busy import (
    Busy,
    availability_view,
    busy_times,
    in_working_hours,
    status_between,
)
from graphwright_sandbox.workloads.calendar.records import address_of
from graphwright_sandbox.workloads.calendar.store import Calendars

_MOST_SCHEDULES = 100
"""What Exchange takes; the documentation promises 20."""
_MOST_ENTRIES = 1000
_LONGEST = timedelta(days=62)
_STEP = timedelta(minutes=30)
_DURATION = re.compile(r"^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?$")
_CONFIDENCE = {"free": 100.0, "workingElsewhere": 100.0, "tentative": 50.0, "unknown": 49.0}
_ATTENDEES = Property("attendees", "attendeeBase", collection=True)


@dataclass(frozen=True)
class _Invited:
    attendee: Record
    person: Person | None
    times: list[Busy]
    """What already stands in their calendar."""

    @property
    def needed(self) -> bool:
        return self.attendee.get("type") in (None, "required")

    def status(self, start: datetime, end: datetime) -> str:
        return "unknown" if self.person is None else status_between(self.times, start, end)


class SchedulingService:
    def __init__(self, context: GraphContext, calendars: Calendars) -> None:
        self._context = context
        self._calendars = calendars

    def get_schedule(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters(
            "schedules", "startTime", "endTime", "availabilityViewInterval"
        )
        schedules = parameters.get("schedules")
        if not isinstance(schedules, list) or not all(isinstance(one, str) for one in schedules):
            raise bad_request("The parameter 'Schedules' needs texts.", "ErrorInvalidParameter")
        if not schedules:
            raise bad_request("The parameter 'Schedules' is empty.", "ErrorInvalidParameter")
        if len(schedules) > _MOST_SCHEDULES:
            raise bad_request(
                "There are too many target users in the EmailAddress array. The allowed size = "
                f"{_MOST_SCHEDULES}; the actual size = {len(schedules)}.",
                "ErrorMailboxDataArrayTooBig",
            )
        minutes = parameters.get("availabilityviewinterval", 30)
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 5 <= minutes <= 1440:
            raise bad_request(
                "The availability view interval must be between 5 and 1440 minutes.",
                "ErrorInvalidMergedFreeBusyInterval",
            )
        start, zone = _point(parameters.get("starttime"), "StartTime")
        end, _ = _point(parameters.get("endtime"), "EndTime")
        _check_window(start, end, timedelta(minutes=minutes))
        zone = request.preferences.time_zone or "UTC"
        # Who is named twice is answered twice, and looked at once.
        found = {
            address: self._schedule(request, address, start, end, timedelta(minutes=minutes), zone)
            for address in dict.fromkeys(schedules)
        }
        value = [found[address] for address in schedules]
        context = request.context("Collection(microsoft.graph.scheduleInformation)")
        return GraphResponse(200, {"@odata.context": context, "value": value})

    def _times(self, person: Person, start: datetime, end: datetime) -> list[Busy]:
        mailbox = self._calendars.of(person)
        main = mailbox.default_calendar.key
        records = [event for event in mailbox.events.values() if event.calendar_key == main]
        if mailbox.bulk is not None:
            records += mailbox.bulk.between(start, end)
        return busy_times(records, start, end)

    def _schedule(
        self,
        request: GraphRequest,
        address: str,
        start: datetime,
        end: datetime,
        interval: timedelta,
        zone: str,
    ) -> Record:
        person = self._context.find_person(address)
        if person is None:
            message = f"Unable to resolve e-mail address {address[:200]} to a mailbox."
            return _unknown(address, "ErrorMailRecipientNotFound", message)
        times = self._times(person, start, end)
        if len(times) > _MOST_ENTRIES:
            message = (
                "The result set contains too many calendar entries. The allowed size = "
                f"{_MOST_ENTRIES}; the actual size = {len(times)}."
            )
            return _unknown(address, "ErrorResultSetTooBig", message)
        detailed = self._sees_details(request, person)
        return {
            "scheduleId": address,
            "availabilityView": availability_view(times, start, end, interval),
            "scheduleItems": [_item(one, zone, detailed=detailed) for one in times],
            "workingHours": self._working_hours(person),
        }

    def _working_hours(self, person: Person) -> Record:
        hours: Record = self._context.post.settings_of(person).get("workingHours") or {}
        return hours

    def _sees_details(self, request: GraphRequest, person: Person) -> bool:
        """Whether more than free and busy is shown: to the owner and to whom it was allowed."""
        caller_id = request.caller.user_id
        if caller_id is None or caller_id == person.id:
            return True
        caller = self._context.find_person(caller_id)
        calendar = self._calendars.of(person).default_calendar
        return caller is not None and calendar.role_of(caller.mail) not in ("none", "freeBusyRead")

    def find_meeting_times(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters(
            "attendees",
            "locationConstraint",
            "timeConstraint",
            "meetingDuration",
            "maxCandidates",
            "isOrganizerOptional",
            "returnSuggestionReasons",
            "minimumAttendeePercentage",
        )
        duration = _duration(parameters.get("meetingduration"))
        most = _whole(parameters, "maxcandidates", 20, 1, 100)
        least = _percentage(parameters.get("minimumattendeepercentage"))
        slots, domain = _slots(parameters.get("timeconstraint"), request.now)
        first, last = min(slot[0] for slot in slots), max(slot[1] for slot in slots)
        owner = request.person
        organizer = _Invited({}, owner, self._times(owner, first, last))
        invited = self._invited(parameters.get("attendees"), first, last)
        optional = parameters.get("isorganizeroptional") is True
        hours = self._working_hours(owner)
        found = []
        for start, end in _candidates(slots, duration):
            if domain == "work" and not in_working_hours(start, end, hours):
                continue
            suggestion = _suggestion(organizer, invited, start, end, least, optional=optional)
            if suggestion is not None:
                found.append(suggestion)
        found.sort(key=lambda one: -float(one["confidence"]))
        reasons = parameters.get("returnsuggestionreasons") is True
        zone = request.preferences.time_zone or "UTC"
        shown = [
            _shown(one, order, zone, reasons=reasons)
            for order, one in enumerate(found[:most], start=1)
        ]
        empty = "" if shown else _why_empty(organizer, slots, duration, optional=optional)
        context = request.context("microsoft.graph.meetingTimeSuggestionsResult")
        return GraphResponse(
            200,
            {
                "@odata.context": context,
                "emptySuggestionsReason": empty,
                "meetingTimeSuggestions": shown,
            },
        )

    def _invited(self, given: Any, first: datetime, last: datetime) -> list[_Invited]:
        found = []
        for attendee in read_value(given, _ATTENDEES):
            if "@" not in address_of(attendee).strip("@"):
                raise GraphError(
                    400, "ErrorInvalidRecipients", "At least one recipient is not valid."
                )
            person = self._context.find_person(address_of(attendee))
            times = [] if person is None else self._times(person, first, last)
            found.append(_Invited(attendee, person, times))
        return found


def _point(given: Any, name: str) -> tuple[datetime, str]:
    if not isinstance(given, dict):
        raise bad_request(f"The parameter '{name}' is missing.", "ErrorInvalidParameter")
    local, zone = read_point(read_entity(given, SCHEMA.structured["dateTimeTimeZone"]), name)
    return localize(local, zone), zone


def _check_window(start: datetime, end: datetime, interval: timedelta) -> None:
    if end <= start or end - start < interval:
        raise bad_request(
            "The time window must be at least as long as the availability view interval.",
            "ErrorInvalidTimeInterval",
        )
    if end - start > _LONGEST:
        raise bad_request(
            "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. "
            "The allowed limit is 62 days.",
            "ErrorTimeIntervalTooBig",
        )


def _unknown(address: str, code: str, message: str) -> Record:
    """What stands in the place of a schedule that cannot be told."""
    error = {"message": message, "responseCode": code}
    return {"scheduleId": address, "availabilityView": "", "error": error}


def _item(one: Busy, zone: str, *, detailed: bool) -> Record:
    item: Record = {
        "isPrivate": one.private,
        "status": one.status,
        "start": state_point(wall_time(one.start, zone), zone),
        "end": state_point(wall_time(one.end, zone), zone),
    }
    if detailed and not one.private:
        item |= {"subject": one.subject, "location": one.location}
    return item


def _duration(given: Any) -> timedelta:
    if given is None:
        return timedelta(minutes=30)
    match = _DURATION.match(given) if isinstance(given, str) else None
    parts = [int(part or 0) for part in match.groups()] if match else [0, 0, 0]
    duration = timedelta(days=parts[0], hours=parts[1], minutes=parts[2])
    if not timedelta() < duration <= timedelta(days=1):
        raise bad_request("The parameter 'MeetingDuration' is not valid.", "ErrorInvalidParameter")
    return duration


def _whole(parameters: Record, name: str, default: int, least: int, most: int) -> int:
    value = parameters.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise bad_request(f"The parameter '{name}' is not valid.", "ErrorInvalidParameter")
    return value


def _percentage(given: Any) -> float:
    """Also as the text that some clients send."""
    try:
        value = 50.0 if given is None else float(given)
    except (TypeError, ValueError):
        value = -1.0
    if not 0 <= value <= 100:
        raise bad_request(
            "The parameter 'MinimumAttendeePercentage' is not valid.", "ErrorInvalidParameter"
        )
    return value


def _slots(given: Any, now: datetime) -> tuple[list[tuple[datetime, datetime]], str]:
    """When the meeting may be, and whether in working hours only; else the next seven days."""
    constraint: Record = {}
    if given is not None:
        if not isinstance(given, dict):
            raise bad_request("The parameter 'TimeConstraint' is not valid.")
        constraint = read_entity(given, SCHEMA.structured["timeConstraint"])
    slots = []
    for slot in constraint.get("timeSlots") or ():
        start, _ = _point(slot.get("start"), "start")
        end, _ = _point(slot.get("end"), "end")
        if end <= start or end - start > _LONGEST:
            raise bad_request("A time slot ends before it starts.", "ErrorInvalidParameter")
        slots.append((start, end))
    if not slots:
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        slots = [(hour, hour + timedelta(days=7))]
    if len(slots) > 20:
        raise bad_request("There are too many time slots.", "ErrorInvalidParameter")
    return slots, constraint.get("activityDomain") or "work"


def _candidates(
    slots: list[tuple[datetime, datetime]], duration: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    for first, end in slots:
        start = first
        while start + duration <= end:
            yield start, start + duration
            start += _STEP


def _suggestion(
    organizer: _Invited,
    invited: list[_Invited],
    start: datetime,
    end: datetime,
    least: float,
    *,
    optional: bool,
) -> Record | None:
    """A time at which enough of them can, or None."""
    mine = organizer.status(start, end)
    if mine in ("busy", "oof") and not optional:
        return None
    statuses = [one.status(start, end) for one in invited]
    chances = [
        _CONFIDENCE.get(status, 0.0)
        for one, status in zip(invited, statuses, strict=True)
        if one.needed
    ]
    confidence = sum(chances) / len(chances) if chances else 100.0
    if confidence < least:
        return None
    return {
        "confidence": confidence,
        "start": start,
        "end": end,
        "organizer": mine,
        "attendees": [
            {"availability": status, "attendee": one.attendee}
            for one, status in zip(invited, statuses, strict=True)
        ],
    }


def _shown(one: Record, order: int, zone: str, *, reasons: bool) -> Record:
    shown = {
        "confidence": one["confidence"],
        "order": order,
        "organizerAvailability": one["organizer"],
        "attendeeAvailability": one["attendees"],
        "locations": [],
        "meetingTimeSlot": {
            "start": state_point(wall_time(one["start"], zone), zone),
            "end": state_point(wall_time(one["end"], zone), zone),
        },
    }
    if reasons:
        free = all(entry["availability"] == "free" for entry in one["attendees"])
        shown["suggestionReason"] = (
            "Suggested because it is one of the nearest times when all attendees are available."
            if free
            else "Suggested because it is one of the nearest times when most can attend."
        )
    return shown


def _why_empty(
    organizer: _Invited,
    slots: list[tuple[datetime, datetime]],
    duration: timedelta,
    *,
    optional: bool,
) -> str:
    statuses = {organizer.status(start, end) for start, end in _candidates(slots, duration)}
    if not optional and statuses and statuses <= {"busy", "oof"}:
        return "OrganizerUnavailable"
    return "AttendeesUnavailable"
