"""What every kind of profile implements: class `Client` of its `client.py`.

Its methods are synchronous and run in threads; they keep nothing about a user between calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.profiles.tokens import AccessToken


@dataclass(frozen=True, slots=True)
class BegunAuthorization:
    """An authorization request: URL, state, and what the client needs to redeem the answer."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    flow: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A verified sign-in: who it is, and the tokens as the client wants to see them again."""

    issuer: str
    subject: str
    home_account_id: str
    username: str
    name: str
    email: str | None
    claims: Mapping[str, JsonValue] = field(repr=False)
    tokens: str = field(repr=False)


class GrantEnded(Exception):
    """The stored grant of an account is of no use any more; the account is to be dropped."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProfileClient(Protocol):
    """Speaks to one authorization server for one profile."""

    @property
    def registration(self) -> str:
        """Names authority, tenant, client and hosts; tokens of another registration are not used."""
        ...

    def prepare(self) -> None:
        """Reads what the authorization server publishes about itself, unless it is at hand."""
        ...

    def begin(
        self, redirect_uri: str, *, prompt: str | None, login_hint: str | None, claims: str | None
    ) -> BegunAuthorization:
        """Builds an authorization request."""
        ...

    def redeem(self, flow: JsonObject, parameters: Mapping[str, str]) -> SignIn:
        """Exchanges the callback's code for tokens and verifies them; state is already checked."""
        ...

    def stored_token(self, tokens: str) -> AccessToken | None:
        """The access token among the stored ones, if it is fresh; no request."""
        ...

    def refresh(
        self, tokens: str, home_account_id: str, *, claims: str | None
    ) -> tuple[AccessToken, str]:
        """A new access token, and the tokens to store. Raises `GrantEnded`."""
        ...

    def application_token(self, *, claims: str | None) -> AccessToken:
        """A new access token for the application itself."""
        ...

    def sign_out_url(self, post_logout_redirect_uri: str) -> str | None:
        """Where a browser goes to end the session at the authorization server."""
        ...

    def close(self) -> None:
        """Ends connections."""
        ...
