"""Writes batches of mapped rows: upserts, children, removals, the continuation. Inside transactions.

Every statement is bound to the target's owner, which `lists.query.bind_owner` gave.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from graphwright.imports.map import Mapper
from graphwright.imports.report import ImportReport
from graphwright.imports.rows import ChildRow, Row
from graphwright.kernel.database import data_metadata
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import ListTable, RangeFilter, path_of
from graphwright.lists.query import overlap
from graphwright.lists.values import KEY_SEPARATOR, json_text, read_json

continuations = sa.Table(
    "_continuations",
    data_metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("import_id", sa.Text, nullable=False),
    sa.Column("continuation", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
    sa.Column("not_before", sa.Text),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Whose rows of which list one run writes."""

    name: str
    listed: ListTable
    owner: str
    scope: str
    import_id: str
    marks: bool = True
    """Whether rows that came unchanged are told from those that did not come: they go at the end."""

    def go_on(self, import_id: str) -> "Target":
        """The target of a run that was cut off."""
        return replace(self, import_id=import_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes."""

    rows: Sequence[Row]
    removed: Sequence[str]
    continuation: JsonValue
    number: int


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where a run was cut off."""

    import_id: str
    continuation: JsonValue
    number: int
    report: JsonObject
    good_from: datetime
    """When it was written, or from when on the service may be asked for it."""


def write_batch(
    connection: Connection, target: Target, mapper: Mapper, batch: Batch, so_far: ImportReport
) -> ImportReport:
    """Writes a batch and gives what became of its rows; the caller adds it once it is committed."""
    report = ImportReport()
    known = _read_known(connection, target, [row.key for row in batch.rows])
    written: list[Row] = []
    changed: list[str] = []
    touched: list[str] = []
    for row in batch.rows:
        before = known.get(row.key)
        if before is None:
            report.inserted += 1
            written.append(row)
            continue
        if before.import_id == target.import_id:
            report.duplicates += 1
        if before.hash == row.hash:
            report.unchanged += before.import_id != target.import_id
            if target.marks or before.scope != target.scope:
                touched.append(row.key)
        else:
            report.updated += before.import_id != target.import_id
            written.append(row)
            changed.append(row.key)
    _delete_below(connection, target.listed, target.owner, changed)
    _upsert(connection, target, mapper, written)
    _insert_children(connection, target, mapper, written)
    _touch(connection, target, touched)
    report.deleted = _delete(connection, target, batch.removed)
    total = ImportReport.from_json(so_far.to_json())
    total.add(report)
    _save_continuation(connection, target, batch, total)
    return report


def write_last(
    connection: Connection,
    target: Target,
    mapper: Mapper,
    batch: Batch,
    so_far: ImportReport,
    within: RangeFilter | None,
    stale: int,
) -> tuple[ImportReport, bool]:
    """Writes the last batch and ends the run, which then has no continuation any more.

    Deletes up to `stale` rows that did not come; the run is not over (False) where there may be more.
    """
    report = write_batch(connection, target, mapper, batch, so_far)
    deleted = delete_stale(connection, target, within, stale) if stale else 0
    report.deleted += deleted
    is_over = deleted < stale or not stale
    if is_over:
        forget_continuation(connection, target)
    return report, is_over


def _read_known(connection: Connection, target: Target, keys: list[str]) -> dict[str, Any]:
    columns = target.listed.table.c
    statement = sa.select(
        columns["_key"].label("key"),
        columns["_hash"].label("hash"),
        columns["_scope"].label("scope"),
        columns["_import"].label("import_id"),
    ).where(columns["_owner"] == target.owner, _among(connection, columns["_key"], keys))
    return {row.key: row for row in connection.execute(statement)} if keys else {}


def _among(
    connection: Connection, column: sa.ColumnElement[Any], values: Iterable[str]
) -> sa.ColumnElement[bool]:
    """Whether a text column has one of many values: one parameter, however many they are."""
    if connection.dialect.name == "postgresql":
        array = sa.bindparam(None, list(values), type_=ARRAY(sa.Text))
        return column == sa.any_(array)
    each = sa.func.json_each(json_text(list(values))).table_valued("value")
    return column.in_(sa.select(each.c.value))


def _upsert(connection: Connection, target: Target, mapper: Mapper, rows: list[Row]) -> None:
    if not rows:
        return
    own = ["_scope", "_import", "_hash", "_etag", "_extra", *mapper.columns]
    columns = ["_owner", "_key", *own]
    quote = connection.dialect.identifier_preparer.quote
    updates = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in own)
    conflict = f" ON CONFLICT ({quote('_owner')}, {quote('_key')}) DO UPDATE SET {updates}"
    owner, scope, import_id = target.owner, target.scope, target.import_id
    values = [
        (owner, row.key, scope, import_id, row.hash, row.etag, row.extra, *row.values)
        for row in rows
    ]
    if connection.dialect.name != "postgresql":
        _insert(connection, target.listed, columns, values, conflict)
        return
    names = ", ".join(quote(name) for name in columns)
    table = quote(target.listed.name)
    # One for every connection and shape of rows: making one a batch would fill the catalogue.
    shape = hashlib.blake2b(target.listed.fingerprint + names.encode(), digest_size=8).hexdigest()
    staging = f"pg_temp._rows_{shape}"
    # Names come from the definitions, whose pattern allows letters, digits and `_` only.
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS"  # noqa: S608
        f" AS SELECT {names} FROM {table} WITH NO DATA"
    )
    _copy(connection, staging, names, values)
    statement = f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging}{conflict}"  # noqa: S608
    connection.exec_driver_sql(statement)


