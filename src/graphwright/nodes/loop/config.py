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
    parallel: int = Field(
        default=1,
        ge=1,
        le=64,
        description="How many items are under way at once. With more than one each item is on its "
        "own: what it sets is not seen by the others, nor behind the loop.",
    )
    failures: Literal["stop", "go_on"] = Field(
        default="stop",
        description="What an error does that no exit of the body takes: `stop` leaves by `error` "
        "when the items under way have ended; `go_on` counts it and goes on, each item on its own.",
    )
    result: VariableName | None = Field(
        default=None,
        description="The variable that gets `{items, failed, reasons}` at `done`: how many items "
        "there were, how many failed, and of the first 20 of them `item` (its number) and the error.",
    )

    @property
    def branches(self) -> bool:
        """Whether each item is on its own."""
        return self.parallel > 1 or self.failures == "go_on"

    def assigned(self) -> Iterator[str]:
        """The variables of the item and of the result."""
        yield self.item
        if self.result:
            yield self.result
