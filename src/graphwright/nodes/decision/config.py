"""Configuration of `decision`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import ExpressionText, NodeDefinition
from graphwright.kernel.values import JsonValue


class Config(NodeDefinition):
    """Leaves by the first exit whose condition holds, else by `otherwise`."""

    exit_names: ClassVar[tuple[str, ...]] = ("otherwise", "error")
    title_of_type: ClassVar[str] = "Decision"
    initial: ClassVar[Mapping[str, JsonValue]] = {"cases": {"yes": "true"}}

    type: Literal["decision"]
    cases: dict[str, ExpressionText] = Field(
        min_length=1, description="For each exit its condition, tried in this order."
    )

    def allows_exit(self, name: str) -> bool:
        """The cases are the exits."""
        return name in self.cases or name in self.exit_names
