"""Rewrites the rows of a table whose field changed its type or whose key changed. Loses none."""

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.lists.definition import FieldDefinition
from graphwright.lists.errors import ListChangeRefused, Mistyped
from graphwright.lists.tables import ListTable, column_names, field_columns
from graphwright.lists.values import convert, key_text, read, write

_CHUNK: Final = 5_000
_OLD: Final = "_old_"
# Marks a key that is being rewritten, so that it meets no key that is not yet.
_MOVING: Final = "\x1e"


def change_type(
    connection: Connection, operations: Any, listed: ListTable, name: str, old_type: str
) -> None:
    """Converts a field's columns; `ListChangeRefused` where a value does not fit."""
    new_field = listed.definition.fields[name]
    old_field = new_field.model_copy(update={"type": old_type, "list": None})
    for column in column_names(name, old_field):
        operations.alter_column(listed.name, column, new_column_name=_OLD + column)
    for added in field_columns(name, new_field):
        operations.add_column(listed.name, added)
    source = _old_table(listed, name, old_field)
    targets = column_names(name, new_field)
    statement = (
        sa.update(listed.table)
        .where(*(column == sa.bindparam(f"at{column.name}") for column in listed.table.primary_key))
        .values({target: sa.bindparam(f"to_{target}") for target in targets})
    )
    keys = len(listed.table.primary_key)
    for rows in _chunks(connection, source, keys):
        parameters = []
        for row in rows:
            try:
                values = convert(old_type, new_field.type, tuple(row[keys:]))
            except Mistyped as error:
                raise ListChangeRefused(
                    f"{listed.name}.{name} cannot become {new_field.type}: in a row, "
                    f"{error.message}",
                    hint="Nothing was changed. Give the field another name instead.",
                ) from error
            parameters.append(
                {
                    **{
                        f"at{c.name}": v
                        for c, v in zip(listed.table.primary_key, row, strict=False)
                    },
                    **{f"to_{t}": v for t, v in zip(targets, values, strict=True)},
                }
            )
        connection.execute(statement, parameters)
    for column in column_names(name, old_field):
        operations.drop_column(listed.name, _OLD + column)


def _old_table(listed: ListTable, name: str, old_field: FieldDefinition) -> sa.Table:
    keys = [sa.Column(column.name, column.type) for column in listed.table.primary_key]
    old = [sa.Column(_OLD + column.name, column.type) for column in field_columns(name, old_field)]
    return sa.Table(listed.name, sa.MetaData(), *keys, *old)


def _chunks(connection: Connection, table: sa.Table, keys: int) -> Iterator[list[Any]]:
    columns = list(table.columns)
    key = sa.tuple_(*columns[:keys])
    query = sa.select(*columns).order_by(*columns[:keys]).limit(_CHUNK)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        last = sa.tuple_(*rows[-1][:keys], types=[sa.Text()] * keys)
        rows = list(connection.execute(query.where(key > last)))


def change_key(connection: Connection, listed: ListTable) -> None:
    """Computes every row's `_key` anew; `ListChangeRefused` where one is null or comes twice."""
    moves = _new_keys(connection, listed)
    if not moves:
        return
    for child in listed.children:
        if connection.execute(sa.select(child.table.c["_key"]).limit(1)).first():
            raise ListChangeRefused(
                f"The key of {listed.name} cannot change while its child list {child.name} has "
                "rows.",
                hint="Nothing was changed. Make a new list and import into it.",
            )
    table = listed.table
    connection.execute(
        sa.update(table)
        .where(*(column == sa.bindparam(f"at{column.name}") for column in table.primary_key))
        .values(_key=sa.bindparam("to")),
        moves,
    )
    connection.execute(
        sa.update(table)
        .where(sa.func.substr(table.c["_key"], 1, 1) == _MOVING)
        .values(_key=sa.func.substr(table.c["_key"], 2))
    )


def _new_keys(connection: Connection, listed: ListTable) -> list[dict[str, Any]]:
    definition = listed.definition
    fields = {name: definition.fields[name] for name in definition.key}
    parts = {name: column_names(name, field) for name, field in fields.items()}
    table = listed.table
    identity = list(table.primary_key)
    columns = [table.c[column] for part in parts.values() for column in part]
    moves: list[dict[str, Any]] = []
    seen: set[tuple[str, ...]] = set()
    for row in connection.execute(sa.select(*identity, *columns)):
        values = dict(zip((*identity, *columns), row, strict=True))
        key_values = []
        for name, part in parts.items():
            value = read(fields[name].type, tuple(values[table.c[column]] for column in part))
            if value is None:
                raise ListChangeRefused(
                    f"{name} cannot be a key of {listed.name}: it is empty in a row.",
                    hint="Nothing was changed.",
                )
            key_values.append(write(fields[name].type, value)[0])
        key = key_text(key_values)
        place = (*row[: len(identity) - 1], key)
        if place in seen:
            raise ListChangeRefused(
                f"{', '.join(definition.key)} cannot be the key of {listed.name}: two rows have "
                "the same.",
                hint="Nothing was changed.",
            )
        seen.add(place)
        if key != row[len(identity) - 1]:
            at = {f"at{c.name}": v for c, v in zip(identity, row, strict=False)}
            moves.append({**at, "to": _MOVING + key})
    return moves
