"""Properties of a json field that only the data knows: columns of tables and fields of forms by name.

An expression of the page says which there are. Knows nothing of how a page type draws them.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import FieldDefinition
from graphwright.pages.errors import PageInvalid
from graphwright.pages.opening import Opening

_MOST = 200


class Property(BaseModel):
    """One property of a json field's object."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str
    """The json field of the page's list."""
    name: str = Field(min_length=1, max_length=255)
    title: str | None = None
    type: Literal["text", "integer", "number", "boolean", "datetime", "date", "json"] = "text"
    required: bool = False
    read_only: bool = False
    multiline: bool = False
    options: tuple[str, ...] | None = None

    @property
    def wire_name(self) -> str:
        """What the browser calls it: no field of a list has a point in its name."""
        return f"{self.field}.{self.name}"

    def definition(self) -> FieldDefinition:
        """The property as if it were a field of the list."""
        return FieldDefinition(
            type=self.type,
            title=self.title or self.name,
            required=self.required,
            options=self.options or None,
        )

    def value_in(self, row: Mapping[str, JsonValue]) -> JsonValue:
        """Its value in a row of the list; None where there is none."""
        held = row.get(self.field)
        return held.get(self.name) if isinstance(held, Mapping) else None


_PROPERTIES = TypeAdapter(tuple[Property, ...])


def read_properties(opening: Opening, list_name: str, source: str) -> tuple[Property, ...]:
    """The properties that an expression gives; `PageInvalid` where it gives something else."""
    value = opening.evaluate(source)
    try:
        found = _PROPERTIES.validate_python([] if value is None else value)
        for one in found:
            one.definition()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise PageInvalid(
            f"The expression {source!r} gives no properties: {where}: {first['msg']}.",
            hint="It gives an array of {field, name, title, type, required, options, read_only}.",
        ) from None
    if len(found) > _MOST:
        raise PageInvalid(f"A page shows at most {_MOST} properties, not {len(found)}.")
    for one in found:
        if opening.field(list_name, one.field).type != "json":
            raise PageInvalid(
                f"The field {one.field} of {list_name} has no properties: it is not of type json."
            )
    return tuple({one.wire_name: one for one in found}.values())
