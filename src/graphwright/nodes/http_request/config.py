"""Configuration of `http_request`."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from graphwright.flows.definition import NodeDefinition, VariableName
from graphwright.http.definition import RequestDefinition, check_template
from graphwright.kernel.values import JsonValue

_STATUS_EXIT = re.compile(r"^[1-5](\d\d|xx)$")


class Save(BaseModel):
    """How the body of a response is kept as a file."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(
        default=None,
        description="The file's name, which may hold {{ expressions }}; absent: as the server says.",
    )

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str | None) -> str | None:
        check_template(name)
        return name


class Config(NodeDefinition, RequestDefinition):
    """Sends one request; a token of the profile goes with it."""

    group: ClassVar[str] = "Microsoft 365"
    title_of_type: ClassVar[str] = "HTTP request"
    initial: ClassVar[Mapping[str, JsonValue]] = {
        "method": "GET",
        "url": "/me",
        "authentication": {"type": "oauth2", "profile": ""},
        "response": "response",
    }

    type: Literal["http_request"]
    response: VariableName | None = Field(
        default=None,
        description="The variable that gets the response: `status`, `headers`, `body`. The body of a "
        "paged collection is read page by page by import_data and loop.",
    )

    batch: bool | None = Field(
        default=None,
        description="In a loop with `parallel`: whether it may go to Graph together with those of other "
        "items, up to 20 in one request. Absent: where that is quicker, which is for GETs outside "
        "of mailboxes; `true` also where it writes or reads a mailbox; `false` never.",
    )

    save: Save | None = Field(
        default=None,
        description="Stores the body, of any size, as a file; the response's `body` is then "
        "`{file, name, size, type}`, for `body.file` and fields of type file.",
    )

    @model_validator(mode="after")
    def _check_save(self) -> Self:
        if self.save is not None and self.method != "GET":
            raise ValueError("only the response to a GET is saved")
        return self

    def allows_exit(self, name: str) -> bool:
        """`default`, `error`, a status (`404`) or a class (`4xx`)."""
        return name in self.exit_names or _STATUS_EXIT.match(name) is not None

    def assigned(self) -> Iterator[str]:
        """The response's variable."""
        if self.response:
            yield self.response
