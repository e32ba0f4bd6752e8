"""Detail pages: one row, field by field. Pure."""

from collections.abc import Mapping

from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import RowNotFound
from graphwright.page_types.detail.config import Config
from graphwright.pages.opening import Opening, receive_nothing, row_query
from graphwright.pages.rows import Column, Part, RowFilter, RowQuery
from graphwright.pages.sanitise import sanitise


def parts(page: Config, opening: Opening) -> Mapping[str, Part]:
    """The one row, so that its actions and frames may reach it and no other."""
    query = row_query(page.list, page.row, opening)
    key = query.key if query.value is None else query.value.get("_key")
    where = (RowFilter("_key", "eq", key),)
    return {"row": Part(page.list, _columns(page, opening), where, search=False)}


def reads(page: Config, opening: Opening) -> Mapping[str, RowQuery]:
    """The row as it is now; one that lies in no list as the flow has it."""
    query = row_query(page.list, page.row, opening)
    known = query.value.get("_key") if query.value else None
    stored = opening.list(page.list).storage == "database"
    if isinstance(known, str) and stored:
        return {"row": RowQuery(page.list, key=known, limit=1)}
    return {"row": query}


def view(page: Config, opening: Opening) -> JsonObject:
    """The fields with their values; HTML sanitised."""
    rows = opening.rows["row"]
    if not rows:
        raise RowNotFound("This entry does not exist any more.", hint="Go back and open it again.")
    row = rows[0]
    fields = []
    for column in _columns(page, opening):
        value = column.value_of(row)
        if column.type == "html" and isinstance(value, str):
            value = sanitise(value).html
        fields.append(
            {"name": column.name, "title": column.title, "type": column.type, "value": value}
        )
    return {"fields": fields, "row": {"key": row.get("_key")}}


def receive(_page: Config, exit_name: str, data: JsonValue, _opening: Opening) -> JsonValue:
    """Nothing: a detail page has no events, and its page actions carry no data."""
    receive_nothing(exit_name, data)
    return None


def _columns(page: Config, opening: Opening) -> tuple[Column, ...]:
    names = page.fields or [
        name
        for name, field in opening.list(page.list).fields.items()
        if not field.hidden and not field.sensitive
    ]
    return tuple(opening.column(page.list, name) for name in names)
