"""What lies below a task: steps, links and files. One service, three kinds."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.edm import StructuredType
from graphwright_sandbox.graph.errors import item_not_found
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.workloads.todo.entities import (
    CHECKLIST_ITEM,
    FILE_ATTACHMENT,
    LINKED_RESOURCE,
)
from graphwright_sandbox.workloads.todo.store import TaskBooks, invalid_request, new_child_id

_LIMITS = Limits(default=100, maximum=1000)
_LARGEST_FILE = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChildKind:
    name: str
    type: StructuredType
    complete: Callable[[Record, GraphRequest], Record]
    """A checked body as a full record; refuses what is missing."""
    writable: bool = True

    @property
    def kept(self) -> str:
        """Under which name a task keeps them."""
        return f"_{self.name}"

    @property
    def view(self) -> View:
        return View(self.type, always=("id",))

    def read_all(self, bodies: list[Any], request: GraphRequest) -> dict[str, Record]:
        """The children that came with a new task, by id."""
        if not all(isinstance(body, dict) for body in bodies):
            raise invalid_request(f"'{self.name}' needs to hold objects.")
        records = [self.read(body, request) for body in bodies]
        return {record["id"]: record for record in records}

    def read(self, body: Record, request: GraphRequest) -> Record:
        data = self.complete(read_entity(body, self.type), request)
        return {"id": new_child_id(), **data}


def _complete_step(data: Record, request: GraphRequest) -> Record:
    if not data.get("displayName"):
        raise invalid_request("A checklist item needs a displayName.")
    checked = bool(data.get("isChecked"))
    record = {
        "displayName": data["displayName"],
        "createdDateTime": data.get("createdDateTime") or format_instant(request.now),
        "isChecked": checked,
    }
    if checked:
        record["checkedDateTime"] = data.get("checkedDateTime") or format_instant(request.now)
    return record


def _complete_link(data: Record, request: GraphRequest) -> Record:  # noqa: ARG001 - as the others
    if not data.get("applicationName") and not data.get("displayName"):
        raise invalid_request("A linked resource needs an applicationName or a displayName.")
    names = ("webUrl", "applicationName", "displayName", "externalId")
    return {name: data.get(name) for name in names}


def _complete_file(data: Record, request: GraphRequest) -> Record:
    if not data.get("name") or "contentBytes" not in data:
        raise invalid_request("An attachment needs a name and contentBytes.")
    size = len(base64.b64decode(data["contentBytes"]))
    if size > _LARGEST_FILE:
        raise invalid_request("An attachment of more than 3 MB needs an upload session.")
    return {
        "@odata.type": "#microsoft.graph.taskFileAttachment",
        "lastModifiedDateTime": format_instant(request.now),
        "name": data["name"],
        "contentType": data.get("contentType") or "application/octet-stream",
        "size": size,
        "contentBytes": data["contentBytes"],
    }


CHILDREN = (
    ChildKind("checklistItems", CHECKLIST_ITEM, _complete_step),
    ChildKind("linkedResources", LINKED_RESOURCE, _complete_link),
    ChildKind("attachments", FILE_ATTACHMENT, _complete_file, writable=False),
)


class ChildService:
    """Requests about one kind of children of a task."""

    def __init__(self, books: TaskBooks, kind: ChildKind) -> None:
        self._books = books
        self._kind = kind

    def _task(self, request: GraphRequest) -> Record:
        book = self._books.of(request.person)
        return book.find_task(request.keys["list"], request.keys["task"])

    def _child(self, request: GraphRequest) -> Record:
        child: Record | None = self._task(request)[self._kind.kept].get(request.keys["child"])
        if child is None:
            raise item_not_found()
        return child

    def _touch(self, request: GraphRequest) -> None:
        book = self._books.of(request.person)
        task_list = book.find_list(request.keys["list"])
        self._books.touch_task(request.person, task_list, self._task(request), request.now)

    def _path(self, request: GraphRequest) -> str:
        keys = request.keys
        place = f"todo/lists('{keys['list']}')/tasks('{keys['task']}')/{self._kind.name}"
        return request.mailbox_path(place)

    def list_all(self, request: GraphRequest) -> GraphResponse:
        records = list(self._task(request)[self._kind.kept].values())
        return answer_collection(
            request, self._view_of(many=True), records, self._path(request), _LIMITS
        )

    def _view_of(self, *, many: bool) -> View:
        """A list of files does not carry their content."""
        return View(
            self._kind.type,
            always=("id",),
            on_demand=frozenset({"contentBytes"}) if many else frozenset(),
        )

    def get(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._child(request))

    def create(self, request: GraphRequest) -> GraphResponse:
        record = self._kind.read(request.read_json(), request)
        self._task(request)[self._kind.kept][record["id"]] = record
        self._touch(request)
        return self._answer(request, record, 201)

    def change(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity(self._kind.type.name)
        record = self._child(request)
        record.update({"id": record["id"], **self._kind.complete({**record, **data}, request)})
        if not record.get("isChecked"):
            record.pop("checkedDateTime", None)
        self._touch(request)
        return self._answer(request, record)

    def delete(self, request: GraphRequest) -> GraphResponse:
        del self._task(request)[self._kind.kept][self._child(request)["id"]]
        self._touch(request)
        return no_content()

    def _answer(self, request: GraphRequest, record: Record, status: int = 200) -> GraphResponse:
        return answer_entity(
            request, self._view_of(many=False), record, self._path(request), status=status
        )
