"""Assertions that clients sign instead of sending a secret: by certificate, or by a federation.

It must not know HTTP nor what an authenticated client may do.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.tenant import AppRegistration, FederatedCredential

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256")
_SKEW = timedelta(minutes=5)
_MAX_LIFETIME = timedelta(hours=24)
_NOT_FOUND = (
    "The certificate with identifier used to sign the client assertion is not registered on "
    "application. [Reason - The key was not found.{thumbprint}]"
)
_WRONG_SIGNATURE = (
    "Client assertion contains an invalid signature. [Reason - The provided signature value did "
    "not match the expected signature value.]"
)


class Assertions:
    """Checks client assertions of one sandbox's applications."""

    def __init__(
        self, directory: Directory, endpoints: Endpoints, clock: Callable[[], datetime]
    ) -> None:
        self._directory = directory
        self._endpoints = endpoints
        self._clock = clock
        self._used: ExpiringStore[bool] = ExpiringStore(clock, _MAX_LIFETIME + _SKEW)

    def check(self, app: AppRegistration, segment: str, assertion: str) -> None:
        """An EntraError where the assertion does not prove that the sender is the application."""
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            raise EntraError(50027) from None
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise EntraError(5002738, algorithm=str(algorithm)[:40], supported=",".join(ALGORITHMS))
        for name in ("iss", "sub", "aud"):
            if not claims.get(name) or not isinstance(claims[name], str):
                raise EntraError(90014, field=name)
        is_federated = bool(app.federated_credentials) and claims["iss"] != app.app_id
        if is_federated:
            self._check_federated(app, assertion, header, claims)
        else:
            self._check_own(app, segment, assertion, header, claims)
        self._check_times(claims)
        self._check_first_use(app, claims)

    def _check_own(
        self,
        app: AppRegistration,
        segment: str,
        assertion: str,
        header: dict[str, Any],
        claims: dict[str, Any],
    ) -> None:
        certificate = _find_certificate(app, header)
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey) or not _is_signed_by(assertion, header["alg"], key):
            raise EntraError(700027, problem=_WRONG_SIGNATURE)
        now = self._clock()
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise EntraError(1000502)
        if claims["iss"] != app.app_id or claims["sub"] != app.app_id:
            raise EntraError(700021)
        if claims["aud"] not in self._audiences(segment):
            raise EntraError(700023)

    def _check_federated(
        self,
        app: AppRegistration,
        assertion: str,
        header: dict[str, Any],
        claims: dict[str, Any],
    ) -> None:
        # As in Entra ID: the first of issuer, subject and audience that no record has is named.
        matching: Iterable[FederatedCredential] = app.federated_credentials
        for code, claim, field in (
            (700211, "iss", "issuer"),
            (700213, "sub", "subject"),
            (700212, "aud", "audience"),
        ):
            matching = [one for one in matching if getattr(one, field) == claims[claim]]
            if not matching:
                raise EntraError(code, value=claims[claim][:200])
        for credential in matching:
            for key in _federated_keys(credential, header.get("kid")):
                if _is_signed_by(assertion, header["alg"], key):
                    return
        raise EntraError(50013, reason="The key was not found.")

    def _audiences(self, segment: str) -> set[str]:
        """The token endpoint and the issuer, by every name of the tenant, v2.0 and v1."""
        tenant = self._directory.find_tenant(segment)
        names = [segment] if tenant is None else [segment, tenant.id, tenant.domain]
        login = self._endpoints.login_url
        paths = ("/oauth2/v2.0/token", "/oauth2/token", "/v2.0")
        return {f"{login}/{name}{path}" for name in names for path in paths}

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._clock()
        expires = _moment(claims.get("exp"))
        # Without `nbf` the assertion counts from when it was issued, else from now.
        starts = _moment(claims.get("nbf", claims.get("iat", now.timestamp())))
        if (
            expires + _SKEW <= now
            or starts - _SKEW > now
            or expires - max(starts, now - _SKEW) > _MAX_LIFETIME + _SKEW
        ):
            raise EntraError(
                700024, now=now.isoformat(), start=starts.isoformat(), end=expires.isoformat()
            )

    def _check_first_use(self, app: AppRegistration, claims: dict[str, Any]) -> None:
        if not self._directory.tenant.single_use_assertions:
            return
        if not isinstance(claims.get("jti"), str):
            raise EntraError(90014, field="jti")
        key = f"{app.app_id} {claims['iss']} {claims['jti']}"
        if self._used.get(key):
            raise EntraError(50013, reason="The assertion was used before.")
        self._used.put(key, True)


def _find_certificate(app: AppRegistration, header: dict[str, Any]) -> x509.Certificate:
    """The registered certificate that the header names by thumbprint or encloses."""
    named = [header.get("x5t"), header.get("x5t#S256") or header.get("x5t#s256")]
    enclosed = header.get("x5c")
    if isinstance(enclosed, list) and enclosed and named == [None, None]:
        named = [_thumbprint_of(enclosed[0]), None]
    if named == [None, None]:
        raise EntraError(5002723)
    for pem in app.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        own = (_encode(certificate, hashes.SHA1()), _encode(certificate, hashes.SHA256()))  # noqa: S303
        if all(
            sent is None or (isinstance(sent, str) and sent.rstrip("=") == known)
            for sent, known in zip(named, own, strict=True)
        ):
            return certificate
    shown = next(one for one in named if one is not None)
    thumbprint = f", Thumbprint of key used by client: '{_to_hex(str(shown))}'"
    raise EntraError(700027, problem=_NOT_FOUND.format(thumbprint=thumbprint))


def _thumbprint_of(enclosed: object) -> str:
    try:
        der = base64.b64decode(str(enclosed), validate=True)
        certificate = x509.load_der_x509_certificate(der)
    except (ValueError, binascii.Error):
        raise EntraError(50027) from None
    return _encode(certificate, hashes.SHA1())  # noqa: S303


def _encode(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> str:
    digest = certificate.fingerprint(algorithm)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _to_hex(thumbprint: str) -> str:
    try:
        padded = thumbprint.rstrip("=") + "=" * (-len(thumbprint.rstrip("=")) % 4)
        return base64.urlsafe_b64decode(padded).hex().upper()[:64]
    except (ValueError, binascii.Error):
        return "?"


def _federated_keys(credential: FederatedCredential, kid: object) -> list[RSAPublicKey]:
    keys = []
    for jwk in json.loads(credential.keys)["keys"]:
        if kid is None or jwk.get("kid") in (None, kid):
            key = jwt.PyJWK(jwk, algorithm="RS256").key
            if isinstance(key, RSAPublicKey):
                keys.append(key)
    return keys


def _is_signed_by(assertion: str, algorithm: str, key: RSAPublicKey) -> bool:
    # The algorithm is one of ours by now, and the key is RSA: no other pair can be forced.
    try:
        options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        jwt.decode(assertion, key, algorithms=[algorithm], options=options | {"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool):
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            pass
    raise EntraError(90014, field="exp")
