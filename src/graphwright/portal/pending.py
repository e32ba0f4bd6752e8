"""Sign-ins under way: each may be completed once, in the browser it began in.

Holds hashes of state and browser secret and the encrypted flow; nothing in it can be replayed.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import system_metadata

pending_table = sa.Table(
    "_pending_authorizations",
    system_metadata,
    sa.Column("state_hash", sa.String(64), primary_key=True),
    sa.Column("browser_hash", sa.String(64), nullable=False),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("flow", sa.LargeBinary, nullable=False),
    sa.Column("session_id", sa.String(64)),
    sa.Column("principal_id", sa.String(200)),
    sa.Column("return_path", sa.Text, nullable=False),
    sa.Column("instance", sa.Text),
    sa.Column("step", sa.Integer),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
    sa.Column("used", sa.Boolean, nullable=False),
)


@dataclass(frozen=True)
class Pending:
    """One sign-in under way: for whom, and where it goes on."""

    state_hash: str
    browser_hash: str
    profile: str
    flow: bytes = field(repr=False)
    session_id: str | None
    principal_id: str | None
    return_path: str
    instance: str | None
    step: int | None
    expires_at: float
    used: bool = False


def hash_of(secret: str) -> str:
    """What the table keeps of a state or browser secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_pending(connection: Connection, pending: Pending, now: datetime) -> None:
    """Keeps a sign-in that begins; forgets those that took too long."""
    table = pending_table
    connection.execute(sa.delete(table).where(table.c.expires_at <= now.timestamp()))
    connection.execute(sa.insert(table).values(**asdict(pending)))


def find_pending(connection: Connection, state_hash: str, now: datetime) -> Pending | None:
    """The sign-in of a state, unless it took too long."""
    table = pending_table
    row = (
        connection.execute(
            sa.select(table).where(
                table.c.state_hash == state_hash, table.c.expires_at > now.timestamp()
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else Pending(**row)


def use_pending(connection: Connection, state_hash: str) -> bool:
    """Marks a sign-in as used; False where somebody did so before."""
    table = pending_table
    marked = connection.execute(
        sa.update(table)
        .where(table.c.state_hash == state_hash, table.c.used.is_(False))
        .values(used=True)
    )
    return marked.rowcount == 1
