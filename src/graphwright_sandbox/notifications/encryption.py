"""Resource data for one reader: encrypted and signed as Graph documents it.

AES-256 in CBC mode under a key of its own for each notification, whose first bytes are the
initialization vector; HMAC-SHA256 over what was encrypted; the key under RSA-OAEP with SHA-1, for
the certificate of the subscription. It must not know what it encrypts.
"""

import base64
import binascii
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_SMALLEST, _LARGEST = 2048, 4096


class CertificateUnusable(ValueError):
    """What was given as a certificate is none, or not one to encrypt for."""


def read_certificate(text: str) -> x509.Certificate:
    """The certificate of a base64 text."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise CertificateUnusable("it is not a base64-encoded X.509 certificate") from error
    _key_of(certificate)
    return certificate


def encrypt(data: bytes, certificate: x509.Certificate, certificate_id: str) -> dict[str, str]:
    """The `encryptedContent` of a notification."""
    key = secrets.token_bytes(32)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    encrypted = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
    signer = hmac.HMAC(key, hashes.SHA256())
    signer.update(encrypted)
    # The digest is Graph's choice, not ours.
    digest = hashes.SHA1()  # noqa: S303
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(digest), digest, None)
    thumbprint = certificate.fingerprint(hashes.SHA1())  # noqa: S303
    return {
        "data": _text(encrypted),
        "dataSignature": _text(signer.finalize()),
        "dataKey": _text(_key_of(certificate).encrypt(key, oaep)),
        "encryptionCertificateId": certificate_id,
        "encryptionCertificateThumbprint": thumbprint.hex().upper(),
    }


def _key_of(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not _SMALLEST <= key.key_size <= _LARGEST:
        raise CertificateUnusable("its key is not RSA of 2048 to 4096 bits")
    return key


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
