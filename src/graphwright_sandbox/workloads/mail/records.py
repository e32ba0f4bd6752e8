"""Messages and folders as they are stored, and as Graph's JSON."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphwright_sandbox.graph.attachments import Attachment
from graphwright_sandbox.graph.item_ids import change_key, etag_of, make_item_id
from graphwright_sandbox.graph.lazy_records import LazyRecord
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
    "conversationhistory": "Conversation History",
}


@dataclass
class MessageRecord:
    owner_id: str
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
    extensions: dict[str, Record] = field(default_factory=dict)
    """Open extensions, by name."""
    schema: dict[str, Record] = field(default_factory=dict)
    """Values of schema extensions, by name."""
    revision: int = 1
    moves: int = 0
    """How often it was moved; part of its id."""
    meeting: Record | None = None
    """What an event message has besides: its `@odata.type`, its properties, `_event`."""

    @property
    def id(self) -> str:
        return make_item_id(self.owner_id, self.key, moves=self.moves)

    @property
    def change_key(self) -> str:
        return change_key(self.id, self.revision)

    @property
    def etag(self) -> str:
        return etag_of(self.change_key)

    def touch(self, now: datetime) -> None:
        self.modified = now
        self.revision += 1


@dataclass
class Folder:
    key: bytes
    name: str
    parent: bytes
    well_known: str | None = None
    hidden: bool = False


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


def address_of(recipient: Record | None) -> str:
    """The address of a recipient, folded; empty where there is none."""
    email = (recipient or {}).get("emailAddress") or {}
    return str(email.get("address") or "").casefold()


def recipients_of(properties: Record) -> list[str]:
    """The addresses a message goes to, folded, each once."""
    found = (
        address_of(recipient)
        for name in ("toRecipients", "ccRecipients", "bccRecipients")
        for recipient in properties[name]
    )
    return list(dict.fromkeys(found))


def _written(name: str) -> Callable[[MessageRecord], Any]:
    return lambda record: record.properties.get(name)


def _added(name: str) -> Callable[[MessageRecord], Any]:
    return lambda record: record.schema.get(name)


_WRITABLE = tuple(
    """subject body importance categories isRead isDeliveryReceiptRequested isReadReceiptRequested
    inferenceClassification flag from sender toRecipients ccRecipients bccRecipients replyTo
    internetMessageHeaders""".split()
)
_MAKERS: dict[str, Callable[[MessageRecord], Any]] = {
    "@odata.etag": lambda record: record.etag,
    "id": lambda record: record.id,
    "createdDateTime": lambda record: format_instant(record.created),
    "lastModifiedDateTime": lambda record: format_instant(record.modified),
    "changeKey": lambda record: record.change_key,
    "receivedDateTime": lambda record: format_instant(record.received),
    "sentDateTime": lambda record: format_instant(record.sent),
    "hasAttachments": lambda record: any(not item.inline for item in record.attachments),
    "internetMessageId": lambda record: record.message_id,
    "bodyPreview": lambda record: preview_of(record.properties["body"]),
    "parentFolderId": lambda record: make_item_id(record.owner_id, record.folder),
    "conversationId": lambda record: make_item_id(record.owner_id, record.conversation),
    "conversationIndex": lambda record: base64.b64encode(
        b"\x01" + record.conversation + b"\x10"
    ).decode(),
    "isDraft": lambda record: record.draft,
    "webLink": lambda record: (
        f"https://outlook.office365.com/owa/?ItemID={record.id}&exvsurl=1&viewmodel=ReadMessageItem"
    ),
    "uniqueBody": lambda record: record.properties["body"],
    **{name: _written(name) for name in _WRITABLE},
    "_attachments": lambda record: [item.name for item in record.attachments],
}
_MEETING_NAMES = tuple(
    """@odata.type meetingMessageType type isOutOfDate isAllDay isDelegated startDateTime
    endDateTime location recurrence""".split()
)
_MEETING_MORE = {
    "#microsoft.graph.eventMessageRequest": (
        "meetingRequestType",
        "responseRequested",
        "allowNewTimeProposals",
        "previousLocation",
        "previousStartDateTime",
        "previousEndDateTime",
    ),
    "#microsoft.graph.eventMessageResponse": ("responseType", "proposedNewTime"),
}


def _of_meeting(name: str) -> Callable[[MessageRecord], Any]:
    return lambda record: (record.meeting or {}).get(name)


_MEETING_MAKERS = {
    type_name: {
        "@odata.type": _of_meeting("@odata.type"),
        **_MAKERS,
        **{name: _of_meeting(name) for name in (*_MEETING_NAMES, *more)},
    }
    for type_name, more in (("#microsoft.graph.eventMessage", ()), *_MEETING_MORE.items())
}


def show_message(record: MessageRecord) -> LazyRecord:
    """The message's JSON, each property made when it is looked at."""
    makers = _MAKERS
    if record.meeting is not None:
        makers = _MEETING_MAKERS[record.meeting["@odata.type"]]
    if record.schema:
        makers = {**makers, **{name: _added(name) for name in record.schema}}
    return LazyRecord(record, makers)


def new_message_id(domain: str) -> str:
    return f"<{uuid.uuid4().hex.upper()}@mail.{domain}>"
