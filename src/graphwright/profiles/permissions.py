"""Which permission an operation of Microsoft Graph v1.0 needs at least, by `permissions.toml`.

Pure: knows no tenant and what nobody was granted.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import unquote, urlsplit

from graphwright.profiles.tokens import Flavour

_PARAMETER = "{}"
_NOT_POSSIBLE = ""
_NOTHING_NEEDED = "none"
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_PLACE = re.compile(r"\{([a-z_]+)\}")
_RANKS = {"readbasic": 0, "read": 1, "readwrite": 2}
_SECTIONS_APART = frozenset({"places", "differences"})
_VERSION = re.compile(r"^/(v1\.0|beta)(?=/|$)", re.IGNORECASE)
# `root:/a/b.txt:/content` addresses an item by its path: one item, whatever stands between.
_BY_PATH = re.compile(r":/(?:[^:]*)(?::|$)")
_CALL = re.compile(r"^([A-Za-z][A-Za-z0-9.]*)\((.*)\)$")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of Graph and its least permissions; None: not possible with that flavour."""

    method: str
    path: str
    delegated: tuple[str, ...] | None
    application: tuple[str, ...] | None

    def permissions(self, flavour: Flavour) -> tuple[str, ...] | None:
        """The permissions that a profile of that flavour needs, all of them."""
        return self.delegated if flavour == "user" else self.application


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)


def permissions_for(method: str, url_or_path: str, flavour: Flavour) -> list[str] | None:
    """The least permissions of a request; None where the table has none for it.

    Takes absolute Graph URLs, paths, and templates whose `{{ … }}` stands for one segment.
    """
    operation = find_operation(method, url_or_path)
    needed = operation.permissions(flavour) if operation else None
    return None if needed is None else list(needed)


def find_operation(method: str, url_or_path: str) -> Operation | None:
    """The operation that a request is, if the table has it."""
    try:
        segments = _segments(url_or_path)
    except ValueError:  # no URL at all
        return None
    node = _match(_tree(), segments)
    if node is None and segments and segments[-1] == "$count":
        node = _match(_tree(), segments[:-1])
    return None if node is None else node.operations.get(method.upper())


def operations() -> tuple[Operation, ...]:
    """All operations of the table."""
    return tuple(_read_operations())


def difference(operation: Operation, column: str) -> str | None:
    """Why the table differs on purpose from others in a column (`delegated`, `application`)."""
    name = f"{operation.method} {operation.path}"
    for entry in _document()["differences"]:
        if entry["column"] in (column, "both") and fnmatchcase(name, entry["operations"]):
            return str(entry["reason"])
    return None


@cache
def _document() -> Mapping[str, Any]:
    text = (resources.files(__package__) / "permissions.toml").read_text("utf-8")
    return tomllib.loads(text)


def covers(granted: str, needed: str) -> bool:
    """Whether a permission that was granted does for another: Calendars.ReadWrite for ReadBasic.

    By the names' own rule (ReadBasic, Read, ReadWrite; `.All` and `.Shared` reach further).
    """
    own, wanted = granted.lower().split("."), needed.lower().split(".")
    if own == wanted:
        return True
    if own[0] != wanted[0] or len(own) < 2 or len(wanted) < 2:
        return False
    if own[1] not in _RANKS or wanted[1] not in _RANKS:
        return False
    return _RANKS[own[1]] >= _RANKS[wanted[1]] and set(wanted[2:]) <= set(own[2:])


def least_set(needed: Iterable[str]) -> list[str]:
    """The permissions without those that another of them covers, sorted."""
    names = sorted(set(needed))
    return [
        name for name in names if not any(other != name and covers(other, name) for other in names)
    ]


def is_me(url_or_path: str) -> bool:
    """Whether a request is about the signed-in person, whom the application does not have."""
    path = url_or_path.split("?", 1)[0].rstrip("/") + "/"
    return path.startswith("/me/") or "/v1.0/me/" in path or "/beta/me/" in path


@cache
def _tree() -> _Node:
    root = _Node()
    for operation in _read_operations():
        node = root
        for segment in operation.path.strip("/").lower().split("/"):
            key = _PARAMETER if segment.startswith("{") else segment
            node = node.children.setdefault(key, _Node())
        node.operations[operation.method] = operation
    return root


def _read_operations() -> Iterator[Operation]:
    document = _document()
    places = document["places"]
    for section, entries in document.items():
        if section in _SECTIONS_APART:
            continue
        for name, (delegated, application) in entries.items():
            method, path = name.split(" ", 1)
            for expanded in _expand(path, places):
                yield Operation(method, expanded, _parse(delegated), _parse(application))


def _expand(path: str, places: Mapping[str, list[str]]) -> Iterator[str]:
    for match in _PLACE.finditer(path):
        if match.group(1) in places:
            for choice in places[match.group(1)]:
                yield from _expand(path.replace(match.group(0), choice, 1), places)
            return
    yield path


def _parse(permissions: str) -> tuple[str, ...] | None:
    if permissions == _NOT_POSSIBLE:
        return None
    return () if permissions == _NOTHING_NEEDED else tuple(permissions.split())


def _segments(url_or_path: str) -> list[str]:
    # A template may hold anything, also `/` and `?`: it is taken out before the text is cut up.
    text = _TEMPLATE.sub(_PARAMETER, url_or_path.strip())
    path = urlsplit(text).path if "://" in text else text.split("?", 1)[0].split("#", 1)[0]
    path = _VERSION.sub("", re.sub(r"/{2,}", "/", "/" + path))
    path = _BY_PATH.sub(lambda m: "/" if m.group(0).endswith(":") else "", path)
    return [part for segment in path.split("/") if segment for part in _parts(unquote(segment))]


def _parts(segment: str) -> list[str]:
    """One segment as the table writes it: casts go, `users('x')` becomes two, `delta()` a name."""
    if segment.lower().startswith("microsoft.graph."):
        segment = segment[len("microsoft.graph.") :]
        if segment.lower() in ("user", "group", "device", "serviceprincipal", "orgcontact"):
            return []
    call = _CALL.match(segment)
    if call is None:
        return [segment]
    return [call.group(1), call.group(2)] if call.group(2) else [call.group(1)]


def _match(node: _Node, segments: list[str]) -> _Node | None:
    if not segments:
        return node if node.operations else None
    first, rest = segments[0], segments[1:]
    # A name wins over a parameter: /users/delta is no user called delta.
    for key in (first.lower(), _PARAMETER):
        child = node.children.get(key)
        found = _match(child, rest) if child is not None else None
        if found is not None:
            return found
    return None
