"""The control API: what a test may do to the tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import DAEMON_ID, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, authorize_url, get_tokens, post_token

Control = Callable[..., requests.Response]


@pytest.fixture
def control(sandbox: Sandbox, http: requests.Session) -> Control:
    def call(name: str, body: Any = None, key: str | None = None) -> requests.Response:
        return http.post(
            f"{sandbox.login_url}/_sandbox/control/{name}",
            json=body or {},
            headers={"Authorization": f"Bearer {key or sandbox.control_key}"},
            verify=str(sandbox.ca_file),
        )

    return call


def test_grants_are_revoked(
    sandbox: Sandbox, browser: Browser, http: requests.Session, control: Control
) -> None:
    token = get_tokens(sandbox, browser, http)["refresh_token"]
    assert control("revoke-grants", {"user": "person1@small.example"}).status_code == 204
    response = post_token(sandbox, http, {"grant_type": "refresh_token", "refresh_token": token})
    assert response.json()["error_codes"] == [50173]


def test_an_account_is_disabled_and_enabled(
    sandbox: Sandbox, browser: Browser, http: requests.Session, control: Control
) -> None:
    token = get_tokens(sandbox, browser, http)["refresh_token"]
    for enabled, expected in ((False, 400), (True, 200)):
        control("set-account", {"user": "person1@small.example", "enabled": enabled})
        response = post_token(
            sandbox, http, {"grant_type": "refresh_token", "refresh_token": token}
        )
        assert response.status_code == expected


def test_keys_rotate_and_the_clock_moves(sandbox: Sandbox, control: Control) -> None:
    before = sandbox.entra.keys.current.kid
    assert control("rotate-keys").status_code == 204
    assert sandbox.entra.keys.current.kid != before
    assert control("set-clock", {"offset_seconds": 3600}).status_code == 204
    assert sandbox.clock.offset.total_seconds() == 3600


def test_a_token_is_issued_without_a_sign_in(
    sandbox: Sandbox, control: Control, http: requests.Session
) -> None:
    def caller(**body: str) -> Any:
        token = control("issue-token", body).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(
            f"{sandbox.graph_url}/v1.0/me", headers=headers, verify=str(sandbox.ca_file)
        ).json()

    assert caller(app="daemon") == {
        "app_id": DAEMON_ID,
        "tenant_id": TENANT_ID,
        "user_id": None,
        "scopes": [],
        "roles": ["Mail.Read", "User.Read.All"],
    }
    person = sandbox.tenant.people[0]
    asked = caller(app=WEB_ID, user=person.user_principal_name, permissions="User.Read Mail.Read")
    assert (asked["user_id"], asked["scopes"]) == (person.id, ["Mail.Read", "User.Read"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "'app' must be a str"),
        ({"app": "Fish"}, "No app registration is called 'Fish'"),
        ({"app": "Daemon", "user": "nobody@x.example"}, "Nobody in the tenant has the id"),
        ({"app": "Daemon", "permissions": ["Mail.Read"]}, "'permissions' must be a str"),
    ],
)
def test_a_token_for_nobody_is_refused(control: Control, body: Any, told: str) -> None:
    answer = control("issue-token", body)
    assert answer.status_code == 400
    assert told in answer.json()["error"]


def test_a_redirect_uri_is_registered_and_used(
    sandbox: Sandbox, browser: Browser, http: requests.Session, control: Control
) -> None:
    uri = "http://localhost:8123/auth/callback/me"
    body = {"client_id": WEB_ID, "redirect_uri": uri}
    url = authorize_url(sandbox, redirect_uri=uri)
    assert "AADSTS50011" in browser.open(url).text
    for _ in range(2):
        assert control("register-redirect-uri", body).status_code == 204
    assert "AADSTS50011" not in browser.open(url).text
    assert sandbox.entra.directory.find_app(WEB_ID).redirect_uris.count(uri) == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("register-redirect-uri", {"client_id": WEB_ID}),
        ("register-redirect-uri", {"client_id": "nobody", "redirect_uri": "http://localhost"}),
        ("register-redirect-uri", {"client_id": WEB_ID, "redirect_uri": "javascript:alert(1)"}),
        ("register-redirect-uri", {"client_id": WEB_ID, "redirect_uri": "http:///x"}),
        ("revoke-grants", {}),
        ("revoke-grants", {"user": 1}),
        ("revoke-grants", {"user": "nobody"}),
        ("set-account", {"user": "person1@small.example", "enabled": "yes"}),
        ("set-clock", {"offset_seconds": "1"}),
        ("set-clock", {"offset_seconds": True}),
        ("set-clock", {"offset_seconds": 10**12}),
        ("set-clock", [1]),
    ],
)
def test_a_bad_control_request_is_refused(control: Control, name: str, body: Any) -> None:
    assert control(name, body).status_code == 400


def test_a_body_that_is_no_json_is_refused(sandbox: Sandbox, http: requests.Session) -> None:
    for data in (b"{", b"[" * 60_000, b"x" * 70_000):
        response = http.post(
            f"{sandbox.login_url}/_sandbox/control/set-clock",
            data=data,
            headers={"Authorization": f"Bearer {sandbox.control_key}"},
            verify=str(sandbox.ca_file),
        )
        assert response.status_code == 400


def test_without_the_key_nothing_happens(sandbox: Sandbox, control: Control) -> None:
    before = sandbox.entra.keys.current.kid
    assert control("rotate-keys", key="wrong").status_code == 401
    assert sandbox.entra.keys.current.kid == before
