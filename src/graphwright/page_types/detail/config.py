"""The definition of detail pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import ExpressionText
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import PageDefinition, UsedField


class Config(PageDefinition):
    """One row, field by field."""

    title_of_type: ClassVar[str] = "Detail"

    type: Literal["detail"] = Field(description="The page's type.")
    list: ListName = Field(description="The list of the row.")
    row: ExpressionText = Field(
        default="row", description="An expression that gives the row or its key."
    )
    fields: tuple[FieldName, ...] | None = Field(
        default=None,
        min_length=1,
        description="The fields to show; absent: every field that is neither hidden nor sensitive.",
    )

    def used_fields(self) -> Iterator[UsedField]:
        """The fields shown."""
        for index, field in enumerate(self.fields or ()):
            yield UsedField(path=("fields", index), list=self.list, field=field)
