"""Attachments of messages and events: files, items and references, small or by upload session.

The operations are the same for both workloads; who holds an attachment is told by `Attachments`.
Knows neither messages nor events.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.edm import SCHEMA, StructuredType
from graphwright_sandbox.graph.errors import GraphError, bad_request, body_refused, item_not_found
from graphwright_sandbox.graph.item_ids import make_item_id, new_key, read_item_id
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.graph.transfers import MAIL_UPLOAD
from graphwright_sandbox.graph.values import format_instant

Kind = Literal["file", "item", "reference"]
_LIMITS = Limits(default=10, maximum=1000)
_LEAST_SESSION = 3 * 2**20
_ITEMS = ("message", "event", "contact")
_KINDS: dict[str, Kind] = {
    "fileAttachment": "file",
    "itemAttachment": "item",
    "referenceAttachment": "reference",
}


@dataclass
class Attachment:
    key: bytes
    name: str
    content_type: str | None
    content: bytes
    modified: datetime
    inline: bool = False
    content_id: str | None = None
    kind: Kind = "file"
    item: Record | None = None
    """What an item attachment holds, as Graph's JSON with its type."""

    def copy(self) -> "Attachment":
        """The same attachment for another holder."""
        return replace(self, key=new_key())


class Holder(Protocol):
    """A message or an event as it is stored."""

    @property
    def id(self) -> str: ...
    @property
    def owner_id(self) -> str: ...
    @property
    def attachments(self) -> list[Attachment]: ...


def read_attachment(value: object, now: datetime) -> Attachment:
    """An attachment of a body; its `@odata.type` says of which kind it is."""
    if not isinstance(value, dict):
        raise body_refused("An attachment needs to be an object.")
    declared = _declared(value)
    given = read_entity(value, declared)
    name = given.get("name")
    kind = _KINDS[declared.name]
    item = _read_item(value.get("item")) if kind == "item" else None
    if item is not None:
        name = name or str(item.get("subject") or item.get("displayName") or "Untitled")
    if not name:
        raise bad_request("The property 'name' of an attachment is missing.", "ErrorInvalidRequest")
    content = given.get("contentBytes")
    if kind == "file" and content is None:
        raise bad_request(
            "The property 'contentBytes' of a file attachment is missing.", "ErrorInvalidRequest"
        )
    default = "application/octet-stream" if kind == "file" else None
    return Attachment(
        new_key(),
        name,
        given.get("contentType") or default,
        base64.b64decode(content or ""),
        now,
        given.get("isInline") is True,
        given.get("contentId"),
        kind,
        item,
    )


def _declared(value: Record) -> StructuredType:
    name = value.get("@odata.type", "#microsoft.graph.fileAttachment")
    short = str(name).removeprefix("#").removeprefix("microsoft.graph.")
    if short not in _KINDS:
        raise body_refused(
            f"A type named '{str(name)[:100]}' could not be resolved by the model as an attachment."
        )
    return SCHEMA.structured[short]


def _read_item(value: object) -> Record:
    if not isinstance(value, dict):
        raise bad_request("The 'item' of an item attachment is missing.", "ErrorInvalidRequest")
    name = str(value.get("@odata.type")).removeprefix("#").removeprefix("microsoft.graph.")
    declared = SCHEMA.structured.get(name)
    if declared is None or name not in _ITEMS:
        raise body_refused(f"An item of type '{name[:100]}' cannot be attached.")
    return {"@odata.type": f"#microsoft.graph.{name}", **read_entity(value, declared)}


def show_attachment(owner_id: str, attachment: Attachment) -> Record:
    shown: Record = {
        "@odata.type": f"#microsoft.graph.{attachment.kind}Attachment",
        "id": make_item_id(owner_id, attachment.key),
        "lastModifiedDateTime": format_instant(attachment.modified),
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": len(attachment.content) or len(str(attachment.item or "")),
        "isInline": attachment.inline,
    }
    if attachment.kind == "file":
        shown |= {
            "@odata.mediaContentType": attachment.content_type,
            "contentId": attachment.content_id,
            "contentLocation": None,
            "contentBytes": base64.b64encode(attachment.content).decode(),
        }
    if attachment.item is not None:
        shown["_item"] = attachment.item
    return shown


def _expand_item(_request: GraphRequest, record: Record, _options: QueryOptions) -> Any:
    return record.get("_item")


VIEW = View(SCHEMA.structured["attachment"], always=("id",), expanders={"item": _expand_item})


def expand_attachments(
    request: GraphRequest, holder: Holder, options: QueryOptions
) -> list[Record]:
    """What `$expand=attachments` shows."""
    shown = [show_attachment(holder.owner_id, item) for item in holder.attachments]
    return project_all(request, VIEW, shown, options)


