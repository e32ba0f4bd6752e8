"""Open extensions of messages, events, contacts, users and groups: named bags of values that an
application keeps there.

Knows none of what holds them; who does is told by `Extensions`, and how by `Manner`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, bad_request, body_refused, item_not_found
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation

_TYPE = "#microsoft.graph.openTypeExtension"
_LONGEST_NAME = 100
_OWNER = "@owner"
"""Beside the values: the application that made them. No body can name it, annotations are dropped."""
VIEW = View(SCHEMA.structured["openTypeExtension"], always=("id",))
_LIMITS = Limits(default=100, maximum=999, opaque=True)


class Holder(Protocol):
    """What has extensions, as it is stored."""

    @property
    def id(self) -> str: ...
    @property
    def extensions(self) -> dict[str, Record]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A holder for what is stored otherwise."""

    id: str
    extensions: dict[str, Record]


@dataclass(frozen=True, slots=True)
class Manner:
    """How one of the services behind Graph keeps extensions and refuses."""

    family: str
    prefix: str
    """What stands before the name in an id."""
    invalid: str
    """The code of a refused body."""
    missing: Callable[[], GraphError]
    exists: str
    most: int
    """How many an item may have."""
    per_application: bool = False
    """So many of each application."""
    most_bytes: int | None = None
    listed: bool = False
    """Whether there is a collection to read; else `$expand` shows them all."""
    silent: bool = False
    """A change is answered without a body."""


OUTLOOK = Manner(
    "outlook",
    prefix="Microsoft.OutlookServices.OpenTypeExtension.",
    invalid="ErrorInvalidRequest",
    missing=item_not_found,
    exists="ErrorItemAlreadyExists",
    most=20,
)
DIRECTORY = Manner(
    "directory",
    prefix="",
    invalid="Request_BadRequest",
    missing=lambda: GraphError(404, "ResourceNotFound", "Extension with given id not found."),
    exists="NameAlreadyExists",
    most=2,
    per_application=True,
    most_bytes=2048,
    listed=True,
    silent=True,
)


def read_extension(value: object, manner: Manner = OUTLOOK) -> tuple[str, Record]:
    """Name and values of an extension in a body."""
    if not isinstance(value, dict):
        raise body_refused("An extension needs to be an object.")
    name = value.get("extensionName")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise bad_request("An extension needs an extensionName.", manner.invalid)
    return name, _values(value)


def _values(value: Record) -> Record:
    kept = {key: item for key, item in value.items() if "@" not in key}
    return {key: item for key, item in kept.items() if key not in ("id", "extensionName")}


def show_extension(name: str, values: Record, manner: Manner = OUTLOOK) -> Record:
    identifier = f"{manner.prefix}{name}"
    return {"@odata.type": _TYPE, "id": identifier, "extensionName": name, **_values(values)}


def expand_extensions(
    request: GraphRequest, holder: Holder, options: QueryOptions, manner: Manner = OUTLOOK
) -> list[Record]:
    """What `$expand=extensions($filter=id eq '…')` shows; the id may be written without its type."""
    shown = [show_extension(name, values, manner) for name, values in holder.extensions.items()]
    by_name = [{**one, "id": one["extensionName"]} for one in shown]
    return project_all(request, VIEW, shown, options) or project_all(
        request, VIEW, by_name, options
    )


@dataclass(frozen=True)
class Extensions:
    """The extensions below one kind of item."""

    find: Callable[[GraphRequest], Holder]
    """The item of the path."""
    change: Callable[[GraphRequest], Holder]
    """The same, for a write: checked, touched, and recorded as changed."""
    path: Callable[[GraphRequest, Holder], str]
    """The item's path, for contexts."""
    manner: Manner = OUTLOOK

    def operations(self, item: str) -> list[Operation]:
        """All operations below an item's path."""
        many, one, family = (
            f"{item}/extensions",
            f"{item}/extensions/{{extension}}",
            self.manner.family,
        )
        listed = [Operation("GET", many, self.list, family, READ_MANY)]
        return [
            *(listed if self.manner.listed else ()),
            Operation("POST", many, self.create, family),
            Operation("GET", one, self.get, family, READ_ONE),
            Operation("PATCH", one, self.update, family),
            Operation("DELETE", one, self.delete, family),
        ]

    def _answer(
        self, request: GraphRequest, holder: Holder, name: str, status: int = 200
    ) -> GraphResponse:
        shown = show_extension(name, holder.extensions[name], self.manner)
        path = f"{self.path(request, holder)}/extensions"
        return answer_entity(request, VIEW, shown, path, status=status)

    def list(self, request: GraphRequest) -> GraphResponse:
        holder = self.find(request)
        shown = [show_extension(*one, self.manner) for one in holder.extensions.items()]
        path = f"{self.path(request, holder)}/extensions"
        return answer_collection(request, VIEW, shown, path, _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        holder = self.find(request)
        return self._answer(request, holder, self._name(request, holder))

    def create(self, request: GraphRequest) -> GraphResponse:
        name, values = read_extension(request.read_json(), self.manner)
        known = self.find(request).extensions
        if name in known:
            raise GraphError(409, self.manner.exists, "An extension of this name already exists.")
        owner = request.caller.app_id
        per_owner = self.manner.per_application
        counted = [one for one in known.values() if not per_owner or one.get(_OWNER) == owner]
        if len(counted) >= self.manner.most:
            raise bad_request("The item has too many extensions.", self.manner.invalid)
        self._check_size(name, values)
        holder = self.change(request)
        holder.extensions[name] = {_OWNER: owner, **values} if per_owner else values
        return self._answer(request, holder, name, 201)

    def update(self, request: GraphRequest) -> GraphResponse:
        """The values given take the place of those of the same name; null takes one away."""
        given = _values(request.read_json())
        holder = self.find(request)
        name = self._name(request, holder)
        merged: dict[str, Any] = {**holder.extensions[name], **given}
        kept = {key: item for key, item in merged.items() if item is not None}
        self._check_size(name, kept)
        holder = self.change(request)
        holder.extensions[name] = kept
        return no_content() if self.manner.silent else self._answer(request, holder, name)

    def delete(self, request: GraphRequest) -> GraphResponse:
        name = self._name(request, self.find(request))
        del self.change(request).extensions[name]
        return no_content()

    def _check_size(self, name: str, values: Record) -> None:
        most = self.manner.most_bytes
        if most is not None and len(name) + len(msgspec.json.encode(_values(values))) > most:
            raise bad_request(f"An extension holds at most {most} bytes.", self.manner.invalid)

    def _name(self, request: GraphRequest, holder: Holder) -> str:
        """The extension of the path, by its name or its id."""
        wanted = request.keys["extension"]
        name = wanted.removeprefix(self.manner.prefix)
        name = name.removeprefix("microsoft.graph.openTypeExtension.")
        if name not in holder.extensions:
            raise self.manner.missing()
        return name
