"""The definition of message pages."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graphwright.flows.definition import ExpressionText
from graphwright.lists.definition import FieldName, ListName
from graphwright.pages.definition import Condition, PageDefinition, UsedField, list_fields


class MessageFields(BaseModel):
    """Which fields of the list are what of a message."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: FieldName = Field(alias="from", description="Whom it is from.")
    subject: FieldName = Field(description="Its subject.")
    body: FieldName = Field(description="Its text: a field of the type html or text.")
    received: FieldName = Field(description="When it came.")
    preview: FieldName | None = Field(default=None, description="The first words of its text.")
    to: FieldName | None = Field(default=None, description="Whom it is to.")
    cc: FieldName | None = Field(default=None, description="Who got a copy.")
    read: FieldName | None = Field(default=None, description="Whether it was read: a boolean.")
    unread: FieldName | None = Field(default=None, description="Whether it is unread: a boolean.")
    has_attachments: FieldName | None = Field(
        default=None, description="Whether it has attachments: a boolean."
    )
    folder: FieldName | None = Field(
        default=None, description="The key of the folder it lies in, to show one folder at a time."
    )

    @model_validator(mode="after")
    def _check_read(self) -> "MessageFields":
        if self.read and self.unread:
            raise ValueError("name either read or unread, not both")
        return self


class Folders(BaseModel):
    """The folders beside the messages."""

    model_config = ConfigDict(extra="forbid")

    list: ListName = Field(description="The list of the folders.")
    title: FieldName = Field(description="The folder's name.")
    unread: FieldName | None = Field(default=None, description="How many unread messages it has.")
    total: FieldName | None = Field(default=None, description="How many messages it has.")
    sort: FieldName | None = Field(
        default=None, description="The field folders are sorted by; absent: the title."
    )


class Config(PageDefinition):
    """Messages with a reading pane; choosing a folder takes the exit `folder_changed` if connected."""

    title_of_type: ClassVar[str] = "Messages"
    exit_names: ClassVar[tuple[str, ...]] = ("folder_changed",)

    type: Literal["message"] = Field(description="The page's type.")
    list: ListName = Field(description="The list of the messages.")
    fields: MessageFields = Field(description="Which fields are what of a message.")
    folders: Folders | None = Field(default=None, description="The folders beside the messages.")
    folder: ExpressionText | None = Field(
        default=None, description="An expression that gives the key of the folder shown at first."
    )
    where: tuple[Condition, ...] = Field(
        default=(), description="Conditions that every shown message meets."
    )

    def lists(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """The lists of messages and folders."""
        yield from super().lists()
        if self.folders is not None:
            yield ("folders", "list"), self.folders.list

    def used_fields(self) -> Iterator[UsedField]:
        """The fields of messages, folders and conditions."""
        yield from list_fields("fields", self.list, self.fields.model_dump(by_alias=True))
        if self.folders is not None:
            names = self.folders.model_dump(exclude={"list"})
            yield from list_fields("folders", self.folders.list, names)
        for index, condition in enumerate(self.where):
            yield UsedField(path=("where", index, "field"), list=self.list, field=condition.field)
