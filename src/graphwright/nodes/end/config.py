"""Configuration of `end`."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition
from graphwright.kernel.values import JsonValue


class Config(NodeDefinition):
    """Ends the flow."""

    exit_names: ClassVar[tuple[str, ...]] = ()
    title_of_type: ClassVar[str] = "End"
    initial: ClassVar[Mapping[str, JsonValue]] = {"heading": "Done"}

    type: Literal["end"]
    heading: str | None = Field(default=None, description="What the user sees as heading.")
    message: str | None = Field(
        default=None, description="What the user sees; may hold {{ expressions }}."
    )
    tone: Literal["success", "info", "error"] = Field(
        default="success", description="How the message looks."
    )
    exit: str = Field(
        default="default", description="In a sub-flow: the exit its caller goes on at."
    )
    result: JsonValue = Field(
        default=None, description="What the flow gives back; texts may hold {{ expressions }}."
    )
