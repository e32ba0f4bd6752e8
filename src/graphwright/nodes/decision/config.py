"""Configuration of `decision`."""

from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import ExpressionText, NodeDefinition


class Config(NodeDefinition):
    """Leaves by the first exit whose condition holds, else by `otherwise`."""

    exit_names: ClassVar[tuple[str, ...]] = ("otherwise", "error")
    title_of_type: ClassVar[str] = "Decision"

    type: Literal["decision"]
    cases: dict[str, ExpressionText] = Field(
        min_length=1, description="For each exit its condition, tried in this order."
    )

    def allows_exit(self, name: str) -> bool:
        """The cases are the exits."""
        return name in self.cases or name in self.exit_names
