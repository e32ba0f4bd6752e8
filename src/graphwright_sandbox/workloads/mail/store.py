"""Everybody's mailbox: folders and messages in memory, seeded when first looked at, delivered."""

import base64
import copy
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

from graphwright_sandbox.graph.errors import (
    GraphError,
    bad_request,
    item_not_found,
    malformed_item_id,
)
from graphwright_sandbox.graph.item_ids import derive_key, make_item_id, new_key, read_item_id
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.mail.records import (
    WELL_KNOWN,
    Attachment,
    Folder,
    MessageRecord,
    default_properties,
    new_message_id,
    recipients_of,
)
from graphwright_sandbox.workloads.mail.seed import MailSeed

_ALWAYS_WRITABLE = frozenset(
    {"isRead", "categories", "importance", "flag", "inferenceClassification"}
    | {"isDeliveryReceiptRequested", "isReadReceiptRequested"}
)


@dataclass
class Mailbox:
    owner: Person
    root: bytes
    folders: dict[bytes, Folder] = field(default_factory=dict)
    messages: dict[bytes, MessageRecord] = field(default_factory=dict)

    def well_known(self, name: str) -> Folder:
        return next(folder for folder in self.folders.values() if folder.well_known == name)

    def find_folder(self, identifier: str) -> Folder:
        """The folder of an id or of a well-known name."""
        lowered = identifier.lower()
        if lowered in WELL_KNOWN:
            return self.well_known(lowered)
        if lowered == "msgfolderroot":
            return Folder(self.root, "Top of Information Store", self.root)
        folder = self.folders.get(self._key(identifier))
        if folder is None:
            raise item_not_found()
        return folder

    def find_message(self, identifier: str) -> MessageRecord:
        record = self.messages.get(self._key(identifier))
        if record is None:
            raise item_not_found()
        return record

    def _key(self, identifier: str) -> bytes:
        read = read_item_id(identifier)
        if read is None:
            raise malformed_item_id()
        if read.mailbox != uuid.UUID(self.owner.id).bytes:
            raise item_not_found()
        return read.key

    def children(self, key: bytes) -> list[Folder]:
        return [f for f in self.folders.values() if f.parent == key]

    def inside(self, folder: Folder) -> list[MessageRecord]:
        return [m for m in self.messages.values() if m.folder == folder.key]

    def show_folder(self, folder: Folder) -> Record:
        inside = self.inside(folder)
        return {
            "id": make_item_id(self.owner.id, folder.key),
            "displayName": folder.name,
            "parentFolderId": make_item_id(self.owner.id, folder.parent),
            "childFolderCount": len(self.children(folder.key)),
            "unreadItemCount": sum(not message.properties["isRead"] for message in inside),
            "totalItemCount": len(inside),
            "isHidden": False,
        }


