"""The operations of the Planner workload."""

from collections.abc import Callable

from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse
from graphwright_sandbox.graph.routing import NO_OPTIONS, READ_ONE, Operation
from graphwright_sandbox.workloads.planner.plans import PlanService
from graphwright_sandbox.workloads.planner.records import FORMATS
from graphwright_sandbox.workloads.planner.seed import seed_board
from graphwright_sandbox.workloads.planner.store import PlannerStore
from graphwright_sandbox.workloads.planner.tasks import TaskService

# Planner neither filters nor sorts.
_MANY = frozenset({"select", "expand", "format", "top", "skip", "count"})


def create_operations(context: GraphContext) -> list[Operation]:
    store = PlannerStore(context, seed_board)
    plans, tasks = PlanService(store), TaskService(store)

    def operation(
        method: str,
        path: str,
        handle: Callable[[GraphRequest], GraphResponse],
        options: frozenset[str] = NO_OPTIONS,
    ) -> Operation:
        return Operation(method, path, handle, "planner", options)

    plan, bucket, task = "/planner/plans/{plan}", "/planner/buckets/{bucket}", "/planner/tasks"
    one = f"{task}/{{task}}"
    operations = [
        operation("GET", "/users/{user}/planner/plans", plans.list_mine, _MANY),
        operation("GET", "/users/{user}/planner/tasks", tasks.list_mine, _MANY),
        operation("GET", "/groups/{group}/planner/plans", plans.list_of_group, _MANY),
        operation("POST", "/planner/plans", plans.create),
        operation("GET", plan, plans.get, READ_ONE),
        operation("PATCH", plan, plans.change),
        operation("DELETE", plan, plans.delete),
        operation("GET", f"{plan}/details", plans.get_details, READ_ONE),
        operation("PATCH", f"{plan}/details", plans.change_details),
        operation("GET", f"{plan}/buckets", plans.list_buckets, _MANY),
        operation("GET", f"{plan}/tasks", tasks.list_of_plan, _MANY),
        operation("POST", "/planner/buckets", plans.create_bucket),
        operation("GET", bucket, plans.get_bucket, READ_ONE),
        operation("PATCH", bucket, plans.change_bucket),
        operation("DELETE", bucket, plans.delete_bucket),
        operation("GET", f"{bucket}/tasks", tasks.list_of_bucket, _MANY),
        operation("POST", task, tasks.create),
        operation("GET", one, tasks.get, READ_ONE),
        operation("PATCH", one, tasks.change),
        operation("DELETE", one, tasks.delete),
        operation("GET", f"{one}/details", tasks.get_details, READ_ONE),
        operation("PATCH", f"{one}/details", tasks.change_details),
    ]
    for name in FORMATS:
        operations.append(operation("GET", f"{one}/{name}", tasks.get_format, READ_ONE))
        operations.append(operation("PATCH", f"{one}/{name}", tasks.change_format))
    return operations
