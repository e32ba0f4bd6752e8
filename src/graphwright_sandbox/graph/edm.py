"""The types Graph describes its data with (entity, complex, enumeration), and their notation.

Workloads declare their own types in a few lines of text; queries and bodies are checked against
them. Knows no workload, no HTTP and no data.

Notation: `enum NAME: member …`, `complex NAME [: base]`, `entity NAME [: base] [open]`, then one
indented line a property: `name Type`, `name [Type]` for a collection; a trailing `!` marks a
property that the service computes, `*` one that is never null; `-> name type` is navigation, and a
trailing `+` says that records hold it, so that `$filter` and `$orderby` may follow it (a collection
under its name with `_` before it: it is counted, not shown). A `dynamic`
type is an open one of which queries may name any property (the fields of a list item).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

PRIMITIVES = frozenset(
    f"Edm.{name}"
    for name in (
        "String Boolean Int16 Int32 Int64 Double DateTimeOffset Date TimeOfDay Duration Binary "
        "Guid Stream"
    ).split()
)
_LINE = re.compile(
    r"^\s+(?P<nav>-> )?(?P<name>\w+) (?P<open>\[)?(?P<type>[\w.]+)\]?(?P<marks>[!*+]*)$"
)
_HEAD = re.compile(
    r"^(?P<kind>entity|complex) (?P<name>\w+)(?: : (?P<base>\w+))?(?P<open> open| dynamic)?$"
)


class NotationError(ValueError):
    """A declaration that does not follow the notation; a fault of the sandbox itself."""


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    type: str
    collection: bool = False
    nullable: bool = True
    computed: bool = False
    followed: bool = False
    """Navigation that records hold themselves."""
    structure: "StructuredType | None" = None
    """The type itself, of a property whose type is not declared by name."""

    @property
    def primitive(self) -> bool:
        return self.type in PRIMITIVES


@dataclass
class StructuredType:
    """An entity or complex type; `properties` holds those of its bases too."""

    name: str
    entity: bool
    base: "StructuredType | None" = None
    open: bool = False
    dynamic: bool = False
    own: dict[str, Property] = field(default_factory=dict)
    own_navigation: dict[str, Property] = field(default_factory=dict)
    plain: "StructuredType | None" = None
    """The declared type, of one that a tenant extended."""

    @cached_property
    def properties(self) -> dict[str, Property]:
        return {**(self.base.properties if self.base else {}), **self.own}

    @cached_property
    def navigation(self) -> dict[str, Property]:
        return {**(self.base.navigation if self.base else {}), **self.own_navigation}

    @cached_property
    def _folded(self) -> dict[str, Property]:
        return {name.lower(): prop for name, prop in self.properties.items()}

    @cached_property
    def _folded_navigation(self) -> dict[str, Property]:
        return {name.lower(): prop for name, prop in self.navigation.items()}

    def is_a(self, other: "StructuredType") -> bool:
        """Whether this is the other type or derives from it, extended or not."""
        other = other.plain or other
        return self is other or (self.base is not None and self.base.is_a(other))

    def find(self, name: str) -> Property | None:
        """The property of this name; Graph tolerates another casing in queries."""
        return self.properties.get(name) or self._folded.get(name.lower())

    def find_navigation(self, name: str) -> Property | None:
        return self._folded_navigation.get(name.lower())


class Schema:
    """All declared types. A workload adds its own once, when it is imported."""

    def __init__(self) -> None:
        self.structured: dict[str, StructuredType] = {}
        self.enums: dict[str, tuple[str, ...]] = {}

    def find(self, name: str) -> StructuredType | None:
        """The type of this name; Graph tolerates another casing in casts."""
        found = self.structured.get(name)
        if found is not None:
            return found
        folded = name.lower()
        return next((one for each, one in self.structured.items() if each.lower() == folded), None)

    def declare(self, notation: str) -> None:
        current: StructuredType | None = None
        for line in _significant(notation):
            if line.startswith("enum "):
                name, _, members = line[5:].partition(":")
                self.enums[name.strip()] = tuple(members.split())
                current = None
            elif head := _HEAD.match(line):
                current = self._start(head)
            elif current is not None and (match := _LINE.match(line)):
                prop = _property(match, self.structured)
                (current.own_navigation if match["nav"] else current.own)[prop.name] = prop
            else:
                raise NotationError(line)

    def _start(self, head: re.Match[str]) -> StructuredType:
        base = self.structured[head["base"]] if head["base"] else None
        current = StructuredType(
            head["name"],
            head["kind"] == "entity",
            base,
            open=bool(head["open"]),
            dynamic=head["open"] == " dynamic",
        )
        self.structured[current.name] = current
        return current


def _significant(notation: str) -> Iterator[str]:
    for line in notation.splitlines():
        if line.strip():
            yield line.rstrip()


def _property(match: re.Match[str], declared: Mapping[str, StructuredType]) -> Property:
    type_name = match["type"]
    # Graph's own names begin with a small letter, but for one (Json).
    if type_name[0].isupper() and type_name not in declared:
        type_name = f"Edm.{type_name}"
        if type_name not in PRIMITIVES:
            raise NotationError(match.string)
    marks = match["marks"]
    return Property(
        match["name"],
        type_name,
        collection=bool(match["open"]),
        nullable="*" not in marks,
        computed="!" in marks,
        followed="+" in marks,
    )


SCHEMA = Schema()
SCHEMA.declare(
    """
entity entity
  id String*!
"""
)
