"""Signing out of the sandbox, and where the browser goes after it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import REDIRECT_URI, TENANT_ID
from tests.sandbox.entra.browser import Browser, authorize_url, code_of


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
