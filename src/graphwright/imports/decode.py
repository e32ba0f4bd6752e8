"""Decodes the JSON of a page into structs of what a mapping reads: what it skips costs little.

Knows no HTTP and no table. Where a page is not shaped as the paths say, it says so, and the page is
read the usual way: both give the same rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from graphwright.expressions import MISSING
from graphwright.expressions.getters import Getter, get
from graphwright.kernel.values import JsonObject

Path = tuple[str, ...]
# Below, a path is followed through plain values: a struct for each step would gain nothing.
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class TypedPage:
    """A page; `items` are structs of the decoder's shape."""

    items: list[Any]
    next: str | None
    delta: str | None
    count: int | None


@dataclass(slots=True)
class _Node:
    """A property that is read: as a whole, or (`below`) some of its own properties."""

    attribute: str
    below: "dict[str, _Node] | None"


class ItemShape:
    """The struct of an item: the properties at the paths, and the top-level ones that are read whole.

    `ValueError` where msgspec cannot name a property, such as one with a quotation mark.
    """

    def __init__(self, paths: Iterable[Path], whole: Iterable[str]) -> None:
        self._tree: dict[str, _Node] = {}
        self._whole = list(dict.fromkeys(whole))
        for path in (*paths, *((name,) for name in self._whole)):
            _grow(self._tree, path[:_DEEPEST])
        self.struct: Any = _make_struct("Item", self._tree)
        self._rest = [(name, self.getter((name,))) for name in self._whole]

    def getter(self, path: Path) -> Getter:
        """A function from a struct to the value at the path, or `MISSING`, as `make_getter`'s."""
        attributes: list[str] = []
        tree: dict[str, _Node] | None = self._tree
        while tree is not None:
            node = tree[path[len(attributes)]]
            attributes.append(node.attribute)
            tree = node.below
        read = attrgetter(".".join(attributes))
        below = path[len(attributes) :]
        if len(attributes) == 1 and not below:
            return read

        def read_deep(item: Any) -> Any:
            try:
                found = read(item)
            except AttributeError:  # an object on the way is null
                return MISSING
            return get(found, below) if below else found

        return read_deep

    def rest(self, item: Any) -> JsonObject:
        """The properties that are read whole, as an object: what expressions are evaluated over."""
        found = ((name, read(item)) for name, read in self._rest)
        return {name: value for name, value in found if value is not MISSING}


class PageDecoder:
    """Decodes pages whose items have a shape."""

    def __init__(self, shape: ItemShape) -> None:
        self.shape = shape
        page = msgspec.defstruct(
            "Page",
            [
                ("items", list[shape.struct]),  # type: ignore[name-defined]
                ("next", Any, None),
                ("delta", Any, None),
                ("count", Any, None),
                ("error", Any, MISSING),
            ],
            rename={
                "items": "value",
                "next": "@odata.nextLink",
                "delta": "@odata.deltaLink",
                "count": "@odata.count",
            },
            gc=False,
        )
        self._decode = msgspec.json.Decoder(page).decode

    def decode(self, content: bytes) -> TypedPage | None:
        """The page; None where it has another shape or is broken, which the usual way tells."""
        try:
            if not content.isascii():
                # Of what is skipped, msgspec looks at the syntax alone.
                content.decode()
            page: Any = self._decode(content)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        if page.error is not MISSING:
            return None
        if not isinstance(page.next, str | None) or not isinstance(page.delta, str | None):
            return None
        count = page.count if isinstance(page.count, int) else None
        return TypedPage(page.items, page.next, page.delta, count)


@lru_cache(maxsize=256)
def make_decoder(paths: tuple[Path, ...], whole: tuple[str, ...]) -> PageDecoder | None:
    """The decoder of such items; None where there is none. Kept: each brings types of its own."""
    try:
        return PageDecoder(ItemShape(paths, whole))
    except ValueError:
        return None


def _grow(tree: dict[str, _Node], path: Path) -> None:
    """Adds a path; what is read whole takes in all that is below it."""
    for index, name in enumerate(path):
        is_last = index == len(path) - 1
        node = tree.get(name)
        if node is None:
            node = tree[name] = _Node(f"f{len(tree)}", None if is_last else {})
        elif is_last:
            node.below = None
        if node.below is None:
            return
        tree = node.below


def _make_struct(name: str, tree: dict[str, _Node]) -> Any:
    fields: list[tuple[str, Any, Any]] = []
    for node in tree.values():
        if node.below is None:
            fields.append((node.attribute, Any, MISSING))
        else:
            inner = _make_struct(f"{name}_{node.attribute}", node.below)
            # An empty one in place of a missing one: each of its properties is missing as well.
            fields.append((node.attribute, inner | None, inner()))
    rename = {node.attribute: given for given, node in tree.items()}
    # None holds a cycle, and a page has tens of thousands.
    return msgspec.defstruct(name, fields, rename=rename, frozen=True, gc=False)
