"""The definition of form pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphwright.flows.definition import ExpressionText
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import PageDefinition, TemplateText, UsedField


class FormField(BaseModel):
    """One field of a form."""

    model_config = ConfigDict(extra="forbid")

    field: FieldName = Field(description="The field of the list.")
    title: str | None = Field(default=None, description="Its label; absent: the list's.")
    description: str | None = Field(default=None, description="A hint under it.")
    required: bool | None = Field(
        default=None, description="Whether it must be filled in; absent: as the list says."
    )
    read_only: bool = Field(default=False, description="Whether it is only shown.")
    multiline: bool | None = Field(
        default=None, description="Whether it takes several lines; absent: html and json do."
    )
    default: ExpressionText | None = Field(
        default=None, description="An expression for the value of a new row."
    )


class FormRule(BaseModel):
    """A condition between the values of a form."""

    model_config = ConfigDict(extra="forbid")

    check: ExpressionText = Field(
        description="An expression over the values, such as `start.dateTime < end.dateTime`."
    )
    message: str = Field(min_length=1, description="What is said where it is not true.")
    field: FieldName = Field(description="The field the message stands at.")


class Submit(BaseModel):
    """The button that sends the form."""

    model_config = ConfigDict(extra="forbid")

    title: TemplateText = Field(
        default="Save", min_length=1, max_length=60, description="The button's text."
    )


class Config(PageDefinition):
    """A form over a list's fields; `submit` hands the checked values to the flow."""

    title_of_type: ClassVar[str] = "Form"
    exit_names: ClassVar[tuple[str, ...]] = ("submit", "cancel")

    type: Literal["form"] = Field(description="The page's type.")
    list: ListName = Field(description="The list whose types the values have.")
    row: ExpressionText | None = Field(
        default=None,
        description="An expression that gives the row to change, or its key; absent or null: a new row.",
    )
    fields: tuple[FieldName | FormField, ...] | None = Field(
        default=None,
        min_length=1,
        description="The fields; absent: every field that is neither hidden nor sensitive.",
    )
    fields_from: ExpressionText | None = Field(
        default=None,
        description="An expression that gives further fields, for properties of json fields that "
        "only the data knows: an array of `{field, name, title, type, required, options, "
        "read_only, multiline}`. The values of a json field come as one object.",
    )
    rules: tuple[FormRule, ...] = Field(default=(), description="Conditions between the values.")
    submit: Submit = Field(default=Submit(), description="The button that sends the form.")
    cancel: bool = Field(default=True, description="Whether there is a cancel button.")

    def used_fields(self) -> Iterator[UsedField]:
        """The fields and those of the rules."""
        for index, item in enumerate(self.fields or ()):
            if isinstance(item, FormField):
                yield UsedField(path=("fields", index, "field"), list=self.list, field=item.field)
            else:
                yield UsedField(path=("fields", index), list=self.list, field=item)
        for index, rule in enumerate(self.rules):
            yield UsedField(path=("rules", index, "field"), list=self.list, field=rule.field)
