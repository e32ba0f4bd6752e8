"""A tenant with a registration of every kind and a neighbour, and the keys that belong to it."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

from graphwright_sandbox.groups import Groups
from graphwright_sandbox.people import People
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import (
    AppRegistration,
    ExposedScope,
    FederatedCredential,
    Person,
    Tenant,
)
from tests.sandbox.conftest import TENANT_ID, create_small_tenant

CERTIFICATE_ID = "cccccccc-0000-4000-8000-000000000001"
FEDERATED_ID = "cccccccc-0000-4000-8000-000000000002"
MIDDLE_ID = "cccccccc-0000-4000-8000-000000000003"
OTHER_MIDDLE_ID = "cccccccc-0000-4000-8000-000000000004"
DEVICE_ID = "cccccccc-0000-4000-8000-000000000005"
NEIGHBOUR_ID = "22222222-2222-4333-8444-555555555555"
MIDDLE_SECRET = "middle-secret"
ISSUER = "https://builds.example"
SUBJECT = "repo:small/sons:main"
EXCHANGE = "api://AzureADTokenExchange"
EVA = "eva@neighbour.example"
EVA_ID = "dddddddd-0000-4000-8000-000000000001"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Identity:
    """A key and the certificate that it signed for itself."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def private_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def x5t(self) -> str:
        digest = self.certificate.fingerprint(hashes.SHA1())  # noqa: S303
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def x5t_s256(self) -> str:
        digest = self.certificate.fingerprint(hashes.SHA256())
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def x5c(self) -> list[str]:
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return [base64.b64encode(der).decode()]

    @property
    def jwks(self) -> str:
        jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return json.dumps({"keys": [jwk | {"kid": "builds-1"}]})


@cache
def identity(name: str, days: int = 30) -> Identity:
    """The one of this name; with negative days its certificate is over."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    end = datetime.now(UTC) + timedelta(days=days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=60))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    return Identity(key, certificate)


def create_rich_tenant(**changes: Any) -> Tenant:
    """The small tenant with more registrations, and a neighbour whose only person is Eva."""
    small = create_small_tenant()
    middle = AppRegistration(
        app_id=MIDDLE_ID,
        display_name="Middle",
        secrets=(MIDDLE_SECRET,),
        identifier_uris=("api://middle",),
        exposed_scopes=(ExposedScope(name="Notes.Read", title="Read your notes"),),
        delegated_permissions=("User.Read", "offline_access"),
        admin_consented=True,
    )
    tenant = replace(
        small,
        app_registrations=(
            *small.app_registrations,
            AppRegistration(
                app_id=CERTIFICATE_ID,
                display_name="Certificate",
                certificates=(identity("former", -1).pem, identity("own").pem),
                redirect_uris=("http://localhost:8100/cb",),
                application_permissions=("User.Read.All",),
                admin_consented=True,
            ),
            AppRegistration(
                app_id=FEDERATED_ID,
                display_name="Federated",
                federated_credentials=(
                    FederatedCredential(
                        name="builds", issuer=ISSUER, subject=SUBJECT, keys=identity("builds").jwks
                    ),
                ),
                application_permissions=("User.Read.All",),
                admin_consented=True,
            ),
            middle,
            replace(
                middle,
                app_id=OTHER_MIDDLE_ID,
                display_name="Other middle",
                identifier_uris=("api://other-middle",),
            ),
            AppRegistration(
                app_id=DEVICE_ID,
                display_name="Device",
                public_client=True,
                redirect_uris=("http://localhost",),
                front_channel_logout_url="https://device.example/out?x=1",
                sign_in_audience="AzureADMultipleOrgs",
                delegated_permissions=("User.Read", "User.Read.All", "api://middle/Notes.Read"),
            ),
        ),
        neighbours=(_create_neighbour(),),
    )
    return replace(tenant, **changes)


def _create_neighbour() -> Tenant:
    eva = Person(
        id=EVA_ID,
        user_principal_name=EVA,
        display_name="Eva Next",
        given_name="Eva",
        surname="Next",
        job_title="",
        department="",
        office_location="",
        mail=EVA,
    )
    return Tenant(
        id=NEIGHBOUR_ID,
        domain="neighbour.example",
        display_name="Neighbour",
        people=People([eva]),
        groups=Groups(),
        app_registrations=(),
    )


RichStart = Callable[..., Sandbox]


def client_assertion(
    sandbox: Sandbox,
    name: str = "own",
    *,
    algorithm: str = "PS256",
    key: Any = None,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A good assertion of the application with the certificate, with some claims changed."""
    now = int(sandbox.clock().timestamp())
    one = identity(name)
    claims = {
        "aud": f"{sandbox.login_url}/{TENANT_ID}/oauth2/v2.0/token",
        "iss": CERTIFICATE_ID,
        "sub": CERTIFICATE_ID,
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + 600,
    }
    sent = {name: value for name, value in (claims | changes).items() if value is not None}
    headers = {"x5t#S256": one.x5t_s256} if header is None else header
    return jwt.encode(sent, key or one.key, algorithm=algorithm, headers=headers)


def federated_assertion(sandbox: Sandbox, **changes: Any) -> str:
    """A good assertion of the workload that the federated application trusts."""
    federated = {"iss": ISSUER, "sub": SUBJECT, "aud": EXCHANGE}
    return client_assertion(
        sandbox, "builds", algorithm="RS256", header={"kid": "builds-1"}, **(federated | changes)
    )


def with_assertion(assertion: str, client_id: str = CERTIFICATE_ID) -> dict[str, str | None]:
    """Client credentials proved by an assertion."""
    return {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        "client_id": client_id,
        "client_secret": None,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
