"""Everybody's address book in memory, seeded when first looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.errors import (
    GraphError,
    item_not_found,
    validation_failed,
)
from graphwright_sandbox.graph.extensions import read_extension
from graphwright_sandbox.graph.item_ids import (
    change_key,
    derive_key,
    etag_of,
    make_item_id,
    new_key,
    read_own_item_id,
)
from graphwright_sandbox.graph.photos import Photos
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.contacts.entities import CONTACT
from graphwright_sandbox.workloads.contacts.seed import seeded_contacts

DEFAULT_NAME = "Contacts"
_MOST = {"emailAddresses": 3, "businessPhones": 2, "homePhones": 2}
_RANKS = ("primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress")


@dataclass
class Book:
    """Folders and contacts of one person by their ids."""

    owner_id: str
    default: str
    folders: dict[str, Record] = field(default_factory=dict)
    contacts: dict[str, Record] = field(default_factory=dict)
    revision: int = 0

    def find_folder(self, identifier: str) -> Record:
        """The folder of an id or of the well-known name."""
        if identifier.lower() == "contacts":
            return self.folders[self.default]
        return self._find(self.folders, identifier)

    def find_contact(self, identifier: str, folder: Record | None = None) -> Record:
        record = self._find(self.contacts, identifier)
        if folder is not None and record["parentFolderId"] != folder["id"]:
            raise item_not_found()
        return record

    def children(self, folder: Record) -> list[Record]:
        return [one for one in self.folders.values() if one["parentFolderId"] == folder["id"]]

    def inside(self, folder: Record) -> list[Record]:
        return [one for one in self.contacts.values() if one["parentFolderId"] == folder["id"]]

    def _find(self, records: Mapping[str, Record], identifier: str) -> Record:
        read = read_own_item_id(identifier, self.owner_id)
        record = records.get(make_item_id(self.owner_id, read.key))
        if record is None:
            raise item_not_found()
        return record


class AddressBooks:
    """The address books of the tenant; every write is recorded as a change."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._books: dict[str, Book] = {}
        self.photos = Photos(lambda _contact: False)
        context.state.add("contacts", self._dump, self._load)
        context.state.add("contactPhotos", self.photos.dump, self.photos.load)

    def of(self, person: Person) -> Book:
        book = self._books.get(person.id)
        if book is None:
            root = make_item_id(person.id, derive_key("folder", person.id, "root"))
            default = make_item_id(person.id, derive_key("contacts", person.id))
            book = self._books[person.id] = Book(person.id, default)
            book.folders[default] = _folder(default, DEFAULT_NAME, root)
            moment = datetime.combine(self._context.today, time(7), UTC)
            for number, data in enumerate(seeded_contacts(person)):
                key = derive_key("contact", person.id, number)
                self._write(book, _new(book, key, book.folders[default], moment), data, moment)
        return book

    def add_folder(self, book: Book, parent: Record, name: str | None) -> Record:
        record = _folder(
            make_item_id(book.owner_id, new_key()), _free_name(book, parent, name), parent["id"]
        )
        book.folders[record["id"]] = record
        self._note_folder(book, record, "created")
        return record

    def rename_folder(self, book: Book, folder: Record, name: str | None) -> None:
        _check_own(book, folder)
        parent = book.folders.get(folder["parentFolderId"], folder)
        folder["displayName"] = _free_name(book, parent, name, folder)
        self._note_folder(book, folder, "updated")

    def remove_folder(self, book: Book, folder: Record) -> None:
        """The folder with all that it holds."""
        _check_own(book, folder)
        for child in book.children(folder):
            self.remove_folder(book, child)
        for contact in book.inside(folder):
            self.remove(book, contact)
        del book.folders[folder["id"]]
        self._note_folder(book, folder, "deleted")

    def add(self, book: Book, folder: Record, data: Record, now: datetime) -> Record:
        record = _new(book, new_key(), folder, now)
        extensions = dict(read_extension(item) for item in data.pop("extensions", ()))
        self._write(book, record, {**data, "_extensions": extensions}, now)
        self._note(book, record, "created")
        return record

    def change(self, book: Book, record: Record, data: Record, now: datetime) -> None:
        if "extensions" in data:
            raise GraphError(
                400,
                "ErrorInvalidRequest",
                "The navigation property 'extensions' cannot be written with the contact.",
            )
        self._write(book, record, data, now)
        self._note(book, record, "updated")

    def remove(self, book: Book, record: Record) -> None:
        del book.contacts[record["id"]]
        self._note(book, record, "deleted")

    def container(self, book: Book, folder: Record) -> str:
        """What a delta query of the contacts in a folder reads."""
        return f"users/{book.owner_id}/contactFolders/{folder['id']}/contacts"

    def _write(self, book: Book, record: Record, data: Record, now: datetime) -> None:
        """Checks and keeps the values of a body; what follows from them is made anew."""
        written = {**record, **data}
        for name, most in _MOST.items():
            if len(written[name]) > most:
                raise validation_failed(f"The property '{name}' holds more than {most} entries.")
        written["emailAddresses"] = [_address(one) for one in written["emailAddresses"]]
        names = [written["givenName"], written["middleName"], written["surname"]]
        if not written["displayName"] or ("displayName" not in data and _names_of(data)):
            written["displayName"] = " ".join(filter(None, names)) or None
        if not written["fileAs"] or ("fileAs" not in data and _names_of(data)):
            family = [written["surname"], " ".join(filter(None, names[:2]))]
            written["fileAs"] = ", ".join(filter(None, family)) or written["displayName"]
        ranked = [*written["emailAddresses"], None, None, None]
        written.update(zip(_RANKS, ranked, strict=False))
        book.revision += 1
        written["changeKey"] = change_key(record["id"], book.revision)
        written["@odata.etag"] = etag_of(written["changeKey"])
        written["lastModifiedDateTime"] = format_instant(now)
        record.clear()
        record.update(written)
        book.contacts[record["id"]] = record

    def _note(self, book: Book, record: Record, kind: Kind) -> None:
        folder = {"id": record["parentFolderId"]}
        self._context.changes.record(
            self.container(book, folder),
            record["id"],
            kind,
            resource=f"users/{book.owner_id}/contacts/{record['id']}",
            mailbox=book.owner_id,
        )

    def _note_folder(self, book: Book, folder: Record, kind: Kind) -> None:
        self._context.changes.record(
            f"users/{book.owner_id}/contactFolders",
            folder["id"],
            kind,
            resource=f"users/{book.owner_id}/contactFolders/{folder['id']}",
            mailbox=book.owner_id,
        )

    def _dump(self) -> Any:
        # Books that nobody wrote to come again as they are.
        return [asdict(book) for book in self._books.values()]

    def _load(self, value: Any) -> None:
        self._books = {one["owner_id"]: Book(**one) for one in value}


