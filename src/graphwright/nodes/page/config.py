"""Configuration of `page`."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition, VariableName


class Config(NodeDefinition):
    """Shows a page; its buttons and events are the exits of this node."""

    exit_names: ClassVar[tuple[str, ...]] = ()
    group: ClassVar[str] = "User"
    title_of_type: ClassVar[str] = "Page"

    type: Literal["page"]
    page: str = Field(description="The page of the folder `pages`.")
    outputs: dict[str, VariableName] = Field(
        default_factory=dict,
        description="For each exit that carries data (a form's values, a row, a range) the variable "
        "that gets it.",
    )

    def allows_exit(self, name: str) -> bool:  # noqa: ARG002
        """The page decides which exits there are; the check compares them with it."""
        return True

    def assigned(self) -> Iterator[str]:
        """The variables of the outputs."""
        yield from self.outputs.values()
