"""What a browser asks of a part's rows, checked against its columns.

A column that the part does not have cannot be asked about, so nothing hidden can be guessed by
filtering.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Final

from graphwright.kernel.errors import InvalidInput, nearest
from graphwright.kernel.times import format_instant, parse_instant, parse_local
from graphwright.kernel.values import JsonValue
from graphwright.lists.query import OPERATORS
from graphwright.pages.errors import RowsQueryInvalid
from graphwright.pages.rows import (
    ORDERED_TYPES,
    TEXT_TYPES,
    Column,
    Part,
    RowFilter,
    RowQuery,
)

MAX_LIMIT: Final = 1000
_MAX_OFFSET = 10_000_000
_MAX_FILTERS = 20
_MAX_TEXT = 500
_ORDERED = frozenset({"gt", "ge", "lt", "le"})


def read_rows_query(part: Part, parameters: Mapping[str, str]) -> RowQuery:
    """The query of the parameters sort, filter, search, offset, limit; `RowsQueryInvalid`."""
    search = parameters.get("search", "").strip()
    if len(search) > _MAX_TEXT or "\x00" in search:
        raise RowsQueryInvalid(f"A search has at most {_MAX_TEXT} characters.")
    if search and not part.search:
        raise RowsQueryInvalid("These rows cannot be searched.")
    return RowQuery(
        list=part.list,
        filters=(*part.where, *_read_filters(part, parameters.get("filter", ""))),
        search=search,
        sort=_read_sort(part, parameters.get("sort", "")) or part.sort,
        offset=_read_number(parameters, "offset", 0, 0, _MAX_OFFSET),
        limit=_read_number(parameters, "limit", 100, 1, MAX_LIMIT),
    )


def _read_number(
    parameters: Mapping[str, str], name: str, default: int, least: int, most: int
) -> int:
    text = parameters.get(name, str(default))
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
    if not least <= number <= most:
        raise RowsQueryInvalid(f"{name} must be a whole number from {least} to {most}.")
    return number


def _read_sort(part: Part, text: str) -> tuple[tuple[str, bool], ...]:
    sort: dict[str, bool] = {}
    for item in filter(None, text.split(",")):
        name, _, direction = item.strip().partition(":")
        column = _column(part, name)
        if direction not in ("", "asc", "desc"):
            raise RowsQueryInvalid(f"The sort direction of {name} must be asc or desc.")
        if column.type not in ORDERED_TYPES | {"boolean"}:
            raise RowsQueryInvalid(f"Rows cannot be sorted by {name}.")
        sort.setdefault(column.field, (direction == "desc") != column.negated)
    return tuple(sort.items())


def _read_filters(part: Part, text: str) -> list[RowFilter]:
    if not text:
        return []
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RowsQueryInvalid("The filter is not valid JSON.") from error
    if not isinstance(items, list) or len(items) > _MAX_FILTERS:
        raise RowsQueryInvalid(f"The filter must be an array of at most {_MAX_FILTERS} conditions.")
    return [_read_filter(part, item) for item in items]


def _read_filter(part: Part, item: JsonValue) -> RowFilter:
    if not isinstance(item, dict) or not {"field", "op"} <= item.keys() <= {"field", "op", "value"}:
        raise RowsQueryInvalid("A condition of the filter has field, op and value.")
    column = _column(part, item["field"])
    op = item["op"]
    if op not in OPERATORS:
        raise RowsQueryInvalid(
            f"{str(op)[:40]!r} is no operator.", hint=nearest(str(op), OPERATORS)
        )
    if op in ("empty", "not_empty"):
        return RowFilter(column.field, op)
    if (
        (op in _ORDERED and column.type not in ORDERED_TYPES)
        or (op in ("contains", "starts_with") and column.type not in TEXT_TYPES)
        or (op in ("eq", "ne") and column.type == "json")
    ):
        raise RowsQueryInvalid(f"{column.name} cannot be compared by {op}.")
    value = filter_value(column, item.get("value"))
    if column.negated:
        value = not value
    return RowFilter(column.field, op, value)


def _column(part: Part, name: JsonValue) -> Column:
    column = part.column(name) if isinstance(name, str) else None
    if column is None:
        raise RowsQueryInvalid(
            f"There is no column {str(name)[:40]!r}.",
            hint=nearest(str(name)[:40], [c.name for c in part.columns if c.shown]),
        )
    if column.inside is not None:
        raise RowsQueryInvalid(f"Rows cannot be sorted or filtered by {column.name[:40]}.")
    return column


def filter_value(column: Column, value: JsonValue) -> JsonValue:
    """The value a column is compared with, checked against the column's type."""
    fits = False
    if column.type == "boolean":
        fits = isinstance(value, bool)
    elif column.type in ("integer", "number"):
        fits = (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and abs(value) < 2**63
        )
    elif isinstance(value, str) and len(value) <= _MAX_TEXT and "\x00" not in value:
        fits = True
        if column.type in ("datetime", "zoned_datetime"):
            value, fits = _instant(value)
        elif column.type == "date":
            fits = _is_date(value)
    if not fits or (isinstance(value, str) and not _is_unicode(value)):
        raise RowsQueryInvalid(
            f"The value does not fit {column.name}, which is of type {column.type}."
        )
    return value


def _instant(value: str) -> tuple[str, bool]:
    try:
        return format_instant(parse_instant(value)), True
    except InvalidInput:
        return value, False


def _is_date(value: str) -> bool:
    try:
        parse_local(value)
    except InvalidInput:
        return False
    return len(value) == 10


def _is_unicode(value: str) -> bool:
    # JSON can hold half of a surrogate pair, which no database takes.
    return not any("\ud800" <= character <= "\udfff" for character in value)
