"""What can be done with the files and folders of one library.

Knows names, places, versions and space; who may do it was decided before. Knows no HTTP.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from graphwright_sandbox.sharepoint.errors import (
    invalid_request,
    item_not_found,
    name_exists,
    quota_reached,
)
from graphwright_sandbox.sharepoint.etags import check_etags
from graphwright_sandbox.sharepoint.models import (
    Identity,
    Item,
    ListData,
    Site,
    Version,
    copy_item,
    item_id,
    keep_version,
)
from graphwright_sandbox.sharepoint.names import check_name, free_name
from graphwright_sandbox.sharepoint.store import SharePoint

Conflict = Literal["fail", "replace", "rename"]
QUOTA = 2**40
_MAXIMUM_VERSIONS = 50
_MAXIMUM_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Library:
    """A library as one caller works on it now."""

    store: SharePoint
    site: Site
    data: ListData
    actor: Identity
    now: datetime

    def find(self, identifier: str) -> Item:
        """The item of an id, or of `root`."""
        if identifier.lower() == "root":
            return self.data.items[self.data.root]
        item = self.data.items.get(identifier.upper())
        if item is None:
            raise item_not_found()
        return item

    def size(self, item: Item) -> int:
        """The bytes of a file, or of all that a folder holds."""
        if not item.folder:
            return len(item.content)
        return sum(len(one.content) for one in self.data.below(item))

    def used(self) -> int:
        """All bytes, also those of earlier versions."""
        return sum(
            len(one.content) + sum(len(old.content) for old in one.versions)
            for one in self.data.items.values()
        )

    def create_folder(self, parent: Item, name: object, conflict: Conflict) -> Item:
        """A new folder; where it replaces one, that one is kept."""
        found, free = self._place(parent, check_name(name), conflict)
        if found is not None:
            if not found.folder:
                raise name_exists()
            return found
        return self.add(parent, free, folder=True)

    def put_file(self, parent: Item, path: str, content: bytes, conflict: Conflict) -> Item:
        """A file at a path below a folder; folders on the way are made. Replacing one keeps its
        id and makes a version."""
        *folders, name = [check_name(part) for part in path.split("/") if part] or [""]
        check_name(name)
        for folder in folders:
            parent = self.create_folder(parent, folder, "replace")
        found, free = self._place(parent, name, conflict)
        if found is None:
            self._check_space(len(content))
            return self.add(parent, free, content=content)
        return self.put_content(found, content)

    def put_content(self, item: Item, content: bytes) -> Item:
        """New content for a file there is."""
        if item.folder:
            raise invalid_request("The item is a folder and has no content.")
        self._check_space(len(content))
        keep_version(item)
        del item.versions[:-_MAXIMUM_VERSIONS]
        item.content = content
        item.content_revision += 1
        self.touch(item)
        return item

    def restore_version(self, item: Item, version: Version) -> None:
        """An earlier version becomes the present one, which is kept as one more."""
        self.put_content(item, version.content)

    def rename(self, item: Item, name: object, parent: Item, conflict: Conflict) -> None:
        """Another name or another folder of the same library."""
        if item.parent is None:
            raise invalid_request("The root folder cannot be changed.")
        if not parent.folder:
            raise invalid_request("The new parent is not a folder.")
        self._check_outside(item, parent)
        self._check_depth(parent)
        found, free = self._place(parent, check_name(name), conflict, besides=item)
        if found is not None:
            self.remove(found)
        item.name, item.parent = free, parent.id

    def touch(self, item: Item) -> None:
        """Tells of a change, and dates it."""
        item.revision += 1
        item.modified, item.editor = self.now, self.actor
        self.data.modified = self.now
        self.store.record_item(self.site, self.data, item, "updated")

    def copy(self, item: Item, target: "Library", parent: Item, name: str) -> Item:
        """The item with all it holds, in another folder, perhaps of another library."""
        if not parent.folder:
            raise invalid_request("The new parent is not a folder.")
        if target.data.child(parent.id, check_name(name)) is not None:
            raise name_exists()
        target._check_outside(item, parent)  # noqa: SLF001 - it is one of us
        self._check_space(self.size(item))
        copies: dict[str, Item] = {}
        for one in self.data.below(item):
            above = parent if one is item else copies[one.parent or ""]
            called = name if one is item else one.name
            copies[one.id] = target.add(above, called, folder=one.folder, like=one)
        return copies[item.id]

    def remove(self, item: Item, *, forever: bool = False) -> None:
        """Into the recycle bin with all it holds, or away for good."""
        if item.parent is None:
            raise invalid_request("The root folder cannot be deleted.")
        for one in reversed(self.data.below(item)):
            del self.data.items[one.id]
            if not forever:
                self.data.bin[one.id] = one
            self.store.record_item(self.site, self.data, one, "deleted")

    def check_etag(self, item: Item, headers: Mapping[str, str]) -> None:
        """Refuses where the caller knows another state of the item."""
        check_etags({item.etag, item.ctag}, headers)

    def _place(
        self, parent: Item, name: str, conflict: Conflict, besides: Item | None = None
    ) -> tuple[Item | None, str]:
        """What is to be replaced, else the name to use."""
        if not parent.folder:
            raise invalid_request("The parent is not a folder.")
        found = self.data.child(parent.id, name)
        if found is None or found is besides:
            return None, name
        if conflict == "replace":
            return found, name
        if conflict == "rename":
            return None, free_name(name, lambda one: self.data.child(parent.id, one) is not None)
        raise name_exists()

    def add(
        self,
        parent: Item,
        name: str,
        *,
        folder: bool = False,
        content: bytes = b"",
        like: Item | None = None,
    ) -> Item:
        """A new item, perhaps a copy of another one. Its name has to be free."""
        self._check_depth(parent)
        unique = str(uuid.uuid4())
        item = Item(
            id=item_id(self.data.drive or "", unique),
            unique=unique,
            number=self.data.next_number,
            parent=parent.id,
            name=name,
            folder=folder,
            created=self.now,
            modified=self.now,
            creator=self.actor,
            editor=self.actor,
            content=content,
        )
        if like is not None:
            taken = ("id", "unique", "number", "parent", "name", "created", "creator", "editor")
            item = copy_item(like, **{key: getattr(item, key) for key in taken})
        self.data.next_number += 1
        self.data.items[item.id] = item
        self.data.modified = self.now
        self.store.record_item(self.site, self.data, item, "created")
        return item

    def _check_outside(self, item: Item, parent: Item) -> None:
        """Refuses to put a folder into itself, or below itself."""
        if item is parent or item in self.data.ancestors(parent):
            raise invalid_request("A folder cannot be moved or copied into itself.")

    def _check_depth(self, parent: Item) -> None:
        if len(self.data.ancestors(parent)) >= _MAXIMUM_DEPTH:
            raise invalid_request("The path is too long.")

    def _check_space(self, size: int) -> None:
        if self.used() + size > QUOTA:
            raise quota_reached()
