"""Form pages: fields with their values now, checked values at `submit`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from graphwright.pages.properties import Property, read_properties
from graphwright.pages.rows import Part, RowQuery, title_of


@dataclass(frozen=True)
class _Entry:
    """One field of the form: of the list, or a property of one of its json fields."""

    item: FormField
    definition: FieldDefinition
    inside: Property | None = None

    @property
    def name(self) -> str:
        return self.inside.wire_name if self.inside else self.item.field

    @property
    def is_required(self) -> bool:
        required = self.item.required
        return self.definition.required if required is None else required

    @property
    def is_read_only(self) -> bool:
        # A file's content does not come with the form's values.
        return self.item.read_only or self.definition.type == "file"

    @property
    def is_multiline(self) -> bool:
        multiline = self.item.multiline
        return self.definition.type in ("html", "json") if multiline is None else multiline

    def value_in(self, row: JsonObject) -> JsonValue:
        return self.inside.value_in(row) if self.inside else row.get(self.item.field)

    def put(self, values: JsonObject, value: JsonValue) -> None:
        """Among the values of the form: a property into its field's object."""
        if self.inside is None:
            values[self.item.field] = value
        else:
            values.setdefault(self.item.field, {})[self.inside.name] = value


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
    fields = [
        {
            "name": entry.name,
            "title": entry.item.title or title_of(entry.item.field, entry.definition.title),
            "type": entry.definition.type,
            "required": entry.is_required,
            "value": _value(entry, row, opening),
            "options": _options(entry.definition),
            "description": entry.item.description or entry.definition.description,
            "multiline": entry.is_multiline,
            "read_only": entry.is_read_only,
            "secret": entry.definition.sensitive,
        }
        for entry in _fields(page, opening)
    ]
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
    for name in sent.keys() - {entry.name for entry in fields}:
        refused[str(name)[:60]] = "This form has no such field."
    for entry in fields:
        try:
            entry.put(values, _receive_field(entry, sent, row, opening))
        except Refusal as refusal:
            refused[entry.name] = str(refusal)
    if not refused:
        refused = _broken_rules(page, values)
    if refused:
        raise FormInvalid(refused)
    return {**values, **{name: row[name] for name in ("_key", "_etag") if row and name in row}}


def _receive_field(
    entry: _Entry,
    sent: Mapping[str, JsonValue],
    row: JsonObject | None,
    opening: Opening,
) -> JsonValue:
    definition, read_only = entry.definition, entry.is_read_only
    if read_only or entry.name not in sent:
        value = _value(entry, row, opening)
    else:
        value = sent[entry.name]
        # What was there before and was not touched stays, though nobody could enter it now.
        if row is None or value != entry.value_in(row):
            value = coerce(definition.type, value)
            offered = definition.option_titles()
            if value is not None and offered and value not in offered:
                raise Refusal("Choose one of the options.")
    if value is None and entry.is_required and not read_only:
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


def _fields(page: Config, opening: Opening) -> list[_Entry]:
    if page.fields is not None:
        items = [
            item if isinstance(item, FormField) else FormField(field=item) for item in page.fields
        ]
    else:
        items = [
            FormField(field=name)
            for name, field in opening.list(page.list).fields.items()
            if not field.hidden and not field.sensitive
        ]
    entries = [_Entry(item, opening.field(page.list, item.field)) for item in items]
    if page.fields_from is not None:
        for one in read_properties(opening, page.list, page.fields_from):
            item = FormField(
                field=one.field,
                title=one.title or one.name,
                read_only=one.read_only,
                multiline=one.multiline or None,
            )
            entries.append(_Entry(item, one.definition(), one))
    return entries


def _value(entry: _Entry, row: JsonObject | None, opening: Opening) -> JsonValue:
    if row is not None:
        return entry.value_in(row)
    if entry.item.default is None:
        return None
    value = opening.evaluate(entry.item.default)
    if entry.definition.type == "zoned_datetime" and isinstance(value, str):
        # An instant, such as the end of a range, on the clock of the person who fills in the form.
        local = parse_instant(value).astimezone(zone(opening.time_zone)).replace(tzinfo=None)
        return {"dateTime": local.isoformat(), "timeZone": opening.time_zone}
    return value