class Mailboxes:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._seed = MailSeed(context)
        self._mailboxes: dict[str, Mailbox] = {}

    def of(self, person: Person) -> Mailbox:
        mailbox = self._mailboxes.get(person.id)
        if mailbox is None:
            root = derive_key("folder", person.id, "root")
            mailbox = Mailbox(person, root)
            for well_known, name in WELL_KNOWN.items():
                key = derive_key("folder", person.id, well_known)
                mailbox.folders[key] = Folder(key, name, root, well_known)
            inbox = mailbox.well_known("inbox")
            key = derive_key("folder", person.id, "projects")
            mailbox.folders[key] = Folder(key, "Projects", inbox.key)
            places = {f.well_known or "projects": f.key for f in mailbox.folders.values()}
            for record in self._seed.messages_of(person, places):
                mailbox.messages[record.key] = record
            self._mailboxes[person.id] = mailbox
        return mailbox

    def create_draft(
        self, mailbox: Mailbox, folder: Folder, data: Record, now: datetime
    ) -> MessageRecord:
        record = self._compose(mailbox, folder, data, now)
        mailbox.messages[record.key] = record
        return record

    def _compose(
        self, mailbox: Mailbox, folder: Folder, data: Record, now: datetime
    ) -> MessageRecord:
        attachments = [_read_attachment(item, now) for item in data.pop("attachments", [])]
        defaults = default_properties(mailbox.owner)
        message_id = data.pop("internetMessageId", None)
        given = read_properties(data, defaults)
        return MessageRecord(
            owner=mailbox.owner,
            key=new_key(),
            folder=folder.key,
            properties={**defaults, **given},
            created=now,
            modified=now,
            received=now,
            sent=now,
            draft=True,
            conversation=new_key(),
            message_id=message_id or new_message_id(self._context.tenant.domain),
            attachments=attachments,
        )

    def change(self, record: MessageRecord, data: Record, now: datetime) -> None:
        if "attachments" in data:
            raise bad_request("The navigation property 'attachments' cannot be written here.")
        if not record.draft and (locked := sorted(set(data) - _ALWAYS_WRITABLE)):
            raise GraphError(
                400,
                "ErrorInvalidPropertySet",
                f"Set action is invalid for property '{locked[0]}': the message is not a draft.",
            )
        data = dict(data)
        record.message_id = data.pop("internetMessageId", None) or record.message_id
        given = read_properties(data, default_properties(record.owner))
        record.properties = {**record.properties, **given}
        record.touch(now)

    def move(
        self, mailbox: Mailbox, record: MessageRecord, folder: Folder, *, keep_id: bool
    ) -> MessageRecord:
        """The message in its new folder; under a new id, as Exchange does, unless it is kept."""
        del mailbox.messages[record.key]
        moved = replace(record, key=record.key if keep_id else new_key(), folder=folder.key)
        moved.revision += 1
        mailbox.messages[moved.key] = moved
        return moved

    def delete(self, mailbox: Mailbox, record: MessageRecord, *, keep_id: bool) -> None:
        """Into Deleted Items; from there it is gone."""
        deleted = mailbox.well_known("deleteditems")
        if record.folder == deleted.key:
            del mailbox.messages[record.key]
        else:
            self.move(mailbox, record, deleted, keep_id=keep_id)

    def send_new(self, mailbox: Mailbox, data: Record, now: datetime, *, save: bool) -> None:
        record = self._compose(mailbox, mailbox.well_known("outbox"), data, now)
        self._send(mailbox, record, now, save=save)

    def send_draft(self, mailbox: Mailbox, record: MessageRecord, now: datetime) -> None:
        if not record.draft:
            raise bad_request("The message has already been sent.", "ErrorInvalidRequest")
        self._send(mailbox, record, now, save=True)
        del mailbox.messages[record.key]

    def _send(self, mailbox: Mailbox, record: MessageRecord, now: datetime, *, save: bool) -> None:
        addresses = recipients_of(record.properties)
        if not addresses or any("@" not in address.strip("@") for address in addresses):
            raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        self._check_sender(mailbox, record)
        sent = replace(record, draft=False, sent=now, received=now, modified=now)
        if save:
            self._put(mailbox, sent, "sentitems", is_read=True)
        for address in addresses:
            person = self._context.find_person(address)
            if person is not None:
                self._put(self.of(person), sent, "inbox", is_read=False)

    def _check_sender(self, mailbox: Mailbox, record: MessageRecord) -> None:
        for name in ("from", "sender"):
            email = (record.properties[name] or {}).get("emailAddress") or {}
            if str(email.get("address") or "").casefold() != mailbox.owner.mail.casefold():
                raise GraphError(
                    403,
                    "ErrorSendAsDenied",
                    "The user account which was used to submit this request does not have the "
                    "right to send mail on behalf of the specified sending account.",
                )

    def _put(self, mailbox: Mailbox, record: MessageRecord, place: str, *, is_read: bool) -> None:
        properties = copy.deepcopy(record.properties)
        properties["isRead"] = is_read
        if mailbox.owner.id != record.owner.id:
            properties["bccRecipients"] = []
            properties["flag"] = {"flagStatus": "notFlagged"}
            properties["categories"] = []
        copied = replace(
            record,
            owner=mailbox.owner,
            key=new_key(),
            folder=mailbox.well_known(place).key,
            properties=properties,
            attachments=[replace(item, key=new_key()) for item in record.attachments],
            revision=1,
        )
        mailbox.messages[copied.key] = copied


def read_properties(data: Record, defaults: Record) -> Record:
    """The writable properties of a checked body, in the form they are stored."""
    given = {
        name: defaults[name] if value is None and name in defaults else value
        for name, value in data.items()
    }
    if "body" in given:
        body = given["body"]
        given["body"] = {
            "contentType": body.get("contentType") or "text",
            "content": body.get("content") or "",
        }
    for name in ("toRecipients", "ccRecipients", "bccRecipients", "replyTo"):
        if name in given:
            given[name] = [_recipient(recipient) for recipient in given[name]]
    for name in ("from", "sender"):
        if name in given:
            given[name] = _recipient(given[name])
    return given


def _recipient(recipient: Record) -> Record:
    email = recipient.get("emailAddress") or {}
    address = email.get("address") or ""
    return {"emailAddress": {"name": email.get("name") or address, "address": address}}


def _read_attachment(item: object, now: datetime) -> Attachment:
    if not isinstance(item, dict):
        raise bad_request("An attachment needs to be an object.")
    kind = str(item.get("@odata.type", "#microsoft.graph.fileAttachment"))
    name, content = item.get("name"), item.get("contentBytes")
    if not kind.endswith("microsoft.graph.fileAttachment"):
        raise bad_request("Only file attachments can be created here.")
    if not isinstance(name, str) or not name or not isinstance(content, str):
        raise bad_request("An attachment needs a name and contentBytes.")
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError as error:
        raise bad_request("The contentBytes of an attachment are not valid base64.") from error
    return Attachment(
        new_key(),
        name,
        str(item.get("contentType") or "application/octet-stream"),
        data,
        now,
        item.get("isInline") is True,
    )
