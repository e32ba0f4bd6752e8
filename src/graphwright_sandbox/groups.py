"""The groups of the tenant: who owns them and who is in them. Teams and team sites bear their ids.

It must not know HTTP, OData nor what is kept for a group elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A Microsoft 365 group (`Unified` in `group_types`) or a security group."""

    id: str
    display_name: str
    mail_nickname: str
    created: datetime
    group_types: tuple[str, ...] = ()
    description: str = ""
    mail: str = ""
    mail_enabled: bool = False
    security_enabled: bool = True
    visibility: str | None = None
    """Public, Private, HiddenMembership; None for security groups, as Graph shows it."""
    members: tuple[str, ...] = ()
    """Ids of people and, in security groups, of groups, in the order they joined."""
    owners: tuple[str, ...] = ()
    """Ids of people."""
    resource_provisioning_options: tuple[str, ...] = ()
    """`Team` where the group has a team."""
    profile: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What was written beyond the fields above, by the names Graph gives it."""
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    """Open extensions, by name."""

    @property
    def unified(self) -> bool:
        return "Unified" in self.group_types


@dataclass(frozen=True, slots=True)
class DeletedGroup:
    group: Group
    since: datetime


class Groups:
    """The groups of a tenant, in the order they were made."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._groups = {group.id: group for group in groups}
        self.deleted: dict[str, DeletedGroup] = {}
        """What was removed and can still be restored, by id."""

    def get(self, identifier: str) -> Group:
        """The group of an id. KeyError where there is none."""
        return self._groups[identifier.lower()]

    def find(self, identifier: str) -> Group | None:
        """The group of an id or an address, in any casing."""
        group = self._groups.get(identifier.lower())
        if group is not None or "@" not in identifier:
            return group
        folded = identifier.casefold()
        return next((one for one in self if one.mail.casefold() == folded), None)

    def add(self, group: Group) -> None:
        """One more group. ValueError where the id is taken."""
        if group.id in self._groups or group.id in self.deleted:
            raise ValueError(f"the id {group.id} is taken")
        self._groups[group.id] = group

    def replace(self, group: Group) -> None:
        """The group of the same id, changed. KeyError where there is none."""
        if group.id not in self._groups:
            raise KeyError(group.id)
        self._groups[group.id] = group

    def remove(self, identifier: str, since: datetime) -> Group:
        """Take a group out; a Microsoft 365 group can be restored, a security group is gone."""
        group = self._groups.pop(identifier.lower())
        if group.unified:
            self.deleted[group.id] = DeletedGroup(group, since)
        return group

    def restore(self, identifier: str) -> Group:
        group = self.deleted.pop(identifier).group
        self._groups[group.id] = group
        return group

    def purge(self, identifier: str) -> None:
        """Forget a removed group for good."""
        del self.deleted[identifier]

    def of(self, member_id: str) -> list[Group]:
        """The groups that a person (or group) is itself a member of."""
        return [group for group in self if member_id in group.members]

    def owned_by(self, person_id: str) -> list[Group]:
        return [group for group in self if person_id in group.owners]

    def around(self, member_id: str) -> list[Group]:
        """The groups of a person (or group), and those that these are nested in."""
        found: dict[str, Group] = {}
        waiting = self.of(member_id)
        while waiting:
            group = waiting.pop(0)
            if group.id not in found:
                found[group.id] = group
                waiting += self.of(group.id)
        return list(found.values())

    def inside(self, identifier: str) -> list[str]:
        """Ids of all members of a group, and of the groups nested in it."""
        found = dict.fromkeys(self.get(identifier).members)
        waiting = list(found)
        while waiting:
            nested = self._groups.get(waiting.pop(0))
            for member in nested.members if nested else ():
                if member not in found:
                    found[member] = None
                    waiting.append(member)
        return list(found)

    def dump(self) -> dict[str, Any]:
        """All groups as a JSON value."""
        return {
            "groups": [msgspec.to_builtins(group) for group in self],
            "deleted": [msgspec.to_builtins(one) for one in self.deleted.values()],
        }

    def load(self, value: Mapping[str, Any]) -> None:
        """Replaces everything by what `dump` gave."""
        groups = msgspec.convert(value["groups"], list[Group])
        self._groups = {group.id: group for group in groups}
        deleted = msgspec.convert(value["deleted"], list[DeletedGroup])
        self.deleted = {one.group.id: one for one in deleted}

    def __iter__(self) -> Iterator[Group]:
        return iter(list(self._groups.values()))

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._groups
