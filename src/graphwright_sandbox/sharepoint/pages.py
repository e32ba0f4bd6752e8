"""Pages of a site: what they are made of, and how a body's layout becomes theirs.

Sections, columns and web parts are kept as Graph shows them. Knows no request and no site.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import graphwright_sandbox.sharepoint.page_types  # noqa: F401 - declares them
from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.sharepoint.errors import invalid_request, name_exists

Part = dict[str, Any]
_WIDTHS = {
    "none": (12,),
    "oneColumn": (12,),
    "twoColumns": (6, 6),
    "threeColumns": (4, 4, 4),
    "oneThirdLeftColumn": (4, 8),
    "oneThirdRightColumn": (8, 4),
    "fullWidth": (12,),
}
_MOST_PARTS = 500
_TYPES = {"textwebpart": "textWebPart", "standardwebpart": "standardWebPart"}
_SUPPORTED = frozenset(
    """e377ea37-9047-43b9-8cdb-a761be2f8e09 0f087d7f-520e-42b7-89c0-496aaf979d58
    df8e44e7-edd5-46d5-90da-aca1539313b8 2161a1c6-db61-4731-b97c-3cdb303f7cbb
    b7dd04e1-19ce-4b24-9132-b60a1c2b910d d1d91016-032f-456d-98a4-721247c305e8
    af8be689-990e-492a-81f7-ba3e4cd3ed9c 6410b3b6-d440-4663-8744-378976dc041e
    e84a8ca2-f63c-4fb9-bc0b-d8eef5ccb22b 7f718435-ee4d-431c-bdbf-9c4ff326f46e
    c70391ea-0b10-4ee9-b2b4-006d3fcad0cd 8654b779-4886-46d4-8ffb-b5ed960ee986
    544dd15b-cf3c-441b-96da-004d5a8cea1d cbe7b0a9-3504-44dd-a3a3-0e5cacd07788""".split()
)
"""The standard web parts that may be written through Graph, as its documentation lists them."""


@dataclass
class Page:
    """A page, and where it stands between draft and published."""

    id: str
    name: str
    created: datetime
    modified: datetime
    creator: dict[str, Any]
    editor: dict[str, Any]
    properties: dict[str, Any]
    """What was written of it, by the names Graph gives it."""
    sections: list[Part] = field(default_factory=list)
    vertical: Part | None = None
    revision: int = 1
    major: int = 0
    minor: int = 1
    checked_out: bool = True

    @property
    def etag(self) -> str:
        return f'"{{{self.id.upper()}}},{self.revision}"'

    def shelves(self) -> Iterator[tuple[Part | None, Part]]:
        """Whatever holds web parts, in the page's order: columns with their section, and the
        vertical section."""
        for section in self.sections:
            for column in section["columns"]:
                yield section, column
        if self.vertical is not None:
            yield None, self.vertical

    def web_parts(self) -> list[Part]:
        return [part for _, shelf in self.shelves() for part in shelf["webparts"]]

    def edit(self, editor: dict[str, Any], now: datetime) -> None:
        """Notes a change: what was published is a draft from now on, with its editor."""
        if not self.checked_out:
            self.minor += 1
        self.checked_out, self.editor, self.modified = True, editor, now
        self.revision += 1

    def publish(self, editor: dict[str, Any], now: datetime) -> None:
        if self.checked_out or self.minor:
            self.major, self.minor = self.major + 1, 0
        self.checked_out, self.editor, self.modified = False, editor, now
        self.revision += 1


def read_layout(given: object) -> tuple[list[Part], Part | None]:
    """Sections and vertical section of a body's canvasLayout."""
    layout = _read(given, "canvasLayout")
    sections: list[Part] = []
    for one in layout.get("horizontalSections") or ():
        sections.append(read_section(one, sections))
    vertical = layout.get("verticalSection")
    return sections, None if vertical is None else read_vertical(vertical)


def read_section(given: object, others: list[Part]) -> Part:
    """A horizontal section with as many columns as its layout has."""
    body = _read(given, "horizontalSection")
    layout = body.get("layout") or "oneColumn"
    if layout not in _WIDTHS:
        raise invalid_request(f"The layout '{layout}' is not supported.")
    widths = _WIDTHS[layout]
    columns = body.get("columns") or [{} for _ in widths]
    if len(columns) != len(widths):
        raise invalid_request(f"A section of the layout '{layout}' has {len(widths)} column(s).")
    identifier = _section_id(given, others)
    return {
        "layout": layout,
        "id": identifier,
        "emphasis": body.get("emphasis") or "none",
        "columns": [
            _read_column(one, number, width)
            for number, (one, width) in enumerate(zip(columns, widths, strict=True), start=1)
        ],
    }


