"""The definition of table pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphwright.flows.definition import ExpressionText
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import Condition, PageDefinition, UsedField


class TableColumn(BaseModel):
    """One column of a table."""

    model_config = ConfigDict(extra="forbid")

    field: FieldName = Field(description="The field of the list.")
    title: str | None = Field(default=None, description="The column's title; absent: the field's.")


class Config(PageDefinition):
    """A table of a list's rows, sorted, filtered and searched in the database."""

    title_of_type: ClassVar[str] = "Table"

    type: Literal["table"] = Field(description="The page's type.")
    list: ListName = Field(description="The list whose rows the table shows.")
    columns: tuple[FieldName | TableColumn, ...] | None = Field(
        default=None,
        min_length=1,
        description="The columns; absent: every field that is neither hidden nor sensitive.",
    )
    columns_from: ExpressionText | None = Field(
        default=None,
        description="An expression that gives further columns, of properties of json fields that "
        "only the data knows: an array of `{field, name, title, type}`.",
    )
    where: tuple[Condition, ...] = Field(
        default=(), description="Conditions that every shown row meets."
    )
    sort: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9_]*(:(asc|desc))?(,[a-z][a-z0-9_]*(:(asc|desc))?)*$",
        description="How the rows come at first: `start:desc,subject`.",
    )
    search: bool = Field(default=True, description="Whether the table offers a search box.")

    def used_fields(self) -> Iterator[UsedField]:
        """The columns, conditions and sort fields."""
        for index, column in enumerate(self.columns or ()):
            if isinstance(column, TableColumn):
                yield UsedField(
                    path=("columns", index, "field"), list=self.list, field=column.field
                )
            else:
                yield UsedField(path=("columns", index), list=self.list, field=column)
        for index, condition in enumerate(self.where):
            yield UsedField(path=("where", index, "field"), list=self.list, field=condition.field)
        for field, _ in self.sort_fields():
            yield UsedField(path=("sort",), list=self.list, field=field)

    def sort_fields(self) -> tuple[tuple[str, bool], ...]:
        """The sort as fields with whether they run downwards."""
        items = (item.partition(":") for item in (self.sort or "").split(",") if item)
        return tuple((name, direction == "desc") for name, _, direction in items)
