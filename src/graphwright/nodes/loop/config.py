"""Configuration of `loop`."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import ExpressionText, NodeDefinition, VariableName


class Config(NodeDefinition):
    """Leaves by `each` for every item and by `done` behind the last one."""

    exit_names: ClassVar[tuple[str, ...]] = ("each", "done", "error")
    title_of_type: ClassVar[str] = "Loop"

    type: Literal["loop"]
    items: ExpressionText = Field(
        description="The items: an array, or a response's body, which is read page by page."
    )
    item: VariableName = Field(default="item", description="The variable that holds the item.")

    def assigned(self) -> Iterator[str]:
        """The item's variable."""
        yield self.item
