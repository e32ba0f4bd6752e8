"""Tokens: ID tokens for applications, access tokens for Graph and own APIs, and their verification.

It must not know by which grant a token was asked for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from graphwright_sandbox.entra.claims_request import CONTINUOUS_ACCESS, challenge
from graphwright_sandbox.entra.client_authentication import Client
from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.keys import SigningKeys
from graphwright_sandbox.entra.resources import bare_name
from graphwright_sandbox.entra.store import ExpiringStore
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
_MAX_LIFETIME = timedelta(hours=28)
_OPAQUE_PREFIX = "EwC"
_MEMBER_ROLE = "b79fbf4d-3ef9-4689-8143-76b194e85509"
"""The directory role ("User") that everybody has and whose id stands in every user's ``wids``."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and its lifetime in seconds."""

    value: str
    expires_in: int


class Tokens:
    """Issues and verifies the tokens of a tenant and its neighbours."""

    def __init__(
        self,
        directory: Directory,
        endpoints: Endpoints,
        keys: SigningKeys,
        clock: Callable[[], datetime],
        access_token_lifetime: timedelta | None = None,
    ) -> None:
        self._directory = directory
        self._tenant = directory.tenant
        self._endpoints = endpoints
        self._keys = keys
        self._clock = clock
        self._lifetime = access_token_lifetime
        longest = max(_MAX_LIFETIME, access_token_lifetime or _MAX_LIFETIME)
        self._opaque: ExpiringStore[dict[str, Any]] = ExpiringStore(
            clock, longest, max_entries=100_000
        )

    def issue_id_token(
        self,
        app: AppRegistration,
        person: Person,
        scopes: frozenset[str],
        nonce: str | None,
        auth_time: datetime,
        session: str,
    ) -> str:
        """A v2.0 ID token; the claims of ``profile`` and ``email`` only with those scopes."""
        tenant = self._directory.tenant_of(person)
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "aud": app.app_id,
            "iss": self._endpoints.issuer(tenant.id),
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "auth_time": int(auth_time.timestamp()),
            "sub": pairwise_subject(app.app_id, person),
            "sid": session,
            "tid": tenant.id,
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
        return self.sign(claims)

    def issue_user_token(
        self,
        client: Client,
        person: Person,
        audience: str,
        permissions: frozenset[str],
        capabilities: frozenset[str],
    ) -> AccessToken:
        """An access token of an application for a person."""
        tenant = self._directory.tenant_of(person)
        valid_from = self._directory.tokens_valid_from(person)
        # Times of tokens are whole seconds: one issued after a revocation never looks older.
        earliest = math.ceil(valid_from.timestamp()) if valid_from else 0
        is_graph = audience in GRAPH_AUDIENCES
        continuous = is_graph and CONTINUOUS_ACCESS in capabilities
        claims: dict[str, Any] = {
            "oid": person.id,
            "scp": " ".join(sorted(bare_name(one) for one in permissions - {"offline_access"})),
            "name": person.display_name,
        }
        if is_graph:
            claims |= {
                "idtyp": "user",
                "sub": pairwise_subject(GRAPH_APP_ID, person),
                "given_name": person.given_name,
                "family_name": person.surname,
                "upn": person.user_principal_name,
                "unique_name": person.user_principal_name,
                "wids": [*person.directory_roles, _MEMBER_ROLE],
            }
            if capabilities:
                claims["xms_cc"] = sorted(capabilities)
        else:
            claims |= {
                "sub": pairwise_subject(audience, person),
                "preferred_username": person.user_principal_name,
            }
        return self._issue(client, tenant, audience, claims, continuous, earliest)

    def issue_application_token(
        self, client: Client, tenant: Tenant, audience: str, roles: frozenset[str]
    ) -> AccessToken:
        """An access token of an application for itself."""
        principal = service_principal_id(client.app, tenant)
        claims: dict[str, Any] = {"idtyp": "app", "oid": principal, "sub": principal}
        if audience in GRAPH_AUDIENCES and roles:
            claims["roles"] = sorted(roles)
        return self._issue(client, tenant, audience, claims)

    def authorize(self, authorization: str | None) -> Caller:
        """The caller that an Authorization header proves; else InvalidAuthenticationToken."""
        scheme, _, value = (authorization or "").strip().partition(" ")
        token = value.strip()
        if not authorization or scheme.lower() != "bearer" or not token:
            raise InvalidAuthenticationToken("Access token is empty.")
        claims = self._opaque.get(token) or self.read(token)
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
        if is_user and CONTINUOUS_ACCESS in claims.get("xms_cc", ()):
            self._evaluate_access(claims)
        return Caller(
            app_id=claims["appid"],
            tenant_id=claims["tid"],
            user_id=claims["oid"] if is_user else None,
            scopes=frozenset(claims.get("scp", "").split()),
            roles=frozenset(claims.get("roles", ())),
        )

    def read(self, token: str) -> dict[str, Any]:
        """The claims of a token that this sandbox signed, whatever its audience and times."""
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

    def _evaluate_access(self, claims: dict[str, Any]) -> None:
        """Continuous access evaluation: what happened to the account since counts at once."""
        person = self._directory.find_person(claims["oid"])
        now = math.ceil(self._clock().timestamp())
        if person is None or not person.account_enabled:
            reason, not_before = "UserDisabledOrDeleted", now
        else:
            valid_from = self._directory.tokens_valid_from(person)
            if valid_from is None or claims["iat"] >= valid_from.timestamp():
                return
            reason = "TokenIssuedBeforeRevocationTimestamp"
            not_before = math.ceil(valid_from.timestamp())
        raise InvalidAuthenticationToken(
            "Continuous access evaluation resulted in challenge with result: InteractionRequired "
            f"and code: {reason}",
            claims=challenge(not_before),
        )

    def _issue(
        self,
        client: Client,
        tenant: Tenant,
        audience: str,
        own: dict[str, Any],
        continuous: bool = False,
        earliest: int = 0,
    ) -> AccessToken:
        seconds = self._choose_lifetime(continuous)
        now = max(int(self._clock().timestamp()), earliest)
        app = client.app
        claims: dict[str, Any] = {
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "tid": tenant.id,
            "uti": secrets.token_urlsafe(16),
            **own,
        }
        if audience not in GRAPH_AUDIENCES:
            issuer = self._endpoints.issuer(tenant.id)
            claims |= {"iss": issuer, "azp": app.app_id, "azpacr": client.acr, "ver": "2.0"}
            return AccessToken(self.sign(claims), seconds)
        claims |= {
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "app_displayname": app.display_name,
            "appid": app.app_id,
            "appidacr": client.acr,
            "ver": "1.0",
        }
        if self._tenant.opaque_access_tokens:
            return AccessToken(self._opaque.add(claims, prefix=_OPAQUE_PREFIX), seconds)
        return AccessToken(self.sign(claims), seconds)

    def _choose_lifetime(self, continuous: bool) -> int:
        # Entra ID spreads lifetimes, so that clients do not rely on one: 60 to 90 minutes, or 24
        # to 28 hours where a revocation is told to the resource at once.
        if self._lifetime is not None:
            return int(self._lifetime.total_seconds())
        if continuous:
            return 86_400 + secrets.randbelow(14_400)
        return 3600 + secrets.randbelow(1800)

    def sign(self, claims: dict[str, Any]) -> str:
        """The claims as a token that the published keys prove."""
        key = self._keys.current
        return jwt.encode(claims, key.private_key, algorithm="RS256", headers={"kid": key.kid})


def pairwise_subject(app_id: str, person: Person) -> str:
    """The person's ``sub`` for one application: other applications see another."""
    digest = hashlib.sha256(f"{app_id}:{person.id}".encode()).digest()
    return _base64url(digest)


def service_principal_id(app: AppRegistration, tenant: Tenant) -> str:
    """The object id of the application's service principal in a tenant."""
    digest = hashlib.sha256(f"service-principal:{app.app_id}:{tenant.id}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def encode_client_info(person: Person, tenant: Tenant) -> str:
    """``client_info``: names the home account to MSAL."""
    return _base64url(json.dumps({"uid": person.id, "utid": tenant.id}).encode())


def person_of_client_info(client_info: str) -> str:
    """The id of the person whom a ``client_info`` of ours names."""
    padded = client_info + "=" * (-len(client_info) % 4)
    uid: str = json.loads(base64.urlsafe_b64decode(padded))["uid"]
    return uid


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
