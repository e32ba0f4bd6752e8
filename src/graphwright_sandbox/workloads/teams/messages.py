"""Requests about the messages of channels and chats: read, posted, edited, reacted to."""

import base64
from collections.abc import Callable

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    bound_filter,
    project_all,
)
from graphwright_sandbox.graph.query import Order, QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.workloads.teams.errors import (
    application_may_not_post,
    bad_request,
    forbidden,
    not_found,
)
from graphwright_sandbox.workloads.teams.members import counted
from graphwright_sandbox.workloads.teams.message_types import HOSTED_CONTENT, MESSAGE
from graphwright_sandbox.workloads.teams.posts import (
    Thread,
    edit,
    link_hosted,
    new_post,
    react,
    read_post,
    set_deleted,
    show_post,
)
from graphwright_sandbox.workloads.teams.store import TeamsStore

_LIMITS = Limits(default=20, maximum=50, opaque=True, code="BadRequest")
_CHANGED = (Order(("lastModifiedDateTime",), True),)
_CREATED = (Order(("createdDateTime",), True),)
_HOSTED_VIEW = View(HOSTED_CONTENT, always=("id",))
_SORTABLE = ("lastModifiedDateTime", "createdDateTime")
_EDITABLE = frozenset({"body", "mentions", "attachments", "_hosted", "importance", "subject"})


