"""Client certificates: the PEM text of a secret, checked and made into a TLS context. Knows no request.

No error holds any of the text. OpenSSL reads a key from a file only: it stands in one of the user's
own (0600) for as long as that takes.
"""

import base64
import binascii
import hashlib
import os
import re
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from graphwright.kernel.errors import InvalidInput

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_HINT = "It is PEM text: the certificate, those that lead to its authority, and the private key."
_MOST = 50


class CertificateInvalid(InvalidInput):
    """The client certificate cannot be used; nothing was sent."""

    code = "certificateInvalid"


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Who a request proves to be: a TLS context of its own, and a hash to tell it from others."""

    digest: str
    context: ssl.SSLContext = field(repr=False)
    begins: datetime
    ends: datetime


class ClientCertificates:
    """The certificates that were read, by a hash of their text. `trust` makes an empty context."""

    def __init__(self, trust: Callable[[], ssl.SSLContext]) -> None:
        self._trust = trust
        self._read: dict[str, ClientCertificate] = {}

    def find(
        self, name: str, text: str, passphrase: str | None, now: datetime
    ) -> ClientCertificate:
        """The certificate of the secret `name`, valid now; else `CertificateInvalid`."""
        # Each part by its length, so that no other two texts are the same.
        whole = f"{len(text)} {text} {passphrase if passphrase is not None else ''}"
        digest = hashlib.sha256(whole.encode()).hexdigest()
        found = self._read.get(digest)
        if found is None:
            while len(self._read) >= _MOST:
                # Another thread may have been faster.
                self._read.pop(next(iter(self._read)), None)
            found = self._read[digest] = self._make(name, text, passphrase, digest)
        if now > found.ends:
            raise CertificateInvalid(
                f"The client certificate of {name} expired on {found.ends:%Y-%m-%d}.",
                hint="Have it renewed, and store the new one.",
            )
        if now < found.begins:
            raise CertificateInvalid(
                f"The client certificate of {name} is valid only from {found.begins:%Y-%m-%d %H:%M} "
                "UTC on.",
                hint="Look at this machine's clock.",
            )
        return found

    def _make(self, name: str, text: str, passphrase: str | None, digest: str) -> ClientCertificate:
        pem, leaf = _read_pem(name, text, passphrase)
        context = self._trust()
        descriptor, path = tempfile.mkstemp(prefix="graphwright-", suffix=".pem")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(pem)
            # Without a function, OpenSSL would ask for a passphrase on the terminal.
            context.load_cert_chain(path, password=lambda: passphrase or "")
        except (ssl.SSLError, ValueError) as error:
            reason = getattr(error, "reason", None) or "it cannot be read"
            raise CertificateInvalid(
                f"TLS refuses the client certificate of {name}: {reason}.", hint=_HINT
            ) from None
        finally:
            Path(path).unlink()
        return ClientCertificate(
            digest, context, leaf.not_valid_before_utc, leaf.not_valid_after_utc
        )


def _read_pem(name: str, text: str, passphrase: str | None) -> tuple[str, x509.Certificate]:
    """The PEM text as OpenSSL wants it, the certificate of the key first; and that certificate."""
    blocks = [(match[1], _lines(match)) for match in _BLOCK.finditer(_plain(text))]
    certificates = [block for label, block in blocks if label == "CERTIFICATE"]
    keys = [block for label, block in blocks if label.endswith("PRIVATE KEY")]
    if not blocks:
        raise CertificateInvalid(f"The secret {name} holds no PEM text.", hint=_HINT)
    if not certificates:
        raise CertificateInvalid(f"The secret {name} holds no certificate.", hint=_HINT)
    if len(keys) != 1:
        count = "no private key" if not keys else f"{len(keys)} private keys"
        raise CertificateInvalid(f"The secret {name} holds {count}, not one.", hint=_HINT)
    public = _read_key(name, keys[0], passphrase)
    chain: list[str] = []
    leaf = None
    for block in certificates:
        try:
            certificate = x509.load_pem_x509_certificate(block.encode())
            spki = certificate.public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo
            )
        except (ValueError, UnsupportedAlgorithm):
            raise CertificateInvalid(
                f"A certificate of the secret {name} cannot be read.", hint=_HINT
            ) from None
        if leaf is None and spki == public:
            leaf = certificate
            chain.insert(0, block)
        else:
            chain.append(block)
    if leaf is None:
        raise CertificateInvalid(
            f"The private key of {name} does not belong to its certificate.",
            hint="Store both as they were issued together.",
        )
    return "".join([*chain, keys[0]]), leaf


def _read_key(name: str, block: str, passphrase: str | None) -> bytes:
    """The public half of the key."""
    is_encrypted = "ENCRYPTED" in block
    if is_encrypted and not passphrase:
        raise CertificateInvalid(
            f"The private key of {name} is encrypted.",
            hint="Name the secret that holds its passphrase under `passphrase`.",
        )
    try:
        password = (passphrase or "").encode() if is_encrypted else None
        key = load_pem_private_key(block.encode(), password)
        return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if is_encrypted:
            raise CertificateInvalid(
                f"The passphrase does not open the private key of {name}.",
                hint="Store the passphrase once more; the key may also be cut off.",
            ) from None
        raise CertificateInvalid(f"The private key of {name} cannot be read.", hint=_HINT) from None


def _plain(text: str) -> str:
    """The PEM text itself: `.env` holds it with escaped line ends, or as base64."""
    text = text.replace("\\r", "").replace("\\n", "\n")
    if "-----BEGIN" in text:
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def _lines(match: re.Match[str]) -> str:
    """A block in lines, also where a field of one line lost them; RFC 1421 headers stay as they are."""
    label, body = match[1], match[2].strip()
    if ":" not in body:
        whole = "".join(body.split())
        body = "\n".join(whole[at : at + 64] for at in range(0, len(whole), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"
