"""The on-behalf-of grant: a middle tier shows the access token that a person's client sent it.

It must not know HTTP nor what is issued for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.tokens import Tokens
from graphwright_sandbox.tenant import AppRegistration, InvalidAuthenticationToken


@dataclass(frozen=True, slots=True)
class UserAssertion:
    """Whom a middle tier acts for, and since when that is known."""

    person_id: str
    issued_at: datetime


def read_user_assertion(
    tokens: Tokens, app: AppRegistration, assertion: str, now: datetime
) -> UserAssertion:
    """The person behind an access token for the application's own API, else an EntraError."""
    if assertion.count(".") != 2:
        raise EntraError(50027)
    try:
        claims = tokens.read(assertion)
    except InvalidAuthenticationToken as error:
        if "parsing" in error.message:
            raise EntraError(50027) from None
        raise EntraError(50013, reason="The key was not found.") from None
    if "scp" not in claims and claims.get("idtyp") != "app":
        raise EntraError(240002)
    audience = str(claims["aud"])
    if audience != app.app_id:
        raise EntraError(500131, audience=audience, expected=app.app_id, app_name=app.display_name)
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    if expires <= now:
        raise EntraError(500133, now=now.isoformat(), end=expires.isoformat())
    if claims.get("idtyp") == "app":
        raise EntraError(7000114, app_id=app.app_id)
    return UserAssertion(claims["oid"], datetime.fromtimestamp(claims["iat"], UTC))
