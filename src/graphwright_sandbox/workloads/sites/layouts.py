"""What a page holds: its sections, their columns, the web parts in them."""

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
from graphwright_sandbox.sharepoint.errors import invalid_request, item_not_found, name_exists
from graphwright_sandbox.sharepoint.models import Site
from graphwright_sandbox.sharepoint.pages import (
    Page,
    Part,
    change_section,
    change_vertical,
    read_section,
    read_vertical,
    read_web_part,
)
from graphwright_sandbox.workloads.sites.entities import COLUMN_OF_PAGE, SECTION, VERTICAL_SECTION
from graphwright_sandbox.workloads.sites.pages import LAYOUT_VIEW, PART_VIEW, Pages, show_layout
from graphwright_sandbox.workloads.sites.places import LIMITS, site_path


def _expand_parts(request: GraphRequest, record: Record, options: QueryOptions) -> list[Record]:
    return project_all(request, PART_VIEW, record["webparts"], options)


def _expand_columns(request: GraphRequest, record: Record, options: QueryOptions) -> list[Record]:
    return project_all(request, _COLUMN_VIEW, record["columns"], options)


_COLUMN_VIEW = View(
    COLUMN_OF_PAGE, default=("id", "width"), always=("id",), expanders={"webparts": _expand_parts}
)
_SECTION_VIEW = View(
    SECTION,
    default=("id", "emphasis", "layout"),
    always=("id",),
    expanders={"columns": _expand_columns},
)
_VERTICAL_VIEW = View(
    VERTICAL_SECTION, default=("emphasis",), expanders={"webparts": _expand_parts}
)


