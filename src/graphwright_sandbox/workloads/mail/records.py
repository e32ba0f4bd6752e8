"""Messages, attachments and folders as they are stored, and as Graph's JSON."""

import base64
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from graphwright_sandbox.graph.item_ids import change_key, etag_of, make_item_id
from graphwright_sandbox.graph.markup import preview_of
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person

WELL_KNOWN = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "archive": "Archive",
    "junkemail": "Junk Email",
    "outbox": "Outbox",
}


@dataclass
class Attachment:
    key: bytes
    name: str
    content_type: str
    content: bytes
    modified: datetime
    inline: bool = False
    content_id: str | None = None


@dataclass
class MessageRecord:
    owner: Person
    key: bytes
    folder: bytes
    properties: Record
    created: datetime
    modified: datetime
    received: datetime
    sent: datetime
    draft: bool
    conversation: bytes
    message_id: str
    attachments: list[Attachment] = field(default_factory=list)
    revision: int = 1

    @property
    def id(self) -> str:
        return make_item_id(self.owner.id, self.key)

    @property
    def etag(self) -> str:
        return etag_of(change_key(self.id, self.revision))

    def touch(self, now: datetime) -> None:
        self.modified = now
        self.revision += 1


@dataclass
class Folder:
    key: bytes
    name: str
    parent: bytes
    well_known: str | None = None


def default_properties(owner: Person) -> Record:
    """The writable properties of a draft about which nothing was said."""
    me = state_recipient(owner.display_name, owner.mail)
    return {
        "subject": "",
        "body": {"contentType": "text", "content": ""},
        "importance": "normal",
        "categories": [],
        "isRead": True,
        "isDeliveryReceiptRequested": False,
        "isReadReceiptRequested": False,
        "inferenceClassification": "focused",
        "flag": {"flagStatus": "notFlagged"},
        "from": me,
        "sender": me,
        "toRecipients": [],
        "ccRecipients": [],
        "bccRecipients": [],
        "replyTo": [],
        "internetMessageHeaders": [],
    }


def state_recipient(name: str, address: str) -> Record:
    return {"emailAddress": {"name": name, "address": address}}


def recipients_of(properties: Record) -> list[str]:
    """The addresses a message goes to, folded, each once."""
    found = (
        str((recipient.get("emailAddress") or {}).get("address") or "").casefold()
        for name in ("toRecipients", "ccRecipients", "bccRecipients")
        for recipient in properties[name]
    )
    return list(dict.fromkeys(found))


def show_message(record: MessageRecord) -> Record:
    key = change_key(record.id, record.revision)
    body = record.properties["body"]
    conversation = make_item_id(record.owner.id, record.conversation)
    return {
        "@odata.etag": etag_of(key),
        "id": record.id,
        "createdDateTime": format_instant(record.created),
        "lastModifiedDateTime": format_instant(record.modified),
        "changeKey": key,
        "receivedDateTime": format_instant(record.received),
        "sentDateTime": format_instant(record.sent),
        "hasAttachments": any(not attachment.inline for attachment in record.attachments),
        "internetMessageId": record.message_id,
        "bodyPreview": preview_of(body),
        "parentFolderId": make_item_id(record.owner.id, record.folder),
        "conversationId": conversation,
        "conversationIndex": base64.b64encode(b"\x01" + record.conversation + b"\x10").decode(),
        "isDraft": record.draft,
        "webLink": f"https://outlook.office365.com/owa/?ItemID={record.id}"
        "&exvsurl=1&viewmodel=ReadMessageItem",
        "uniqueBody": body,
        **record.properties,
    }


def show_attachment(owner: Person, attachment: Attachment) -> Record:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": attachment.content_type,
        "id": make_item_id(owner.id, attachment.key),
        "lastModifiedDateTime": format_instant(attachment.modified),
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": len(attachment.content),
        "isInline": attachment.inline,
        "contentId": attachment.content_id,
        "contentLocation": None,
        "contentBytes": base64.b64encode(attachment.content).decode(),
    }


def new_message_id(domain: str) -> str:
    return f"<{uuid.uuid4().hex.upper()}@mail.{domain}>"
