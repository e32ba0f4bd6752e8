"""Nonsense at every address of Entra ID: refused with a code, never a failure of the sandbox."""

from __future__ import annotations

import base64
import json
import random
import time
from typing import Any

import jwt
import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID, WEB_ID
from tests.sandbox.entra.rich_tenant import (
    ASSERTION_TYPE,
    CERTIFICATE_ID,
    DEVICE_ID,
    FEDERATED_ID,
    ISSUER,
    MIDDLE_ID,
    MIDDLE_SECRET,
    NEIGHBOUR_ID,
    SUBJECT,
    identity,
)

ODD: list[Any] = [
    *(None, 0, -1, 1e308, float("inf"), float("nan"), 10**40, True, "", "x", "é" * 50, "\x00"),
    *([], {}, [1], {"a": 1}, ISSUER, SUBJECT, CERTIFICATE_ID),
]
TEXTS = [
    *("", "x", "é", "\t", '"', "//", "a/b/c", "[[[[", "openid", "User.Read", "none", "login"),
    *("https://graph.microsoft.com/.default", "api://middle/.default", "api://middle/Notes.Read"),
    *('{"access_token": []}', '{"access_token": {"xms_cc": {"values": ["cp1"]}}}'),
]
GRANTS = [
    *("client_credentials", "authorization_code", "refresh_token", "x"),
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:device_code",
]
CLIENTS = [CERTIFICATE_ID, FEDERATED_ID, MIDDLE_ID, DEVICE_ID, WEB_ID, "x"]
NAMES = [
    *("scope", "claims", "code", "refresh_token", "device_code", "requested_token_use"),
    *("redirect_uri", "code_verifier", "user_code", "domain_hint", "login_hint", "prompt", "tx"),
]
PATHS = [
    *[f"/{TENANT_ID}/oauth2/v2.0/token"] * 5,
    *("/common/oauth2/v2.0/token", f"/{NEIGHBOUR_ID}/oauth2/v2.0/token"),
    *(f"/{TENANT_ID}/oauth2/v2.0/{name}" for name in ("devicecode", "authorize", "logout")),
    *(f"/{TENANT_ID}/{name}" for name in ("login", "password", "consent")),
    "/devicelogin",
]


def encode(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def odd_assertion(sandbox: Sandbox, chance: random.Random) -> str:
    """Something like a JWT; every second one truly signed, with one odd claim or header."""
    header: dict[str, Any] = {"x5t#S256": identity("own").x5t_s256}
    claims: Any = {
        "aud": f"{sandbox.login_url}/{TENANT_ID}/v2.0",
        "iss": CERTIFICATE_ID,
        "sub": CERTIFICATE_ID,
        "exp": int(time.time()) + 60,
    }
    if chance.random() < 0.5:
        names = ("alg", "kid", "x5t", "x5c", "x5t#S256", "typ", "crit")
        header |= {name: chance.choice(ODD) for name in chance.sample(names, 3)}
        header["alg"] = chance.choice(["RS256", "PS256", "none", "HS256", 7])
        claims = chance.choice([claims, claims | {"iss": ISSUER}, [], "x", None])
        return f"{encode(header)}.{encode(claims)}.{encode('signature')}"
    claims[chance.choice(["aud", "iss", "sub", "exp", "nbf", "iat", "jti"])] = chance.choice(ODD)
    try:
        return jwt.encode(claims, identity("own").key, "PS256", headers=header)
    except (TypeError, ValueError):  # what the library itself does not sign
        return "x"


@pytest.mark.parametrize("seed", range(3))
def test_nonsense_is_refused_with_a_code(
    shared_rich: Sandbox, http: requests.Session, seed: int
) -> None:
    chance = random.Random(seed)
    http.verify = str(shared_rich.ca_file)
    codes = set()
    for _ in range(80):
        fields = {"grant_type": chance.choice(GRANTS), "client_id": chance.choice(CLIENTS)}
        fields |= {name: chance.choice(TEXTS) for name in NAMES if chance.random() < 0.4}
        fields["response_type"] = "code"
        if chance.random() < 0.6:
            fields["client_assertion_type"] = ASSERTION_TYPE
            fields["client_assertion"] = odd_assertion(shared_rich, chance)
        else:
            fields["client_secret"] = MIDDLE_SECRET
        fields["assertion"] = odd_assertion(shared_rich, chance)
        path = chance.choice(PATHS)
        answer = http.post(shared_rich.login_url + path, data=fields, allow_redirects=False)
        assert answer.status_code in (200, 302, 303, 400, 401), (path, fields, answer.text)
        if path.endswith("/token") and answer.status_code != 200:
            codes.update(answer.json()["error_codes"])
    assert len(codes) > 5
