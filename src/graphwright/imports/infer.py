"""Lists and an import from an example document, such that nothing in the example is lost. Pure.

Objects become fields (`location_display_name`), arrays of objects child lists (three deep), what has
no fixed shape a json field. What a later document has besides is kept in `_extra`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphwright.expressions.getters import quote_path
from graphwright.imports.arrange import arrange, is_technical, words
from graphwright.imports.errors import DocumentInvalid
from graphwright.imports.items import REMOVED, find_items, is_annotation
from graphwright.imports.shapes import Shape, scalar_type
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import Mistyped
from graphwright.lists.definition import (
    NAME_LENGTH,
    NAME_PATTERN,
    RESERVED_FIELDS,
    RESERVED_LIST_PREFIXES,
)
from graphwright.lists.values import key_text

_DEEPEST: Final = 3
_MOST_FIELDS: Final = 300
_ETAG: Final = "@odata.etag"


@dataclass(frozen=True, slots=True)
class Inferred:
    """Definitions by name, as the YAML files hold them."""

    lists: dict[str, JsonObject]
    imports: dict[str, JsonObject]


@dataclass(slots=True)
class _Found:
    """The fields and child lists of one list, as far as they are found."""

    fields: dict[str, JsonObject] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    children: "dict[str, tuple[str, Shape]]" = field(default_factory=dict)


def infer(example: JsonValue, name: str, *, is_shared: bool = False) -> Inferred:
    """Definitions of a list `name`, its child lists and an import, from an example document."""
    if not re.fullmatch(NAME_PATTERN, name) or len(name) > NAME_LENGTH - 10:
        raise InvalidInput(
            f"{name[:60]!r} cannot name a list.",
            hint="A name has up to 40 small letters, digits and single _, and begins with a letter.",
        )
    if name.startswith(RESERVED_LIST_PREFIXES):
        raise InvalidInput(f"{name!r} cannot name a list: the database keeps it for itself.")
    items, items_path = _pick_items(example)
    # What was removed has no properties to learn from.
    items = [item for item in items if not (isinstance(item, dict) and REMOVED in item)]
    if not items:
        raise DocumentInvalid(
            "The example has no items to learn from.", hint="Take a response that has some."
        )
    shape = Shape()
    for item in items:
        shape.add(item)
    lists: dict[str, JsonObject] = {}
    mapping = _infer_list(shape, name, None, lists, {name}, 0)
    key = _find_key(items, lists[name]["fields"], mapping["fields"])
    if key is not None:
        lists[name] = {"title": lists[name]["title"], "owner": "user", "key": [key],
                       "fields": lists[name]["fields"]}  # fmt: skip
    if is_shared:
        lists[name]["owner"] = "shared"
    definition: JsonObject = {"list": name}
    if items_path is not None:
        definition["items"] = items_path
    definition |= mapping
    definition["unexpected"] = "keep"
    return Inferred(lists, {name: definition})


def _pick_items(example: JsonValue) -> tuple[list[JsonValue], str | None]:
    """The items, and what `items` of the import must say to find them."""
    if isinstance(example, dict) and isinstance(example.get("value"), list | dict):
        others = [other for other in example if other != "value"]
        if not all(is_annotation(other) for other in others):
            return [example], "$"  # properties beside `value` are data too
    return find_items(example), None


def _infer_list(
    shape: Shape, name: str, parent: str | None, lists: dict[str, JsonObject], taken: set[str],
    depth: int,
) -> JsonObject:  # fmt: skip
    """Adds the definitions of a list and its child lists; gives the mapping's fields, children."""
    found = _find_fields(shape, depth, is_deep=True)
    if len(found.fields) > _MOST_FIELDS:
        found = _find_fields(shape, depth, is_deep=False)
    definition: JsonObject = {"title": words(name)}
    definition |= {"owner": "user"} if parent is None else {"parent": parent}
    arranged = arrange(found.fields)
    kept = list(arranged)[:_MOST_FIELDS]  # the rest stays in `_extra`
    definition["fields"] = {field_name: arranged[field_name] for field_name in kept}
    lists[name] = definition
    mapping: JsonObject = {"fields": {field_name: found.paths[field_name] for field_name in kept}}
    children: JsonObject = {}
    for label, (path, elements) in found.children.items():
        child = _unique(f"{name}_{_singular(label)}", taken)
        children[child] = {
            "items": path,
            **_infer_list(elements, child, name, lists, taken, depth + 1),
        }
    if children:
        mapping["children"] = children
    return mapping