def _insert(
    connection: Connection,
    listed: ListTable,
    columns: list[str],
    values: list[tuple[Any, ...]],
    conflict: str = "",
) -> None:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, quote(listed.name), names, values)
        return
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {quote(listed.name)} ({names}) VALUES ({marks}){conflict}"  # noqa: S608
    connection.exec_driver_sql(statement, values)


def _copy(connection: Connection, table: str, names: str, values: list[tuple[Any, ...]]) -> None:
    """Writes rows by COPY: half the processor time of one INSERT a row."""
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _insert_children(
    connection: Connection, target: Target, mapper: Mapper, rows: list[Row]
) -> None:
    found: dict[str, list[tuple[Any, ...]]] = {}
    owner, scope, import_id = target.owner, target.scope, target.import_id

    def collect(children: dict[str, list[ChildRow]], parent: str) -> None:
        for name, below in children.items():
            values = found.setdefault(name, [])
            for child in below:
                values.append((owner, parent, child.key, child.position, scope, import_id,
                               child.extra, *child.values))  # fmt: skip
                if child.children:
                    collect(child.children, path_of(parent, child.key))

    for row in rows:
        if row.children:
            collect(row.children, path_of(None, row.key))
    system = ["_owner", "_parent", "_key", "_position", "_scope", "_import", "_extra"]
    for listed in target.listed.descendants():
        if listed.name in found:
            columns = [*system, *mapper.child_columns(listed.name)]
            _insert(connection, listed, columns, found[listed.name])


def _touch(connection: Connection, target: Target, keys: list[str]) -> None:
    """Says that unchanged rows came again."""
    if not keys:
        return
    table = target.listed.table
    connection.execute(
        sa.update(table)
        .where(table.c["_owner"] == target.owner, _among(connection, table.c["_key"], keys))
        .values(_scope=target.scope, _import=target.import_id)
    )


def _delete(connection: Connection, target: Target, keys: Sequence[str]) -> int:
    if not keys:
        return 0
    _delete_below(connection, target.listed, target.owner, keys)
    table = target.listed.table
    deleted = connection.execute(
        sa.delete(table).where(
            table.c["_owner"] == target.owner, _among(connection, table.c["_key"], keys)
        )
    )
    return deleted.rowcount


def _delete_below(
    connection: Connection, listed: ListTable, owner: str, paths: Sequence[str]
) -> None:
    """Deletes all child rows, and theirs, of the rows at these paths."""
    if not paths:
        return
    for child in listed.children:
        columns = child.table.c
        mine = (columns["_owner"] == owner, _among(connection, columns["_parent"], paths))
        if child.children:
            path = columns["_parent"] + KEY_SEPARATOR + columns["_key"]
            below = list(connection.scalars(sa.select(path).where(*mine)))
            _delete_below(connection, child, owner, below)
        connection.execute(sa.delete(child.table).where(*mine))


def delete_stale(
    connection: Connection, target: Target, within: RangeFilter | None, limit: int
) -> int:
    """Deletes up to `limit` rows of the scope, or within the range, that did not come this time."""
    columns = target.listed.table.c
    reached = columns["_scope"] == target.scope
    if within is not None:
        reached = sa.or_(reached, overlap(target.listed, within))
    statement = (
        sa.select(columns["_key"])
        .where(columns["_owner"] == target.owner, columns["_import"] != target.import_id, reached)
        .limit(limit)
    )
    return _delete(connection, target, list(connection.scalars(statement)))


def _here(target: Target) -> list[sa.ColumnElement[bool]]:
    return [
        continuations.c.name == target.name,
        continuations.c.owner == target.owner,
        continuations.c.scope == target.scope,
    ]


def _save_continuation(
    connection: Connection, target: Target, batch: Batch, report: ImportReport
) -> None:
    if batch.continuation is None:
        return
    values = {
        "import_id": target.import_id,
        "continuation": json_text(batch.continuation),
        "number": batch.number,
        "report": json_text(report.to_json()),
        "updated_at": datetime.now(UTC).isoformat(),
        "not_before": None,
    }
    updated = connection.execute(sa.update(continuations).where(*_here(target)).values(**values))
    if updated.rowcount == 0:
        connection.execute(
            sa.insert(continuations).values(
                name=target.name, owner=target.owner, scope=target.scope, **values
            )
        )


def read_continuation(connection: Connection, target: Target) -> Continuation | None:
    """Where a run of this target was cut off, if one was."""
    row = connection.execute(sa.select(continuations).where(*_here(target))).first()
    if row is None:
        return None
    return Continuation(
        row.import_id,
        read_json(row.continuation),
        row.number,
        read_json(row.report),
        datetime.fromisoformat(max(row.updated_at, row.not_before or "")),
    )


def defer_continuation(connection: Connection, target: Target, not_before: datetime) -> None:
    """Says of where the run was cut off that the service is not to be asked before that time."""
    deferred = sa.update(continuations).where(*_here(target))
    connection.execute(deferred.values(not_before=not_before.astimezone(UTC).isoformat()))


def forget_continuation(connection: Connection, target: Target) -> None:
    """The run is done."""
    connection.execute(sa.delete(continuations).where(*_here(target)))
