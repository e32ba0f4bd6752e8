"""The definition of a request, as it stands in the model; knows nothing of sending it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from graphwright.expressions import compile_template
from graphwright.http.url import parse_url
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.values import JsonValue

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Scalar = str | bool | int | float | None
QueryValue = Scalar | list[Scalar]

_TOKEN = re.compile(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
# Set by the client itself, or a way round `authentication`.
_OWN_HEADERS = frozenset(
    "authorization connection content-length cookie expect host keep-alive proxy-authorization te "
    "trailer transfer-encoding upgrade accept-encoding client-request-id".split()
)
JSON_TYPE = re.compile(r"^(application|text)/([\w.+-]*\+)?json\b", re.IGNORECASE)


class SecretName(BaseModel):
    """A secret, by name: its value stands in the environment, `.env` or the secret store."""

    model_config = ConfigDict(extra="forbid")

    secret: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]*$", description="The name of the secret, never its value."
    )


class OAuth2Authentication(BaseModel):
    """A token of an authorization profile."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["oauth2"] = Field(description="Sends a token of an authorization profile.")
    profile: str = Field(description="The authorization profile whose token is sent.")


class NoAuthentication(BaseModel):
    """No authentication."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["none"] = Field(description="Sends the request without authentication.")


class BasicAuthentication(BaseModel):
    """A user name and a password."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["basic"] = Field(description="Sends a user name and a password (RFC 7617).")
    username: str = Field(
        pattern=r"^[^:\x00-\x1f\x7f]+$", description="The user name; it cannot hold a colon."
    )
    password: SecretName = Field(description="The password: the name of a secret.")


