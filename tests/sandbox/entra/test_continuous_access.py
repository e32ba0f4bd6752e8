"""Continuous access evaluation: what happens to an account counts at once, for clients that can."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msal
import pytest
import requests

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import REDIRECT_URI, SECRET, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, get_tokens
from tests.sandbox.entra.requests_at_token import ADA_ID, assert_refused, read_claims, refresh
from tests.sandbox.entra.rich_tenant import RichStart

CAPABLE = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'
SCOPES = ["User.Read"]


@pytest.fixture
def live(start_rich: RichStart) -> Iterator[Sandbox]:
    """A sandbox with the true Microsoft Graph."""
    with start_rich(create_graph_app) as running:
        yield running


@pytest.fixture
def live_browser(live: Sandbox) -> Iterator[Browser]:
    with Browser(live) as one:
        yield one


def control(sandbox: Sandbox, http: requests.Session, name: str, **body: Any) -> None:
    response = http.post(
        f"{sandbox.login_url}/_sandbox/control/{name}",
        json={"user": ADA_ID, **body},
        headers={"Authorization": f"Bearer {sandbox.control_key}"},
        verify=str(sandbox.ca_file),
    )
    assert response.status_code == 204, response.text


def read_me(sandbox: Sandbox, http: requests.Session, token: str) -> requests.Response:
    return http.get(
        f"{sandbox.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {token}"},
        verify=str(sandbox.ca_file),
    )


def claims_of(response: requests.Response) -> str:
    """The claims of a challenge, as a client reads them."""
    header = response.headers["WWW-Authenticate"]
    assert 'error="insufficient_claims"' in header
    assert 'authorization_uri="' in header
    found = re.search(r'claims="([^"]+)"', header)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_a_capable_client_is_challenged_and_a_request_with_the_claims_is_answered(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    http.verify = str(live.ca_file)
    client = msal.ConfidentialClientApplication(
        WEB_ID,
        client_credential=SECRET,
        authority=f"{live.login_url}/{TENANT_ID}",
        instance_discovery=False,
        http_client=http,
        client_capabilities=["CP1"],
    )
    flow = client.initiate_auth_code_flow(
        SCOPES, redirect_uri=REDIRECT_URI, response_mode="form_post"
    )
    answer = live_browser.sign_in(flow["auth_uri"]).forms[0].fields
    first = client.acquire_token_by_auth_code_flow(flow, answer)
    assert read_claims(first["access_token"])["xms_cc"] == ["CP1"]
    assert 86_400 <= first["expires_in"] < 86_400 + 14_400
    assert read_me(live, http, first["access_token"]).status_code == 200

    control(live, http, "revoke-access")
    refused = read_me(live, http, first["access_token"])
    assert refused.status_code == 401
    error = refused.json()["error"]
    assert error["code"] == "InvalidAuthenticationToken"
    assert "TokenIssuedBeforeRevocationTimestamp" in error["message"]
    claims = claims_of(refused)
    assert json.loads(claims)["access_token"]["nbf"]["essential"] is True
    (account,) = client.get_accounts()
    cached = client.acquire_token_silent(SCOPES, account)
    assert cached["access_token"] == first["access_token"]
    second = client.acquire_token_silent_with_error(SCOPES, account, claims_challenge=claims)
    assert read_me(live, http, second["access_token"]).status_code == 200
    asked = int(json.loads(claims)["access_token"]["nbf"]["value"])
    assert read_claims(second["access_token"])["nbf"] >= asked


def test_a_revoked_account_has_to_sign_in_again(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(live, live_browser, http, claims=CAPABLE)
    control(live, http, "revoke-grants")
    assert claims_of(read_me(live, http, body["access_token"]))
    assert_refused(refresh(live, http, body["refresh_token"]), 50173, "invalid_grant")
    again = get_tokens(live, live_browser, http, claims=CAPABLE)
    assert read_me(live, http, again["access_token"]).status_code == 200


def test_who_revokes_the_sessions_through_graph_is_challenged_too(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    scope = "openid offline_access User.Read User.RevokeSessions.All"
    body = get_tokens(live, live_browser, http, claims=CAPABLE, scope=scope)
    answer = http.post(
        f"{live.graph_url}/v1.0/me/revokeSignInSessions",
        headers={"Authorization": f"Bearer {body['access_token']}"},
        verify=str(live.ca_file),
    )
    assert answer.status_code == 200, answer.text
    assert claims_of(read_me(live, http, body["access_token"]))
    assert_refused(refresh(live, http, body["refresh_token"]), 50173, "invalid_grant")


def test_a_disabled_account_is_challenged_and_gets_nothing(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(live, live_browser, http, claims=CAPABLE)
    control(live, http, "set-account", enabled=False)
    refused = read_me(live, http, body["access_token"])
    assert "UserDisabledOrDeleted" in refused.text
    claims = claims_of(refused)
    response = refresh(live, http, body["refresh_token"], claims=claims)
    assert_refused(response, 50057, "invalid_grant")


def test_without_the_capability_a_token_lives_on_until_it_expires(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    body = get_tokens(live, live_browser, http)
    assert "xms_cc" not in read_claims(body["access_token"])
    assert int(body["expires_in"]) <= 5400
    control(live, http, "revoke-grants")
    assert read_me(live, http, body["access_token"]).status_code == 200
    live.clock.offset = timedelta(hours=2)
    expired = read_me(live, http, body["access_token"])
    assert expired.status_code == 401
    assert "insufficient_claims" not in expired.headers["WWW-Authenticate"]


def test_a_token_of_the_second_of_the_revocation_is_good_only_if_it_came_after(
    live: Sandbox, live_browser: Browser, http: requests.Session
) -> None:
    before = get_tokens(live, live_browser, http, claims=CAPABLE)
    control(live, http, "revoke-access")
    after = refresh(live, http, before["refresh_token"], claims=CAPABLE).json()
    assert read_me(live, http, before["access_token"]).status_code == 401
    assert read_me(live, http, after["access_token"]).status_code == 200
