"""Action flows that the service put off: when they may run again, and waiting for it.

Knows of the service only what the runs list says.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.flows.context import Person, Services
from graphwright.flows.errors import RunDeferred
from graphwright.flows.runs import digest_inputs, runs_table
from graphwright.flows.unattended import RunReport, run_action
from graphwright.kernel.times import parse_instant
from graphwright.kernel.values import JsonValue


def find_deferral(
    connection: Connection,
    flow: str,
    inputs: Mapping[str, JsonValue],
    principal_id: str | None,
    now: datetime,
) -> datetime | None:
    """Before when this flow is not to run again with these inputs for this person; None: it may."""
    table = runs_table
    latest = (
        sa.select(table.c.not_before)
        .where(
            table.c.flow == flow,
            table.c.inputs == digest_inputs(inputs),
            table.c.principal_id.is_not_distinct_from(principal_id),
            table.c.status.in_(("done", "deferred")),
        )
        .order_by(table.c.started_at.desc())
    )
    text = connection.scalar(latest.limit(1))
    not_before = None if text is None else parse_instant(text)
    return not_before if not_before is not None and not_before > now else None


async def run_when_due(
    services: Services,
    flow: str,
    inputs: Mapping[str, JsonValue],
    *,
    person: Person | None,
    patience: float,
    on_wait: Callable[[datetime], None] = lambda not_before: None,
    **options: Any,
) -> RunReport:
    """Runs an action flow as `run_action` does, once the service takes its requests again.

    Waits for that up to `patience` seconds in all, then raises `RunDeferred`. One that has written
    is not run again: it would write twice.
    """
    while True:
        now = services.clock.now()
        principal_id = person.id if person else None
        not_before = await services.databases.system.read(
            find_deferral, flow, inputs, principal_id, now
        )
        if not_before is not None:
            seconds = (not_before - now).total_seconds()
            if seconds > patience:
                raise RunDeferred(flow, not_before)
            patience -= seconds
            on_wait(not_before)
            await services.clock.sleep(seconds)
        try:
            return await run_action(services, flow, inputs, person=person, **options)
        except RunDeferred as deferred:
            wait = deferred.not_before - services.clock.now()
            if deferred.wrote or wait.total_seconds() > patience:
                raise
