"""The pages of app registrations: ids, secrets on demand, redirect URIs, consents."""

from __future__ import annotations

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import NATIVE_ID, REDIRECT_URI, SECRET, WEB_ID
from tests.sandbox.entra.browser import Browser, Page, authorize_url


def app_url(sandbox: Sandbox, rest: str = f"/{WEB_ID}") -> str:
    return f"{sandbox.browser_url}/_sandbox/apps{rest}"


def post(browser: Browser, what: str, **fields: str) -> Page:
    page = browser.open(app_url(browser.sandbox))
    token = page.forms[-1].fields
    return browser.open(app_url(browser.sandbox, f"/{WEB_ID}/{what}"), token | fields)


def test_registrations_are_listed_without_their_secrets(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    pages = [shared_browser.open(app_url(shared_sandbox, rest)) for rest in ("", f"/{WEB_ID}")]
    for page in pages:
        assert WEB_ID in page.text
        assert "Web <app>" in page.text
        assert SECRET not in page.html
        assert "Web8Q~" not in page.html
    assert REDIRECT_URI in pages[1].text
    assert "Read your mail" not in pages[1].text
    assert "Have full access to your calendars" in pages[1].text


def test_secrets_are_shown_on_demand(shared_sandbox: Sandbox, shared_browser: Browser) -> None:
    page = post(shared_browser, "secrets")
    assert page.status == 200
    assert SECRET in page.text
    assert page.headers["cache-control"] == "no-store"
    assert SECRET not in page.url


def test_a_public_client_has_no_secrets_to_show(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(app_url(shared_sandbox, f"/{NATIVE_ID}"))
    assert "Public client" in page.text
    assert "Show" not in page.text


def test_a_redirect_uri_that_is_added_may_be_used(sandbox: Sandbox, browser: Browser) -> None:
    wanted = authorize_url(sandbox, redirect_uri="http://localhost:3000/callback")
    assert "AADSTS50011" in browser.open(wanted).text
    page = post(browser, "redirect-uris", redirect_uri=" http://localhost:3000/callback ")
    assert "http://localhost:3000/callback is registered." in page.text
    assert "AADSTS50011" not in browser.open(wanted).text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost",
        "javascript:alert(1)",
        "ftp://host.example/",
        "http://",
        "http://[broken",
        "http://host.example:99999/",
        "https://host.example/#fragment",
        "https://host.example/a b",
        "https://host.example\\@evil.example/",
        "https://host.example/" + "x" * 600,
    ],
)
def test_what_is_no_web_address_is_not_registered(
    address: str, shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    before = shared_sandbox.entra.directory.find_app(WEB_ID).redirect_uris
    page = post(shared_browser, "redirect-uris", redirect_uri=address)
    assert page.status == 400
    assert "A redirect URI is an http or https address." in page.text
    assert shared_sandbox.entra.directory.find_app(WEB_ID).redirect_uris == before


def test_admin_consent_is_given_and_everything_withdrawn(
    sandbox: Sandbox, browser: Browser
) -> None:
    silent = authorize_url(sandbox, prompt="none", scope="openid User.Read")
    browser.sign_in(authorize_url(sandbox))
    assert "Agreed for themselves: Ada Lovelace" in browser.open(app_url(sandbox)).text
    assert "1 person" in browser.open(app_url(sandbox, "")).text
    page = post(browser, "withdraw")
    assert "Ada Lovelace" not in page.text
    assert browser.open(silent).answer["error"] == "consent_required"
    page = post(browser, "consent")
    assert "An administrator agreed" in page.text
    assert "Not granted" not in page.text
    assert "code" in browser.open(silent).answer
    post(browser, "withdraw")
    assert browser.open(silent).answer["error"] == "consent_required"


def test_an_unknown_registration_is_no_page(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(app_url(shared_sandbox, "/unknown"))
    assert page.status == 404
    assert "AADSTS700016" in page.text
