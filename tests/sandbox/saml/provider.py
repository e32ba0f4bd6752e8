"""Service providers of the SAML tests: python3-saml, strict, as an application configures it.

It must not know what the identity provider ought to answer.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import AppRegistration, SamlSettings
from tests.sandbox.conftest import TENANT_ID
from tests.sandbox.entra.browser import Browser, Page

PLAIN_ID = "cccccccc-0000-4000-8000-000000000001"
SIGNED_ID = "cccccccc-0000-4000-8000-000000000002"
ENCRYPTED_ID = "cccccccc-0000-4000-8000-000000000003"
PLAIN = "https://plain.example/metadata"
SIGNED = "https://signed.example/metadata"
ENCRYPTED = "urn:encrypted"


@dataclass(frozen=True)
class KeyPair:
    key: str
    certificate: str


@cache
def make_key_pair(name: str) -> KeyPair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return KeyPair(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())


def registrations() -> tuple[AppRegistration, ...]:
    """One without anything, one that signs its requests, one whose assertions are encrypted."""
    own = make_key_pair("provider")
    return (
        AppRegistration(
            app_id=PLAIN_ID,
            display_name="Plain",
            saml=SamlSettings(
                entity_ids=(PLAIN,),
                reply_urls=("https://plain.example/acs", "https://plain.example/second?x=1"),
                logout_url="https://plain.example/slo",
                relay_state="https://plain.example/start",
            ),
        ),
        AppRegistration(
            app_id=SIGNED_ID,
            display_name="Signed",
            saml=SamlSettings(
                entity_ids=(SIGNED,),
                reply_urls=("https://signed.example/acs",),
                logout_url="https://signed.example/slo",
                request_certificate=own.certificate,
                signing="both",
                name_id="persistent",
                group_claims=True,
            ),
        ),
        AppRegistration(
            app_id=ENCRYPTED_ID,
            display_name="Encrypted",
            saml=SamlSettings(
                entity_ids=(ENCRYPTED,),
                reply_urls=("https://encrypted.example/acs",),
                encryption_certificate=own.certificate,
                signing="response",
                name_id="transient",
            ),
        ),
    )


@dataclass
class Provider:
    """A service provider with its settings, which a test may change."""

    sandbox: Sandbox
    browser: Browser
    entity_id: str
    host: str
    signs: bool = False
    security: dict[str, Any] = field(default_factory=dict)
    name_id_format: str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    metadata: str = ""

    def auth(self, fields: dict[str, str] | None = None, query: str = "") -> Any:
        """python3-saml for one request of a browser."""
        request = {
            "https": "on",
            "http_host": self.host,
            "script_name": "/slo" if query else "/acs",
            "get_data": dict(parse_qsl(query)),
            "post_data": fields or {},
            "query_string": query,
        }
        return OneLogin_Saml2_Auth(request, self._settings())

    def sign_in(self, name: str = "Ada Lovelace", **options: Any) -> tuple[Any, Page]:
        """Sign in from the application; the processed answer and the page that carried it."""
        auth = self.auth()
        page = self.browser.open(auth.login("/after", **options))
        if name in page.buttons:
            page = self.browser.press(page, name)
        return self.receive(page, auth.get_last_request_id()), page

    def receive(self, page: Page, request_id: str | None = None) -> Any:
        """The application gets what the page would post."""
        auth = self.auth(page.forms[0].fields)
        auth.process_response(request_id=request_id)
        return auth

    def _settings(self) -> dict[str, Any]:
        own = make_key_pair("provider")
        parsed = read_metadata(self.metadata or fetch_metadata(self.sandbox, self.browser))
        security = {
            "authnRequestsSigned": self.signs,
            "logoutRequestSigned": self.signs,
            "wantAssertionsSigned": False,
            "wantMessagesSigned": False,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
        }
        return {
            "strict": True,
            "sp": {
                "entityId": self.entity_id,
                "assertionConsumerService": {"url": f"https://{self.host}/acs"},
                "singleLogoutService": {"url": f"https://{self.host}/slo"},
                "NameIDFormat": self.name_id_format,
                "privateKey": own.key,
                "x509cert": own.certificate,
            },
            "idp": parsed["idp"],
            "security": security | self.security,
        }


@cache
def read_metadata(text: str) -> dict[str, Any]:
    """What python3-saml takes from metadata."""
    parsed: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(text)
    return parsed


def fetch_metadata(sandbox: Sandbox, browser: Browser) -> str:
    """As a program fetches it."""
    path = f"/{TENANT_ID}/federationmetadata/2007-06/federationmetadata.xml"
    answer = browser.session.get(sandbox.login_url + path)
    assert answer.status_code == 200, answer.text
    return answer.text


def decode(page: Page) -> str:
    """The XML of the response that a page would post."""
    return base64.b64decode(page.forms[0].fields["SAMLResponse"]).decode()
