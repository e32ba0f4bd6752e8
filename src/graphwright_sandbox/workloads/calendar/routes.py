"""The operations of the calendar workload."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import overload

from graphwright_sandbox.graph.errors import bad_request, item_not_found
from graphwright_sandbox.graph.item_ids import change_key
from graphwright_sandbox.graph.markup import body_as
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
)
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.graph.time_zones import state_point, wall_time
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.workloads.calendar.entities import CALENDAR, EVENT
from graphwright_sandbox.workloads.calendar.records import EventRecord, show_event, state_address
from graphwright_sandbox.workloads.calendar.store import CalendarRecord, Calendars, Mailbox
from graphwright_sandbox.workloads.calendar.windows import events_between, read_window

_LIMITS = Limits(default=10, maximum=1000)
_BASIC = "Calendars.ReadBasic"
_HIDDEN_FROM_BASIC = frozenset({"body", "bodyPreview", "attachments", "extensions"})
_CALENDAR_VIEW = View(CALENDAR, always=("id",))
_ANSWERS = {
    "accept": "accepted",
    "decline": "declined",
    "tentativelyAccept": "tentativelyAccepted",
}


def create_operations(context: GraphContext) -> list[Operation]:
    service = CalendarService(Calendars(context))
    operations = [
        Operation("GET", "/users/{user}/calendars", service.list_calendars, options=READ_MANY),
        Operation("GET", "/users/{user}/calendarView", service.view, options=READ_MANY),
    ]
    for base in ("/users/{user}/calendar", "/users/{user}/calendars/{calendar}"):
        operations += [
            Operation("GET", base, service.get_calendar, options=READ_ONE),
            Operation("GET", f"{base}/calendarView", service.view, options=READ_MANY),
        ]
    for base in (
        "/users/{user}/events",
        "/users/{user}/calendar/events",
        "/users/{user}/calendars/{calendar}/events",
    ):
        operations += _event_operations(base, service)
    return operations


def _event_operations(base: str, service: "CalendarService") -> list[Operation]:
    one = f"{base}/{{event}}"
    operations = [
        Operation("GET", base, service.list_events, options=READ_MANY),
        Operation("POST", base, service.create_event),
        Operation("GET", f"{base}/$count", service.count_events, options=frozenset({"filter"})),
        Operation("GET", one, service.get_event, options=READ_ONE),
        Operation("PATCH", one, service.change_event),
        Operation("DELETE", one, service.delete_event),
        Operation("GET", f"{one}/instances", service.list_instances, options=READ_MANY),
    ]
    operations += [Operation("POST", f"{one}/{name}", service.respond) for name in _ANSWERS]
    return operations


class EventList(Sequence[Record]):
    """Stored events followed by generated ones; only the part that is asked for is made."""

    def __init__(self, stored: list[EventRecord], bulk: Sequence[Record]) -> None:
        self._stored = stored
        self._bulk = bulk

    def __len__(self) -> int:
        return len(self._stored) + len(self._bulk)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        count = len(self._stored)
        if isinstance(index, int):
            number = range(len(self))[index]
            return (
                show_event(self._stored[number]) if number < count else self._bulk[number - count]
            )
        start, stop, _ = index.indices(len(self))
        shown = [show_event(record) for record in self._stored[start:stop]]
        return shown + list(self._bulk[max(0, start - count) : max(0, stop - count)])


class CalendarService:
    """Requests about calendars and events, answered from the store."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._view = View(
            EVENT,
            always=("id",),
            on_demand=frozenset({"cancelledOccurrences", "originalStart"}),
            render=_render,
            expanders={"attachments": lambda request, record, options: []},
            hidden=_hidden,
        )

    def _mailbox(self, request: GraphRequest) -> Mailbox:
        return self._calendars.of(request.person)

    def _event(self, request: GraphRequest) -> tuple[EventRecord, date | None]:
        """The event of the path, which must lie in the calendar the path names."""
        record, day = self._mailbox(request).find_event(request.keys["event"])
        named = self._calendar(request).key if "/calendar" in request.operation else None
        if named not in (None, record.calendar_key):
            raise item_not_found()
        return record, day

    def _calendar(self, request: GraphRequest) -> CalendarRecord:
        mailbox = self._mailbox(request)
        identifier = request.keys.get("calendar")
        return mailbox.find_calendar(identifier) if identifier else mailbox.default_calendar

    def list_calendars(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._mailbox(request)
        records = [_show_calendar(mailbox, entry) for entry in mailbox.calendars.values()]
        path = request.mailbox_path("calendars")
        return answer_collection(request, _CALENDAR_VIEW, records, path, _LIMITS)

    def get_calendar(self, request: GraphRequest) -> GraphResponse:
        record = _show_calendar(self._mailbox(request), self._calendar(request))
        path = request.mailbox_path("calendars")
        return answer_entity(request, _CALENDAR_VIEW, record, path)

    def _events(self, request: GraphRequest) -> EventList:
        """Single events and series; of one calendar where the path names it."""
        mailbox = self._mailbox(request)
        stored = list(mailbox.events.values())
        bulk: Sequence[Record] = mailbox.bulk or ()
        if "/calendar" in request.operation:
            calendar = self._calendar(request)
            stored = [record for record in stored if record.calendar_key == calendar.key]
            bulk = bulk if calendar.default else ()
        return EventList(stored, bulk)

    def list_events(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("events")
        return answer_collection(request, self._view, self._events(request), path, _LIMITS)

    def count_events(self, request: GraphRequest) -> GraphResponse:
        return answer_count(request, self._view, self._events(request))

    def view(self, request: GraphRequest) -> GraphResponse:
        start, end = read_window(request)
        mailbox, calendar = self._mailbox(request), self._calendar(request)
        records = [e for e in mailbox.events.values() if e.calendar_key == calendar.key]
        more = mailbox.bulk.between(start, end) if mailbox.bulk and calendar.default else ()
        events = events_between(chain(records, more), start, end)
        path = request.mailbox_path("calendarView")
        return answer_collection(request, self._view, events, path, _LIMITS)

    def list_instances(self, request: GraphRequest) -> GraphResponse:
        start, end = read_window(request)
        record, day = self._event(request)
        if record.recurrence is None or day is not None:
            raise bad_request(
                "Your request can't be completed. Instances of only a recurring master can be "
                "retrieved.",
                "ErrorInvalidRequest",
            )
        events = events_between([record], start, end)
        path = request.mailbox_path(f"events('{record.id}')/instances")
        return answer_collection(request, self._view, events, path, _LIMITS)

    def get_event(self, request: GraphRequest) -> GraphResponse:
        record, day = self._event(request)
        path = request.mailbox_path("events")
        return answer_entity(request, self._view, show_event(record, day), path)

    def create_event(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("event")
        mailbox, calendar = self._mailbox(request), self._calendar(request)
        record, _ = self._calendars.create(mailbox, calendar, data, request.now)
        location = f"{request.root}/{request.mailbox_path('events')}('{record.id}')"
        return answer_entity(
            request,
            self._view,
            show_event(record),
            request.mailbox_path("events"),
            status=201,
            headers={"Location": location},
        )

    def change_event(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("event")
        mailbox = self._mailbox(request)
        record, day = self._event(request)
        request.check_if_match(record.etag)
        self._calendars.change(mailbox, record, day, data, request.now)
        path = request.mailbox_path("events")
        return answer_entity(request, self._view, show_event(record, day), path)

    def delete_event(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._mailbox(request)
        record, day = self._event(request)
        request.check_if_match(record.etag)
        self._calendars.delete(mailbox, record, day, request.now)
        return no_content()

    def respond(self, request: GraphRequest) -> GraphResponse:
        request.read_parameters("comment", "sendResponse", "proposedNewTime")
        record, _ = self._event(request)
        if record.is_organizer:
            raise bad_request(
                "Your request can't be completed. You can't respond to this meeting because "
                "you're the meeting organizer.",
                "ErrorInvalidRequest",
            )
        action = request.url.rsplit("/", 1)[-1].lower()
        answer = next(value for name, value in _ANSWERS.items() if name.lower() == action)
        self._calendars.respond(record, answer, request.now)
        return GraphResponse(202)


def _hidden(request: GraphRequest) -> frozenset[str]:
    return _HIDDEN_FROM_BASIC if request.granted == _BASIC else frozenset()


def _render(request: GraphRequest, record: Record) -> Record:
    """The event in the caller's time zone, its body in the type the caller prefers."""
    zone = request.preferences.time_zone
    content_type = request.preferences.body_content_type
    if zone is None and content_type is None:
        return record
    shown = dict(record)
    if zone is not None:
        for name in ("start", "end"):
            text = record[name]["dateTime"]
            if record["isAllDay"]:
                shown[name] = {"dateTime": text, "timeZone": zone}
            else:
                shown[name] = state_point(wall_time(parse_instant(text), zone), zone)
    shown["body"] = body_as(record["body"], content_type)
    return shown


def _show_calendar(mailbox: Mailbox, calendar: CalendarRecord) -> Record:
    identifier = mailbox.calendar_id(calendar)
    return {
        "id": identifier,
        "name": calendar.name,
        "color": calendar.color,
        "hexColor": "",
        "isDefaultCalendar": calendar.default,
        "changeKey": change_key(identifier, calendar.revision),
        "canShare": calendar.default,
        "canViewPrivateItems": True,
        "canEdit": True,
        "isRemovable": not calendar.default,
        "isTallyingResponses": calendar.default,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "owner": state_address(mailbox.owner),
    }
