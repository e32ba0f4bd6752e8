"""Signing out of the sandbox, and where the browser goes after it."""

from __future__ import annotations

from urllib.parse import quote_plus, urlencode

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import REDIRECT_URI, TENANT_ID
from tests.sandbox.entra.browser import Browser, authorize_url, code_of, get_tokens
from tests.sandbox.entra.requests_at_token import read_claims
from tests.sandbox.entra.rich_tenant import DEVICE_ID


def logout_url(sandbox: Sandbox, **fields: str) -> str:
    return f"{sandbox.browser_url}/{TENANT_ID}/oauth2/v2.0/logout?{urlencode(fields)}"


def test_signing_out_ends_the_login_session(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox))
    cookies = dict(browser.session.cookies)
    assert "You signed out" in browser.open(logout_url(sandbox)).text
    assert not browser.session.cookies
    # The old cookie is dead too, not merely forgotten by this browser.
    browser.session.cookies.update(cookies)
    answer = browser.open(authorize_url(sandbox, prompt="none")).answer
    assert code_of(answer) == "50058"


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000/",
        "http://localhost:8000/bye?x=1",
        "https://web.example/elsewhere",
        "http://localhost:40000/native",
    ],
)
def test_the_browser_returns_to_an_address_of_a_registered_origin(
    shared_sandbox: Sandbox, shared_browser: Browser, address: str
) -> None:
    page = shared_browser.open(
        logout_url(shared_sandbox, post_logout_redirect_uri=address, state="a b")
    )
    assert page.url.startswith(address)
    assert page.answer["state"] == "a b"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://web.example.evil.example/",
        "https://web.example@evil.example/",
        "https://web.example\\@evil.example/",
        "http://web.example/",
        "//web.example/",
        "javascript:alert(1)",
        "http://[broken",
        "https://web.example:99999/",
    ],
)
def test_no_other_address_is_followed(
    shared_sandbox: Sandbox, shared_browser: Browser, address: str
) -> None:
    page = shared_browser.open(logout_url(shared_sandbox, post_logout_redirect_uri=address))
    assert page.status == 200
    assert "belongs to none of the registered redirect URIs" in page.text


def test_signing_out_works_whatever_else_is_sent(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    url = logout_url(shared_sandbox, post_logout_redirect_uri=REDIRECT_URI)
    assert "You signed out" in shared_browser.open(url + "&state=%FF").text


def sign_in_at_device_application(sandbox: Sandbox, browser: Browser) -> str:
    """The ``sid`` that the application with a front-channel logout URL knows."""
    url = authorize_url(
        sandbox, client_id=DEVICE_ID, redirect_uri="http://localhost:1", scope="openid User.Read"
    )
    return browser.sign_in(url).answer["session_state"]


def test_applications_signed_in_to_are_told_in_hidden_frames(
    rich: Sandbox, rich_browser: Browser
) -> None:
    session = sign_in_at_device_application(rich, rich_browser)
    page = rich_browser.open(
        logout_url(rich, post_logout_redirect_uri="http://localhost:8000/bye", state="a b")
    )
    issuer = quote_plus(f"{rich.login_url}/{TENANT_ID}/v2.0")
    frame = f"https://device.example/out?x=1&amp;iss={issuer}&amp;sid={session}"
    assert f'<iframe hidden title="" src="{frame}"></iframe>' in page.html
    assert page.headers["refresh"] == "2; url=http://localhost:8000/bye?state=a+b"
    assert "frame-src http: https:" in page.headers["content-security-policy"]


def test_nobody_is_told_of_a_session_that_was_not_theirs(
    rich: Sandbox, rich_browser: Browser
) -> None:
    rich_browser.sign_in(authorize_url(rich))
    page = rich_browser.open(logout_url(rich))
    assert "<iframe" not in page.html
    assert "frame-src" not in page.headers["content-security-policy"]
    assert "<iframe" not in rich_browser.open(logout_url(rich)).html


def test_an_address_that_is_not_registered_is_not_followed_after_the_frames(
    rich: Sandbox, rich_browser: Browser
) -> None:
    sign_in_at_device_application(rich, rich_browser)
    page = rich_browser.open(logout_url(rich, post_logout_redirect_uri="https://evil.example/"))
    assert "<iframe" in page.html
    assert "refresh" not in page.headers
    assert "belongs to none of the registered redirect URIs" in page.text


def test_the_id_token_names_the_session(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    first = read_claims(get_tokens(rich, rich_browser, http)["id_token"])["sid"]
    second = read_claims(get_tokens(rich, rich_browser, http)["id_token"])["sid"]
    assert first == second
    rich_browser.open(logout_url(rich))
    assert read_claims(get_tokens(rich, rich_browser, http)["id_token"])["sid"] != first
