"""Rows as pages ask for them: parts with columns, queries, and where rows come from.

Knows which filters a list's field types allow; not which lists lie in a database (a `RowSource`
does).
"""

import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Protocol, cast

from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.times import ZonedDateTime, parse_instant
from graphwright.kernel.values import JsonObject, JsonValue, is_array
from graphwright.lists import Filter, Lists, RangeFilter, RowNotFound, Sort, path_of
from graphwright.lists import RowQuery as StoredQuery
from graphwright.lists.query import Operator
from graphwright.lists.values import KEY_SEPARATOR
from graphwright.pages.errors import PageInvalid

ORDERED_TYPES: Final = frozenset(
    {"text", "integer", "number", "datetime", "zoned_datetime", "date", "reference"}
)
_SEARCHED: Final = frozenset({"text", "html", "reference"})
TEXT_TYPES: Final = frozenset({"text", "html", "reference", "duration", "json"})


@dataclass(frozen=True)
class RowFilter:
    """One condition on one field; all conditions of a query must hold."""

    field: str
    op: str
    value: JsonValue = None


@dataclass(frozen=True)
class RowQuery:
    """Which rows of a list, in which order."""

    list: str
    filters: tuple[RowFilter, ...] = ()
    search: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    """Fields with whether they run downwards."""
    offset: int = 0
    limit: int = 100
    key: str | None = None
    """Only the row of this key."""
    value: JsonObject | None = None
    """A row that is at hand already: nothing is read."""
    range: RangeFilter | None = None
    """Only rows that may overlap this; a source may give others too."""


@dataclass(frozen=True)
class RowsRead:
    """Rows and how many there are in all."""

    rows: Sequence[JsonObject]
    total: int


class RowSource(Protocol):
    """Reads rows for one person."""

    async def read(self, query: RowQuery) -> RowsRead:
        """The rows of a query."""
        ...

    def export(self, query: RowQuery) -> AsyncIterator[JsonObject]:
        """All rows of a query, whatever its offset and limit."""
        ...


@dataclass(frozen=True)
class Column:
    """One column of a part: its name towards the browser and the field behind it."""

    name: str
    field: str
    title: str
    type: str
    negated: bool = False
    """Shows the opposite of a boolean field, such as `unread` of `is_read`."""
    shown: bool = True
    """Whether it stands in rows and exports, or may only be filtered by."""
    inside: str | None = None
    """The property of the json field's object that it shows: neither sorted nor filtered by."""

    def value_of(self, row: Mapping[str, JsonValue]) -> JsonValue:
        """The column's value in a row of the list."""
        value = row.get(self.field)
        if self.inside is not None:
            return value.get(self.inside) if isinstance(value, Mapping) else None
        if self.negated:
            return None if value is None else not value
        return value


