"""Configuration of `export_data`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graphwright.flows.definition import NodeDefinition, VariableName
from graphwright.kernel.values import JsonValue
from graphwright.lists.query import Operator


class ExportFilter(BaseModel):
    """One condition on the rows."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="The field of the list.")
    op: Operator = Field(default="eq", description="How the value is compared.")
    value: JsonValue = Field(default=None, description="The value; may be an {{ expression }}.")


class Config(NodeDefinition):
    """Writes rows of a list into a file, or into a variable."""

    group: ClassVar[str] = "Data"
    title_of_type: ClassVar[str] = "Export data"
    initial: ClassVar[Mapping[str, JsonValue]] = {"result": "rows"}

    type: Literal["export_data"]
    list: str = Field(description="The list whose rows are exported; only rows the user may see.")
    format: Literal["json", "csv"] = Field(default="json", description="The format.")
    filters: Sequence[ExportFilter] = Field(default=(), description="Which rows.")
    sort: str = Field(default="", description="Sort by: field or field:desc, several by commas.")
    file: str | None = Field(
        default=None,
        description="A file name below the data folder's `exports`; may hold {{ expressions }}.",
    )
    result: VariableName | None = Field(
        default=None,
        description="The variable that gets the rows (json) or the text (csv); at most 10,000 rows.",
    )

    @model_validator(mode="after")
    def _check_target(self) -> Self:
        if (self.file is None) == (self.result is None):
            raise ValueError("name either a file or a result variable")
        return self

    def assigned(self) -> Iterator[str]:
        """The result's variable."""
        if self.result:
            yield self.result
