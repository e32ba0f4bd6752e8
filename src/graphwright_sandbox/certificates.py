"""The certificate authority of the sandbox and the certificate of its https port.

The authority may only vouch for this machine (name constraints), so that a person who trusts it
gives away nothing. This module must not know the server.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from graphwright_sandbox.files import read_private_file, write_private_file

AUTHORITY_LIFETIME = timedelta(days=3650)
CERTIFICATE_LIFETIME = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
LOOPBACK = (ipaddress.IPv4Address("127.0.0.1"), ipaddress.IPv6Address("::1"))


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where the certificates lie. ``server_file`` holds the certificate and its key."""

    ca_file: Path
    server_file: Path


@dataclass(frozen=True, slots=True)
class _Identity:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def to_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ) + self.certificate.public_bytes(serialization.Encoding.PEM)


def ensure_certificates(
    state: Path, now: datetime | None = None, *, host_names: Sequence[str] = ()
) -> CertificateFiles:
    """Make what is missing, broken or near its end; keep the rest, so that trust once given holds.

    Key and certificate share one file each, so that they can never be a mismatched pair.
    `host_names` are vouched for as well: give such an authority a folder of its own.
    """
    now = now or datetime.now(UTC)
    authority_file, server_file = state / "ca-key.pem", state / "server.pem"
    ca_file = state / "ca.pem"
    authority = _load(authority_file)
    if authority is None or _is_near_end(authority, now):
        authority = _create_authority(now, host_names)
        write_private_file(authority_file, authority.to_pem())
    ca_pem = authority.certificate.public_bytes(serialization.Encoding.PEM)
    if read_private_file(ca_file) != ca_pem:
        write_private_file(ca_file, ca_pem, mode=0o644)
    server = _load(server_file)
    if server is None or _is_near_end(server, now) or not _is_issued_by(server, authority):
        write_private_file(server_file, _create_server(authority, now, host_names).to_pem())
    return CertificateFiles(ca_file=ca_file, server_file=server_file)


def _load(path: Path) -> _Identity | None:
    pem = read_private_file(path)
    if pem is None:
        return None
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        return None
    return _Identity(certificate, key) if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _is_near_end(identity: _Identity, now: datetime) -> bool:
    return identity.certificate.not_valid_after_utc - now < RENEW_BEFORE


def _is_issued_by(identity: _Identity, authority: _Identity) -> bool:
    try:
        identity.certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _create_authority(now: datetime, host_names: Sequence[str]) -> _Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    # The serial in the name keeps two machines' authorities apart in one trust store.
    serial = x509.random_serial_number()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Graphwright sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Graphwright sandbox CA {serial % 16**8:08x}"),
        ]
    )
    permitted: list[x509.GeneralName] = [
        *map(x509.DNSName, ("localhost", *host_names)),
        *(x509.IPAddress(ipaddress.ip_network(address)) for address in LOOPBACK),
    ]
    builder = (
        _start(name, name, key, now, AUTHORITY_LIFETIME, serial)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
    )
    return _Identity(builder.sign(key, hashes.SHA256()), key)


def _create_server(authority: _Identity, now: datetime, host_names: Sequence[str]) -> _Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    issuer = authority.certificate.subject
    serial = x509.random_serial_number()
    authority_key = authority.key.public_key()
    names: list[x509.GeneralName] = [
        *map(x509.DNSName, ("localhost", *host_names)),
        *(x509.IPAddress(address) for address in LOOPBACK),
    ]
    builder = (
        _start(name, issuer, key, now, CERTIFICATE_LIFETIME, serial)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key), critical=False
        )
    )
    return _Identity(builder.sign(authority.key, hashes.SHA256()), key)


def _start(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    lifetime: timedelta,
    serial: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        # A day back, for machines whose clock lags.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
