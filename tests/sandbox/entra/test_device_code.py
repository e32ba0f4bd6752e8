"""The device code flow: codes for a device, a page to type one, and what a device polls for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, Page, post_token
from tests.sandbox.entra.requests_at_token import ADA_ID, assert_refused, read_claims
from tests.sandbox.entra.rich_tenant import DEVICE_ID, EVA_ID

SCOPE = "openid profile offline_access User.Read"


def ask_codes(
    sandbox: Sandbox, http: requests.Session, tenant: str = TENANT_ID, **changes: str
) -> dict[str, Any]:
    fields = {"client_id": DEVICE_ID, "scope": SCOPE} | changes
    response = http.post(
        f"{sandbox.login_url}/{tenant}/oauth2/v2.0/devicecode",
        data=fields,
        verify=str(sandbox.ca_file),
    )
    body: dict[str, Any] = response.json()
    return body


def enter(browser: Browser, codes: dict[str, Any], typed: str | None = None) -> Page:
    """Type a code on the page that the device names."""
    address: str = codes["verification_uri"]
    assert "Enter the code of your device" in browser.open(address).text
    return browser.open(address, {"user_code": typed or codes["user_code"]})


def poll(
    sandbox: Sandbox,
    http: requests.Session,
    codes: dict[str, Any],
    tenant: str = TENANT_ID,
    changes: Mapping[str, str | None] = MappingProxyType({}),
) -> requests.Response:
    fields: dict[str, str | None] = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": DEVICE_ID,
        "client_secret": None,
        "device_code": codes["device_code"],
    }
    return post_token(sandbox, http, fields | dict(changes), tenant=tenant)


def test_a_person_approves_a_device(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    assert (codes["expires_in"], codes["interval"]) == (900, 5)
    assert codes["user_code"] in codes["message"]
    assert codes["verification_uri"] in codes["message"]
    assert_refused(poll(rich, http, codes), 70016, "authorization_pending")
    typed = f" {codes['user_code'][:4].lower()}-{codes['user_code'][4:]} "
    page = rich_browser.press(enter(rich_browser, codes, typed), "Ada Lovelace")
    assert f"the device that shows {codes['user_code']}" in page.text
    assert "You signed in on your device" in rich_browser.press(page, "Accept").text
    body = poll(rich, http, codes).json()
    assert read_claims(body["access_token"])["oid"] == ADA_ID
    assert read_claims(body["id_token"])["aud"] == DEVICE_ID
    assert body["scope"] == "User.Read openid profile"
    assert "refresh_token" in body
    assert_refused(poll(rich, http, codes), 70018, "bad_verification_code")


def test_the_former_name_of_the_grant_is_taken(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    page = rich_browser.press(enter(rich_browser, codes), "Ada Lovelace")
    rich_browser.press(page, "Accept")
    body = poll(rich, http, codes, changes={"grant_type": "device_code"}).json()
    assert read_claims(body["access_token"])["oid"] == ADA_ID


def test_a_device_that_asks_too_often_is_told_to_slow_down(
    rich: Sandbox, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    assert poll(rich, http, codes).json()["error"] == "authorization_pending"
    assert_refused(poll(rich, http, codes), 70016, "slow_down")
    rich.clock.offset = timedelta(seconds=6)
    assert poll(rich, http, codes).json()["error"] == "authorization_pending"


def test_who_types_a_code_second_does_not_take_the_device_over(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    page = rich_browser.press(enter(rich_browser, codes), "Ada Lovelace")
    with Browser(rich) as other:
        second = other.press(enter(other, codes), "Bob <b>Bold</b>")
        assert "You signed in on your device" in rich_browser.press(page, "Accept").text
        refused = other.press(second, "Accept").text
    assert "You signed in on your device" not in refused
    assert read_claims(poll(rich, http, codes).json()["access_token"])["oid"] == ADA_ID


def test_a_person_who_cancels_declines(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    page = rich_browser.press(enter(rich_browser, codes), "Ada Lovelace")
    assert "The device was refused" in rich_browser.press(page, "Cancel").text
    assert_refused(poll(rich, http, codes), 65004, "authorization_declined")
    assert "AADSTS70018" in enter(rich_browser, codes).text


def test_codes_end_after_fifteen_minutes(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http)
    rich.clock.offset = timedelta(minutes=16)
    assert_refused(poll(rich, http, codes), 70020, "expired_token")
    page = enter(rich_browser, codes)
    assert (page.status, "AADSTS70018" in page.text) == (400, True)


def test_a_signed_in_browser_is_still_asked(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    first = ask_codes(rich, http)
    rich_browser.press(rich_browser.press(enter(rich_browser, first), "Ada Lovelace"), "Accept")
    page = enter(rich_browser, ask_codes(rich, http))
    assert "Accept" in page.buttons


def test_a_person_of_another_tenant_signs_a_device_in_at_common(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    codes = ask_codes(rich, http, "common")
    page = rich_browser.press(enter(rich_browser, codes), "Eva Next")
    rich_browser.press(page, "Accept")
    body = poll(rich, http, codes, "common").json()
    assert read_claims(body["id_token"])["oid"] == EVA_ID


@pytest.mark.parametrize("typed", ["", "AAAAAAAAA", "<script>", "x" * 500])
def test_a_code_that_no_device_shows_is_refused(
    shared_rich: Sandbox, http: requests.Session, typed: str
) -> None:
    with Browser(shared_rich) as browser:
        page = browser.open(f"{shared_rich.browser_url}/devicelogin", {"user_code": typed})
    assert (page.status, "AADSTS70018" in page.text) == (400, True)
    assert "<script>" not in page.html


@pytest.mark.parametrize(
    ("tenant", "changes", "code"),
    [
        (TENANT_ID, {"client_id": ""}, 900144),
        (TENANT_ID, {"client_id": "nobody"}, 700016),
        (TENANT_ID, {"scope": ""}, 900144),
        (TENANT_ID, {"scope": "Fish.Read"}, 650053),
        (TENANT_ID, {"claims": "{"}, 9002313),
        ("no_tenant", {}, 900023),
        ("common", {"client_id": "aaaaaaaa-0000-4000-8000-000000000003"}, 50194),
    ],
)
def test_a_bad_request_for_codes_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    tenant: str,
    changes: dict[str, str],
    code: int,
) -> None:
    assert ask_codes(shared_rich, http, tenant, **changes)["error_codes"] == [code]


@pytest.mark.parametrize(
    ("changes", "code", "error", "status"),
    [
        ({"device_code": None}, 900144, "invalid_request", 400),
        ({"device_code": "nonsense"}, 70018, "bad_verification_code", 400),
        ({"client_id": WEB_ID}, 7000218, "invalid_client", 401),
    ],
)
def test_a_bad_poll_is_refused(
    shared_rich: Sandbox,
    http: requests.Session,
    changes: dict[str, str | None],
    code: int,
    error: str,
    status: int,
) -> None:
    codes = ask_codes(shared_rich, http)
    assert_refused(poll(shared_rich, http, codes, changes=changes), code, error, status)


def test_the_codes_are_given_over_tls_only(shared_rich: Sandbox, http: requests.Session) -> None:
    address = f"{shared_rich.browser_url}/{TENANT_ID}/oauth2/v2.0/devicecode"
    fields = urlencode({"client_id": DEVICE_ID, "scope": SCOPE})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert http.post(address, data=fields, headers=headers).status_code == 404
