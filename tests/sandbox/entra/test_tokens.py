"""Access tokens at Microsoft Graph: good ones pass, forged and foreign ones do not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import InvalidAuthenticationToken
from tests.sandbox.conftest import TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, get_tokens


def sign(sandbox: Sandbox, key: Any = None, headers: Any = None, **changes: Any) -> str:
    """A good access token of Ada, with some claims changed, signed by the sandbox or a stranger."""
    now = int(sandbox.clock().timestamp())
    claims = {
        "aud": "https://graph.microsoft.com",
        "iss": f"https://sts.windows.net/{TENANT_ID}/",
        "nbf": now,
        "exp": now + 600,
        "appid": WEB_ID,
        "tid": TENANT_ID,
        "idtyp": "user",
        "oid": "bbbbbbbb-0000-4000-8000-000000000001",
        "scp": "User.Read",
    }
    current = sandbox.entra.keys.current
    return jwt.encode(
        claims | changes,
        key or current.private_key,
        algorithm="RS256",
        headers={"kid": current.kid} | (headers or {}),
    )


def test_a_good_token_names_its_caller(shared_sandbox: Sandbox) -> None:
    caller = shared_sandbox.entra.tokens.authorize(f"Bearer {sign(shared_sandbox)}")
    assert caller.scopes == {"User.Read"}
    assert caller.user_id == "bbbbbbbb-0000-4000-8000-000000000001"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_no_token_is_refused(shared_sandbox: Sandbox, header: str | None) -> None:
    with pytest.raises(InvalidAuthenticationToken, match="Access token is empty"):
        shared_sandbox.entra.tokens.authorize(header)


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "..", "é.é.é", "e30.e30.e30"])
def test_nonsense_is_refused(shared_sandbox: Sandbox, token: str) -> None:
    with pytest.raises(InvalidAuthenticationToken) as error:
        shared_sandbox.entra.tokens.authorize(f"Bearer {token}")
    assert token not in error.value.message.split()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"aud": "https://vault.example"}, "audience"),
        ({"aud": WEB_ID}, "audience"),
        ({"aud": ["https://graph.microsoft.com"]}, "audience"),
        ({"iss": "https://sts.windows.net/other/"}, "issuer"),
        ({"exp": 1}, "expired"),
        ({"nbf": 9_999_999_999}, "not valid yet"),
    ],
)
def test_a_token_for_something_else_is_refused(
    shared_sandbox: Sandbox, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidAuthenticationToken, match=message):
        shared_sandbox.entra.tokens.authorize(f"Bearer {sign(shared_sandbox, **changes)}")


def test_a_token_signed_by_a_stranger_is_refused(shared_sandbox: Sandbox) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(InvalidAuthenticationToken, match="signature"):
        shared_sandbox.entra.tokens.authorize(f"Bearer {sign(shared_sandbox, stranger)}")
    unknown = sign(shared_sandbox, stranger, {"kid": "unknown"})
    with pytest.raises(InvalidAuthenticationToken, match="key is unknown"):
        shared_sandbox.entra.tokens.authorize(f"Bearer {unknown}")


def test_unsigned_and_symmetric_tokens_are_refused(shared_sandbox: Sandbox) -> None:
    header, payload, _ = sign(shared_sandbox).split(".")
    fields = json.loads(base64.urlsafe_b64decode(header + "=="))
    for algorithm in ("none", "HS256"):
        changed = json.dumps(fields | {"alg": algorithm}).encode()
        forged = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
        with pytest.raises(InvalidAuthenticationToken, match="signature"):
            shared_sandbox.entra.tokens.authorize(f"Bearer {forged}.{payload}.")


def test_an_id_token_is_no_access_token(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    id_token = get_tokens(sandbox, browser, http)["id_token"]
    response = http.get(
        f"{sandbox.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {id_token}"},
        verify=str(sandbox.ca_file),
    )
    assert response.status_code == 401


def test_a_short_lifetime_lets_a_client_see_expiry(
    start_sandbox: Callable[..., Sandbox], http: requests.Session
) -> None:
    with (
        start_sandbox(access_token_lifetime=timedelta(seconds=20)) as sandbox,
        Browser(sandbox) as browser,
    ):
        body = get_tokens(sandbox, browser, http)
        assert int(body["expires_in"]) == 20
        header = f"Bearer {body['access_token']}"
        assert sandbox.entra.tokens.authorize(header).app_id == WEB_ID
        sandbox.clock.offset = timedelta(seconds=21)
        with pytest.raises(InvalidAuthenticationToken, match="expired"):
            sandbox.entra.tokens.authorize(header)


def test_published_keys_verify_tokens_before_and_after_a_rotation(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    def verify(token: str) -> None:
        url = f"{sandbox.login_url}/{TENANT_ID}/discovery/v2.0/keys"
        keys = http.get(url, verify=str(sandbox.ca_file)).json()["keys"]
        kid = jwt.get_unverified_header(token)["kid"]
        key = RSAAlgorithm.from_jwk(next(one for one in keys if one["kid"] == kid))
        assert isinstance(key, rsa.RSAPublicKey)
        jwt.decode(token, key, algorithms=["RS256"], audience=WEB_ID)

    before = get_tokens(sandbox, browser, http)["id_token"]
    sandbox.entra.keys.rotate()
    after = get_tokens(sandbox, browser, http)["id_token"]
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    verify(before)
    verify(after)


def test_userinfo_answers_the_claims_of_the_scopes(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(sandbox, browser, http)
    url = f"{sandbox.graph_url}/oidc/userinfo"
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    claims = http.get(url, headers=headers, verify=str(sandbox.ca_file)).json()
    subject = jwt.decode(body["id_token"], options={"verify_signature": False})["sub"]
    assert (claims["sub"], claims["name"]) == (subject, "Ada Lovelace")
    assert claims["email"] == "person1@small.example"
    assert http.get(url, verify=str(sandbox.ca_file)).status_code == 401
