"""Nobody but a form of the sandbox's pages, in the browser it was shown to, changes anything."""

from __future__ import annotations

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import SECRET, WEB_ID
from tests.sandbox.entra.browser import Browser

ADA = "bbbbbbbb-0000-4000-8000-000000000001"
CHANGES = [
    f"/_sandbox/people/{ADA}/disable",
    f"/_sandbox/people/{ADA}/enable",
    f"/_sandbox/people/{ADA}/revoke",
    f"/_sandbox/people/{ADA}/sign-in",
    "/_sandbox/people/sign-out",
    f"/_sandbox/apps/{WEB_ID}/secrets",
    f"/_sandbox/apps/{WEB_ID}/redirect-uris",
    f"/_sandbox/apps/{WEB_ID}/consent",
    f"/_sandbox/apps/{WEB_ID}/withdraw",
    "/_sandbox/requests/clear",
    "/_sandbox/reset",
    "/_sandbox/faults",
    "/_sandbox/faults/clear",
    "/_sandbox/faults/1/remove",
]


def token_of(browser: Browser) -> str:
    page = browser.open(f"{browser.sandbox.browser_url}/_sandbox/people")
    return page.forms[-1].fields["csrf"]


@pytest.mark.parametrize("path", CHANGES)
def test_a_post_without_the_token_of_a_form_changes_nothing(
    path: str, shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    token_of(shared_browser)
    for fields in ({}, {"csrf": "0" * 64}):
        page = shared_browser.open(f"{shared_sandbox.browser_url}{path}", fields)
        assert page.status == 403
        assert "Nothing was changed" in page.text
        assert SECRET not in page.html
    assert shared_sandbox.entra.directory.get_person(ADA).account_enabled


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_is_no_link(path: str, shared_sandbox: Sandbox, shared_browser: Browser) -> None:
    page = shared_browser.open(f"{shared_sandbox.browser_url}{path}")
    shown = ("/_sandbox/reset", "/_sandbox/faults")
    assert page.status == 200 if path in shown else page.status in (404, 405)
    assert shared_sandbox.entra.directory.get_person(ADA).account_enabled


def test_the_token_of_another_browser_is_refused(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    with Browser(shared_sandbox) as other:
        token = token_of(other)
    token_of(shared_browser)
    page = shared_browser.open(f"{shared_sandbox.browser_url}{CHANGES[0]}", {"csrf": token})
    assert page.status == 403
    assert shared_sandbox.entra.directory.get_person(ADA).account_enabled


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_post_from_another_origin_is_refused_even_with_the_token(
    headers: dict[str, str], shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    token = token_of(shared_browser)
    response = shared_browser.session.post(
        f"{shared_sandbox.browser_url}{CHANGES[0]}", data={"csrf": token}, headers=headers
    )
    assert response.status_code == 403
    assert shared_sandbox.entra.directory.get_person(ADA).account_enabled


@pytest.mark.parametrize("path", ["/", "/_sandbox/people", CHANGES[0]])
def test_another_host_name_reaches_no_page(
    path: str, shared_sandbox: Sandbox, http: requests.Session
) -> None:
    url = f"{shared_sandbox.browser_url}{path}"
    for call in (http.get, http.post):
        assert call(url, headers={"Host": "evil.example"}).status_code == 421


def test_the_cookie_is_of_this_site_alone_and_hidden_from_scripts(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    cookie = http.get(f"{shared_sandbox.browser_url}/").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_strange_cookie_is_replaced(shared_sandbox: Sandbox, http: requests.Session) -> None:
    url = f"{shared_sandbox.browser_url}/_sandbox/people"
    name = http.get(url).headers["set-cookie"].partition("=")[0]
    for strange in ("", "short", "x" * 5_000):
        http.cookies.clear()
        answer = http.get(url, headers={"Cookie": f"{name}={strange}"})
        assert f"{name}={strange};" not in answer.headers["set-cookie"]


def test_a_post_too_large_or_sent_twice_is_refused(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    token = token_of(shared_browser)
    url = f"{shared_sandbox.browser_url}{CHANGES[0]}"
    session = shared_browser.session
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert session.post(url, data={"csrf": token, "x": "y" * 70_000}).status_code == 400
    twice = session.post(url, data=f"csrf={token}&csrf={token}", headers=headers)
    assert twice.status_code == 400
    assert "AADSTS9000411" in twice.text


@pytest.mark.parametrize(
    "path", ["/", "/_sandbox/people", "/_sandbox/apps", "/_sandbox/requests", "/_sandbox/faults"]
)
def test_a_page_loads_nothing_but_its_own(
    path: str, shared_sandbox: Sandbox, http: requests.Session
) -> None:
    answer = http.get(f"{shared_sandbox.browser_url}{path}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
