"""Configuration of `note`."""

from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition


class Config(NodeDefinition):
    """A remark on the canvas; it is never run."""

    exit_names: ClassVar[tuple[str, ...]] = ("default",)
    group: ClassVar[str] = "Canvas"
    title_of_type: ClassVar[str] = "Note"

    type: Literal["note"]
    text: str = Field(description="The remark, Markdown.")
