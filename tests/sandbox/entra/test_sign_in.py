"""Who may sign in where, with which password, and who may consent to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import requests

from graphwright_sandbox.passwords import hash_password
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import REDIRECT_URI, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import (
    Browser,
    Page,
    authorize_url,
    code_of,
    get_code,
    get_tokens,
    post_token,
)
from tests.sandbox.entra.requests_at_token import (
    ADA_ID,
    APPLICATION,
    assert_refused,
    read_claims,
    redeem,
    refresh,
)
from tests.sandbox.entra.rich_tenant import (
    EVA,
    EVA_ID,
    GLOBAL_ADMINISTRATOR,
    NEIGHBOUR_ID,
    RichStart,
)

OTHER_ID = "aaaaaaaa-0000-4000-8000-000000000002"
OTHER: dict[str, str | None] = {"client_id": OTHER_ID, "redirect_uri": "http://localhost:9000/cb"}
EVERYBODYS = "right horse"


def type_password(browser: Browser, page: Page, password: str) -> Page:
    form = page.buttons["Sign in"].form
    url = browser.sandbox.browser_url + form.action
    return browser.open(url, form.fields | {"password": password})


def test_a_person_of_the_neighbour_signs_in_where_the_application_lets_everybody_in(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    url = authorize_url(rich, tenant="common")
    page = rich_browser.press(rich_browser.open(url), "Eva Next")
    code = rich_browser.press(page, "Accept").answer["code"]
    body = post_token(
        rich,
        http,
        {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI},
        tenant="common",
    ).json()
    claims = read_claims(body["id_token"])
    assert (claims["oid"], claims["tid"]) == (EVA_ID, NEIGHBOUR_ID)
    assert claims["iss"] == f"{rich.login_url}/{NEIGHBOUR_ID}/v2.0"
    answer = http.get(
        f"{rich.graph_url}/v1.0/me",
        headers={"Authorization": f"Bearer {body['access_token']}"},
        verify=str(rich.ca_file),
    )
    assert (answer.status_code, "Invalid issuer" in answer.text) == (401, True)


def test_a_person_of_the_neighbour_is_refused_at_this_tenant(
    shared_rich: Sandbox,
) -> None:
    with Browser(shared_rich) as browser:
        page = browser.open(authorize_url(shared_rich))
        assert "Eva Next" not in page.buttons
        form = page.buttons["Ada Lovelace"].form
        url = shared_rich.browser_url + form.action
        refused = browser.open(url, form.fields | {"person": EVA})
        assert refused.status == 400
        assert f"AADSTS50020: User account '{EVA}' from identity provider" in refused.text
        assert f"https://sts.windows.net/{NEIGHBOUR_ID}/" in refused.text


def test_an_application_of_one_tenant_is_unknown_elsewhere_and_not_for_everybody(
    shared_rich: Sandbox,
) -> None:
    with Browser(shared_rich) as browser:
        for tenant, code in (("common", "50194"), (NEIGHBOUR_ID, "700016")):
            page = browser.open(authorize_url(shared_rich, tenant=tenant, **OTHER))
            assert (page.status, f"AADSTS{code}:" in page.text) == (400, True)


def test_a_silent_sign_in_takes_no_account_of_another_tenant(
    rich: Sandbox, rich_browser: Browser
) -> None:
    rich_browser.sign_in(authorize_url(rich, tenant="common"), "Eva Next")
    answer = rich_browser.open(authorize_url(rich, prompt="none")).answer
    assert code_of(answer) == "50058"
    elsewhere = authorize_url(rich, prompt="none", tenant=NEIGHBOUR_ID)
    assert "code" in rich_browser.open(elsewhere).answer


def test_a_domain_hint_narrows_the_choice(shared_rich: Sandbox) -> None:
    with Browser(shared_rich) as browser:
        everybody = browser.open(authorize_url(shared_rich, tenant="organizations"))
        assert {"Eva Next", "Ada Lovelace"} <= everybody.buttons.keys()
        hinted = authorize_url(shared_rich, tenant="organizations", domain_hint="Neighbour.example")
        assert set(browser.open(hinted).buttons) == {"Search", "Eva Next"}
        unknown = authorize_url(shared_rich, tenant="organizations", domain_hint="else.example")
        assert "Ada Lovelace" in browser.open(unknown).buttons


def test_the_application_itself_needs_a_consent_at_the_neighbour(
    rich: Sandbox, rich_browser: Browser, http: requests.Session
) -> None:
    refused = post_token(rich, http, APPLICATION, tenant=NEIGHBOUR_ID)
    assert_refused(refused, 700016, "unauthorized_client")
    fields = {"client_id": WEB_ID, "redirect_uri": REDIRECT_URI}
    url = f"{rich.browser_url}/{NEIGHBOUR_ID}/adminconsent?{urlencode(fields)}"
    page = rich_browser.press(rich_browser.open(url), "Eva Next")
    assert rich_browser.press(page, "Accept").answer["tenant"] == NEIGHBOUR_ID
    token = post_token(rich, http, APPLICATION, tenant=NEIGHBOUR_ID).json()["access_token"]
    claims = read_claims(token)
    assert (claims["tid"], claims["roles"]) == (NEIGHBOUR_ID, ["User.Read.All"])
    # What the neighbour's administrator said counts there only.
    home = post_token(rich, http, APPLICATION).json()["access_token"]
    assert "roles" not in read_claims(home)


@pytest.fixture
def locked(start_rich: RichStart) -> Iterator[Sandbox]:
    """A sandbox where everybody has a password."""
    with start_rich(password=EVERYBODYS) as running:
        yield running


def test_a_password_is_asked_and_a_wrong_one_refused(locked: Sandbox) -> None:
    with Browser(locked) as browser:
        page = browser.press(browser.open(authorize_url(locked)), "Ada Lovelace")
        assert "Enter your password" in page.text
        refused = type_password(browser, page, "wrong")
        assert refused.status == 400
        assert (
            "AADSTS50126: Error validating credentials due to invalid username or password."
            in refused.text
        )
        assert "wrong" not in refused.html
        assert "AADSTS50126" in type_password(browser, refused, "").text
        signed_in = type_password(browser, refused, EVERYBODYS)
        assert "code" in browser.press(signed_in, "Accept").answer


def test_the_password_cannot_be_gone_round(locked: Sandbox) -> None:
    with Browser(locked) as browser:
        page = browser.open(authorize_url(locked))
        fields = page.buttons["Ada Lovelace"].form.fields
        for path in ("consent", "password"):
            url = f"{locked.browser_url}/{TENANT_ID}/{path}"
            assert browser.open(url, fields | {"decision": "accept"}).status == 400
        browser.press(page, "Ada Lovelace")
        url = f"{locked.browser_url}/{TENANT_ID}/consent"
        assert browser.open(url, fields | {"decision": "accept"}).status == 400


def test_a_person_may_have_an_own_password(rich: Sandbox) -> None:
    people = rich.tenant.people
    people.replace(replace(people.get(ADA_ID), password_hash=hash_password("Ada's own")))
    with Browser(rich) as browser:
        page = browser.press(browser.open(authorize_url(rich)), "Ada Lovelace")
        assert "AADSTS50126" in type_password(browser, page, EVERYBODYS).text
        assert "Accept" in type_password(browser, page, "Ada's own").buttons
        other = browser.open(authorize_url(rich, prompt="select_account"))
        assert "Accept" in browser.press(other, "宮本 茂").buttons


def make_administrator(sandbox: Sandbox, user_id: str) -> None:
    people = sandbox.tenant.people
    roles = (GLOBAL_ADMINISTRATOR,)
    people.replace(replace(people.get(user_id), directory_roles=roles))


def test_what_needs_an_administrator_is_left_to_one(
    start_rich: RichStart, http: requests.Session
) -> None:
    with start_rich(user_consent="admin_for_high") as sandbox, Browser(sandbox) as browser:
        high = authorize_url(sandbox, scope="openid User.Read User.Read.All")
        page = browser.press(browser.open(high), "Ada Lovelace")
        assert "AADSTS90094: Web <app> needs permission" in page.text
        assert "Accept" not in page.buttons
        forged = browser.open(page.url, page.forms[0].fields | {"decision": "accept"})
        assert (forged.status, "AADSTS90094" in forged.text) == (400, True)
        assert code_of(browser.press(page, "Cancel").answer) == "65004"
        low = authorize_url(sandbox, scope="openid User.Read")
        assert "code" in browser.press(browser.open(low), "Accept").answer

        make_administrator(sandbox, ADA_ID)
        everybody = browser.open(authorize_url(sandbox, prompt="admin_consent", scope="openid"))
        assert "code" in browser.press(everybody, "Accept").answer
        assert "code" in browser.press(browser.open(high), "Accept").answer
        body = redeem(sandbox, http, get_code(sandbox, browser)).json()
        assert GLOBAL_ADMINISTRATOR in read_claims(body["access_token"])["wids"]


def test_only_an_administrator_consents_for_everybody_where_the_policy_says_so(
    start_rich: RichStart,
) -> None:
    with start_rich(user_consent="admin_for_high") as sandbox, Browser(sandbox) as browser:
        url = authorize_url(sandbox, prompt="admin_consent", scope="openid")
        page = browser.press(browser.open(url), "Ada Lovelace")
        assert ("AADSTS90094" in page.text, "Accept" in page.buttons) == (True, False)


def test_where_nobody_may_consent_what_was_consented_to_is_still_enough(
    start_rich: RichStart,
) -> None:
    with start_rich(user_consent="none") as sandbox, Browser(sandbox) as browser:
        url = authorize_url(sandbox, scope="openid User.Read")
        page = browser.press(browser.open(url), "Ada Lovelace")
        assert "AADSTS90094" in page.text
        directory = sandbox.entra.directory
        directory.consent_for_everyone(directory.find_app(WEB_ID))
        assert "code" in browser.open(url).answer


@pytest.mark.parametrize(
    "claims",
    ["{", "[]", '{"access_token": 1}', '{"access_token": {"xms_cc": {"values": "cp1"}}}'],
)
def test_claims_that_are_no_request_are_refused(
    shared_rich: Sandbox, http: requests.Session, claims: str
) -> None:
    with Browser(shared_rich) as browser:
        answer = browser.open(authorize_url(shared_rich, claims=claims)).answer
    assert code_of(answer) == "9002313"
    response = post_token(shared_rich, http, APPLICATION | {"claims": claims})
    assert_refused(response, 9002313, "invalid_request")


@pytest.mark.parametrize("password", [None, EVERYBODYS])
def test_an_account_that_ends_in_the_middle_of_a_sign_in_is_refused(
    start_rich: RichStart, http: requests.Session, password: str | None
) -> None:
    with start_rich(password=password) as sandbox, Browser(sandbox) as browser:
        body = None if password else get_tokens(sandbox, browser, http)
        url = authorize_url(sandbox, prompt="select_account", scope="openid Calendars.ReadWrite")
        page = browser.press(browser.open(url), "Ada Lovelace")
        assert page.buttons.keys() & {"Accept", "Sign in"}
        sandbox.tenant.people.remove(ADA_ID, sandbox.clock())
        posted = page.forms[0].fields | {"decision": "accept", "password": EVERYBODYS}
        for refused in (browser.open(page.url), browser.open(page.url, posted)):
            assert (refused.status, "AADSTS50034" in refused.text) == (400, True)
        if body is not None:
            headers = {"Authorization": f"Bearer {body['access_token']}"}
            address = f"{sandbox.graph_url}/oidc/userinfo"
            answer = http.get(address, headers=headers, verify=str(sandbox.ca_file))
            assert answer.status_code == 401
            assert_refused(refresh(sandbox, http, body["refresh_token"]), 50034, "invalid_grant")
