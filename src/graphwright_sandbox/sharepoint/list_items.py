"""Items of lists as Graph shows them, with the fields and the file that belong to them.

What an item is made of goes with its record, so that only what is asked for is worked out.
"""

from urllib.parse import quote

import graphwright_sandbox.sharepoint.types  # noqa: F401 - declares them
from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.presentation import View, project
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.document_library import Library
from graphwright_sandbox.sharepoint.models import Item, Row
from graphwright_sandbox.sharepoint.rows import Rows
from graphwright_sandbox.sharepoint.shapes import ON_DEMAND, item_url, sharepoint_ids, show_item

_DRIVE_ITEM_VIEW = View(SCHEMA.structured["driveItem"], facets=True, on_demand=ON_DEMAND)


def open_library(rows: Rows) -> Library:
    """The library whose files are these rows."""
    return Library(rows.store, rows.site, rows.data, rows.actor, rows.now)


def show_row(rows: Rows, row: Row | Item) -> Record:
    """An item; what its fields are made of goes with it."""
    site, data = rows.site, rows.data
    folder = isinstance(row, Item) and row.folder
    name = "Folder" if folder else "Document" if data.is_library else "Item"
    where = (
        item_url(site, data, row)
        if isinstance(row, Item)
        else f"{site.url}/Lists/{quote(data.name)}/{row.number}_.000"
    )
    return {
        "@odata.etag": row.etag,
        "createdBy": row.creator,
        "createdDateTime": format_instant(row.created),
        "eTag": row.etag,
        "id": str(row.number),
        "lastModifiedBy": row.editor,
        "lastModifiedDateTime": format_instant(row.modified),
        "parentReference": {"siteId": site.full_id},
        "webUrl": where,
        "contentType": {
            "id": "0x0120" if folder else "0x0101" if data.is_library else "0x01",
            "name": name,
        },
        "sharepointIds": sharepoint_ids(site, data, row),
        "_row": row,
        "_rows": rows,
    }


def show_whole_row(rows: Rows, row: Row | Item) -> Record:
    """The same with the fields, for a query that looks into them."""
    return {**show_row(rows, row), "fields": rows.show(row)}


def looks_into_fields(options: QueryOptions) -> bool:
    """Whether a query asks for the fields of every item, not only of those on its page."""
    return bool(options.filter or options.orderby or options.select)


def _expand_fields(_: GraphRequest, record: Record, options: QueryOptions) -> Record:
    rows: Rows = record["_rows"]
    return rows.show(record["_row"], None, options.select)


def _expand_drive_item(
    request: GraphRequest, record: Record, options: QueryOptions
) -> Record | None:
    rows: Rows = record["_rows"]
    row = record["_row"]
    if not isinstance(row, Item):
        return None
    return project(request, _DRIVE_ITEM_VIEW, show_item(open_library(rows), row), options)


LIST_ITEM_VIEW = View(
    SCHEMA.structured["listItem"],
    facets=True,
    on_demand=frozenset({"fields", "sharepointIds"}),
    expanders={"fields": _expand_fields, "driveItem": _expand_drive_item},
)


def expand_list_item(
    request: GraphRequest, library: Library, item: Item, options: QueryOptions
) -> Record | None:
    """The row that a file or folder is, shown with it; the root is none."""
    if item.parent is None:
        return None
    rows = Rows(library.store, library.site, library.data, library.actor, library.now)
    return project(request, LIST_ITEM_VIEW, show_row(rows, item), options)
