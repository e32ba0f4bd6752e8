"""Microsoft's own client library against the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msal
import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import DAEMON_ID, NATIVE_ID, REDIRECT_URI, SECRET, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser

SCOPES = ["User.Read", "Calendars.ReadWrite"]


@pytest.fixture
def trusting_http(sandbox: Sandbox, http: requests.Session) -> requests.Session:
    http.verify = str(sandbox.ca_file)
    return http


def create_web_client(sandbox: Sandbox, http: requests.Session, **changes: Any) -> Any:
    options = {"client_credential": SECRET, "authority": f"{sandbox.login_url}/{TENANT_ID}"}
    return msal.ConfidentialClientApplication(
        WEB_ID, instance_discovery=False, http_client=http, **(options | changes)
    )


def sign_in(client: Any, browser: Browser, name: str = "Ada Lovelace", **options: Any) -> Any:
    flow = client.initiate_auth_code_flow(
        SCOPES, redirect_uri=REDIRECT_URI, response_mode="form_post", **options
    )
    page = browser.sign_in(flow["auth_uri"], name)
    return client.acquire_token_by_auth_code_flow(flow, page.forms[0].fields)


@pytest.mark.parametrize("tenant", [TENANT_ID, "common", "organizations"])
def test_msal_signs_a_user_in_and_refreshes(
    sandbox: Sandbox, browser: Browser, trusting_http: requests.Session, tenant: str
) -> None:
    authority = f"{sandbox.login_url}/{tenant}"
    client = create_web_client(sandbox, trusting_http, authority=authority)
    result = sign_in(client, browser)
    assert result.get("error_description") is None
    assert result["id_token_claims"]["preferred_username"] == "person1@small.example"
    (account,) = client.get_accounts()
    assert account["home_account_id"] == f"bbbbbbbb-0000-4000-8000-000000000001.{TENANT_ID}"
    cached = client.acquire_token_silent(SCOPES, account)
    assert cached["access_token"] == result["access_token"]
    renewed = client.acquire_token_silent(SCOPES, account, force_refresh=True)
    assert renewed["access_token"] != result["access_token"]
    caller = trusting_http.get(
        f"{sandbox.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {renewed['access_token']}"},
    ).json()
    assert caller["user_id"] == account["local_account_id"]


def test_msal_keeps_two_users_apart(
    sandbox: Sandbox, browser: Browser, trusting_http: requests.Session
) -> None:
    client = create_web_client(sandbox, trusting_http)
    sign_in(client, browser)
    sign_in(client, browser, "宮本 茂", prompt="select_account")
    assert len({account["home_account_id"] for account in client.get_accounts()}) == 2


@pytest.mark.filterwarnings("ignore:response_mode='form_post':UserWarning")
def test_msal_signs_a_native_client_in(
    sandbox: Sandbox, browser: Browser, trusting_http: requests.Session
) -> None:
    client = msal.PublicClientApplication(
        NATIVE_ID,
        authority=f"{sandbox.login_url}/{TENANT_ID}",
        instance_discovery=False,
        http_client=trusting_http,
    )
    flow = client.initiate_auth_code_flow(["User.Read"], redirect_uri="http://localhost:51234")
    page = browser.sign_in(flow["auth_uri"])
    result = client.acquire_token_by_auth_code_flow(flow, page.answer)
    assert result["scope"].split() == ["User.Read", "openid", "profile"]


def test_msal_gets_a_token_for_the_application(
    sandbox: Sandbox, trusting_http: requests.Session
) -> None:
    client = msal.ConfidentialClientApplication(
        DAEMON_ID,
        client_credential="daemon-secret",
        authority=f"{sandbox.login_url}/{TENANT_ID}",
        instance_discovery=False,
        http_client=trusting_http,
    )
    scopes = ["https://graph.microsoft.com/.default"]
    result = client.acquire_token_for_client(scopes)
    assert result["token_source"] == "identity_provider"
    assert client.acquire_token_for_client(scopes)["token_source"] == "cache"
    caller = trusting_http.get(
        f"{sandbox.graph_url}/v1.0/users",
        headers={"Authorization": f"Bearer {result['access_token']}"},
    ).json()
    assert caller["roles"] == ["Mail.Read", "User.Read.All"]


def test_msal_reports_a_wrong_secret(sandbox: Sandbox, trusting_http: requests.Session) -> None:
    client = create_web_client(sandbox, trusting_http, client_credential="wrong")
    result = client.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert result["error"] == "invalid_client"
    assert result["error_codes"] == [7000215]


def test_msal_reports_declined_consent(
    sandbox: Sandbox, browser: Browser, trusting_http: requests.Session
) -> None:
    client = create_web_client(sandbox, trusting_http)
    flow = client.initiate_auth_code_flow(
        SCOPES, redirect_uri=REDIRECT_URI, response_mode="form_post"
    )
    page = browser.press(browser.open(flow["auth_uri"]), "Ada Lovelace")
    answer = browser.press(page, "Cancel").forms[0].fields
    result = client.acquire_token_by_auth_code_flow(flow, answer)
    assert result["error"] == "access_denied"


def test_msal_reports_a_revoked_and_a_disabled_account(
    sandbox: Sandbox, browser: Browser, trusting_http: requests.Session
) -> None:
    client = create_web_client(sandbox, trusting_http)
    sign_in(client, browser)
    (account,) = client.get_accounts()
    directory = sandbox.entra.directory
    person = directory.get_person(account["local_account_id"])
    sandbox.clock.offset = timedelta(seconds=5)
    directory.revoke_grants(person)
    result = client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert result["error_codes"] == [50173]
    other = create_web_client(sandbox, trusting_http)
    sandbox.clock.offset = timedelta(seconds=10)
    sign_in(other, browser)
    directory.set_enabled(person, False)
    result = other.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert result["error_codes"] == [50057]
