"""On-behalf-of: a middle tier exchanges the token it was sent, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.entra.browser import Browser, authorize_url, post_token
from tests.sandbox.entra.requests_at_token import ADA_ID, assert_refused, read_claims
from tests.sandbox.entra.rich_tenant import DEVICE_ID, MIDDLE_ID, MIDDLE_SECRET

API = "api://middle/Notes.Read"
OBO: dict[str, str | None] = {
    "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "requested_token_use": "on_behalf_of",
    "client_id": MIDDLE_ID,
    "client_secret": MIDDLE_SECRET,
    "scope": "https://graph.microsoft.com/User.Read offline_access",
}


def tokens_for(
    sandbox: Sandbox, browser: Browser, http: requests.Session, scope: str
) -> dict[str, str]:
    """What the device application gets for Ada."""
    address = "http://localhost:1"
    url = authorize_url(
        sandbox, client_id=DEVICE_ID, redirect_uri=address, scope=f"openid offline_access {scope}"
    )
    code = browser.sign_in(url).answer["code"]
    response = post_token(
        sandbox,
        http,
        {
            "grant_type": "authorization_code",
            "client_id": DEVICE_ID,
            "client_secret": None,
            "code": code,
            "redirect_uri": address,
        },
    )
    assert response.status_code == 200, response.text
    body: dict[str, str] = response.json()
    return body


def test_a_middle_tier_acts_for_the_person_who_called_it(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    own = tokens_for(rich, rich_browser, http, API)
    assert own["scope"] == f"{API} openid"
    claims = read_claims(own["access_token"])
    assert (claims["ver"], claims["aud"], claims["azp"]) == ("2.0", MIDDLE_ID, DEVICE_ID)
    assert (claims["scp"], claims["oid"]) == ("Notes.Read openid", ADA_ID)
    response = post_token(rich, http, OBO | {"assertion": own["access_token"]})
    body = response.json()
    assert response.status_code == 200, body
    graph = read_claims(body["access_token"])
    assert (graph["appid"], graph["oid"], graph["scp"]) == (MIDDLE_ID, ADA_ID, "User.Read")
    assert graph["appidacr"] == "1"
    caller = http.get(
        f"{rich.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {body['access_token']}"},
        verify=str(rich.ca_file),
    ).json()
    assert (caller["user_id"], caller["app_id"]) == (ADA_ID, MIDDLE_ID)
    refreshed = post_token(
        rich,
        http,
        {"client_id": MIDDLE_ID, "client_secret": MIDDLE_SECRET, "grant_type": "refresh_token"}
        | {"refresh_token": body["refresh_token"]},
    )
    assert refreshed.status_code == 200, refreshed.text


def test_what_nobody_consented_to_is_refused(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    assertion = tokens_for(rich, rich_browser, http, API)["access_token"]
    response = post_token(rich, http, OBO | {"assertion": assertion, "scope": "Mail.Read"})
    assert_refused(response, 65001, "invalid_grant")
    assert response.json()["suberror"] == "consent_required"


def test_a_disabled_or_revoked_account_ends_it(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    assertion = tokens_for(rich, rich_browser, http, API)["access_token"]
    directory = rich.entra.directory
    rich.clock.offset = timedelta(seconds=5)
    directory.revoke_grants(directory.get_person(ADA_ID))
    assert_refused(post_token(rich, http, OBO | {"assertion": assertion}), 50173, "invalid_grant")
    directory.set_enabled(directory.get_person(ADA_ID), False)
    assert_refused(post_token(rich, http, OBO | {"assertion": assertion}), 50057, "invalid_grant")


def test_an_expired_token_is_refused(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    assertion = tokens_for(rich, rich_browser, http, API)["access_token"]
    rich.clock.offset = timedelta(hours=2)
    response = post_token(rich, http, OBO | {"assertion": assertion})
    assert_refused(response, 500133, "invalid_grant")
    assert assertion not in response.text


@pytest.mark.parametrize(
    ("changes", "code", "error", "status"),
    [
        ({"assertion": None}, 900144, "invalid_request", 400),
        ({"assertion": "nonsense"}, 50027, "invalid_request", 400),
        ({"assertion": "a.b.c"}, 50027, "invalid_request", 400),
        ({"requested_token_use": None}, 900144, "invalid_request", 400),
        ({"requested_token_use": "other"}, 90023, "invalid_request", 400),
        ({"client_secret": "wrong"}, 7000215, "invalid_client", 401),
        ({"client_secret": None}, 7000218, "invalid_client", 401),
        ({"client_id": DEVICE_ID, "client_secret": None}, 7000218, "invalid_client", 401),
    ],
)
def test_a_malformed_request_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    changes: dict[str, str | None],
    code: int,
    error: str,
    status: int,
) -> None:
    response = post_token(shared_rich, http, OBO | {"assertion": "a.b.c"} | changes)
    assert_refused(response, code, error, status)


def test_scopes_of_two_resources_in_one_request_are_refused(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    with Browser(shared_rich) as browser:
        answer = browser.open(
            authorize_url(
                shared_rich,
                client_id=DEVICE_ID,
                redirect_uri="http://localhost:1",
                scope=f"User.Read {API}",
            )
        ).answer
    assert answer["error_description"].startswith("AADSTS28000:")


def test_a_scope_that_an_api_does_not_expose_is_refused(
    shared_rich: Sandbox, http: requests.Session
) -> None:
    with Browser(shared_rich) as browser:
        answer = browser.open(
            authorize_url(
                shared_rich,
                client_id=DEVICE_ID,
                redirect_uri="http://localhost:1",
                scope="api://middle/Notes.Write",
            )
        ).answer
    assert answer["error_description"].startswith("AADSTS650053:")
    assert MIDDLE_ID in answer["error_description"]
