"""Files and folders: read, listed, written, moved, copied and deleted."""

from functools import partial
from urllib.parse import quote

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.presentation import (
    Expander,
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found, name_exists
from graphwright_sandbox.sharepoint.list_items import expand_list_item
from graphwright_sandbox.sharepoint.models import Item
from graphwright_sandbox.sharepoint.names import check_name
from graphwright_sandbox.sharepoint.sequences import Shown
from graphwright_sandbox.sharepoint.shapes import ON_DEMAND, mime_type, show_item
from graphwright_sandbox.workloads.files.entities import DRIVE_ITEM
from graphwright_sandbox.workloads.files.places import (
    Places,
    conflict_of,
    instant_of,
    plain_request,
)

LIMITS = Limits(default=200, maximum=1000, opaque=True)


def items_path(library: Library) -> str:
    """What the context of an answer names."""
    return f"drives('{quote(library.data.drive or '', safe='!')}')/items"


class Items:
    """Requests about single items and what lies in them."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._transfers = places.store.context.transfers
        self.expanders: dict[str, Expander] = {
            "children": self._expand_children,
            "listItem": self._expand_list_item,
        }
        """What an item can be shown with; who knows more adds it."""
        self.view = View(
            DRIVE_ITEM,
            facets=True,
            on_demand=ON_DEMAND,
            render=self._render,
            expanders=self.expanders,
        )

    def _render(self, request: GraphRequest, record: Record) -> Record:
        """A file's record with the URL its content can be had at, made only for what is shown."""
        if "file" not in record or "deleted" in record:
            return record
        url = self.download_url(*self._places.shown(request, record))
        return {"@microsoft.graph.downloadUrl": url, **record}

    def download_url(self, library: Library, item: Item, content: bytes | None = None) -> str:
        """A pre-authenticated URL of a file's content, or of what it was in an earlier version; as
        long as there is the file."""

        def read() -> bytes:
            library.find(item.id)
            return item.content if content is None else content

        return self._transfers.download_url(read, item.name, mime_type(item.name), item.etag)

    def _expand_children(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record] | None:
        if "folder" not in record:
            return None
        drive = record["parentReference"]["driveId"]
        library = self._places.open_library(request, drive)
        children = [show_item(library, one) for one in library.data.children(record["id"])]
        return project_all(request, self.view, children, options, most=LIMITS.default)

    def _expand_list_item(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record | None:
        return expand_list_item(request, *self._places.shown(request, record), options)

    def show(
        self, request: GraphRequest, library: Library, item: Item, status: int = 200
    ) -> GraphResponse:
        """One item as an answer."""
        record = show_item(library, item)
        return answer_entity(
            plain_request(request), self.view, record, items_path(library), status=status
        )

    def get(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        known = request.headers.get("if-none-match", "")
        if known and known.strip() in (item.etag, item.ctag):
            return GraphResponse(304)
        return self.show(request, library, item)

    def list_children(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        records = Shown(library.data.children(item.id), partial(show_item, library))
        return answer_collection(
            plain_request(request), self.view, records, items_path(library), LIMITS
        )

    def create_folder(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        conflict = conflict_of(request, "fail", body)
        data = request.read_entity("driveItem")
        if data.get("folder") is None:
            raise invalid_request("Only folders can be created here; upload a file's content.")
        library, parent = self._places.item(request, Level.WRITE)
        item = library.create_folder(parent, data.get("name"), conflict)
        item.description = data.get("description", item.description)
        return self.show(request, library, item, 201)

    def get_content(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request)
        if item.folder:
            raise invalid_request("The item is a folder and has no content.")
        if "format" in request.options.custom:
            raise GraphError(
                406, "notSupported", "The file cannot be converted to the requested format."
            )
        return GraphResponse(302, headers={"Location": self.download_url(library, item)})

    def put_content(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request, Level.WRITE)
        library.check_etag(item, request.headers)
        return self.show(request, library, library.put_content(item, request.body))

    def put_new_content(self, request: GraphRequest) -> GraphResponse:
        """Content for a path below a folder, whether there is a file or not."""
        library, parent = self._places.item(request, Level.WRITE)
        path, conflict = request.keys["path"], conflict_of(request, "replace")
        found = library.data.at(parent.id, path)
        if found is not None:
            library.check_etag(found, request.headers)
        item = library.put_file(parent, path, request.body, conflict)
        return self.show(request, library, item, 200 if item is found else 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        data = request.read_entity("driveItem")
        library, item = self._places.item(request, Level.WRITE)
        library.check_etag(item, request.headers)
        parent = library.data.items.get(item.parent or "", item)
        if data.get("parentReference") is not None:
            target, parent = self._target(request, library, data["parentReference"])
            if target.data is not library.data:
                raise invalid_request("Items cannot be moved to another drive.")
        if "name" in data or "parentReference" in data:
            library.rename(
                item, data.get("name", item.name), parent, conflict_of(request, "fail", body)
            )
        if "description" in data:
            item.description = data["description"]
        self._set_times(item, data.get("fileSystemInfo") or {})
        library.touch(item)
        return self.show(request, library, item)

    @staticmethod
    def _set_times(item: Item, times: Record) -> None:
        if times.get("createdDateTime"):
            item.file_created = instant_of(times["createdDateTime"])
        if times.get("lastModifiedDateTime"):
            item.file_modified = instant_of(times["lastModifiedDateTime"])

    def _target(
        self, request: GraphRequest, library: Library, reference: Record
    ) -> tuple[Library, Item]:
        """The folder that a parentReference names, by id or by path."""
        if reference.get("driveId"):
            library = self._places.open_library(request, reference["driveId"])
        path = reference.get("path")
        if reference.get("id"):
            folder: Item | None = library.find(reference["id"])
        elif isinstance(path, str) and "root:" in path:
            folder = library.data.at(library.data.root, path.partition("root:")[2])
        elif reference.get("driveId"):
            folder = library.find("root")
        else:
            raise invalid_request("The parent reference names no folder.")
        if folder is None:
            raise item_not_found()
        self._places.check(request, library, folder, Level.WRITE)
        return library, folder

    def delete(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request, Level.WRITE)
        library.check_etag(item, request.headers)
        library.remove(item)
        return no_content()

    def delete_forever(self, request: GraphRequest) -> GraphResponse:
        library, item = self._places.item(request, Level.WRITE)
        library.remove(item, forever=True)
        return no_content()

    def copy(self, request: GraphRequest) -> GraphResponse:
        """Starts a copy, which is done at once; the monitor's answer tells how it went."""
        parameters = request.read_parameters("name", "parentReference")
        library, item = self._places.item(request)
        reference, name = parameters.get("parentreference"), parameters.get("name")
        if reference is None and name is None:
            raise invalid_request("A copy needs another name or another folder.")
        if item.parent is None:
            raise invalid_request("The root folder cannot be copied.")
        if not isinstance(reference, dict | None):
            raise invalid_request("The parent reference names no folder.")
        given = reference or {"id": item.parent}
        target, parent = self._target(request, library, given)
        called = check_name(item.name if name is None else name)
        done: Record
        try:
            made = library.copy(item, target, parent, called)
            done = {"percentageComplete": 100.0, "resourceId": made.id, "status": "completed"}
        except GraphError as error:
            refused = {"code": error.code, "message": error.message}
            done = {"percentageComplete": 0.0, "status": "failed", "error": refused}
        answer = GraphResponse(202, {"operation": "itemCopy", **done})
        return GraphResponse(202, headers={"Location": self._transfers.monitor_url(lambda: answer)})

    def create_upload(self, request: GraphRequest) -> GraphResponse:
        """An upload session for new content of a file, or for a new file at a path."""
        parameters: Record = {}
        if request.body:
            parameters = request.read_parameters("item", "deferCommit")
        settings = parameters.get("item") or {}
        if not isinstance(settings, dict):
            raise invalid_request("The item's properties need to be an object.")
        path = request.keys.get("path", "")
        library = self._places.open_library(request, request.keys["drive"])
        item = library.find(request.keys["item"])
        self._places.check(request, library, item, Level.WRITE)
        conflict = conflict_of(request, "fail" if path else "replace", settings)
        found = library.data.at(item.id, path)
        if found is not None:
            library.check_etag(found, request.headers)
            if found.folder:
                raise invalid_request("The item is a folder and has no content.")
            if conflict == "fail":
                raise name_exists()
        for part in filter(None, path.split("/")):
            check_name(part)

        def finish(content: bytes) -> GraphResponse:
            later = self._places.open_library(request, request.keys["drive"])
            target = later.find(item.id)
            if path:
                made = later.put_file(target, path, content, conflict)
            elif conflict == "rename":
                made = later.put_file(later.find(item.parent or ""), item.name, content, conflict)
            else:
                made = later.put_content(target, content)
            made.description = settings.get("description", made.description)
            return self.show(request, later, made, 200 if made is found else 201)

        session = self._transfers.create_upload(
            finish, deferred=parameters.get("defercommit") is True
        )
        context = request.context("microsoft.graph.uploadSession")
        return GraphResponse(200, {"@odata.context": context, **session})
