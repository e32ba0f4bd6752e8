"""Table pages: columns now, rows when the browser asks for them. Pure."""

from collections.abc import Iterator, Mapping

from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.page_types.table.config import Config, TableColumn
from graphwright.pages.opening import Opening, receive_nothing
from graphwright.pages.properties import read_properties
from graphwright.pages.rows import Column, Part, RowQuery


def parts(page: Config, opening: Opening) -> Mapping[str, Part]:
    """The table's rows."""
    return {
        "rows": Part(
            page.list,
            _columns(page, opening),
            opening.where(page.where),
            page.sort_fields(),
            page.search,
        )
    }


def reads(_page: Config, _opening: Opening) -> Mapping[str, RowQuery]:
    """Nothing: the browser asks for rows as they scroll into sight."""
    return {}


def view(page: Config, opening: Opening) -> JsonObject:
    """The columns, the sort and whether there is a search box."""
    columns = _columns(page, opening)
    names = {column.field: column.name for column in columns}
    sort = [
        f"{names[field]}:{'desc' if descending else 'asc'}"
        for field, descending in page.sort_fields()
        if field in names
    ]
    return {
        "list": page.list,
        "columns": [
            {"name": c.name, "title": c.title, "type": c.type}
            | ({"plain": True} if c.inside else {})
            for c in columns
        ],
        "default_sort": ",".join(sort),
        "search": page.search,
    }


def receive(_page: Config, exit_name: str, data: JsonValue, _opening: Opening) -> JsonValue:
    """Nothing: a table page has no events, and its page actions carry no data."""
    receive_nothing(exit_name, data)
    return None


def _columns(page: Config, opening: Opening) -> tuple[Column, ...]:
    return (*_own_columns(page, opening), *_property_columns(page, opening))


def _property_columns(page: Config, opening: Opening) -> Iterator[Column]:
    if page.columns_from is not None:
        for one in read_properties(opening, page.list, page.columns_from):
            yield Column(one.wire_name, one.field, one.title or one.name, one.type, inside=one.name)


def _own_columns(page: Config, opening: Opening) -> tuple[Column, ...]:
    if page.columns is not None:
        return tuple(
            opening.column(page.list, column.field, title=column.title)
            if isinstance(column, TableColumn)
            else opening.column(page.list, column)
            for column in page.columns
        )
    fields = opening.list(page.list).fields
    return tuple(
        opening.column(page.list, name)
        for name, field in fields.items()
        if not field.hidden and not field.sensitive
    )
