"""The runs list: when, who, which flow, the way taken, how long, what was counted, and the error."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.flows.interpreter import Segment
from graphwright.kernel.database import system_metadata
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.ids import new_id
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject

# The way is for reading: what a loop of thousands visits is cut to the last ones.
_WAY_KEPT = 200
RUNS_KEPT = timedelta(days=30)

runs_table = sa.Table(
    "_runs",
    system_metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("principal_id", sa.Text, index=True),
    sa.Column("who", sa.Text),
    sa.Column("started_at", sa.Text, nullable=False, index=True),
    sa.Column("duration_ms", sa.Float, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("way", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("error", sa.JSON(none_as_null=True)),
)


def start_run(
    connection: Connection,
    *,
    flow: str,
    kind: str,
    principal_id: str | None,
    who: str | None,
    now: datetime,
) -> str:
    """Notes that a flow started; gives the run's id."""
    run_id = new_id()
    connection.execute(
        sa.insert(runs_table).values(
            id=run_id,
            flow=flow,
            kind=kind,
            principal_id=principal_id,
            who=who,
            started_at=format_instant(now),
            duration_ms=0.0,
            status="running",
            way=[],
            counts={},
        )
    )
    return run_id


def note_segment(
    connection: Connection,
    run_id: str,
    segment: Segment,
    *,
    status: str,
    error: GraphwrightError | None = None,
) -> None:
    """Adds what a segment did to its run: `status` is running, waiting, done or failed."""
    table = runs_table
    row = connection.execute(sa.select(table).where(table.c.id == run_id)).mappings().first()
    if row is None:
        return
    counts = dict(row["counts"])
    for name, number in segment.counts.items():
        counts[name] = counts.get(name, 0) + number
    visits = [visit.to_json() for visit in segment.way[-_WAY_KEPT:]]
    way = list(row["way"])
    if way and visits and way[-1]["exit"] == "pause" and way[-1]["node"] == visits[0]["node"]:
        # The node that waited is the node that was answered: one visit.
        visits[0]["ms"] += way.pop()["ms"]
    connection.execute(
        sa.update(table)
        .where(table.c.id == run_id)
        .values(
            way=[*way, *visits][-_WAY_KEPT:],
            counts=counts,
            duration_ms=row["duration_ms"] + sum(visit.milliseconds for visit in segment.way),
            status=status,
            error=error.to_wire()["error"] if error else None,
        )
    )


def list_runs(
    connection: Connection, *, principal_id: str | None = None, limit: int = 100
) -> Sequence[JsonObject]:
    """The latest runs, newest first; of one principal where one is given."""
    query = sa.select(runs_table).order_by(runs_table.c.started_at.desc()).limit(limit)
    if principal_id is not None:
        query = query.where(runs_table.c.principal_id == principal_id)
    return [_to_json(row) for row in connection.execute(query).mappings()]


def _to_json(row: Any) -> JsonObject:
    return {name: row[name] for name in row if name != "principal_id"}


def remove_old_runs(connection: Connection, now: datetime) -> None:
    """Removes runs that started longer ago than they are kept."""
    limit = format_instant(now - RUNS_KEPT)
    connection.execute(sa.delete(runs_table).where(runs_table.c.started_at < limit))
