"""Principals: who may be signed in to the portal, by issuer and subject. Table `_principals`.

Knows no token. The functions run inside a transaction of the system database.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from graphwright.kernel.database import system_metadata
from graphwright.kernel.ids import new_id
from graphwright.kernel.times import format_instant
from graphwright.profiles.tokens import PrincipalId

_principals = sa.Table(
    "_principals",
    system_metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("signed_in_at", sa.Text, nullable=False),
    sa.UniqueConstraint("issuer", "subject"),
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who signed in; `email` is what the sign-in said, verified by nobody here."""

    id: PrincipalId
    issuer: str
    subject: str
    username: str
    name: str
    email: str | None


def upsert_principal(
    connection: Connection,
    *,
    issuer: str,
    subject: str,
    username: str,
    name: str,
    email: str | None,
    now: datetime,
) -> PrincipalId:
    """The id of the principal of (issuer, subject), made at their first sign-in."""
    details = {
        "username": username,
        "name": name,
        "email": email,
        "signed_in_at": format_instant(now),
    }
    values = {
        "id": new_id(),
        "issuer": issuer,
        "subject": subject,
        "created_at": format_instant(now),
        **details,
    }
    upsert = insert_for(connection)(_principals).values(values)
    # Two processes may see the same person for the first time at once: both get the one row.
    statement = upsert.on_conflict_do_update(
        index_elements=["issuer", "subject"], set_=details
    ).returning(_principals.c.id)
    found: str = connection.execute(statement).scalar_one()
    return found


def find_principal(connection: Connection, principal_id: PrincipalId) -> Principal | None:
    """The principal of an id."""
    row = connection.execute(
        sa.select(_principals).where(_principals.c.id == principal_id)
    ).one_or_none()
    return None if row is None else _principal(row)


def list_principals(connection: Connection) -> list[Principal]:
    """Everybody who ever signed in, by user name: for whoever runs the application."""
    query = sa.select(_principals).order_by(_principals.c.username, _principals.c.id)
    return [_principal(row) for row in connection.execute(query)]


def _principal(row: Any) -> Principal:
    return Principal(
        id=row.id,
        issuer=row.issuer,
        subject=row.subject,
        username=row.username,
        name=row.name,
        email=row.email,
    )


def insert_for(connection: Connection) -> Any:
    """The `insert` of the connection's database that knows ON CONFLICT."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
