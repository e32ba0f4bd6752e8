"""Columns of lists: which there are, how one is defined, and which values one takes.

Knows lists and rows, and no HTTP.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from graphwright_sandbox.graph.values import format_instant, parse_instant
from graphwright_sandbox.sharepoint.errors import invalid_request, name_exists
from graphwright_sandbox.sharepoint.models import ListData, derive_guid

FACETS = (
    "text number dateTime choice boolean personOrGroup lookup hyperlinkOrPicture currency calculated"
).split()
LOOKUPS = frozenset({"personOrGroup", "lookup"})
_TYPES = {
    "text": "text",
    "number": "number",
    "dateTime": "dateTime",
    "choice": "choice",
    "boolean": "boolean",
    "personOrGroup": "user",
    "lookup": "lookup",
    "hyperlinkOrPicture": "url",
    "currency": "currency",
    "calculated": "calculated",
}
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,31}$")
_FORMULA = re.compile(r"^=\s*\[?(\w+)\]?\s*([*+/-])\s*\[?(\w+)\]?\s*$")
_ANNOTATION = "@odata.type"


def make_column(
    name: str, facet: str, settings: Mapping[str, Any] | None = None, **more: Any
) -> Any:
    """A column as Graph shows it; `settings` are those of its facet."""
    defaults: dict[str, Any] = {
        "text": {
            "allowMultipleLines": False,
            "appendChangesToExistingText": False,
            "linesForEditing": 0,
            "maxLength": 255,
        },
        "number": {"decimalPlaces": "automatic", "displayAs": "number"},
        "dateTime": {"displayAs": "default", "format": "dateOnly"},
        "choice": {"allowTextEntry": False, "choices": [], "displayAs": "dropDownMenu"},
        "personOrGroup": {
            "allowMultipleSelection": False,
            "chooseFromType": "peopleAndGroups",
            "displayAs": "nameWithPresence",
        },
        "lookup": {"allowMultipleValues": False, "columnName": "Title"},
        "hyperlinkOrPicture": {"isPicture": False},
        "currency": {"locale": "en-us"},
    }
    return {
        "columnGroup": "Custom Columns",
        "description": "",
        "displayName": name,
        "enforceUniqueValues": False,
        "hidden": False,
        "id": derive_guid("column", name),
        "indexed": False,
        "name": name,
        "readOnly": facet == "calculated",
        "required": False,
        **more,
        facet: {**defaults.get(facet, {}), **(settings or {})},
    }


def _built_in(name: str, facet: str, title: str, **more: Any) -> Any:
    return make_column(name, facet, displayName=title, columnGroup="Core Columns", **more)


_COMMON = [
    _built_in("ContentType", "text", "Content Type", readOnly=True),
    _built_in("Modified", "dateTime", "Modified", readOnly=True),
    _built_in("Created", "dateTime", "Created", readOnly=True),
    _built_in("Author", "personOrGroup", "Created By", readOnly=True),
    _built_in("Editor", "personOrGroup", "Modified By", readOnly=True),
    _built_in("_UIVersionString", "text", "Version", readOnly=True),
    _built_in("ID", "number", "ID", readOnly=True, indexed=True),
]
_OF_LISTS = [
    _built_in("Title", "text", "Title", required=True),
    *_COMMON,
    _built_in("Attachments", "boolean", "Attachments", readOnly=True),
    _built_in("LinkTitle", "text", "Title", readOnly=True),
]
_OF_LIBRARIES = [
    _built_in("FileLeafRef", "text", "Name", required=True),
    _built_in("Title", "text", "Title"),
    *_COMMON,
    _built_in("FileSizeDisplay", "text", "File Size", readOnly=True),
    _built_in("DocIcon", "text", "Type", readOnly=True),
]


def all_columns(target: ListData) -> list[dict[str, Any]]:
    """The columns of a list, those it has by itself first."""
    return [*(_OF_LIBRARIES if target.is_library else _OF_LISTS), *target.columns]


def find_column(target: ListData, identifier: str) -> dict[str, Any] | None:
    """The column of an id or an (internal) name."""
    folded = identifier.casefold()
    for column in all_columns(target):
        if folded in (column["id"], column["name"].casefold()):
            return column
    return None


def facet_of(column: Mapping[str, Any]) -> str:
    return next(facet for facet in FACETS if facet in column)


def column_type(column: Mapping[str, Any]) -> str:
    """The column's type as Graph's enumeration names it."""
    if facet_of(column) == "text" and column["text"]["allowMultipleLines"]:
        return "note"
    if takes_several(column) and facet_of(column) == "choice":
        return "multichoice"
    return _TYPES[facet_of(column)]


def define_column(target: ListData, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new column from a checked body; refuses what SharePoint does."""
    given = [facet for facet in FACETS if body.get(facet) is not None]
    if len(given) != 1:
        raise invalid_request("Exactly one column type has to be specified.")
    facet = given[0]
    title = body.get("displayName") or body.get("name")
    name = body.get("name") or re.sub(r"\W", "", title or "")
    if not title or not _NAME.match(name):
        raise invalid_request("The name of the column is missing or not valid.")
    if find_column(target, name) is not None:
        raise name_exists("A column with the same name already exists.")
    if facet == "choice" and not body["choice"].get("choices"):
        raise invalid_request("A choice column needs choices.")
    if facet == "calculated" and not body["calculated"].get("formula"):
        raise invalid_request("A calculated column needs a formula.")
    more = {
        key: body[key]
        for key in ("description", "enforceUniqueValues", "hidden", "indexed", "required")
        if body.get(key) is not None
    }
    if body.get("defaultValue"):
        more["defaultValue"] = body["defaultValue"]
    settings = {key: value for key, value in body[facet].items() if value is not None}
    identifier = derive_guid("column", target.id, name)
    return make_column(name, facet, settings, displayName=title, id=identifier, **more)  # type: ignore[no-any-return]


