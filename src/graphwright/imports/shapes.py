"""What an example's values look like: the merged shape of all values at one place. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import parse_local
from graphwright.kernel.values import JsonValue
from graphwright.lists import Mistyped
from graphwright.lists.values import Writer, write_duration, write_text, write_zoned_datetime

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|div|p|span|table|h[1-6]|meta)\b", re.IGNORECASE)
# Keys that are data (Planner assignments, references): the next item will have others.
_DATA_KEY = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\d+|[^@]*[/:%\s].*"
)
_ANNOTATION = re.compile(r"@|#microsoft\.graph\.")
_MOST_PROPERTIES: Final = 80


@dataclass(slots=True)
class Shape:
    """The kinds, scalars, properties and elements seen at one place."""

    kinds: set[str] = field(default_factory=set)
    scalars: list[JsonValue] = field(default_factory=list)
    objects: list[dict[str, JsonValue]] = field(default_factory=list)
    properties: "dict[str, Shape]" = field(default_factory=dict)
    elements: "Shape | None" = None

    def add(self, value: JsonValue) -> None:
        """Merges a value in."""
        kind = kind_of(value)
        self.kinds.add(kind)
        if isinstance(value, dict):
            self.objects.append(value)
            for name, inner in value.items():
                self.properties.setdefault(name, Shape()).add(inner)
        elif isinstance(value, list):
            self.elements = self.elements or Shape()
            for inner in value:
                self.elements.add(inner)
        elif value is not None:
            self.scalars.append(value)

    @property
    def is_object(self) -> bool:
        """Whether there are only objects (and nulls)."""
        return "object" in self.kinds and self.kinds <= {"object", "null"}

    @property
    def is_array_of_objects(self) -> bool:
        """Whether there are only arrays (and nulls) whose elements are all objects."""
        return (
            "array" in self.kinds
            and self.kinds <= {"array", "null"}
            and self.elements is not None
            and self.elements.kinds == {"object"}
        )

    @property
    def is_map(self) -> bool:
        """Whether the properties' names are data rather than names."""
        names = [name for name in self.properties if not _ANNOTATION.match(name)]
        return (
            not self.properties
            or len(self.properties) > _MOST_PROPERTIES
            or any(_DATA_KEY.fullmatch(name) or not is_path_name(name) for name in self.properties)
            or any("@" in name and not is_odata(name) for name in names)
        )

    @property
    def is_zoned_datetime(self) -> bool:
        """Whether the objects are Graph's dateTimeTimeZone that can be read as such."""
        return all(
            value.keys() == {"dateTime", "timeZone"} and _is_written(write_zoned_datetime, value)
            for value in self.objects
        )


def kind_of(value: JsonValue) -> str:
    """The JSON kind of a value; integers apart from other numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "array" if isinstance(value, list) else "object"


def is_path_name(name: str) -> bool:
    """Whether a path can name the property: JSONata has no way to quote a backtick."""
    return name != "" and "`" not in name and name.isprintable()


def is_odata(name: str) -> bool:
    """Whether an `@` in a property's name makes it an annotation."""
    return "@odata." in name or "@microsoft.graph." in name or name.startswith("@")


def scalar_type(shape: Shape) -> str:
    """The narrowest field type that keeps every scalar seen."""
    kinds = shape.kinds - {"null"}
    values = shape.scalars
    if kinds == {"boolean"}:
        return "boolean"
    if kinds == {"integer"}:
        return "integer" if all(-(2**63) <= value < 2**63 for value in values) else "json"
    if kinds and kinds <= {"integer", "number"}:
        exact = all(isinstance(value, float) or abs(value) <= 2**53 for value in values)
        return "number" if exact else "json"
    if kinds == {"text"}:
        return _text_type([str(value) for value in values])
    return "json"  # also where only nulls were seen: anything may come


def _text_type(values: list[str]) -> str:
    if not all(_is_written(write_text, value) for value in values):
        return "json"
    filled = [value for value in values if value]
    if not filled or len(filled) < len(values):
        return "html" if any(_HTML.match(value) for value in filled) else "text"
    if all(_is_instant(value) for value in values):
        return "datetime"
    if all(_DATE.fullmatch(value) and _is_time(value) for value in values):
        return "date"
    if all(value.startswith("P") and _is_written(write_duration, value) for value in values):
        return "duration"
    return "html" if any(_HTML.match(value) for value in values) else "text"


def _is_instant(value: str) -> bool:
    match = _INSTANT.fullmatch(value)
    # An instant keeps six digits; a seventh that is not 0 would be lost.
    is_exact = match is not None and not (match.group(1) or "")[6:].strip("0")
    return is_exact and _is_time(value)


def _is_time(value: str) -> bool:
    try:
        parse_local(value)
    except InvalidInput:
        return False
    return True


def _is_written(writer: Writer, value: JsonValue) -> bool:
    try:
        writer(value)
    except Mistyped:
        return False
    return True


def walk_leaves(value: JsonValue) -> Iterator[JsonValue]:
    """Every scalar of a value that is not null."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from walk_leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk_leaves(inner)
    elif value is not None:
        yield value
