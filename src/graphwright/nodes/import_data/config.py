"""Configuration of `import_data`."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graphwright.flows.definition import ExpressionText, NodeDefinition, VariableName
from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import FieldName


class Within(BaseModel):
    """A stretch of time that the response covers whole: what did not come in it is gone."""

    model_config = ConfigDict(extra="forbid")

    from_field: str = Field(description="The field that says when a row begins.")
    to_field: str = Field(description="The field that says when a row ends.")
    start: ExpressionText = Field(description="Where the stretch begins: an instant.")
    end: ExpressionText = Field(description="Where it ends: an instant, exclusive.")


class Config(NodeDefinition):
    """Writes the items of a response into a list, by an import."""

    group: ClassVar[str] = "Data"
    title_of_type: ClassVar[str] = "Import data"
    initial: ClassVar[Mapping[str, JsonValue]] = {"from": "response.body"}

    type: Literal["import_data"]
    import_: str = Field(alias="import", description="The import that maps items to rows.")
    from_: ExpressionText = Field(
        alias="from",
        description="What is imported, such as `response.body`. A paged collection is read page by "
        "page, whatever its size.",
    )
    mode: Literal["upsert", "replace"] = Field(
        default="upsert",
        description="`upsert` adds and changes rows. `replace` also deletes rows that this request "
        "brought before and does not bring any more.",
    )
    within: Within | None = Field(
        default=None,
        description="With `replace`: rows in this stretch of time that did not come are deleted, "
        "whichever request brought them.",
    )
    set: dict[FieldName, JsonValue] = Field(
        default_factory=dict,
        description="Fields that have the same value in every row: any JSON, texts may hold "
        "{{ expressions }}. For what the items do not say themselves, such as whose members they are.",
    )
    result: VariableName | None = Field(
        default=None,
        description="The variable that gets the report: inserted, updated, unchanged, deleted, "
        "skipped, reasons; for a transient list its rows.",
    )

    @model_validator(mode="after")
    def _check_within(self) -> Self:
        if self.within is not None and self.mode != "replace":
            raise ValueError("within needs mode: replace")
        return self

    def assigned(self) -> Iterator[str]:
        """The report's variable."""
        if self.result:
            yield self.result
