"""A call: a request with every value filled in, and no token or secret in it.

Tokens and passwords are added when it is sent, so a call may be kept in a flow's (encrypted) state.
"""

import base64
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue

READ_METHODS = frozenset({"GET", "HEAD"})
# RFC 9110, 9.2.2; PATCH is not among them, with If-Match neither.
IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_EVENTS = re.compile(r"/events/?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Authentication:
    """How a call is authenticated: by a token of the profile, a password, a certificate, or not."""

    type: Literal["oauth2", "none", "basic", "client_certificate"] = "none"
    username: str | None = None
    password_secret: str | None = None
    certificate_secret: str | None = None
    passphrase_secret: str | None = None

    @property
    def secret(self) -> str | None:
        """The name of the secret that says who calls, if there is one."""
        return self.password_secret or self.certificate_secret


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to send."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    authentication: Authentication = Authentication()
    profile: str | None = None
    principal_id: str | None = None
    """Whose token it takes; None where the profile is the application's."""
    account: str | None = None
    idempotent: bool = False
    path_template: str = ""
    """The path without the values that were filled in: what logs and errors may show."""
    timeout: float | None = None
    paged: bool | None = None

    def to_state(self) -> JsonObject:
        """The call as JSON."""
        state: JsonObject = {
            name: getattr(self, name) for name in _FIELDS if getattr(self, name) is not None
        }
        state["headers"] = dict(self.headers)
        if self.body is not None:
            state["body"] = base64.b64encode(self.body).decode("ascii")
        state["authentication"] = asdict(self.authentication)
        return state

    @classmethod
    def from_state(cls, state: JsonValue) -> "Call":
        """The call that `to_state` gave; `InvalidInput` for anything else."""
        try:
            known: dict[str, Any] = {name: state[name] for name in _FIELDS if name in state}
            body = state.get("body")
            return cls(
                **known,
                headers={str(name): str(value) for name, value in state["headers"].items()},
                body=None if body is None else base64.b64decode(body, validate=True),
                authentication=Authentication(**state["authentication"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput("The saved request cannot be read.") from error


_FIELDS = (
    "method",
    "url",
    "profile",
    "principal_id",
    "account",
    "idempotent",
    "path_template",
    "timeout",
    "paged",
)


def creates_event_once(method: str, url: str, tree: JsonValue) -> bool:
    """Whether the server drops a second copy: an event with a transactionId of its own.

    Source: https://learn.microsoft.com/graph/api/resources/event (transactionId)
    """
    return (
        method == "POST"
        and isinstance(tree, dict)
        and isinstance(tree.get("transactionId"), str)
        and bool(tree["transactionId"])
        and _EVENTS.search(urlsplit(url).path) is not None
    )
