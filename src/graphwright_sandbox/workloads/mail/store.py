"""Everybody's mail: mailboxes seeded when first looked at, written to, and delivered to."""

import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from graphwright_sandbox.graph.attachments import read_attachment
from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.extensions import read_extension
from graphwright_sandbox.graph.item_ids import derive_key, new_key
from graphwright_sandbox.graph.post import MeetingMail
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.mail.bulk import BulkMessages
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox, Settings
from graphwright_sandbox.workloads.mail.properties import check_writable, read_properties
from graphwright_sandbox.workloads.mail.records import (
    WELL_KNOWN,
    Folder,
    MessageRecord,
    address_of,
    default_properties,
    new_message_id,
    recipients_of,
    state_recipient,
)
from graphwright_sandbox.workloads.mail.seed import MailSeed


class _Kept(msgspec.Struct):
    """What is written down of a mailbox that changed."""

    folders: list[Folder]
    messages: list[MessageRecord]
    settings: Settings
    kept: list[MessageRecord]
    removed: list[int]


class Mailboxes:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._seed = MailSeed(context)
        self._mailboxes: dict[str, Mailbox] = {}
        context.state.add("mail", self._dump, self._load)
        context.post.on_mail(self.deliver_meeting)

    def of(self, person: Person) -> Mailbox:
        mailbox = self._mailboxes.get(person.id)
        if mailbox is None:
            mailbox = self._mailboxes[person.id] = self._seeded(person)
        return mailbox

    def _seeded(self, person: Person) -> Mailbox:
        mailbox = Mailbox(person.id, derive_key("folder", person.id, "root"))
        for well_known, name in WELL_KNOWN.items():
            key = derive_key("folder", person.id, well_known)
            mailbox.folders[key] = Folder(key, name, mailbox.root, well_known)
        inbox = mailbox.well_known("inbox")
        key = derive_key("folder", person.id, "projects")
        mailbox.folders[key] = Folder(key, "Projects", inbox.key)
        places = {f.well_known or "projects": f.key for f in mailbox.folders.values()}
        for record in self._seed.messages_of(person, places):
            mailbox.messages[record.key] = record
        mailbox.settings.categories = self._seed.categories_of(person)
        if self._context.bulk_messages:
            count, today = self._context.bulk_messages, self._context.today
            mailbox.bulk = BulkMessages(person, inbox.key, count, today)
        return mailbox

    def _dump(self) -> Any:
        """The mailboxes that are no longer as they were seeded."""
        return {
            owner_id: msgspec.to_builtins(
                _Kept(
                    list(mailbox.folders.values()),
                    list(mailbox.messages.values()),
                    mailbox.settings,
                    list(mailbox.bulk.kept.values()) if mailbox.bulk else [],
                    mailbox.bulk.removed if mailbox.bulk else [],
                )
            )
            for owner_id, mailbox in self._mailboxes.items()
            if mailbox.written
        }

    def _load(self, value: Any) -> None:
        self._mailboxes.clear()
        for owner_id, data in value.items():
            person = self._context.find_person(owner_id)
            if person is None:
                continue
            kept = msgspec.convert(data, _Kept)
            mailbox = self._mailboxes[owner_id] = self._seeded(person)
            mailbox.folders = {folder.key: folder for folder in kept.folders}
            mailbox.messages = {record.key: record for record in kept.messages}
            mailbox.settings, mailbox.written = kept.settings, True
            if mailbox.bulk is not None:
                for number in kept.removed:
                    mailbox.bulk.remove(mailbox.bulk.record(number))
                for record in kept.kept:
                    mailbox.bulk.keep(record)

    def note(self, mailbox: Mailbox, record: MessageRecord, kind: Kind) -> None:
        """Tells delta queries and subscriptions of a write."""
        mailbox.written = True
        user = f"users/{mailbox.owner_id}"
        folder = mailbox.folder_id(Folder(record.folder, "", b""))
        self._context.changes.record(
            f"{user}/mailFolders/{folder}/messages",
            record.id,
            kind,
            resource=f"{user}/messages/{record.id}",
            mailbox=mailbox.owner_id,
        )
        self.note_folder(mailbox, folder, "updated")

    def note_folder(self, mailbox: Mailbox, folder_id: str, kind: Kind) -> None:
        """A folder came, went or changed, be it only in its counts."""
        mailbox.written = True
        place = f"users/{mailbox.owner_id}/mailFolders"
        self._context.changes.record(
            place, folder_id, kind, resource=f"{place}/{folder_id}", mailbox=mailbox.owner_id
        )

    def add(self, mailbox: Mailbox, record: MessageRecord) -> MessageRecord:
        """A new message in its folder."""
        mailbox.messages[record.key] = record
        self.note(mailbox, record, "created")
        return record

    def compose(
        self, mailbox: Mailbox, folder: Folder, data: Record, now: datetime
    ) -> MessageRecord:
        """A draft of a checked body, not in the mailbox yet."""
        data = dict(data)
        attachments = [read_attachment(item, now) for item in data.pop("attachments", [])]
        extensions = dict(read_extension(item) for item in data.pop("extensions", []))
        check_writable(data, draft=True)
        defaults = default_properties(self._context.tenant.people.get(mailbox.owner_id))
        message_id = data.pop("internetMessageId", None)
        given = read_properties(data, defaults)
        return MessageRecord(
            owner_id=mailbox.owner_id,
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
            extensions=extensions,
        )

    def change(self, mailbox: Mailbox, record: MessageRecord, data: Record, now: datetime) -> None:
        check_writable(data, draft=record.draft)
        data = dict(data)
        message_id = data.pop("internetMessageId", None)
        owner = self._context.tenant.people.get(mailbox.owner_id)
        given = read_properties(data, default_properties(owner))
        self.touch(mailbox, record, now)
        record.message_id = message_id or record.message_id
        record.properties = {**record.properties, **given}

    def touch(self, mailbox: Mailbox, record: MessageRecord, now: datetime) -> None:
        """Another revision of a message, about to be changed."""
        if mailbox.bulk is not None:
            mailbox.bulk.keep(record)
        record.touch(now)
        self.note(mailbox, record, "updated")

    def move(self, mailbox: Mailbox, record: MessageRecord, folder: Folder) -> MessageRecord:
        """The message in its new folder, under a new id as Exchange gives it."""
        self.remove(mailbox, record)
        moved = replace(
            record, folder=folder.key, moves=record.moves + 1, revision=record.revision + 1
        )
        return self.add(mailbox, moved)

    def copy(self, mailbox: Mailbox, record: MessageRecord, folder: Folder) -> MessageRecord:
        copied = replace(
            record,
            key=new_key(),
            extensions=copy.deepcopy(record.extensions),
            folder=folder.key,
            properties=copy.deepcopy(record.properties),
            attachments=[item.copy() for item in record.attachments],
            revision=1,
            moves=0,
        )
        return self.add(mailbox, copied)

    def remove(self, mailbox: Mailbox, record: MessageRecord) -> None:
        """Out of the mailbox, for good."""
        if mailbox.messages.pop(record.key, None) is None and mailbox.bulk is not None:
            mailbox.bulk.remove(record)
        self.note(mailbox, record, "deleted")

    def delete(self, mailbox: Mailbox, record: MessageRecord) -> None:
        """Into Deleted Items; from there, or from a folder within, it is gone."""
        deleted = mailbox.well_known("deleteditems")
        folder = mailbox.folders.get(record.folder)
        if folder is not None and mailbox.is_inside(folder, deleted.key):
            self.remove(mailbox, record)
        else:
            self.move(mailbox, record, deleted)

    def send_new(
        self, mailbox: Mailbox, record: MessageRecord, now: datetime, *, save: bool
    ) -> None:
        """Sends what was composed and lies in no folder."""
        addresses = recipients_of(record.properties)
        if not addresses or any("@" not in address.strip("@") for address in addresses):
            raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        self._check_sender(mailbox, record)
        sent = replace(record, draft=False, sent=now, received=now, modified=now)
        if save:
            self._put(mailbox, sent, "sentitems", is_read=True)
        for person in self._receivers(addresses):
            self._put(self.of(person), sent, "inbox", is_read=False)

    def _receivers(self, addresses: list[str]) -> list[Person]:
        """The people behind addresses; those of a group are its members. Each once."""
        groups = {group.mail.casefold(): group for group in self._context.tenant.groups}
        found: dict[str, Person] = {}
        for address in addresses:
            group = groups.get(address)
            for name in group.members if group and group.mail else (address,):
                person = self._context.find_person(name)
                if person is not None:
                    found[person.id] = person
        return list(found.values())

    def send_draft(self, mailbox: Mailbox, record: MessageRecord, now: datetime) -> None:
        if not record.draft:
            raise bad_request("The message has already been sent.", "ErrorInvalidRequest")
        self.send_new(mailbox, record, now, save=False)
        # It is the same item that then lies in Sent Items: its immutable id stays.
        sent = replace(record, draft=False, sent=now, received=now, modified=now)
        sent.properties = {**record.properties, "isRead": True}
        self.move(mailbox, sent, mailbox.well_known("sentitems"))

    def deliver_meeting(self, mail: MeetingMail) -> None:
        """A message that a calendar sends: an invitation, an answer, a cancellation."""
        sender = self._context.tenant.people.get(mail.sender_id)
        mailbox = self.of(sender)
        data = {
            "subject": mail.subject,
            "body": dict(mail.body),
            "toRecipients": [state_recipient(name, address) for name, address in mail.to],
        }
        record = self.compose(mailbox, mailbox.well_known("outbox"), data, mail.moment)
        sent = replace(record, draft=False, meeting=dict(mail.meeting))
        sent.conversation = derive_key("conversation", mail.uid)
        self._put(mailbox, sent, "sentitems", is_read=True)
        for _, address in mail.to:
            person = self._context.find_person(address)
            if person is not None:
                meeting = {**mail.meeting, "_event": mail.events.get(person.id)}
                self._put(self.of(person), replace(sent, meeting=meeting), "inbox", is_read=False)

    def _check_sender(self, mailbox: Mailbox, record: MessageRecord) -> None:
        owner = self._context.tenant.people.get(mailbox.owner_id)
        for name in ("from", "sender"):
            if address_of(record.properties[name]) != owner.mail.casefold():
                raise GraphError(
                    403,
                    "ErrorSendAsDenied",
                    "The user account which was used to submit this request does not have the "
                    "right to send mail on behalf of the specified sending account.",
                )

    def _put(self, mailbox: Mailbox, record: MessageRecord, place: str, *, is_read: bool) -> None:
        properties = copy.deepcopy(record.properties)
        properties["isRead"] = is_read
        if mailbox.owner_id != record.owner_id:
            properties["bccRecipients"] = []
            properties["flag"] = {"flagStatus": "notFlagged"}
            properties["categories"] = []
        copied = replace(
            record,
            owner_id=mailbox.owner_id,
            key=new_key(),
            folder=mailbox.well_known(place).key,
            properties=properties,
            attachments=[item.copy() for item in record.attachments],
            extensions=copy.deepcopy(record.extensions),
            revision=1,
            moves=0,
        )
        self.add(mailbox, copied)
