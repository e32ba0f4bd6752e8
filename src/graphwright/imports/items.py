"""Where the items of a document are, and what of an item nothing reads. Pure."""

from typing import Final

from graphwright.expressions import MISSING, Expression
from graphwright.imports.errors import DocumentInvalid
from graphwright.kernel.values import JsonValue

REMOVED: Final = "@removed"


def find_items(document: JsonValue, items: Expression | None = None) -> list[JsonValue]:
    """The items of a document; `DocumentInvalid` where it is neither an object nor an array."""
    if items is not None:
        found = items.evaluate_item(document)
        if found is MISSING or found is None:
            raise DocumentInvalid(
                f"The document has no items at {items.source}.",
                hint="Check `items` of the import against the document.",
            )
    elif isinstance(document, dict) and isinstance(document.get("value"), list | dict):
        found = document["value"]
    elif isinstance(document, dict | list):
        found = document
    else:
        raise DocumentInvalid(
            "The document is neither an object nor an array, so it has no items.",
            hint="Did the request answer with text, such as a count or a file?",
        )
    return found if isinstance(found, list) else [found]


def is_annotation(name: str) -> bool:
    """Whether a property is OData control information rather than data."""
    return "@odata." in name or name.startswith(("@", "#microsoft.graph."))


def merge_reads(*trees: JsonValue) -> JsonValue:
    """What any of several expressions reads: a tree of names, or true for everything."""
    merged: dict[str, JsonValue] = {}
    for tree in trees:
        if tree is True:
            return True
        for name, below in tree.items():
            merged[name] = merge_reads(merged[name], below) if name in merged else below
    return merged


def find_unread(value: JsonValue, read: JsonValue) -> JsonValue:
    """The part of a value that the tree does not read, or `MISSING` where all is read."""
    if read is True:
        return MISSING
    if isinstance(value, dict):
        found = {
            name: left
            for name, inner in value.items()
            if (left := find_unread(inner, read[name]) if name in read else inner) is not MISSING
        }
        return found or MISSING
    if isinstance(value, list):
        left_over = [find_unread(inner, read) for inner in value]
        if all(left is MISSING for left in left_over):
            return MISSING
        return [{} if left is MISSING else left for left in left_over]
    return MISSING if value is None else value


def name_unread(unread: JsonValue, at: str = "") -> list[str]:
    """The paths of unread properties, without annotations."""
    if isinstance(unread, dict):
        return [
            path
            for name, inner in unread.items()
            if not is_annotation(name)
            for path in (name_unread(inner, f"{at}.{name}" if at else name))
        ] or ([at] if at and not unread else [])
    return [at] if at else ["the item"]
