"""The operations of the Teams workload."""

from collections.abc import Callable
from urllib.parse import quote

from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_ONE, Operation
from graphwright_sandbox.sharepoint.store import create_sharepoint
from graphwright_sandbox.workloads.teams.apps import AppService
from graphwright_sandbox.workloads.teams.channels import ChannelService
from graphwright_sandbox.workloads.teams.chats import ChatService
from graphwright_sandbox.workloads.teams.files import FileService
from graphwright_sandbox.workloads.teams.members import MemberService
from graphwright_sandbox.workloads.teams.messages import MessageService
from graphwright_sandbox.workloads.teams.posts import Thread
from graphwright_sandbox.workloads.teams.presence import PresenceService
from graphwright_sandbox.workloads.teams.seed import seed_rooms
from graphwright_sandbox.workloads.teams.store import TeamsStore
from graphwright_sandbox.workloads.teams.teams import TeamService

Handler = Callable[[GraphRequest], GraphResponse]

_PAGED = frozenset({"format", "top", "skiptoken"})
_MANY = _PAGED | {"select", "filter", "expand", "count"}
_DELTA = _PAGED | {"filter", "expand", "deltatoken"}
_TEAM = "/teams/{team}"
_CHANNEL = f"{_TEAM}/channels/{{channel}}"
_USER_CHAT = "/users/{user}/chats/{chat}"


def create_operations(context: GraphContext) -> list[Operation]:
    store = TeamsStore(context, seed_rooms)
    teams, channels, chats = TeamService(store), ChannelService(store), ChatService(store)

    def channel_thread(request: GraphRequest) -> Thread:
        group, channel = channels.find(request)
        quoted = quote(channel["id"], safe="")
        team = store.team(group)
        return Thread(
            id=channel["id"],
            path=f"teams('{group.id}')/channels('{quoted}')/messages",
            container=f"teams/{group.id}/channels/{channel['id']}/messages",
            channel={"teamId": group.id, "channelId": channel["id"]},
            settings=team["messagingSettings"],
            archived=team["isArchived"],
        )

    rooms = {
        _TEAM: AppService(lambda request: teams.roster(request).room, context.tenant.domain),
        _CHANNEL: AppService(lambda request: channels.roster(request).room, context.tenant.domain),
        "/chats/{chat}": AppService(
            lambda request: chats.roster(request).room, context.tenant.domain
        ),
    }
    files = FileService(context.shared(create_sharepoint), channels.find)
    return [
        _operation("GET", f"{_CHANNEL}/filesFolder", files.get_folder, READ_ONE),
        *_team_operations(teams),
        *_channel_operations(channels),
        *_chat_operations(chats),
        *_presence_operations(PresenceService(store)),
        *_member_operations(_TEAM, MemberService(store, teams.roster)),
        *_member_operations(_CHANNEL, MemberService(store, channels.roster)),
        *_member_operations("/chats/{chat}", MemberService(store, chats.roster)),
        *_channel_message_operations(MessageService(store, channel_thread)),
        *_chat_message_operations(MessageService(store, chats.thread)),
        *_app_operations(rooms),
    ]


def _operation(
    method: str, path: str, handle: Handler, options: frozenset[str] = NO_OPTIONS
) -> Operation:
    return Operation(method, path, handle, "teams", options)


def _team_operations(teams: TeamService) -> list[Operation]:
    return [
        _operation("GET", "/users/{user}/joinedTeams", teams.list_joined, _MANY),
        _operation("POST", "/teams", teams.create),
        _operation("GET", _TEAM, teams.get, READ_ONE),
        _operation("PATCH", _TEAM, teams.change),
        _operation("POST", f"{_TEAM}/archive", teams.archive),
        _operation("POST", f"{_TEAM}/unarchive", teams.unarchive),
        _operation("GET", f"{_TEAM}/operations/{{operation}}", teams.get_operation, READ_ONE),
        _operation("GET", "/groups/{group}/team", teams.get_of_group, READ_ONE),
        _operation("PUT", "/groups/{group}/team", teams.put_on_group),
    ]


def _channel_operations(channels: ChannelService) -> list[Operation]:
    return [
        _operation("GET", f"{_TEAM}/channels", channels.list_all, _MANY),
        _operation("GET", f"{_TEAM}/allChannels", channels.list_all, _MANY),
        _operation("POST", f"{_TEAM}/channels", channels.create),
        _operation("GET", f"{_TEAM}/primaryChannel", channels.get_primary, READ_ONE),
        _operation("GET", _CHANNEL, channels.get, READ_ONE),
        _operation("PATCH", _CHANNEL, channels.change),
        _operation("DELETE", _CHANNEL, channels.delete),
    ]


def _chat_operations(chats: ChatService) -> list[Operation]:
    chat = "/chats/{chat}"
    pinned = f"{chat}/pinnedMessages"
    many = _MANY | {"orderby"}
    return [
        _operation("GET", "/chats", chats.list_all, many),
        _operation("POST", "/chats", chats.create),
        _operation("GET", chat, chats.get, READ_ONE),
        _operation("PATCH", chat, chats.change),
        _operation("GET", "/users/{user}/chats", chats.list_all, many),
        _operation("GET", _USER_CHAT, chats.get, READ_ONE),
        _operation("POST", f"{chat}/markChatReadForUser", chats.mark_read),
        _operation("POST", f"{chat}/markChatUnreadForUser", chats.mark_unread),
        _operation("POST", f"{chat}/hideForUser", chats.hide),
        _operation("POST", f"{chat}/unhideForUser", chats.unhide),
        _operation("GET", pinned, chats.list_pinned, _PAGED | {"expand"}),
        _operation("POST", pinned, chats.pin),
        _operation("DELETE", f"{pinned}/{{pinned}}", chats.unpin),
    ]


