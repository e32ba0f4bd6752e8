"""Requests about chats: one-on-one, in groups; who is in them, what is pinned, what was read."""

import uuid
from dataclasses import replace
from urllib.parse import quote

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.workloads.teams.errors import bad_request, forbidden, not_found
from graphwright_sandbox.workloads.teams.members import (
    MEMBER_VIEW,
    Members,
    Roster,
    bound_key,
    check_member,
    counted,
    read_members,
    show_member,
)
from graphwright_sandbox.workloads.teams.message_types import (
    CHAT,
    MESSAGE,
    MESSAGE_INFO,
    PINNED_MESSAGE,
)
from graphwright_sandbox.workloads.teams.messages import latest_of
from graphwright_sandbox.workloads.teams.moments import format_millis
from graphwright_sandbox.workloads.teams.posts import Thread, show_post
from graphwright_sandbox.workloads.teams.store import TeamsStore

_LIMITS = Limits(default=20, maximum=50, opaque=True, code="BadRequest")
_INFO_VIEW = View(MESSAGE_INFO, always=("id",))
_INFO = ("id", "createdDateTime", "body", "from", "messageType", "eventDetail")


class ChatService:
    def __init__(self, store: TeamsStore) -> None:
        self._store = store
        self._view = View(
            CHAT,
            always=("id",),
            on_demand=frozenset({"lastMessagePreview"}),
            expanders={
                "members": _expand_members,
                "lastMessagePreview": _expand_preview,
            },
        )
        self._pinned_view = View(
            PINNED_MESSAGE, always=("id",), expanders={"message": self._expand_pinned}
        )

    def find(self, request: GraphRequest) -> Record:
        """The chat of the path, for a caller (and, below a user, a person) who is in it."""
        chat = self._store.chat(request.keys["chat"])
        check_member(request, chat["_members"])
        if request.user is not None and request.user.id not in chat["_members"]:
            raise not_found()
        return chat

    def thread(self, request: GraphRequest) -> Thread:
        chat = self.find(request)
        return Thread(
            id=chat["id"],
            path=f"chats('{quote(chat['id'], safe='')}')/messages",
            container=f"chats/{chat['id']}/messages",
        )

    def roster(self, request: GraphRequest) -> Roster:
        chat = self.find(request)
        return self._roster(chat)

    def _roster(self, chat: Record) -> Roster:
        def keep(members: Members) -> None:
            chat["_members"] = members

        return Roster(
            room=f"chats('{chat['id']}')",
            scope=f"0##{self._store.context.tenant.id}##{chat['id']}",
            members=chat["_members"],
            keep=keep if chat["chatType"] == "group" else None,
            needs_owner=False,
        )

    def _show(self, request: GraphRequest, chat: Record) -> Record:
        reader = request.user.id if request.user else request.caller.user_id
        viewpoint = None
        if reader is not None:
            read = chat["_read"].get(reader, "0001-01-01T00:00:00Z")
            viewpoint = {"isHidden": reader in chat["_hidden"], "lastMessageReadDateTime": read}
        roster = self._roster(chat)
        return {
            **chat,
            "viewpoint": viewpoint,
            # Under this name `$filter` finds a collection that is not a property.
            "_members": [show_member(self._store, roster, one) for one in roster.members],
            "lastMessagePreview": self._preview(chat),
        }

    def list_all(self, request: GraphRequest) -> GraphResponse:
        """The chats of a person, the one written in last first."""
        reader = request.user.id if request.user else request.caller.user_id
        if reader is None:
            raise bad_request("Chats of the whole tenant are not listed; name a user.")
        chats = [
            self._show(request, chat)
            for chat in self._store.rooms.chats.values()
            if reader in chat["_members"]
        ]
        for order in request.options.orderby:
            if order.path != ("lastMessagePreview", "createdDateTime") or not order.descending:
                raise bad_request(
                    "QueryOptions to order by is only supported for "
                    "lastMessagePreview/createdDateTime desc."
                )
        chats.sort(key=_last_written, reverse=True)
        sorted_already = _without_order(request)
        return counted(answer_collection(sorted_already, self._view, chats, "chats", _LIMITS))

    def _preview(self, chat: Record) -> Record | None:
        """The last message in short."""
        latest = latest_of(self._store.messages(chat["id"]))
        if latest is None:
            return None
        shown = show_post(latest)
        deleted = latest["deletedDateTime"] is not None
        return {**{name: shown[name] for name in _INFO}, "isDeleted": deleted}

    def get(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self.find(request))

    def _answer(self, request: GraphRequest, chat: Record, status: int = 200) -> GraphResponse:
        shown = self._show(request, chat)
        return answer_entity(request, self._view, shown, "chats", status=status)

    def create(self, request: GraphRequest) -> GraphResponse:
        """A new chat. There is one one-on-one chat of two people: it is given again."""
        body = request.read_json()
        data = read_entity(body, CHAT)
        members = read_members(self._store, data.get("members", []))
        kind, caller = data.get("chatType"), request.caller.user_id
        if kind not in ("oneOnOne", "group"):
            raise bad_request("A chat needs the chatType oneOnOne or group.")
        if caller is not None and caller not in members:
            raise forbidden("The caller needs to be among the members of the chat.")
        if not all(roles in (["owner"], ["guest"]) for roles in members.values()):
            raise bad_request("Invalid role specified for member.")
        if len(members) != 2 and (kind == "oneOnOne" or len(members) < 2):
            raise bad_request("A one-on-one chat needs two members, a group chat at least two.")
        topic = data.get("topic")
        if topic is not None and (kind == "oneOnOne" or len(topic) > 250 or ":" in topic):
            raise bad_request("Only group chats have a topic of up to 250 characters without ':'.")
        first, second = sorted(members)[:2]
        unique = f"{first}_{second}@unq.gbl.spaces"
        identifier = f"19:{unique}" if kind == "oneOnOne" else f"19:{uuid.uuid4().hex}@thread.v2"
        chat = self._store.rooms.chats.get(identifier)
        if chat is None:
            moment = format_millis(request.now)
            chat = new_chat(self._store, identifier, kind, topic, members, moment)
            self._store.record("chats", identifier, "created")
        return self._answer(request, chat, 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("chat")
        chat = self.find(request)
        topic = data.get("topic")
        if chat["chatType"] != "group" or data.keys() != {"topic"}:
            raise bad_request("Only the topic of a group chat can be changed.")
        if topic is not None and (len(topic) > 250 or ":" in topic):
            raise bad_request("A topic has up to 250 characters, without ':'.")
        chat["topic"] = topic
        chat["lastUpdatedDateTime"] = format_millis(request.now)
        self._store.record("chats", chat["id"], "updated")
        return self._answer(request, chat)

    def mark_read(self, request: GraphRequest) -> GraphResponse:
        chat, reader = self._viewed(request, "user")
        chat["_read"][reader] = format_millis(request.now)
        return no_content()

    def mark_unread(self, request: GraphRequest) -> GraphResponse:
        chat, reader = self._viewed(request, "user", "lastMessageReadDateTime")
        chat["_read"].pop(reader, None)
        return no_content()

    def hide(self, request: GraphRequest) -> GraphResponse:
        chat, reader = self._viewed(request, "user", "lastMessageReadDateTime")
        chat["_hidden"][reader] = True
        return no_content()

    def unhide(self, request: GraphRequest) -> GraphResponse:
        chat, reader = self._viewed(request, "user")
        chat["_hidden"].pop(reader, None)
        return no_content()

    def _viewed(self, request: GraphRequest, *names: str) -> tuple[Record, str]:
        """The chat, and the user of the body, who is the caller."""
        user = request.read_parameters(*names).get("user")
        chat = self.find(request)
        identifier = user.get("id") if isinstance(user, dict) else None
        if not isinstance(identifier, str):
            raise bad_request("The parameter 'user' needs an id.")
        if identifier.lower() != request.caller.user_id:
            raise forbidden()
        self._store.record("chats", chat["id"], "updated")
        return chat, identifier.lower()

    def list_pinned(self, request: GraphRequest) -> GraphResponse:
        chat = self.find(request)
        shown = [{"id": one, "_chat": chat["id"]} for one in chat["_pinned"]]
        path = f"chats('{chat['id']}')/pinnedMessages"
        return counted(answer_collection(request, self._pinned_view, shown, path, _LIMITS))

    def _expand_pinned(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record:
        message = self._store.messages(record["_chat"])[record["id"]]
        return project(request, View(MESSAGE, always=("id",)), show_post(message), options)

    def pin(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        chat = self.find(request)
        key = bound_key(body, "message", "messages")
        if key is None or key not in self._store.messages(chat["id"]):
            raise bad_request("message@odata.bind needs to name a message of the chat.")
        if key not in chat["_pinned"]:
            chat["_pinned"].append(key)
        self._store.record("chats", chat["id"], "updated")
        path = f"chats('{chat['id']}')/pinnedMessages"
        shown = {"id": key, "_chat": chat["id"]}
        return answer_entity(request, self._pinned_view, shown, path, status=201)

    def unpin(self, request: GraphRequest) -> GraphResponse:
        chat = self.find(request)
        if request.keys["pinned"] not in chat["_pinned"]:
            raise not_found()
        chat["_pinned"].remove(request.keys["pinned"])
        self._store.record("chats", chat["id"], "updated")
        return no_content()


def new_chat(
    store: TeamsStore, identifier: str, kind: str, topic: str | None, members: Members, moment: str
) -> Record:
    """A chat, kept."""
    tenant = store.context.tenant.id
    link = f"https://teams.microsoft.com/l/chat/{quote(identifier, safe='')}/0"
    chat: Record = {
        "id": identifier,
        "topic": topic,
        "createdDateTime": moment,
        "lastUpdatedDateTime": moment,
        "chatType": kind,
        "webUrl": f"{link}?tenantId={tenant}",
        "tenantId": tenant,
        "onlineMeetingInfo": None,
        "isHiddenForAllMembers": False,
        "_members": members,
        "_read": {},
        "_hidden": {},
        "_pinned": [],
    }
    store.rooms.chats[identifier] = chat
    return chat


def _last_written(shown: Record) -> str:
    preview = shown["lastMessagePreview"] or shown
    return str(preview["createdDateTime"])


def _expand_members(request: GraphRequest, record: Record, options: QueryOptions) -> list[Record]:
    return [project(request, MEMBER_VIEW, member, options) for member in record["_members"]]


def _expand_preview(request: GraphRequest, record: Record, options: QueryOptions) -> Record | None:
    preview = record["lastMessagePreview"]
    return project(request, _INFO_VIEW, preview, options) if preview else None


def _without_order(request: GraphRequest) -> GraphRequest:
    """The request without its `$orderby`, which stays in the links to further pages."""
    return replace(request, options=replace(request.options, orderby=()))
