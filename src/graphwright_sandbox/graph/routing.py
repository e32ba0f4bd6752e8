"""From a URL's segments to an operation, in all the forms in which Graph takes them.

Casing and double slashes do not matter, `users('id')` is `users/id`, `microsoft.graph.` may stand
before a function or action. Knows no workload.

Templates of operations: `{name}` a key; `name(a={x},b={y})` a function with its parameters;
`root:/{path}:` and `{item}:/{path}:` address by path up to the next colon or the end of the URL.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from graphwright_sandbox.graph.bodies import MAXIMUM_BODY
from graphwright_sandbox.graph.errors import (
    GraphError,
    bad_request,
    method_not_allowed,
    unknown_segment,
)

if TYPE_CHECKING:
    from graphwright_sandbox.graph.request import GraphRequest, GraphResponse

NAMESPACE = "microsoft.graph."
MAXIMUM_SEGMENTS = 40
MAXIMUM_LENGTH = 8000
READ_ONE = frozenset({"select", "expand", "format"})
READ_MANY = frozenset(
    {"select", "expand", "format", "filter", "orderby", "top", "skip", "skiptoken", "count"}
)
NO_OPTIONS: frozenset[str] = frozenset({"format"})

# A slash inside the quoted argument of a function does not end its segment.
_ENCODED_PATH = re.compile(r"[\w!,.-]+:/")
_SEGMENT = re.compile(r"(?:[^/(]|\((?:'[^']*'|[^/()'])*\)|\()+")
_CALL = re.compile(r"^(?P<name>[A-Za-z][\w.$-]*)\((?P<arguments>.*)\)$", re.DOTALL)
# An argument may be a member of an enumeration: `microsoft.graph.timeZoneStandard'Iana'`.
_ARGUMENT = re.compile(
    r"\s*(?:(\w+)\s*=\s*)?(?:[A-Za-z.]+(?='))?('(?:[^']|'')*'\s*|[^\s,'()][^,'()]*)(?:,|$)"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, as a workload serves it."""

    method: str
    path: str
    handle: "Callable[[GraphRequest], GraphResponse | Awaitable[GraphResponse]]"
    """A handler that has to wait for somebody else may be a coroutine function."""
    family: str = "outlook"
    options: frozenset[str] = NO_OPTIONS
    largest_body: int = MAXIMUM_BODY

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class _Place:
    """A node of the tree of templates."""

    literals: "dict[str, _Place]" = field(default_factory=dict)
    functions: "dict[str, list[tuple[dict[str, str], _Place]]]" = field(default_factory=dict)
    """By lower-cased name: the key of each parameter, by lower-cased parameter."""
    key: "tuple[str, _Place] | None" = None
    path_key: "tuple[str, _Place] | None" = None
    """A key with a colon at its end."""
    operations: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    keys: dict[str, str]


class Router:
    """All operations as a tree of segments. Literals go before keys."""

    def __init__(self) -> None:
        self._root = _Place()
        self.operations: list[Operation] = []

    def add(self, operation: Operation) -> None:
        """One more operation; two for one method and path are a fault of the sandbox."""
        place = self._root
        for segment in operation.path.strip("/").split("/"):
            place = _descend(place, segment, operation.path) if segment else place
        if operation.method in place.operations:
            raise ValueError(f"{operation.name} is served twice")
        place.operations[operation.method] = operation
        self.operations.append(operation)

    def match(self, method: str, segments: list[str]) -> Match:
        """The operation of these segments; refuses what no template fits."""
        first: Match | None = None
        allowed: list[str] = []
        for place, keys in _find(self._root, segments, {}):
            if method in place.operations:
                first = first or Match(place.operations[method], keys)
            allowed.extend(place.operations)
        if first is not None:
            return first
        if allowed:
            raise method_not_allowed(allowed)
        raise self._unknown(segments)

    def _unknown(self, segments: list[str]) -> GraphError:
        """The refusal names the first segment that leads nowhere."""
        for length in range(1, len(segments)):
            if not any(True for _ in _find(self._root, segments[:length], {}, open_end=True)):
                return unknown_segment(segments[length - 1])
        return unknown_segment(segments[-1] if segments else "")

    def largest_body(self, method: str, segments: list[str]) -> int:
        """How many bytes a request may send; known before anything else is, so that what is too
        large is not even read."""
        try:
            return self.match(method, segments).operation.largest_body
        except GraphError:
            return MAXIMUM_BODY


