"""The browser's way: choose a person, consent, come back to the application."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import NATIVE_ID, REDIRECT_URI, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, authorize_url, code_of

ADA = "Ada Lovelace"


def test_a_person_chooses_an_account_consents_and_returns_with_code_and_state(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.open(authorize_url(sandbox))
    assert "not Microsoft" in page.text
    page = browser.press(page, ADA)
    assert "Read your profile" in page.text or "read your profile" in page.text
    page = browser.press(page, "Accept")
    assert page.url.startswith(REDIRECT_URI + "?")
    assert page.answer["state"] == "s t&a=te"
    assert page.answer["code"].startswith("1.A")


def test_markup_in_names_stays_text(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.open(authorize_url(sandbox))
    assert "Bob <b>Bold</b>" in page.buttons
    assert "<b>Bold</b>" not in page.html
    assert "Web <app>" in page.text


def test_the_search_finds_people_without_scripts(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.open(authorize_url(sandbox))
    form = next(form for form in page.forms if form.method == "get")
    found = browser.open(
        f"{sandbox.browser_url}{form.action}?{urlencode(form.fields | {'q': '茂'})}"
    )
    assert set(found.buttons) == {"Search", "宮本 茂"}
    none = browser.open(
        f"{sandbox.browser_url}{form.action}?{urlencode(form.fields | {'q': '<x>'})}"
    )
    assert set(none.buttons) == {"Search"}
    assert "Nobody here matches “<x>”" in none.text


def test_a_second_sign_in_needs_no_question(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox))
    assert "code" in browser.open(authorize_url(sandbox)).answer


def test_consent_covers_only_what_was_asked(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox, scope="openid User.Read"))
    page = browser.open(authorize_url(sandbox, scope="openid Calendars.ReadWrite"))
    assert "Have full access to your calendars" in page.text


def test_select_account_shows_the_signed_in_account_first(
    sandbox: Sandbox, browser: Browser
) -> None:
    browser.sign_in(authorize_url(sandbox), "宮本 茂")
    page = browser.open(authorize_url(sandbox, prompt="select_account"))
    assert list(page.buttons)[:2] == ["Search", "宮本 茂"]
    assert "Signed in on this browser" in page.text


def test_login_asks_again_and_consent_asks_again(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox))
    assert ADA in browser.open(authorize_url(sandbox, prompt="login")).buttons
    assert "Accept" in browser.open(authorize_url(sandbox, prompt="consent")).buttons


def test_two_signed_in_accounts_are_told_apart_by_a_hint(
    sandbox: Sandbox, browser: Browser
) -> None:
    browser.sign_in(authorize_url(sandbox))
    browser.sign_in(authorize_url(sandbox, prompt="login"), "宮本 茂")
    assert code_of(browser.open(authorize_url(sandbox, prompt="none")).answer) == "16000"
    hinted = authorize_url(sandbox, prompt="none", login_hint="PERSON1@small.example")
    assert "code" in browser.open(hinted).answer
    assert ADA in browser.open(authorize_url(sandbox)).buttons


def test_a_hint_puts_the_person_first_and_an_unknown_one_is_explained(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.open(authorize_url(sandbox, login_hint="person3@small.example"))
    assert list(page.buttons)[1] == "宮本 茂"
    page = browser.open(authorize_url(sandbox, login_hint="<i>nobody@small.example"))
    assert "AADSTS50034: The user account <i>nobody@small.example does not exist" in page.text
    assert ADA in page.buttons


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("bbbbbbbb-0000-4000-8000-000000000004", "AADSTS50057"),
        ("nobody@small.example", "AADSTS50034"),
        ("", "AADSTS50034"),
    ],
)
def test_a_person_who_may_not_sign_in_is_refused_on_the_page(
    shared_sandbox: Sandbox, shared_browser: Browser, person: str, code: str
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox))
    form = page.buttons[ADA].form
    page = shared_browser.open(
        shared_sandbox.browser_url + form.action, form.fields | {"person": person}
    )
    assert page.status == 400
    assert code in page.text


def test_silent_sign_in_without_session_and_without_consent(
    sandbox: Sandbox, browser: Browser
) -> None:
    answer = browser.open(authorize_url(sandbox, prompt="none")).answer
    assert (answer["error"], code_of(answer)) == ("login_required", "50058")
    browser.sign_in(authorize_url(sandbox))
    answer = browser.open(
        authorize_url(sandbox, prompt="none", scope="openid Calendars.ReadWrite")
    ).answer
    assert (answer["error"], code_of(answer)) == ("consent_required", "65001")


def test_cancel_returns_access_denied(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.press(browser.open(authorize_url(sandbox)), ADA)
    answer = browser.press(page, "Cancel").answer
    assert (answer["error"], code_of(answer)) == ("access_denied", "65004")
    assert answer["error_subcode"] == "cancel"
    assert answer["state"] == "s t&a=te"
    assert "Accept" in browser.open(authorize_url(sandbox)).buttons


def test_response_mode_fragment(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.sign_in(authorize_url(sandbox, response_mode="fragment"))
    assert page.url.startswith(REDIRECT_URI + "#code=")


def test_response_mode_form_post_submits_the_answer(sandbox: Sandbox, browser: Browser) -> None:
    state = '"><script>alert(1)</script>'
    page = browser.sign_in(authorize_url(sandbox, response_mode="form_post", state=state))
    form = page.forms[0]
    assert (form.action, form.method) == (REDIRECT_URI, "post")
    assert form.fields["state"] == state
    assert form.fields["code"].startswith("1.A")
    assert "script-src 'sha256-" in page.headers["content-security-policy"]


def test_a_redirect_uri_keeps_its_own_query(sandbox: Sandbox, browser: Browser) -> None:
    uri = "https://web.example/cb?keep=1"
    page = browser.sign_in(authorize_url(sandbox, redirect_uri=uri))
    assert page.url.startswith(uri + "&code=")


def test_a_posted_request_is_answered_as_one_in_the_address(
    sandbox: Sandbox, browser: Browser
) -> None:
    url, _, query = authorize_url(sandbox, state=None).partition("?")
    fields = dict(part.split("=") for part in query.split("&"))
    response = browser.session.post(
        url,
        data="&".join(f"{name}={value}" for name, value in fields.items()),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert "Ada Lovelace" in response.text


def test_authorize_answers_over_https_too(sandbox: Sandbox, browser: Browser) -> None:
    url = authorize_url(sandbox).replace(sandbox.browser_url, sandbox.login_url)
    assert "code" in browser.sign_in(url).answer


def test_pages_load_nothing_from_elsewhere_and_may_not_be_framed(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox))
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "http://" not in page.html
    assert "https://" not in page.html


def test_the_login_cookie_is_http_only_and_changes_at_sign_in(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.open(authorize_url(sandbox))
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "SameSite=lax" in page.headers["set-cookie"]
    before = dict(browser.session.cookies)
    browser.press(page, ADA)
    assert dict(browser.session.cookies) != before


def test_a_transaction_does_nothing_in_another_browser(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.open(authorize_url(sandbox))
    button = page.buttons[ADA]
    fields = button.form.fields | {"person": button.value}
    with Browser(sandbox) as other:
        other.open(authorize_url(sandbox))
        refused = other.open(sandbox.browser_url + button.form.action, fields)
    assert refused.status == 400
    assert "no longer under way in this browser" in refused.text


@pytest.mark.parametrize("path", ["login", "consent"])
@pytest.mark.parametrize("key", ["", "u8UzNhsF-JAonD63oT1sZGU-QyzBJn-a", "%FF", "a&tx=b"])
def test_a_forged_transaction_is_refused(
    shared_sandbox: Sandbox, shared_browser: Browser, path: str, key: str
) -> None:
    url = f"{shared_sandbox.browser_url}/{TENANT_ID}/{path}"
    assert shared_browser.open(f"{url}?tx={key}").status == 400
    assert shared_browser.open(url, {"tx": key, "decision": "accept"}).status == 400


def test_consent_cannot_be_given_before_a_person_was_chosen(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.open(authorize_url(sandbox))
    fields = page.buttons[ADA].form.fields | {"decision": "accept"}
    refused = browser.open(f"{sandbox.browser_url}/{TENANT_ID}/consent", fields)
    assert refused.status == 400


def test_a_finished_transaction_cannot_be_repeated(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.press(browser.open(authorize_url(sandbox)), ADA)
    browser.press(page, "Accept")
    assert browser.press(page, "Accept").status == 400


def test_a_decision_that_is_none_is_refused(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.press(browser.open(authorize_url(sandbox)), ADA)
    fields = page.buttons["Accept"].form.fields | {"decision": "perhaps"}
    assert "AADSTS90014" in browser.open(page.url.partition("?")[0], fields).text


@pytest.mark.parametrize("tenant", [TENANT_ID, "small.example", "common", "organizations"])
def test_every_name_of_the_tenant_works(
    shared_sandbox: Sandbox, shared_browser: Browser, tenant: str
) -> None:
    page = shared_browser.sign_in(authorize_url(shared_sandbox, tenant=tenant))
    assert "code" in page.answer


@pytest.mark.parametrize(
    ("client_id", "uri"),
    [
        (NATIVE_ID, "http://localhost"),
        (NATIVE_ID, "http://localhost:49152"),
        (NATIVE_ID, "http://localhost:49152/"),
        (NATIVE_ID, "http://127.0.0.1:5/signed-in"),
        (NATIVE_ID, "http://localhost:5/fixed"),
        (WEB_ID, "http://localhost:49152/command-line"),
    ],
)
def test_a_command_may_listen_on_any_loopback_port(
    shared_sandbox: Sandbox, shared_browser: Browser, client_id: str, uri: str
) -> None:
    url = authorize_url(
        shared_sandbox, client_id=client_id, redirect_uri=uri, scope="openid User.Read"
    )
    assert shared_browser.sign_in(url).url.startswith(f"{uri}?code=")


@pytest.mark.parametrize(
    ("client_id", "uri"),
    [
        (WEB_ID, "http://localhost:8001/callback"),
        (WEB_ID, "http://localhost:8000/callback/"),
        (WEB_ID, "http://localhost:8000/Callback"),
        (WEB_ID, "http://localhost:8000/callback?next=1"),
        (WEB_ID, "http://localhost:8000/callback#x"),
        (WEB_ID, "http://localhost:8000/callback/../callback"),
        (WEB_ID, "http://localhost:8000{}evil.example/callback".format("@")),
        (WEB_ID, "https://web.example/cb?keep=1&more=1"),
        (WEB_ID, "https://web.example.evil.example/cb?keep=1"),
        (NATIVE_ID, "http://localhost:1/other"),
        (NATIVE_ID, "http://127.0.0.1:1/"),
        (NATIVE_ID, "https://localhost:1"),
        (NATIVE_ID, "http://localhost.evil.example"),
        (NATIVE_ID, "http://user@localhost:1"),
        (NATIVE_ID, "http://localhost:99999"),
        (NATIVE_ID, "javascript:alert(1)"),
    ],
)
def test_a_redirect_uri_that_is_not_registered_is_named_and_never_followed(
    shared_sandbox: Sandbox, shared_browser: Browser, client_id: str, uri: str
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox, client_id=client_id, redirect_uri=uri))
    assert page.status == 400
    assert f"AADSTS50011: The redirect URI '{uri}' specified in the request" in page.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": None}, "900144"),
        ({"client_id": "aaaaaaaa-0000-4000-8000-00000000dead"}, "700016"),
        ({"client_id": "<script>"}, "700016"),
        ({"tenant": "11111111-2222-4333-8444-000000000000"}, "90002"),
        ({"tenant": "contoso.example"}, "90002"),
        ({"tenant": "no_tenant"}, "900023"),
        ({"redirect_uri": None}, "900144"),
        ({"state": "two\r\nlines"}, "9002313"),
        ({"client_id": "aaaaaaaa-0000-4000-8000-000000000004"}, "500113"),
    ],
)
def test_a_request_without_a_safe_way_back_ends_on_an_error_page(
    shared_sandbox: Sandbox, shared_browser: Browser, changes: dict[str, str | None], code: str
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox, **changes))
    assert page.status == 400
    assert f"AADSTS{code}:" in page.text
    assert "<script>" not in page.html


def test_a_duplicated_parameter_and_bad_utf_8_are_refused(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox) + "&scope=openid")
    assert (
        "AADSTS9000411: The request is not properly formatted. The parameter 'scope'" in page.text
    )
    page = shared_browser.open(authorize_url(shared_sandbox) + "&nonce=%FF")
    assert "AADSTS9002313" in page.text


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"response_type": None}, "invalid_request", "900144"),
        ({"response_type": "token"}, "unsupported_response_type", "700051"),
        ({"response_type": "id_token code"}, "unsupported_response_type", "700054"),
        ({"response_type": "fish"}, "unsupported_response_type", "70005"),
        ({"response_mode": "pigeon"}, "invalid_request", "70007"),
        ({"prompt": "loudly"}, "invalid_request", "90023"),
        ({"scope": None}, "invalid_request", "900144"),
        ({"scope": "openid Fish.Read"}, "invalid_client", "650053"),
        ({"scope": 'openid "quoted"'}, "invalid_scope", "70011"),
        ({"scope": "/User.Read"}, "invalid_scope", "70011"),
        ({"scope": "User.Read .default"}, "invalid_scope", "70011"),
        ({"scope": "https://vault.example/.default"}, "invalid_resource", "500011"),
        ({"code_challenge": "short"}, "invalid_request", "501491"),
        ({"code_challenge": "a" * 43 + "+"}, "invalid_request", "501491"),
        ({"code_challenge_method": "S256"}, "invalid_request", "900144"),
        (
            {"code_challenge": "a" * 43, "code_challenge_method": "S512"},
            "invalid_request",
            "90023",
        ),
    ],
)
def test_a_wrong_request_goes_back_to_the_application(
    shared_sandbox: Sandbox,
    shared_browser: Browser,
    changes: dict[str, str | None],
    error: str,
    code: str,
) -> None:
    page = shared_browser.open(authorize_url(shared_sandbox, **changes))
    assert page.url.startswith(REDIRECT_URI + "?")
    assert (page.answer["error"], code_of(page.answer)) == (error, code)
    assert page.answer["state"] == "s t&a=te"


def test_an_administrator_consents_for_everybody(sandbox: Sandbox, browser: Browser) -> None:
    fields = {"client_id": WEB_ID, "redirect_uri": REDIRECT_URI, "state": "x"}
    page = browser.open(f"{sandbox.browser_url}/{TENANT_ID}/adminconsent?{urlencode(fields)}")
    page = browser.press(page, ADA)
    assert "As the application itself" in page.text
    answer = browser.press(page, "Accept").answer
    assert answer == {"admin_consent": "True", "tenant": TENANT_ID, "state": "x"}
    page = browser.press(browser.open(authorize_url(sandbox, prompt="login")), "宮本 茂")
    assert "code" in page.answer


def test_an_administrator_may_decline(sandbox: Sandbox, browser: Browser) -> None:
    fields = {"client_id": WEB_ID, "redirect_uri": REDIRECT_URI}
    url = f"{sandbox.browser_url}/{TENANT_ID}/v2.0/adminconsent?{urlencode(fields)}"
    page = browser.press(browser.open(url), ADA)
    assert code_of(browser.press(page, "Cancel").answer) == "65004"


def test_prompt_admin_consent_covers_what_is_registered(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox, prompt="admin_consent"))
    url = authorize_url(sandbox, scope="openid Calendars.ReadWrite", prompt="login")
    assert "code" in browser.press(browser.open(url), "宮本 茂").answer


def test_a_sign_in_lasts_fifteen_minutes(sandbox: Sandbox, browser: Browser) -> None:
    page = browser.open(authorize_url(sandbox))
    sandbox.clock.offset += sandbox.clock.offset.resolution * 901_000_000
    assert "no longer under way" in browser.press(page, ADA).text
