"""The ASGI application that answers as Microsoft Graph: authorize, route, permit, answer.

Workloads are found by folder: each `workloads/<name>/routes.py` offers `create_operations`, and
`permissions.toml` beside it holds what they need. Knows no workload by name.
"""

import importlib
import pkgutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from graphwright_sandbox import workloads
from graphwright_sandbox.graph.endpoint import GraphEndpoint
from graphwright_sandbox.graph.faults import Faults
from graphwright_sandbox.graph.permissions import Requirement, load_requirements
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import Operation, Router
from graphwright_sandbox.tenant import Caller, Tenant


def load_workloads(context: GraphContext) -> tuple[list[Operation], dict[str, Requirement]]:
    """All operations and permission rows, which must name each other exactly."""
    operations: list[Operation] = []
    requirements: dict[str, Requirement] = {}
    for module in pkgutil.iter_modules(workloads.__path__):
        routes: Any = importlib.import_module(f"{workloads.__name__}.{module.name}.routes")
        operations.extend(routes.create_operations(context))
        table = Path(routes.__file__).with_name("permissions.toml")
        requirements.update(load_requirements(table))
    served = {operation.name for operation in operations}
    if served != set(requirements):
        raise LookupError(f"permissions and operations differ: {served ^ set(requirements)}")
    return operations, requirements


def create_graph_app(
    tenant: Tenant,
    authorize: Callable[[str | None], Caller],
    clock: Callable[[], datetime],
    bulk_events: int = 0,
) -> Starlette:
    """Graph for one tenant.

    `authorize` turns the Authorization header into a caller or raises
    InvalidAuthenticationToken. `clock` gives the present, with a time zone. `bulk_events` more
    events stand in the first person's calendar, for measuring large imports.
    `app.state.context` is what the workloads share, `app.state.faults` the faults to answer with,
    `app.state.operations` what is served.
    """
    context = GraphContext(tenant, clock, clock().date(), bulk_events)
    operations, requirements = load_workloads(context)
    router = Router()
    for operation in operations:
        router.add(operation)
    faults = Faults()
    endpoint = GraphEndpoint(context, router, requirements, authorize, faults)
    app = Starlette(routes=[Route("/{path:path}", endpoint)])
    app.state.context = context
    app.state.faults = faults
    app.state.operations = tuple(operations)
    return app
