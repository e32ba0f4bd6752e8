"""Reads rows: filters, search, sort, range, one row, children. The one place that binds the owner.

Every statement on rows, here and in the import, takes its owner from `bind_owner`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.kernel.errors import SignInRequired, nearest
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists.definition import FieldDefinition
from graphwright.lists.errors import Mistyped, QueryInvalid, RowNotFound
from graphwright.lists.matching import LONGEST, matches
from graphwright.lists.tables import ListTable, column_names, path_of, sort_key
from graphwright.lists.values import read, write

Operator = Literal[
    "eq", "ne", "contains", "starts_with", "gt", "ge", "lt", "le", "empty", "not_empty"
]
OPERATORS: Final[tuple[str, ...]] = get_args(Operator)
SHARED_OWNER: Final = ""
_TEXTS = frozenset({"text", "html", "reference", "json", "duration"})
_SEARCHED = frozenset({"text", "html", "reference"})
_UNORDERED = frozenset({"json", "file"})
_MAX_FILTERS = 50
_ROWS_AT_ONCE = 500


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition on a field."""

    field: str
    op: Operator
    value: Any = None


@dataclass(frozen=True, slots=True)
class Sort:
    """A field to sort by. Rows without a value come last, whichever way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """Rows whose time from `from_field` to `to_field` overlaps the time from `start` to `end`."""

    from_field: str
    to_field: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Which rows, in which order, and which part of them (`limit` None: all)."""

    filters: tuple[Filter, ...] = ()
    search: str = ""
    sort: tuple[Sort, ...] = ()
    offset: int = 0
    limit: int | None = 100
    range: RangeFilter | None = None
    parent: str | None = field(default=None)
    """For a child list: the parent's key (`path_of` for deeper ones)."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows, and how many there are in all."""

    rows: list[JsonObject]
    total: int


def parse_sort(text: str) -> tuple[Sort, ...]:
    """`name:asc,other:desc` as sorts."""
    sorts = []
    for part in filter(None, (part.strip() for part in text[:LONGEST].split(","))):
        name, _, direction = part.partition(":")
        if direction not in ("", "asc", "desc"):
            raise QueryInvalid(
                f"Rows are sorted asc or desc, not {direction[:20]!r}.", field=name[:50]
            )
        sorts.append(Sort(name, direction == "desc"))
    return tuple(sorts)


def parse_filters(text: str) -> tuple[Filter, ...]:
    """`[{"field", "op", "value"}]` as filters."""
    if not text.strip():
        return ()
    try:
        filters = msgspec.json.decode(text, type=tuple[Filter, ...])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise QueryInvalid(
            "The filter is no list of {field, op, value}.",
            hint=f"op is one of {', '.join(OPERATORS)}.",
        ) from error
    return filters


def bind_owner(listed: ListTable, owner: str | None) -> str:
    """The owner that every statement on this list's rows is bound to."""
    if listed.is_shared:
        return SHARED_OWNER
    if not owner:
        raise SignInRequired(f"The rows of {listed.name} belong to the people who sign in.")
    return owner


def select_rows(
    connection: Connection, listed: ListTable, owner: str | None, query: RowQuery
) -> RowPage:
    """The rows of a query with how many there are in all."""
    conditions = _conditions(connection, listed, owner, query)
    total = connection.scalar(
        sa.select(sa.func.count()).select_from(listed.table).where(*conditions)
    )
    if query.limit is not None:
        # Sorting keys alone is many times quicker than sorting whole rows, most of which go unused.
        places = select_places(connection, listed, owner, query, query.limit)
        rows = get_rows(connection, listed, owner, places)
    else:
        statement = _select(listed).where(*conditions).order_by(*_order(listed, query))
        rows = _read_rows(listed, connection.execute(statement))[max(query.offset, 0) :]
    return RowPage(rows, int(total or 0))


def select_places(
    connection: Connection,
    listed: ListTable,
    owner: str | None,
    query: RowQuery,
    limit: int | None = None,
) -> list[tuple[str, ...]]:
    """The keys (of a child list: parent and key) of a query's rows, in its order.

    All of them, or with a limit those from the query's offset on.
    """
    statement = (
        sa.select(*_identity(listed))
        .where(*_conditions(connection, listed, owner, query))
        .order_by(*_order(listed, query))
    )
    if limit is not None:
        statement = statement.limit(max(limit, 0)).offset(max(query.offset, 0))
    return [tuple(row) for row in connection.execute(statement)]


