"""Teams, channels, chats and messages of the tenant: kept, seeded when first looked at.

A team belongs to a group, which holds its name, members and owners; here is what the group does
not know. Records are Graph's own JSON, what no answer shows stands under names with an
underscore. Knows no HTTP.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.teams.errors import bad_request, not_found
from graphwright_sandbox.workloads.teams.moments import format_millis


@dataclass
class Rooms:
    """Everything Teams holds, by id."""

    teams: dict[str, Record] = field(default_factory=dict)
    channels: dict[str, Record] = field(default_factory=dict)
    chats: dict[str, Record] = field(default_factory=dict)
    messages: dict[str, dict[str, Record]] = field(default_factory=dict)
    """The messages of a channel or chat by their ids, replies among them."""
    operations: dict[str, Record] = field(default_factory=dict)
    presences: dict[str, Record] = field(default_factory=dict)


class TeamsStore:
    """The rooms of the tenant. Every write is said to `context.changes`."""

    def __init__(self, context: GraphContext, seed: "Callable[[TeamsStore], None]") -> None:
        self.context = context
        self._seed = seed
        self._rooms: Rooms | None = None
        context.state.add("teams", self._dump, self._load)

    def _dump(self) -> Any:
        return None if self._rooms is None else asdict(self._rooms)

    def _load(self, value: Mapping[str, Any] | None) -> None:
        self._rooms = None if value is None else Rooms(**value)

    @property
    def rooms(self) -> Rooms:
        if self._rooms is None:
            self._rooms = Rooms()
            self._seed(self)
        return self._rooms

    def group(self, team_id: str) -> Group:
        """The group of a team; refuses where there is no team of this id."""
        try:
            identifier = str(uuid.UUID(team_id))
        except ValueError as error:
            raise bad_request("teamId needs to be a valid GUID.") from error
        group = self.context.tenant.groups.find(identifier)
        if group is None or "Team" not in group.resource_provisioning_options:
            raise not_found(f"No team found with Group Id {identifier}")
        return group

    def team(self, group: Group) -> Record:
        """What a team has beyond its group; made when first asked for."""
        team = self.rooms.teams.get(group.id)
        return team or self.start_team(group, group.created)

    def start_team(self, group: Group, moment: datetime) -> Record:
        """The team of a group, with its first channel."""
        team = _new_team(group, moment)
        general = self.new_channel(group.id, "General", moment, seed=f"general {group.id}")
        general["description"] = group.description or None
        team["internalId"] = general["id"]
        self.rooms.teams[group.id] = team
        self.rooms.channels[general["id"]] = general
        return team

    def channels(self, group: Group) -> list[Record]:
        """The channels of a team, the primary one first."""
        self.team(group)
        return [one for one in self.rooms.channels.values() if one["_team"] == group.id]

    def channel(self, group: Group, identifier: str) -> Record:
        self.team(group)
        channel = self.rooms.channels.get(identifier)
        if channel is None or channel["_team"] != group.id:
            raise not_found()
        return channel

    def new_channel(self, team_id: str, name: str, moment: datetime, seed: str = "") -> Record:
        """A standard channel, not yet kept."""
        unique = uuid.uuid5(uuid.UUID(team_id), seed).hex if seed else uuid.uuid4().hex
        identifier = f"19:{unique}@thread.tacv2"
        tenant = self.context.tenant
        link = f"https://teams.microsoft.com/l/channel/{quote(identifier, safe='')}"
        return {
            "id": identifier,
            "createdDateTime": format_millis(moment),
            "displayName": name,
            "description": None,
            "isFavoriteByDefault": None,
            "email": f"{unique[:8]}.{tenant.domain}@emea.teams.ms",
            "tenantId": tenant.id,
            "webUrl": f"{link}/{quote(name)}?groupId={team_id}&tenantId={tenant.id}",
            "membershipType": "standard",
            "isArchived": False,
            "_team": team_id,
            "_members": {},
            "_folder": name,
        }

    def chat(self, identifier: str) -> Record:
        chat = self.rooms.chats.get(identifier)
        if chat is None:
            raise not_found()
        return chat

    def messages(self, thread_id: str) -> dict[str, Record]:
        return self.rooms.messages.setdefault(thread_id, {})

    def name_of(self, user_id: str) -> str | None:
        person = self.context.tenant.people.find(user_id)
        return person.display_name if person else None

    def start_operation(self, kind: str, team_id: str, moment: datetime) -> dict[str, str]:
        """An operation on a team, which is done at once; the headers that lead to it."""
        identifier = str(uuid.uuid4())
        self.rooms.operations[identifier] = {
            "id": identifier,
            "operationType": kind,
            "createdDateTime": format_millis(moment),
            "status": "succeeded",
            "lastActionDateTime": format_millis(moment),
            "attemptsCount": 1,
            "targetResourceId": team_id,
            "targetResourceLocation": f"/teams('{team_id}')",
            "error": None,
            "_team": team_id,
        }
        return {
            "Location": f"/teams('{team_id}')/operations('{identifier}')",
            "Content-Location": f"/teams('{team_id}')",
        }

    def change_group(self, group: Group, **fields: Any) -> Group:
        """The group of a team, changed and told as one."""
        changed = replace(group, **fields)
        self.context.tenant.groups.replace(changed)
        self.record("groups", group.id, "updated")
        return changed

    def record(self, container: str, identifier: str, kind: Kind, resource: str = "") -> None:
        """Says a write; the resource is the item in its container where nothing else is said."""
        resource = resource or f"{container}/{identifier}"
        self.context.changes.record(container, identifier, kind, resource=resource)


def members_of(group: Group) -> dict[str, list[str]]:
    """The people of a team and their roles. Owners are members too."""
    ids: Iterable[str] = dict.fromkeys((*group.owners, *group.members))
    return {one: ["owner"] if one in group.owners else [] for one in ids}


def _new_team(group: Group, moment: datetime) -> Record:
    return {
        "id": group.id,
        "createdDateTime": format_millis(moment),
        "internalId": None,
        "classification": None,
        "specialization": "none",
        "isArchived": False,
        "memberSettings": {
            "allowCreateUpdateChannels": True,
            "allowCreatePrivateChannels": True,
            "allowDeleteChannels": True,
            "allowAddRemoveApps": True,
            "allowCreateUpdateRemoveTabs": True,
            "allowCreateUpdateRemoveConnectors": True,
        },
        "guestSettings": {"allowCreateUpdateChannels": False, "allowDeleteChannels": False},
        "messagingSettings": {
            "allowUserEditMessages": True,
            "allowUserDeleteMessages": True,
            "allowOwnerDeleteMessages": True,
            "allowTeamMentions": True,
            "allowChannelMentions": True,
        },
        "funSettings": {
            "allowGiphy": True,
            "giphyContentRating": "moderate",
            "allowStickersAndMemes": True,
            "allowCustomMemes": True,
        },
    }
