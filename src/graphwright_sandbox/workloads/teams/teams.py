"""Requests about teams: found, made, changed, archived."""

import re
import uuid
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.teams.entities import OPERATION, TEAM
from graphwright_sandbox.workloads.teams.errors import bad_request, conflict, forbidden, not_found
from graphwright_sandbox.workloads.teams.members import (
    MEMBER_VIEW,
    Members,
    Roster,
    bound_key,
    check_member,
    read_members,
    show_member,
)
from graphwright_sandbox.workloads.teams.store import TeamsStore, members_of

_LIMITS = Limits(default=100, maximum=999, opaque=True, code="BadRequest")
_SETTINGS = ("memberSettings", "guestSettings", "messagingSettings", "funSettings")
_TEMPLATES = ("standard", "educationClass", "educationStaff", "healthcareWard", "retailStore")


class TeamService:
    def __init__(self, store: TeamsStore) -> None:
        self._store = store
        self._view = View(
            TEAM,
            always=("id",),
            on_demand=frozenset({"summary"}),
            expanders={"members": self._expand_members},
        )

    def _group(self, request: GraphRequest) -> Group:
        group = self._store.group(request.keys["team"])
        check_member(request, members_of(group))
        return group

    def _owned(self, request: GraphRequest) -> Group:
        """A team that the caller may change."""
        group = self._group(request)
        caller = request.caller.user_id
        if caller is not None and caller not in group.owners:
            raise forbidden()
        return group

    def roster(self, request: GraphRequest) -> Roster:
        """The members of the team in the path."""
        group = self._group(request)
        caller = request.caller.user_id

        def keep(members: Members) -> None:
            owners = [one for one, roles in members.items() if "owner" in roles]
            self._store.change_group(group, members=tuple(members), owners=tuple(owners))

        return Roster(
            room=f"teams('{group.id}')",
            scope=group.id,
            members=members_of(group),
            keep=keep,
            may_change=caller is None or caller in group.owners,
        )

    def _show(self, group: Group) -> Record:
        team, tenant = self._store.team(group), self._store.context.tenant
        members = members_of(group)
        link = f"https://teams.microsoft.com/l/team/{team['internalId']}/conversations"
        return {
            **team,
            "displayName": group.display_name,
            "description": group.description or None,
            "visibility": _camel(group.visibility),
            "webUrl": f"{link}?groupId={group.id}&tenantId={tenant.id}",
            "tenantId": tenant.id,
            "summary": {
                "ownersCount": len(group.owners),
                "membersCount": len(members) - len(group.owners),
                "guestsCount": 0,
            },
        }

    def _expand_members(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        group = self._store.group(record["id"])
        roster = Roster(f"teams('{group.id}')", group.id, members_of(group))
        members = [show_member(self._store, roster, one) for one in roster.members]
        return project_all(request, MEMBER_VIEW, members, options)

    def list_joined(self, request: GraphRequest) -> GraphResponse:
        groups = self._store.context.tenant.groups
        records = [
            self._show(group)
            for group in groups
            if "Team" in group.resource_provisioning_options
            and request.person.id in members_of(group)
        ]
        return answer_collection(request, self._view, records, "teams", _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._view, self._show(self._group(request)), "teams")

    def get_of_group(self, request: GraphRequest) -> GraphResponse:
        group = self._store.group(request.keys["group"])
        check_member(request, members_of(group))
        path = f"groups('{group.id}')/team"
        return answer_entity(request, self._view, self._show(group), path)

    def create(self, request: GraphRequest) -> GraphResponse:
        """A new team, with its group or for a group that is there. 202: ready in a moment."""
        body = request.read_json()
        if body.get("@microsoft.graph.teamCreationMode") is not None:
            raise bad_request("Teams cannot be created in migration mode here.")
        template = bound_key(body, "template", "teamsTemplates")
        if template is None:
            raise bad_request("A team needs template@odata.bind.")
        if template.lower() not in {name.lower() for name in _TEMPLATES}:
            raise not_found(f"No template found with id {template[:100]}.")
        data = read_entity(body, TEAM)
        members = read_members(self._store, data.pop("members", []))
        names = _channel_names(data.pop("channels", []))
        data.pop("installedApps", None)
        group_id = bound_key(body, "group", "groups")
        if group_id is not None:
            group = self._teamless(request, group_id)
            if "displayName" in data or "description" in data:
                raise bad_request("The name of a team for a group is the group's.")
        else:
            group = self._new_group(request, data, members)
        self._start(request, group, data)
        for name in names:
            channel = self._store.new_channel(group.id, name, request.now)
            self._store.rooms.channels[channel["id"]] = channel
            self._store.record(f"teams/{group.id}/channels", channel["id"], "created")
        headers = self._store.start_operation("createTeam", group.id, request.now)
        return GraphResponse(202, None, headers)

    def _new_group(self, request: GraphRequest, data: Record, members: Members) -> Group:
        """The group of a new team. The caller owns it; an application names an owner."""
        name = str(data.get("displayName") or "").strip()
        if not 1 <= len(name) <= 256:
            raise bad_request("A team needs a displayName of 1 to 256 characters.")
        if request.caller.user_id is not None:
            members = {**members, request.caller.user_id: ["owner"]}
        owners = [one for one, roles in members.items() if "owner" in roles]
        if not owners:
            raise bad_request(
                "A team owner must be provided when creating a team in application context."
            )
        tenant = self._store.context.tenant
        unique = uuid.uuid4()
        nickname = re.sub(r"[^A-Za-z0-9]", "", name)[:40] + unique.hex[:6]
        group = Group(
            id=str(unique),
            display_name=name,
            mail_nickname=nickname,
            created=request.now,
            group_types=("Unified",),
            description=data.get("description") or "",
            mail=f"{nickname}@{tenant.domain}".lower(),
            mail_enabled=True,
            security_enabled=False,
            visibility=_pascal(data.get("visibility") or "public"),
            members=tuple(members),
            owners=tuple(owners),
        )
        tenant.groups.add(group)
        self._store.record("groups", group.id, "created")
        return group

    def _teamless(self, request: GraphRequest, identifier: str) -> Group:
        """A group that may be given a team by the caller."""
        group = self._store.context.tenant.groups.find(identifier)
        if group is None:
            raise not_found(f"No group found with id {identifier[:100]}.")
        caller = request.caller.user_id
        if caller is not None and caller not in group.owners:
            raise forbidden()
        if not group.unified or not group.owners:
            raise bad_request("A team needs a Microsoft 365 group with an owner.")
        if "Team" in group.resource_provisioning_options:
            raise conflict(f"The group {group.id} already has a team.")
        return group

    def _start(self, request: GraphRequest, group: Group, data: Record) -> None:
        options = (*group.resource_provisioning_options, "Team")
        group = self._store.change_group(group, resource_provisioning_options=options)
        team = self._store.start_team(group, request.now)
        first = data.pop("firstChannelName", None)
        if first:
            self._store.rooms.channels[team["internalId"]]["displayName"] = first
        self._apply(group, data)
        self._store.record("teams", group.id, "created")

    def _apply(self, group: Group, data: Record) -> None:
        """Checked properties, each written where it is kept: in the team or in its group."""
        team = self._store.team(group)
        for name in _SETTINGS:
            if data.get(name) is not None:
                team[name] = {**team[name], **data[name]}
        for name in ("classification", "specialization"):
            if name in data:
                team[name] = data[name]
        fields: dict[str, Any] = {}
        if data.get("displayName"):
            fields["display_name"] = data["displayName"]
        if "description" in data:
            fields["description"] = data["description"] or ""
        if data.get("visibility"):
            fields["visibility"] = _pascal(data["visibility"])
        if fields:
            self._store.change_group(group, **fields)

    def put_on_group(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("team")
        group = self._teamless(request, request.keys["group"])
        self._start(request, group, data)
        shown = self._show(self._store.group(group.id))
        return answer_entity(request, self._view, shown, "teams", status=201)

    def change(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("team")
        group = self._owned(request)
        if "displayName" in data and not str(data["displayName"] or "").strip():
            raise bad_request("A team needs a displayName.")
        self._apply(group, data)
        self._store.record("teams", group.id, "updated")
        return no_content()

    def archive(self, request: GraphRequest) -> GraphResponse:
        if request.body:
            read_only = request.read_parameters("shouldSetSpoSiteReadOnlyForMembers")
            if not all(isinstance(value, bool) for value in read_only.values()):
                raise bad_request("'shouldSetSpoSiteReadOnlyForMembers' needs true or false.")
        return self._set_archived(request, archived=True)

    def unarchive(self, request: GraphRequest) -> GraphResponse:
        return self._set_archived(request, archived=False)

    def _set_archived(self, request: GraphRequest, *, archived: bool) -> GraphResponse:
        group = self._owned(request)
        self._store.team(group)["isArchived"] = archived
        self._store.record("teams", group.id, "updated")
        kind = "archiveTeam" if archived else "unarchiveTeam"
        return GraphResponse(202, None, self._store.start_operation(kind, group.id, request.now))

    def get_operation(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request)
        operation = self._store.rooms.operations.get(request.keys["operation"])
        if operation is None or operation["_team"] != group.id:
            raise not_found()
        path = f"teams('{group.id}')/operations"
        return answer_entity(request, View(OPERATION, always=("id",)), operation, path)


def _channel_names(channels: list[Any]) -> list[str]:
    """The further channels of a new team."""
    names = [one.get("displayName") if isinstance(one, dict) else None for one in channels]
    if not all(isinstance(name, str) and 0 < len(name.strip()) <= 50 for name in names):
        raise bad_request("A channel needs a displayName of 1 to 50 characters.")
    return [str(name) for name in names if name != "General"]


def _camel(visibility: str | None) -> str:
    text = visibility or "Private"
    return text[0].lower() + text[1:]


def _pascal(visibility: str) -> str:
    return visibility[0].upper() + visibility[1:]
