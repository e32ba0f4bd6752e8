"""Resource data in notifications, decrypted as a receiver does, and lifecycle notifications."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import NameOID

from graphwright_sandbox.notifications.encryption import CertificateUnusable, read_certificate
from graphwright_sandbox.notifications.notifier import PUBLISHER
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.notifications.receiver import Receiver
from tests.sandbox.open_graph import APP_ID, create_open_graph

TENANT = create_tenant()
PERSON = TENANT.people.get(next(iter(TENANT.people)).id)
Ask = Callable[..., Any]


def create_certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def served(state: Any) -> Iterator[Sandbox]:
    with Sandbox.start(TENANT, state, create_graph=create_open_graph) as running:
        yield running


@pytest.fixture
def ask(served: Sandbox, http: requests.Session) -> Ask:
    def ask(method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        url = f"{served.graph_url}{path}"
        return http.request(method, url, json=body, headers=headers, verify=str(served.ca_file))

    return ask


def decrypt(content: dict[str, str], key: rsa.RSAPrivateKey) -> Any:
    """What a receiver does: unwrap the key, prove the data by it, then decrypt."""
    sha1 = hashes.SHA1()  # noqa: S303
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(sha1), sha1, None)
    secret = key.decrypt(base64.b64decode(content["dataKey"]), oaep)
    data = base64.b64decode(content["data"])
    proof = hmac.digest(secret, data, hashlib.sha256)
    assert base64.b64decode(content["dataSignature"]) == proof
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    padded = decryptor.update(data) + decryptor.finalize()
    return json.loads(unpadder.update(padded) + unpadder.finalize())


def test_resource_data_is_for_the_receiver_alone(
    served: Sandbox, ask: Ask, shared_receiver: Receiver, key: rsa.RSAPrivateKey
) -> None:
    shared_receiver.reset()
    certificate = create_certificate(key)
    subscription = {
        "changeType": "created",
        "notificationUrl": f"{shared_receiver.url}/told",
        "resource": "/me/messages?$select=subject,importance",
        "expirationDateTime": (datetime.now(UTC) + timedelta(minutes=60)).isoformat(),
        "includeResourceData": True,
        "encryptionCertificate": certificate,
        "encryptionCertificateId": "my-key",
    }
    made = ask("POST", "/v1.0/subscriptions", subscription)
    assert made.status_code == 201, made.text
    ask("POST", "/v1.0/me/messages", {"subject": "For you alone", "importance": "high"})
    body = shared_receiver.take()
    [told] = body["value"]
    content = told["encryptedContent"]
    assert "For you alone" not in json.dumps(body)
    assert content["encryptionCertificateId"] == "my-key"
    thumbprint = hashlib.sha1(base64.b64decode(certificate)).hexdigest()  # noqa: S324
    assert content["encryptionCertificateThumbprint"] == thumbprint.upper()
    record = decrypt(content, key)
    assert (record["subject"], record["importance"]) == ("For you alone", "high")
    assert "body" not in record
    assert record["id"] == told["resourceData"]["id"]
    [token] = body["validationTokens"]
    keys = served.entra.keys
    signing = keys.find(jwt.get_unverified_header(token)["kid"])
    assert signing is not None
    claims = jwt.decode(token, signing.private_key.public_key(), ["RS256"], audience=APP_ID)
    assert claims["appid"] == PUBLISHER
    assert claims["iss"] == f"https://sts.windows.net/{TENANT.id}/"


@pytest.mark.parametrize("event", ["missed", "reauthorizationRequired", "subscriptionRemoved"])
def test_a_test_may_send_any_lifecycle_notification(
    served: Sandbox, ask: Ask, shared_receiver: Receiver, event: str
) -> None:
    shared_receiver.reset()
    subscription = {
        "changeType": "created",
        "notificationUrl": f"{shared_receiver.url}/told",
        "lifecycleNotificationUrl": f"{shared_receiver.url}/lifecycle",
        "resource": "me/messages",
        "expirationDateTime": (datetime.now(UTC) + timedelta(minutes=60)).isoformat(),
    }
    made = ask("POST", "/v1.0/subscriptions", subscription).json()["id"]
    control = "/_sandbox/control/subscriptions"
    authorized = {"Authorization": f"Bearer {served.control_key}"}
    listed = ask("GET", control, **authorized).json()["subscriptions"]
    assert made in [one["id"] for one in listed]
    path = f"{control}/{made}/lifecycle"
    assert ask("POST", path, {"event": event}).status_code == 401
    assert ask("POST", path, {"event": "nonsense"}, **authorized).status_code == 400
    assert ask("POST", f"{control}/x/lifecycle", {"event": event}, **authorized).status_code == 404
    assert ask("POST", path, {"event": event}, **authorized).status_code == 204
    [told] = shared_receiver.take("/lifecycle")["value"]
    assert (told["lifecycleEvent"], told["subscriptionId"]) == (event, made)
    left = ask("GET", f"/v1.0/subscriptions/{made}").status_code
    assert left == (404 if event == "subscriptionRemoved" else 200)


def test_a_certificate_without_a_usable_rsa_key_is_refused() -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    curve = ec.generate_private_key(ec.SECP256R1())
    for other in (small, curve):
        with pytest.raises(CertificateUnusable, match="2048 to 4096"):
            read_certificate(create_certificate(other))
    with pytest.raises(CertificateUnusable, match=r"X\.509"):
        read_certificate("bm8=")
