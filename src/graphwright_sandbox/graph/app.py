"""The ASGI application that answers as Microsoft Graph: authorize, route, permit, answer.

Workloads are found by folder: each `workloads/<name>/routes.py` offers `create_operations` (and
`create_aliases`, where there are other paths to what it serves), and
`permissions.toml` beside it holds what they need. Knows no workload by name.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from graphwright_sandbox import workloads
from graphwright_sandbox.faults.gate import FaultGate
from graphwright_sandbox.graph.aliases import Alias, Aliases
from graphwright_sandbox.graph.coverage import Coverage, load_coverage
from graphwright_sandbox.graph.endpoint import GraphEndpoint
from graphwright_sandbox.graph.permissions import Requirement, load_requirements
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.routing import Operation, Router
from graphwright_sandbox.graph.transfers import Transfers
from graphwright_sandbox.tenant import Caller, Tenant


@dataclass(frozen=True, slots=True)
class Workload:
    """One folder of `workloads`: what it serves, what that needs, what is missing."""

    name: str
    operations: tuple[Operation, ...]
    requirements: Mapping[str, Requirement]
    coverage: Coverage
    aliases: tuple[Alias, ...] = ()


def load_workloads(context: GraphContext) -> list[Workload]:
    """All workloads, their operations and permission rows naming each other exactly."""
    found = []
    for module in pkgutil.iter_modules(workloads.__path__):
        routes: Any = importlib.import_module(f"{workloads.__name__}.{module.name}.routes")
        operations = tuple(routes.create_operations(context))
        folder = Path(routes.__file__).parent
        requirements = load_requirements(folder / "permissions.toml")
        served = {operation.name for operation in operations}
        if served != set(requirements):
            raise LookupError(
                f"{module.name}: permissions and operations differ: {served ^ set(requirements)}"
            )
        coverage = load_coverage(folder / "coverage.toml")
        other_ways = getattr(routes, "create_aliases", None)
        aliases = tuple(other_ways(context)) if other_ways else ()
        found.append(Workload(module.name, operations, requirements, coverage, aliases))
    return found


def create_graph_app(
    tenant: Tenant,
    authorize: Callable[[str | None], Caller],
    clock: Callable[[], datetime],
    bulk_events: int = 0,
    transfers: Transfers | None = None,
    today: date | None = None,
) -> Starlette:
    """Graph for one tenant.

    `authorize` turns the Authorization header into a caller or raises
    InvalidAuthenticationToken. `clock` gives the present, with a time zone. `bulk_events` more
    events stand in the first person's calendar, for measuring large imports. `transfers` says
    where the contents of files are served; without it their URLs lead nowhere. `today` is the day
    that the seed tells of; None: the clock's.
    `app.state.context` is what the workloads share, `app.state.faults` the faults to answer with,
    `app.state.operations` what is served, `app.state.workloads` the same by workload.
    """
    transfers = transfers or Transfers("https://transfers.invalid", clock)
    context = GraphContext(tenant, clock, today or clock().date(), transfers, bulk_events)
    loaded = load_workloads(context)
    requirements = {name: row for workload in loaded for name, row in workload.requirements.items()}
    operations = tuple(operation for workload in loaded for operation in workload.operations)
    router = Router()
    for operation in operations:
        router.add(operation)
    aliases = Aliases(alias for workload in loaded for alias in workload.aliases)
    endpoint = GraphEndpoint(context, router, requirements, authorize, aliases)
    context.notifier.reader = endpoint
    endpoint.serve = FaultGate(endpoint, context.faults)
    app = Starlette(routes=[Route("/{path:path}", endpoint.serve)])
    app.state.context = context
    app.state.faults = context.faults
    app.state.operations = operations
    app.state.workloads = loaded
    return app
