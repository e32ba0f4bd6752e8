"""Requests about events: read, written, listed, shown in a window of time, and what changed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import overload

from graphwright_sandbox.graph import extended_properties
from graphwright_sandbox.graph.attachments import Attachments, expand_attachments
from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.extensions import Extensions, expand_extensions
from graphwright_sandbox.graph.item_ids import make_item_id, read_item_id
from graphwright_sandbox.graph.markup import body_as
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    check_hidden,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.time_zones import state_point, wall_time
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.access import masked, role_in
from graphwright_sandbox.workloads.calendar.calendars import CalendarService
from graphwright_sandbox.workloads.calendar.entities import EVENT
from graphwright_sandbox.workloads.calendar.mailboxes import CalendarRecord, Mailbox
from graphwright_sandbox.workloads.calendar.records import EventRecord, show_event
from graphwright_sandbox.workloads.calendar.store import Calendars
from graphwright_sandbox.workloads.calendar.windows import (
    events_between,
    occurrences_between,
    read_window,
)

_LIMITS = Limits(default=10, maximum=1000)
_BASIC = "Calendars.ReadBasic"
_HIDDEN_FROM_BASIC = frozenset(
    {"body", "bodyPreview", "attachments", "extensions", extended_properties.NAME}
)


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


class EventService:
    """Requests about events, answered from the store."""

    def __init__(self, context: GraphContext, calendars: Calendars, shelf: CalendarService) -> None:
        self._context = context
        self._calendars = calendars
        self._shelf = shelf
        self.view = View(
            EVENT,
            always=("id",),
            on_demand=frozenset({"cancelledOccurrences", "originalStart"}),
            render=self._render,
            expanders={
                "attachments": self._expand_attachments,
                "exceptionOccurrences": self._expand_exceptions,
                "extensions": self._expand_extensions,
                extended_properties.NAME: self._expand_extended,
            },
            hidden=_hidden,
        )
        self.attachments = Attachments(
            context,
            find=lambda request: self.whole_event(request)[0],
            change=self._changed,
            path=lambda holder: f"events('{holder.id}')",
        )
        self.extensions = Extensions(
            find=lambda request: self.whole_event(request)[0],
            change=self._changed,
            path=lambda request, holder: request.mailbox_path(f"events('{holder.id}')"),
        )
        context.post.on_event(self._event_of)

    def mailbox(self, request: GraphRequest) -> Mailbox:
        return self._shelf.mailbox(request)

    def event(
        self, request: GraphRequest, *, write: bool = False
    ) -> tuple[EventRecord, date | None]:
        """The event of the path, which must lie in the calendar the path names; `write` also
        checks what the caller may and which state they know."""
        calendar = self._shelf.calendar(request, write=write)
        record, day = self.mailbox(request).find_event(request.keys["event"])
        if self._keeps_to_one(request) and calendar.key != record.calendar_key:
            raise item_not_found()
        if write:
            request.check_if_match(record.etag)
        return record, day

    def _is_own(self, request: GraphRequest) -> bool:
        return request.caller.user_id in (None, request.person.id)

    def _keeps_to_one(self, request: GraphRequest) -> bool:
        """Whether only one calendar counts: the path names it, or it is somebody else's."""
        return "/calendar" in request.operation or not self._is_own(request)

    def _shows_all(self, request: GraphRequest, event: EventRecord) -> bool:
        """Whether the caller may see what belongs to the event, too."""
        if self._is_own(request):
            return True
        calendar = self.mailbox(request).calendars[event.calendar_key]
        shown = show_event(event)
        return masked(shown, role_in(self._context, request, calendar)) is shown

    def whole_event(self, request: GraphRequest) -> tuple[EventRecord, date | None]:
        """The event of the path, for what needs to be allowed to see all of it."""
        event, day = self.event(request)
        if not self._shows_all(request, event):
            raise item_not_found()
        return event, day

    def whole_events(self, request: GraphRequest) -> list[EventRecord]:
        """The events of which the caller may see all; of somebody else's default calendar."""
        calendar = self._shelf.calendar(request)
        return [
            event
            for event in self.mailbox(request).events.values()
            if (self._is_own(request) or event.calendar_key == calendar.key)
            and self._shows_all(request, event)
        ]

    def _changed(self, request: GraphRequest) -> EventRecord:
        record, _ = self.event(request, write=True)
        self._calendars.touch(self.mailbox(request), record, request.now)
        return record

    def _event_of(self, person: Person, event_id: str) -> Record | None:
        try:
            return show_event(*self._calendars.of(person).find_event(event_id))
        except GraphError:
            return None

    def _events(self, request: GraphRequest) -> Sequence[Record]:
        """Single events and series; of one calendar where the path names it."""
        check_hidden(request, self.view)
        mailbox = self.mailbox(request)
        calendar = self._shelf.calendar(request)
        stored = list(mailbox.events.values())
        bulk: Sequence[Record] = mailbox.bulk or ()
        if self._keeps_to_one(request):
            stored = [record for record in stored if record.calendar_key == calendar.key]
            bulk = bulk if calendar.default else ()
        events = EventList(stored, bulk)
        return self._as_seen(request, events, calendar)

    def _as_seen(
        self, request: GraphRequest, events: Sequence[Record], calendar: CalendarRecord
    ) -> Sequence[Record]:
        """As the caller may see them, before a filter could tell what is hidden."""
        if self._is_own(request):
            return events
        role = role_in(self._context, request, calendar)
        return [masked(event, role) for event in events]

    def answer(
        self, request: GraphRequest, record: EventRecord, day: date | None, status: int = 200
    ) -> GraphResponse:
        """The event as the answer to a request."""
        path = request.mailbox_path("events")
        headers = {"Location": f"{request.root}/{path}('{record.id}')"} if status == 201 else None
        shown = show_event(record, day)
        return answer_entity(request, self.view, shown, path, status=status, headers=headers)

    def list_events(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("events")
        return answer_collection(request, self.view, self._events(request), path, _LIMITS)

    def count_events(self, request: GraphRequest) -> GraphResponse:
        return answer_count(request, self.view, self._events(request))

    def _in_window(self, request: GraphRequest, start: datetime, end: datetime) -> Sequence[Record]:
        check_hidden(request, self.view)
        mailbox, calendar = self.mailbox(request), self._shelf.calendar(request)
        records = [e for e in mailbox.events.values() if e.calendar_key == calendar.key]
        more = mailbox.bulk.between(start, end) if mailbox.bulk and calendar.default else ()
        events = events_between(chain(records, more), start, end)
        return self._as_seen(request, events, calendar)

    def list_window(self, request: GraphRequest) -> GraphResponse:
        """calendarView: single events and occurrences of a window of time."""
        events = self._in_window(request, *read_window(request))
        path = request.mailbox_path("calendarView")
        return answer_collection(request, self.view, events, path, _LIMITS)

    def list_instances(self, request: GraphRequest) -> GraphResponse:
        check_hidden(request, self.view)
        start, end = read_window(request)
        record, day = self.event(request)
        if record.recurrence is None or day is not None:
            raise bad_request(
                "Your request can't be completed. Instances of only a recurring master can be "
                "retrieved.",
                "ErrorInvalidRequest",
            )
        calendar = self.mailbox(request).calendars[record.calendar_key]
        events = self._as_seen(request, events_between([record], start, end), calendar)
        path = request.mailbox_path(f"events('{record.id}')/instances")
        return answer_collection(request, self.view, events, path, _LIMITS)

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        """events/delta: single events and series that changed."""
        mailbox = self.mailbox(request)

        def find(request: GraphRequest, event_id: str) -> Record | None:
            try:
                record, day = mailbox.find_event(event_id)
            except GraphError:
                return None
            elsewhere = record.calendar_key != self._shelf.calendar(request).key
            return None if elsewhere and self._keeps_to_one(request) else show_event(record, day)

        container, path = f"users/{mailbox.owner_id}/events", request.mailbox_path("events")
        delta = Delta(self.view, container, self._events, find, _LIMITS, path)
        return answer_delta(request, delta)

    def list_window_changes(self, request: GraphRequest) -> GraphResponse:
        """calendarView/delta: what changed in a window, a series as its occurrences there."""
        mailbox = self.mailbox(request)
        if not request.options.skiptoken and not request.options.deltatoken:
            read_window(request)

        def records(request: GraphRequest) -> Sequence[Record]:
            return self._in_window(request, *read_window(request))

        def spread(request: GraphRequest, event_id: str) -> Sequence[Record]:
            start, end = read_window(request)
            calendar = self._shelf.calendar(request)
            return list(_seen_in_window(mailbox, calendar.key, event_id, start, end))

        container, path = f"users/{mailbox.owner_id}/events", request.mailbox_path("calendarView")
        delta = Delta(self.view, container, records, lambda *_: None, _LIMITS, path, spread=spread)
        return answer_delta(request, delta)

    def get_event(self, request: GraphRequest) -> GraphResponse:
        return self.answer(request, *self.event(request))

    def create_event(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("event")
        schema = request.schema.applied({}, request.schema.take(data))
        calendar = self._shelf.calendar(request, write=True)
        record = self._calendars.create(self.mailbox(request), calendar, data, request.now)
        record.schema = {**record.schema, **schema}
        return self.answer(request, record, None, 201)

    def change_event(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("event")
        record, day = self.event(request, write=True)
        # An occurrence has those of its series.
        schema = request.schema.applied(record.schema, request.schema.take(data))
        self._calendars.change(self.mailbox(request), record, day, data, request.now)
        record.schema = schema
        return self.answer(request, record, day)

    def delete_event(self, request: GraphRequest) -> GraphResponse:
        record, day = self.event(request, write=True)
        self._calendars.delete(self.mailbox(request), record, day, request.now)
        return no_content()

    def _expand_attachments(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        event, _ = self.mailbox(request).find_event(record["id"])
        return (
            expand_attachments(request, event, options) if self._shows_all(request, event) else []
        )

    def _expand_extensions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        event, _ = self.mailbox(request).find_event(record["id"])
        return expand_extensions(request, event, options) if self._shows_all(request, event) else []

    def _expand_extended(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record] | None:
        event, _ = self.mailbox(request).find_event(record["id"])
        shown = record if self._shows_all(request, event) else {}
        return extended_properties.expand_extended(request, shown, options)

    def _expand_exceptions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record] | None:
        event, day = self.mailbox(request).find_event(record["id"])
        if event.recurrence is None or day is not None or not self._shows_all(request, event):
            return None
        shown = [show_event(event, changed) for changed in sorted(event.changes)]
        return project_all(request, self.view, shown, options)

    def _render(self, request: GraphRequest, record: Record) -> Record:
        """The event as the caller may see it, in their time zone, its body in the type they
        prefer."""
        if not self._is_own(request):
            calendar = self.mailbox(request).calendars[record["_calendar"]]
            record = masked(record, role_in(self._context, request, calendar))
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


def _hidden(request: GraphRequest) -> frozenset[str]:
    basic = request.granted == _BASIC
    return _HIDDEN_FROM_BASIC | request.schema.names if basic else frozenset()


def _seen_in_window(
    mailbox: Mailbox, calendar: bytes, event_id: str, start: datetime, end: datetime
) -> Iterator[Record]:
    """What a reader of a window has to know of an event that changed."""
    read = read_item_id(event_id)
    key = read.key if read else b""
    record = mailbox.events.get(key) or (mailbox.bulk.find(key) if mailbox.bulk else None)
    if record is not None and record.calendar_key != calendar:
        return
    present = (
        {event["id"]: event for event in events_between([record], start, end)} if record else {}
    )
    if not present:
        yield _removed(event_id)
    series = record or mailbox.deleted_series.get(key)
    if series is not None:
        for day in _days_ever(series, start, end):
            occurrence = make_item_id(mailbox.owner_id, key, day)
            if occurrence not in present:
                yield _removed(occurrence)
    yield from present.values()


def _days_ever(series: EventRecord, start: datetime, end: datetime) -> set[date]:
    """The days on which the series takes, or once took, place in the window."""
    days = {day for day in series.removed if start.date() <= day <= end.date()}
    days.update(occurrences_between(series, start, end))
    for pattern in series.former:
        former = EventRecord(**{**vars(series), "recurrence": pattern, "removed": set()})
        former.changes = {}
        days.update(occurrences_between(former, start, end))
    return days


def _removed(event_id: str) -> Record:
    return {"id": event_id, "@removed": {"reason": "deleted"}}