def _find_fields(shape: Shape, depth: int, *, is_deep: bool) -> _Found:
    found = _Found()
    if not shape.is_object or _has_unquotable(shape):
        _add_field(found, ["value"], "$", "json" if shape.kinds & {"object", "array"}
                   else scalar_type(shape))  # fmt: skip
        return found
    for name, inner in shape.properties.items():
        if name == _ETAG and depth == 0 and inner.kinds <= {"text", "null"}:
            continue  # the import keeps it in `_etag`
        _find(found, [name], inner, depth, is_deep)
    if not found.fields:
        # A list needs a field: here all there is lies in child lists, or there is nothing.
        name, source = ("id", "id") if found.children else ("value", "$")
        _add_field(found, [name], source, "text" if found.children else "json")
    return found


def _has_unquotable(shape: Shape) -> bool:
    return any(quote_path([name]) is None or not name.isprintable() for name in shape.properties)


def _find(found: _Found, path: list[str], shape: Shape, depth: int, is_deep: bool) -> None:
    source = quote_path(path) or "$"
    if shape.is_object and shape.is_zoned_datetime:
        _add_field(found, path, source, "zoned_datetime")
    elif shape.is_object and is_deep and not shape.is_map:
        for name, inner in shape.properties.items():
            _find(found, [*path, name], inner, depth, is_deep)
    elif shape.is_array_of_objects and depth < _DEEPEST and shape.elements is not None:
        label = _unique(_snake(path), set(found.children))
        found.children[label] = (source, shape.elements)
    elif shape.kinds & {"object", "array"}:
        # A list of plain values can be read; an object of no fixed shape cannot.
        is_plain = shape.elements is not None and not shape.elements.kinds & {"object", "array"}
        _add_field(found, path, source, "json", is_empty=not is_plain)
    else:
        _add_field(found, path, source, scalar_type(shape), is_empty=shape.kinds <= {"null"})


def _add_field(
    found: _Found, path: Sequence[str], source: str, field_type: str, *, is_empty: bool = False
) -> None:
    name = _unique(_snake(path), set(found.fields) | RESERVED_FIELDS)
    definition: JsonObject = {"type": field_type}
    if is_technical(name, path, field_type, is_empty=is_empty):
        definition["hidden"] = True
    found.fields[name] = definition
    found.paths[name] = source


def _find_key(items: list[JsonValue], fields: dict[str, Any], paths: dict[str, str]) -> str | None:
    """`id`, where every item has its own; else none: then a row's content is its key."""
    for name, source in paths.items():
        if source.lower() != "id" or fields[name]["type"] not in ("text", "integer"):
            continue
        values = [item.get(source) for item in items if isinstance(item, dict)]
        if any(value is None or value == "" for value in values):
            continue
        try:
            keys = {key_text([value]) for value in values}
        except Mistyped:
            continue
        if len(keys) == len(items):
            return name
    return None


def _snake(path: Sequence[str]) -> str:
    """`["location", "displayName"]` as `location_display_name`."""
    words = []
    for part in path:
        ascii_text = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", ascii_text)
        words += re.findall(r"[a-z0-9]+", spaced.lower())
    name = "_".join(words) or "field"
    return name if name[0].isalpha() else f"n_{name}"


def name_from(word: str) -> str:
    """A word of an API as the name of a list: `mailFolders` as `mail_folder`, else nothing."""
    return _singular(_snake([word])) if re.search("[A-Za-z]", word) else ""


def _unique(name: str, taken: set[str]) -> str:
    """The name, shortened and numbered where needed; it is taken then."""
    base = unique = name[:NAME_LENGTH].rstrip("_")
    number = 2
    while unique in taken:
        end = f"_{number}"
        unique = base[: NAME_LENGTH - len(end)].rstrip("_") + end
        number += 1
    taken.add(unique)
    return unique


def _singular(name: str) -> str:
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name
