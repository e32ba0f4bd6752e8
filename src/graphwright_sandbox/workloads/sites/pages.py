"""Pages of a site: listed, read, made, changed, published, deleted."""

import uuid
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.presentation import (
    View,
    answer_collection,
    answer_entity,
    project,
    project_all,
)
from graphwright_sandbox.graph.query import Order, QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.access import Level
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found, name_exists
from graphwright_sandbox.sharepoint.etags import check_etags
from graphwright_sandbox.sharepoint.models import Site
from graphwright_sandbox.sharepoint.names import check_name
from graphwright_sandbox.sharepoint.pages import Page, read_layout
from graphwright_sandbox.workloads.sites.entities import (
    BASE_SITE_PAGE,
    CANVAS_LAYOUT,
    SITE_PAGE,
    WEB_PART,
)
from graphwright_sandbox.workloads.sites.places import LIMITS, Places, site_path

TYPE = "#microsoft.graph.sitePage"
LAYOUT_VIEW = View(CANVAS_LAYOUT, facets=True)
PART_VIEW = View(WEB_PART, always=("id",))
_FIXED = ("name", "pageLayout")
_DEFAULTS = {
    "pageLayout": "article",
    "promotionKind": "page",
    "showComments": True,
    "showRecommendedPages": False,
}


class Pages:
    """Requests about the pages of a site."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._store = places.store
        expanders = {"canvasLayout": self._expand_layout, "webParts": self._expand_parts}
        self._view = View(SITE_PAGE, facets=True, expanders=expanders)
        self._base_view = View(BASE_SITE_PAGE, facets=True, expanders=expanders)

    def list_pages(self, request: GraphRequest) -> GraphResponse:
        """All pages of a site, by name; as site pages where the path says so."""
        site = self._places.site(request)
        records = [_show(site, page) for page in site.pages.values()]
        view = self._view if "sitePage" in request.operation else self._base_view
        path = f"{site_path(site)}/pages"
        by_name = (Order(("name",), False),)
        return answer_collection(request, view, records, path, LIMITS, order=by_name)

    def get(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, *self.find(request))

    def create(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        kind = body.get("@odata.type")
        if not isinstance(kind, str) or kind.lower() not in (TYPE.lower(), TYPE[1:].lower()):
            # What a page is has to be said; without it SharePoint understands nothing of it.
            raise invalid_request("Invalid request")
        data = request.read_as("sitePage", body)
        site = self._places.site(request, Level.WRITE)
        name = _check_page_name(site, data.pop("name", None))
        layout = read_layout(data.pop("canvasLayout", None) or {})
        actor = self._store.actor(request.caller)
        page = Page(
            id=str(uuid.uuid4()),
            name=name,
            created=request.now,
            modified=request.now,
            creator=actor,
            editor=actor,
            properties={**_DEFAULTS, "title": name[: -len(".aspx")], **_check_values(data)},
            sections=layout[0],
            vertical=layout[1],
        )
        site.pages[page.id] = page
        return self._answer(request, site, page, 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        """Changes a page; a layout takes the place of the whole present one."""
        data = request.read_entity("sitePage")
        site, page = self.find(request, Level.WRITE)
        check_etags({page.etag}, request.headers)
        for name in _FIXED:
            if name in data:
                raise invalid_request(f"The property '{name}' of a page cannot be changed.")
        if page.properties["promotionKind"] == "newsPost" and data.get("promotionKind") == "page":
            raise invalid_request("A news post cannot become a page again.")
        layout = data.pop("canvasLayout", None)
        values = _check_values(data)
        if layout is not None:
            page.sections, page.vertical = read_layout(layout)
        page.properties.update(values)
        page.edit(self._store.actor(request.caller), request.now)
        return self._answer(request, site, page)

    def remove(self, request: GraphRequest) -> GraphResponse:
        site, page = self.find(request, Level.WRITE)
        check_etags({page.etag}, request.headers)
        del site.pages[page.id]
        return no_content()

    def publish(self, request: GraphRequest) -> GraphResponse:
        """The draft becomes what everybody sees."""
        _, page = self.find(request, Level.WRITE)
        page.publish(self._store.actor(request.caller), request.now)
        return no_content()

    def find(self, request: GraphRequest, wanted: Level = Level.READ) -> tuple[Site, Page]:
        """The page of the path, and its site."""
        site = self._places.site(request, wanted)
        page = site.pages.get(request.keys["page"].lower())
        if page is None:
            raise item_not_found("The page could not be found.")
        return site, page

    def edit(self, request: GraphRequest) -> tuple[Site, Page]:
        """The same for a write to what it holds."""
        return self.find(request, Level.WRITE)

    def touch(self, request: GraphRequest, page: Page) -> None:
        """Notes that a part of the page was written."""
        page.edit(self._store.actor(request.caller), request.now)

    def _answer(
        self, request: GraphRequest, site: Site, page: Page, status: int = 200
    ) -> GraphResponse:
        path = f"{site_path(site)}/pages"
        view = (
            self._base_view if request.operation == "GET /sites/{site}/pages/{page}" else self._view
        )
        return answer_entity(request, view, _show(site, page), path, status=status)

    def _expand_layout(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record:
        page = self._places.site(request).pages[record["id"]]
        return project(request, LAYOUT_VIEW, show_layout(page), options)

    def _expand_parts(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        page = self._places.site(request).pages[record["id"]]
        return project_all(request, PART_VIEW, page.web_parts(), options)


def show_layout(page: Page) -> Record:
    """What a page holds, down to its web parts."""
    layout: Record = {"horizontalSections": page.sections}
    if page.vertical is not None:
        layout["verticalSection"] = page.vertical
    return layout


def _show(site: Site, page: Page) -> Record:
    state: dict[str, Any] = {"level": "published", "versionId": f"{page.major}.{page.minor}"}
    if page.checked_out:
        state |= {"level": "checkout", "checkedOutBy": page.editor}
    return {
        "@odata.type": TYPE,
        "@odata.etag": page.etag,
        "createdBy": page.creator,
        "createdDateTime": format_instant(page.created),
        "eTag": page.etag,
        "id": page.id,
        "lastModifiedBy": page.editor,
        "lastModifiedDateTime": format_instant(page.modified),
        "name": page.name,
        "parentReference": {"siteId": site.full_id},
        "webUrl": f"{site.url}/SitePages/{quote(page.name)}",
        "publishingState": state,
        "reactions": {},
        **{name: value for name, value in page.properties.items() if value is not None},
    }


def _check_page_name(site: Site, name: object) -> str:
    """The name of a new page, if it is one and nobody has it."""
    name = check_name(name)
    if not name.lower().endswith(".aspx") or len(name) == len(".aspx"):
        raise invalid_request("The name of a page ends with .aspx.")
    if any(one.name.casefold() == name.casefold() for one in site.pages.values()):
        raise name_exists()
    return name


def _check_values(data: Record) -> Record:
    """The values that a body gives a page, without what SharePoint works out itself."""
    if "webParts" in data:
        raise invalid_request("Web parts are written with the canvasLayout.")
    if data.get("pageLayout", "article") not in ("article", "home"):
        raise invalid_request("The pageLayout of a page is article or home.")
    if data.get("promotionKind", "page") not in ("page", "newsPost"):
        raise invalid_request("The promotionKind of a page is page or newsPost.")
    if "title" in data and not (data["title"] and len(data["title"]) <= 255):
        raise invalid_request("The title of a page is missing or too long.")
    return {name: value for name, value in data.items() if name != "parentReference"}