@dataclass(frozen=True)
class Part:
    """Rows that a page shows and the browser may page through, sort, filter and search."""

    list: str
    columns: tuple[Column, ...]
    where: tuple[RowFilter, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    """Fields of the list, as the rows come by default."""
    search: bool = True

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class TransientRows:
    """Rows of lists that live in a flow's state: variables named as the list."""

    scope: Mapping[str, JsonValue]
    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each list the types of its fields."""

    async def read(self, query: RowQuery) -> RowsRead:
        """Like the database's, over the variable's rows."""
        rows = transient_rows(self.scope, query.list)
        types = self.types.get(query.list, {})
        found = [row for row in rows if _matches(row, query, types)]
        for name, descending in reversed(query.sort):
            kind = types.get(name, "text")
            known = [row for row in found if row.get(name) is not None]
            known.sort(key=partial(_sort_key, name, kind), reverse=descending)
            found = known + [row for row in found if row.get(name) is None]
        return RowsRead(found[query.offset : query.offset + query.limit], len(found))

    async def export(self, query: RowQuery) -> AsyncIterator[JsonObject]:
        """All rows of the query."""
        for row in (await self.read(replace(query, offset=0, limit=sys.maxsize))).rows:
            yield row


class DatabaseRows:
    """Rows of database lists, every query bound to one owner."""

    def __init__(self, lists: Lists, owner: str | None) -> None:
        self._lists = lists
        self._owner = owner

    async def read(self, query: RowQuery) -> RowsRead:
        """The rows of a query."""
        if query.key is not None:
            return await self._one(query, query.key)
        page = await self._lists.query(query.list, self._owner, _stored(query))
        return RowsRead([_placed(row) for row in page.rows], page.total)

    async def export(self, query: RowQuery) -> AsyncIterator[JsonObject]:
        """All rows of the query, a few at a time."""
        async for row in self._lists.export(query.list, self._owner, _stored(query)):
            yield _placed(row)

    async def _one(self, query: RowQuery, key: str) -> RowsRead:
        table = self._lists.table(query.list)
        parent = None
        if table.is_child:
            parent, _, key = key.rpartition(KEY_SEPARATOR)
        try:
            row = await self._lists.row(query.list, self._owner, key, parent)
        except RowNotFound:
            return RowsRead([], 0)
        types = {name: field.type for name, field in table.definition.fields.items()}
        fits = all(_holds(row.get(f.field), f, types[f.field]) for f in query.filters)
        return RowsRead([_placed(row)] if fits else [], int(fits))


def _stored(query: RowQuery) -> StoredQuery:
    return StoredQuery(
        filters=tuple(Filter(f.field, cast(Operator, f.op), f.value) for f in query.filters),
        search=query.search,
        sort=tuple(Sort(name, descending) for name, descending in query.sort),
        offset=query.offset,
        limit=query.limit,
        range=query.range,
    )


def _placed(row: JsonObject) -> JsonObject:
    """A row whose `_key` tells it from all others: of a child list with its parent's."""
    if "_parent" in row:
        return {**row, "_key": path_of(row["_parent"], row["_key"])}
    return row


def _sort_key(name: str, kind: str, row: JsonObject) -> Any:
    return comparable(row[name], kind)


def transient_rows(scope: Mapping[str, JsonValue], name: str) -> list[JsonObject]:
    """The rows of a transient list; each has its position as `_key` where it brings none."""
    value = scope.get(name)
    if value is None:
        return []
    rows = value if is_array(value) else [value]
    if not all(isinstance(row, Mapping) for row in rows):
        raise PageInvalid(
            f"The variable {name} holds no rows.",
            hint=f"A page over the transient list {name} needs an array of objects in it.",
        )
    return [{"_key": str(index), **row} for index, row in enumerate(rows)]


def _matches(row: JsonObject, query: RowQuery, types: Mapping[str, str]) -> bool:
    if query.key is not None and row["_key"] != query.key:
        return False
    if query.search:
        texts = [
            str(row.get(n)).casefold() for n, t in types.items() if t in _SEARCHED and row.get(n)
        ]
        if not all(any(word in text for text in texts) for word in query.search.casefold().split()):
            return False
    return all(_holds(row.get(f.field), f, types.get(f.field, "text")) for f in query.filters)


def _holds(value: JsonValue, condition: RowFilter, kind: str) -> bool:
    op = condition.op
    if op in ("empty", "not_empty"):
        return (value is None or value == "") == (op == "empty")
    if value is None or condition.value is None:
        is_same = value is None and condition.value is None
        return is_same if op == "eq" else op == "ne" and not is_same
    if op in ("contains", "starts_with"):
        text, wanted = str(value).casefold(), str(condition.value).casefold()
        return wanted in text if op == "contains" else text.startswith(wanted)
    left, right = comparable(value, kind), comparable(condition.value, kind)
    results = {"eq": left == right, "ne": left != right}
    if op in results:
        return bool(results[op])
    return bool(
        {"gt": left > right, "ge": left >= right, "lt": left < right}.get(op, left <= right)
    )


def comparable(value: JsonValue, kind: str) -> Any:
    """A value as something that sorts as its type does; what does not fit its type sorts as text."""
    try:
        if kind in ("integer", "number", "boolean") and isinstance(value, int | float):
            return (0, value)
        if kind == "zoned_datetime" and isinstance(value, Mapping):
            return (0, ZonedDateTime(value["dateTime"], value["timeZone"]).instant)
        if kind in ("datetime", "zoned_datetime", "date") and isinstance(value, str):
            return (0, parse_instant(value))
    except (GraphwrightError, KeyError, TypeError):
        pass
    text = str(value)
    return (1, text.casefold(), text)


_WORD_BREAK = re.compile(r"[_\s]+")


def title_of(name: str, title: str | None) -> str:
    """A field's title, or its name as words."""
    return title or _WORD_BREAK.sub(" ", name).strip().capitalize()