class CertificateAuthentication(BaseModel):
    """A client certificate."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["client_certificate"] = Field(
        description="Proves who calls by a client certificate (TLS); only over https."
    )
    certificate: SecretName = Field(
        description="The name of a secret: the certificate, its chain and its private key as PEM "
        "text, or that in base64."
    )
    passphrase: SecretName | None = Field(
        default=None, description="The passphrase of the private key: the name of a secret."
    )


AnyAuthentication = Annotated[
    OAuth2Authentication | NoAuthentication | BasicAuthentication | CertificateAuthentication,
    Field(discriminator="type"),
]


class RequestBody(BaseModel):
    """What a request sends: exactly one of `json`, `form`, `text` and `file`."""

    # The names of the model are the YAML's; BaseModel's own `json` forbids that name in Python.
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    json_tree: JsonValue = Field(
        default=None,
        alias="json",
        description="A JSON tree; its texts may hold {{ expressions }}. A lone one keeps its type.",
    )
    form: dict[str, QueryValue] | None = Field(
        default=None,
        description="Fields of a form (application/x-www-form-urlencoded); null leaves one out.",
    )
    text: str | None = Field(
        default=None, description="A text, which may hold {{ expressions }}; needs `content_type`."
    )
    file: str | None = Field(
        default=None,
        description="A file that a request has saved, such as {{ photo.body }}. Large contents of drive "
        "items and attachments of messages and events go by an upload session.",
    )
    content_type: str | None = Field(
        default=None,
        pattern=r"^[\w.+-]+/[\w.+-]+(;[ \t]*[\w.-]+=[\w.-]+)*$",
        description="The media type of `text`, such as text/plain; of `json` "
        "and `file` where it is another.",
    )

    @property
    def kind(self) -> Literal["json", "form", "text", "file"]:
        """Which of the four it is."""
        if self.file is not None:
            return "file"
        if self.form is not None:
            return "form"
        return "text" if self.text is not None else "json"

    @model_validator(mode="after")
    def _check_one_kind(self) -> Self:
        given = self.model_fields_set & {"json_tree", "form", "text", "file"}
        if len(given) != 1:
            raise ValueError("a body has exactly one of json, form, text and file")
        if self.kind == "text":
            if self.content_type is None:
                raise ValueError("text needs a content_type, such as text/plain")
            if JSON_TYPE.match(self.content_type):
                raise ValueError("JSON is written under json, as a tree, not as text")
        if self.kind == "form" and self.content_type is not None:
            raise ValueError("the content type of a form is fixed")
        if self.kind == "json" and not JSON_TYPE.match(self.content_type or "application/json"):
            raise ValueError("the content type of json is application/json or ends in +json")
        return self

    @model_validator(mode="after")
    def _check_templates(self) -> Self:
        for part in (self.json_tree, self.form, self.text, self.file):
            check_template(part)
        return self


class RequestDefinition(BaseModel):
    """One HTTP request of the model."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    method: Method = Field(default="GET", description="The HTTP method.")
    url: str = Field(
        min_length=1,
        max_length=8000,
        description="An endpoint of the profile's Graph, such as /me/events, or an absolute https "
        "URL. A {{ value }} fills one part of the path or one query value, never the host.",
    )
    query: dict[str, QueryValue] | list[tuple[str, QueryValue]] = Field(
        default_factory=dict,
        description="Query parameters, as a map or as pairs; one whose value is null is left out.",
    )
    headers: dict[str, Scalar] = Field(
        default_factory=dict, description="Request headers; one whose value is null is left out."
    )
    body: RequestBody | None = Field(default=None, description="What is sent.")
    api: Literal["v1.0", "beta"] = Field(
        default="v1.0", description="The version of Microsoft Graph that relative URLs mean."
    )
    authentication: AnyAuthentication = Field(
        default_factory=lambda: NoAuthentication(type="none"),
        description="As whom the request is sent.",
    )
    timeout: float | None = Field(
        default=None,
        gt=0,
        le=600,
        description="Seconds to wait for the answer; absent: 30 without a sign of life, 120 in "
        "all.",
    )
    paged: bool | None = Field(
        default=None,
        description="Whether the response is a collection that comes in pages; absent: a GET whose "
        "response has an array `value` is.",
    )

    def templates(self) -> JsonValue:
        """Everything of it that may hold expressions, as one JSON tree."""
        return {
            "url": self.url,
            "query": [[name, value] for name, value in self.query_pairs()],
            "headers": dict(self.headers),
            "body": self.body.model_dump() if self.body else None,
        }

    def query_pairs(self) -> list[tuple[str, QueryValue]]:
        """The query parameters in their order."""
        if isinstance(self.query, Mapping):
            return list(self.query.items())
        return list(self.query)

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        try:
            parse_url(url)
        except GraphwrightError as error:
            raise ValueError(f"{error.message} {error.hint}".strip()) from error
        return url

    @field_validator("query")
    @classmethod
    def _check_query(cls, query: Any) -> Any:
        for name, value in query.items() if isinstance(query, Mapping) else query:
            if not name or "{{" in name:
                raise ValueError("the name of a query parameter is a plain text")
            check_template(value)
        return query

    @field_validator("headers")
    @classmethod
    def _check_headers(cls, headers: dict[str, Scalar]) -> dict[str, Scalar]:
        seen: set[str] = set()
        for name, value in headers.items():
            lower = name.lower()
            if not _TOKEN.fullmatch(name):
                raise ValueError(f"{name[:40]!r} is not the name of a header")
            if lower in _OWN_HEADERS:
                raise ValueError(
                    f"the header {name} is set by Graphwright; `authentication` says who calls"
                )
            if lower in seen:
                raise ValueError(f"the header {name} stands there twice")
            seen.add(lower)
            check_template(value)
        return headers

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.body is not None and self.method in ("GET", "HEAD"):
            raise ValueError(f"a {self.method} request has no body")
        if self.body is not None and any(name.lower() == "content-type" for name in self.headers):
            raise ValueError("the content type stands under body, not among the headers")
        origin = parse_url(self.url).origin
        if origin is None and self.authentication.type != "oauth2":
            raise ValueError(
                "a relative URL needs authentication of type oauth2: it is the profile's Graph"
            )
        by_certificate = self.authentication.type == "client_certificate"
        if by_certificate and not (origin or "").lower().startswith("https:"):
            raise ValueError("a client certificate is shown only to an https URL")
        return self


def check_template(value: JsonValue) -> None:
    """Raises `ValueError` where an expression in a tree cannot be read."""
    try:
        compile_template(value)
    except GraphwrightError as error:
        raise ValueError(f"{error.message} {error.hint}".strip()) from error
