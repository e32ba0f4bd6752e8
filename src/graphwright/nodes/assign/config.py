"""Configuration of `assign`."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition, VariableName
from graphwright.kernel.values import JsonValue


class Config(NodeDefinition):
    """Sets variables of the flow."""

    title_of_type: ClassVar[str] = "Assign"
    initial: ClassVar[Mapping[str, JsonValue]] = {"set": {"value": ""}}

    type: Literal["assign"]
    set: dict[VariableName, JsonValue] = Field(
        min_length=1,
        description="For each variable its value: any JSON, texts may hold {{ expressions }}.",
    )

    def assigned(self) -> Iterator[str]:
        """The variables set."""
        yield from self.set
