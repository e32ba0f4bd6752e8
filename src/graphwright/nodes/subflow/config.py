"""Configuration of `subflow`."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition, VariableName
from graphwright.kernel.values import JsonValue


class Config(NodeDefinition):
    """Runs another flow as part of this one."""

    title_of_type: ClassVar[str] = "Sub-flow"

    type: Literal["subflow"]
    flow: str = Field(description="The flow to run.")
    inputs: dict[str, JsonValue] = Field(
        default_factory=dict, description="Values of its inputs; texts may hold {{ expressions }}."
    )
    result: VariableName | None = Field(
        default=None, description="The variable that gets the result of its `end` node."
    )

    def allows_exit(self, name: str) -> bool:  # noqa: ARG002
        """The sub-flow's end nodes name the exits."""
        return True

    def assigned(self) -> Iterator[str]:
        """The result's variable."""
        if self.result:
            yield self.result
