"""Requests about messages: read, written, moved, listed, and what changed since."""

from collections.abc import Sequence

from graphwright_sandbox.graph import extended_properties
from graphwright_sandbox.graph.attachments import Attachments, expand_attachments
from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.extensions import Extensions, expand_extensions
from graphwright_sandbox.graph.item_ids import immutable_id, make_item_id
from graphwright_sandbox.graph.lazy_records import LazyRecord
from graphwright_sandbox.graph.markup import body_as
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    check_hidden,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.workloads.mail.entities import MESSAGE
from graphwright_sandbox.workloads.mail.listing import check_query, find_messages, searched
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox
from graphwright_sandbox.workloads.mail.mime import decode_mime, read_mime, write_mime
from graphwright_sandbox.workloads.mail.records import Folder, MessageRecord, show_message
from graphwright_sandbox.workloads.mail.store import Mailboxes

_LIMITS = Limits(default=10, maximum=1000)
_KINDS = ("created", "updated", "deleted")
_BASIC = frozenset({"Mail.ReadBasic", "Mail.ReadBasic.All"})
_HIDDEN_FROM_BASIC = frozenset(
    {"body", "bodyPreview", "uniqueBody", "attachments", "extensions", extended_properties.NAME}
)


class MessageService:
    """Requests about messages, answered from the store."""

    def __init__(self, context: GraphContext, mailboxes: Mailboxes) -> None:
        self._context = context
        self._mailboxes = mailboxes
        self.view = View(
            MESSAGE,
            always=("id",),
            on_demand=frozenset({"internetMessageHeaders", "uniqueBody"}),
            render=_render,
            expanders={
                "attachments": self._expand_attachments,
                "event": self._expand_event,
                "extensions": self._expand_extensions,
                extended_properties.NAME: self._expand_extended,
            },
            hidden=_hidden,
        )
        self.attachments = Attachments(
            context,
            find=self.message,
            change=self._changed,
            path=lambda holder: f"messages('{holder.id}')",
        )
        self.extensions = Extensions(
            find=self.message,
            change=self._changed,
            path=lambda request, holder: request.mailbox_path(f"messages('{holder.id}')"),
        )

    def mailbox(self, request: GraphRequest) -> Mailbox:
        return self._mailboxes.of(request.person)

    def message(self, request: GraphRequest) -> MessageRecord:
        """The message of the path, which must lie in the folder the path names."""
        mailbox = self.mailbox(request)
        record = mailbox.find_message(request.keys["message"])
        folder = self._folder(request)
        if folder is not None and record.folder != folder.key:
            raise item_not_found()
        return record

    def _folder(self, request: GraphRequest) -> Folder | None:
        name = request.keys.get("folder")
        return None if name is None else self.mailbox(request).find_folder(name)

    def _changed(self, request: GraphRequest) -> MessageRecord:
        record = self.message(request)
        request.check_if_match(record.etag)
        self._mailboxes.touch(self.mailbox(request), record, request.now)
        return record

    def answer(
        self, request: GraphRequest, record: MessageRecord, status: int = 200
    ) -> GraphResponse:
        """The message as the answer to a request."""
        path = request.mailbox_path("messages")
        headers = {"Location": f"{request.root}/{path}('{record.id}')"} if status == 201 else None
        shown = show_message(record)
        return answer_entity(request, self.view, shown, path, status=status, headers=headers)

    def list_messages(self, request: GraphRequest) -> GraphResponse:
        self._check_query(request)
        rest, messages = find_messages(request, self.mailbox(request), self._folder(request))
        messages, search = searched(messages, rest.options.search)
        path = request.mailbox_path("messages")
        return answer_collection(rest, self.view, messages, path, _LIMITS, search=search)

    def count_messages(self, request: GraphRequest) -> GraphResponse:
        self._check_query(request)
        rest, messages = find_messages(request, self.mailbox(request), self._folder(request))
        messages, search = searched(messages, rest.options.search)
        return answer_count(rest, self.view, messages, search)

    def _check_query(self, request: GraphRequest) -> None:
        if request.options.search is not None and request.granted in _BASIC:
            raise GraphError(
                403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
            )
        check_hidden(request, self.view)
        check_query(request, MESSAGE)

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        if request.options.custom.get("changetype", "created") not in _KINDS:
            raise bad_request("The value of changeType is not valid.", "ErrorInvalidUrlQuery")
        mailbox = self.mailbox(request)
        folder = mailbox.find_folder(request.keys["folder"])
        identifier = mailbox.folder_id(folder)

        def records(request: GraphRequest) -> Sequence[Record]:
            rest, messages = find_messages(request, mailbox, folder)
            if rest.options.filter is not None or rest.options.orderby:
                raise bad_request(
                    "A delta query of messages can be narrowed and sorted by receivedDateTime "
                    "only.",
                    "ErrorInvalidUrlQueryFilter",
                )
            return messages

        def find(_request: GraphRequest, message_id: str) -> Record | None:
            try:
                record = mailbox.find_message(message_id)
            except GraphError:
                return None
            return show_message(record) if record.folder == folder.key else None

        container = f"users/{mailbox.owner_id}/mailFolders/{identifier}/messages"
        path = request.mailbox_path(f"mailFolders('{identifier}')/messages")
        delta = Delta(
            self.view, container, records, find, _LIMITS, path, narrows=True, by_kind=True
        )
        response = answer_delta(request, delta)
        if request.preferences.immutable_ids:
            for item in response.body["value"]:
                item["id"] = immutable_id(item["id"])
        return response

    def get_message(self, request: GraphRequest) -> GraphResponse:
        return self.answer(request, self.message(request))

    def get_mime(self, request: GraphRequest) -> GraphResponse:
        return GraphResponse(
            200, write_mime(self.message(request)), content_type="text/plain; charset=utf-8"
        )

    def create_draft(self, request: GraphRequest) -> GraphResponse:
        mailbox = self.mailbox(request)
        folder = self._folder(request) or mailbox.well_known("drafts")
        record = self.compose(request, mailbox, folder)
        return self.answer(request, self._mailboxes.add(mailbox, record), 201)

    def compose(self, request: GraphRequest, mailbox: Mailbox, folder: Folder) -> MessageRecord:
        """A draft of a JSON body, or of a MIME message in base64."""
        if request.content_type == "text/plain":
            return self.compose_mime(request, mailbox, folder)
        data = request.read_entity("message")
        schema = request.schema.applied({}, request.schema.take(data))
        record = self._mailboxes.compose(mailbox, folder, data, request.now)
        record.schema = schema
        return record

    def compose_mime(
        self, request: GraphRequest, mailbox: Mailbox, folder: Folder
    ) -> MessageRecord:
        data, attachments = read_mime(decode_mime(request.body), request.now)
        record = self._mailboxes.compose(mailbox, folder, data, request.now)
        record.attachments = attachments
        return record

    def change_message(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("message")
        record = self.message(request)
        request.check_if_match(record.etag)
        schema = request.schema.applied(record.schema, request.schema.take(data))
        self._mailboxes.change(self.mailbox(request), record, data, request.now)
        record.schema = schema
        return self.answer(request, record)

    def delete_message(self, request: GraphRequest) -> GraphResponse:
        record = self.message(request)
        request.check_if_match(record.etag)
        self._mailboxes.delete(self.mailbox(request), record)
        return no_content()

    def purge_message(self, request: GraphRequest) -> GraphResponse:
        record = self.message(request)
        request.check_if_match(record.etag)
        self._mailboxes.remove(self.mailbox(request), record)
        return no_content()

    def move_message(self, request: GraphRequest) -> GraphResponse:
        mailbox, record = self.mailbox(request), self.message(request)
        folder = mailbox.find_folder(read_destination(request))
        request.check_if_match(record.etag)
        return self.answer(request, self._mailboxes.move(mailbox, record, folder), 201)

    def copy_message(self, request: GraphRequest) -> GraphResponse:
        mailbox, record = self.mailbox(request), self.message(request)
        folder = mailbox.find_folder(read_destination(request))
        return self.answer(request, self._mailboxes.copy(mailbox, record, folder), 201)

    def _expand_attachments(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        message = self.mailbox(request).find_message(record["id"])
        return expand_attachments(request, message, options)

    def _expand_extensions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        message = self.mailbox(request).find_message(record["id"])
        return expand_extensions(request, message, options)

    def _expand_extended(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record] | None:
        message = self.mailbox(request).find_message(record["id"])
        return extended_properties.expand_extended(request, message.properties, options)

    def _expand_event(
        self, request: GraphRequest, record: Record, _options: QueryOptions
    ) -> Record | None:
        meeting = self.mailbox(request).find_message(record["id"]).meeting
        event_id = (meeting or {}).get("_event")
        return None if event_id is None else self._context.post.event_of(request.person, event_id)


def read_destination(request: GraphRequest) -> str:
    """Where a move or copy goes to."""
    destination = request.read_parameters("destinationId").get("destinationid")
    if not isinstance(destination, str) or not destination:
        raise bad_request("The parameter 'DestinationId' is missing.", "ErrorInvalidRequest")
    return destination


def _hidden(request: GraphRequest) -> frozenset[str]:
    basic = request.granted in _BASIC
    return _HIDDEN_FROM_BASIC | request.schema.names if basic else frozenset()


def _render(request: GraphRequest, record: Record) -> Record:
    """The message with its body in the type, and its ids in the form, the caller prefers."""
    preferences = request.preferences
    wanted = preferences.body_content_type
    makers = {}
    if wanted is not None:
        for name in ("body", "uniqueBody"):
            makers[name] = lambda source: body_as(source.properties["body"], wanted)
    if preferences.immutable_ids:
        makers["id"] = lambda source: make_item_id(source.owner_id, source.key, immutable=True)
    return record.with_makers(makers) if makers and isinstance(record, LazyRecord) else record
