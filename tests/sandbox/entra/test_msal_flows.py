"""Microsoft's own client library, unmodified, in the flows without a secret or a redirect."""

from __future__ import annotations

from typing import Any

import msal
import pytest
import requests
from cryptography.hazmat.primitives import hashes

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID
from tests.sandbox.entra.browser import Browser
from tests.sandbox.entra.requests_at_token import ADA_ID, read_claims
from tests.sandbox.entra.rich_tenant import (
    CERTIFICATE_ID,
    DEVICE_ID,
    FEDERATED_ID,
    MIDDLE_ID,
    MIDDLE_SECRET,
    federated_assertion,
    identity,
)
from tests.sandbox.entra.test_on_behalf_of import API, tokens_for

GRAPH_DEFAULT = ["https://graph.microsoft.com/.default"]


@pytest.fixture
def trusting_http(rich: Sandbox, http: requests.Session) -> requests.Session:
    http.verify = str(rich.ca_file)
    return http


def create_client(
    kind: type[Any], sandbox: Sandbox, http: requests.Session, client_id: str, **options: Any
) -> Any:
    return kind(
        client_id,
        authority=f"{sandbox.login_url}/{TENANT_ID}",
        instance_discovery=False,
        http_client=http,
        **options,
    )


@pytest.mark.parametrize("enclosed", [False, True])
def test_msal_proves_itself_by_a_certificate(
    rich: Sandbox, trusting_http: requests.Session, enclosed: bool
) -> None:
    own = identity("own")
    credential = {"private_key": own.private_pem}
    if enclosed:
        credential["public_certificate"] = own.pem  # PS256, x5t#S256 and x5c
    else:
        fingerprint = own.certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303
        credential["thumbprint"] = fingerprint  # RS256 and x5t
    client = create_client(
        msal.ConfidentialClientApplication,
        rich,
        trusting_http,
        CERTIFICATE_ID,
        client_credential=credential,
    )
    result = client.acquire_token_for_client(GRAPH_DEFAULT)
    assert read_claims(result["access_token"])["appid"] == CERTIFICATE_ID, result
    # MSAL shows the same assertion again while it is good.
    own_api = client.acquire_token_for_client([f"{MIDDLE_ID}/.default"])
    assert read_claims(own_api["access_token"])["aud"] == MIDDLE_ID, own_api


def test_msal_proves_itself_by_a_federated_assertion(
    rich: Sandbox, trusting_http: requests.Session
) -> None:
    client = create_client(
        msal.ConfidentialClientApplication,
        rich,
        trusting_http,
        FEDERATED_ID,
        client_credential={"client_assertion": lambda: federated_assertion(rich)},
    )
    result = client.acquire_token_for_client(GRAPH_DEFAULT)
    assert read_claims(result["access_token"])["roles"] == ["User.Read.All"], result


def test_msal_acts_on_behalf_of_a_person(
    rich: Sandbox, rich_browser: Browser, trusting_http: requests.Session
) -> None:
    assertion = tokens_for(rich, rich_browser, trusting_http, API)["access_token"]
    client = create_client(
        msal.ConfidentialClientApplication,
        rich,
        trusting_http,
        MIDDLE_ID,
        client_credential=MIDDLE_SECRET,
    )
    scopes = ["https://graph.microsoft.com/User.Read"]
    result = client.acquire_token_on_behalf_of(assertion, scopes)
    assert read_claims(result["access_token"])["oid"] == ADA_ID, result


def test_msal_signs_a_device_in(
    rich: Sandbox, rich_browser: Browser, trusting_http: requests.Session
) -> None:
    client = create_client(msal.PublicClientApplication, rich, trusting_http, DEVICE_ID)
    flow = client.initiate_device_flow(["User.Read"])
    page = rich_browser.open(flow["verification_uri"], {"user_code": flow["user_code"]})
    rich_browser.press(rich_browser.press(page, "Ada Lovelace"), "Accept")
    result = client.acquire_token_by_device_flow(flow)
    assert result["id_token_claims"]["oid"] == ADA_ID, result
    (account,) = client.get_accounts()
    renewed = client.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert renewed["token_source"] == "identity_provider"


def test_msal_tells_that_a_person_is_still_to_come_and_that_they_declined(
    rich: Sandbox, rich_browser: Browser, trusting_http: requests.Session
) -> None:
    client = create_client(msal.PublicClientApplication, rich, trusting_http, DEVICE_ID)
    flow = client.initiate_device_flow(["User.Read"])

    def poll_once() -> str:
        result = client.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
        error: str = result["error"]
        return error

    assert poll_once() == "authorization_pending"
    page = rich_browser.open(flow["verification_uri"], {"user_code": flow["user_code"]})
    rich_browser.press(rich_browser.press(page, "Ada Lovelace"), "Cancel")
    flow["latest_attempt_at"] -= flow["interval"]
    assert poll_once() == "authorization_declined"
