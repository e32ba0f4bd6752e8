"""The runs list: when, who, which flow, the way taken, how long, what happened, and the error.

A run that goes on says so now and then (`beating`): whose beat has stopped was interrupted. That needs
no word from the process that ran it, and holds for several servers on one database.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.flows.errors import RunDeferred, RunInterrupted
from graphwright.flows.interpreter import Segment
from graphwright.flows.report import Happenings, RunSummary
from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.errors import GraphwrightError, NotFound, Unexpected
from graphwright.kernel.ids import new_id
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject, JsonValue

# The way is for reading: what a loop of thousands visits is cut to the last ones.
_WAY_KEPT = 200
_OWN_COLUMNS = frozenset({"principal_id", "beat_at", "report", "under_way", "inputs"})
RUNS_KEPT = timedelta(days=30)
_BEAT_SECONDS = 15.0
# Four beats: a busy machine misses one.
_SILENCE = timedelta(minutes=1)

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
    sa.Column("beat_at", sa.Text),
    sa.Column("report", sa.JSON(none_as_null=True)),
    # The same of the stretch that goes on now, as it was at the last beat.
    sa.Column("under_way", sa.JSON(none_as_null=True)),
    sa.Column("inputs", sa.Text),
    sa.Column("not_before", sa.Text),
)


def start_run(
    connection: Connection,
    *,
    flow: str,
    kind: str,
    principal_id: str | None,
    who: str | None,
    now: datetime,
    inputs: Mapping[str, JsonValue] | None = None,
) -> str:
    """Notes that a flow started; gives the run's id. Of inputs, only whether they are the same."""
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
            beat_at=format_instant(now),
            inputs=None if inputs is None else digest_inputs(inputs),
        )
    )
    return run_id


def digest_inputs(inputs: Mapping[str, JsonValue]) -> str:
    """What is kept of a run's inputs, which may be users' data: a hash."""
    text = json.dumps(dict(inputs), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@asynccontextmanager
async def beating(
    database: Database, run_id: str, clock: Clock, happened: Happenings
) -> AsyncIterator[None]:
    """While the run goes on here: now and then it is noted that it does, and what has happened.

    One that is over before the first beat writes nothing.
    """

    async def beat() -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            await database.write(_note_beat, run_id, clock.now(), happened.to_json())

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _note_beat(connection: Connection, run_id: str, now: datetime, under_way: JsonObject) -> None:
    table = runs_table
    mine = sa.update(table).where(table.c.id == run_id)
    connection.execute(mine.values(beat_at=format_instant(now), under_way=under_way))


def mark_interrupted(connection: Connection, now: datetime) -> None:
    """Says of the runs that nobody goes on with that they were interrupted."""
    table = runs_table
    silent = sa.func.coalesce(table.c.beat_at, table.c.started_at) < format_instant(now - _SILENCE)
    connection.execute(
        sa.update(table)
        .where(table.c.status == "running", silent)
        .values(status="interrupted", error=_interruption().to_wire()["error"])
    )


def describe_failure(
    error: BaseException,
) -> tuple[Literal["failed", "interrupted"], GraphwrightError]:
    """What the runs list says of a run that ended with this."""
    if isinstance(error, GraphwrightError):
        return "failed", error
    if isinstance(error, Exception):
        # Without its text, which may hold users' data.
        return "failed", Unexpected(f"The run failed unexpectedly ({type(error).__name__}).")
    return "interrupted", _interruption()


def _interruption() -> RunInterrupted:
    return RunInterrupted(
        "The server or command was stopped while this ran.",
        hint="Look at what it did before you start it again.",
    )


def note_segment(
    connection: Connection,
    run_id: str,
    segment: Segment,
    *,
    status: str,
    error: GraphwrightError | None = None,
) -> None:
    """Adds what a segment did to its run.

    `status`: running, waiting, done, failed, interrupted, or deferred by a `RunDeferred`.
    """
    table = runs_table
    row = _read(connection, run_id)
    if row is None:
        return
    counts = dict(row["counts"])
    for name, number in segment.totals.items():
        counts[name] = counts.get(name, 0) + number
    happened = Happenings.from_json(row["report"])
    happened.add(segment.happened)
    if error is not None:
        happened.note_failure(error)
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
            report=happened.to_json(),
            under_way=None,
            not_before=error.facts["not_before"] if isinstance(error, RunDeferred) else None,
        )
    )


def find_run(
    connection: Connection, run_id: str, *, principal_id: str | None = None, now: datetime
) -> JsonObject:
    """One run as the list tells it, with its `report`; `NotFound` where it is not this principal's."""
    row = _read(connection, run_id)
    if row is None or principal_id not in (None, row["principal_id"]):
        raise NotFound(
            "There is no such run.",
            hint=f"Runs are kept for {RUNS_KEPT.days} days; the runs list has their ids.",
        )
    run = _to_json(row, now)
    return run | {"report": _summarize(run, row).to_json()}


def read_summary(connection: Connection, run_id: str) -> RunSummary:
    """What happened in a run, up to now."""
    row = _read(connection, run_id)
    if row is None:
        raise NotFound("This run is not kept any more.")
    return _summarize(row, row)


def _read(connection: Connection, run_id: str) -> Any:
    query = sa.select(runs_table).where(runs_table.c.id == run_id)
    return connection.execute(query).mappings().first()


def _summarize(run: Any, row: Any) -> RunSummary:
    happened = Happenings.from_json(row["report"])
    happened.add(Happenings.from_json(row["under_way"]))
    return RunSummary(
        run_id=run["id"],
        flow=run["flow"],
        status=run["status"],
        started_at=run["started_at"],
        duration_ms=run["duration_ms"],
        meter=happened.meter,
        imports=happened.imports,
        failures=happened.failures,
    )


def list_runs(
    connection: Connection,
    *,
    principal_id: str | None = None,
    limit: int = 100,
    now: datetime | None = None,
) -> Sequence[JsonObject]:
    """The latest runs, newest first; of one principal where one is given.

    With the time, those that nobody goes on with are told as interrupted before they are marked.
    """
    query = sa.select(runs_table).order_by(runs_table.c.started_at.desc()).limit(limit)
    if principal_id is not None:
        query = query.where(runs_table.c.principal_id == principal_id)
    return [_to_json(row, now) for row in connection.execute(query).mappings()]


def _to_json(row: Any, now: datetime | None) -> JsonObject:
    run = {name: row[name] for name in row if name not in _OWN_COLUMNS}
    beat_at = row["beat_at"] or row["started_at"]
    if now is not None and run["status"] == "running" and beat_at < format_instant(now - _SILENCE):
        run |= {"status": "interrupted", "error": _interruption().to_wire()["error"]}
    return run


def remove_old_runs(connection: Connection, now: datetime) -> None:
    """Removes runs that started longer ago than they are kept."""
    limit = format_instant(now - RUNS_KEPT)
    connection.execute(sa.delete(runs_table).where(runs_table.c.started_at < limit))
