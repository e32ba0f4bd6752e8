"""Requests about calendars, their groups, and who may see them."""

from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.item_ids import change_key, new_key
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.workloads.calendar.access import OWNER, check_access, role_in
from graphwright_sandbox.workloads.calendar.entities import CALENDAR
from graphwright_sandbox.workloads.calendar.mailboxes import (
    CalendarRecord,
    GroupRecord,
    Mailbox,
    Permission,
)
from graphwright_sandbox.workloads.calendar.records import state_address
from graphwright_sandbox.workloads.calendar.store import Calendars, default_permission

_LIMITS = Limits(default=10, maximum=1000)
_VIEW = View(CALENDAR, always=("id",))
_GROUP_VIEW = View(SCHEMA.structured["calendarGroup"], always=("id",))
_PERMISSION_VIEW = View(SCHEMA.structured["calendarPermission"], always=("id",))
_ROLES = SCHEMA.enums["calendarRoleType"]
_HEX_COLOR = frozenset("0123456789abcdefABCDEF")


class CalendarService:
    def __init__(self, context: GraphContext, calendars: Calendars) -> None:
        self._context = context
        self._calendars = calendars

    def mailbox(self, request: GraphRequest) -> Mailbox:
        return self._calendars.of(request.person)

    def calendar(self, request: GraphRequest, *, write: bool = False) -> CalendarRecord:
        """The calendar of the path, the default one where it names none; as far as it is shared."""
        mailbox = self.mailbox(request)
        identifier = request.keys.get("calendar")
        calendar = mailbox.find_calendar(identifier) if identifier else mailbox.default_calendar
        if "group" in request.keys and calendar.group != self._group(request).key:
            raise item_not_found()
        check_access(role_in(self._context, request, calendar), write=write)
        return calendar

    def _group(self, request: GraphRequest) -> GroupRecord:
        return self.mailbox(request).find_group(request.keys["group"])

    def _written(self, request: GraphRequest) -> Mailbox:
        mailbox = self.mailbox(request)
        mailbox.written = True
        return mailbox

    def _show(self, request: GraphRequest, calendar: CalendarRecord) -> Record:
        identifier = self.mailbox(request).calendar_id(calendar)
        role = role_in(self._context, request, calendar)
        own = role == OWNER
        return {
            "id": identifier,
            "name": calendar.name,
            "color": calendar.color,
            "hexColor": calendar.hex_color,
            "isDefaultCalendar": calendar.default,
            "changeKey": change_key(identifier, calendar.revision),
            "canShare": own and calendar.default,
            "canViewPrivateItems": own or role == "delegateWithPrivateEventAccess",
            "canEdit": own or role == "write" or role.startswith("delegate"),
            "isRemovable": not calendar.default,
            "isTallyingResponses": calendar.default,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
            "owner": state_address(request.person),
        }

    def list_calendars(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request).key if "group" in request.keys else None
        records = [
            self._show(request, calendar)
            for calendar in self.mailbox(request).calendars.values()
            if group in (None, calendar.group) and self._is_shared(request, calendar)
        ]
        path = request.mailbox_path("calendars")
        return answer_collection(request, _VIEW, records, path, _LIMITS)

    def _is_shared(self, request: GraphRequest, calendar: CalendarRecord) -> bool:
        try:
            check_access(role_in(self._context, request, calendar), write=False)
        except GraphError:
            return False
        return True

    def _answer(
        self, request: GraphRequest, calendar: CalendarRecord, status: int = 200
    ) -> GraphResponse:
        path = request.mailbox_path("calendars")
        return answer_entity(request, _VIEW, self._show(request, calendar), path, status=status)

    def get_calendar(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self.calendar(request))

    def create_calendar(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("calendar")
        mailbox = self._written(request)
        group = self._group(request) if "group" in request.keys else mailbox.default_group
        calendar = CalendarRecord(new_key(), _name(mailbox, data, None), group.key)
        calendar.permissions.append(default_permission(calendar))
        _paint(calendar, data)
        mailbox.calendars[calendar.key] = calendar
        return self._answer(request, calendar, 201)

    def change_calendar(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("calendar")
        calendar = self.calendar(request, write=True)
        mailbox = self._written(request)
        if "name" in data:
            calendar.name = _name(mailbox, data, calendar)
        _paint(calendar, data)
        if data.get("isDefaultCalendar") is True and not calendar.default:
            mailbox.default_calendar.default = False
            calendar.default = True
        calendar.revision += 1
        return self._answer(request, calendar)

    def delete_calendar(self, request: GraphRequest) -> GraphResponse:
        calendar = self.calendar(request, write=True)
        if calendar.default:
            raise GraphError(
                400,
                "ErrorDeleteDistinguishedFolder",
                "Distinguished folders cannot be deleted.",
            )
        mailbox = self._written(request)
        for record in [e for e in mailbox.events.values() if e.calendar_key == calendar.key]:
            self._calendars.delete(mailbox, record, None, request.now)
        del mailbox.calendars[calendar.key]
        return no_content()

    def list_groups(self, request: GraphRequest) -> GraphResponse:
        mailbox = self.mailbox(request)
        records = [mailbox.show_group(group) for group in mailbox.groups.values()]
        path = request.mailbox_path("calendarGroups")
        return answer_collection(request, _GROUP_VIEW, records, path, _LIMITS)

    def _answer_group(
        self, request: GraphRequest, group: GroupRecord, status: int = 200
    ) -> GraphResponse:
        record = self.mailbox(request).show_group(group)
        path = request.mailbox_path("calendarGroups")
        return answer_entity(request, _GROUP_VIEW, record, path, status=status)

    def get_group(self, request: GraphRequest) -> GraphResponse:
        return self._answer_group(request, self._group(request))

    def create_group(self, request: GraphRequest) -> GraphResponse:
        name = _group_name(self.mailbox(request), request.read_entity("calendarGroup"))
        mailbox, key = self._written(request), new_key()
        group = GroupRecord(key, name, f"{key.hex()[:8]}-0000-0000-0000-000000000000")
        mailbox.groups[key] = group
        return self._answer_group(request, group, 201)

    def change_group(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request)
        group.name = _group_name(self._written(request), request.read_entity("calendarGroup"))
        group.revision += 1
        return self._answer_group(request, group)

    def delete_group(self, request: GraphRequest) -> GraphResponse:
        mailbox, group = self.mailbox(request), self._group(request)
        if group.fixed:
            raise bad_request(
                "This calendar group cannot be deleted.", "ErrorCannotDeleteDefaultCalendarGroup"
            )
        if any(calendar.group == group.key for calendar in mailbox.calendars.values()):
            raise bad_request(
                "A calendar group that holds calendars cannot be deleted.",
                "ErrorCalendarGroupNotEmpty",
            )
        del self._written(request).groups[group.key]
        return no_content()

    def list_permissions(self, request: GraphRequest) -> GraphResponse:
        calendar = self.calendar(request)
        records = [self._show_permission(entry) for entry in calendar.permissions]
        path = request.mailbox_path("calendar/calendarPermissions")
        return answer_collection(request, _PERMISSION_VIEW, records, path, _LIMITS)

    def _permission(self, request: GraphRequest, calendar: CalendarRecord) -> Permission:
        for entry in calendar.permissions:
            if entry.id == request.keys["permission"]:
                return entry
        raise item_not_found()

    def _show_permission(self, entry: Permission) -> Record:
        address: Record = {"name": entry.name}
        if entry.address:
            address["address"] = entry.address
        inside = not entry.address or self._context.find_person(entry.address) is not None
        return {
            "id": entry.id,
            "emailAddress": address,
            "isRemovable": bool(entry.address),
            "isInsideOrganization": inside,
            "role": entry.role,
            "allowedRoles": list(_ROLES[:5] if entry.address else _ROLES[:4]),
        }

    def _answer_permission(
        self, request: GraphRequest, entry: Permission, status: int = 200
    ) -> GraphResponse:
        path = request.mailbox_path("calendar/calendarPermissions")
        shown = self._show_permission(entry)
        return answer_entity(request, _PERMISSION_VIEW, shown, path, status=status)

    def get_permission(self, request: GraphRequest) -> GraphResponse:
        entry = self._permission(request, self.calendar(request))
        return self._answer_permission(request, entry)

    def create_permission(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("calendarPermission")
        calendar = self.calendar(request, write=True)
        email: Record = data.get("emailAddress") or {}
        address = str(email.get("address") or "")
        if "@" not in address.strip("@"):
            raise bad_request("A permission needs an emailAddress.", "ErrorInvalidRequest")
        if any(one.address.casefold() == address.casefold() for one in calendar.permissions):
            raise GraphError(409, "ErrorDuplicateUserIdsSpecified", "The user has a permission.")
        person = self._context.find_person(address)
        name = email.get("name") or (person.display_name if person else address)
        entry = Permission(new_key().hex(), name, address, _role(data))
        calendar.permissions.append(entry)
        self._written(request)
        return self._answer_permission(request, entry, 201)

    def change_permission(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("calendarPermission")
        entry = self._permission(request, self.calendar(request, write=True))
        entry.role = _role(data)
        self._written(request)
        return self._answer_permission(request, entry)

    def delete_permission(self, request: GraphRequest) -> GraphResponse:
        calendar = self.calendar(request, write=True)
        entry = self._permission(request, calendar)
        if not entry.address:
            raise bad_request("This permission cannot be removed.", "ErrorInvalidRequest")
        calendar.permissions.remove(entry)
        self._written(request)
        return no_content()


def _role(data: Record) -> str:
    role = data.get("role")
    if role is None or role == "custom":
        raise bad_request("A permission needs a role.", "ErrorInvalidRequest")
    return str(role)


def _name(mailbox: Mailbox, data: Record, known: CalendarRecord | None) -> str:
    """A calendar's name, which no other calendar of the mailbox may have."""
    name: Any = data.get("name")
    if not name or not name.strip():
        raise bad_request("A calendar needs a name.", "ErrorInvalidRequest")
    for other in mailbox.calendars.values():
        if other is not known and other.name.casefold() == name.casefold():
            raise GraphError(
                409, "ErrorFolderExists", "A folder with the specified name already exists."
            )
    return str(name)


def _group_name(mailbox: Mailbox, data: Record) -> str:
    name: Any = data.get("name")
    if not name or not name.strip():
        raise bad_request("A calendar group needs a name.", "ErrorInvalidRequest")
    if any(group.name.casefold() == name.casefold() for group in mailbox.groups.values()):
        raise GraphError(
            409, "ErrorFolderExists", "A calendar group with the specified name already exists."
        )
    return str(name)


def _paint(calendar: CalendarRecord, data: Record) -> None:
    calendar.color = data.get("color") or calendar.color
    hex_color = data.get("hexColor")
    if hex_color is not None:
        if hex_color and not (
            len(hex_color) == 7 and hex_color[0] == "#" and set(hex_color[1:]) <= _HEX_COLOR
        ):
            raise bad_request("The hexColor of a calendar is not valid.", "ErrorInvalidRequest")
        calendar.hex_color = hex_color
