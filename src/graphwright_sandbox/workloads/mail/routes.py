"""The operations of the mail workload."""

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.item_ids import read_item_id
from graphwright_sandbox.graph.markup import body_as
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    bound_filter,
    project,
)
from graphwright_sandbox.graph.query import Order, QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.mail.entities import ATTACHMENT, MAIL_FOLDER, MESSAGE
from graphwright_sandbox.workloads.mail.records import (
    Attachment,
    MessageRecord,
    show_attachment,
    show_message,
)
from graphwright_sandbox.workloads.mail.search import parse_search
from graphwright_sandbox.workloads.mail.store import Mailbox, Mailboxes

_LIMITS = Limits(default=10, maximum=1000)
_NEWEST_FIRST = (Order(("receivedDateTime",), True),)
_BASIC = frozenset({"Mail.ReadBasic", "Mail.ReadBasic.All"})
_HIDDEN_FROM_BASIC = frozenset({"body", "bodyPreview", "uniqueBody", "attachments", "extensions"})
_FOLDER_VIEW = View(MAIL_FOLDER, always=("id",))
_ATTACHMENT_VIEW = View(ATTACHMENT, always=("id",))


def create_operations(context: GraphContext) -> list[Operation]:
    service = MailService(Mailboxes(context))
    user = "/users/{user}"
    folder = f"{user}/mailFolders/{{folder}}"
    many = READ_MANY | {"search"}
    operations = [
        Operation("GET", f"{user}/mailFolders", service.list_folders, options=READ_MANY),
        Operation("GET", folder, service.get_folder, options=READ_ONE),
        Operation("GET", f"{folder}/childFolders", service.list_folders, options=READ_MANY),
        Operation("POST", f"{user}/sendMail", service.send_mail),
    ]
    for base in (f"{user}/messages", f"{folder}/messages"):
        one = f"{base}/{{message}}"
        counted = frozenset({"filter", "search"})
        operations += [
            Operation("GET", base, service.list_messages, options=many),
            Operation("POST", base, service.create_draft),
            Operation("GET", f"{base}/$count", service.count_messages, options=counted),
            Operation("GET", one, service.get_message, options=READ_ONE),
            Operation("PATCH", one, service.change_message),
            Operation("DELETE", one, service.delete_message),
            Operation("POST", f"{one}/move", service.move_message),
            Operation("POST", f"{one}/send", service.send_draft),
            Operation("GET", f"{one}/attachments", service.list_attachments, options=READ_MANY),
            Operation(
                "GET", f"{one}/attachments/{{attachment}}", service.get_attachment, options=READ_ONE
            ),
            Operation(
                "GET", f"{one}/attachments/{{attachment}}/$value", service.download_attachment
            ),
        ]
    return operations


