"""Brings a database's tables up to a metadata object with Alembic: adds tables, columns, indexes.

Nothing is dropped or changed in place: a table that needs more than an addition is a new table and a
step of its own. The fingerprint of what was applied saves the comparison at every start.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# Any number, the same for every server.
_LOCK = 0x6772_6170_6877_7269

_META = sa.MetaData()
_applied = sa.Table("_schemas", _META, sa.Column("fingerprint", sa.String(64), primary_key=True))


def upgrade_tables(connection: Connection, metadata: sa.MetaData) -> None:
    """Creates the tables of `metadata` that are missing and adds missing columns and indexes."""
    _take_turns(connection)
    _applied.create(connection, checkfirst=True)
    fingerprint = _fingerprint(metadata)
    known = sa.select(_applied.c.fingerprint).where(_applied.c.fingerprint == fingerprint)
    if connection.scalar(known) is not None:
        return
    _add_missing(connection, metadata)
    connection.execute(sa.insert(_applied).values(fingerprint=fingerprint))


def _take_turns(connection: Connection) -> None:
    """Waits until no other server changes tables; until the transaction ends, none does.

    On SQLite the write transaction itself does that. On PostgreSQL two that find a table missing
    would both create it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _add_missing(connection: Connection, metadata: sa.MetaData) -> None:
    # Alembic takes a tenth of a second to import and is needed at the first start only.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415

    operations = Operations(MigrationContext.configure(connection))
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in existing:
            table.create(connection)
            continue
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                operations.add_column(table.name, sa.Column(column.name, column.type))
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in indexes:
                index.create(connection)


def _fingerprint(metadata: sa.MetaData) -> str:
    described = [
        f"{table.name}.{column.name} {column.type!r} {column.nullable}"
        for table in metadata.sorted_tables
        for column in table.columns
    ] + [
        f"{t.name} {index.name}"
        for t in metadata.sorted_tables
        for index in sorted(t.indexes, key=str)
    ]
    return hashlib.sha256("\n".join(described).encode()).hexdigest()
