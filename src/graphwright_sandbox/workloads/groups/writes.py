"""Groups created, changed and deleted, and who is let in or out: what the directory demands."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from graphwright_sandbox.graph.directory_errors import (
    already_exists,
    invalid_value,
    refused,
    value_required,
)
from graphwright_sandbox.graph.directory_members import note_memberships
from graphwright_sandbox.graph.directory_types import GROUP
from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, Record
from graphwright_sandbox.groups import Group

MOST_BOUND = 20
_FIELDS = {
    "description": "description",
    "displayName": "display_name",
    "mailEnabled": "mail_enabled",
    "mailNickname": "mail_nickname",
    "securityEnabled": "security_enabled",
    "visibility": "visibility",
}
_REQUIRED = ("displayName", "mailEnabled", "mailNickname", "securityEnabled")
_FIXED = frozenset({"groupTypes", "isAssignableToRole", "resourceProvisioningOptions"})
_READ_ONLY = frozenset(
    """assignedLicenses deletedDateTime hasMembersWithLicenseErrors infoCatalogs isArchived
    isFavorite isManagementRestricted licenseProcessingState organizationId
    serviceProvisioningErrors unseenConversationsCount unseenCount unseenMessagesCount""".split()
)
_NOT_IN_NICKNAME = re.compile(r"[@()\\\[\]\";:<>, ]|[^!-~]")


class GroupWrites:
    """Writes to the groups of a tenant; every one is recorded as a change."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._groups = context.tenant.groups
        self._people = context.tenant.people

    def create(
        self, request: GraphRequest, data: Record, members: list[str], owners: list[str]
    ) -> Group:
        for name in _REQUIRED:
            if data.get(name) is None:
                raise value_required(name, "Group")
        group = Group(
            id=str(uuid.uuid4()),
            display_name="",
            mail_nickname="",
            created=request.now.replace(microsecond=0),
            group_types=_read_types(data),
        )
        group = self._changed(group, {"visibility": None, **data})
        if group.unified:
            domain = self._context.tenant.domain
            group = replace(group, mail=f"{group.mail_nickname}@{domain}")
            if group.visibility is None:
                group = replace(group, visibility="Public")
        if len(members) + len(owners) > MOST_BOUND:
            raise refused(f"A request can bind no more than {MOST_BOUND} members and owners.")
        if not owners and request.caller.user_id is not None:
            owners = [request.caller.user_id]
        group = replace(
            group,
            members=self._joined(group, "members", members),
            owners=self._joined(group, "owners", owners),
        )
        self._groups.add(group)
        self._record(group, "created")
        return group

    def update(self, group: Group, data: Record, members: list[str] | None) -> None:
        if len(members or ()) > MOST_BOUND:
            raise refused(f"A request can bind no more than {MOST_BOUND} members.")
        for name in data:
            if name in _FIXED:
                raise refused(f"Property '{name}' cannot be changed after the group was created.")
        hidden = "HiddenMembership"
        if "visibility" in data and (group.visibility == hidden) != (data["visibility"] == hidden):
            raise invalid_value("visibility", "Group")
        changed = self._changed(group, data)
        names = list(data)
        if members:
            changed = replace(changed, members=self._joined(group, "members", members))
            names.append("members")
        self._groups.replace(changed)
        self._record(changed, "updated", names)

    def delete(self, request: GraphRequest, group: Group) -> None:
        self._groups.remove(group.id, request.now)
        self._record(group, "deleted")
        note_memberships(self._context, group.id)

    def open_extensions(self, group: Group) -> Group:
        """The group with extensions that may be written to; the directory does not tell of their
        changes."""
        changed = replace(group, extensions=dict(group.extensions))
        self._groups.replace(changed)
        return changed

    def renew(self, request: GraphRequest, group: Group) -> None:
        if not group.unified:
            raise refused("Only Microsoft 365 groups expire and can be renewed.")
        renewed = request.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._groups.replace(replace(group, profile={**group.profile, "renewedDateTime": renewed}))
        self._record(group, "updated", ["renewedDateTime"])

    def join(self, group: Group, place: str, identifier: str) -> None:
        """One more of the `members` or `owners`."""
        changed: dict[str, Any] = {place: self._joined(group, place, [identifier])}
        self._groups.replace(replace(group, **changed))
        self._record(group, "updated", [place])

    def leave(self, group: Group, place: str, identifier: str) -> None:
        present: tuple[str, ...] = getattr(group, place)
        leaving = identifier.lower()
        if leaving not in present:
            raise resource_not_found(identifier)
        if place == "owners" and group.unified and len(present) == 1:
            raise refused(
                "The group must have at least one owner, hence this owner cannot be removed."
            )
        changed: dict[str, Any] = {place: tuple(one for one in present if one != leaving)}
        self._groups.replace(replace(group, **changed))
        self._record(group, "updated", [place])

    def _joined(self, group: Group, place: str, added: Iterable[str]) -> tuple[str, ...]:
        present: list[str] = list(getattr(group, place))
        for identifier in added:
            member = self._resolve(group, place, identifier)
            if member in present:
                raise refused(
                    "One or more added object references already exist for the following "
                    f"modified properties: '{place}'."
                )
            present.append(member)
        return tuple(present)

    def _resolve(self, group: Group, place: str, identifier: str) -> str:
        """The id of who may join; refuses what is not there, and groups where none may be."""
        person = self._people.find(identifier)
        if person is not None:
            return person.id
        nested = self._groups.find(identifier)
        if nested is None:
            raise resource_not_found(identifier)
        if place == "owners" or group.unified or nested.unified or nested.id == group.id:
            raise refused(
                "A group of this type cannot be added to the "
                f"'{place}' of the group '{group.display_name}'."
            )
        return nested.id

    def _changed(self, group: Group, data: Record) -> Group:
        """The group with the checked values of a body."""
        fields: dict[str, Any] = {}
        profile = dict(group.profile)
        for name, value in data.items():
            if name in _READ_ONLY or name in GROUP.navigation:
                raise refused(f"Property '{name}' is read-only and cannot be set.")
            self._check_value(group, name, value)
            if name in self._context.schema_extensions:
                self._context.schema_extensions.write(profile, name, value)
            elif name in _FIELDS:
                fields[_FIELDS[name]] = "" if name == "description" and value is None else value
            elif name != "groupTypes":
                profile[name] = value
        changed = replace(group, profile=profile, **fields)
        if changed.mail_enabled != changed.unified or not (
            changed.unified or changed.security_enabled
        ):
            raise refused(
                "The service does not currently support writes of mail-enabled groups. Please "
                "ensure that the mail-enablement property is unset and the security-enablement "
                "property is set."
            )
        return changed

    def _check_value(self, group: Group, name: str, value: Any) -> None:
        valid = True
        if name in _REQUIRED:
            valid = value is not None and value != ""
        elif isinstance(value, str) and not value:
            valid = False  # what is to be emptied is set to null
        if valid and name == "displayName":
            valid = len(value) <= 256
        elif valid and name == "description":
            valid = value is None or len(value) <= 1024
        elif name == "visibility":
            valid = value in (None, "Public", "Private", "HiddenMembership")
        elif valid and name == "mailNickname":
            valid = len(value) <= 64 and not _NOT_IN_NICKNAME.search(value)
        if not valid:
            raise invalid_value(name, "Group")
        if name == "mailNickname" and group.unified:
            folded = value.casefold()
            for other in self._groups:
                taken = other.unified and other.mail_nickname.casefold() == folded
                if taken and other.id != group.id:
                    raise already_exists("mailNickname")

    def _record(self, group: Group, kind: Any, names: Iterable[str] = ()) -> None:
        self._context.changes.record(
            "groups", group.id, kind, resource=f"groups/{group.id}", properties=names
        )


def _read_types(data: Record) -> tuple[str, ...]:
    types = tuple(data.get("groupTypes") or ())
    if "DynamicMembership" in types or data.get("membershipRule"):
        raise refused("Insufficient license to use membership rules in this tenant.")
    if not set(types) <= {"Unified"}:
        raise invalid_value("groupTypes", "Group")
    return types
