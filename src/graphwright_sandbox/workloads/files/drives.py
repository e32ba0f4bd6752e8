"""Drives: whose they are, what changed on them, what is found on them."""

from collections.abc import Sequence
from functools import partial

from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.presentation import View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import access_denied, invalid_request, item_not_found
from graphwright_sandbox.sharepoint.models import Item, Site
from graphwright_sandbox.sharepoint.sequences import Shown
from graphwright_sandbox.sharepoint.shapes import (
    mime_type,
    show_deleted,
    show_drive,
    show_item,
)
from graphwright_sandbox.workloads.files.entities import DRIVE
from graphwright_sandbox.workloads.files.items import LIMITS, Items, items_path
from graphwright_sandbox.workloads.files.places import Places, plain_request

_DRIVE_VIEW = View(DRIVE, always=("id",), on_demand=frozenset({"sharePointIds"}))
_RECENT = 100
_REMOTE = (
    "createdBy createdDateTime file fileSystemInfo folder id lastModifiedBy lastModifiedDateTime "
    "name parentReference size webUrl"
).split()


class Drives:
    """Requests about whole drives."""

    def __init__(self, places: Places, items: Items) -> None:
        self._places = places
        self._store = places.store
        self._items = items

    def get(self, request: GraphRequest) -> GraphResponse:
        record = show_drive(self._places.drive(request))
        return answer_entity(request, _DRIVE_VIEW, record, "drives")

    def list_of_person(self, request: GraphRequest) -> GraphResponse:
        return self._list(request, self._store.of_person(request.person))

    def list_of_group(self, request: GraphRequest) -> GraphResponse:
        group = self._store.context.tenant.groups.find(request.keys["group"])
        if group is None:
            raise item_not_found("Resource not found.")
        return self._list(request, self._store.of_group(group))

    def list_of_site(self, request: GraphRequest) -> GraphResponse:
        return self._list(request, self._store.find_site(request.keys["site"]))

    def _list(self, request: GraphRequest, site: Site) -> GraphResponse:
        self._store.access.check(request.caller, site, Level.READ)
        drives = [one.drive for one in site.lists.values() if one.drive]
        records = [show_drive(self._places.open_library(request, drive)) for drive in drives]
        return answer_collection(request, _DRIVE_VIEW, records, "drives", LIMITS)

    def delta(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        if item.parent is not None:
            raise invalid_request("Changes are told of a whole drive: ask its root.")

        def records(_: GraphRequest) -> Sequence[Record]:
            return Shown(library.data.below(item), partial(show_item, library))

        def find(_: GraphRequest, identifier: str) -> Record | None:
            found = library.data.items.get(identifier)
            return None if found is None else show_item(library, found)

        def tombstone(_: GraphRequest, identifier: str) -> Record:
            return show_deleted(library.data, library.data.bin.get(identifier), identifier)

        delta = Delta(
            self._items.view,
            f"drives/{library.data.drive}",
            records,
            find,
            LIMITS,
            items_path(library),
            tombstone=tombstone,
            option="token",
        )
        return answer_delta(plain_request(request), delta)

    def search_drive(self, request: GraphRequest) -> GraphResponse:
        library = self._places.drive(request)
        return self._search(request, library, library.find("root"))

    def search_folder(self, request: GraphRequest) -> GraphResponse:
        return self._search(request, *self._places.item(request))

    def _search(self, request: GraphRequest, library: Library, item: Item) -> GraphResponse:
        words = request.keys["q"].casefold().split()
        if not words:
            raise invalid_request("The search text is missing.")
        found = [
            one
            for one in library.data.below(item)
            if one.parent is not None and all(word in _text_of(one) for word in words)
        ]
        records = [{**show_item(library, one), "searchResult": {}} for one in found]
        path = items_path(library)
        return answer_collection(plain_request(request), self._items.view, records, path, LIMITS)

    def recent(self, request: GraphRequest) -> GraphResponse:
        """What was changed last on the drive."""
        library = self._places.drive(request)
        files = [one for one in library.data.items.values() if not one.folder]
        files.sort(key=lambda one: one.modified, reverse=True)
        records = [show_item(library, one) for one in files[:_RECENT]]
        path = items_path(library)
        return answer_collection(plain_request(request), self._items.view, records, path, LIMITS)

    def shared_with_me(self, request: GraphRequest) -> GraphResponse:
        """What others let the caller see of their own drives."""
        library = self._places.drive(request)
        if library.site.person is None or library.site.person != request.caller.user_id:
            raise access_denied()
        records = []
        people = self._store.context.tenant.people
        for person in people.company:
            if person.id == request.caller.user_id or people.find(person.id) is None:
                continue
            other = self._places.open_library(
                request, self._store.of_person(person).documents.drive or ""
            )
            records += [
                _remote(other, item)
                for item in other.data.items.values()
                if item.grants and self._reached(request, other, item)
            ]
        path = items_path(library)
        return answer_collection(plain_request(request), self._items.view, records, path, LIMITS)

    def _reached(self, request: GraphRequest, library: Library, item: Item) -> bool:
        level = self._store.access.level(request.caller, library.site, library.data, item)
        return level >= Level.READ


def _remote(library: Library, item: Item) -> Record:
    """Somebody else's item, as it is listed among what is shared."""
    full = show_item(library, item)
    grant = item.grants[0]
    shared = {
        "owner": library.data.creator,
        "scope": full["shared"]["scope"],
        "sharedBy": grant.by,
        "sharedDateTime": full["lastModifiedDateTime"],
    }
    remote = {name: full[name] for name in _REMOTE if name in full}
    shown = ("createdDateTime", "id", "lastModifiedDateTime", "name", "size", "webUrl")
    return {**{name: full[name] for name in shown}, "remoteItem": {**remote, "shared": shared}}


def _text_of(item: Item) -> str:
    """What a search looks into: the name, and what a text file says."""
    if item.folder or not mime_type(item.name).startswith("text/"):
        return item.name.casefold()
    return f"{item.name}\n{item.content.decode('utf-8', 'replace')}".casefold()
