"""The definition of files pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from graphwright.flows.definition import ExpressionText
from graphwright.http.url import parse_url
from graphwright.kernel.errors import GraphwrightError
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import (
    Condition,
    PageDefinition,
    TemplateText,
    UsedField,
    list_fields,
)


class FileFields(BaseModel):
    """Which fields of the list are what of a file."""

    model_config = ConfigDict(extra="forbid")

    name: FieldName = Field(description="The name of the file or folder.")
    folder: FieldName = Field(description="Whether it is a folder: a boolean.")
    size: FieldName | None = Field(default=None, description="Its size in bytes.")
    modified: FieldName | None = Field(default=None, description="When it was changed last.")


class Contents(BaseModel):
    """Where the contents of files lie: endpoints of a profile's Graph."""

    model_config = ConfigDict(extra="forbid")

    profile: str = Field(description="The authorization profile whose token is sent.")
    download: TemplateText = Field(
        description="The content of the file `row`: /drives/{{ row.drive }}/items/{{ row.id }}/content."
    )
    upload: TemplateText | None = Field(
        default=None,
        description="A file of the folder that is shown, by its name; `row` has the name and nothing "
        'else: "/drives/{{ drive.id }}/items/{{ folder.id }}:/{{ row.name }}:". Absent: no uploads.',
    )
    existing: Literal["rename", "replace", "fail"] = Field(
        default="rename", description="What an upload does where a file of that name is there."
    )

    @field_validator("download", "upload")
    @classmethod
    def _check_url(cls, text: str | None) -> str | None:
        if text is not None:
            if not text.startswith("/"):
                raise ValueError("write an endpoint of the profile's Graph: /drives/…")
            if "?" in text:
                raise ValueError("leave the query out")
            try:
                parse_url(text)
            except GraphwrightError as error:
                raise ValueError(error.message) from error
        return text


class Config(PageDefinition):
    """Folders and files, to download and upload; opening a folder takes the exit `open_folder`."""

    title_of_type: ClassVar[str] = "Files"
    exit_names: ClassVar[tuple[str, ...]] = ("open_folder", "go_to", "uploaded")
    row_exits: ClassVar[tuple[str, ...]] = ("open_folder",)

    type: Literal["files"] = Field(description="The page's type.")
    list: ListName = Field(description="The list of the files and folders.")
    fields: FileFields = Field(description="Which fields are what of a file.")
    contents: Contents = Field(description="Where the contents of the files lie.")
    path: ExpressionText | None = Field(
        default=None,
        description="An expression that gives the folders above, outermost first and the shown one "
        "last: an array of objects with a `name`.",
    )
    where: tuple[Condition, ...] = Field(
        default=(), description="Conditions that every shown file meets."
    )

    def used_fields(self) -> Iterator[UsedField]:
        """The fields of a file and of the conditions."""
        yield from list_fields("fields", self.list, self.fields.model_dump())
        for index, condition in enumerate(self.where):
            yield UsedField(path=("where", index, "field"), list=self.list, field=condition.field)

    def profiles(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """The profile of the contents."""
        yield ("contents", "profile"), self.contents.profile
