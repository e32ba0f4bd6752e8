"""Users and groups as members of one collection: found by id, shown as far as the caller may see.

Knows no operation; several workloads answer with these objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graphwright_sandbox.graph.directory_records import group_record, user_record
from graphwright_sandbox.graph.directory_types import (
    BASIC_PROPERTIES,
    GROUP,
    GROUP_DEFAULTS,
    GROUP_TYPE,
    MEMBER,
    USER,
    USER_DEFAULTS,
    USER_TYPE,
)
from graphwright_sandbox.graph.presentation import View, project, project_all
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, Record
from graphwright_sandbox.groups import Group
from graphwright_sandbox.tenant import Person, Tenant

MOST_EXPANDED = 20
"""So many objects of a relation the directory expands."""
_READS_USERS = frozenset(
    "User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All "
    "Directory.ReadWrite.All".split()
)
_READS_GROUPS = frozenset(
    "Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All "
    "Directory.Read.All Directory.ReadWrite.All".split()
)


class DirectoryObjects:
    """Users and groups by id, as members of collections that may hold both."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        expanders = {"memberOf": self.expand_groups, "manager": self._expand_manager}
        self.view = View(MEMBER, render=_render_member, expanders=expanders)
        """How the users and groups of one collection are shown."""

    def find(self, identifier: str) -> Record | None:
        """The object of an id, with its `@odata.type`."""
        person = self._tenant.people.find(identifier)
        if person is not None and person.id == identifier.lower():
            return self.of_person(person)
        group = self._tenant.groups.find(identifier)
        return None if group is None else self.of_group(group)

    def of_person(self, person: Person) -> Record:
        return {"@odata.type": USER_TYPE, **user_record(person, self._tenant)}

    def of_group(self, group: Group) -> Record:
        return {"@odata.type": GROUP_TYPE, **group_record(group)}

    def all(self, identifiers: Iterable[str]) -> list[Record]:
        """The objects of these ids that (still) exist."""
        return [record for record in map(self.find, identifiers) if record is not None]

    def of_member(self, request: GraphRequest, member_id: str) -> list[Record]:
        """The groups of a person or group, without those that hide it from this caller."""
        groups = self._tenant.groups.of(member_id)
        return [self.of_group(one) for one in groups if shows_members(request, one)]

    def expand_groups(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        """`$expand=memberOf` of an object."""
        groups = self.of_member(request, record["id"])[:MOST_EXPANDED]
        return project_all(replace(request, options=options), _NESTED, groups, options)

    def _expand_manager(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record | None:
        person = self._tenant.people.find(record["id"])
        manager = self._tenant.people.find(person.manager_id or "") if person else None
        if manager is None:
            return None
        nested = replace(request, options=options)
        return project(nested, _NESTED, self.of_person(manager), options)


def note_memberships(context: GraphContext, member_id: str) -> None:
    """Record that the groups of a person or group lost or regained this member: it was deleted or
    restored, and they were not written to themselves."""
    for group in context.tenant.groups:
        if member_id in group.members or member_id in group.owners:
            resource = f"groups/{group.id}"
            context.changes.record(
                "groups", group.id, "updated", resource=resource, properties=("members",)
            )


def shows_members(request: GraphRequest, group: Group) -> bool:
    """Members of a group that hides them are shown to members and owners, or by permission."""
    return (
        group.visibility != "HiddenMembership"
        or request.caller.user_id in (*group.members, *group.owners)
        or "Member.Read.Hidden" in request.caller.permissions
    )


def _shown_properties(request: GraphRequest, kind: str) -> frozenset[str] | None:
    """What the caller may see of an object of this kind in a mixed collection; None: all."""
    held = request.caller.permissions
    if not held & (_READS_USERS if kind == USER_TYPE else _READS_GROUPS):
        return frozenset({"id", "@odata.type"})
    if kind == USER_TYPE and held & _READS_USERS == {"User.ReadBasic.All"}:
        return BASIC_PROPERTIES | {"@odata.type"}
    return None


def seen_by(request: GraphRequest, record: Record) -> Record:
    """What the caller may see of a user or group of a mixed collection; queries see no more."""
    shown = _shown_properties(request, record["@odata.type"])
    if shown is None:
        return record
    return {name: value for name, value in record.items() if name in shown}


def _render_member(request: GraphRequest, record: Record) -> Record:
    """A user or group of a mixed collection: by default what its own type shows by default, and
    null for what the caller may not read, as the directory does it."""
    kind = record["@odata.type"]
    record = seen_by(request, record)
    if request.options.select is not None:
        return record
    names, declared = (USER_DEFAULTS, USER) if kind == USER_TYPE else (GROUP_DEFAULTS, GROUP)
    properties = declared.properties
    return {
        "@odata.type": kind,
        **{name: record.get(name, [] if properties[name].collection else None) for name in names},
    }


_NESTED = View(MEMBER, render=_render_member)
"""How what is expanded within an object is shown: nothing is expanded any deeper."""
