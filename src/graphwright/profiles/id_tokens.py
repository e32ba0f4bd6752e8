"""Verifies ID tokens by the provider's published keys (OpenID Connect Core 1.0, section 3.1.3.7).

MSAL leaves this to the application. Knows no grant and keeps no token.
"""

import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from graphwright.kernel.clock import Clock
from graphwright.kernel.values import JsonObject
from graphwright.profiles.errors import IdTokenInvalid

LEEWAY = timedelta(minutes=5)
# Providers rotate keys: they are read again daily, and for an unknown key id at most this often.
_KEYS_LIFETIME = timedelta(days=1)
_REFETCH_INTERVAL = timedelta(minutes=1)
_ALGORITHM = "RS256"
_TENANT_PLACEHOLDER = "{tenantid}"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who issues ID tokens; for several tenants the issuer holds `{tenantid}`."""

    issuer: str
    jwks_uri: str


@dataclass(slots=True)
class _KeySet:
    keys: Mapping[str, JsonObject]
    read_at: datetime


class IdTokenVerifier:
    """Verifies ID tokens. Safe to use from several threads."""

    def __init__(self, read_json: Callable[[str], JsonObject], clock: Clock) -> None:
        self._read_json = read_json
        self._clock = clock
        self._lock = threading.Lock()
        self._key_sets: dict[str, _KeySet] = {}

    def verify(
        self,
        token: str,
        *,
        provider: Provider,
        client_id: str,
        nonce: str,
        tenant_id: str | None = None,
    ) -> JsonObject:
        """The claims of a token that proves itself; else `IdTokenInvalid` says what is wrong.

        `tenant_id`: the only tenant whose users may sign in, where it is known.
        """
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise IdTokenInvalid("The authority sent no ID token that can be read.") from None
        if header.get("alg") != _ALGORITHM:
            raise IdTokenInvalid(f"The ID token is not signed by {_ALGORITHM}.")
        key = self._find_key(provider.jwks_uri, str(header.get("kid", "")))
        claims = _decode(token, key, client_id)
        _check_issuer(claims, key, provider, tenant_id)
        self._check_times(claims)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise IdTokenInvalid("The ID token was made for another sign-in (nonce).")
        return claims

    def _find_key(self, jwks_uri: str, key_id: str) -> JsonObject:
        now = self._clock.now()
        # Under the lock only one thread reads the keys; the others find them afterwards.
        with self._lock:
            known = self._key_sets.get(jwks_uri)
            if known is None or _should_reread(known, key_id, now):
                known = self._read_keys(jwks_uri, now)
        key = known.keys.get(key_id)
        if key is None:
            raise IdTokenInvalid("The ID token is signed with a key that the authority lacks.")
        return key

    def _read_keys(self, jwks_uri: str, now: datetime) -> _KeySet:
        document = self._read_json(jwks_uri)
        listed = document.get("keys")
        keys = {
            str(key["kid"]): key
            for key in (listed if isinstance(listed, list) else [])
            if isinstance(key, dict)
            and key.get("kty") == "RSA"
            and key.get("use", "sig") == "sig"
            and "kid" in key
        }
        found = self._key_sets[jwks_uri] = _KeySet(keys, now)
        return found

    def _check_times(self, claims: JsonObject) -> None:
        now = self._clock.now().timestamp()
        leeway = LEEWAY.total_seconds()
        if now > _number(claims, "exp") + leeway:
            raise IdTokenInvalid(
                "The ID token has expired.", hint="Check the clock of this machine."
            )
        if max(_number(claims, "iat"), _number(claims, "nbf", "iat")) > now + leeway:
            raise IdTokenInvalid(
                "The ID token is not valid yet.", hint="Check the clock of this machine."
            )


def _should_reread(known: _KeySet, key_id: str, now: datetime) -> bool:
    age = now - known.read_at
    return age > _KEYS_LIFETIME or (key_id not in known.keys and age >= _REFETCH_INTERVAL)


def _decode(token: str, key: JsonObject, client_id: str) -> JsonObject:
    try:
        # Times are checked by the clock that the application was given.
        claims: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK(key, algorithm=_ALGORITHM),
            algorithms=[_ALGORITHM],
            audience=client_id,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                "strict_aud": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidSignatureError:
        raise IdTokenInvalid("The signature of the ID token is wrong.") from None
    except jwt.InvalidAudienceError:
        raise IdTokenInvalid("The ID token was made for another application.") from None
    except jwt.MissingRequiredClaimError as error:
        raise IdTokenInvalid(f"The ID token lacks the claim {error.claim}.") from None
    except jwt.PyJWTError:
        raise IdTokenInvalid("The ID token cannot be read.") from None
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise IdTokenInvalid("The ID token names no subject.")
    return claims


def _check_issuer(
    claims: JsonObject, key: JsonObject, provider: Provider, tenant_id: str | None
) -> None:
    tenant = claims.get("tid")
    several = _TENANT_PLACEHOLDER in provider.issuer
    if several and (not isinstance(tenant, str) or not _is_plain(tenant)):
        raise IdTokenInvalid("The ID token names no tenant.")
    expected = _fill(provider.issuer, tenant)
    if claims["iss"] != expected:
        raise IdTokenInvalid("The ID token was issued by another authority or tenant.")
    # Keys that serve one tenant only say so: https://learn.microsoft.com/entra/identity-platform/access-tokens
    if "issuer" in key and _fill(str(key["issuer"]), tenant) != expected:
        raise IdTokenInvalid("The ID token is signed with a key of another tenant.")
    if not several and isinstance(tenant, str) and tenant not in provider.issuer.split("/"):
        raise IdTokenInvalid("The ID token is of another tenant.")
    if tenant_id is not None and str(tenant).lower() != tenant_id.lower():
        raise IdTokenInvalid(
            "The account belongs to another tenant.",
            hint="Sign in with an account of the tenant that the profile names.",
        )


def _fill(issuer: str, tenant: Any) -> str:
    return issuer.replace(_TENANT_PLACEHOLDER, tenant) if isinstance(tenant, str) else issuer


def _is_plain(tenant: str) -> bool:
    return bool(tenant) and all(c.isascii() and (c.isalnum() or c == "-") for c in tenant)


def _number(claims: JsonObject, *names: str) -> float:
    value = next((claims[name] for name in names if name in claims), None)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise IdTokenInvalid(f"The ID token's claim {names[0]} is no time.")
    return float(value)
