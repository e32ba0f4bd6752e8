"""Form pages: fields with their values now, checked values at `submit`. Pure."""

from collections.abc import Mapping

from graphwright.expressions import compile_expression
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import parse_instant, zone
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import RowNotFound
from graphwright.lists.definition import FieldDefinition
from graphwright.page_types.form.coerce import Refusal, coerce
from graphwright.page_types.form.config import Config, FormField
from graphwright.pages.errors import FormInvalid
from graphwright.pages.opening import Opening, receive_nothing, row_query
from graphwright.pages.rows import Part, RowQuery, title_of


def parts(_page: Config, _opening: Opening) -> Mapping[str, Part]:
    """A form has no rows to page through."""
    return {}


def reads(page: Config, opening: Opening) -> Mapping[str, RowQuery]:
    """The row to change.

    A row that the flow holds stays as it was shown: its etag tells Graph what the person saw.
    """
    if page.row is None or opening.evaluate(page.row) is None:
        return {}
    return {"row": row_query(page.list, page.row, opening)}


def view(page: Config, opening: Opening) -> JsonObject:
    """The fields with their values."""
    row = _row(opening)
    fields = []
    for item in _fields(page, opening):
        definition = opening.field(page.list, item.field)
        multiline = definition.type in ("html", "json")
        fields.append(
            {
                "name": item.field,
                "title": item.title or title_of(item.field, definition.title),
                "type": definition.type,
                "required": _is_required(item, definition),
                "value": _value(item, definition, row, opening),
                "options": _options(definition),
                "description": item.description or definition.description,
                "multiline": multiline if item.multiline is None else item.multiline,
                "read_only": item.read_only,
                "secret": definition.sensitive,
            }
        )
    submit = {"title": opening.render(page.submit.title)}
    return {"fields": fields, "submit": submit, "cancel": page.cancel}


def receive(page: Config, exit_name: str, data: JsonValue, opening: Opening) -> JsonValue:
    """The values by field at `submit`, with `_key` and `_etag` of the row; else nothing."""
    if exit_name != "submit":
        receive_nothing(exit_name, data)
        return None
    sent = data.get("values") if isinstance(data, Mapping) and set(data) == {"values"} else None
    if not isinstance(sent, Mapping):
        raise InvalidInput("A form sends {values}.")
    row = _row(opening)
    values: JsonObject = {}
    refused: dict[str, str] = {}
    fields = _fields(page, opening)
    for name in sent.keys() - {item.field for item in fields}:
        refused[str(name)[:60]] = "This form has no such field."
    for item in fields:
        definition = opening.field(page.list, item.field)
        try:
            values[item.field] = _receive_field(item, definition, sent, row, opening)
        except Refusal as refusal:
            refused[item.field] = str(refusal)
    if not refused:
        refused = _broken_rules(page, values)
    if refused:
        raise FormInvalid(refused)
    return {**values, **{name: row[name] for name in ("_key", "_etag") if row and name in row}}


def _receive_field(
    item: FormField,
    definition: FieldDefinition,
    sent: Mapping[str, JsonValue],
    row: JsonObject | None,
    opening: Opening,
) -> JsonValue:
    if item.read_only or item.field not in sent:
        value = _value(item, definition, row, opening)
    else:
        value = sent[item.field]
        # What was there before and was not touched stays, though nobody could enter it now.
        if row is None or value != row.get(item.field):
            value = coerce(definition.type, value)
            offered = definition.option_titles()
            if value is not None and offered and value not in offered:
                raise Refusal("Choose one of the options.")
    if value is None and _is_required(item, definition) and not item.read_only:
        raise Refusal("Fill in this field.")
    return value


def _options(definition: FieldDefinition) -> JsonValue:
    offered = definition.option_titles().items()
    return [{"value": value, "title": title} for value, title in offered] or None


def _broken_rules(page: Config, values: JsonObject) -> dict[str, str]:
    broken: dict[str, str] = {}
    for rule in page.rules:
        if compile_expression(rule.check).evaluate(values) is not True:
            broken.setdefault(rule.field, rule.message)
    return broken


def _row(opening: Opening) -> JsonObject | None:
    if "row" not in opening.rows:
        return None
    if not opening.rows["row"]:
        raise RowNotFound("This entry does not exist any more.", hint="Go back and open it again.")
    return opening.rows["row"][0]


def _fields(page: Config, opening: Opening) -> list[FormField]:
    if page.fields is None:
        return [
            FormField(field=name)
            for name, field in opening.list(page.list).fields.items()
            if not field.hidden and not field.sensitive
        ]
    return [item if isinstance(item, FormField) else FormField(field=item) for item in page.fields]


def _is_required(item: FormField, definition: FieldDefinition) -> bool:
    return definition.required if item.required is None else item.required


def _value(
    item: FormField, definition: FieldDefinition, row: JsonObject | None, opening: Opening
) -> JsonValue:
    if row is not None:
        return row.get(item.field)
    if item.default is None:
        return None
    value = opening.evaluate(item.default)
    if definition.type == "zoned_datetime" and isinstance(value, str):
        # An instant, such as the end of a range, on the clock of the person who fills in the form.
        local = parse_instant(value).astimezone(zone(opening.time_zone)).replace(tzinfo=None)
        return {"dateTime": local.isoformat(), "timeZone": opening.time_zone}
    return value
