"""The operations of a site's pages. Most stand behind the cast to `microsoft.graph.sitePage`."""

from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.sites.layouts import Layouts
from graphwright_sandbox.workloads.sites.pages import Pages

_MANY = "/sites/{site}/pages"
_ONE = f"{_MANY}/{{page}}"
_CAST = "microsoft.graph.sitePage"
_LAYOUT = f"{_ONE}/{_CAST}/canvasLayout"


def create_page_operations(pages: Pages) -> list[Operation]:
    layouts = Layouts(pages)
    cast = f"{_ONE}/{_CAST}"
    return [
        Operation("GET", _MANY, pages.list_pages, "files", READ_MANY),
        Operation("POST", _MANY, pages.create, "files"),
        Operation("GET", f"{_MANY}/{_CAST}", pages.list_pages, "files", READ_MANY),
        Operation("GET", _ONE, pages.get, "files", READ_ONE),
        Operation("DELETE", _ONE, pages.remove, "files"),
        Operation("GET", cast, pages.get, "files", READ_ONE),
        Operation("PATCH", cast, pages.change, "files"),
        Operation("POST", f"{cast}/publish", pages.publish, "files"),
        Operation("GET", _LAYOUT, layouts.get, "files", READ_ONE),
        *_sections(layouts),
        *_vertical(layouts),
        *_readable_parts(layouts, f"{cast}/webParts"),
    ]


def _sections(layouts: Layouts) -> list[Operation]:
    many = f"{_LAYOUT}/horizontalSections"
    one = f"{many}/{{section}}"
    column = f"{one}/columns/{{column}}"
    return [
        Operation("GET", many, layouts.list_sections, "files", READ_MANY),
        Operation("POST", many, layouts.create_section, "files"),
        Operation("GET", one, layouts.get_section, "files", READ_ONE),
        Operation("PATCH", one, layouts.change_section, "files"),
        Operation("DELETE", one, layouts.remove_section, "files"),
        Operation("GET", f"{one}/columns", layouts.list_columns, "files", READ_MANY),
        Operation("GET", column, layouts.get_column, "files", READ_ONE),
        *_parts(layouts, f"{column}/webparts"),
    ]


def _vertical(layouts: Layouts) -> list[Operation]:
    path = f"{_LAYOUT}/verticalSection"
    return [
        Operation("GET", path, layouts.get_vertical, "files", READ_ONE),
        Operation("PUT", path, layouts.create_vertical, "files"),
        Operation("PATCH", path, layouts.change_vertical, "files"),
        Operation("DELETE", path, layouts.remove_vertical, "files"),
        *_parts(layouts, f"{path}/webparts"),
    ]


def _parts(layouts: Layouts, many: str) -> list[Operation]:
    """Those of the web parts in one column or section."""
    one = f"{many}/{{webpart}}"
    return [
        *_readable_parts(layouts, many),
        Operation("POST", many, layouts.create_part, "files"),
        Operation("PATCH", one, layouts.change_part, "files"),
        Operation("DELETE", one, layouts.remove_part, "files"),
    ]


def _readable_parts(layouts: Layouts, many: str) -> list[Operation]:
    one = f"{many}/{{webpart}}"
    return [
        Operation("GET", many, layouts.list_parts, "files", READ_MANY),
        Operation("GET", one, layouts.get_part, "files", READ_ONE),
        Operation("POST", f"{one}/getPositionOfWebPart", layouts.tell_position, "files"),
    ]
