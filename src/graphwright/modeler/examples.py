"""Examples: JSON documents that mappings and previews read. In memory only, bounded, by secret id.

A document may be large; the browser sees it level by level, through `read_tree`, never as a whole.
Knows no request and no import.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from secrets import token_urlsafe
from typing import Literal

import msgspec

from graphwright.expressions.getters import quote_path
from graphwright.kernel.errors import InvalidInput, NotFound
from graphwright.kernel.values import JsonValue
from graphwright.modeler.wire.mappings import Example
from graphwright.modeler.wire.tries import Tree, TreeNode

MOST_DOCUMENTS = 30
MOST_BYTES = 300_000_000
MOST_CHILDREN = 500
_LONGEST_TEXT = 300
_MOST_EXACT = 2**53  # what a browser's numbers hold exactly
_INDEX = re.compile(r"^(0|[1-9][0-9]{0,8})$")
_BAD_ESCAPE = re.compile(r"~(?![01])")


class ExampleMissing(NotFound):
    """There is no such example, or not any more."""

    code = "exampleMissing"


class ExampleTooLarge(InvalidInput):
    """The document is larger than all examples together may be."""

    code = "exampleTooLarge"


class PointerInvalid(InvalidInput):
    """The JSON pointer cannot be read, or leads to nothing in this document."""

    code = "pointerInvalid"


@dataclass(slots=True)
class _Kept:
    title: str
    size: int
    document: JsonValue = field(repr=False)


class Examples:
    """The documents of one modeler. The oldest go when there are too many or they are too large."""

    def __init__(self, most: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def add(self, title: str, document: JsonValue, size: int | None = None) -> Example:
        """Keeps a document; `size`: its bytes as JSON, where they are known."""
        return self._put(token_urlsafe(18), _Kept(title, _size(document, size), document))

    def replace(self, key: str, document: JsonValue, size: int | None = None) -> Example:
        """Another document in the place of one that is kept."""
        title = self._find(key).title
        return self._put(key, _Kept(title, _size(document, size), document))

    def document(self, key: str) -> JsonValue:
        """The document of that id; whoever reads it leaves it unchanged."""
        return self._find(key).document

    def describe(self, key: str) -> Example:
        """What the browser knows of an example."""
        kept = self._find(key)
        return Example(id=key, title=kept.title, size=kept.size, items=count_items(kept.document))

    def tree(self, key: str, pointer: str = "", offset: int = 0, limit: int = 100) -> Tree:
        """The value at a JSON pointer with some of its children."""
        return read_tree(self.document(key), pointer, offset, limit)

    def _find(self, key: str) -> _Kept:
        if key not in self._kept:
            raise ExampleMissing(
                "This example is not kept any more.",
                hint="Send the request again, or paste the document again.",
            )
        return self._kept[key]

    def _put(self, key: str, kept: _Kept) -> Example:
        if kept.size > self._most_bytes:
            raise ExampleTooLarge(
                f"The document has {kept.size / 1e6:,.0f} MB; examples may have "
                f"{self._most_bytes / 1e6:,.0f} MB.",
                hint="Ask for less, with $select, $filter or $top.",
            )
        self._kept[key] = kept
        self._kept.move_to_end(key)
        size = sum(one.size for one in self._kept.values())
        while len(self._kept) > self._most or size > self._most_bytes:
            size -= self._kept.popitem(last=False)[1].size
        return self.describe(key)


def count_items(document: JsonValue) -> int | None:
    """How many items a collection has: of an array, or of the array `value`; else None."""
    items = document.get("value") if isinstance(document, dict) else document
    return len(items) if isinstance(items, list) else None


def read_tree(document: JsonValue, pointer: str, offset: int = 0, limit: int = 100) -> Tree:
    """The value at the pointer, and `limit` of its children from `offset` on."""
    if offset < 0 or not 1 <= limit <= MOST_CHILDREN:
        raise InvalidInput(f"offset is 0 or more, limit 1 to {MOST_CHILDREN}.")
    steps = _parse(pointer)
    value, names = _follow(document, steps)
    key = int(steps[-1]) if names.is_item else steps[-1] if steps else None
    node = _node(key, pointer, names, value)
    children = [
        _node(step, f"{pointer}/{_escape(step)}", inner, child)
        for step, inner, child in islice(_children(value, names), offset, offset + limit)
    ]
    return Tree(node=node, children=children, total=node.count or 0, offset=offset)


def _parse(pointer: str) -> list[str]:
    if pointer == "":
        return []
    if not pointer.startswith("/") or _BAD_ESCAPE.search(pointer):
        raise PointerInvalid(
            "This is no JSON pointer.", hint="Write it as /value/0/subject (RFC 6901)."
        )
    return [s.replace("~1", "/").replace("~0", "~") for s in pointer[1:].split("/")]


def _follow(document: JsonValue, steps: list[str]) -> tuple[JsonValue, "_Names"]:
    """The value at the end of the way, and the names on it; array items have none."""
    value, names = document, _Names()
    for step in steps:
        if isinstance(value, dict) and step in value:
            value, names = value[step], names.below(step)
        elif isinstance(value, list) and _INDEX.match(step) and int(step) < len(value):
            value, names = value[int(step)], names.item()
        else:
            raise PointerInvalid("The JSON pointer leads to nothing in this document.")
    return value, names


@dataclass(frozen=True, slots=True)
class _Names:
    """The names on the way to a value, and whether it is an item of an array."""

    names: tuple[str, ...] = ()
    is_item: bool = False

    def below(self, name: str) -> "_Names":
        return _Names((*self.names, name))

    def item(self) -> "_Names":
        return _Names(self.names, True)


def _children(value: JsonValue, names: _Names) -> Iterator[tuple[str | int, _Names, JsonValue]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield name, names.below(name), child
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield index, names.item(), child


def _node(key: str | int | None, pointer: str, names: _Names, value: JsonValue) -> TreeNode:
    kind: Literal["object", "array", "text", "number", "boolean", "null"] = "null"
    shown: JsonValue = None
    cut, count = False, None
    if isinstance(value, dict | list):
        kind, count = "object" if isinstance(value, dict) else "array", len(value)
    elif isinstance(value, str):
        kind, shown, cut = "text", value[:_LONGEST_TEXT], len(value) > _LONGEST_TEXT
    elif isinstance(value, bool):
        kind, shown = "boolean", value
    elif value is not None:
        # As text where the browser would round it.
        kind = "number"
        shown = str(value) if isinstance(value, int) and abs(value) > _MOST_EXACT else value
    return TreeNode(
        key=key,
        pointer=pointer,
        path=quote_path(names.names),
        kind=kind,
        value=shown,
        cut=cut,
        count=count,
    )


def _escape(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _size(document: JsonValue, known: int | None) -> int:
    if known is not None:
        return known
    try:
        return len(msgspec.json.encode(document))
    except UnicodeEncodeError:  # half a character
        return len(json.dumps(document))