def _new(book: Book, key: bytes, folder: Record, now: datetime) -> Record:
    record: Record = {
        "@odata.etag": "",
        "id": make_item_id(book.owner_id, key),
        "createdDateTime": format_instant(now),
        "lastModifiedDateTime": format_instant(now),
        "changeKey": "",
        "categories": [],
        "parentFolderId": folder["id"],
    }
    for name, prop in CONTACT.properties.items():
        if name not in record:
            empty: Any = {} if name.endswith("Address") and name not in _RANKS else None
            record[name] = [] if prop.collection else empty
    return record


def _folder(identifier: str, name: str, parent: str) -> Record:
    return {"id": identifier, "displayName": name, "parentFolderId": parent}


def _names_of(data: Record) -> bool:
    return any(name in data for name in ("givenName", "middleName", "surname"))


def _address(value: Record) -> Record:
    address = value.get("address") or ""
    return {"name": value.get("name") or address, "address": address}


def _free_name(book: Book, parent: Record, name: str | None, known: Record | None = None) -> str:
    if not name or not name.strip():
        raise GraphError(
            400, "ErrorInvalidRequest", "The property 'displayName' of a folder is missing."
        )
    for other in book.children(parent):
        if other is not known and other["displayName"].casefold() == name.casefold():
            raise GraphError(
                409, "ErrorFolderExists", "A folder with the specified name already exists."
            )
    return name


def _check_own(book: Book, folder: Record) -> None:
    if folder["id"] == book.default:
        raise GraphError(
            403,
            "ErrorDeleteDistinguishedFolder",
            "Distinguished folders cannot be deleted or changed.",
        )
