"""The definition of `app.yaml`, and the application that a folder holds."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphwright.application.documents import Document
from graphwright.flows.definition import Access, FlowDefinition
from graphwright.imports.definition import ImportDefinition
from graphwright.lists.definition import ListDefinition
from graphwright.pages.definition import PageDefinition
from graphwright.profiles.definition import Profile

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class NavigationItem(BaseModel):
    """One entry of the portal's navigation."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=60, description="The entry's text.")
    flow: Name = Field(description="The regular flow it opens.")
    icon: str | None = Field(default=None, description="The name of its icon.")


class RoleDefinition(BaseModel):
    """A role and who has it."""

    model_config = ConfigDict(extra="forbid")

    description: str | None = Field(default=None, description="What the role is for.")
    users: list[str] = Field(
        default_factory=list, description="User principal names of the people who have it."
    )


class AppDefinition(BaseModel):
    """`app.yaml`: what the application is called, who signs in, and where it opens."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = Field(description="The version of the application model.")
    title: str = Field(min_length=1, max_length=100, description="The application's title.")
    description: str | None = Field(default=None, description="What the application is for.")
    sign_on: Name | None = Field(
        default=None, description="The profile whose users sign in to the portal."
    )
    home: Name = Field(description="The regular flow that `/` opens.")
    access: Access = Field(
        default="signed_in", description="Who may run a flow that does not say so itself."
    )
    roles: dict[Name, RoleDefinition] = Field(default_factory=dict, description="Roles by name.")
    runs: Access = Field(
        default="signed_in",
        description="Who sees the runs list; people see their own runs, roles see all.",
    )
    navigation: list[NavigationItem] = Field(
        default_factory=list, description="The portal's navigation, in this order."
    )


@dataclass
class Application:
    """An application as read from its folder. Definitions that could not be read are absent."""

    root: Path
    app: AppDefinition
    profiles: dict[str, Profile] = field(default_factory=dict)
    lists: dict[str, ListDefinition] = field(default_factory=dict)
    imports: dict[str, ImportDefinition] = field(default_factory=dict)
    flows: dict[str, FlowDefinition] = field(default_factory=dict)
    pages: dict[str, PageDefinition] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    def access_of(self, flow: FlowDefinition) -> Access:
        """Who may run the flow."""
        return flow.access if flow.access is not None else self.app.access
