"""From a request to the site and list it is about, as far as the caller may; and their records."""

from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.presentation import Limits
from graphwright_sandbox.graph.request import GraphRequest, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.errors import access_denied
from graphwright_sandbox.sharepoint.models import ListData, Site
from graphwright_sandbox.sharepoint.rows import Rows
from graphwright_sandbox.sharepoint.shapes import library_url, sharepoint_ids
from graphwright_sandbox.sharepoint.store import SharePoint

LIMITS = Limits(default=200, maximum=5000, opaque=True)


class Places:
    """Finds what requests name."""

    def __init__(self, store: SharePoint) -> None:
        self.store = store

    def site(self, request: GraphRequest, wanted: Level = Level.READ) -> Site:
        """The site of the path."""
        site = self.store.find_site(request.keys["site"])
        self.store.access.check(request.caller, site, wanted)
        return site

    def rows(self, request: GraphRequest, wanted: Level = Level.READ) -> Rows:
        """The list of the path."""
        site = self.site(request, wanted)
        data = self.store.find_list(site, request.keys["list"])
        if data.hidden and wanted > Level.READ:
            # SharePoint's own lists are written by SharePoint alone.
            raise access_denied()
        return self.rows_of(request, site, data)

    def rows_of(self, request: GraphRequest, site: Site, data: ListData) -> Rows:
        """A list as the caller works on it."""
        return Rows(self.store, site, data, self.store.actor(request.caller), request.now)


def site_path(site: Site) -> str:
    """What the context of an answer names."""
    return f"sites('{quote(site.full_id)}')"


def list_path(site: Site, data: ListData) -> str:
    return f"{site_path(site)}/lists('{data.id}')"


def show_site(site: Site) -> Record:
    """A site."""
    record: Record = {
        "createdDateTime": format_instant(site.created),
        "description": site.description,
        "id": site.full_id,
        "lastModifiedDateTime": format_instant(site.modified),
        "name": site.name,
        "webUrl": site.url,
        "displayName": site.display_name,
        "siteCollection": {"hostname": site.host},
        "isPersonalSite": site.person is not None,
        "sharepointIds": sharepoint_ids(site),
    }
    if not site.path:
        record |= {"root": {}, "siteCollection": {"hostname": site.host, "root": {}}}
    return record


def show_list(site: Site, data: ListData) -> Record:
    """A list."""
    where = library_url(site, data) if data.is_library else f"{site.url}/Lists/{quote(data.name)}"
    etag = f'"{data.id},{data.revision}"'
    record: dict[str, Any] = {
        "@odata.etag": etag,
        "createdDateTime": format_instant(data.created),
        "description": data.description,
        "eTag": etag,
        "id": data.id,
        "lastModifiedDateTime": format_instant(data.modified),
        "name": data.name,
        "webUrl": where,
        "displayName": data.display_name,
        "createdBy": data.creator,
        "lastModifiedBy": data.editor,
        "parentReference": {"siteId": site.full_id},
        "list": {"contentTypesEnabled": False, "hidden": data.hidden, "template": data.template},
        "sharepointIds": sharepoint_ids(site, data),
    }
    if data.hidden:
        record["system"] = {}
    return record
