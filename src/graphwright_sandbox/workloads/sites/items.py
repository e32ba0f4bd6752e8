"""Items of lists, whose fields the columns decide."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.errors import body_refused
from graphwright_sandbox.graph.presentation import (
    View,
    answer_collection,
    answer_entity,
    bound_filter,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.columns import find_column
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found
from graphwright_sandbox.sharepoint.etags import check_etags
from graphwright_sandbox.sharepoint.list_items import (
    LIST_ITEM_VIEW,
    looks_into_fields,
    open_library,
    show_row,
    show_whole_row,
)
from graphwright_sandbox.sharepoint.models import Item, ListData, Row, Site, Version
from graphwright_sandbox.sharepoint.rows import Rows, field_names
from graphwright_sandbox.sharepoint.sequences import Shown
from graphwright_sandbox.workloads.sites.entities import LIST_ITEM, LIST_ITEM_VERSION
from graphwright_sandbox.workloads.sites.places import LIMITS, Places, list_path

_UNINDEXED = ("honornonindexedquerieswarningmayfailrandomly", "allowthrottleablequeries")


class ListItems:
    """Requests about the items of a list."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def list_items(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        self._check_query(request, rows.data)
        show = partial(show_whole_row if looks_into_fields(request.options) else show_row, rows)
        records = Shown(rows.all(), show)
        path = f"{list_path(rows.site, rows.data)}/items"
        return answer_collection(request, LIST_ITEM_VIEW, records, path, LIMITS)

    def expand(
        self, request: GraphRequest, site: Site, data: ListData, options: QueryOptions
    ) -> list[Record]:
        """The first items of a list that is shown with them."""
        rows = self._places.rows_of(request, site, data)
        show = show_whole_row if looks_into_fields(options) else show_row
        records = [show(rows, row) for row in rows.all()]
        return project_all(request, LIST_ITEM_VIEW, records, options, most=LIMITS.default)

    @staticmethod
    def _check_query(request: GraphRequest, data: ListData) -> None:
        """Refuses fields that are none, and those without an index unless the caller insists."""
        bound = bound_filter(request, LIST_ITEM)
        paths = [*(bound.paths if bound else ())]
        paths += ["/".join(order.path) for order in request.options.orderby]
        for path in paths:
            place, _, name = path.partition("/")
            if place.lower() != "fields" or not name:
                continue
            if name.casefold() not in field_names(data):
                raise invalid_request(f"Field '{name}' is not recognized")
            column = find_column(data, name) or find_column(data, name.removesuffix("LookupId"))
            indexed = name.casefold() == "id" or (column is not None and column["indexed"])
            insists = any(each in request.headers.get("prefer", "").lower() for each in _UNINDEXED)
            if not indexed and not insists:
                raise invalid_request(
                    f"Field '{name}' cannot be referenced in filter or orderby as it is not "
                    "indexed. Provide the 'Prefer: HonorNonIndexedQueriesWarningMayFailRandomly' "
                    "header to allow this, but be warned that such queries may fail on large lists."
                )

    def get(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        return self._show(request, rows, rows.find(request.keys["item"]))

    def _show(
        self, request: GraphRequest, rows: Rows, row: Row | Item, status: int = 200
    ) -> GraphResponse:
        path = f"{list_path(rows.site, rows.data)}/items"
        answer = answer_entity(request, LIST_ITEM_VIEW, show_row(rows, row), path, status=status)
        if request.method in ("POST", "PATCH") and answer.body is not None:
            answer.body["fields"] = rows.show(row)
        return answer

    def create(self, request: GraphRequest) -> GraphResponse:
        fields = _read_fields(request)
        rows = self._places.rows(request, Level.WRITE)
        return self._show(request, rows, rows.create(fields), 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        fields = _read_fields(request)
        rows, row = self._known(request)
        rows.change(row, fields)
        return self._show(request, rows, row)

    def _known(self, request: GraphRequest) -> tuple[Rows, Row | Item]:
        """The item of the path in the state the caller knows, to be written."""
        rows = self._places.rows(request, Level.WRITE)
        row = rows.find(request.keys["item"])
        check_etags({row.etag}, request.headers)
        return rows, row

    def remove(self, request: GraphRequest) -> GraphResponse:
        rows, row = self._known(request)
        if isinstance(row, Item):
            open_library(rows).remove(row)
        else:
            rows.remove(row)
        return no_content()

    def get_fields(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        row = rows.find(request.keys["item"])
        return self._show_fields(request, rows, rows.show(row, None, request.options.select))

    @staticmethod
    def _show_fields(request: GraphRequest, rows: Rows, fields: Record) -> GraphResponse:
        path = f"{list_path(rows.site, rows.data)}/items('{fields.get('id', '')}')/fields"
        context = request.context(path, entity=True)
        return GraphResponse(
            200, {"@odata.context": context, **fields}, {"ETag": fields["@odata.etag"]}
        )

    def change_fields(self, request: GraphRequest) -> GraphResponse:
        fields = request.read_json()
        rows, row = self._known(request)
        rows.change(row, fields)
        return self._show_fields(request, rows, rows.show(row))

    def list_versions(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        row = rows.find(request.keys["item"])
        path = f"{list_path(rows.site, rows.data)}/items('{row.number}')/versions"
        records = [_show_version(rows, row, version) for version in _versions(row)]
        return answer_collection(request, _VERSION_VIEW, records, path, LIMITS)

    def get_version(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)
        row = rows.find(request.keys["item"])
        path = f"{list_path(rows.site, rows.data)}/items('{row.number}')/versions"
        record = _show_version(rows, row, _version(request, row))
        return answer_entity(request, _VERSION_VIEW, record, path)

    def restore_version(self, request: GraphRequest) -> GraphResponse:
        rows, row = self._known(request)
        version = _version(request, row)
        if version.number == row.version:
            raise invalid_request("The current version cannot be restored.")
        if isinstance(row, Item):
            open_library(rows).restore_version(row, version)
        else:
            rows.restore(row, version)
        return no_content()

    def delta(self, request: GraphRequest) -> GraphResponse:
        rows = self._places.rows(request)

        def records(_: GraphRequest) -> Sequence[Record]:
            return Shown(rows.all(), partial(show_row, rows))

        def find(_: GraphRequest, identifier: str) -> Record | None:
            found = [row for row in rows.all() if str(row.number) == identifier]
            return show_row(rows, found[0]) if found else None

        def tombstone(_: GraphRequest, identifier: str) -> Record:
            return {"id": identifier, "deleted": {"state": "deleted"}}

        container = f"sites/{rows.site.full_id}/lists/{rows.data.id}/items"
        path = f"{list_path(rows.site, rows.data)}/items"
        delta = Delta(
            LIST_ITEM_VIEW,
            container,
            records,
            find,
            LIMITS,
            path,
            tombstone=tombstone,
            option="token",
        )
        return answer_delta(request, delta)


def _expand_version_fields(_: GraphRequest, record: Record, options: QueryOptions) -> Record:
    fields: Record = record["_fields"]
    if options.select is None:
        return fields
    chosen = {name.casefold() for name in options.select}
    return {name: value for name, value in fields.items() if name.casefold() in chosen}


_VERSION_VIEW = View(LIST_ITEM_VERSION, facets=True, expanders={"fields": _expand_version_fields})


def _read_fields(request: GraphRequest) -> dict[str, Any]:
    """The fields of an item's body."""
    body = request.read_json()
    request.read_as("listItem", {name: one for name, one in body.items() if name != "fields"})
    fields = body.get("fields", {})
    if not isinstance(fields, dict):
        raise body_refused("The property 'fields' needs an object.")
    return fields


def _versions(row: Row | Item) -> list[Version]:
    """The present state and the earlier ones, the newest first."""
    present = Version(row.version, row.modified, row.editor, b"", row.fields)
    return [present, *reversed(row.versions)]


def _version(request: GraphRequest, row: Row | Item) -> Version:
    for one in _versions(row):
        if request.keys["version"].lower() == f"{one.number}.0":
            return one
    raise item_not_found()


def _show_version(rows: Rows, row: Row | Item, version: Version) -> Record:
    return {
        "id": f"{version.number}.0",
        "lastModifiedBy": version.editor,
        "lastModifiedDateTime": format_instant(version.modified),
        "_fields": rows.show(row, version),
    }
