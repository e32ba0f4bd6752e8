"""The keys that sign tokens, their ids and their public halves. It must not know claims."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from graphwright_sandbox.files import read_private_file, write_private_file

KEY_FILE = "signing-keys.pem"
PUBLISHED_KEYS = 2
"""The current key and the one before: tokens signed just before a rotation stay good."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key and the id that tokens name it by."""

    kid: str
    private_key: rsa.RSAPrivateKey

    def public_jwk(self, issuer: str) -> dict[str, Any]:
        jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private_key.public_key()))
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "n": jwk["n"],
            "e": jwk["e"],
            "issuer": issuer,
        }


class SigningKeys:
    """The current signing key and those still published.

    With a state folder the keys outlive the process, so that a restart of the sandbox does not
    invalidate the tokens that applications hold.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._file = state / KEY_FILE if state else None
        self._keys = self._load() or [_create()]
        self._save()

    @property
    def current(self) -> SigningKey:
        return self._keys[0]

    @property
    def published(self) -> tuple[SigningKey, ...]:
        """The current key, and those by which what was signed before is still good."""
        return tuple(self._keys)

    def find(self, kid: str) -> SigningKey | None:
        """The published key of this id."""
        return next((key for key in self._keys if key.kid == kid), None)

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self._keys = [_create(), *self._keys][:PUBLISHED_KEYS]
        self._save()

    def to_jwks(self, issuer: str) -> dict[str, Any]:
        return {"keys": [key.public_jwk(issuer) for key in self._keys]}

    def _load(self) -> list[SigningKey]:
        text = read_private_file(self._file) if self._file else None
        if not text:
            return []
        end = b"-----END PRIVATE KEY-----\n"
        keys = []
        for part in text.split(end):
            if part.strip():
                # Written by `_save` and readable by the owner only: proving anew that it is a
                # sound RSA key takes 40 ms of every start.
                key = serialization.load_pem_private_key(
                    part + end, password=None, unsafe_skip_rsa_key_validation=True
                )
                if not isinstance(key, rsa.RSAPrivateKey):
                    raise ValueError(f"{self._file} holds a key that is not RSA; delete the file")
                keys.append(_name(key))
        return keys

    def _save(self) -> None:
        if self._file:
            pem = b"".join(
                key.private_key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                for key in self._keys
            )
            write_private_file(self._file, pem)


def _create() -> SigningKey:
    return _name(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def _name(key: rsa.RSAPrivateKey) -> SigningKey:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    kid = base64.urlsafe_b64encode(hashlib.sha256(der).digest()[:20]).rstrip(b"=").decode()
    return SigningKey(kid, key)
