"""Configuration of `loop`."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import ExpressionText, NodeDefinition, VariableName
from graphwright.kernel.values import JsonValue


class Config(NodeDefinition):
    """Leaves by `each` for every item and by `done` behind the last one."""

    exit_names: ClassVar[tuple[str, ...]] = ("each", "done", "error")
    title_of_type: ClassVar[str] = "Loop"
    initial: ClassVar[Mapping[str, JsonValue]] = {"items": "response.body"}

    type: Literal["loop"]
    items: ExpressionText = Field(
        description="The items: an array, or a response's body, which is read page by page."
    )
    item: VariableName = Field(default="item", description="The variable that holds the item.")

    def assigned(self) -> Iterator[str]:
        """The item's variable."""
        yield self.item
