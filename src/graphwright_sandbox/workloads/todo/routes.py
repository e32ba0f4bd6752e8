"""The operations of the To Do workload."""

from graphwright_sandbox.graph.delta import READ_DELTA, Delta, answer_delta
from graphwright_sandbox.graph.presentation import (
    Expander,
    Limits,
    View,
    answer_collection,
    answer_entity,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.workloads.todo.children import CHILDREN, ChildKind, ChildService
from graphwright_sandbox.workloads.todo.entities import TASK, TASK_LIST
from graphwright_sandbox.workloads.todo.store import TaskBook, TaskBooks, invalid_request
from graphwright_sandbox.workloads.todo.uploads import UploadService

_LIMITS = Limits(default=100, maximum=1000)
_LIST_VIEW = View(TASK_LIST, always=("id",))


def create_operations(context: GraphContext) -> list[Operation]:
    books = TaskBooks(context)
    service = TodoService(books)
    lists = "/users/{user}/todo/lists"
    tasks = f"{lists}/{{list}}/tasks"
    one = f"{tasks}/{{task}}"
    operations = [
        Operation("GET", lists, service.list_lists, options=READ_MANY),
        Operation("POST", lists, service.create_list),
        Operation("GET", f"{lists}/delta", service.list_list_changes, options=READ_DELTA),
        Operation("GET", f"{lists}/{{list}}", service.get_list, options=READ_ONE),
        Operation("PATCH", f"{lists}/{{list}}", service.change_list),
        Operation("DELETE", f"{lists}/{{list}}", service.delete_list),
        Operation("GET", tasks, service.list_tasks, options=READ_MANY),
        Operation("POST", tasks, service.create_task),
        Operation("GET", f"{tasks}/delta", service.list_task_changes, options=READ_DELTA),
        Operation("GET", one, service.get_task, options=READ_ONE),
        Operation("PATCH", one, service.change_task),
        Operation("DELETE", one, service.delete_task),
    ]
    uploads = UploadService(context, books)
    session = f"{one}/attachmentSessions/{{session}}"
    operations += [
        Operation("POST", f"{one}/attachments/createUploadSession", uploads.create),
        Operation("GET", session, uploads.get),
        Operation("PUT", f"{session}/content", uploads.put_content),
        Operation("DELETE", session, uploads.cancel),
    ]
    for kind in CHILDREN:
        children = ChildService(books, kind)
        base = f"{one}/{kind.name}"
        key = f"{base}/{{child}}"
        operations += [
            Operation("GET", base, children.list_all, options=READ_MANY),
            Operation("POST", base, children.create),
            Operation("GET", key, children.get, options=READ_ONE),
            Operation("DELETE", key, children.delete),
        ]
        if kind.writable:
            operations.append(Operation("PATCH", key, children.change))
    return operations


class TodoService:
    """Requests about lists and tasks, answered from the task books."""

    def __init__(self, books: TaskBooks) -> None:
        self._books = books
        expanders = {kind.name: _expander(kind) for kind in CHILDREN}
        self._task_view = View(TASK, always=("id",), expanders=expanders)

    def _book(self, request: GraphRequest) -> TaskBook:
        return self._books.of(request.person)

    def _list(self, request: GraphRequest) -> Record:
        return self._book(request).find_list(request.keys["list"])

    def _task(self, request: GraphRequest) -> Record:
        return self._book(request).find_task(request.keys["list"], request.keys["task"])

    def list_lists(self, request: GraphRequest) -> GraphResponse:
        records = list(self._book(request).lists.values())
        path = request.mailbox_path("todo/lists")
        return answer_collection(request, _LIST_VIEW, records, path, _LIMITS)

    def list_list_changes(self, request: GraphRequest) -> GraphResponse:
        book = self._book(request)
        delta = Delta(
            _LIST_VIEW,
            f"users/{request.person.id}/todo/lists",
            records=lambda request: list(book.lists.values()),
            find=lambda request, identifier: book.lists.get(identifier),
            limits=_LIMITS,
            path="Collection(todoTaskList)",
        )
        return answer_delta(request, delta)

    def get_list(self, request: GraphRequest) -> GraphResponse:
        return self._answer_list(request, self._list(request))

    def create_list(self, request: GraphRequest) -> GraphResponse:
        name = _name_of(request.read_entity("todoTaskList"))
        return self._answer_list(request, self._books.add_list(request.person, name), 201)

    def change_list(self, request: GraphRequest) -> GraphResponse:
        name = _name_of(request.read_entity("todoTaskList"))
        record = self._list(request)
        request.check_if_match(record["@odata.etag"])
        self._books.rename_list(request.person, record, name)
        return self._answer_list(request, record)

    def delete_list(self, request: GraphRequest) -> GraphResponse:
        record = self._list(request)
        request.check_if_match(record["@odata.etag"])
        self._books.remove_list(request.person, record)
        return no_content()

    def _answer_list(
        self, request: GraphRequest, record: Record, status: int = 200
    ) -> GraphResponse:
        path = request.mailbox_path("todo/lists")
        return answer_entity(request, _LIST_VIEW, record, path, status=status)

    def list_tasks(self, request: GraphRequest) -> GraphResponse:
        task_list = self._list(request)
        records = list(self._book(request).tasks[task_list["id"]].values())
        path = self._tasks_path(request)
        return answer_collection(request, self._task_view, records, path, _LIMITS)

    def list_task_changes(self, request: GraphRequest) -> GraphResponse:
        list_id = self._list(request)["id"]
        tasks = self._book(request).tasks[list_id]
        delta = Delta(
            self._task_view,
            f"users/{request.person.id}/todo/lists/{list_id}/tasks",
            records=lambda request: list(tasks.values()),
            find=lambda request, identifier: tasks.get(identifier),
            limits=_LIMITS,
            path="Collection(todoTask)",
        )
        return answer_delta(request, delta)

    def get_task(self, request: GraphRequest) -> GraphResponse:
        return self._answer_task(request, self._task(request))

    def create_task(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("todoTask")
        task_list = self._list(request)
        below = {kind.name: kind.read_all(data.pop(kind.name, []), request) for kind in CHILDREN}
        if not data.get("title"):
            raise invalid_request("A task needs a title.")
        record = self._books.add_task(request.person, task_list, data, request.now)
        for kind in CHILDREN:
            record[kind.kept].update(below[kind.name])
        record["hasAttachments"] = bool(record["_attachments"])
        response = self._answer_task(request, record, 201)
        for name, children in below.items():
            if children and response.body:
                response.body[name] = list(children.values())
        return response

    def change_task(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("todoTask")
        record = self._task(request)
        request.check_if_match(record["@odata.etag"])
        for kind in CHILDREN:
            if kind.name in data:
                raise invalid_request(f"'{kind.name}' cannot be written with the task.")
        if "title" in data and not data["title"]:
            raise invalid_request("A task needs a title.")
        self._books.change_task(request.person, self._list(request), record, data, request.now)
        return self._answer_task(request, record)

    def delete_task(self, request: GraphRequest) -> GraphResponse:
        record = self._task(request)
        request.check_if_match(record["@odata.etag"])
        self._books.remove_task(request.person, self._list(request), record)
        return no_content()

    def _answer_task(
        self, request: GraphRequest, record: Record, status: int = 200
    ) -> GraphResponse:
        path = self._tasks_path(request)
        return answer_entity(request, self._task_view, record, path, status=status)

    def _tasks_path(self, request: GraphRequest) -> str:
        return request.mailbox_path(f"todo/lists('{request.keys['list']}')/tasks")


def _name_of(data: Record) -> str:
    name = data.get("displayName")
    if not name or not name.strip():
        raise invalid_request("A task list needs a displayName.")
    return str(name)


def _expander(kind: ChildKind) -> Expander:
    def expand(request: GraphRequest, record: Record, options: QueryOptions) -> list[Record]:
        return project_all(request, kind.view, list(record[kind.kept].values()), options)

    return expand
