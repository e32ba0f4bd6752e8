"""Requests about the channels of teams: standard, private and shared ones."""

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
)
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.teams.entities import CHANNEL
from graphwright_sandbox.workloads.teams.errors import bad_request, forbidden
from graphwright_sandbox.workloads.teams.members import (
    Members,
    Roster,
    check_member,
    counted,
    read_members,
)
from graphwright_sandbox.workloads.teams.store import TeamsStore, members_of

_LIMITS = Limits(default=1000, maximum=1000, opaque=True, code="BadRequest")
_REFUSED_IN_NAMES = frozenset("~#%&*{}+/\\:<>?|'\"")


def _render(request: GraphRequest, record: Record) -> Record:
    """Who does not ask for later members of the enumeration is not told that a channel is shared."""
    if record["membershipType"] != "shared" or request.preferences.unknown_members:
        return record
    return {**record, "membershipType": "unknownFutureValue"}


_VIEW = View(CHANNEL, always=("id",), on_demand=frozenset({"summary"}), render=_render)


class ChannelService:
    def __init__(self, store: TeamsStore) -> None:
        self._store = store

    def _group(self, request: GraphRequest) -> Group:
        group = self._store.group(request.keys["team"])
        check_member(request, members_of(group))
        return group

    def find(self, request: GraphRequest) -> tuple[Group, Record]:
        """The channel of the path and its group, for a caller who may see it."""
        group = self._store.group(request.keys["team"])
        channels = [one for one in self._store.channels(group) if _is_shared(one)]
        if request.keys["channel"] not in [one["id"] for one in channels]:
            # A shared channel may have members who are not in its team, no other has.
            check_member(request, members_of(group))
        channel = self._store.channel(group, request.keys["channel"])
        check_member(request, members_in(group, channel))
        return group, channel

    def roster(self, request: GraphRequest) -> Roster:
        """The members of the channel in the path; those of a standard one are its team's."""
        group, channel = self.find(request)
        caller = request.caller.user_id
        members = members_in(group, channel)

        def keep(changed: Members) -> None:
            outsiders = [one for one in changed if one not in members_of(group)]
            if outsiders and channel["membershipType"] == "private":
                raise bad_request("A member of a private channel needs to be in its team.")
            channel["_members"] = changed

        return Roster(
            room=f"teams('{group.id}')/channels('{channel['id']}')",
            scope=f"{group.id}##{channel['id']}",
            members=members,
            keep=None if channel["membershipType"] == "standard" else keep,
            may_change=caller is None or "owner" in members[caller],
        )

    def list_all(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request)
        shown = [
            self._show(group, channel)
            for channel in self._store.channels(group)
            if request.caller.user_id is None
            or request.caller.user_id in members_in(group, channel)
        ]
        path = f"teams('{group.id}')/{request.operation.rpartition('/')[2]}"
        return counted(answer_collection(request, _VIEW, shown, path, _LIMITS))

    def _show(self, group: Group, channel: Record) -> Record:
        members = members_in(group, channel)
        owners = sum("owner" in roles for roles in members.values())
        return {
            **channel,
            "summary": {
                "ownersCount": owners,
                "membersCount": len(members) - owners,
                "guestsCount": 0,
                "hasMembersFromOtherTenants": False,
            },
        }

    def _answer(
        self, request: GraphRequest, group: Group, channel: Record, status: int = 200
    ) -> GraphResponse:
        shown = self._show(group, channel)
        return answer_entity(request, _VIEW, shown, f"teams('{group.id}')/channels", status=status)

    def get(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, *self.find(request))

    def get_primary(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request)
        primary = self._store.channel(group, self._store.team(group)["internalId"])
        path = f"teams('{group.id}')/primaryChannel"
        return answer_entity(request, _VIEW, self._show(group, primary), path)

    def create(self, request: GraphRequest) -> GraphResponse:
        """201 for standard and private channels; a shared one is ready in a moment: 202."""
        body = request.read_json()
        if body.get("@microsoft.graph.channelCreationMode") is not None:
            raise bad_request("Channels cannot be created in migration mode here.")
        data = read_entity(body, CHANNEL)
        group = self._group(request)
        kind = data.get("membershipType") or "standard"
        if kind == "unknownFutureValue":
            raise bad_request("Invalid membershipType.")
        self._check_allowed(request, group, "Create" if kind == "standard" else "CreatePrivate")
        members = read_members(self._store, data.pop("members", []))
        channel = self._store.new_channel(
            group.id, self._free_name(group, data.get("displayName")), request.now
        )
        channel |= {
            name: data[name] for name in ("description", "isFavoriteByDefault") if name in data
        }
        channel["membershipType"] = kind
        if kind != "standard":
            channel["_members"] = self._first_members(request, group, members)
        elif members:
            raise bad_request("Only private and shared channels have members of their own.")
        self._store.rooms.channels[channel["id"]] = channel
        self._store.record(f"teams/{group.id}/channels", channel["id"], "created")
        if kind == "shared":
            headers = self._store.start_operation("createChannel", group.id, request.now)
            path = f"/teams('{group.id}')/channels('{channel['id']}')"
            return GraphResponse(202, None, {**headers, "Content-Location": path})
        return self._answer(request, group, channel, 201)

    def _first_members(self, request: GraphRequest, group: Group, members: Members) -> Members:
        if request.caller.user_id is not None:
            members = {**members, request.caller.user_id: ["owner"]}
        if not any("owner" in roles for roles in members.values()):
            raise bad_request("A private or shared channel needs an owner among its members.")
        if any(one not in members_of(group) for one in members):
            raise bad_request("A member of a channel needs to be in its team.")
        return members

    def _check_allowed(self, request: GraphRequest, group: Group, what: str) -> None:
        """Owners may do everything, members what the team's settings say."""
        caller = request.caller.user_id
        settings = self._store.team(group)["memberSettings"]
        setting = {
            "Create": "allowCreateUpdateChannels",
            "CreatePrivate": "allowCreatePrivateChannels",
            "Delete": "allowDeleteChannels",
        }[what]
        if self._store.team(group)["isArchived"]:
            raise forbidden("The team is archived.")
        if caller is not None and caller not in group.owners and not settings[setting]:
            raise forbidden()

    def _free_name(self, group: Group, name: str | None, own: Record | None = None) -> str:
        """A name that no other channel of the team has."""
        text = (name or "").strip()
        if not 1 <= len(text) <= 50 or _REFUSED_IN_NAMES & set(text):
            raise bad_request("Channel name is empty, too long or holds a character not allowed.")
        for channel in self._store.channels(group):
            if channel is not own and channel["displayName"].casefold() == text.casefold():
                raise bad_request("Channel name already existed, please use other name.")
        return text

    def change(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("channel")
        group, channel = self.find(request)
        self._check_allowed(request, group, "Create")
        if "displayName" in data:
            if self._is_primary(group, channel):
                raise bad_request("The primary channel cannot be renamed.")
            data["displayName"] = self._free_name(group, data["displayName"], channel)
        if data.get("membershipType", channel["membershipType"]) != channel["membershipType"]:
            raise bad_request("The membershipType of a channel cannot be changed.")
        names = ("displayName", "description", "isFavoriteByDefault")
        channel |= {name: data[name] for name in names if name in data}
        self._store.record(f"teams/{group.id}/channels", channel["id"], "updated")
        return no_content()

    def _is_primary(self, group: Group, channel: Record) -> bool:
        return bool(self._store.team(group)["internalId"] == channel["id"])

    def delete(self, request: GraphRequest) -> GraphResponse:
        group, channel = self.find(request)
        self._check_allowed(request, group, "Delete")
        if self._is_primary(group, channel):
            raise bad_request("The primary channel cannot be deleted.")
        del self._store.rooms.channels[channel["id"]]
        self._store.rooms.messages.pop(channel["id"], None)
        self._store.record(f"teams/{group.id}/channels", channel["id"], "deleted")
        return no_content()


def members_in(group: Group, channel: Record) -> Members:
    """Who is in a channel; of a private one only those who are still in the team."""
    team = members_of(group)
    if channel["membershipType"] == "standard":
        return team
    kept: Members = channel["_members"]
    return {one: roles for one, roles in kept.items() if _is_shared(channel) or one in team}


def _is_shared(channel: Record) -> bool:
    return bool(channel["membershipType"] == "shared")
