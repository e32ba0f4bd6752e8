"""Configuration of `authenticate`."""

from typing import ClassVar, Literal

from pydantic import Field

from graphwright.flows.definition import NodeDefinition


class Config(NodeDefinition):
    """Gets (or gives back) the authorization of a profile."""

    exit_names: ClassVar[tuple[str, ...]] = ("authenticated", "not_authenticated", "error")
    group: ClassVar[str] = "Microsoft 365"
    title_of_type: ClassVar[str] = "Authenticate"

    type: Literal["authenticate"]
    profile: str = Field(description="The authorization profile.")
    action: Literal["sign_on", "sign_out"] = Field(
        default="sign_on",
        description="`sign_on` gets the authorization, asking the user where it must; `sign_out` "
        "removes the user's tokens of this profile.",
    )
