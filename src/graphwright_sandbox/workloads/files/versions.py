"""Earlier versions of files, and their thumbnails."""

from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.documents import image_size
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found
from graphwright_sandbox.sharepoint.models import Item, Version
from graphwright_sandbox.workloads.files.entities import THUMBNAIL_SET, VERSION
from graphwright_sandbox.workloads.files.items import Items, items_path
from graphwright_sandbox.workloads.files.places import Places

_LIMITS = Limits(default=200, maximum=1000, opaque=True)
_VERSION_VIEW = View(VERSION)
_THUMBNAIL_VIEW = View(THUMBNAIL_SET, facets=True)
_SIZES = {"small": 96, "medium": 176, "large": 800}


class Versions:
    """Requests about the versions and thumbnails of a file."""

    def __init__(self, places: Places, items: Items) -> None:
        self._places = places
        self._items = items

    def list_versions(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        records = [_show(one) for one in _all(item)]
        path = f"{items_path(library)}('{item.id}')/versions"
        return answer_collection(request, _VERSION_VIEW, records, path, _LIMITS)

    def expand(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record] | None:
        """The versions of a file that is shown with them."""
        _, item = self._places.shown(request, record)
        if item.folder:
            return None
        versions = [_show(one) for one in _all(item)]
        return project_all(request, _VERSION_VIEW, versions, options)

    def expand_thumbnails(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        """The thumbnails of an item that is shown with them."""
        thumbnails = self._thumbnails(*self._places.shown(request, record))
        return project_all(request, _THUMBNAIL_VIEW, thumbnails, options)

    def get_version(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        path = f"{items_path(library)}('{item.id}')/versions"
        return answer_entity(request, _VERSION_VIEW, _show(_find(request, item)), path)

    def get_content(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        url = self._items.download_url(library, item, _find(request, item).content)
        return GraphResponse(302, headers={"Location": url})

    def restore(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request, Level.WRITE)
        version = _find(request, item)
        if version.number == item.version:
            raise invalid_request("The current version cannot be restored.")
        library.restore_version(item, version)
        return no_content()

    def list_thumbnails(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        records = self._thumbnails(library, item)
        path = f"{items_path(library)}('{item.id}')/thumbnails"
        return answer_collection(request, _THUMBNAIL_VIEW, records, path, _LIMITS)

    def get_thumbnails(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        path = f"{items_path(library)}('{item.id}')/thumbnails"
        return answer_entity(request, _THUMBNAIL_VIEW, self._set(request, library, item), path)

    def get_thumbnail(self, request: GraphRequest) -> GraphResponse:
        context = request.context("microsoft.graph.thumbnail")
        return GraphResponse(200, {"@odata.context": context, **self._one(request)})

    def get_thumbnail_content(self, request: GraphRequest) -> GraphResponse:
        return GraphResponse(302, headers={"Location": self._one(request)["url"]})

    def _thumbnails(self, library: Library, item: Item) -> list[Record]:
        size = image_size(item.content)
        if size is None:
            return []
        # The image itself stands for each size: nothing is scaled.
        shown = {
            name: {
                "height": size[1],
                "width": size[0],
                "url": self._items.download_url(library, item),
            }
            for name in _SIZES
        }
        return [{"id": "0", **shown}]

    def _set(self, request: GraphRequest, library: Library, item: Item) -> Record:
        for one in self._thumbnails(library, item):
            if one["id"] == request.keys["set"]:
                return one
        raise item_not_found()

    def _one(self, request: GraphRequest) -> Record:
        found: Record | None = self._set(request, *self._places.item(request)).get(
            request.keys["size"].lower()
        )
        if found is None:
            raise item_not_found()
        return found


def _all(item: Item) -> list[Version]:
    """The present content and the earlier ones, the newest first."""
    if item.folder:
        raise invalid_request("A folder has no versions.")
    present = Version(item.version, item.modified, item.editor, item.content)
    return [present, *reversed(item.versions)]


def _find(request: GraphRequest, item: Item) -> Version:
    wanted = request.keys["version"].lower()
    for one in _all(item):
        if wanted == f"{one.number}.0" or (wanted == "current" and one.number == item.version):
            return one
    raise item_not_found()


def _show(version: Version) -> Record:
    return {
        "id": f"{version.number}.0",
        "lastModifiedBy": version.editor,
        "lastModifiedDateTime": format_instant(version.modified),
        "size": len(version.content),
    }
