"""The definition of a list, `lists/NAME.yaml`: typed fields, key, owner. Knows no SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from graphwright.kernel.errors import nearest
from graphwright.lists.errors import ListInvalid

FieldType = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "datetime",
    "zoned_datetime",
    "date",
    "duration",
    "json",
    "html",
    "reference",
    "file",
]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
# `__` separates a column's part (`start__zone`); PostgreSQL cuts names after 63 bytes.
NAME_PATTERN = r"^[a-z](?:_?[a-z0-9])*_?$"
NAME_LENGTH = 50
# Columns every PostgreSQL table has, and prefixes the databases keep for themselves.
RESERVED_FIELDS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
RESERVED_LIST_PREFIXES = ("sqlite_", "pg_")
_NO_KEY = frozenset({"json", "html", "file"})

ListName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=NAME_LENGTH)]
FieldName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=NAME_LENGTH)]


class FieldDefinition(BaseModel):
    """One field of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: FieldType = Field(description="What the values are, and how they are stored.")
    title: str | None = Field(None, description="What people see; the name where absent.")
    description: str | None = Field(None, description="A sentence for people who fill it in.")
    required: bool = Field(False, description="A row without a value is not accepted.")
    hidden: bool = Field(False, description="Pages do not show it unless they name it.")
    sensitive: bool = Field(
        False, description="Its values are never saved in a flow's state and never logged."
    )
    options: tuple[str, ...] | dict[str, str] | None = Field(
        None,
        description="The values a form offers for a text; as a mapping, each with what people see.",
    )
    list: ListName | None = Field(
        None, description="For a reference: the list whose row the value is the key of."
    )
    indexed: bool = Field(
        False, description="Keep an index: quicker filters and sorting, slower imports."
    )
    renamed_from: FieldName | None = Field(
        None, description="The name the field had before, so that its values stay."
    )

    def option_titles(self) -> dict[str, str]:
        """What people see of each value that a form offers; empty where it takes any."""
        if isinstance(self.options, dict):
            return self.options
        return {value: value for value in self.options or ()}

    @model_validator(mode="after")
    def _check(self) -> "FieldDefinition":
        if self.type == "reference" and self.list is None:
            raise ValueError("a reference needs `list`: the list it points into")
        if self.type != "reference" and self.list is not None:
            raise ValueError("`list` belongs to a field of type reference")
        if self.options is not None and self.type != "text":
            raise ValueError("`options` belong to a field of type text")
        if self.indexed and self.type in _NO_KEY:
            raise ValueError(f"a field of type {self.type} cannot be indexed")
        return self


class ListDefinition(BaseModel):
    """A named list of typed rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(None, description="What people see; the name where absent.")
    description: str | None = Field(None, description="What the rows are.")
    storage: Literal["database", "transient"] = Field(
        "database",
        description="database: a table. transient: rows live in the state of the flow.",
    )
    owner: Literal["user", "shared"] = Field(
        "user",
        description="user: everybody sees their own rows only. shared: all see all rows. A child "
        "list has its parent's.",
    )
    parent: ListName | None = Field(
        None, description="The list whose rows own these rows, such as the attendees of an event."
    )
    key: tuple[FieldName, ...] = Field(
        (),
        description="The fields that identify a row. Absent: a child row's position, else the "
        "row's whole content.",
    )
    fields: dict[FieldName, FieldDefinition] = Field(
        min_length=1, max_length=400, description="The fields, in the order people see them."
    )
    renamed_from: ListName | None = Field(
        None, description="The name the list had before, so that its rows stay."
    )

    @model_validator(mode="after")
    def _check(self) -> "ListDefinition":
        for name in self.key:
            if name not in self.fields:
                raise ValueError(f"the key names no field: {name}. {nearest(name, self.fields)}")
            if self.fields[name].type in _NO_KEY:
                raise ValueError(f"{name} is of type {self.fields[name].type} and cannot be a key")
        if len(set(self.key)) != len(self.key):
            raise ValueError("the key names a field twice")
        for name, field in self.fields.items():
            if name in RESERVED_FIELDS:
                raise ValueError(f"{name} is reserved: PostgreSQL has a column of this name")
            if field.renamed_from in self.fields:
                raise ValueError(f"{name}: renamed_from names {field.renamed_from}, which is there")
        return self

    @property
    def is_table(self) -> bool:
        """Whether the rows lie in a database table."""
        return self.storage == "database"


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A place where definitions do not fit together."""

    list: str
    path: tuple[str, ...]
    message: str
    hint: str = ""


def find_problems(definitions: Mapping[str, ListDefinition]) -> Iterator[ListProblem]:
    """What is wrong between the lists: parents, references, owners, old names."""
    for name, definition in definitions.items():
        if name.startswith(RESERVED_LIST_PREFIXES):
            yield ListProblem(name, (), f"The name {name} is reserved by the database.")
        yield from _parent_problems(name, definition, definitions)
        for field_name, field in definition.fields.items():
            if field.list is not None and field.list not in definitions:
                yield ListProblem(
                    name,
                    ("fields", field_name, "list"),
                    f"There is no list {field.list}.",
                    nearest(field.list, definitions),
                )
        if definition.renamed_from in definitions:
            yield ListProblem(
                name,
                ("renamed_from",),
                f"The list {definition.renamed_from} is still there.",
                "Remove renamed_from, or the old list.",
            )


def _parent_problems(
    name: str, definition: ListDefinition, definitions: Mapping[str, ListDefinition]
) -> Iterator[ListProblem]:
    if definition.parent is None:
        return
    if definition.parent not in definitions:
        yield ListProblem(
            name,
            ("parent",),
            f"There is no list {definition.parent}.",
            nearest(definition.parent, definitions),
        )
        return
    seen = {name}
    parent = definition.parent
    while parent in definitions:
        if parent in seen:
            yield ListProblem(name, ("parent",), f"The list {name} is its own ancestor.")
            return
        seen.add(parent)
        above = definitions[parent]
        if above.storage != definition.storage:
            yield ListProblem(
                name,
                ("storage",),
                f"A child list is stored as its parent {parent} is: {above.storage}.",
            )
        if above.parent is None:
            if "owner" in definition.model_fields_set and definition.owner != above.owner:
                yield ListProblem(
                    name, ("owner",), f"A child list has the owner of {parent}: {above.owner}."
                )
            return
        parent = above.parent


def check_lists(definitions: Mapping[str, ListDefinition]) -> None:
    """Raises `ListInvalid` for the first problem between the lists."""
    for problem in find_problems(definitions):
        raise ListInvalid(
            f"List {problem.list}: {problem.message}",
            hint=problem.hint,
            list=problem.list,
            path=list(problem.path),
        )


def root_of(name: str, definitions: Mapping[str, ListDefinition]) -> str:
    """The list at the top of a child list's parents, or the list itself."""
    parent = definitions[name].parent
    return name if parent is None else root_of(parent, definitions)
