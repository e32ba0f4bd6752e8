"""From a URL's segments to an operation. Tolerates casing, double slashes and `users('id')`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from graphwright_sandbox.graph.errors import (
    bad_request,
    method_not_allowed,
    unknown_segment,
)

if TYPE_CHECKING:
    from graphwright_sandbox.graph.request import GraphRequest, GraphResponse

_KEYED = re.compile(r"^(?P<name>[^('()]+)\((?:\w+=)?'?(?P<key>.*?)'?\)$")
MAXIMUM_SEGMENTS = 30
READ_ONE = frozenset({"select", "expand", "format"})
READ_MANY = frozenset(
    {"select", "expand", "format", "filter", "orderby", "top", "skip", "skiptoken", "count"}
)
NO_OPTIONS: frozenset[str] = frozenset({"format"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, as a workload serves it."""

    method: str
    path: str
    handle: "Callable[[GraphRequest], GraphResponse]"
    family: str = "outlook"
    options: frozenset[str] = NO_OPTIONS

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class _Place:
    literals: "dict[str, _Place]" = field(default_factory=dict)
    key: "tuple[str, _Place] | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    keys: dict[str, str]


class Router:
    def __init__(self) -> None:
        self._root = _Place()
        self.operations: list[Operation] = []

    def add(self, operation: Operation) -> None:
        place = self._root
        for segment in operation.path.strip("/").split("/"):
            if segment.startswith("{"):
                name = segment[1:-1]
                if place.key is None:
                    place.key = (name, _Place())
                if place.key[0] != name:
                    raise ValueError(f"{operation.path}: key {name} meets key {place.key[0]}")
                place = place.key[1]
            else:
                place = place.literals.setdefault(segment.lower(), _Place())
        if operation.method in place.operations:
            raise ValueError(f"{operation.name} is served twice")
        place.operations[operation.method] = operation
        self.operations.append(operation)

    def match(self, method: str, segments: list[str]) -> Match:
        place = self._root
        keys: dict[str, str] = {}
        for segment in segments:
            literal = place.literals.get(segment.lower())
            if literal is not None:
                place = literal
            elif place.key is not None:
                name, following = place.key
                keys[name] = segment
                place = following
            else:
                raise unknown_segment(segment)
        if not place.operations:
            raise unknown_segment(segments[-1] if segments else "")
        operation = place.operations.get(method)
        if operation is None:
            raise method_not_allowed(list(place.operations))
        return Match(operation, keys)


def split_path(raw_path: str) -> list[str]:
    """The decoded segments of a path; an encoded slash stays inside its segment."""
    segments: list[str] = []
    for part in raw_path.split("/"):
        if not part:
            continue
        try:
            segment = unquote(part, errors="strict")
        except UnicodeDecodeError as error:
            raise bad_request("The request URI is not valid UTF-8.") from error
        keyed = _KEYED.match(segment)
        if keyed and keyed["key"]:
            segments.extend((keyed["name"], keyed["key"].replace("''", "'")))
        else:
            segments.append(segment.removeprefix("microsoft.graph."))
    if len(segments) > MAXIMUM_SEGMENTS:
        raise bad_request("The request URI is too deep.")
    return segments
