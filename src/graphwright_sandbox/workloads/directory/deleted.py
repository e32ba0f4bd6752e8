"""Deleted people and Microsoft 365 groups: listed, brought back, or gone for good."""

from __future__ import annotations

from graphwright_sandbox.graph.directory_errors import already_exists, denied
from graphwright_sandbox.graph.directory_members import DirectoryObjects, note_memberships
from graphwright_sandbox.graph.directory_queries import (
    GROUP_RULES,
    USER_RULES,
    check_query,
    demand_advanced,
    read_search,
)
from graphwright_sandbox.graph.directory_records import (
    group_record,
    user_record,
)
from graphwright_sandbox.graph.directory_types import (
    GROUP,
    GROUP_DEFAULTS,
    GROUP_TYPE,
    USER,
    USER_DEFAULTS,
    USER_TYPE,
)
from graphwright_sandbox.graph.errors import resource_not_found
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
from graphwright_sandbox.graph.values import format_instant

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_DELETED = ("deletedDateTime",)
_USERS = View(USER, default=(*USER_DEFAULTS, *_DELETED))
_GROUPS = View(GROUP, default=GROUP_DEFAULTS)
_RESTORES = {
    USER_TYPE: ("User.DeleteRestore.All", "User.ReadWrite.All", "Directory.ReadWrite.All"),
    GROUP_TYPE: ("Group.ReadWrite.All", "Directory.ReadWrite.All"),
}
_READS = {
    USER_TYPE: ("User.Read.All", "Directory.Read.All", *_RESTORES[USER_TYPE]),
    GROUP_TYPE: ("Group.Read.All", "Directory.Read.All", *_RESTORES[GROUP_TYPE]),
}


class DeletedItems:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._tenant = context.tenant
        self._objects = DirectoryObjects(context.tenant)

    def list_users(self, request: GraphRequest) -> GraphResponse:
        check_query(request, USER_RULES)
        search = read_search(request, USER_RULES)
        return answer_collection(request, _USERS, self._users(), "users", _LIMITS, search=search)

    def list_groups(self, request: GraphRequest) -> GraphResponse:
        check_query(request, GROUP_RULES)
        search = read_search(request, GROUP_RULES)
        return answer_collection(request, _GROUPS, self._groups(), "groups", _LIMITS, search=search)

    def count_users(self, request: GraphRequest) -> GraphResponse:
        demand_advanced(request)
        return answer_count(request, _USERS, self._users(), read_search(request, USER_RULES))

    def count_groups(self, request: GraphRequest) -> GraphResponse:
        demand_advanced(request)
        return answer_count(request, _GROUPS, self._groups(), read_search(request, GROUP_RULES))

    def get(self, request: GraphRequest) -> GraphResponse:
        record = self._find(request, _READS)
        return answer_entity(request, self._objects.view, record, "directoryObjects")

    def restore(self, request: GraphRequest) -> GraphResponse:
        record = self._find(request, _RESTORES)
        identifier = record["id"]
        restored: Record
        if record["@odata.type"] == USER_TYPE:
            try:
                restored = self._objects.of_person(self._tenant.people.restore(identifier))
            except ValueError as error:
                raise already_exists("userPrincipalName") from error
            container = "users"
        else:
            restored = self._objects.of_group(self._tenant.groups.restore(identifier))
            container = "groups"
        resource = f"{container}/{identifier}"
        self._context.changes.record(container, identifier, "created", resource=resource)
        note_memberships(self._context, identifier)
        return answer_entity(request, self._objects.view, restored, "directoryObjects")

    def purge(self, request: GraphRequest) -> GraphResponse:
        record = self._find(request, _RESTORES)
        kept = self._tenant.people if record["@odata.type"] == USER_TYPE else self._tenant.groups
        kept.purge(record["id"])
        return no_content()

    def _find(self, request: GraphRequest, permissions: dict[str, tuple[str, ...]]) -> Record:
        """The deleted object of the path, if its kind is within the caller's permissions."""
        identifier = request.keys["object"].lower()
        for record in (*self._users(), *self._groups()):
            if record["id"] == identifier:
                wanted = permissions[record["@odata.type"]]
                if not request.caller.permissions & set(wanted):
                    raise denied(" ".join(wanted))
                return record
        raise resource_not_found(request.keys["object"])

    def _users(self) -> list[Record]:
        return [
            {
                "@odata.type": USER_TYPE,
                **user_record(one.person, self._tenant),
                # The name is free for somebody else meanwhile.
                "userPrincipalName": one.person.id.replace("-", "")
                + one.person.user_principal_name,
                "deletedDateTime": format_instant(one.since),
            }
            for one in self._tenant.people.deleted.values()
        ]

    def _groups(self) -> list[Record]:
        return [
            {
                "@odata.type": GROUP_TYPE,
                **group_record(one.group),
                "deletedDateTime": format_instant(one.since),
            }
            for one in self._tenant.groups.deleted.values()
        ]
