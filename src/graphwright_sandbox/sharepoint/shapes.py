"""Drives and their items as Graph shows them. Knows the records' form, and no request."""

import mimetypes
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.document_library import QUOTA, Library
from graphwright_sandbox.sharepoint.documents import image_size
from graphwright_sandbox.sharepoint.hashing import quick_xor_hash
from graphwright_sandbox.sharepoint.models import Identity, Item, ListData, Site

SPECIAL_FOLDERS = {
    "documents": "Documents",
    "photos": "Pictures",
    "music": "Music",
    "cameraroll": "Pictures/Camera Roll",
    "approot": "Apps",
    "attachments": "Attachments",
}
ON_DEMAND = frozenset({"sharepointIds", "webDavUrl"})
"""What of an item is shown only where it is selected."""
_SPECIAL_NAMES = {path: name for name, path in SPECIAL_FOLDERS.items()}
# The kinds that the standard library's table lacks or that systems tell differently.
_TYPES = {
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MIME = mimetypes.MimeTypes()


def mime_type(name: str) -> str:
    """The media type of a file by its name."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _TYPES.get(ending) or _MIME.guess_type(name)[0] or "application/octet-stream"


def owner_of(site: Site, library: ListData) -> Identity:
    """Whose drive it is: a person's, a group's or nobody's but the organization's."""
    if site.group is None:
        return library.creator
    return {"group": {"id": site.group, "displayName": site.display_name}}


def drive_type(site: Site) -> str:
    return "business" if site.person else "documentLibrary"


def show_drive(library: Library) -> Record:
    """A drive."""
    site, data = library.site, library.data
    used = library.used()
    deleted = sum(len(item.content) for item in data.bin.values())
    return {
        "id": data.drive,
        "driveType": drive_type(site),
        "name": data.display_name,
        "description": data.description,
        "createdDateTime": format_instant(data.created),
        "lastModifiedDateTime": format_instant(data.modified),
        "webUrl": library_url(site, data),
        "createdBy": data.creator,
        "lastModifiedBy": data.editor,
        "owner": owner_of(site, data),
        "quota": {
            "deleted": deleted,
            "remaining": QUOTA - used - deleted,
            "state": "normal",
            "total": QUOTA,
            "used": used,
        },
        "sharePointIds": sharepoint_ids(site, data),
    }


def sharepoint_ids(site: Site, data: ListData | None = None, item: Any = None) -> Record:
    """Where something lies in SharePoint's own terms; `item` is a file or row."""
    ids = {"siteId": site.collection, "siteUrl": site.url, "webId": site.id}
    if data is not None:
        ids["listId"] = data.id
    if item is not None:
        ids |= {"listItemId": str(item.number), "listItemUniqueId": item.unique}
    return ids


def library_url(site: Site, data: ListData) -> str:
    return f"{site.url}/{quote(data.name)}"


def item_url(site: Site, data: ListData, item: Item) -> str:
    """Where a browser would find a file or folder."""
    path = data.path_of(item)
    return library_url(site, data) + (f"/{quote(path)}" if path else "")


def reference_to(site: Site, data: ListData, folder: Item) -> Record:
    """A folder as the parent of something."""
    path = data.path_of(folder)
    return {
        "driveType": drive_type(site),
        "driveId": data.drive,
        "id": folder.id,
        "name": data.display_name if folder.parent is None else folder.name,
        "path": f"/drives/{data.drive}/root:" + (f"/{quote(path)}" if path else ""),
        "siteId": site.id,
    }


def show_item(library: Library, item: Item) -> Record:
    """A file or folder; facets that it has not are left out."""
    site, data = library.site, library.data
    created = item.file_created or item.created
    modified = item.file_modified or item.modified
    record: Record = {
        "createdBy": item.creator,
        "createdDateTime": format_instant(item.created),
        "eTag": item.etag,
        "id": item.id,
        "lastModifiedBy": item.editor,
        "lastModifiedDateTime": format_instant(item.modified),
        "name": item.name,
        "webUrl": item_url(site, data, item),
        "webDavUrl": item_url(site, data, item),
        "cTag": item.ctag,
        "size": library.size(item),
        "fileSystemInfo": {
            "createdDateTime": format_instant(created),
            "lastModifiedDateTime": format_instant(modified),
        },
        "sharepointIds": sharepoint_ids(site, data, item),
    }
    if item.description is not None:
        record["description"] = item.description
    if item.parent is None:
        record["root"] = {}
        record["parentReference"] = {
            "driveType": drive_type(site),
            "driveId": data.drive,
            "siteId": site.id,
        }
    else:
        record["parentReference"] = reference_to(site, data, data.items[item.parent])
    if item.folder:
        record["folder"] = {"childCount": len(data.children(item.id))}
        special = _SPECIAL_NAMES.get(data.path_of(item))
        if special and site.person:
            record["specialFolder"] = {"name": special}
    else:
        record |= _file_facets(item)
    if item.grants:
        record["shared"] = {"scope": _widest(item)}
    return record


def _file_facets(item: Item) -> Record:
    facets: Record = {
        "file": {
            "mimeType": mime_type(item.name),
            "hashes": {"quickXorHash": quick_xor_hash(item.content)},
        }
    }
    size = image_size(item.content)
    if size is not None:
        facets["image"] = {"width": size[0], "height": size[1]}
    return facets


def _widest(item: Item) -> str:
    scopes = {grant.link_scope or "users" for grant in item.grants}
    return next(scope for scope in ("anonymous", "organization", "users") if scope in scopes)


def show_deleted(data: ListData, item: Item | None, identifier: str) -> Record:
    """What a delta query tells of something deleted."""
    record: Record = {"id": identifier, "deleted": {"state": "deleted"}}
    if item is not None:
        record |= {"name": item.name, "parentReference": {"driveId": data.drive, "id": item.parent}}
        record["folder" if item.folder else "file"] = {}
    return record
