"""Brings the tables to the definitions, in one transaction, and remembers what was applied.

A crash leaves the database as it was; applying twice does nothing the second time. Knows no import
and no page.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.database import data_metadata
from graphwright.lists.changes import Applied, Change, Plan, plan_changes
from graphwright.lists.convert import change_key, change_type
from graphwright.lists.definition import FieldDefinition, ListDefinition
from graphwright.lists.errors import ListChangeRefused
from graphwright.lists.tables import (
    ListTable,
    TableSet,
    column_names,
    field_columns,
    field_index,
    index_name,
)
from graphwright.lists.values import SUFFIXES, json_text, read_json

applied_lists = sa.Table(
    "_lists",
    data_metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("definition", sa.Text, nullable=False),
    sa.Column("hidden_fields", sa.Text, nullable=False),
    sa.Column("is_hidden", sa.Boolean, nullable=False),
)


def plan(connection: Connection, tables: TableSet) -> Plan:
    """What `apply` would do."""
    applied = read_applied(connection)
    wanted = {name: table.definition for name, table in tables.items()}
    filled = frozenset(name for name in applied if _has_rows(connection, name))
    found = plan_changes(applied, wanted, filled)
    existing = set(sa.inspect(connection).get_table_names())
    foreign = [
        f"A table {change.list} is there already and is not this application's list. "
        "Give the list another name, or name another database."
        for change in found.changes
        if change.kind in ("create_list", "rename_list") and change.list in existing
    ]
    return Plan(found.changes, (*found.problems, *foreign))


def apply(connection: Connection, tables: TableSet) -> tuple[Change, ...]:
    """Makes the tables fit, keeping every row; `ListChangeRefused` where it cannot."""
    if connection.dialect.name == "postgresql":
        # Two processes that start at once take turns; SQLite's write transaction does the same.
        connection.exec_driver_sql('LOCK TABLE "_lists" IN EXCLUSIVE MODE')
    found = plan(connection, tables)
    if found.problems:
        raise ListChangeRefused(
            "The lists cannot be changed: " + " ".join(found.problems),
            hint="Nothing was changed.",
            problems=list(found.problems),
        )
    applied = read_applied(connection)
    for change in found.changes:
        _apply_change(connection, change, tables, applied)
    _remember(connection, tables, applied)
    return found.changes


def prune(connection: Connection, table: ListTable) -> list[str]:
    """Drops the hidden columns of a list for good; gives the fields' names."""
    applied = read_applied(connection).get(table.name)
    if applied is None:
        return []
    operations = _operations(connection)
    for name, field in applied.hidden_fields.items():
        if field.indexed:
            _drop_index(connection, table.name, name)
        for column in column_names(name, field):
            operations.drop_column(table.name, column)
    connection.execute(
        sa.update(applied_lists)
        .where(applied_lists.c.name == table.name)
        .values(hidden_fields="{}")
    )
    return list(applied.hidden_fields)


def prune_hidden_lists(connection: Connection) -> list[str]:
    """Drops the tables of removed lists for good; gives their names."""
    gone = [name for name, applied in read_applied(connection).items() if applied.is_hidden]
    for name in gone:
        _operations(connection).drop_table(name)
        connection.execute(sa.delete(applied_lists).where(applied_lists.c.name == name))
    return gone


def files_in_use(connection: Connection) -> set[str]:
    """The ids of the files that rows hold, those of removed fields and lists among them."""
    found: set[str] = set()
    for name, applied in read_applied(connection).items():
        fields = {**applied.hidden_fields, **applied.definition.fields}
        for field_name in (field for field, one in fields.items() if one.type == "file"):
            column: sa.ColumnClause[str] = sa.column(field_name)
            query = sa.select(column).select_from(sa.table(name)).where(column.is_not(None))
            found.update(connection.scalars(query))
    return found


def read_applied(connection: Connection) -> dict[str, Applied]:
    """The definitions last applied, by list."""
    return {
        row.name: Applied(
            ListDefinition.model_validate(read_json(row.definition)),
            {
                name: FieldDefinition.model_validate(field)
                for name, field in read_json(row.hidden_fields).items()
            },
            bool(row.is_hidden),
        )
        for row in connection.execute(sa.select(applied_lists))
    }


def _has_rows(connection: Connection, name: str) -> bool:
    if not sa.inspect(connection).has_table(name):
        return False
    query = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
    return connection.execute(query).first() is not None


