"""The seeded mailboxes: letters turned into message records, each participant their own."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from graphwright_sandbox.graph.attachments import Attachment
from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.item_ids import derive_key
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.mail.records import (
    MessageRecord,
    default_properties,
    state_recipient,
)
from graphwright_sandbox.workloads.mail.threads import CIRCULARS, Circular, Letter, company_letters

_TABLE = b"section;title;status\r\n1;Scope;agreed\r\n4;Liability;open\r\n"
_READ_AFTER = timedelta(days=6)
_CATEGORIES = ("Red", "Orange", "Yellow", "Green", "Blue", "Purple")
_COLORS = ("preset0", "preset1", "preset3", "preset4", "preset7", "preset8")


class MailSeed:
    """Makes the messages of one person at a time; the letters are written once."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._letters: dict[str, list[Letter]] | None = None

    def messages_of(self, person: Person, places: Mapping[str, bytes]) -> list[MessageRecord]:
        """All messages of a person; `places` are the keys of folders by name."""
        if self._letters is None:
            self._letters = {}
            for letter in company_letters(self._context):
                for reader in (letter.sender, *letter.people):
                    self._letters.setdefault(reader.id, []).append(letter)
        records = [
            self._letter(letter, person, places) for letter in self._letters.get(person.id, ())
        ]
        records += [self._circular(circular, person, places) for circular in CIRCULARS]
        records.append(self._draft(person, places))
        return records

    def categories_of(self, person: Person) -> list[Record]:
        """The categories every mailbox begins with."""
        return [
            {
                "id": str(uuid.UUID(bytes=derive_key("category", person.id, name))),
                "displayName": f"{name} category",
                "color": color,
            }
            for name, color in zip(_CATEGORIES, _COLORS, strict=True)
        ]

    def _record(
        self, person: Person, key: str, folder: bytes, moment: datetime, properties: Record
    ) -> MessageRecord:
        digest = derive_key("message-id", key).hex().upper()
        return MessageRecord(
            owner_id=person.id,
            key=derive_key("message", key, person.id),
            folder=folder,
            properties={**default_properties(person), **properties},
            created=moment,
            modified=moment,
            received=moment,
            sent=moment,
            draft=False,
            conversation=derive_key("conversation", key),
            message_id=f"<{digest}@mail.{self._context.tenant.domain}>",
        )

    def _letter(self, letter: Letter, person: Person, places: Mapping[str, bytes]) -> MessageRecord:
        mine = letter.sender.id == person.id
        chance = chance_of(letter.thread, person.id)
        place = chance.choice(("inbox", "inbox", "inbox", "inbox", "projects", "archive"))
        sender = _recipient(letter.sender)
        first, *others = letter.people
        age = datetime.combine(self._context.today, time(), UTC) - letter.sent
        record = self._record(
            person,
            letter.key,
            places["sentitems" if mine else place],
            letter.sent,
            {
                "subject": letter.subject,
                "body": {"contentType": "html", "content": letter.html},
                "from": sender,
                "sender": sender,
                "toRecipients": [_recipient(first)],
                "ccRecipients": [_recipient(other) for other in others],
                "isRead": mine or age > _READ_AFTER or chance.random() < 0.3,
                "importance": "high" if chance.random() < 0.08 else "normal",
                "flag": {"flagStatus": "flagged" if chance.random() < 0.1 else "notFlagged"},
                "categories": ["Blue category"] if chance.random() < 0.1 else [],
            },
        )
        record.conversation = derive_key("conversation", letter.thread)
        if letter.attachment:
            key = derive_key("attachment", letter.key, person.id)
            record.attachments.append(
                Attachment(key, letter.attachment, "text/csv", _TABLE, letter.sent)
            )
        return record

    def _circular(
        self, circular: Circular, person: Person, places: Mapping[str, bytes]
    ) -> MessageRecord:
        day = self._context.today - timedelta(days=circular.days)
        moment = datetime.combine(day, time(0, 5), UTC)
        sender = state_recipient(circular.name, circular.address)
        return self._record(
            person,
            f"circular {circular.key}",
            places[circular.folder],
            moment,
            {
                "subject": circular.subject,
                "body": {"contentType": "html", "content": circular.html},
                "from": sender,
                "sender": sender,
                "toRecipients": [_recipient(person)],
                "isRead": circular.days > 4,
                "inferenceClassification": "focused" if circular.focused else "other",
                "internetMessageHeaders": [
                    {"name": "List-Unsubscribe", "value": f"<mailto:{circular.address}>"}
                ],
            },
        )

    def _draft(self, person: Person, places: Mapping[str, bytes]) -> MessageRecord:
        moment = datetime.combine(self._context.today - timedelta(days=3), time(16, 40), UTC)
        record = self._record(
            person,
            f"draft {person.id}",
            places["drafts"],
            moment,
            {
                "subject": "Ideas for the map of 2030",
                "body": {"contentType": "text", "content": "1. Names in every script\n2. "},
            },
        )
        record.draft = True
        return record


def _recipient(person: Person) -> Record:
    return state_recipient(person.display_name, person.mail)
