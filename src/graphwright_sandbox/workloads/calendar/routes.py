"""The operations of the calendar workload."""

from collections.abc import Mapping

from graphwright_sandbox.graph.aliases import Alias, AliasRequest
from graphwright_sandbox.graph.delta import READ_DELTA
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.calendar.calendars import CalendarService
from graphwright_sandbox.workloads.calendar.events import EventService
from graphwright_sandbox.workloads.calendar.meetings import ANSWERS, MeetingService
from graphwright_sandbox.workloads.calendar.scheduling import SchedulingService
from graphwright_sandbox.workloads.calendar.store import Calendars

_USER = "/users/{user}"
_MAIN = f"{_USER}/calendar"
_ONE = f"{_USER}/calendars/{{calendar}}"
_GROUP = f"{_USER}/calendarGroups/{{group}}"
_DELTA = READ_DELTA - {"expand", "filter", "orderby"}


def create_operations(context: GraphContext) -> list[Operation]:
    calendars = Calendars(context)
    shelf = CalendarService(context, calendars)
    events = EventService(context, calendars, shelf)
    meetings = MeetingService(calendars, events)
    scheduling = SchedulingService(context, calendars)
    reminders = f"{_USER}/reminderView(startDateTime={{start}},endDateTime={{end}})"
    operations = [
        *_calendar_operations(shelf),
        Operation("GET", reminders, meetings.list_reminders),
        Operation("POST", f"{_MAIN}/getSchedule", scheduling.get_schedule),
        Operation("POST", f"{_USER}/findMeetingTimes", scheduling.find_meeting_times),
    ]
    for base in (_USER, _MAIN, _ONE):
        operations += [
            Operation("GET", f"{base}/calendarView", events.list_window, options=READ_MANY),
            Operation(
                "GET", f"{base}/calendarView/delta", events.list_window_changes, options=_DELTA
            ),
            *_event_operations(f"{base}/events", events, meetings),
        ]
    return operations


def create_aliases(_context: GraphContext) -> list[Alias]:
    """Calendars by their group; an event by the window or the series it was found in."""

    def same(request: AliasRequest) -> Mapping[str, str] | None:
        return None if request.keys.get("event") in ("delta", "$count") else request.keys

    paths = {
        f"{_GROUP}/calendars/{{calendar}}/events": f"{_ONE}/events",
        f"{_GROUP}/calendars/{{calendar}}/calendarView": f"{_ONE}/calendarView",
        f"{_USER}/events/{{series}}/instances/{{event}}": f"{_USER}/events/{{event}}",
        f"{_USER}/calendarView/{{event}}": f"{_USER}/events/{{event}}",
    }
    return [Alias(path, target, same) for path, target in paths.items()]


def _calendar_operations(shelf: CalendarService) -> list[Operation]:
    operations = [
        Operation("GET", f"{_USER}/calendarGroups", shelf.list_groups, options=READ_MANY),
        Operation("POST", f"{_USER}/calendarGroups", shelf.create_group),
        Operation("GET", _GROUP, shelf.get_group, options=READ_ONE),
        Operation("PATCH", _GROUP, shelf.change_group),
        Operation("DELETE", _GROUP, shelf.delete_group),
        Operation("GET", _MAIN, shelf.get_calendar, options=READ_ONE),
        Operation("PATCH", _MAIN, shelf.change_calendar),
    ]
    for base in (f"{_USER}/calendars", f"{_GROUP}/calendars"):
        one = f"{base}/{{calendar}}"
        operations += [
            Operation("GET", base, shelf.list_calendars, options=READ_MANY),
            Operation("POST", base, shelf.create_calendar),
            Operation("GET", one, shelf.get_calendar, options=READ_ONE),
            Operation("PATCH", one, shelf.change_calendar),
            Operation("DELETE", one, shelf.delete_calendar),
        ]
    for base in (_MAIN, _ONE):
        shared = f"{base}/calendarPermissions"
        one = f"{shared}/{{permission}}"
        operations += [
            Operation("GET", shared, shelf.list_permissions, options=READ_MANY),
            Operation("POST", shared, shelf.create_permission),
            Operation("GET", one, shelf.get_permission, options=READ_ONE),
            Operation("PATCH", one, shelf.change_permission),
            Operation("DELETE", one, shelf.delete_permission),
        ]
    return operations


def _event_operations(base: str, events: EventService, meetings: MeetingService) -> list[Operation]:
    one = f"{base}/{{event}}"
    operations = [
        Operation("GET", base, events.list_events, options=READ_MANY),
        Operation("POST", base, events.create_event),
        Operation("GET", f"{base}/$count", events.count_events, options=frozenset({"filter"})),
        Operation("GET", f"{base}/delta", events.list_changes, options=_DELTA),
        Operation("GET", one, events.get_event, options=READ_ONE),
        Operation("PATCH", one, events.change_event),
        Operation("DELETE", one, events.delete_event),
        Operation("POST", f"{one}/permanentDelete", events.delete_event),
        Operation("GET", f"{one}/instances", events.list_instances, options=READ_MANY),
        Operation("POST", f"{one}/cancel", meetings.cancel),
        Operation("POST", f"{one}/forward", meetings.forward),
        Operation("POST", f"{one}/dismissReminder", meetings.dismiss_reminder),
        Operation("POST", f"{one}/snoozeReminder", meetings.snooze_reminder),
        *events.attachments.operations(one),
        *events.extensions.operations(one),
    ]
    operations += [Operation("POST", f"{one}/{name}", meetings.respond) for name in ANSWERS]
    return operations
