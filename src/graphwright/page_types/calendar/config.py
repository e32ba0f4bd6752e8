"""The definition of calendar pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphwright.flows.definition import ExpressionText
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import Condition, PageDefinition, UsedField, list_fields


class CalendarFields(BaseModel):
    """Which fields of the list are what of an event."""

    model_config = ConfigDict(extra="forbid")

    title: FieldName = Field(description="The event's title.")
    start: FieldName = Field(description="When it starts: a zoned_datetime, datetime or date.")
    end: FieldName | None = Field(default=None, description="When it ends (exclusive).")
    all_day: FieldName | None = Field(default=None, description="Whether it takes whole days.")
    location: FieldName | None = Field(default=None, description="Where it is.")
    category: FieldName | None = Field(default=None, description="What it is coloured by.")


class Config(PageDefinition):
    """Events in days, weeks and months; moving to another range takes the exit `range_changed`."""

    title_of_type: ClassVar[str] = "Calendar"
    exit_names: ClassVar[tuple[str, ...]] = ("range_changed",)

    type: Literal["calendar"] = Field(description="The page's type.")
    list: ListName = Field(description="The list of the events.")
    fields: CalendarFields = Field(description="Which fields are what of an event.")
    range: ExpressionText = Field(
        default="range", description="An expression that gives {start, end}, two instants."
    )
    mode: Literal["day", "work_week", "week", "month"] = Field(
        default="week", description="What the calendar shows at first."
    )
    where: tuple[Condition, ...] = Field(
        default=(), description="Conditions that every shown event meets."
    )

    def used_fields(self) -> Iterator[UsedField]:
        """The fields of an event and of the conditions."""
        yield from list_fields("fields", self.list, self.fields.model_dump())
        for index, condition in enumerate(self.where):
            yield UsedField(path=("where", index, "field"), list=self.list, field=condition.field)