def _section_id(given: object, others: list[Part]) -> str:
    """The id that a body names, or the next number."""
    taken = {one["id"] for one in others}
    named = given.get("id") if isinstance(given, dict) else None
    if named is None:
        return str(max((int(one) for one in taken), default=0) + 1)
    if not isinstance(named, str) or not (named.isascii() and named.isdigit()) or len(named) > 4:
        raise invalid_request("The id of a section is its number.")
    number = str(int(named))
    if number in taken:
        raise name_exists("The section already exists.")
    return number


def change_section(section: Part, given: object) -> None:
    """The values of a body take the place of a section's; columns are written one by one."""
    body = _read(given, "horizontalSection")
    if "columns" in body:
        raise invalid_request("The columns of a section are written with the canvasLayout.")
    layout = body.get("layout") or section["layout"]
    if layout not in _WIDTHS or len(_WIDTHS[layout]) != len(section["columns"]):
        raise invalid_request(f"The layout '{layout}' does not have the section's columns.")
    section["layout"], section["emphasis"] = layout, body.get("emphasis") or section["emphasis"]
    for column, width in zip(section["columns"], _WIDTHS[layout], strict=True):
        column["width"] = width


def _read_column(given: object, number: int, width: int) -> Part:
    body = _read(given, "horizontalSectionColumn")
    return {"id": str(number), "width": width, "webparts": _read_parts(body.get("webparts") or ())}


def read_vertical(given: object) -> Part:
    """The section at the side of a page."""
    body = _read(given, "verticalSection")
    return {
        "emphasis": body.get("emphasis") or "none",
        "webparts": _read_parts(body.get("webparts") or ()),
    }


def change_vertical(vertical: Part, given: object) -> None:
    """The values of a body take the place of the section's; web parts are written one by one."""
    body = _read(given, "verticalSection")
    if "webparts" in body:
        raise invalid_request("The web parts of a section are written one by one.")
    vertical["emphasis"] = body.get("emphasis") or vertical["emphasis"]


def _read_parts(given: Any) -> list[Part]:
    if len(given) > _MOST_PARTS:
        raise invalid_request("There are too many web parts.")
    return [read_web_part(one) for one in given]


def read_web_part(given: object, known: Part | None = None) -> Part:
    """A web part of a body; `known` is the one that it changes."""
    if not isinstance(given, dict):
        raise invalid_request("A web part needs to be an object.")
    kind = _kind_of(given, known)
    values = read_entity(given, SCHEMA.structured[kind])
    part = {
        "@odata.type": f"#microsoft.graph.{kind}",
        "id": str(uuid.uuid4()),
        **(known or {}),
        **values,
    }
    if kind == "standardWebPart":
        wanted = part.get("webPartType")
        if not isinstance(wanted, str) or wanted.lower() not in _SUPPORTED:
            raise invalid_request(f"The web part '{wanted}' is not supported.")
    elif not isinstance(part.get("innerHtml"), str):
        raise invalid_request("A text web part needs its innerHtml.")
    return part


def _kind_of(given: Mapping[str, Any], known: Part | None) -> str:
    """What a web part says it is; inside of a layout its properties may tell instead."""
    named = given.get("@odata.type")
    if isinstance(named, str):
        kind = _TYPES.get(named.rpartition(".")[2].lower())
    elif known is not None:
        kind = str(known["@odata.type"]).rpartition(".")[2]
    else:
        kind = "standardWebPart" if "webPartType" in given else "textWebPart"
    if kind is None:
        raise invalid_request("A web part is a textWebPart or a standardWebPart.")
    if known is not None and not known["@odata.type"].endswith(kind):
        raise invalid_request("A web part cannot become one of another type.")
    return kind


def _read(given: object, type_name: str) -> Part:
    if not isinstance(given, dict):
        raise invalid_request(f"A {type_name} needs to be an object.")
    return read_entity(given, SCHEMA.structured[type_name])
