"""Trying requests out: requests, responses, the library, permissions, code."""

from typing import Literal

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Body, Json


class TryRequest(Body):
    """`POST /api/tries`: sends a request of the model once."""

    request: Json = Field(
        description="As in an http_request node: method, url, query, headers, body, authentication, api."
    )
    values: dict[str, Json] = Field(
        default_factory=dict, description="Values of the variables its expressions read."
    )
    account: str | None = Field(
        default=None, description="Id of the account that a user's profile sends as."
    )
    confirmed: bool = Field(
        default=False,
        description="A write is sent only where this is true: else 409 confirmationNeeded.",
    )
    flow: str | None = Field(
        default=None, max_length=60, description="Where it stands in the model; for the history."
    )
    node: str | None = Field(default=None, max_length=60)


class TreeNode(Answer):
    """One value of a JSON document, for a tree that is opened level by level."""

    key: str | int | None = Field(description="null for the document itself.")
    pointer: str = Field(description="JSON pointer (RFC 6901).")
    path: str | None = Field(description="As an expression; array items without index.")
    kind: Literal["object", "array", "text", "number", "boolean", "null"]
    value: Json = Field(default=None, description="Of scalars; long texts are cut.")
    cut: bool = False
    count: int | None = Field(default=None, description="Of objects and arrays.")


class Tree(Answer):
    """`GET /api/examples/{id}/tree?pointer&offset&limit`: a value and (a part of) its children."""

    node: TreeNode
    children: list[TreeNode]
    total: int
    offset: int


class TryWire(Answer):
    """What a try came to; `error` where no usable answer came."""

    id: str
    at: str
    method: str
    url: str = Field(description="As sent.")
    request_headers: dict[str, str] = Field(description="Authorization is masked.")
    sent_as: str | None = Field(description="User name, or the application; null: nobody.")
    status: int | None
    milliseconds: float
    size: int
    headers: dict[str, str]
    example: str | None = Field(description="Id of the body for `/api/examples`; null: none.")
    text: str | None = Field(
        default=None, description="Of a body that is no JSON; cut at 100,000 characters."
    )
    binary: bool = False
    collection: bool = False
    items: int | None = Field(default=None, description="Items so far, of a collection.")
    pages: int = 1
    more: bool = Field(
        default=False, description="`POST /api/tries/{id}/next` reads the next page."
    )
    retries: int = 0
    error: Json = Field(default=None, description="{code, message, hint, request_id, status, ...}")
    flow: str | None = None
    node: str | None = None


class TryHistory(Answer):
    """`GET /api/tries`, newest first; bodies are kept in memory only."""

    tries: list[TryWire]


class LibraryRequest(Answer):
    """A ready request."""

    id: str
    title: str
    workload: str
    request: Json = Field(description="As in an http_request node.")
    collection: bool
    delegated: list[str] = Field(description="Least permissions, as a user.")
    application: list[str] = Field(description="As the application; empty: not possible.")
    docs: str = Field(description="Microsoft's page.")
    range: bool = Field(
        default=False, description="Its start and end are bound to `range.start` and `range.end`."
    )
    import_name: str | None = Field(default=None, description="A good name for what it gives.")


class Library(Answer):
    """`GET /api/library`."""

    requests: list[LibraryRequest]


class PermissionQuestion(Body):
    """`POST /api/permissions`."""

    profile: str = Field(max_length=60)
    method: str = Field(max_length=10)
    url: str = Field(max_length=8000)
    account: str | None = Field(
        default=None, max_length=64, description="Whose grant is looked at, where it is known."
    )


class PermissionAnswer(Answer):
    """Whether a profile's requests may be sent."""

    known: bool
    needed: list[str]
    missing: list[str]
    message: str = Field(
        description="Such as: this profile lacks Calendars.Read. Empty: all is well."
    )
    warning: str = ""


class Paths(Answer):
    """`GET /api/paths?prefix&method`: completions of a Graph path."""

    paths: list[str]


class CodeQuestion(Body):
    """`POST /api/code`."""

    request: Json
    values: dict[str, Json] = Field(default_factory=dict)


class CodeAnswer(Answer):
    """A request as code; the token is a placeholder."""

    curl: str
    python: str
    command: str
