"""Lists of a site, their columns and content types."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from graphwright_sandbox.graph.presentation import (
    View,
    answer_collection,
    answer_entity,
    project,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.columns import (
    FACETS,
    all_columns,
    column_type,
    define_column,
    facet_of,
    find_column,
)
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found, name_exists
from graphwright_sandbox.sharepoint.etags import check_etags
from graphwright_sandbox.sharepoint.models import ListData, Site, derive_guid, drive_id
from graphwright_sandbox.sharepoint.seed import add_root
from graphwright_sandbox.sharepoint.shapes import show_drive
from graphwright_sandbox.workloads.sites.entities import COLUMN, CONTENT_TYPE, DRIVE, LIST
from graphwright_sandbox.workloads.sites.items import ListItems
from graphwright_sandbox.workloads.sites.places import (
    LIMITS,
    Places,
    list_path,
    show_list,
    site_path,
)

_TEMPLATES = ("genericList", "documentLibrary", "tasks", "links", "announcements", "contacts")
_COLUMN_VIEW = View(COLUMN)
_DRIVE_VIEW = View(DRIVE, on_demand=frozenset({"sharePointIds"}))
_CONTENT_TYPE_VIEW = View(CONTENT_TYPE)
_CHANGEABLE = ("displayName", "description", "required", "hidden", "indexed", "enforceUniqueValues")


class Lists:
    """Requests about lists and what they are made of."""

    def __init__(self, places: Places, items: ListItems) -> None:
        self._places = places
        self._store = places.store
        self._items = items
        self._view = View(
            LIST,
            facets=True,
            on_demand=frozenset({"sharepointIds", "system"}),
            expanders={
                "columns": self._expand_columns,
                "drive": self._expand_drive,
                "items": self._expand_items,
            },
        )

    def _expand_columns(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        data = self._data(request, record)
        columns = [_show(one) for one in all_columns(data)]
        return project_all(request, _COLUMN_VIEW, columns, options)

    def _expand_items(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        site = self._places.site(request)
        return self._items.expand(request, site, site.lists[record["id"]], options)

    def _expand_drive(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record | None:
        site, data = self._places.site(request), self._data(request, record)
        if not data.is_library:
            return None
        library = Library(self._store, site, data, self._store.actor(request.caller), request.now)
        return project(request, _DRIVE_VIEW, show_drive(library), options)

    def _data(self, request: GraphRequest, record: Record) -> ListData:
        return self._places.site(request).lists[record["id"]]

    def list_lists(self, request: GraphRequest) -> GraphResponse:
        """The lists of a site; hidden ones where `system` is selected."""
        site = self._places.site(request)
        hidden = "system" in (request.options.select or ())
        records = [show_list(site, one) for one in site.lists.values() if hidden or not one.hidden]
        path = f"{site_path(site)}/lists"
        return answer_collection(request, self._view, records, path, LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        return self._show_list(request, rows.site, rows.data)

    def _show_list(
        self, request: GraphRequest, site: Site, data: ListData, status: int = 200
    ) -> GraphResponse:
        path = f"{site_path(site)}/lists"
        return answer_entity(request, self._view, show_list(site, data), path, status=status)

    def create(self, request: GraphRequest) -> GraphResponse:
        body = request.read_entity("list")
        site = self._places.site(request, Level.WRITE)
        title = body.get("displayName") or body.get("name")
        if not title or len(title) > 255:
            raise invalid_request("The displayName of the list is missing or too long.")
        template = (body.get("list") or {}).get("template") or "genericList"
        if template not in _TEMPLATES:
            raise invalid_request(f"Lists of the template '{template}' cannot be created.")
        _check_title(site, title)
        actor = self._store.actor(request.caller)
        identifier = str(uuid.uuid4())
        data = ListData(
            id=identifier,
            name=re.sub(r"[^\w-]", "", body.get("name") or title) or "List",
            display_name=title,
            created=request.now,
            modified=request.now,
            creator=actor,
            editor=actor,
            template=template,
            description=body.get("description") or "",
        )
        if template == "documentLibrary":
            data.drive = drive_id(site.collection, site.id, identifier)
            add_root(data)
        for given in body.get("columns") or ():
            data.columns.append(define_column(data, _read_column(request, given)))
        site.lists[identifier] = data
        self._record(site, data, "created")
        return self._show_list(request, site, data, 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        body = request.read_entity("list")
        rows = self._places.rows(request, Level.WRITE)
        site, data = rows.site, rows.data
        check_etags({show_list(site, data)["eTag"]}, request.headers)
        title = body.get("displayName") or data.display_name
        if title != data.display_name:
            _check_title(site, title)
        data.display_name = title
        data.description = body.get("description", data.description) or ""
        self._touch(request, site, data)
        return self._show_list(request, site, data)

    def remove(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request, Level.WRITE)
        if rows.data is rows.site.documents:
            raise invalid_request("This list cannot be deleted.")
        del rows.site.lists[rows.data.id]
        self._record(rows.site, rows.data, "deleted")
        return no_content()

    def _touch(self, request: GraphRequest, site: Site, data: ListData) -> None:
        data.revision += 1
        data.modified, data.editor = request.now, self._store.actor(request.caller)
        self._record(site, data, "updated")

    def _record(self, site: Site, data: ListData, kind: Any) -> None:
        container = f"sites/{site.full_id}/lists"
        resource = f"{container}/{data.id}"
        self._store.context.changes.record(container, data.id, kind, resource=resource)

    def list_columns(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        path = f"{list_path(rows.site, rows.data)}/columns"
        records = [_show(one) for one in all_columns(rows.data)]
        return answer_collection(request, _COLUMN_VIEW, records, path, LIMITS)

    def get_column(self, request: GraphRequest) -> GraphResponse:
        rows, column = self._column(request)
        path = f"{list_path(rows.site, rows.data)}/columns"
        return answer_entity(request, _COLUMN_VIEW, _show(column), path)

    def _column(self, request: GraphRequest, wanted: Level = Level.READ) -> tuple[Any, Any]:
        rows = self._places.rows(request, wanted)
        column = find_column(rows.data, request.keys["column"])
        if column is None:
            raise item_not_found("The specified column was not found.")
        return rows, column

    def create_column(self, request: GraphRequest) -> GraphResponse:
        body = request.read_entity("columnDefinition")
        rows = self._places.rows(request, Level.WRITE)
        self._check_lookup(rows.site, body)
        column = define_column(rows.data, body)
        rows.data.columns.append(column)
        self._touch(request, rows.site, rows.data)
        path = f"{list_path(rows.site, rows.data)}/columns"
        return answer_entity(request, _COLUMN_VIEW, _show(column), path, status=201)

    @staticmethod
    def _check_lookup(site: Site, body: Mapping[str, Any]) -> None:
        lookup = body.get("lookup")
        if lookup is not None and str(lookup.get("listId") or "").lower() not in site.lists:
            raise invalid_request("A lookup column needs the id of a list of the site.")

    def change_column(self, request: GraphRequest) -> GraphResponse:
        body = request.read_entity("columnDefinition")
        rows, column = self._column(request, Level.WRITE)
        if column not in rows.data.columns:
            raise invalid_request("A built-in column cannot be changed.")
        facet = facet_of(column)
        if any(body.get(one) is not None and one != facet for one in FACETS):
            raise invalid_request("The type of a column cannot be changed.")
        column |= {key: body[key] for key in _CHANGEABLE if body.get(key) is not None}
        column[facet] |= {k: v for k, v in (body.get(facet) or {}).items() if v is not None}
        self._touch(request, rows.site, rows.data)
        path = f"{list_path(rows.site, rows.data)}/columns"
        return answer_entity(request, _COLUMN_VIEW, _show(column), path)

    def remove_column(self, request: GraphRequest) -> GraphResponse:
        rows, column = self._column(request, Level.WRITE)
        if column not in rows.data.columns:
            raise invalid_request("A built-in column cannot be deleted.")
        rows.data.columns.remove(column)
        self._touch(request, rows.site, rows.data)
        return no_content()

    def list_site_columns(self, request: GraphRequest) -> GraphResponse:
        """The columns every list of the site may use: those all lists have."""
        site = self._places.site(request)
        records = [_show(one) for one in all_columns(_plain_list(site))]
        path = f"{site_path(site)}/columns"
        return answer_collection(request, _COLUMN_VIEW, records, path, LIMITS)

    def list_site_content_types(self, request: GraphRequest) -> GraphResponse:
        site = self._places.site(request)
        records = [
            _content_type(identifier, name)
            for identifier, name in (("0x01", "Item"), ("0x0101", "Document"), ("0x0120", "Folder"))
        ]
        path = f"{site_path(site)}/contentTypes"
        return answer_collection(request, _CONTENT_TYPE_VIEW, records, path, LIMITS)

    def list_content_types(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        path = f"{list_path(rows.site, rows.data)}/contentTypes"
        records = _content_types(rows.data)
        return answer_collection(request, _CONTENT_TYPE_VIEW, records, path, LIMITS)

    def get_content_type(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        path = f"{list_path(rows.site, rows.data)}/contentTypes"
        for record in _content_types(rows.data):
            if record["id"].lower() == request.keys["contentType"].lower():
                return answer_entity(request, _CONTENT_TYPE_VIEW, record, path)
        raise item_not_found("The specified content type was not found.")


def _plain_list(site: Site) -> ListData:
    """A list with no columns of its own."""
    moment, actor = site.created, site.documents.creator
    return ListData("", "", "", moment, moment, actor, actor)


def _check_title(site: Site, title: str) -> None:
    folded = title.casefold()
    if any(one.display_name.casefold() == folded for one in site.lists.values()):
        raise name_exists(
            "A list, survey, discussion board, or document library with the specified title "
            "already exists in this Web site. Please choose another title."
        )


def _read_column(request: GraphRequest, given: Any) -> Record:
    if not isinstance(given, dict):
        raise invalid_request("A column needs to be an object.")
    return request.read_as("columnDefinition", given)


def _show(column: Mapping[str, Any]) -> Record:
    return {**column, "type": column_type(column)}


def _content_type(identifier: str, name: str) -> Record:
    return {
        "id": identifier,
        "description": "",
        "group": "List Content Types",
        "hidden": False,
        "isBuiltIn": True,
        "name": name,
        "parentId": identifier[:4],
        "readOnly": False,
        "sealed": False,
    }


def _content_types(data: ListData) -> list[Record]:
    suffix = "00" + derive_guid("content type", data.id).replace("-", "").upper()
    first = ("0x0101", "Document") if data.is_library else ("0x01", "Item")
    return [
        {**_content_type(identifier + suffix, name), "order": {"default": position == 0}}
        for position, (identifier, name) in enumerate((first, ("0x0120", "Folder")))
    ]