def get_rows(
    connection: Connection, listed: ListTable, owner: str | None, places: Sequence[tuple[str, ...]]
) -> list[JsonObject]:
    """The rows at these places, in their order; those that are gone are left out."""
    identity = _identity(listed)
    mine = _select(listed).where(listed.table.c["_owner"] == bind_owner(listed, owner))
    found: dict[tuple[str, ...], JsonObject] = {}
    for start in range(0, len(places), _ROWS_AT_ONCE):
        part = places[start : start + _ROWS_AT_ONCE]
        among = (
            sa.tuple_(*identity).in_(part)
            if listed.is_child
            else identity[0].in_([place[0] for place in part])
        )
        for row in _read_rows(listed, connection.execute(mine.where(among))):
            found[(row["_parent"], row["_key"]) if listed.is_child else (row["_key"],)] = row
    return [found[place] for place in places if place in found]


def get_row(
    connection: Connection,
    listed: ListTable,
    owner: str | None,
    key: str,
    parent: str | None = None,
) -> JsonObject:
    """The row of a key (in a child list: below `parent`); `RowNotFound` where there is none."""
    if listed.is_child and parent is None:
        raise QueryInvalid(f"A row of {listed.name} is found by its parent's key and its own.")
    place = (str(parent), key) if listed.is_child else (key,)
    rows = [] if "\x00" in key + str(parent) else get_rows(connection, listed, owner, [place])
    if not rows:
        raise RowNotFound(f"There is no such row in {listed.name}.", list=listed.name)
    return rows[0]


def get_children(
    connection: Connection,
    listed: ListTable,
    owner: str | None,
    key: str,
    parent: str | None = None,
) -> dict[str, list[JsonObject]]:
    """The child rows of a row, by child list, in their order."""
    below = path_of(parent, key)
    return {
        child.name: select_rows(connection, child, owner, RowQuery(parent=below, limit=None)).rows
        for child in listed.children
    }


def count_rows(connection: Connection, listed: ListTable, owner: str | None = None) -> int:
    """How many rows a list has: of one owner, or, for whoever runs the application, of all."""
    statement = sa.select(sa.func.count()).select_from(listed.table)
    if owner is not None:
        statement = statement.where(listed.table.c["_owner"] == bind_owner(listed, owner))
    return int(connection.scalar(statement) or 0)


def overlap(listed: ListTable, range_filter: RangeFilter) -> sa.ColumnElement[bool]:
    """The condition of a range: starts before its end, ends after its start.

    What takes no time at all counts where it starts, as it does in Graph's calendarView.
    """
    start_field = _field(listed, range_filter.from_field)
    end_field = _field(listed, range_filter.to_field)
    for name, found in ((range_filter.from_field, start_field), (range_filter.to_field, end_field)):
        if found.type not in ("datetime", "zoned_datetime", "date"):
            raise QueryInvalid(f"A range needs dates; {name} is of type {found.type}.", field=name)
    start = listed.table.c[range_filter.from_field]
    end = sa.func.coalesce(
        listed.table.c[range_filter.to_field],
        start,
        type_=listed.table.c[range_filter.to_field].type,
    )
    from_value = _bound(start_field, range_filter.start, range_filter.from_field)
    to_value = _bound(start_field, range_filter.end, range_filter.from_field)
    end_value = _bound(end_field, range_filter.start, range_filter.to_field)
    return sa.and_(start < to_value, sa.or_(end > end_value, start >= from_value))


def _bound(field_definition: FieldDefinition, text: str, name: str) -> Any:
    value = text[:10] if field_definition.type == "date" and isinstance(text, str) else text
    return _value(field_definition, value, name)


def _identity(listed: ListTable) -> list[sa.Column[Any]]:
    names = ("_parent", "_key") if listed.is_child else ("_key",)
    return [listed.table.c[name] for name in names]


def _select(listed: ListTable) -> sa.Select[Any]:
    columns = [listed.table.c["_key"], listed.table.c["_etag"]]
    if listed.is_child:
        columns += [listed.table.c["_parent"], listed.table.c["_position"]]
    for name, definition in listed.definition.fields.items():
        columns += [listed.table.c[column] for column in column_names(name, definition)]
    return sa.select(*columns)