class MessageService:
    """Messages of the threads that `locate` finds, for callers who may see them."""

    def __init__(self, store: TeamsStore, locate: Callable[[GraphRequest], Thread]) -> None:
        self._store = store
        self._locate = locate
        self._view = View(MESSAGE, always=("id",), expanders={"replies": self._expand_replies})

    def _post(self, request: GraphRequest, thread: Thread) -> Record:
        """The message of the path, or the reply to it."""
        messages = self._store.messages(thread.id)
        record = messages.get(request.keys["message"])
        parent = None
        if record is not None and "reply" in request.keys:
            parent, record = record["id"], messages.get(request.keys["reply"])
        if record is None or record["replyToId"] != parent:
            raise not_found()
        return record

    def _replies(self, thread_id: str, message_id: str) -> list[Record]:
        return [
            show_post(one)
            for one in self._store.messages(thread_id).values()
            if one["replyToId"] == message_id
        ]

    def _expand_replies(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        thread_id = record["chatId"] or record["channelIdentity"]["channelId"]
        replies = self._replies(thread_id, record["id"])
        return project_all(request, self._view, replies[::-1], options)

    def list_in_channel(self, request: GraphRequest) -> GraphResponse:
        """What started the conversations, the one with the latest answer first."""
        thread = self._locate(request)
        messages = self._store.messages(thread.id)
        latest: dict[str, str] = {}
        for one in messages.values():
            root = one["replyToId"] or one["id"]
            latest[root] = max(latest.get(root, ""), one["lastModifiedDateTime"])
        first = [show_post(one) for one in messages.values() if one["replyToId"] is None]
        first.sort(key=lambda one: (latest[one["id"]], one["id"]), reverse=True)
        return counted(answer_collection(request, self._view, first, thread.path, _LIMITS))

    def list_replies(self, request: GraphRequest) -> GraphResponse:
        thread = self._locate(request)
        record = self._post(request, thread)
        replies = self._replies(thread.id, record["id"])
        path = f"{thread.path}('{record['id']}')/replies"
        return counted(
            answer_collection(request, self._view, replies, path, _LIMITS, order=_CREATED)
        )

    def list_in_chat(self, request: GraphRequest) -> GraphResponse:
        """A chat's messages, the newest first; sorted and filtered by one date only."""
        thread = self._locate(request)
        orders = request.options.orderby
        for order in orders:
            if order.path[0] not in _SORTABLE or not order.descending:
                raise bad_request(
                    "QueryOptions to order by is only supported for lastModifiedDateTime desc "
                    "and createdDateTime desc."
                )
        bound = bound_filter(request, MESSAGE)
        if bound is not None:
            wanted = {orders[0].path[0]} if orders else set(_SORTABLE)
            if not set(bound.paths) <= wanted:
                raise bad_request(
                    "QueryOptions to filter and to order by need to name the same property, "
                    "lastModifiedDateTime or createdDateTime."
                )
        records = [show_post(one) for one in self._store.messages(thread.id).values()]
        newest = _CHANGED if bound else _CREATED
        return counted(
            answer_collection(request, self._view, records, thread.path, _LIMITS, order=newest)
        )

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        """Messages and replies of a channel, and later what became of them."""
        thread = self._locate(request)
        messages = self._store.messages(thread.id)

        def find(_: GraphRequest, identifier: str) -> Record | None:
            found = messages.get(identifier)
            return show_post(found) if found else None

        delta = Delta(
            self._view,
            thread.container,
            records=lambda _: [show_post(one) for one in messages.values()],
            find=find,
            limits=_LIMITS,
            path="Collection(chatMessage)",
        )
        return answer_delta(request, delta)

    def get(self, request: GraphRequest) -> GraphResponse:
        thread = self._locate(request)
        return self._answer(request, thread, self._post(request, thread))

    def _answer(
        self, request: GraphRequest, thread: Thread, record: Record, status: int = 200
    ) -> GraphResponse:
        parent = record["replyToId"]
        path = f"{thread.path}('{parent}')/replies" if parent else thread.path
        return answer_entity(request, self._view, show_post(record), path, status=status)

    def post(self, request: GraphRequest) -> GraphResponse:
        """A new message, or a reply where the path ends in one's replies."""
        author = request.caller.user_id
        if author is None:
            raise application_may_not_post()
        data = read_post(self._store, request.read_json())
        thread = self._open(request)
        if "message" in request.keys:
            data["replyToId"] = self._post(request, thread)["id"]
        record = new_post(self._store, thread, author, data, request.now)
        link_hosted(record, f"{request.root}/{thread.container}/{record['id']}")
        if not thread.channel:
            self._store.chat(thread.id)["lastUpdatedDateTime"] = record["createdDateTime"]
        self._changed(thread, record, "created")
        return self._answer(request, thread, record, 201)

    def _open(self, request: GraphRequest) -> Thread:
        """The thread of the path, to write in: nobody writes in an archived team."""
        thread = self._locate(request)
        if thread.archived:
            raise forbidden("The team is archived.")
        return thread

    def _changed(self, thread: Thread, record: Record, kind: Kind) -> None:
        parent = record["replyToId"]
        place = f"{parent}/replies/{record['id']}" if parent else record["id"]
        resource = f"{thread.container}/{place}"
        self._store.record(thread.container, record["id"], kind, resource)

    def change(self, request: GraphRequest) -> GraphResponse:
        """Authors change what they wrote, applications say which policy it violates."""
        body = request.read_json()
        data = read_post(self._store, body, editing=True)
        thread = self._open(request)
        record = self._post(request, thread)
        if request.caller.user_id is None:
            if data.keys() != {"policyViolation"}:
                raise bad_request("An application can change the policyViolation only.")
            record.update(data)
        else:
            self._check_author(request, record, thread, "allowUserEditMessages")
            if unchangeable := sorted(data.keys() - _EDITABLE):
                raise bad_request(f"The property '{unchangeable[0]}' cannot be changed.")
            edit(record, data, request.now)
            link_hosted(record, f"{request.root}/{thread.container}/{record['id']}")
        self._changed(thread, record, "updated")
        return no_content()

    def _check_author(
        self, request: GraphRequest, record: Record, thread: Thread, setting: str
    ) -> None:
        own = record["from"]["user"]["id"] == request.caller.user_id
        if not own or not thread.settings.get(setting, True):
            raise forbidden()

    def delete(self, request: GraphRequest) -> GraphResponse:
        return self._set_deleted(request, deleted=True)

    def restore(self, request: GraphRequest) -> GraphResponse:
        return self._set_deleted(request, deleted=False)

    def _set_deleted(self, request: GraphRequest, *, deleted: bool) -> GraphResponse:
        thread = self._open(request)
        record = self._post(request, thread)
        self._check_author(request, record, thread, "allowUserDeleteMessages")
        if (record["deletedDateTime"] is not None) is not deleted:
            set_deleted(record, request.now, deleted=deleted)
            self._changed(thread, record, "deleted" if deleted else "updated")
        return no_content()

    def add_reaction(self, request: GraphRequest) -> GraphResponse:
        return self._react(request, add=True)

    def remove_reaction(self, request: GraphRequest) -> GraphResponse:
        return self._react(request, add=False)

    def _react(self, request: GraphRequest, *, add: bool) -> GraphResponse:
        reaction = request.read_parameters("reactionType").get("reactiontype")
        thread = self._open(request)
        record, caller = self._post(request, thread), request.caller.user_id
        if not isinstance(reaction, str) or caller is None or record["deletedDateTime"]:
            raise bad_request("Invalid reactionType.")
        react(record, caller, reaction, request.now, add=add)
        self._changed(thread, record, "updated")
        return no_content()

    def list_hosted(self, request: GraphRequest) -> GraphResponse:
        thread = self._locate(request)
        record = self._post(request, thread)
        shown = [_hidden_bytes(one) for one in record["_hosted"].values()]
        path = f"{thread.path}('{record['id']}')/hostedContents"
        return counted(answer_collection(request, _HOSTED_VIEW, shown, path, _LIMITS))

    def _hosted(self, request: GraphRequest) -> tuple[Thread, Record]:
        thread = self._locate(request)
        content = self._post(request, thread)["_hosted"].get(request.keys["content"])
        if content is None:
            raise not_found()
        return thread, content

    def get_hosted(self, request: GraphRequest) -> GraphResponse:
        thread, content = self._hosted(request)
        path = f"{thread.path}('{request.keys['message']}')/hostedContents"
        return answer_entity(request, _HOSTED_VIEW, _hidden_bytes(content), path)

    def download_hosted(self, request: GraphRequest) -> GraphResponse:
        _, content = self._hosted(request)
        data = base64.b64decode(content["contentBytes"])
        return GraphResponse(200, data, content_type=content["contentType"])


def _hidden_bytes(content: Record) -> Record:
    """Content is read by `$value` only."""
    return {"id": content["id"], "contentBytes": None, "contentType": None}


def latest_of(messages: dict[str, Record]) -> Record | None:
    """The last message of a thread."""
    return max(messages.values(), key=lambda one: int(one["id"]), default=None)
