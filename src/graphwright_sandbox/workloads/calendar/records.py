"""One event as it is stored, and as Graph's JSON: single events, series and their occurrences."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from graphwright_sandbox.graph.attachments import Attachment
from graphwright_sandbox.graph.item_ids import change_key, etag_of, make_item_id
from graphwright_sandbox.graph.markup import preview_of
from graphwright_sandbox.graph.recurrence import Recurrence, state_recurrence
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.time_zones import localize, state_point
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person

NO_TIME = "0001-01-01T00:00:00Z"


@dataclass
class Change:
    """What one occurrence of a series has of its own."""

    properties: Record
    start: datetime
    end: datetime


@dataclass
class EventRecord:
    """Times are wall-clock times in `zone` (the organizer's), which is why they survive clock
    changes; `properties` are writable properties in JSON form."""

    owner_id: str
    key: bytes
    calendar_key: bytes
    uid: str
    properties: Record
    start: datetime
    end: datetime
    zone: str
    all_day: bool
    created: datetime
    modified: datetime
    organizer: Record
    is_organizer: bool = True
    response: str = "organizer"
    responded: str = NO_TIME
    recurrence: Recurrence | None = None
    changes: dict[date, Change] = field(default_factory=dict)
    removed: set[date] = field(default_factory=set)
    cancelled: bool = False
    responses: dict[date, tuple[str, str]] = field(default_factory=dict)
    """Answers to single occurrences, and when they were given."""
    former: list[Recurrence] = field(default_factory=list)
    """Patterns it had before: their occurrences are gone, which delta queries tell."""
    attachments: list[Attachment] = field(default_factory=list)
    extensions: dict[str, Record] = field(default_factory=dict)
    """Open extensions, by name; each participant has own ones."""
    schema: dict[str, Record] = field(default_factory=dict)
    """Values of schema extensions, by name; each participant has own ones."""
    snoozed: dict[str, datetime] = field(default_factory=dict)
    """When reminders that were put off come again, by `reminder_of`."""
    dismissed: set[str] = field(default_factory=set)
    """Reminders that shall not come again."""
    transaction_id: str | None = None
    revision: int = 1

    @property
    def id(self) -> str:
        return make_item_id(self.owner_id, self.key)

    @property
    def etag(self) -> str:
        return etag_of(change_key(self.id, self.revision))

    def touch(self, now: datetime) -> None:
        self.modified = now
        self.revision += 1

    def times_on(self, day: date | None) -> tuple[datetime, datetime]:
        """Start and end on the wall clock; of the occurrence of `day` where one is named."""
        if day is None:
            return self.start, self.end
        change = self.changes.get(day)
        if change is not None:
            return change.start, change.end
        return self.regular_times(day)

    def regular_times(self, day: date) -> tuple[datetime, datetime]:
        start = datetime.combine(day, self.start.time())
        return start, start + (self.end - self.start)

    def instants_on(self, day: date | None) -> tuple[datetime, datetime]:
        start, end = self.times_on(day)
        return localize(start, self.zone), localize(end, self.zone)

    def attendees_on(self, day: date | None) -> list[Record]:
        """Who is invited; to the occurrence of `day` where one is named."""
        change = self.changes.get(day) if day is not None else None
        own = change.properties.get("attendees") if change else None
        found: list[Record] = self.properties["attendees"] if own is None else own
        return found

    @property
    def duration(self) -> timedelta:
        return self.end - self.start


def show_event(record: EventRecord, day: date | None = None) -> Record:
    """The event's JSON with times in UTC; `day` names an occurrence of a series."""
    change = record.changes.get(day) if day is not None else None
    given = {**record.properties, **change.properties} if change else record.properties
    key = change_key(record.id, record.revision)
    event_id = make_item_id(record.owner_id, record.key, day)
    response, responded = record.response, record.responded
    if day in record.responses:
        response, responded = record.responses[day]
    shown: Record = {
        "@odata.etag": etag_of(key),
        "id": event_id,
        "createdDateTime": format_instant(record.created),
        "lastModifiedDateTime": format_instant(record.modified),
        "changeKey": key,
        "transactionId": record.transaction_id,
        "originalStartTimeZone": record.zone,
        "originalEndTimeZone": record.zone,
        "iCalUId": record.uid if day is None else f"{record.uid}{day:%Y%m%d}",
        "hasAttachments": any(not item.inline for item in record.attachments),
        "bodyPreview": preview_of(given["body"]),
        "isAllDay": record.all_day,
        "isCancelled": record.cancelled,
        "isDraft": False,
        "isOrganizer": record.is_organizer,
        "seriesMasterId": None if day is None else record.id,
        "type": _type(record, day, change),
        "webLink": f"https://outlook.office365.com/owa/?itemid={event_id}&exvsurl=1&path=/calendar/item",
        "onlineMeetingUrl": None,
        "recurrence": None,
        "responseStatus": {"response": response, "time": responded},
        "organizer": {"emailAddress": record.organizer},
        "cancelledOccurrences": [
            f"OID.{record.id}.{removed.isoformat()}" for removed in sorted(record.removed)
        ],
        **given,
        **record.schema,
        "_calendar": record.calendar_key,
        "_schema": tuple(record.schema),
        "onlineMeeting": _online_meeting(record, given),
    }
    shown["start"], shown["end"] = _points(record, day)
    if record.recurrence is not None and day is None:
        shown["recurrence"] = state_recurrence(record.recurrence)
    if change is not None and day is not None:
        original = localize(record.regular_times(day)[0], record.zone)
        shown["originalStart"] = format_instant(original)
    return shown


def _type(record: EventRecord, day: date | None, change: Change | None) -> str:
    if day is None:
        return "seriesMaster" if record.recurrence else "singleInstance"
    return "exception" if change else "occurrence"


def _points(record: EventRecord, day: date | None) -> tuple[Record, Record]:
    """Start and end in UTC; an all-day event keeps its dates, whoever looks at it."""
    if record.all_day:
        start, end = record.times_on(day)
    else:
        start, end = record.instants_on(day)
    return state_point(start, "UTC"), state_point(end, "UTC")


def _online_meeting(record: EventRecord, given: Record) -> Record | None:
    if not given.get("isOnlineMeeting"):
        return None
    return {"joinUrl": f"https://teams.example/l/meetup-join/{record.uid.lower()}"}


def reminder_of(day: date | None) -> str:
    """Names the reminder of the event itself, or of the occurrence of a day."""
    return "" if day is None else day.isoformat()


def address_of(attendee: Record) -> str:
    """The address of an attendee or recipient, folded; empty where there is none."""
    return str((attendee.get("emailAddress") or {}).get("address") or "").casefold()


def default_properties() -> Record:
    """The writable properties of an event about which nothing was said."""
    return {
        "subject": "",
        "body": {"contentType": "html", "content": ""},
        "categories": [],
        "importance": "normal",
        "sensitivity": "normal",
        "showAs": "busy",
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "responseRequested": True,
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "location": state_location(""),
        "locations": [],
        "attendees": [],
    }


def state_location(name: str, given: Record | None = None) -> Record:
    location: Record = {
        "displayName": name,
        "locationType": "default",
        "uniqueId": name or None,
        "uniqueIdType": "private" if name else "unknown",
        "address": {},
        "coordinates": {},
    }
    location.update({key: value for key, value in (given or {}).items() if value is not None})
    return location


def state_attendee(
    name: str, address: str, kind: str = "required", response: str = "none", time: str = NO_TIME
) -> Record:
    return {
        "type": kind,
        "status": {"response": response, "time": time},
        "emailAddress": {"name": name, "address": address},
    }


def state_address(person: Person) -> dict[str, Any]:
    return {"name": person.display_name, "address": person.mail}