def _presence_operations(presence: PresenceService) -> list[Operation]:
    base = "/users/{user}/presence"
    return [
        _operation("GET", base, presence.get, READ_ONE),
        _operation("POST", f"{base}/setPresence", presence.set_session),
        _operation("POST", f"{base}/clearPresence", presence.clear_session),
        _operation("POST", f"{base}/setUserPreferredPresence", presence.set_preferred),
        _operation("POST", f"{base}/clearUserPreferredPresence", presence.clear_preferred),
        _operation("POST", f"{base}/setStatusMessage", presence.set_status),
        _operation("POST", "/communications/getPresencesByUserId", presence.list_by_ids),
        _operation("GET", "/communications/presences/{presence}", presence.get_by_id, READ_ONE),
    ]


def _member_operations(room: str, members: MemberService) -> list[Operation]:
    base = f"{room}/members"
    operations = [
        *_reading_members(base, members),
        _operation("POST", base, members.add),
        _operation("DELETE", f"{base}/{{member}}", members.remove),
    ]
    if room == _CHANNEL:
        # Nobody is shared with here: all members are the direct ones.
        operations += _reading_members(f"{room}/allMembers", members)
    if room == "/chats/{chat}":
        operations += _reading_members(f"{_USER_CHAT}/members", members)
    if room != "/chats/{chat}":
        operations.append(_operation("PATCH", f"{base}/{{member}}", members.change))
    if room == _TEAM:
        operations.append(_operation("POST", f"{base}/add", members.add_many))
        operations.append(_operation("POST", f"{base}/remove", members.remove_many))
    return operations


def _reading_members(base: str, members: MemberService) -> list[Operation]:
    return [
        _operation("GET", base, members.list_all, _MANY),
        _operation("GET", f"{base}/{{member}}", members.get, READ_ONE),
    ]


def _channel_message_operations(messages: MessageService) -> list[Operation]:
    base = f"{_CHANNEL}/messages"
    replies = f"{base}/{{message}}/replies"
    return [
        _operation("GET", base, messages.list_in_channel, _PAGED | {"expand"}),
        _operation("POST", base, messages.post),
        _operation("GET", f"{base}/delta", messages.list_changes, _DELTA),
        _operation("GET", replies, messages.list_replies, _PAGED),
        _operation("POST", replies, messages.post),
        *_message_operations(f"{base}/{{message}}", messages),
        *_message_operations(f"{replies}/{{reply}}", messages),
        *_hosted_operations(f"{base}/{{message}}", messages),
        *_hosted_operations(f"{replies}/{{reply}}", messages),
    ]


def _message_operations(message: str, messages: MessageService) -> list[Operation]:
    return [
        _operation("GET", message, messages.get),
        _operation("PATCH", message, messages.change),
        *_message_actions(message, messages),
    ]


def _message_actions(message: str, messages: MessageService) -> list[Operation]:
    return [
        _operation("POST", f"{message}/softDelete", messages.delete),
        _operation("POST", f"{message}/undoSoftDelete", messages.restore),
        _operation("POST", f"{message}/setReaction", messages.add_reaction),
        _operation("POST", f"{message}/unsetReaction", messages.remove_reaction),
    ]


def _hosted_operations(message: str, messages: MessageService) -> list[Operation]:
    base = f"{message}/hostedContents"
    return [
        _operation("GET", base, messages.list_hosted, _PAGED),
        _operation("GET", f"{base}/{{content}}", messages.get_hosted),
        _operation("GET", f"{base}/{{content}}/$value", messages.download_hosted),
    ]


def _chat_message_operations(messages: MessageService) -> list[Operation]:
    one = "/chats/{chat}/messages/{message}"
    operations = _message_operations(one, messages)
    for base in ("/chats/{chat}/messages", f"{_USER_CHAT}/messages"):
        options = _PAGED | {"filter", "orderby"}
        operations.append(_operation("GET", base, messages.list_in_chat, options))
        operations += _hosted_operations(f"{base}/{{message}}", messages)
    return [
        *operations,
        _operation("POST", "/chats/{chat}/messages", messages.post),
        _operation("GET", f"{_USER_CHAT}/messages/{{message}}", messages.get),
        *_message_actions(f"{_USER_CHAT}/messages/{{message}}", messages),
    ]


def _app_operations(rooms: dict[str, AppService]) -> list[Operation]:
    operations = []
    many = _PAGED | {"select", "expand", "filter"}
    for room, apps in rooms.items():
        if room != _TEAM:
            operations += [
                _operation("GET", f"{room}/tabs", apps.list_tabs, many),
                _operation("GET", f"{room}/tabs/{{tab}}", apps.get_tab, READ_ONE),
            ]
        if room != _CHANNEL:
            installed = f"{room}/installedApps"
            operations += [
                _operation("GET", installed, apps.list_apps, many),
                _operation("GET", f"{installed}/{{installation}}", apps.get_app, READ_ONE),
            ]
    return operations
