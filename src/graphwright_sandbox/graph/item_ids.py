"""Ids and change keys in the shape Exchange gives them: long, URL-safe base64, case-sensitive.

An id holds the mailbox, the item's key and a number: of an occurrence its original date, so that
occurrences of a series need not be stored to be found; of a message how often it was moved, so that
a move gives it another id, as in Exchange. An immutable id (`Prefer: IdType="ImmutableId"`) leaves
the moves out.
"""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from graphwright_sandbox.graph.errors import item_not_found, malformed_item_id

_PREFIX = "AAMkAD"
_IMMUTABLE = "AAkALg"
_LENGTH = 16 + 16 + 4


@dataclass(frozen=True, slots=True)
class ItemId:
    mailbox: bytes
    key: bytes
    number: int = 0
    immutable: bool = False

    @property
    def occurrence(self) -> date | None:
        """The original date of an occurrence; only for ids of events."""
        if not 0 < self.number <= date.max.toordinal():
            return None
        return date.fromordinal(self.number)


def derive_key(*parts: object) -> bytes:
    """The key of a seeded item: the same parts give the same key in every run."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16]


def new_key() -> bytes:
    return uuid.uuid4().bytes


def make_item_id(
    user_id: str,
    key: bytes,
    occurrence: date | None = None,
    *,
    moves: int = 0,
    immutable: bool = False,
) -> str:
    number = occurrence.toordinal() if occurrence else moves
    raw = mailbox_bytes(user_id) + key + number.to_bytes(4, "big")
    check = hashlib.sha256(raw).digest()[:9]
    prefix = _IMMUTABLE if immutable else _PREFIX
    return prefix + base64.urlsafe_b64encode(raw + check).decode()


@lru_cache(maxsize=4096)
def mailbox_bytes(user_id: str) -> bytes:
    """How an id names the mailbox of a user."""
    return uuid.UUID(user_id).bytes


def immutable_id(text: str) -> str:
    """The immutable id of the item that any id names."""
    read = read_item_id(text)
    if read is None:
        return text
    return make_item_id(str(uuid.UUID(bytes=read.mailbox)), read.key, immutable=True)


def read_item_id(text: str) -> ItemId | None:
    """The parts of an id, or None where it was never one."""
    prefix = text[: len(_PREFIX)]
    if prefix not in (_PREFIX, _IMMUTABLE):
        return None
    try:
        data = base64.urlsafe_b64decode(text[len(_PREFIX) :])
    except ValueError:
        return None
    raw, check = data[:_LENGTH], data[_LENGTH:]
    if len(raw) != _LENGTH or hashlib.sha256(raw).digest()[:9] != check:
        return None
    number = int.from_bytes(raw[32:], "big")
    return ItemId(raw[:16], raw[16:32], number, prefix == _IMMUTABLE)


def read_own_item_id(text: str, owner_id: str) -> ItemId:
    """The parts of an id of somebody's mailbox; refuses what is none, and ids of other mailboxes."""
    read = read_item_id(text)
    if read is None:
        raise malformed_item_id()
    if read.mailbox != mailbox_bytes(owner_id):
        raise item_not_found()
    return read


def change_key(item_id: str, revision: int) -> str:
    digest = hashlib.sha256(f"{item_id}.{revision}".encode()).digest()
    return base64.b64encode(digest[:18]).decode()


def etag_of(key: str) -> str:
    return f'W/"{key}"'
