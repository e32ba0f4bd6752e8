"""Steps of interactive flows in the database: one row per page shown, and one per submission.

Every query is bound to the session; a step of another session is as if it were not there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import system_metadata
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject

# Back reaches this far; older steps of an instance are removed.
STEPS_KEPT = 50
# Of all instances together; the oldest go first. A page that starts flows without end fills no disk.
STEPS_OF_SESSION = 500

steps_table = sa.Table(
    "_flow_steps",
    system_metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.Text, nullable=False, index=True),
    sa.Column("principal_id", sa.Text),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("outcome", sa.JSON, nullable=False),
    sa.Column("ending", sa.LargeBinary),
    sa.Column("spent", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False, index=True),
)

submissions_table = sa.Table(
    "_flow_submissions",
    system_metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("submission", sa.Text, primary_key=True),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("result_step", sa.Integer),
    sa.Column("created_at", sa.Text, nullable=False, index=True),
)


@dataclass(frozen=True)
class StepRow:
    """One step: where it belongs, its encrypted state, what it showed, and how it ended, encrypted."""

    instance: str
    step: int
    session_id: str
    principal_id: str | None
    flow: str
    run_id: str
    state: bytes
    outcome: JsonObject
    spent: bool = False
    ending: bytes | None = None


def add_step(connection: Connection, row: StepRow, now: datetime, lifetime: timedelta) -> None:
    """Writes a step and removes the instance's steps that Back no longer reaches."""
    connection.execute(
        sa.insert(steps_table).values(
            **row.__dict__,
            created_at=format_instant(now),
            expires_at=format_instant(now + lifetime),
        )
    )
    connection.execute(
        sa.delete(steps_table).where(
            steps_table.c.instance == row.instance, steps_table.c.step <= row.step - STEPS_KEPT
        )
    )
    _remove_oldest(connection, row)


def _remove_oldest(connection: Connection, row: StepRow) -> None:
    table = steps_table
    order = (table.c.created_at.desc(), table.c.step.desc(), table.c.instance)
    oldest = (
        sa.select(table.c.instance, table.c.step)
        .where(table.c.session_id == row.session_id, table.c.instance != row.instance)
        .order_by(*order)
        .offset(STEPS_OF_SESSION - 1)
        .limit(STEPS_OF_SESSION)
    )
    places = [tuple(found) for found in connection.execute(oldest)]
    if places:
        among = sa.tuple_(table.c.instance, table.c.step).in_(places)
        connection.execute(sa.delete(table).where(among))


def find_step(
    connection: Connection, instance: str, step: int, session_id: str, now: datetime
) -> StepRow | None:
    """The step, if it is this session's and not expired."""
    table = steps_table
    found = (
        connection.execute(
            sa.select(table).where(
                table.c.instance == instance,
                table.c.step == step,
                table.c.session_id == session_id,
                table.c.expires_at > format_instant(now),
            )
        )
        .mappings()
        .first()
    )
    if found is None:
        return None
    return StepRow(**{name: found[name] for name in StepRow.__dataclass_fields__})


def latest_step(connection: Connection, instance: str) -> int:
    """The number of the instance's latest step, 0 where it has none."""
    query = sa.select(sa.func.max(steps_table.c.step)).where(steps_table.c.instance == instance)
    return connection.scalar(query) or 0


def claim_step(connection: Connection, instance: str, step: int) -> bool:
    """Marks the step as spent; False where it was already: its exits are not to be taken again."""
    return connection.execute(_set_spent(instance, step, spent=True)).rowcount == 1


def release_step(connection: Connection, instance: str, step: int) -> None:
    """Takes the mark back: nothing was written."""
    connection.execute(_set_spent(instance, step, spent=False))


def _set_spent(instance: str, step: int, *, spent: bool) -> sa.Update:
    table = steps_table
    here = (table.c.instance == instance, table.c.step == step, table.c.spent.is_not(spent))
    return sa.update(table).where(*here).values(spent=spent)


def move_steps(
    connection: Connection, instance: str, session_id: str, principal_id: str | None
) -> None:
    """Hands an instance to the session that a sign-in has put in the place of its own."""
    connection.execute(
        sa.update(steps_table)
        .where(steps_table.c.instance == instance)
        .values(session_id=session_id, principal_id=principal_id)
    )


def find_submission(connection: Connection, instance: str, submission: str) -> int | bool | None:
    """The step a submission led to; None where it has no result yet; False where it is new."""
    table = submissions_table
    row = connection.execute(
        sa.select(table.c.result_step).where(
            table.c.instance == instance, table.c.submission == submission
        )
    ).first()
    if row is None:
        return False
    result: int | None = row[0]
    return result


def add_submission(
    connection: Connection, instance: str, submission: str, step: int, now: datetime
) -> None:
    """Notes a submission before it runs, so that it is never run twice."""
    connection.execute(
        sa.insert(submissions_table).values(
            instance=instance, submission=submission, step=step, created_at=format_instant(now)
        )
    )


def end_submission(
    connection: Connection, instance: str, submission: str, result_step: int | None
) -> None:
    """Notes the step a submission led to, or, without one, that it did nothing and may be retried."""
    table = submissions_table
    mine = sa.and_(table.c.instance == instance, table.c.submission == submission)
    if result_step is None:
        connection.execute(sa.delete(table).where(mine))
    else:
        connection.execute(sa.update(table).where(mine).values(result_step=result_step))


def remove_steps(connection: Connection, session_id: str) -> None:
    """Removes all steps of a session, at sign-out."""
    connection.execute(sa.delete(steps_table).where(steps_table.c.session_id == session_id))


def remove_expired(connection: Connection, now: datetime) -> None:
    """Removes what has expired."""
    limit = format_instant(now)
    connection.execute(sa.delete(steps_table).where(steps_table.c.expires_at <= limit))
    old = format_instant(now - timedelta(days=1))
    connection.execute(sa.delete(submissions_table).where(submissions_table.c.created_at <= old))