def _descend(place: _Place, segment: str, path: str) -> _Place:
    """The place below for a segment of a template, made where it is new."""
    if "(" in segment and (call := _CALL.match(segment)):
        keys = {}
        for part in call["arguments"].split(","):
            parameter, _, key = part.partition("=")
            keys[parameter.strip().lower()] = key.strip("{} ")
        overloads = place.functions.setdefault(call["name"].lower(), [])
        for known, below in overloads:
            if known == keys:
                return below
        overloads.append((keys, _Place()))
        return overloads[-1][1]
    if not segment.startswith("{"):
        literal = segment.lower()
        if literal not in place.literals:
            place.literals[literal] = _Place()
        return place.literals[literal]
    slot = "path_key" if segment.endswith(":") else "key"
    name = segment.rstrip(":")[1:-1]
    known_key: tuple[str, _Place] | None = getattr(place, slot)
    if known_key is None:
        known_key = (name, _Place())
        setattr(place, slot, known_key)
    if known_key[0] != name:
        raise ValueError(f"{path}: key {name} meets key {known_key[0]}")
    return known_key[1]


def _find(
    place: _Place, segments: list[str], keys: dict[str, str], *, open_end: bool = False
) -> Iterator[tuple[_Place, dict[str, str]]]:
    """Every place that the segments lead to and that serves something, the best fit first."""
    if not segments:
        if place.operations or open_end:
            yield place, keys
        return
    segment, rest = segments[0], segments[1:]
    lowered = segment.lower()
    # The service knows its namespace by a short name too, which generated clients use in casts.
    full = f"microsoft.{lowered}" if lowered.startswith("graph.") else lowered
    for name in dict.fromkeys((lowered, full, full.removeprefix(NAMESPACE))):
        if name in place.literals:
            yield from _find(place.literals[name], rest, keys, open_end=open_end)
    for below, following, found in _called(place, segment):
        yield from _find(below, [*following, *rest], {**keys, **found}, open_end=open_end)
    if segment.endswith(":"):
        if place.path_key is not None:
            key, below = place.path_key
            yield from _find(below, rest, {**keys, key: segment[:-1]}, open_end=open_end)
    elif place.key is not None:
        key, below = place.key
        yield from _find(below, rest, {**keys, key: segment}, open_end=open_end)


def _called(
    place: _Place, segment: str
) -> Iterator[tuple[_Place, tuple[str, ...], dict[str, str]]]:
    """Where `name(…)` may lead: a place, the segments still to follow there, the keys so far."""
    name, arguments = split_call(segment)
    if arguments is None:
        return
    for parameters, below in place.functions.get(name.lower(), ()):
        if arguments.keys() == parameters.keys():
            yield below, (), {parameters[name]: value for name, value in arguments.items()}
    if len(arguments) <= 1:
        yield place, (name, *arguments.values()), {}


def split_call(segment: str) -> tuple[str, dict[str, str] | None]:
    """Name and arguments of `name(…)`; of anything else the segment itself, and None."""
    call = _CALL.match(segment)
    arguments = _arguments(call["arguments"]) if call else None
    if call is None or arguments is None:
        return segment, None
    return call["name"].removeprefix(NAMESPACE), arguments


def _arguments(text: str) -> dict[str, str] | None:
    """Arguments by lower-cased parameter; one without a name has the name ''. None: no call."""
    arguments: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _ARGUMENT.match(text, position)
        if match is None or match.end() == position:
            return None
        name, value = (match[1] or "").lower(), match[2].strip()
        if name in arguments:
            return None
        arguments[name] = value[1:-1].replace("''", "'") if value.startswith("'") else value
        position = match.end()
    return arguments


def split_path(raw_path: str) -> list[str]:
    """The decoded segments of a path; an encoded slash stays inside its segment.

    What stands between a segment with a colon at its end and the next colon is one segment, with
    its slashes and a colon at its end: `root:/a/b` and `root:/a/b:` both give `root:`, `a/b:`.
    """
    segments: list[str] = []
    by_path: list[str] | None = None
    if len(raw_path) > MAXIMUM_LENGTH:
        raise bad_request("The request URI is too long.")
    for segment in _decoded_segments(raw_path):
        if by_path is not None:
            by_path.append(segment.removesuffix(":"))
            if not segment.endswith(":"):
                continue
            segments.append("/".join(filter(None, by_path)) + ":")
            by_path = None
        else:
            segments.append(segment)
            if segment.endswith(":"):
                by_path = []
    if by_path is not None:
        segments.append("/".join(by_path) + ":")
    if len(segments) > MAXIMUM_SEGMENTS:
        raise bad_request("The request URI is too deep.")
    return segments


def _decoded_segments(raw_path: str) -> Iterator[str]:
    for part in _SEGMENT.findall(raw_path.replace("%27", "'")):
        segment = _decode(part)
        if _ENCODED_PATH.match(segment):
            # As Microsoft's own clients send it, who take `root:/a/b:` for a key and encode it.
            yield from segment.split("/")
        else:
            yield segment


def join_path(segments: list[str]) -> str:
    """The path of `split_path`'s segments, encoded for a link."""
    return "/".join(
        quote(part, safe="$@()'=,:!" + ("/" if part[-1:] in (":", ")") else ""))
        for part in segments
    )


def _decode(part: str) -> str:
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError as error:
        raise bad_request("The request URI is not valid UTF-8.") from error
