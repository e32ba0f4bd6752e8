"""What clients learn before they ask."""

from __future__ import annotations

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID


@pytest.mark.parametrize(
    ("segment", "tenant", "issuer"),
    [
        (TENANT_ID, TENANT_ID, TENANT_ID),
        (TENANT_ID.upper(), TENANT_ID, TENANT_ID),
        ("small.example", TENANT_ID, TENANT_ID),
        ("common", "common", "{tenantid}"),
        ("organizations", "organizations", "{tenantid}"),
    ],
)
def test_the_configuration_names_the_endpoints(
    shared_sandbox: Sandbox, http: requests.Session, segment: str, tenant: str, issuer: str
) -> None:
    login, browser = shared_sandbox.login_url, shared_sandbox.browser_url
    url = f"{login}/{segment}/v2.0/.well-known/openid-configuration"
    body = http.get(url, verify=str(shared_sandbox.ca_file)).json()
    assert body["issuer"] == f"{login}/{issuer}/v2.0"
    assert body["token_endpoint"] == f"{login}/{tenant}/oauth2/v2.0/token"
    assert body["jwks_uri"] == f"{login}/{tenant}/discovery/v2.0/keys"
    assert body["authorization_endpoint"] == f"{browser}/{tenant}/oauth2/v2.0/authorize"
    assert body["end_session_endpoint"] == f"{browser}/{tenant}/oauth2/v2.0/logout"


@pytest.mark.parametrize(
    ("segment", "code"),
    [("00000000-0000-4000-8000-000000000000", 90002), ("other.example", 90002), ("x_y", 900023)],
)
@pytest.mark.parametrize("path", ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"])
def test_an_unknown_tenant_is_refused(
    shared_sandbox: Sandbox, http: requests.Session, segment: str, code: int, path: str
) -> None:
    url = f"{shared_sandbox.login_url}/{segment}/{path}"
    response = http.get(url, verify=str(shared_sandbox.ca_file))
    assert response.status_code == 400
    assert response.json()["error_codes"] == [code]


def test_published_keys_hold_no_private_part(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    url = f"{shared_sandbox.login_url}/{TENANT_ID}/discovery/v2.0/keys"
    for key in http.get(url, verify=str(shared_sandbox.ca_file)).json()["keys"]:
        assert key.keys() == {"kty", "use", "kid", "n", "e", "issuer"}


def test_instance_discovery_knows_the_sandbox(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    url = f"{shared_sandbox.login_url}/common/discovery/instance"
    body = http.get(url, verify=str(shared_sandbox.ca_file)).json()
    assert body["tenant_discovery_endpoint"].startswith(shared_sandbox.login_url)


def test_the_browsers_port_gives_pages_only(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    base = shared_sandbox.browser_url
    start = http.get(base)
    assert "Small &amp; Sons" in start.text
    assert "daemon-secret" not in start.text
    assert http.get(f"{base}/_sandbox/style.css").headers["content-type"].startswith("text/css")
    for path in (
        "/v1.0/me",
        f"/{TENANT_ID}/v2.0/.well-known/openid-configuration",
        "/_sandbox/control/rotate-keys",
    ):
        assert http.get(base + path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:1", "[broken", ""])
def test_another_host_name_is_refused(
    shared_sandbox: Sandbox, http: requests.Session, host: str
) -> None:
    response = http.get(shared_sandbox.browser_url, headers={"Host": host})
    assert response.status_code == 421