def takes_several(column: Mapping[str, Any]) -> bool:
    """Whether a value of the column is an array."""
    facet = facet_of(column)
    settings = column[facet]
    return bool(
        settings.get("allowMultipleValues")
        or settings.get("allowMultipleSelection")
        or settings.get("displayAs") == "checkBoxes"
    )


def read_fields(
    target: ListData, given: Mapping[str, Any], has_row: Callable[[Mapping[str, Any], int], bool]
) -> dict[str, Any]:
    """Values as they are kept, by column name; refuses unknown columns and values of another type.

    `has_row(column, number)` says whether a lookup (or person) column may name that row.
    """
    kept: dict[str, Any] = {}
    for key, value in given.items():
        if key.endswith(_ANNOTATION) or key.startswith("@"):
            continue
        column = find_column(target, key)
        by_number = False
        if column is None and key.endswith("LookupId"):
            column = find_column(target, key.removesuffix("LookupId"))
            by_number = True
        if column is None or by_number != (facet_of(column) in LOOKUPS):
            raise invalid_request(f"Field '{key}' is not recognized")
        if column["readOnly"]:
            raise invalid_request(f"Field '{key}' is read-only")
        if by_number:
            kept[column["name"]] = _each(column, value, partial(_row, column, has_row))
        elif value is None:
            kept[column["name"]] = None
        else:
            kept[column["name"]] = _each(column, value, partial(_value, column))
    return kept


def _each(column: Mapping[str, Any], value: Any, read: Callable[[Any], Any]) -> Any:
    if not takes_several(column):
        return None if value is None else read(value)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _mistyped(column)
    return [read(one) for one in value]


def _row(column: Mapping[str, Any], has_row: Callable[[Any, int], bool], value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _mistyped(column)
    if not has_row(column, int(text)):
        raise invalid_request(f"The item that '{column['name']}' refers to does not exist.")
    return int(text)


def _value(column: Mapping[str, Any], value: Any) -> Any:
    facet = facet_of(column)
    settings = column[facet]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if facet == "text" and isinstance(value, str):
        if settings["allowMultipleLines"] or len(value) <= settings["maxLength"]:
            return value
    elif facet in ("number", "currency") and number:
        if settings.get("minimum", value) <= value <= settings.get("maximum", value):
            return value
    elif facet == "boolean" and isinstance(value, bool):
        return value
    elif facet == "choice" and isinstance(value, str):
        if settings["allowTextEntry"] or value in settings["choices"]:
            return value
    elif facet == "dateTime" and isinstance(value, str):
        try:
            return format_instant(parse_instant(value))
        except (ValueError, OverflowError):
            pass
    elif facet == "hyperlinkOrPicture" and isinstance(value, dict):
        url, text = value.get("Url"), value.get("Description", "")
        if (
            isinstance(url, str)
            and isinstance(text, str)
            and value.keys() <= {"Url", "Description"}
        ):
            return {"Description": text, "Url": url}
    raise _mistyped(column)


def _mistyped(column: Mapping[str, Any]) -> Exception:
    return invalid_request(
        f"Invalid data has been used to update the list item: the value of '{column['name']}' "
        f"is no {column_type(column)}."
    )


def default_fields(target: ListData) -> dict[str, Any]:
    """What a new row holds where nothing is said."""
    found: dict[str, Any] = {}
    for column in target.columns:
        text = (column.get("defaultValue") or {}).get("value")
        facet = facet_of(column)
        if text is None:
            continue
        if facet in ("text", "choice"):
            found[column["name"]] = text
        elif facet == "boolean":
            found[column["name"]] = text in ("1", "true")
        elif facet in ("number", "currency") and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text):
            found[column["name"]] = float(text) if "." in text else int(text)
    return found


def calculate(column: Mapping[str, Any], fields: Mapping[str, Any]) -> str | None:
    """A calculated value, which SharePoint gives as text; None where the formula says more than two
    columns and what is done with them."""
    match = _FORMULA.match(column["calculated"].get("formula") or "")
    if match is None:
        return None
    one, other = fields.get(match[1]), fields.get(match[3])
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return None
    if match[2] == "/":
        return None if not other else f"{one / other:.10g}"
    results = {"*": one * other, "+": one + other, "-": one - other}
    return f"{results[match[2]]:.10g}"
