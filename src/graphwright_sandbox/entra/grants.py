"""Authorization codes and refresh tokens: kept, redeemed once, revoked.

It must not know HTTP nor what is issued for a grant.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.tenant import AppRegistration, Person

CODE_LIFETIME = timedelta(minutes=10)
REFRESH_TOKEN_LIFETIME = timedelta(days=90)
_REMEMBERED = timedelta(hours=1)
"""How long a code stays known after it was issued, so that its replay is told from nonsense."""
_CODE_PREFIX = "1.A"
_REFRESH_PREFIX = "1.R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a person let an application do; codes and refresh tokens stand for it."""

    app_id: str
    user_id: str
    scopes: RequestedScopes
    auth_time: datetime
    issued_at: datetime
    session: str = field(default_factory=lambda: str(uuid.uuid4()))
    """The login session it stems from (claim ``sid``)."""
    capabilities: frozenset[str] = frozenset()
    """What the client said it can do (claim ``xms_cc``)."""
    family: str = field(default_factory=lambda: uuid.uuid4().hex)
    """All tokens that stem from one sign-in, revoked together when its code is replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBinding:
    """What a code's redeemer must show again."""

    redirect_uri: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str


@dataclass(slots=True)
class _Code:
    grant: Grant
    binding: CodeBinding
    redeemed: bool = False


class Grants:
    """Every code and refresh token in circulation."""

    def __init__(
        self,
        directory: Directory,
        clock: Callable[[], datetime],
        *,
        refresh_token_lifetime: timedelta = REFRESH_TOKEN_LIFETIME,
        sign_in_frequency: timedelta | None = None,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._refresh_token_lifetime = refresh_token_lifetime
        self._sign_in_frequency = sign_in_frequency
        self._codes: ExpiringStore[_Code] = ExpiringStore(clock, _REMEMBERED)
        # Twice the lifetime: an expired token is told from an unknown one.
        self._refresh_tokens: ExpiringStore[Grant] = ExpiringStore(
            clock, refresh_token_lifetime * 2
        )
        self._revoked: ExpiringStore[bool] = ExpiringStore(clock, refresh_token_lifetime)

    def dump(self) -> dict[str, Any]:
        """The refresh tokens and what was revoked, as a JSON value; codes are not worth keeping."""
        return {
            "refresh_tokens": msgspec.to_builtins(self._refresh_tokens.entries()),
            "revoked": msgspec.to_builtins(self._revoked.entries()),
        }

    def load(self, value: Mapping[str, Any]) -> None:
        """Replaces everything by what `dump` gave."""
        kept = msgspec.convert(value["refresh_tokens"], list[tuple[str, datetime, Grant]])
        revoked = msgspec.convert(value["revoked"], list[tuple[str, datetime, bool]])
        self._refresh_tokens.replace(kept)
        self._revoked.replace(revoked)
        self._codes.replace(())

    def issue_code(self, grant: Grant, binding: CodeBinding) -> str:
        return self._codes.add(_Code(grant, binding), prefix=_CODE_PREFIX)

    def redeem_code(
        self,
        code: str,
        app: AppRegistration,
        redirect_uri: str | None,
        code_verifier: str | None,
    ) -> tuple[Grant, CodeBinding]:
        """The grant behind a code. A second redemption revokes what the first one got."""
        found = self._codes.get(code)
        if found is None:
            raise _unknown(code, _CODE_PREFIX)
        if found.grant.app_id != app.app_id:
            raise EntraError(70000)
        if found.redeemed:
            self._revoked.put(found.grant.family, True)
            raise EntraError(54005)
        if self._clock() - found.grant.issued_at >= CODE_LIFETIME:
            raise EntraError(70008)
        if redirect_uri != found.binding.redirect_uri:
            raise EntraError(
                500112, redirect_uri=redirect_uri or "", expected=found.binding.redirect_uri
            )
        # Spent from here on: whoever guesses at the verifier has one guess.
        found.redeemed = True
        if not _is_verified(found.binding, code_verifier):
            raise EntraError(501481)
        self.check_person(found.grant)
        return found.grant, found.binding

    def issue_refresh_token(self, grant: Grant) -> str:
        renewed = replace(grant, issued_at=self._clock())
        return self._refresh_tokens.add(renewed, prefix=_REFRESH_PREFIX)

    def redeem_refresh_token(self, token: str, app: AppRegistration) -> Grant:
        """The grant behind a refresh token.

        As in Entra ID, the old token stays good after a newer one was issued.
        """
        grant = self._refresh_tokens.get(token)
        if grant is None:
            raise _unknown(token, _REFRESH_PREFIX)
        if grant.app_id != app.app_id or self._revoked.get(grant.family):
            raise EntraError(70000)
        now = self._clock()
        issued = _format(grant.issued_at)
        if now - grant.issued_at >= self._refresh_token_lifetime:
            raise EntraError(700082, issued=issued, lifetime=str(self._refresh_token_lifetime))
        frequency = self._sign_in_frequency
        if frequency is not None and now - grant.auth_time >= frequency:
            lifetime = str(int(frequency.total_seconds()))
            raise EntraError(70043, issued=issued, lifetime=lifetime)
        self.check_person(grant)
        return grant

    def check_person(self, grant: Grant) -> Person:
        """Whose grant it is; an EntraError where the account or its sessions ended since."""
        person = self._directory.get_enabled_person(grant.user_id)
        valid_from = person.sessions_valid_from
        if valid_from is not None and grant.issued_at <= valid_from:
            raise EntraError(50173, issued=_format(grant.issued_at), valid_from=_format(valid_from))
        return person


def challenge_of(code_verifier: str, method: str) -> str:
    """The code challenge that belongs to a verifier (RFC 7636)."""
    if method == "plain":
        return code_verifier
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_verified(binding: CodeBinding, code_verifier: str | None) -> bool:
    if binding.code_challenge is None:
        return not code_verifier
    if not code_verifier:
        return False
    challenge = challenge_of(code_verifier, binding.code_challenge_method)
    return secrets.compare_digest(challenge.encode(), binding.code_challenge.encode())


def _unknown(value: str, prefix: str) -> EntraError:
    if value.startswith(prefix):
        return EntraError(70000)
    return EntraError(9002313, error="invalid_grant")


def _format(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
