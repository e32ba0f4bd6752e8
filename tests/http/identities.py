"""An authority that issues client certificates, and a server that tells who called."""

import asyncio
import datetime as dt
import ssl
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.http.conftest import Seen, _read_request, reply

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FAR = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, as PEM text."""

    certificate: str
    key: str

    @property
    def pem(self) -> str:
        """Both."""
        return self.certificate + self.key


@dataclass
class Authority:
    """Issues client certificates."""

    name: str = "Client authority"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def pem(self) -> str:
        """Its own certificate."""
        extension = x509.BasicConstraints(ca=True, path_length=0)
        builder = _builder(self.name, self.name, LONG_AGO, FAR).public_key(self.key.public_key())
        builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        name: str,
        *,
        passphrase: str = "",
        form: PrivateFormat = PrivateFormat.PKCS8,
        begins: dt.datetime = LONG_AGO,
        ends: dt.datetime = FAR,
    ) -> Issued:
        """A certificate for somebody."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, self.name, begins, ends).public_key(key.public_key())
        certificate = builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        private = key.private_bytes(Encoding.PEM, form, sealed)
        return Issued(certificate.decode(), private.decode())


def _builder(
    subject: str, issuer: str, begins: dt.datetime, ends: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


@dataclass
class KnowingServer:
    """Answers who called, by the certificate of the connection; or what `by_target` says."""

    url: str = ""
    by_target: dict[str, bytes] = field(default_factory=dict)
    seen: list[tuple[str | None, Seen]] = field(default_factory=list)
    connections: int = 0

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.removeprefix("https://")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        shown = writer.get_extra_info("peercert")
        caller = dict(pair for (pair,) in shown["subject"])["commonName"] if shown else None
        try:
            while (request := await _read_request(reader)) is not None:
                self.seen.append((caller, request))
                # So that requests overlap.
                await asyncio.sleep(0.005)
                writer.write(self.by_target.get(request.target) or reply(200, {"caller": caller}))
                await writer.drain()
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


AUTHORITY = Authority()
ANNA = AUTHORITY.issue("anna")
BEN = AUTHORITY.issue("ben")
PASSPHRASE = "passphrase-that-must-not-leak"
SEALED = AUTHORITY.issue("sealed", passphrase=PASSPHRASE)
