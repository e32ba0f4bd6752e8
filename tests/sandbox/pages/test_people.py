"""The page of people: found, signed in as, disabled, their sessions revoked."""

from __future__ import annotations

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.entra.browser import Browser, authorize_url, code_of, get_tokens, post_token
from tests.sandbox.pages.test_guard import ADA


def people_url(sandbox: Sandbox, rest: str = "") -> str:
    return f"{sandbox.browser_url}/_sandbox/people{rest}"


def press(browser: Browser, what: str, name: str) -> str:
    """Press one of the person's buttons; the text of the page that follows."""
    page = browser.open(people_url(browser.sandbox))
    return browser.press(page, f"{what}: {name}").text


def test_everybody_is_listed_with_their_names_escaped(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(people_url(shared_sandbox))
    for person in shared_sandbox.tenant.people:
        assert person.display_name in page.text
    assert "<b>Bold</b>" not in page.html


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("lovel", True),
        ("PERSON1@small.example", True),
        (ADA, True),
        ("clerk ada", True),
        ("x y", False),
    ],
)
def test_a_person_is_found_by_name_address_job_or_id(
    search: str, found: bool, shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(people_url(shared_sandbox, f"?q={search}"))
    assert ("Ada Lovelace" in page.text) is found
    assert ("Nobody here matches" in page.text) is not found


@pytest.mark.parametrize("start", ["-1", "x", "99999999999999999999", "٣", "1.5"])
def test_a_strange_start_breaks_nothing(
    start: str, shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    assert shared_browser.open(people_url(shared_sandbox, f"?start={start}")).status == 200


def test_signing_in_as_somebody_answers_the_next_application_without_a_question(
    sandbox: Sandbox, browser: Browser
) -> None:
    browser.sign_in(authorize_url(sandbox))
    browser.open(f"{sandbox.browser_url}/{sandbox.tenant.id}/oauth2/v2.0/logout")
    assert code_of(browser.open(authorize_url(sandbox, prompt="none")).answer) == "50058"
    text = press(browser, "Sign in as", "Ada Lovelace")
    assert "This browser is signed in as Ada Lovelace." in text
    assert "Signed in in this browser: Ada Lovelace" in text
    assert "code" in browser.open(authorize_url(sandbox, prompt="none")).answer
    page = browser.open(people_url(sandbox))
    assert "signed in as Ada" not in page.text, "what was done is told once"
    browser.press(page, "Sign out")
    assert code_of(browser.open(authorize_url(sandbox, prompt="none")).answer) == "50058"


def test_who_is_disabled_cannot_be_signed_in_as_until_enabled(
    sandbox: Sandbox, browser: Browser
) -> None:
    assert "Ada Lovelace is disabled." in press(browser, "Disable", "Ada Lovelace")
    token = browser.open(people_url(sandbox)).forms[-1].fields
    refused = browser.open(people_url(sandbox, f"/{ADA}/sign-in"), token)
    assert refused.status == 400
    assert "AADSTS50057" in refused.text
    assert "Ada Lovelace is enabled." in press(browser, "Enable", "Ada Lovelace")
    assert "is signed in as" in press(browser, "Sign in as", "Ada Lovelace")


def test_revoked_sessions_refuse_refresh_tokens(sandbox: Sandbox, browser: Browser) -> None:
    tokens = get_tokens(sandbox, browser, browser.session)
    assert "were revoked" in press(browser, "Revoke sessions", "Ada Lovelace")
    fields = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    body = post_token(sandbox, browser.session, dict(fields)).json()
    assert code_of(body) == "50173"


def test_nobody_of_an_unknown_id_is_changed(sandbox: Sandbox, browser: Browser) -> None:
    token = browser.open(people_url(sandbox)).forms[-1].fields
    for what in ("enable", "disable", "revoke", "sign-in"):
        page = browser.open(people_url(sandbox, f"/nobody/{what}"), token)
        assert page.status == 400
        assert "AADSTS50034" in page.text