def _operations(connection: Connection) -> Any:
    # Alembic takes a tenth of a second to import and is needed when a definition changed only.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415

    return Operations(MigrationContext.configure(connection))


def _apply_change(
    connection: Connection, change: Change, tables: TableSet, applied: Mapping[str, Applied]
) -> None:
    if change.kind in ("hide_list", "restore_list", "hide_field", "restore_field"):
        return  # only remembered
    listed = tables[change.list]
    if change.kind == "create_list":
        listed.table.create(connection)
    elif change.kind == "rebuild_list":
        _operations(connection).drop_table(change.list)
        listed.table.create(connection)
    elif change.kind == "rename_list":
        _rename_list(connection, str(change.old), listed, applied)
    elif change.kind == "change_key":
        change_key(connection, listed)
    else:
        _apply_field_change(connection, change, listed)


def _apply_field_change(connection: Connection, change: Change, listed: ListTable) -> None:
    operations = _operations(connection)
    name = str(change.field)
    field = listed.definition.fields[name]
    if change.kind == "add_field":
        for column in field_columns(name, field):
            operations.add_column(listed.name, column)
    elif change.kind == "rename_field":
        for suffix in ("", *(part for parts in SUFFIXES.values() for part in parts)):
            if _has_column(connection, listed.name, str(change.old) + suffix):
                operations.alter_column(
                    listed.name, str(change.old) + suffix, new_column_name=name + suffix
                )
        _drop_index(connection, listed.name, str(change.old))
    elif change.kind == "change_type":
        change_type(connection, operations, listed, name, str(change.old))
    elif change.kind == "drop_index":
        _drop_index(connection, listed.name, name)
    elif change.kind == "add_index":
        _create_index(connection, listed, name)


def _has_column(connection: Connection, table: str, column: str) -> bool:
    return any(found["name"] == column for found in sa.inspect(connection).get_columns(table))


def _rename_list(
    connection: Connection, old: str, listed: ListTable, applied: Mapping[str, Applied]
) -> None:
    _operations(connection).rename_table(old, listed.name)
    for name, field in applied[old].definition.fields.items():
        if field.indexed:
            _drop_index(connection, old, name)
    for name, field in listed.definition.fields.items():
        if field.indexed and name in applied[old].definition.fields:
            _create_index(connection, listed, name)
    connection.execute(sa.delete(applied_lists).where(applied_lists.c.name == old))


def _create_index(connection: Connection, listed: ListTable, name: str) -> None:
    wanted = index_name(listed.name, name)
    for index in listed.table.indexes:
        if index.name == wanted:
            index.create(connection, checkfirst=True)
            return
    field_index(listed.table, name).create(connection, checkfirst=True)


def _drop_index(connection: Connection, list_name: str, field_name: str) -> None:
    connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{index_name(list_name, field_name)}"')


def _remember(connection: Connection, tables: TableSet, applied: Mapping[str, Applied]) -> None:
    before = read_applied(connection)
    for name, table in tables.items():
        old = applied.get(name) or applied.get(str(table.definition.renamed_from))
        hidden = {} if old is None else {**old.hidden_fields, **old.definition.fields}
        renamed = {field.renamed_from for field in table.definition.fields.values()}
        hidden = {
            field_name: field
            for field_name, field in hidden.items()
            if field_name not in table.definition.fields
            and (field_name not in renamed or field_name in (old.hidden_fields if old else {}))
        }
        _store(connection, name, Applied(table.definition, hidden), is_new=name not in before)
    for name, old in before.items():
        if name not in tables and not old.is_hidden:
            _store(connection, name, Applied(old.definition, old.hidden_fields, True), is_new=False)


def _store(connection: Connection, name: str, applied: Applied, *, is_new: bool) -> None:
    values = {
        "definition": json_text(applied.definition.model_dump(mode="json", exclude_unset=True)),
        "hidden_fields": json_text(
            {
                field_name: field.model_dump(mode="json", exclude_unset=True)
                for field_name, field in applied.hidden_fields.items()
            }
        ),
        "is_hidden": applied.is_hidden,
    }
    if is_new:
        connection.execute(sa.insert(applied_lists).values(name=name, **values))
    else:
        connection.execute(
            sa.update(applied_lists).where(applied_lists.c.name == name).values(**values)
        )
