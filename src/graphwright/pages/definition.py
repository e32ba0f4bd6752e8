"""The base of every page's definition; each page type adds its own fields.

Knows nothing of how a page type draws or reads its rows.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from graphwright.flows.definition import NodeName
from graphwright.kernel.registry import Registry
from graphwright.kernel.values import JsonValue
from graphwright.lists.definition import FieldName, ListName
from graphwright.lists.query import Operator

PAGE_TYPES = Registry("graphwright.page_types", "graphwright.page_types")

# A text with `{{ expressions }}`; the check compiles every field annotated with it.
TemplateText = Annotated[str, Field(json_schema_extra={"format": "template"})]


class Action(BaseModel):
    """A button; its name is an exit of the page node."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200, description="The button's text.")
    icon: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9_]*$", description="The name of the button's icon."
    )
    on: Literal["page", "row"] = Field(
        default="page", description="Whether it is for the whole page or for one row."
    )
    confirm: TemplateText | None = Field(
        default=None,
        description="A question to ask first; may hold {{ row.field }} for an action on a row.",
    )
    appearance: Literal["default", "primary", "subtle", "danger"] = Field(
        default="default", description="How the button stands out."
    )


class Condition(BaseModel):
    """A condition that every row of the page meets."""

    model_config = ConfigDict(extra="forbid")

    field: FieldName = Field(description="The field of the list.")
    op: Operator = Field(default="eq", description="How the field is compared.")
    value: JsonValue = Field(
        default=None, description="The value; text may hold {{ expressions }}."
    )


class UsedField(BaseModel):
    """A field of a list that a definition names, and where it names it."""

    model_config = ConfigDict(frozen=True)

    path: tuple[str | int, ...]
    list: str
    field: str


class PageDefinition(BaseModel):
    """What every page has."""

    model_config = ConfigDict(extra="forbid")

    # Events of a page of this type that are exits of its node, besides its actions.
    exit_names: ClassVar[tuple[str, ...]] = ()
    # Those of them that are about a row and carry it, as an action on a row does.
    row_exits: ClassVar[tuple[str, ...]] = ()
    title_of_type: ClassVar[str] = ""

    type: str = Field(description="The page's type.")
    title: TemplateText = Field(min_length=1, max_length=200, description="The page's title.")
    description: TemplateText | None = Field(
        default=None, max_length=1000, description="A sentence under the title."
    )
    notice: TemplateText | None = Field(
        default=None,
        max_length=1000,
        description="A message over the page, such as `{{ problem }}`; nothing where it is empty.",
    )
    list: ListName | None = Field(default=None, description="The list whose rows the page shows.")
    actions: dict[NodeName, Action] = Field(
        default_factory=dict, description="Buttons; each name is an exit of the page node."
    )

    @model_validator(mode="after")
    def _check_actions(self) -> Self:
        for name in self.actions:
            if name in self.exit_names:
                raise PydanticCustomError(
                    "reserved_action",
                    "The action {name} has the name of an event of this page type.",
                    {"name": name},
                )
        return self

    @classmethod
    def read(cls, raw: object) -> "PageDefinition":
        """The page of a parsed YAML document as its type's model; ValidationError with all problems."""
        return PAGE_TYPES.read(raw, PageDefinition)

    def exits(self) -> tuple[str, ...]:
        """Every exit the page can take: its type's events, then its actions."""
        return (*self.exit_names, *self.actions)

    def allows_exit(self, name: str) -> bool:
        """Whether the page can leave by an exit of that name."""
        return name in self.exits()

    def lists(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """The lists the page names, each with the place of the name."""
        if self.list is not None:
            yield ("list",), self.list

    def used_fields(self) -> Iterator[UsedField]:
        """The fields of lists that the page names."""
        return iter(())

    def profiles(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """The authorization profiles the page names, each with the place of the name."""
        return iter(())


def list_fields(
    place: str, list_name: str | None, names: dict[str, str | None]
) -> Iterator[UsedField]:
    """The fields named by a mapping under `place`."""
    for key, field in names.items():
        if list_name is not None and field is not None:
            yield UsedField(path=(place, key), list=list_name, field=field)
