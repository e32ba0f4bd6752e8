"""What SharePoint keeps: sites, lists with rows, document libraries with files.

Plain data, so that it can be written to a file and read again. Knows no HTTP and no rules.
"""

import base64
import hashlib
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from graphwright_sandbox.sharepoint.pages import Page

Identity = dict[str, Any]
"""An identitySet as Graph shows it: `{"user": {"id", "displayName", "email"}}`."""
_NAMESPACE = uuid.UUID("3c1f4b9e-2f6a-4d5b-9f59-8a1c1d0e7a42")


def derive_guid(*parts: object) -> str:
    """The GUID of something seeded: the same parts give the same in every run."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(map(str, parts))))


def drive_id(collection: str, web: str, library: str) -> str:
    """The id of a drive, in the shape SharePoint gives it."""
    raw = b"".join(uuid.UUID(part).bytes_le for part in (collection, web, library))
    return "b!" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_drive_id(text: str) -> tuple[str, str] | None:
    """Web and library of a drive's id; None where it is none."""
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix("b!"))
    except ValueError:
        return None
    if not text.startswith("b!") or len(raw) != 48:
        return None
    return str(uuid.UUID(bytes_le=raw[16:32])), str(uuid.UUID(bytes_le=raw[32:]))


def item_id(drive: str, unique: str) -> str:
    """The id of a file or folder: `01`, then what tells the drive, then what tells the item."""
    prefix = hashlib.sha256(drive.encode()).digest()[:4]
    return "01" + base64.b32encode(prefix + uuid.UUID(unique).bytes).decode()


@dataclass
class Version:
    """What a file or row was before."""

    number: int
    modified: datetime
    editor: Identity
    content: bytes = field(default=b"", repr=False)
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Grant:
    """Who may do what with an item besides those the site lets in: people, or a link."""

    id: str
    roles: list[str]
    granted: list[Identity]
    """The people; of a link those who may use it, or have used it."""
    by: Identity
    since: datetime
    link_type: str | None = None
    link_scope: str | None = None
    """anonymous, organization or users."""
    password: bool = False
    expires: datetime | None = None


@dataclass
class Item:
    """A file or folder of a library, which is a row of its list at the same time."""

    id: str
    unique: str
    number: int
    parent: str | None
    """None: the root."""
    name: str
    folder: bool
    created: datetime
    modified: datetime
    creator: Identity
    editor: Identity
    content: bytes = field(default=b"", repr=False)
    revision: int = 1
    content_revision: int = 1
    version: int = 1
    description: str | None = None
    file_created: datetime | None = None
    file_modified: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)

    @property
    def etag(self) -> str:
        return f'"{{{self.unique.upper()}}},{self.revision}"'

    @property
    def ctag(self) -> str:
        return f'"c:{{{self.unique.upper()}}},{self.content_revision}"'


@dataclass
class Row:
    """An item of a list that is no library."""

    number: int
    unique: str
    created: datetime
    modified: datetime
    creator: Identity
    editor: Identity
    fields: dict[str, Any]
    version: int = 1
    versions: list[Version] = field(default_factory=list)

    @property
    def etag(self) -> str:
        return f'"{self.unique},{self.version}"'


@dataclass
class ListData:
    """A list, or a document library where `items` are kept instead of `rows`."""

    id: str
    name: str
    display_name: str
    created: datetime
    modified: datetime
    creator: Identity
    editor: Identity
    template: str = "genericList"
    description: str = ""
    hidden: bool = False
    columns: list[dict[str, Any]] = field(default_factory=list)
    """As Graph shows them; those that every list has are not kept."""
    rows: dict[int, Row] = field(default_factory=dict)
    next_number: int = 1
    drive: str | None = None
    root: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    bin: dict[str, Item] = field(default_factory=dict)
    """The recycle bin of a library."""
    revision: int = 1

    @property
    def is_library(self) -> bool:
        return self.drive is not None

    def children(self, parent: str) -> list[Item]:
        """What lies in a folder of a library, folders first, by name."""
        found = [item for item in self.items.values() if item.parent == parent]
        return sorted(found, key=lambda item: (not item.folder, item.name.casefold()))

    def child(self, parent: str, name: str) -> Item | None:
        """The item of this name; SharePoint's names do not tell casing."""
        folded = name.casefold()
        return next(
            (
                item
                for item in self.items.values()
                if item.parent == parent and item.name.casefold() == folded
            ),
            None,
        )

    def at(self, start: str, path: str) -> Item | None:
        """The item at a path below another one."""
        current = self.items.get(start)
        for name in filter(None, path.split("/")):
            current = self.child(current.id, name) if current else None
        return current

    def ancestors(self, item: Item) -> list[Item]:
        """The item's folders from its own up to the root."""
        found = []
        while item.parent is not None:
            item = self.items[item.parent]
            found.append(item)
        return found

    def below(self, item: Item) -> list[Item]:
        """The item and all it holds, each folder before what it holds."""
        found, waiting = [], [item]
        children: dict[str | None, list[Item]] = {}
        for one in self.items.values():
            children.setdefault(one.parent, []).append(one)
        while waiting:
            current = waiting.pop(0)
            found.append(current)
            waiting += children.get(current.id, [])
        return found

    def path_of(self, item: Item) -> str:
        """The path below the root, without a leading slash."""
        names = [item.name, *(folder.name for folder in self.ancestors(item)[:-1])]
        return "/".join(reversed(names)) if item.parent is not None else ""


@dataclass
class Site:
    """A site of the tenant: the root, one of a group, one of a person (their OneDrive)."""

    id: str
    """The GUID of the web; of a group's or person's site that of the group or person."""
    collection: str
    host: str
    path: str
    """Server-relative, without a slash at its end; empty: the root of the host."""
    name: str
    display_name: str
    created: datetime
    modified: datetime
    description: str = ""
    group: str | None = None
    person: str | None = None
    lists: dict[str, ListData] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    """What applications with Sites.Selected may do."""
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def full_id(self) -> str:
        return f"{self.host},{self.collection},{self.id}"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @property
    def documents(self) -> ListData:
        """The library that is the site's default drive."""
        return next(one for one in self.lists.values() if one.is_library)


def keep_version(item: Item) -> None:
    """Puts the present content among the earlier versions, before it is replaced."""
    item.versions.append(
        Version(item.version, item.modified, item.editor, item.content, dict(item.fields))
    )
    item.version += 1


def copy_item(item: Item, **changes: Any) -> Item:
    """A new item like this one, without its history and its sharing."""
    return replace(
        item,
        **{
            "fields": dict(item.fields),
            "grants": [],
            "versions": [],
            "revision": 1,
            "content_revision": 1,
            "version": 1,
            **changes,
        },
    )
