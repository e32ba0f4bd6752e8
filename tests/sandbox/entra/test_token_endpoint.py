"""The token endpoint: what is issued, how a client authenticates, which request is malformed."""

from __future__ import annotations

import base64
import uuid
from urllib.parse import quote_plus

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import (
    DAEMON_ID,
    NATIVE_ID,
    SECRET,
    TENANT_ID,
    WEB_ID,
)
from tests.sandbox.entra.browser import Browser, get_code, get_tokens, post_token
from tests.sandbox.entra.requests_at_token import (
    ADA_ID,
    APPLICATION,
    GRAPH,
    assert_refused,
    read_claims,
    redeem,
)


def test_a_code_buys_every_token(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(sandbox, browser, http, nonce="n-1")
    assert body["token_type"] == "Bearer"
    assert body["scope"] == "User.Read email openid profile"
    assert 3600 <= int(body["expires_in"]) <= 5400
    assert body["ext_expires_in"] == body["expires_in"]
    padded = body["client_info"] + "=="
    assert base64.urlsafe_b64decode(padded) == (
        f'{{"uid": "{ADA_ID}", "utid": "{TENANT_ID}"}}'.encode()
    )
    claims = read_claims(body["id_token"])
    assert claims["nonce"] == "n-1"
    assert claims["iss"] == f"{sandbox.login_url}/{TENANT_ID}/v2.0"
    assert (claims["aud"], claims["oid"], claims["tid"]) == (WEB_ID, ADA_ID, TENANT_ID)
    assert claims["preferred_username"] == "person1@small.example"
    assert claims["name"] == "Ada Lovelace"
    assert claims["ver"] == "2.0"
    access = read_claims(body["access_token"])
    assert access["ver"] == "1.0"
    assert access["iss"] == f"https://sts.windows.net/{TENANT_ID}/"
    assert access["scp"] == "User.Read email openid profile"
    assert (access["appid"], access["upn"]) == (WEB_ID, "person1@small.example")


def test_the_subject_is_another_for_every_application(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    first = read_claims(get_tokens(sandbox, browser, http)["id_token"])
    code = get_code(
        sandbox,
        browser,
        client_id=NATIVE_ID,
        redirect_uri="http://localhost:1",
        scope="openid profile",
    )
    native = redeem(
        sandbox,
        http,
        code,
        client_id=NATIVE_ID,
        client_secret=None,
        redirect_uri="http://localhost:1",
    ).json()
    second = read_claims(native["id_token"])
    assert first["oid"] == second["oid"]
    assert first["sub"] != second["sub"]


@pytest.mark.parametrize(
    ("scope", "expected", "audience"),
    [
        ("user.read", "User.Read", "00000003-0000-0000-c000-000000000000"),
        (f"{GRAPH}/User.Read", f"{GRAPH}/User.Read", GRAPH),
        (f"{GRAPH}//User.Read", f"{GRAPH}/User.Read", GRAPH),
        (
            f"{GRAPH}/.default",
            f"{GRAPH}/Calendars.ReadWrite {GRAPH}/User.Read {GRAPH}/.default",
            GRAPH,
        ),
    ],
)
def test_scopes_are_answered_as_they_were_spelled(
    sandbox: Sandbox,
    browser: Browser,
    http: requests.Session,
    scope: str,
    expected: str,
    audience: str,
) -> None:
    body = get_tokens(sandbox, browser, http, scope=scope)
    assert body["scope"] == expected
    assert read_claims(body["access_token"])["aud"] == audience
    assert "id_token" not in body
    assert "refresh_token" not in body


def test_scopes_may_name_the_sandbox_itself(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(sandbox, browser, http, scope=f"{sandbox.graph_url}/User.Read")
    assert body["scope"] == f"{sandbox.graph_url}/User.Read"
    assert read_claims(body["access_token"])["aud"] == GRAPH


def test_an_id_token_without_profile_names_nobody(
    shared_sandbox: Sandbox, shared_browser: Browser, http: requests.Session
) -> None:
    claims = read_claims(
        get_tokens(shared_sandbox, shared_browser, http, scope="openid")["id_token"]
    )
    assert not {"oid", "name", "email", "preferred_username"} & claims.keys()


def test_graph_knows_the_user_and_the_scopes(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    token = get_tokens(sandbox, browser, http)["access_token"]
    caller = http.get(
        f"{sandbox.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {token}"},
        verify=str(sandbox.ca_file),
    ).json()
    assert caller["user_id"] == ADA_ID
    assert caller["app_id"] == WEB_ID
    assert "User.Read" in caller["scopes"]
    assert caller["roles"] == []


@pytest.mark.parametrize("basic", [False, True])
def test_client_credentials_carry_the_roles(
    shared_sandbox: Sandbox, http: requests.Session, basic: bool
) -> None:
    fields: dict[str, str | None] = {"client_id": DAEMON_ID, "client_secret": "daemon-secret"}
    headers = None
    if basic:
        value = base64.b64encode(f"{DAEMON_ID}:daemon-secret".encode()).decode()
        fields, headers = (
            {"client_id": None, "client_secret": None},
            {"Authorization": f"Basic {value}"},
        )
    response = post_token(
        shared_sandbox,
        http,
        APPLICATION | fields,
        headers=headers,
    )
    body = response.json()
    assert "refresh_token" not in body
    assert "id_token" not in body
    claims = read_claims(body["access_token"])
    assert claims["roles"] == ["Mail.Read", "User.Read.All"]
    assert claims["idtyp"] == "app"
    assert "scp" not in claims


def test_roles_without_an_administrators_consent_are_not_granted(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    body = post_token(shared_sandbox, http, APPLICATION).json()
    assert "roles" not in read_claims(body["access_token"])


def test_basic_authentication_form_decodes_both_parts(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    value = base64.b64encode(f"{WEB_ID}:{quote_plus(SECRET)}".encode()).decode()
    response = post_token(
        shared_sandbox,
        http,
        APPLICATION | {"client_secret": None},
        headers={"Authorization": f"Basic {value}"},
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("tenant", "fields", "code", "error", "status"),
    [
        (TENANT_ID, {}, 900144, "invalid_request", 400),
        (TENANT_ID, {"grant_type": "password"}, 70003, "unsupported_grant_type", 400),
        (TENANT_ID, {"client_id": None}, 900144, "invalid_request", 400),
        (TENANT_ID, {"client_id": str(uuid.uuid4())}, 700016, "unauthorized_client", 400),
        (TENANT_ID, {"client_id": "' or 1=1"}, 700016, "unauthorized_client", 400),
        (str(uuid.UUID(int=1)), {}, 90002, "invalid_request", 400),
        ("not_a_tenant", {}, 900023, "invalid_request", 400),
        ("common", {}, 50059, "invalid_request", 400),
        (TENANT_ID, {"client_secret": "wrong"}, 7000215, "invalid_client", 401),
        (TENANT_ID, {"client_secret": "pässwörd😀"}, 7000215, "invalid_client", 401),
        (TENANT_ID, {"client_secret": None}, 7000216, "invalid_client", 401),
        (TENANT_ID, {"client_id": NATIVE_ID}, 700025, "invalid_client", 401),
        (
            TENANT_ID,
            {"client_id": NATIVE_ID, "client_secret": None},
            7000216,
            "invalid_client",
            401,
        ),
        (
            TENANT_ID,
            {"client_secret": None, "client_assertion": "x.y.z"},
            900144,
            "invalid_request",
            400,
        ),
        (TENANT_ID, {"scope": None}, 900144, "invalid_request", 400),
        (TENANT_ID, {"scope": "User.Read"}, 1002012, "invalid_scope", 400),
        (TENANT_ID, {"scope": f"{GRAPH}/User.Read"}, 1002012, "invalid_scope", 400),
        (TENANT_ID, {"scope": f"{GRAPH}/.default openid"}, 70011, "invalid_scope", 400),
        (TENANT_ID, {"scope": "/.default"}, 70011, "invalid_scope", 400),
        (TENANT_ID, {"scope": 'a"/.default'}, 70011, "invalid_scope", 400),
        (
            TENANT_ID,
            {"scope": "https://vault.example/.default"},
            500011,
            "invalid_resource",
            400,
        ),
    ],
)
def test_a_bad_client_credentials_request_is_refused(
    shared_sandbox: Sandbox,
    http: requests.Session,
    tenant: str,
    fields: dict[str, str | None],
    code: int,
    error: str,
    status: int,
) -> None:
    sent = APPLICATION | fields if fields or tenant != TENANT_ID else {}
    response = post_token(shared_sandbox, http, sent, tenant=tenant)
    assert_refused(response, code, error, status)
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"\xff").decode()]
)
def test_a_broken_authorization_header_is_refused(
    shared_sandbox: Sandbox, http: requests.Session, header: str
) -> None:
    response = post_token(
        shared_sandbox,
        http,
        APPLICATION | {"client_secret": None},
        headers={"Authorization": header},
    )
    assert_refused(response, 9002313, "invalid_request")


def test_two_ways_of_authentication_at_once_are_refused(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    value = base64.b64encode(f"{WEB_ID}:{quote_plus(SECRET)}".encode()).decode()
    response = post_token(
        shared_sandbox,
        http,
        APPLICATION,
        headers={"Authorization": f"Basic {value}"},
    )
    assert_refused(response, 9002313, "invalid_request")


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded", 9000411),
        (b"grant_type=%FF", "application/x-www-form-urlencoded", 9002313),
        ("grant_type=ü".encode(), "application/x-www-form-urlencoded", 9002313),
        (b"x=1&" * 200, "application/x-www-form-urlencoded", 9002313),
        (b"grant_type=" + b"x" * 70_000, "application/x-www-form-urlencoded", 9002313),
        (b'{"grant_type": "client_credentials"}', "application/json", 900144),
        (b"", "application/x-www-form-urlencoded", 900144),
    ],
)
def test_a_malformed_body_is_refused(
    shared_sandbox: Sandbox, http: requests.Session, body: bytes, kind: str, code: int
) -> None:
    response = http.post(
        f"{shared_sandbox.login_url}/{TENANT_ID}/oauth2/v2.0/token",
        data=body,
        headers={"Content-Type": kind},
        verify=str(shared_sandbox.ca_file),
    )
    assert_refused(response, code, "invalid_request")


def test_the_token_endpoint_takes_post_only_and_tls_only(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    path = f"/{TENANT_ID}/oauth2/v2.0/token"
    response = http.get(shared_sandbox.login_url + path, verify=str(shared_sandbox.ca_file))
    assert_refused(response, 900561, "invalid_request")
    assert http.post(shared_sandbox.browser_url + path).status_code == 404


def test_the_correlation_id_of_the_request_comes_back(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    sent = str(uuid.uuid4())
    response = post_token(shared_sandbox, http, {}, headers={"client-request-id": sent})
    assert response.json()["correlation_id"] == sent
    response = post_token(shared_sandbox, http, {}, headers={"client-request-id": "<nonsense>"})
    assert "nonsense" not in response.text