class MailService:
    """Requests about folders and messages, answered from the store."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes
        self._view = View(
            MESSAGE,
            always=("id",),
            on_demand=frozenset({"internetMessageHeaders", "uniqueBody"}),
            render=_render,
            expanders={"attachments": self._expand_attachments},
            hidden=_hidden,
        )

    def _mailbox(self, request: GraphRequest) -> Mailbox:
        return self._mailboxes.of(request.person)

    def _message(self, request: GraphRequest) -> MessageRecord:
        """The message of the path, which must lie in the folder the path names."""
        mailbox = self._mailbox(request)
        record = mailbox.find_message(request.keys["message"])
        name = request.keys.get("folder")
        if name is not None and record.folder != mailbox.find_folder(name).key:
            raise item_not_found()
        return record

    def list_folders(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._mailbox(request)
        name = request.keys.get("folder")
        parent = mailbox.find_folder(name).key if name else mailbox.root
        records = [mailbox.show_folder(folder) for folder in mailbox.children(parent)]
        path = request.mailbox_path("mailFolders")
        return answer_collection(request, _FOLDER_VIEW, records, path, _LIMITS)

    def get_folder(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._mailbox(request)
        record = mailbox.show_folder(mailbox.find_folder(request.keys["folder"]))
        return answer_entity(request, _FOLDER_VIEW, record, request.mailbox_path("mailFolders"))

    def _messages(self, request: GraphRequest) -> list[Record]:
        mailbox = self._mailbox(request)
        records = list(mailbox.messages.values())
        if "folder" in request.keys:
            records = mailbox.inside(mailbox.find_folder(request.keys["folder"]))
        return [
            {**show_message(record), "_attachments": [a.name for a in record.attachments]}
            for record in records
        ]

    def list_messages(self, request: GraphRequest) -> GraphResponse:
        _check_query(request)
        return answer_collection(
            request,
            self._view,
            self._messages(request),
            request.mailbox_path("messages"),
            _LIMITS,
            search=_search(request),
            order=_NEWEST_FIRST,
        )

    def count_messages(self, request: GraphRequest) -> GraphResponse:
        return answer_count(request, self._view, self._messages(request), _search(request))

    def get_message(self, request: GraphRequest) -> GraphResponse:
        record = show_message(self._message(request))
        return answer_entity(request, self._view, record, request.mailbox_path("messages"))

    def create_draft(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("message")
        mailbox = self._mailbox(request)
        folder = mailbox.find_folder(request.keys.get("folder", "drafts"))
        record = self._mailboxes.create_draft(mailbox, folder, data, request.now)
        path = request.mailbox_path("messages")
        headers = {"Location": f"{request.root}/{path}('{record.id}')"}
        return answer_entity(
            request, self._view, show_message(record), path, status=201, headers=headers
        )

    def change_message(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("message")
        record = self._message(request)
        request.check_if_match(record.etag)
        self._mailboxes.change(record, data, request.now)
        path = request.mailbox_path("messages")
        return answer_entity(request, self._view, show_message(record), path)

    def delete_message(self, request: GraphRequest) -> GraphResponse:
        record = self._message(request)
        request.check_if_match(record.etag)
        keep_id = request.preferences.immutable_ids
        self._mailboxes.delete(self._mailbox(request), record, keep_id=keep_id)
        return no_content()

    def move_message(self, request: GraphRequest) -> GraphResponse:
        destination = request.read_parameters("destinationId").get("destinationid")
        if not isinstance(destination, str) or not destination:
            raise bad_request("The parameter 'DestinationId' is missing.", "ErrorInvalidRequest")
        record, mailbox = self._message(request), self._mailbox(request)
        folder = mailbox.find_folder(destination)
        keep_id = request.preferences.immutable_ids
        moved = self._mailboxes.move(mailbox, record, folder, keep_id=keep_id)
        path = request.mailbox_path("messages")
        return answer_entity(request, self._view, show_message(moved), path, status=201)

    def send_draft(self, request: GraphRequest) -> GraphResponse:
        self._mailboxes.send_draft(self._mailbox(request), self._message(request), request.now)
        return GraphResponse(202)

    def send_mail(self, request: GraphRequest) -> GraphResponse:
        parameters = request.read_parameters("message", "saveToSentItems")
        message, save = parameters.get("message"), parameters.get("savetosentitems", True)
        if not isinstance(message, dict):
            raise bad_request("The parameter 'Message' is missing.", "ErrorInvalidRequest")
        if not isinstance(save, bool):
            raise bad_request("The parameter 'SaveToSentItems' needs to be true or false.")
        data = read_entity(message, MESSAGE)
        self._mailboxes.send_new(self._mailbox(request), data, request.now, save=save)
        return GraphResponse(202)

    def list_attachments(self, request: GraphRequest) -> GraphResponse:
        record = self._message(request)
        shown = [show_attachment(record.owner, item) for item in record.attachments]
        path = request.mailbox_path(f"messages('{record.id}')/attachments")
        return answer_collection(request, _ATTACHMENT_VIEW, shown, path, _LIMITS)

    def get_attachment(self, request: GraphRequest) -> GraphResponse:
        record = self._message(request)
        shown = show_attachment(record.owner, _attachment(request, record))
        path = request.mailbox_path(f"messages('{record.id}')/attachments")
        return answer_entity(request, _ATTACHMENT_VIEW, shown, path)

    def download_attachment(self, request: GraphRequest) -> GraphResponse:
        attachment = _attachment(request, self._message(request))
        return GraphResponse(200, attachment.content, content_type=attachment.content_type)

    def _expand_attachments(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        message = self._mailbox(request).find_message(record["id"])
        return [
            project(request, _ATTACHMENT_VIEW, show_attachment(message.owner, item), options)
            for item in message.attachments
        ]


def _attachment(request: GraphRequest, record: MessageRecord) -> Attachment:
    read = read_item_id(request.keys["attachment"])
    for item in record.attachments:
        if read is not None and item.key == read.key:
            return item
    raise item_not_found()


def _search(request: GraphRequest) -> Predicate | None:
    return parse_search(request.options.search) if request.options.search else None


def _check_query(request: GraphRequest) -> None:
    """What Exchange refuses to combine."""
    options = request.options
    if options.search is not None:
        for given, code, name in (
            (options.filter, "SearchWithFilter", "$filter"),
            (options.orderby, "SearchWithOrderBy", "$orderBy"),
            (options.skip, "SearchWithSkip", "$skip"),
        ):
            if given:
                raise bad_request(
                    f"The query parameter '{name}' is not supported with '$search'.", code
                )
    bound = bound_filter(request, MESSAGE)
    if bound is None or not options.orderby:
        return
    # Sorted properties must open the filter, in the same order.
    folded = [path.lower() for path in bound.paths]
    sorted_by = ["/".join(order.path).lower() for order in options.orderby]
    if folded[: len(sorted_by)] != sorted_by:
        raise GraphError(
            400,
            "InefficientFilter",
            "The restriction or sort order is too complex for this operation.",
        )


def _hidden(request: GraphRequest) -> frozenset[str]:
    return _HIDDEN_FROM_BASIC if request.granted in _BASIC else frozenset()


def _render(request: GraphRequest, record: Record) -> Record:
    content_type = request.preferences.body_content_type
    if content_type is None:
        return record
    return {
        **record,
        "body": body_as(record["body"], content_type),
        "uniqueBody": body_as(record["uniqueBody"], content_type),
    }
