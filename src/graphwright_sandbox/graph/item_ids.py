"""Ids and change keys in the shape Exchange gives them: long, URL-safe base64, case-sensitive.

An id holds the mailbox, the item's key and, for an occurrence, its original date; so occurrences
of a series need not be stored to be found.
"""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import date

_PREFIX = "AAMkAD"
_LENGTH = 16 + 16 + 4


@dataclass(frozen=True, slots=True)
class ItemId:
    mailbox: bytes
    key: bytes
    occurrence: date | None


def derive_key(*parts: object) -> bytes:
    """The key of a seeded item: the same parts give the same key in every run."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16]


def new_key() -> bytes:
    return uuid.uuid4().bytes


def make_item_id(user_id: str, key: bytes, occurrence: date | None = None) -> str:
    ordinal = occurrence.toordinal() if occurrence else 0
    raw = uuid.UUID(user_id).bytes + key + ordinal.to_bytes(4, "big")
    check = hashlib.sha256(raw).digest()[:9]
    return _PREFIX + base64.urlsafe_b64encode(raw + check).decode()


def read_item_id(text: str) -> ItemId | None:
    """The parts of an id, or None where it was never one."""
    if not text.startswith(_PREFIX):
        return None
    try:
        data = base64.urlsafe_b64decode(text.removeprefix(_PREFIX))
    except ValueError:
        return None
    raw, check = data[:_LENGTH], data[_LENGTH:]
    if len(raw) != _LENGTH or hashlib.sha256(raw).digest()[:9] != check:
        return None
    ordinal = int.from_bytes(raw[32:], "big")
    return ItemId(raw[:16], raw[16:32], date.fromordinal(ordinal) if ordinal else None)


def change_key(item_id: str, revision: int) -> str:
    digest = hashlib.sha256(f"{item_id}.{revision}".encode()).digest()
    return base64.b64encode(digest[:18]).decode()


def etag_of(key: str) -> str:
    return f'W/"{key}"'
