"""The key by which the seeded applications without a secret prove who they are.

Made at the first start, kept in the user's folder: a key in a repository would be everybody's. It
must not know the applications.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

from graphwright_sandbox.files import read_private_file, write_private_file

FILE_NAME = "client-credentials.pem"
KEY_ID = "sandbox"
_LIFETIME = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A key pair: `file` holds the private key and the certificate, as clients want to have it."""

    file: Path
    certificate: str
    keys: str = field(repr=False)
    """The public key as a JWK Set, for the federated credential."""


def ensure_client_credentials(folder: Path) -> ClientCredentials:
    """The key pair in a folder; made where there is none, or none that can be read."""
    file = folder / FILE_NAME
    pem = read_private_file(file)
    certificate = _read(pem) if pem else None
    if certificate is None:
        pem, certificate = _create()
        write_private_file(file, pem)
    public_key = certificate.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)  # noqa: S101  (as `_read` has seen)
    jwk = json.loads(RSAAlgorithm.to_jwk(public_key)) | {"kid": KEY_ID, "use": "sig"}
    text = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return ClientCredentials(file, text, json.dumps({"keys": [jwk]}))


def _read(pem: bytes) -> x509.Certificate | None:
    try:
        # Checking the numbers takes longer than all else, and the file is our own.
        key = serialization.load_pem_private_key(
            pem, password=None, unsafe_skip_rsa_key_validation=True
        )
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        return None
    fits = isinstance(key, rsa.RSAPrivateKey) and key.public_key() == certificate.public_key()
    return certificate if fits and certificate.not_valid_after_utc > datetime.now(UTC) else None


def _create() -> tuple[bytes, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Graphwright sandbox client")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM), certificate
