"""What is signed, verified and encrypted, and under which conditions; xmlsec and cryptography do it.

It must not know what a message means.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from graphwright_sandbox.entra.keys import SigningKey
from graphwright_sandbox.saml.errors import SamlError
from graphwright_sandbox.saml.messages import Message
from graphwright_sandbox.saml.names import DS, RSA_SHA256, SAML

_SIGNATURE = f"{{{DS}}}Signature"
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    RSA_SHA256: hashes.SHA256,
    RSA_SHA256.replace("256", "384"): hashes.SHA384,
    RSA_SHA256.replace("256", "512"): hashes.SHA512,
}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
_ALLOWED_TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity provider's key with the certificate that service providers know it by."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def certificate_base64(self) -> str:
        """The certificate as metadata holds it."""
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return base64.b64encode(der).decode()


@cache
def identity_of(signing_key: SigningKey) -> Identity:
    """The certificate of a signing key: always the same one, so that it may be pinned."""
    key = signing_key.private_key
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Graphwright sandbox SAML signing")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(signing_key.kid.encode()[:16]) | 1)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2044, 1, 1, tzinfo=UTC))
    )
    return Identity(key, builder.sign(key, hashes.SHA256()))


def sign(element: Any, identity: Identity) -> None:
    """Put an enveloped signature into an element with an ``ID``, behind its Issuer."""
    template = xmlsec.template.create(
        element, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds"
    )
    issuer = element.find(f"{{{SAML}}}Issuer")
    element.insert(0 if issuer is None else element.index(issuer) + 1, template)
    reference = xmlsec.template.add_reference(
        template, xmlsec.Transform.SHA256, uri=f"#{element.get('ID')}"
    )
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    key_info = xmlsec.template.ensure_key_info(template)
    xmlsec.template.x509_data_add_certificate(xmlsec.template.add_x509_data(key_info))
    context = xmlsec.SignatureContext()
    context.key = _load_key(identity)
    context.register_id(element, "ID")
    context.sign(template)


def sign_query(query: str, identity: Identity) -> str:
    """The query of a redirect with the algorithm and the signature behind it."""
    signed = f"{query}&SigAlg={quote_plus(RSA_SHA256)}"
    signature = identity.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}&Signature={quote_plus(base64.b64encode(signature).decode())}"


def encrypt(assertion: Any, certificate_pem: str) -> None:
    """Put an assertion, where it stands, into an EncryptedAssertion for a certificate's owner."""
    parent = assertion.getparent()
    envelope = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML})
    parent.replace(assertion, envelope)
    envelope.append(assertion)
    template = xmlsec.template.encrypted_data_create(
        envelope, xmlsec.Transform.AES256, type=xmlsec.EncryptionType.ELEMENT, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(template)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
    encrypted_key = xmlsec.template.add_encrypted_key(key_info, xmlsec.Transform.RSA_OAEP)
    xmlsec.template.encrypted_data_ensure_cipher_value(encrypted_key)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate_pem, xmlsec.KeyFormat.CERT_PEM))
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, 256, xmlsec.KeyDataType.SESSION)
    context.encrypt_xml(template, assertion)


def verify(message: Message, certificate_pem: str) -> None:
    """Refuse a message that is not signed, as its binding wants it, by a certificate's owner."""
    if message.is_redirect:
        _verify_query(message, certificate_pem)
    else:
        _verify_element(message.root, certificate_pem)


def _verify_query(message: Message, certificate_pem: str) -> None:
    if message.signature is None:
        raise SamlError(76021)
    algorithm = _HASHES.get(message.algorithm or "")
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if algorithm is None or not isinstance(key, rsa.RSAPublicKey):
        raise SamlError(50006)
    try:
        signature = base64.b64decode(message.signature, validate=True)
        key.verify(signature, message.signed_query, padding.PKCS1v15(), algorithm())
    except (InvalidSignature, binascii.Error, ValueError):
        raise SamlError(50006) from None


def _verify_element(root: Any, certificate_pem: str) -> None:
    """The signature must be the document element's own, over all of it and nothing else."""
    signature = root.find(_SIGNATURE)
    if signature is None:
        raise SamlError(76021)
    references = list(signature.iter(f"{{{DS}}}Reference"))
    methods = [one.get("Algorithm") for one in signature.iter(f"{{{DS}}}SignatureMethod")]
    digests = {one.get("Algorithm") for one in signature.iter(f"{{{DS}}}DigestMethod")}
    transforms = {one.get("Algorithm") for one in signature.iter(f"{{{DS}}}Transform")}
    same_id = [one for one in root.iter() if one.get("ID") == root.get("ID")]
    if (
        len(list(root.iter(_SIGNATURE))) != 1
        or len(references) != 1
        or references[0].get("URI") != f"#{root.get('ID')}"
        or len(methods) != 1
        or methods[0] not in _HASHES
        or not digests <= _DIGESTS
        or not transforms <= _ALLOWED_TRANSFORMS
        or len(same_id) != 1
    ):
        raise SamlError(50006)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem, xmlsec.KeyFormat.CERT_PEM)
    try:
        context.register_id(root, "ID")
        context.verify(signature)
    except xmlsec.Error:
        raise SamlError(50006) from None


def _load_key(identity: Identity) -> Any:
    pem = identity.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    certificate = identity.certificate.public_bytes(serialization.Encoding.PEM)
    key.load_cert_from_memory(certificate, xmlsec.KeyFormat.PEM)
    return key
