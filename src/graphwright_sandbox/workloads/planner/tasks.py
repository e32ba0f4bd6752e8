"""Requests about tasks, their details and their places on the boards."""

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.presentation import (
    Expander,
    View,
    answer_collection,
    answer_entity,
    project,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.workloads.planner.access import (
    answer_change,
    check_access,
    check_etag,
    may_see,
)
from graphwright_sandbox.workloads.planner.entities import (
    ASSIGNED_TO_FORMAT,
    BUCKET_FORMAT,
    PROGRESS_FORMAT,
    TASK,
    TASK_DETAILS,
)
from graphwright_sandbox.workloads.planner.errors import invalid, no_access
from graphwright_sandbox.workloads.planner.maps import check_user_id, take_map
from graphwright_sandbox.workloads.planner.order_hints import place_hint
from graphwright_sandbox.workloads.planner.plans import LIMITS
from graphwright_sandbox.workloads.planner.records import (
    FORMATS,
    change_details,
    change_task,
    identity,
    new_task,
)
from graphwright_sandbox.workloads.planner.store import PlannerStore, stamp

DETAILS_VIEW = View(TASK_DETAILS, always=("id",))
FORMAT_VIEWS = {
    "assignedToTaskBoardFormat": View(ASSIGNED_TO_FORMAT, always=("id",)),
    "bucketTaskBoardFormat": View(BUCKET_FORMAT, always=("id",)),
    "progressTaskBoardFormat": View(PROGRESS_FORMAT, always=("id",)),
}


class TaskService:
    def __init__(self, store: PlannerStore) -> None:
        self._store = store
        expanders: dict[str, Expander] = {"details": _expand_details}
        expanders |= {name: _format_expander(name) for name in FORMATS}
        self._view = View(TASK, always=("id",), expanders=expanders)

    def _task(self, request: GraphRequest) -> Record:
        """The task of the path. Who is assigned to a task may see it without the plan."""
        task = self._store.task(request.keys["task"])
        plan = self._store.plan(task["planId"])
        if request.caller.user_id not in task["assignments"]:
            check_access(self._store.context, request, plan)
        return task

    def list_mine(self, request: GraphRequest) -> GraphResponse:
        """What a person is assigned to, as far as the caller may see it."""
        caller, board = request.caller.user_id, self._store.board
        records = [
            task
            for task in board.tasks.values()
            if request.person.id in task["assignments"]
            and board.plans[task["planId"]]["owner"] in self._store.context.tenant.groups
            and (
                caller == request.person.id
                or may_see(self._store.context, caller, board.plans[task["planId"]])
            )
        ]
        path = request.mailbox_path("planner/tasks")
        return answer_collection(request, self._view, records, path, LIMITS)

    def list_of_plan(self, request: GraphRequest) -> GraphResponse:
        plan = self._store.plan(request.keys["plan"])
        check_access(self._store.context, request, plan)
        records = [t for t in self._store.board.tasks.values() if t["planId"] == plan["id"]]
        path = f"planner/plans('{plan['id']}')/tasks"
        return answer_collection(request, self._view, records, path, LIMITS)

    def list_of_bucket(self, request: GraphRequest) -> GraphResponse:
        bucket = self._store.bucket(request.keys["bucket"])
        check_access(self._store.context, request, self._store.plan(bucket["planId"]))
        records = [t for t in self._store.board.tasks.values() if t["bucketId"] == bucket["id"]]
        path = f"planner/buckets('{bucket['id']}')/tasks"
        return answer_collection(request, self._view, records, path, LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._view, self._task(request), "planner/tasks")

    def create(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        title, plan_id = body.get("title"), body.get("planId")
        if not isinstance(title, str) or not isinstance(plan_id, str):
            raise invalid("A task needs a planId and a title.")
        task = new_task(plan_id, title, identity(request.caller), request.now)
        self._change(request, task, body)
        self._store.put("tasks", task)
        return answer_entity(request, self._view, task, "planner/tasks", status=201)

    def _change(self, request: GraphRequest, task: Record, body: Record) -> None:
        """A body applied to a task, whose plan and bucket must be open to the caller."""
        plan_id = body.get("planId", task["planId"])
        plan = self._store.plan(plan_id if isinstance(plan_id, str) else "")
        moved = plan_id != task["planId"]
        bucket_id = body.get("bucketId", None if moved else task["bucketId"])
        if moved or task["id"] not in self._store.board.tasks:
            check_access(self._store.context, request, plan)
        if isinstance(bucket_id, str):
            bucket = self._store.board.buckets.get(bucket_id)
            if bucket is None or bucket["planId"] != plan["id"]:
                raise invalid("The bucket does not belong to the plan of the task.")
        context = self._store.context
        assigned = body.get("assignments")
        for person in assigned if isinstance(assigned, dict) else ():
            if "@" not in person and context.tenant.people.find(check_user_id(person)) is None:
                raise no_access()
        change_task(task, {**body, "bucketId": bucket_id}, identity(request.caller), request.now)
        hints = task["_formats"]["assignedToTaskBoardFormat"]["orderHintsByAssignee"]
        for person in [one for one in hints if one not in task["assignments"]]:
            del hints[person]

    def change(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        task = self._task(request)
        check_etag(request, task)
        self._change(request, task, body)
        self._store.updated("tasks", task)
        return answer_change(request, self._view, task, "planner/tasks")

    def delete(self, request: GraphRequest) -> GraphResponse:
        task = self._task(request)
        check_etag(request, task)
        self._store.remove("tasks", task)
        return no_content()

    def get_details(self, request: GraphRequest) -> GraphResponse:
        task = self._task(request)
        path = f"planner/tasks('{task['id']}')/details"
        return answer_entity(request, DETAILS_VIEW, task["_details"], path)

    def change_details(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        task = self._task(request)
        check_etag(request, task["_details"])
        change_details(task, body, identity(request.caller), request.now)
        self._store.updated("tasks", task)
        path = f"planner/tasks('{task['id']}')/details"
        return answer_change(request, DETAILS_VIEW, task["_details"], path)

    def get_format(self, request: GraphRequest) -> GraphResponse:
        task, name = self._task(request), _format_of(request)
        path = f"planner/tasks('{task['id']}')/{name}"
        return answer_entity(request, FORMAT_VIEWS[name], task["_formats"][name], path)

    def change_format(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        task, name = self._task(request), _format_of(request)
        record = task["_formats"][name]
        check_etag(request, record)
        by_assignee = take_map(body, "orderHintsByAssignee")
        data = read_entity(body, FORMAT_VIEWS[name].type)
        changed: Record = {
            key: place_hint(hint, ()) for key, hint in data.items() if hint is not None
        }
        if by_assignee is not None and name == "assignedToTaskBoardFormat":
            merged = dict(record["orderHintsByAssignee"])
            for key, hint in by_assignee.items():
                person = check_user_id(key)
                if person not in task["assignments"] or not isinstance(hint, str):
                    raise invalid("An order hint can be given to assigned users only.")
                merged[person] = place_hint(hint, ())
            changed["orderHintsByAssignee"] = merged
        record.update(changed)
        stamp(record, FORMATS[name])
        self._store.updated("tasks", task)
        path = f"planner/tasks('{task['id']}')/{name}"
        return answer_change(request, FORMAT_VIEWS[name], record, path)


def _format_of(request: GraphRequest) -> str:
    return request.operation.rpartition("/")[2]


def _expand_details(request: GraphRequest, record: Record, options: QueryOptions) -> Record:
    return project(request, DETAILS_VIEW, record["_details"], options)


def _format_expander(name: str) -> Expander:
    def expand(request: GraphRequest, record: Record, options: QueryOptions) -> Record:
        return project(request, FORMAT_VIEWS[name], record["_formats"][name], options)

    return expand
