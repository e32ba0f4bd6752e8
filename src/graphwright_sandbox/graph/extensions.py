"""Open extensions of messages and events: named bags of values that an application keeps there.

Knows neither messages nor events; who holds extensions is told by `Extensions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, bad_request, body_refused, item_not_found
from graphwright_sandbox.graph.presentation import View, answer_entity, project_all
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.routing import READ_ONE, Operation

_PREFIX = "Microsoft.OutlookServices.OpenTypeExtension."
_TYPE = "#microsoft.graph.openTypeExtension"
_LONGEST_NAME = 100
_MOST = 20
VIEW = View(SCHEMA.structured["openTypeExtension"], always=("id",))


class Holder(Protocol):
    """A message or an event as it is stored."""

    @property
    def id(self) -> str: ...
    @property
    def extensions(self) -> dict[str, Record]: ...


def read_extension(value: object) -> tuple[str, Record]:
    """Name and values of an extension in a body."""
    if not isinstance(value, dict):
        raise body_refused("An extension needs to be an object.")
    name = value.get("extensionName")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise bad_request("An extension needs an extensionName.", "ErrorInvalidRequest")
    return name, _values(value)


def _values(value: Record) -> Record:
    kept = {key: item for key, item in value.items() if "@" not in key}
    return {key: item for key, item in kept.items() if key not in ("id", "extensionName")}


def show_extension(name: str, values: Record) -> Record:
    return {"@odata.type": _TYPE, "id": f"{_PREFIX}{name}", "extensionName": name, **values}


def expand_extensions(request: GraphRequest, holder: Holder, options: QueryOptions) -> list[Record]:
    """What `$expand=extensions($filter=id eq '…')` shows; the id may be written without its type."""
    shown = [show_extension(name, values) for name, values in holder.extensions.items()]
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
    path: Callable[[Holder], str]
    """The item's path below its mailbox, for contexts."""

    def operations(self, item: str) -> list[Operation]:
        """All operations below an item's path."""
        one = f"{item}/extensions/{{extension}}"
        return [
            Operation("POST", f"{item}/extensions", self.create),
            Operation("GET", one, self.get, options=READ_ONE),
            Operation("PATCH", one, self.update),
            Operation("DELETE", one, self.delete),
        ]

    def _answer(
        self, request: GraphRequest, holder: Holder, name: str, status: int = 200
    ) -> GraphResponse:
        shown = show_extension(name, holder.extensions[name])
        path = request.mailbox_path(f"{self.path(holder)}/extensions")
        return answer_entity(request, VIEW, shown, path, status=status)

    def get(self, request: GraphRequest) -> GraphResponse:
        holder = self.find(request)
        return self._answer(request, holder, _name(request, holder))

    def create(self, request: GraphRequest) -> GraphResponse:
        name, values = read_extension(request.read_json())
        known = self.find(request).extensions
        if name in known:
            raise GraphError(
                409, "ErrorItemAlreadyExists", "An extension of this name already exists."
            )
        if len(known) >= _MOST:
            raise bad_request("The item has too many extensions.", "ErrorInvalidRequest")
        holder = self.change(request)
        holder.extensions[name] = values
        return self._answer(request, holder, name, 201)

    def update(self, request: GraphRequest) -> GraphResponse:
        """The values given take the place of those of the same name; null takes one away."""
        given = _values(request.read_json())
        name = _name(request, self.find(request))
        holder = self.change(request)
        merged: dict[str, Any] = {**holder.extensions[name], **given}
        holder.extensions[name] = {key: item for key, item in merged.items() if item is not None}
        return self._answer(request, holder, name)

    def delete(self, request: GraphRequest) -> GraphResponse:
        name = _name(request, self.find(request))
        del self.change(request).extensions[name]
        return no_content()


def _name(request: GraphRequest, holder: Holder) -> str:
    """The extension of the path, by its name or its id."""
    wanted = request.keys["extension"]
    name = wanted.removeprefix(_PREFIX).removeprefix("microsoft.graph.openTypeExtension.")
    if name not in holder.extensions:
        raise item_not_found()
    return name