@dataclass(frozen=True)
class Attachments:
    """The attachments below one kind of item."""

    context: GraphContext
    find: Callable[[GraphRequest], Holder]
    """The item of the path."""
    change: Callable[[GraphRequest], Holder]
    """The same, for a write: checked, touched, and recorded as changed."""
    path: Callable[[Holder], str]
    """The item's path below its mailbox, for contexts."""

    def operations(self, item: str) -> list[Operation]:
        """All operations below an item's path."""
        one = f"{item}/attachments/{{attachment}}"
        return [
            Operation("GET", f"{item}/attachments", self.list, options=READ_MANY),
            Operation("POST", f"{item}/attachments", self.create),
            Operation("GET", one, self.get, options=READ_ONE),
            Operation("DELETE", one, self.delete),
            Operation("GET", f"{one}/$value", self.download),
            Operation("POST", f"{item}/attachments/createUploadSession", self.create_session),
        ]

    def _context(self, request: GraphRequest, holder: Holder) -> str:
        return request.mailbox_path(f"{self.path(holder)}/attachments")

    def list(self, request: GraphRequest) -> GraphResponse:
        holder = self.find(request)
        shown = [show_attachment(holder.owner_id, item) for item in holder.attachments]
        return answer_collection(request, VIEW, shown, self._context(request, holder), _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        holder = self.find(request)
        shown = show_attachment(holder.owner_id, _one(request, holder))
        return answer_entity(request, VIEW, shown, self._context(request, holder))

    def download(self, request: GraphRequest) -> GraphResponse:
        attachment = _one(request, self.find(request))
        if attachment.kind != "file":
            raise bad_request(
                "Only the content of a file can be downloaded.", "ErrorInvalidRequest"
            )
        return GraphResponse(200, attachment.content, content_type=attachment.content_type)

    def create(self, request: GraphRequest) -> GraphResponse:
        attachment = read_attachment(request.read_json(), request.now)
        holder = self.change(request)
        holder.attachments.append(attachment)
        shown = show_attachment(holder.owner_id, attachment)
        path = self._context(request, holder)
        headers = {"Location": f"{request.root}/{path}/{shown['id']}"}
        return answer_entity(request, VIEW, shown, path, status=201, headers=headers)

    def create_session(self, request: GraphRequest) -> GraphResponse:
        """An upload session for a file that is too large for one request."""
        item = request.read_parameters("AttachmentItem").get("attachmentitem")
        if not isinstance(item, dict):
            raise bad_request("The parameter 'AttachmentItem' is missing.", "ErrorInvalidRequest")
        given = read_entity(item, SCHEMA.structured["attachmentItem"])
        size = _check_session(given)
        self.find(request)

        def finish(content: bytes) -> GraphResponse:
            if len(content) != size:
                raise bad_request(
                    "The size of the content differs from that of the attachment item.",
                    "ErrorInvalidRequest",
                )
            attachment = Attachment(
                new_key(),
                given["name"],
                given.get("contentType") or "application/octet-stream",
                content,
                self.context.clock(),
                given.get("isInline") is True,
                given.get("contentId"),
            )
            # Found again: it may have been changed or deleted while the content was on its way.
            current = self.change(replace(request, headers={}))
            current.attachments.append(attachment)
            shown = show_attachment(current.owner_id, attachment)
            path = self._context(request, current)
            return GraphResponse(201, None, {"Location": f"{request.root}/{path}('{shown['id']}')"})

        session = self.context.transfers.create_upload(finish, rules=MAIL_UPLOAD)
        context = request.context("microsoft.graph.uploadSession")
        return GraphResponse(201, {"@odata.context": context, **session})

    def delete(self, request: GraphRequest) -> GraphResponse:
        attachment = _one(request, self.find(request))
        self.change(request).attachments.remove(attachment)
        return no_content()


def _check_session(item: Record) -> int:
    """The size of the file that is to be uploaded; refuses what a session is not for."""
    if item.get("attachmentType") != "file" or not item.get("name"):
        raise bad_request(
            "An upload session needs an attachment item of type file with a name.",
            "ErrorInvalidRequest",
        )
    size = int(item.get("size") or 0)
    if size < _LEAST_SESSION:
        raise bad_request(
            "The attachment is too small for an upload session.",
            "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
        )
    if size > MAIL_UPLOAD.largest_file:
        raise GraphError(
            413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size."
        )
    return size


def _one(request: GraphRequest, holder: Holder) -> Attachment:
    read = read_item_id(request.keys["attachment"])
    for item in holder.attachments:
        if read is not None and item.key == read.key:
            return item
    raise item_not_found()
