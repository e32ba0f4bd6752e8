"""One person's mailbox: its folders, its messages, its settings, and how they are found."""

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

from graphwright_sandbox.graph.errors import item_not_found
from graphwright_sandbox.graph.item_ids import (
    make_item_id,
    read_own_item_id,
)
from graphwright_sandbox.graph.lazy_records import LazyRecord
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.workloads.mail.bulk import BulkMessages
from graphwright_sandbox.workloads.mail.records import (
    WELL_KNOWN,
    Folder,
    MessageRecord,
    show_message,
)


@dataclass
class Settings:
    """What a mailbox holds besides mail, as Graph's JSON."""

    rules: list[Record] = field(default_factory=list)
    categories: list[Record] = field(default_factory=list)
    overrides: list[Record] = field(default_factory=list)


class MessageList(Sequence[LazyRecord]):
    """Messages newest first, the stored ones between the generated; made when looked at."""

    def __init__(
        self,
        stored: Sequence[MessageRecord],
        places: Sequence[int],
        bulk: Sequence[MessageRecord],
        window: range,
    ) -> None:
        self._stored = stored
        self._places = places
        """Where each stored message stands among all."""
        self._bulk = bulk
        self._range = window

    @classmethod
    def merge(
        cls, stored: Sequence[MessageRecord], bulk: BulkMessages | None, *, ascending: bool = False
    ) -> "MessageList":
        """All of both, newest first unless ascending."""
        ordered = sorted(stored, key=lambda record: record.received)[::-1]
        places = [
            before + (bulk.newer_than(record.received) if bulk else 0)
            for before, record in enumerate(ordered)
        ]
        window = range(len(ordered) + len(bulk or ()))
        return cls(ordered, places, bulk or (), window[::-1] if ascending else window)

    def __len__(self) -> int:
        return len(self._range)

    @overload
    def __getitem__(self, index: int) -> LazyRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[LazyRecord]: ...
    def __getitem__(self, index: int | slice) -> LazyRecord | list[LazyRecord]:
        if isinstance(index, slice):
            return [show_message(self._at(place)) for place in self._range[index]]
        return show_message(self._at(self._range[index]))

    def _at(self, place: int) -> MessageRecord:
        before = bisect_left(self._places, place)
        if before < len(self._places) and self._places[before] == place:
            return self._stored[before]
        return self._bulk[place - before]

    def between(self, first: float, last: float) -> "MessageList":
        """Those received from `first` to `last`, both included, in seconds since 1970."""
        ascending = self._range.step < 0
        whole = self._range[::-1] if ascending else self._range

        def age(place: int) -> int:
            return -int(self._at(place).received.timestamp())

        start = bisect_left(whole, -last, key=age)
        stop = max(start, bisect_right(whole, -first, key=age))
        return self._part(whole[start:stop][::-1] if ascending else whole[start:stop])

    def first(self, count: int) -> "MessageList":
        """At most so many of them."""
        return self._part(self._range[:count])

    def _part(self, places: range) -> "MessageList":
        return MessageList(self._stored, self._places, self._bulk, places)


@dataclass
class Mailbox:
    owner_id: str
    root: bytes
    folders: dict[bytes, Folder] = field(default_factory=dict)
    messages: dict[bytes, MessageRecord] = field(default_factory=dict)
    bulk: BulkMessages | None = None
    settings: Settings = field(default_factory=Settings)
    written: bool = False
    """Whether it is no longer as it was seeded."""

    def well_known(self, name: str) -> Folder:
        return next(folder for folder in self.folders.values() if folder.well_known == name)

    def find_folder(self, identifier: str) -> Folder:
        """The folder of an id or of a well-known name."""
        lowered = identifier.lower()
        if lowered in WELL_KNOWN:
            return self.well_known(lowered)
        if lowered == "msgfolderroot":
            return Folder(self.root, "Top of Information Store", self.root, lowered)
        read = read_own_item_id(identifier, self.owner_id)
        if read.key == self.root:
            return self.find_folder("msgfolderroot")
        folder = self.folders.get(read.key)
        if folder is None:
            raise item_not_found()
        return folder

    def find_message(self, identifier: str) -> MessageRecord:
        read = read_own_item_id(identifier, self.owner_id)
        record = self.messages.get(read.key)
        if record is None and self.bulk is not None:
            record = self.bulk.find(read.key)
        if record is None or not (read.immutable or read.number == record.moves):
            raise item_not_found()
        return record

    def children(self, key: bytes) -> list[Folder]:
        return [f for f in self.folders.values() if f.parent == key]

    def is_inside(self, folder: Folder, key: bytes) -> bool:
        """Whether a folder is, or lies below, the folder of this key."""
        while folder.key != key:
            parent = self.folders.get(folder.parent)
            if parent is None:
                return False
            folder = parent
        return True

    def inside(self, folder: Folder | None, *, ascending: bool = False) -> MessageList:
        """The messages of a folder, or of the whole mailbox."""
        if folder is None:
            return MessageList.merge(list(self.messages.values()), self.bulk, ascending=ascending)
        stored = [m for m in self.messages.values() if m.folder == folder.key]
        bulk = self.bulk if self.bulk is not None and self.bulk.folder == folder.key else None
        return MessageList.merge(stored, bulk, ascending=ascending)

    def folder_id(self, folder: Folder) -> str:
        return make_item_id(self.owner_id, folder.key)

    def show_folder(self, folder: Folder) -> Record:
        stored = [m for m in self.messages.values() if m.folder == folder.key]
        unread = sum(not message.properties["isRead"] for message in stored)
        total = len(stored)
        if self.bulk is not None and self.bulk.folder == folder.key:
            unread += self.bulk.unread
            total += len(self.bulk)
        return {
            "id": self.folder_id(folder),
            "displayName": folder.name,
            "parentFolderId": make_item_id(self.owner_id, folder.parent),
            "childFolderCount": sum(not child.hidden for child in self.children(folder.key)),
            "unreadItemCount": unread,
            "totalItemCount": total,
            "isHidden": folder.hidden,
        }


def new_folder_key() -> bytes:
    return uuid.uuid4().bytes
