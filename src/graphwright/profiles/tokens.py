"""The values that profiles hand out: tokens, accounts, sign-ins under way.

Must not know how any of them is obtained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from graphwright.kernel.values import JsonValue

Flavour: TypeAlias = Literal["user", "application"]
PrincipalId: TypeAlias = str

# A token with less time left is renewed, so that a request never starts with one about to end.
RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token. Its value shows in no representation."""

    value: str = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]
    flavour: Flavour

    def is_fresh(self, now: datetime) -> bool:
        """Whether it has enough time left to start a request with."""
        return self.expires_at - now > RENEW_BEFORE


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account at a profile, as its verified ID token described it."""

    principal_id: PrincipalId
    profile: str
    home_account_id: str
    username: str
    name: str
    claims: Mapping[str, JsonValue] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PendingAuthorization:
    """A sign-in that was begun: where the browser goes, and what `complete` needs afterwards.

    `flow` is encrypted: state, nonce and PKCE verifier. It is kept with the user's session.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    flow: bytes = field(repr=False)
