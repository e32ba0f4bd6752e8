"""What a changed definition means for the rows that are there, counted. Reads only.

Works on definitions as they were last applied, so that it also tells what would be refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.lists.changes import Applied, Change, plan_changes
from graphwright.lists.definition import FieldDefinition, ListDefinition
from graphwright.lists.errors import Mistyped
from graphwright.lists.schema import applied_lists, read_applied
from graphwright.lists.tables import column_names, field_columns
from graphwright.lists.values import WIDENINGS, convert, read, write

_MOST_READ: Final = 200_000
Tone = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens, or why it cannot."""

    text: str
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Effects:
    """The rows a list has, and what happens to them; `is_known`: whether it was ever applied."""

    rows: int
    effects: tuple[Effect, ...]
    is_known: bool


def find_effects(
    connection: Connection, name: str, wanted: Mapping[str, ListDefinition]
) -> Effects:
    """What `prepare` would do to the list `name`, were its definitions those of `wanted`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    if not sa.inspect(connection).has_table(applied_lists.name):
        return Effects(0, (), is_known=False)
    applied = read_applied(connection)
    definition = wanted[name]
    source = name if name in applied else str(definition.renamed_from)
    before = applied.get(source)
    if before is None:
        return Effects(0, (), is_known=False)
    rows = _Rows(connection, source)
    filled = frozenset(found for found in applied if _Rows(connection, found).total)
    plan = plan_changes(applied, wanted, filled)
    changes = [change for change in plan.changes if change.list == name]
    effects = [effect for change in changes for effect in _tell(change, before, definition, rows)]
    effects += _refused(before, definition, rows)
    told = {field for field, _, _ in _type_changes(before, definition)}
    effects += [
        Effect(problem, "error")
        for problem in plan.problems
        if problem.startswith((f"{name} ", f"{name}."))
        and not any(problem.startswith(f"{name}.{field} cannot change from") for field in told)
    ]
    if not definition.is_table:
        text = f"Rows are kept in the flow from now on: {_count(rows.total)} stay, hidden."
        effects = [Effect(text, "warning")]
    return Effects(rows.total, tuple(effects), is_known=True)


def is_applied(connection: Connection, wanted: Mapping[str, ListDefinition]) -> bool:
    """Whether the tables are those of the definitions, so that rows can be read by them."""
    applied = read_applied(connection)
    return all(
        name in applied
        and applied[name].definition.fields == definition.fields
        and applied[name].definition.owner == definition.owner
        and applied[name].definition.parent == definition.parent
        for name, definition in wanted.items()
    )


class _Rows:
    """The rows of a list's table as it is now."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._table = sa.table(name)
        there = sa.inspect(connection)
        self.columns = (
            {column["name"] for column in there.get_columns(name)}
            if there.has_table(name)
            else set()
        )
        self.total = self._number(sa.true()) if self.columns else 0

    def filled(self, field: str) -> int:
        """How many rows have a value in the field."""
        if field not in self.columns:
            return 0
        return self._number(sa.column(field).is_not(None))

    def values(self, field: str, definition: FieldDefinition) -> Iterator[tuple[Any, ...]]:
        """The columns of a field, row by row, where it has a value; a bounded number of them."""
        if not self.columns.issuperset(column_names(field, definition)):
            return
        table = sa.Table(str(self._table.name), sa.MetaData(), *field_columns(field, definition))
        first = next(iter(table.columns))
        query = sa.select(table).where(first.is_not(None)).limit(_MOST_READ)
        for row in self._connection.execute(query):
            yield tuple(row)

    def twice(self, fields: list[str]) -> int:
        """How many keys would come more than once for one owner."""
        within = [name for name in ("_owner", "_parent") if name in self.columns]
        columns: list[sa.ColumnElement[Any]] = [sa.column(name) for name in (*within, *fields)]
        groups = (
            sa.select(*columns)
            .select_from(self._table)
            .group_by(*columns)
            .having(sa.func.count() > 1)
            .subquery()
        )
        return int(self._connection.scalar(sa.select(sa.func.count()).select_from(groups)) or 0)

    def _number(self, condition: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(self._table).where(condition)
        return int(self._connection.scalar(query) or 0)


def _tell(change: Change, before: Applied, wanted: ListDefinition, rows: _Rows) -> Iterator[Effect]:
    field = str(change.field)
    match change.kind:
        case "rename_list":
            yield Effect(f"The list {change.old} becomes {change.list}: {_keep(rows.total)}.")
        case "rename_field":
            filled = rows.filled(str(change.old))
            yield Effect(f"The field {change.old} becomes {field}: {_keep(filled)}.")
        case "add_field":
            yield Effect(f"The field {field} is new: its values come with the next import.")
        case "restore_field":
            yield Effect(f"The field {field} comes back, with {_count(rows.filled(field))}.")
        case "hide_field":
            filled = rows.filled(field)
            text = f"The field {field} is removed: its column stays, hidden, with {_count(filled)}."
            yield Effect(text, "warning" if filled else "info")
        case "change_type":
            yield _converted(change, before, wanted, rows)
        case "change_key":
            yield from _key(before, wanted, rows)
        case "rebuild_list":
            yield Effect(f"The empty table is made anew: its {field} changed.")
        case "restore_list":
            yield Effect(f"The list comes back, with {_count(rows.total)}.")
        case "add_index":
            yield Effect(f"The field {field} gets an index.")
        case "drop_index":
            yield Effect(f"The field {field} loses its index.")
        case _:
            yield Effect(f"{change}.".capitalize())


def _converted(change: Change, before: Applied, wanted: ListDefinition, rows: _Rows) -> Effect:
    old_type, new_type = str(change.old), str(change.new)
    known = {**before.hidden_fields, **before.definition.fields}
    source = str(change.field)
    if source not in known:  # it is renamed as well
        source = str(wanted.fields[source].renamed_from)
    definition = known[source]
    unfit = sum(
        not _fits(old_type, new_type, columns) for columns in rows.values(source, definition)
    )
    if unfit:
        text = f"{_count(unfit)} of {change.field} cannot be converted to {new_type}."
        return Effect(f"{text} The change would be refused.", "error")
    filled = rows.filled(source)
    return Effect(
        f"The field {change.field} becomes {new_type}: {_count(filled)} "
        f"{'is' if filled == 1 else 'are'} converted."
    )


def _type_changes(
    before: Applied, wanted: ListDefinition
) -> Iterator[tuple[str, str, FieldDefinition]]:
    """Fields whose new type could lose values: name, the one before, its definition."""
    for name, field in wanted.fields.items():
        source = name if name in before.definition.fields else str(field.renamed_from)
        old = before.definition.fields.get(source) or before.hidden_fields.get(name)
        if old is not None and old.type != field.type and field.type not in WIDENINGS[old.type]:
            yield name, source, old


def _refused(before: Applied, wanted: ListDefinition, rows: _Rows) -> Iterator[Effect]:
    for name, source, old in _type_changes(before, wanted):
        new_type = wanted.fields[name].type
        column = source if source in rows.columns else name
        unfit = sum(
            not _is_written(old.type, new_type, columns) for columns in rows.values(column, old)
        )
        lost = f"{_count(unfit)} cannot be converted" if unfit else "values could be lost"
        yield Effect(
            f"The field {name} cannot change from {old.type} to {new_type}: {lost}. Keep the type, "
            "or give the field another name.",
            "error",
        )


def _key(before: Applied, wanted: ListDefinition, rows: _Rows) -> Iterator[Effect]:
    names = ", ".join(wanted.key)
    columns: list[str] = []
    for name in wanted.key:
        known = name in before.definition.fields
        columns.append(name if known else str(wanted.fields[name].renamed_from))
    if not rows.columns.issuperset(columns):
        yield Effect(f"{names} cannot be the key: no row has a value there yet.", "error")
        return
    empty = max(rows.total - rows.filled(column) for column in columns)
    twice = rows.twice(columns)
    if empty:
        yield Effect(f"{names} cannot be the key: {_count(empty)} would have none.", "error")
    elif twice:
        yield Effect(f"{names} cannot be the key: {twice:,} keys come more than once.", "error")
    else:
        yield Effect(f"The keys of {_count(rows.total)} are computed anew from {names}.")


def _fits(old_type: str, new_type: str, columns: tuple[Any, ...]) -> bool:
    try:
        convert(old_type, new_type, columns)
    except Mistyped:
        return False
    return True


def _is_written(old_type: str, new_type: str, columns: tuple[Any, ...]) -> bool:
    try:
        write(new_type, read(old_type, columns))
    except Mistyped:
        return False
    return True


def _count(number: int) -> str:
    return "one row" if number == 1 else f"{number:,} rows"


def _keep(number: int) -> str:
    return "there are no values yet" if not number else f"{_count(number)} keep their values"
