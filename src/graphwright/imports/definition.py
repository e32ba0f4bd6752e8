"""The definition of an import, `imports/NAME.yaml`: which parts of a JSON item become which fields.

Knows no list's types and no SQL.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import FieldName, ListName

ExpressionText = Annotated[str, Field(json_schema_extra={"format": "jsonata"})]
DEFAULT_ETAG = "`@odata.etag`"


class ChildImport(BaseModel):
    """Which nested items become the rows of a child list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: ExpressionText = Field(description="Where in the parent item the child items are.")
    fields: dict[FieldName, ExpressionText] = Field(
        min_length=1, description="For each field, where its value is in the child item."
    )
    children: dict[ListName, "ChildImport"] = Field(
        default_factory=dict, description="Child lists of this child list."
    )


class ImportDefinition(BaseModel):
    """How JSON (or CSV) becomes the rows of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    list: ListName = Field(description="The list whose rows are written.")
    items: ExpressionText | None = Field(
        None,
        description="Where the items are in a document. Absent: `value` of an object that has it, "
        "else the document.",
    )
    key: tuple[ExpressionText, ...] | None = Field(
        None,
        min_length=1,
        description="Where the key is in an item. Absent: the list's key fields are the key.",
    )
    fields: dict[FieldName, ExpressionText] = Field(
        min_length=1, description="For each field, where its value is in the item."
    )
    children: dict[ListName, ChildImport] = Field(
        default_factory=dict, description="Nested items that become rows of child lists."
    )
    etag: ExpressionText | None = Field(
        DEFAULT_ETAG, description="Where the item's version is, sent back as If-Match."
    )
    unexpected: Literal["ignore", "keep", "skip_row", "fail"] = Field(
        "ignore",
        description="What to do with properties that nothing here reads. keep: in the column "
        "`_extra`. OData annotations are never a reason to skip or fail.",
    )
    missing: Literal["null", "skip_row", "fail"] = Field(
        "null",
        description="What to do where a property is missing. A key or required field that is "
        "missing or null always skips the row, or fails.",
    )
    mistyped: Literal["null", "skip_row", "fail"] = Field(
        "skip_row", description="What to do where a value does not fit its field's type."
    )
    share: bool = Field(
        False, description="true: what a user may see may go into a list that all see."
    )

    def with_values(self, values: Mapping[str, JsonValue]) -> "ImportDefinition":
        """The same import, where these fields have these values in every row."""
        # A JSON value is an expression that gives itself.
        fixed = {name: json.dumps(value) for name, value in values.items()}
        return self.model_copy(update={"fields": {**self.fields, **fixed}}) if fixed else self
