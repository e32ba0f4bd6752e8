"""Tokens: ID tokens for applications, access tokens for Microsoft Graph, and their verification.

It must not know by which grant a token was asked for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.keys import SigningKeys
from graphwright_sandbox.tenant import (
    GRAPH_APP_ID,
    GRAPH_RESOURCE,
    AppRegistration,
    Caller,
    InvalidAuthenticationToken,
    Person,
    Tenant,
)

GRAPH_AUDIENCES = (GRAPH_RESOURCE, GRAPH_APP_ID)
_ALLOWED_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and its lifetime in seconds."""

    value: str
    expires_in: int


class Tokens:
    """Issues and verifies the tokens of one tenant."""

    def __init__(
        self,
        tenant: Tenant,
        endpoints: Endpoints,
        keys: SigningKeys,
        clock: Callable[[], datetime],
        access_token_lifetime: timedelta | None = None,
    ) -> None:
        self._tenant = tenant
        self._endpoints = endpoints
        self._keys = keys
        self._clock = clock
        self._lifetime = access_token_lifetime

    def issue_id_token(
        self,
        app: AppRegistration,
        person: Person,
        scopes: frozenset[str],
        nonce: str | None,
        auth_time: datetime,
    ) -> str:
        """A v2.0 ID token; the claims of ``profile`` and ``email`` only with those scopes."""
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "aud": app.app_id,
            "iss": self._endpoints.issuer(self._tenant.id),
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "auth_time": int(auth_time.timestamp()),
            "sub": pairwise_subject(app, person),
            "tid": self._tenant.id,
            "uti": secrets.token_urlsafe(16),
            "ver": "2.0",
        }
        if nonce is not None:
            claims["nonce"] = nonce
        if "profile" in scopes:
            claims["oid"] = person.id
            claims["name"] = person.display_name
            claims["preferred_username"] = person.user_principal_name
        if "email" in scopes and person.mail:
            claims["email"] = person.mail
        return self._sign(claims)

    def issue_access_token(
        self,
        app: AppRegistration,
        audience: str,
        *,
        person: Person | None,
        permissions: frozenset[str],
    ) -> AccessToken:
        """An access token for Microsoft Graph: v1.0 in shape, as Entra ID issues them."""
        # Entra ID spreads lifetimes over 60 to 90 minutes, so that clients do not rely on one.
        seconds = (
            int(self._lifetime.total_seconds())
            if self._lifetime is not None
            else 3600 + secrets.randbelow(1800)
        )
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "app_displayname": app.display_name,
            "appid": app.app_id,
            "appidacr": "0" if app.public_client else "1",
            "tid": self._tenant.id,
            "uti": secrets.token_urlsafe(16),
            "ver": "1.0",
        }
        if person is None:
            claims |= {"idtyp": "app", "oid": service_principal_id(app), "sub": app.app_id}
            if permissions:
                claims["roles"] = sorted(permissions)
        else:
            claims |= {
                "idtyp": "user",
                "oid": person.id,
                "sub": pairwise_subject(app, person),
                "name": person.display_name,
                "given_name": person.given_name,
                "family_name": person.surname,
                "upn": person.user_principal_name,
                "unique_name": person.user_principal_name,
                "scp": " ".join(sorted(permissions - {"offline_access"})),
            }
        return AccessToken(self._sign(claims), seconds)

    def authorize(self, authorization: str | None) -> Caller:
        """The caller that an Authorization header proves; else InvalidAuthenticationToken."""
        scheme, _, value = (authorization or "").strip().partition(" ")
        token = value.strip()
        if not authorization or scheme.lower() != "bearer" or not token:
            raise InvalidAuthenticationToken("Access token is empty.")
        claims = self._decode(token)
        if claims.get("aud") not in GRAPH_AUDIENCES:
            raise InvalidAuthenticationToken("Access token validation failure. Invalid audience.")
        if claims.get("iss") != f"https://sts.windows.net/{self._tenant.id}/":
            raise InvalidAuthenticationToken("Access token validation failure. Invalid issuer.")
        now = self._clock()
        if datetime.fromtimestamp(claims["exp"], now.tzinfo) <= now:
            raise InvalidAuthenticationToken("Lifetime validation failed, the token is expired.")
        if datetime.fromtimestamp(claims["nbf"], now.tzinfo) > now + _ALLOWED_SKEW:
            raise InvalidAuthenticationToken(
                "Lifetime validation failed, the token is not valid yet."
            )
        is_user = claims["idtyp"] == "user"
        return Caller(
            app_id=claims["appid"],
            tenant_id=claims["tid"],
            user_id=claims["oid"] if is_user else None,
            scopes=frozenset(claims.get("scp", "").split()),
            roles=frozenset(claims.get("roles", ())),
        )

    def _sign(self, claims: dict[str, Any]) -> str:
        key = self._keys.current
        return jwt.encode(claims, key.private_key, algorithm="RS256", headers={"kid": key.kid})

    def _decode(self, token: str) -> dict[str, Any]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            raise InvalidAuthenticationToken(
                "CompactToken parsing failed with error code: 80049217"
            ) from None
        key = self._keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise InvalidAuthenticationToken(
                "Access token validation failure. Signing key is unknown."
            )
        try:
            # Times are compared with the sandbox's own clock, by the caller of this.
            options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            options |= {"verify_aud": False}
            claims: dict[str, Any] = jwt.decode(
                token, key.private_key.public_key(), algorithms=["RS256"], options=options
            )
        except jwt.InvalidTokenError:
            raise InvalidAuthenticationToken(
                "Access token validation failure. Invalid signature."
            ) from None
        return claims


def pairwise_subject(app: AppRegistration, person: Person) -> str:
    """The person's ``sub`` for one application: other applications see another."""
    digest = hashlib.sha256(f"{app.app_id}:{person.id}".encode()).digest()
    return _base64url(digest)


def service_principal_id(app: AppRegistration) -> str:
    """The object id of the application's service principal in the tenant."""
    digest = hashlib.sha256(f"service-principal:{app.app_id}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def encode_client_info(person: Person, tenant: Tenant) -> str:
    """``client_info``: names the home account to MSAL."""
    return _base64url(json.dumps({"uid": person.id, "utid": tenant.id}).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
