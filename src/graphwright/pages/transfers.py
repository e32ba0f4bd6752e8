"""What a page says of the contents of its files: the requests that read and store them. Sends none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphwright.http.definition import RequestDefinition
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.pages.opening import Opening


@dataclass(frozen=True)
class Download:
    """The request for a file's content, the values it is filled in with, and the file's name."""

    name: str
    get: RequestDefinition
    scope: Mapping[str, JsonValue] = field(repr=False)


@dataclass(frozen=True)
class Upload:
    """The requests that store a file: whole, and by an upload session."""

    put: RequestDefinition
    begin: RequestDefinition
    scope: Mapping[str, JsonValue] = field(repr=False)


class FilesType(Protocol):
    """What the module `view` of a page type with files offers besides."""

    def download(self, page: Any, row: JsonObject, opening: Opening) -> Download:
        """The request for the content of a row's file."""
        ...

    def upload(self, page: Any, name: str, opening: Opening) -> Upload:
        """The requests that store a file of that name."""
        ...