def _read_rows(listed: ListTable, result: sa.Result[Any]) -> list[JsonObject]:
    plan: list[tuple[str, str, int, int]] = []
    at = 4 if listed.is_child else 2
    for name, definition in listed.definition.fields.items():
        width = len(column_names(name, definition))
        plan.append((name, definition.type, at, at + width))
        at += width
    rows: list[JsonObject] = []
    for found in result:
        row: tuple[Any, ...] = tuple(found)
        values: JsonObject = {"_key": row[0]}
        if row[1] is not None:
            values["_etag"] = row[1]
        if listed.is_child:
            values["_parent"], values["_position"] = row[2], row[3]
        for name, field_type, start, stop in plan:
            values[name] = read(field_type, row[start:stop])
        rows.append(values)
    return rows


def _conditions(
    connection: Connection, listed: ListTable, owner: str | None, query: RowQuery
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        listed.table.c["_owner"] == bind_owner(listed, owner)
    ]
    if query.parent is not None:
        if not listed.is_child:
            raise QueryInvalid(f"{listed.name} is no child list.")
        conditions.append(listed.table.c["_parent"] == query.parent)
    if len(query.filters) > _MAX_FILTERS:
        raise QueryInvalid(f"There are more than {_MAX_FILTERS} filters.")
    conditions += [_filter(connection, listed, condition) for condition in query.filters]
    conditions += _search(connection, listed, query.search)
    if query.range is not None:
        conditions.append(overlap(listed, query.range))
    return conditions


def _field(listed: ListTable, name: str) -> FieldDefinition:
    try:
        return listed.definition.fields[name]
    except KeyError:
        raise QueryInvalid(
            f"{listed.name} has no field {name[:50]!r}.",
            hint=nearest(name[:50], listed.definition.fields),
            field=name[:50],
        ) from None


def _order(listed: ListTable, query: RowQuery) -> Iterator[sa.ColumnElement[Any]]:
    for sort in query.sort:
        definition = _field(listed, sort.field)
        if definition.type in _UNORDERED:
            raise QueryInvalid(
                f"Rows cannot be sorted by {sort.field}: it is of type {definition.type}.",
                field=sort.field,
            )
        key = sort_key(listed.table.c[sort.field])
        yield (key.desc() if sort.descending else key.asc()).nulls_last()
    if listed.is_child:
        yield listed.table.c["_parent"]
        if not query.sort:
            yield listed.table.c["_position"]
    yield listed.table.c["_key"]


def _value(definition: FieldDefinition, value: JsonValue, name: str) -> Any:
    try:
        return write(definition.type, value)[0]
    except Mistyped as error:
        raise QueryInvalid(f"{name}: {error.message}", field=name) from error


def _filter(connection: Connection, listed: ListTable, condition: Filter) -> sa.ColumnElement[bool]:
    definition = _field(listed, condition.field)
    column: sa.ColumnElement[Any] = listed.table.c[condition.field]
    if condition.op in ("contains", "starts_with"):
        if definition.type not in _TEXTS or not isinstance(condition.value, str):
            raise QueryInvalid(
                f"{condition.op} compares texts; {condition.field} is of type {definition.type}.",
                field=condition.field,
            )
        at_start = condition.op == "starts_with"
        return matches(connection, column, condition.value, at_start=at_start)
    if condition.op in ("empty", "not_empty"):
        is_text = definition.type in ("text", "html", "reference")
        empty = sa.or_(column.is_(None), column == "") if is_text else column.is_(None)
        return empty if condition.op == "empty" else sa.not_(empty)
    if definition.type in _UNORDERED:
        raise QueryInvalid(
            f"{condition.op} cannot compare {condition.field}: it is of type {definition.type}.",
            field=condition.field,
        )
    value = _value(definition, condition.value, condition.field)
    if condition.op == "eq":
        return column.is_not_distinct_from(value)
    if condition.op == "ne":
        return column.is_distinct_from(value)
    if value is None:
        raise QueryInvalid(f"{condition.op} needs a value.", field=condition.field)
    key = sort_key(column)
    compared = sort_key(sa.literal(value, column.type)) if key is not column else value
    if condition.op in ("gt", "ge"):
        return key > compared if condition.op == "gt" else key >= compared
    return key < compared if condition.op == "lt" else key <= compared


def _search(
    connection: Connection, listed: ListTable, search: str
) -> Iterator[sa.ColumnElement[bool]]:
    """Every word of the search in some text field."""
    columns = [
        listed.table.c[name]
        for name, definition in listed.definition.fields.items()
        if definition.type in _SEARCHED and not definition.sensitive
    ]
    for word in search[:LONGEST].split()[:10]:
        yield sa.or_(sa.false(), *(matches(connection, column, word) for column in columns))