class Layouts:
    """Requests about the layout of a page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def get(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        path = f"{_page_path(site, page)}/canvasLayout/$entity"
        shown = project(request, LAYOUT_VIEW, show_layout(page))
        return GraphResponse(200, {"@odata.context": request.context(path), **shown})

    def list_sections(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        path = f"{_page_path(site, page)}/canvasLayout/horizontalSections"
        return answer_collection(request, _SECTION_VIEW, page.sections, path, LIMITS)

    def get_section(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        return self._answer_section(request, site, page, _section(request, page))

    def create_section(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        site, page = self._pages.edit(request)
        section = read_section(body, page.sections)
        page.sections.append(section)
        page.sections.sort(key=lambda one: int(one["id"]))
        self._pages.touch(request, page)
        return self._answer_section(request, site, page, section, 201)

    def change_section(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        site, page = self._pages.edit(request)
        section = _section(request, page)
        change_section(section, body)
        self._pages.touch(request, page)
        return self._answer_section(request, site, page, section)

    def remove_section(self, request: GraphRequest) -> GraphResponse:
        _, page = self._pages.edit(request)
        page.sections.remove(_section(request, page))
        self._pages.touch(request, page)
        return no_content()

    def list_columns(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        section = _section(request, page)
        path = f"{_section_path(site, page, section)}/columns"
        return answer_collection(request, _COLUMN_VIEW, section["columns"], path, LIMITS)

    def get_column(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        path = f"{_section_path(site, page, _section(request, page))}/columns"
        return answer_entity(request, _COLUMN_VIEW, _shelf(request, page), path)

    def get_vertical(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        return self._answer_vertical(request, site, page)

    def create_vertical(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        site, page = self._pages.edit(request)
        if page.vertical is not None:
            raise name_exists("The page has a vertical section already.")
        page.vertical = read_vertical(body)
        self._pages.touch(request, page)
        return self._answer_vertical(request, site, page, 201)

    def change_vertical(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        site, page = self._pages.edit(request)
        change_vertical(_shelf(request, page), body)
        self._pages.touch(request, page)
        return self._answer_vertical(request, site, page)

    def remove_vertical(self, request: GraphRequest) -> GraphResponse:
        _, page = self._pages.edit(request)
        _shelf(request, page)
        page.vertical = None
        self._pages.touch(request, page)
        return no_content()

    def list_parts(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        parts = _parts(request, page)
        path = _parts_path(request, site, page)
        return answer_collection(request, PART_VIEW, parts, path, LIMITS)

    def get_part(self, request: GraphRequest) -> GraphResponse:
        site, page = self._pages.find(request)
        return self._answer_part(request, site, page, _part(request, page))

    def create_part(self, request: GraphRequest) -> GraphResponse:
        """A new web part, at the position that `index` tells; else the last one."""
        body = request.read_json()
        site, page = self._pages.edit(request)
        parts = _parts(request, page)
        text = request.options.custom.get("index", str(len(parts)))
        if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) > len(parts):
            raise invalid_request("The index is not a position among the web parts.")
        part = read_web_part(body)
        parts.insert(int(text), part)
        self._pages.touch(request, page)
        return self._answer_part(request, site, page, part, 201)

    def change_part(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        site, page = self._pages.edit(request)
        part = _part(request, page)
        part.update(read_web_part(body, part))
        self._pages.touch(request, page)
        return self._answer_part(request, site, page, part)

    def remove_part(self, request: GraphRequest) -> GraphResponse:
        _, page = self._pages.edit(request)
        _parts(request, page).remove(_part(request, page))
        self._pages.touch(request, page)
        return no_content()

    def tell_position(self, request: GraphRequest) -> GraphResponse:
        """Where on its page a web part stands."""
        _, page = self._pages.find(request)
        part = _part(request, page)
        section, shelf = next(
            (section, shelf) for section, shelf in page.shelves() if part in shelf["webparts"]
        )
        position: dict[str, Any] = {
            "webPartIndex": float(shelf["webparts"].index(part) + 1),
            "isInVerticalSection": section is None,
        }
        if section is not None:
            position |= {
                "horizontalSectionId": float(section["id"]),
                "columnId": float(shelf["id"]),
            }
        context = request.context("microsoft.graph.webPartPosition")
        return GraphResponse(200, {"@odata.context": context, **position})

    def _answer_section(
        self, request: GraphRequest, site: Site, page: Page, section: Part, status: int = 200
    ) -> GraphResponse:
        path = f"{_page_path(site, page)}/canvasLayout/horizontalSections"
        return answer_entity(request, _SECTION_VIEW, section, path, status=status)

    def _answer_vertical(
        self, request: GraphRequest, site: Site, page: Page, status: int = 200
    ) -> GraphResponse:
        path = f"{_page_path(site, page)}/canvasLayout/verticalSection"
        return answer_entity(request, _VERTICAL_VIEW, _shelf(request, page), path, status=status)

    def _answer_part(
        self, request: GraphRequest, site: Site, page: Page, part: Part, status: int = 200
    ) -> GraphResponse:
        path = _parts_path(request, site, page)
        return answer_entity(request, PART_VIEW, part, path, status=status)


def _section(request: GraphRequest, page: Page) -> Part:
    """The horizontal section of the path."""
    return _named(page.sections, request.keys["section"])


def _shelf(request: GraphRequest, page: Page) -> Part:
    """The column of the path, or the vertical section."""
    if "column" in request.keys:
        return _named(_section(request, page)["columns"], request.keys["column"])
    if page.vertical is None:
        raise item_not_found("The page has no vertical section.")
    return page.vertical


def _parts(request: GraphRequest, page: Page) -> list[Part]:
    """The web parts where the path leads to; all of the page where it names no section."""
    if "canvasLayout" not in request.operation:
        return page.web_parts()
    parts: list[Part] = _shelf(request, page)["webparts"]
    return parts


def _part(request: GraphRequest, page: Page) -> Part:
    return _named(_parts(request, page), request.keys["webpart"].lower())


def _named(parts: list[Part], identifier: str) -> Part:
    for one in parts:
        if one["id"] == identifier:
            return one
    raise item_not_found()


def _page_path(site: Site, page: Page) -> str:
    return f"{site_path(site)}/pages('{page.id}')/microsoft.graph.sitePage"


def _section_path(site: Site, page: Page, section: Part) -> str:
    return f"{_page_path(site, page)}/canvasLayout/horizontalSections('{section['id']}')"


def _parts_path(request: GraphRequest, site: Site, page: Page) -> str:
    if "canvasLayout" not in request.operation:
        return f"{_page_path(site, page)}/webParts"
    if "column" not in request.keys:
        return f"{_page_path(site, page)}/canvasLayout/verticalSection/webparts"
    section = _section(request, page)
    return f"{_section_path(site, page, section)}/columns('{request.keys['column']}')/webparts"
