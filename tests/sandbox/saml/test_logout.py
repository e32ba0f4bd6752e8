"""Single logout: asked for by a service provider, answered by a signed redirect, told to the others."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from graphwright_sandbox.saml import names
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID
from tests.sandbox.entra.browser import Browser, Page, authorize_url, code_of
from tests.sandbox.saml.provider import PLAIN, Provider
from tests.sandbox.saml.test_refusals import assert_refused, redirect, request_xml


def is_signed_in(browser: Browser) -> bool:
    answer = browser.open(authorize_url(browser.sandbox, prompt="none")).answer
    return "error" not in answer or code_of(answer) != "50058"


def log_out(provider: Provider, auth: Any, **changes: Any) -> Page:
    fields = {
        "name_id": auth.get_nameid(),
        "name_id_format": auth.get_nameid_format(),
        "session_index": auth.get_session_index(),
    }
    return provider.browser.open(provider.auth().logout("/bye", **(fields | changes)))


def receive(provider: Provider, page: Page) -> Any:
    auth = provider.auth(query=urlsplit(page.url).query)
    auth.process_slo(keep_local_session=True)
    return auth


def test_a_session_ends_and_the_answer_is_signed(plain: Provider) -> None:
    auth, _ = plain.sign_in()
    assert is_signed_in(plain.browser)
    page = log_out(plain, auth)
    assert page.url.startswith("https://plain.example/slo?SAMLResponse=")
    fields = dict(parse_qsl(urlsplit(page.url).query))
    assert fields["RelayState"] == "/bye"
    assert fields["SigAlg"] == names.RSA_SHA256
    plain.security = {"wantMessagesSigned": True}
    answer = receive(plain, page)
    assert answer.get_errors() == [], answer.get_last_error_reason()
    assert not is_signed_in(plain.browser)


def test_a_changed_answer_is_noticed(plain: Provider) -> None:
    auth, _ = plain.sign_in()
    page = log_out(plain, auth)
    page.url = page.url.replace("RelayState=%2Fbye", "RelayState=%2Fevil")
    plain.security = {"wantMessagesSigned": True}
    assert "invalid_logout_response_signature" in receive(plain, page).get_errors()


@pytest.mark.parametrize(
    "changes",
    [
        {"name_id": "person2@small.example"},
        {"name_id": "PERSON1@small.example"},
        {"session_index": "_another"},
    ],
)
def test_nobody_ends_a_session_of_somebody_else(changes: dict[str, str], plain: Provider) -> None:
    auth, _ = plain.sign_in()
    page = log_out(plain, auth, **changes)
    answer = receive(plain, page)
    assert "logout_not_success" in answer.get_errors()
    assert is_signed_in(plain.browser)


def test_a_name_given_to_one_service_provider_ends_nothing_for_another(
    plain: Provider, signed: Provider
) -> None:
    auth, _ = signed.sign_in()
    page = log_out(plain, auth)
    assert "logout_not_success" in receive(plain, page).get_errors()
    assert is_signed_in(plain.browser)


def test_where_nobody_is_signed_in_any_more_there_is_nothing_left_to_do(plain: Provider) -> None:
    auth, _ = plain.sign_in()
    log_out(plain, auth)
    assert receive(plain, log_out(plain, auth)).get_errors() == []


def test_a_logout_has_to_be_signed_where_requests_have_to_be(signed: Provider) -> None:
    auth, _ = signed.sign_in()
    signed.signs = False
    assert_refused(log_out(signed, auth), 76021)
    assert is_signed_in(signed.browser)
    signed.signs = True
    assert receive(signed, log_out(signed, auth)).get_errors() == []


def test_the_other_service_providers_hear_of_it_by_a_signed_request(
    plain: Provider, signed: Provider
) -> None:
    first, _ = plain.sign_in()
    second, _ = signed.sign_in()
    page = log_out(plain, first)
    assert "You signed out" in page.text
    (frame,) = [part.split('"')[0] for part in page.html.split('<iframe hidden title="" src="')[1:]]
    address = frame.replace("&amp;", "&")
    assert address.startswith("https://signed.example/slo?SAMLRequest=")
    assert "plain.example/slo?SAMLResponse=" in page.headers["refresh"]
    signed.security = {"wantMessagesSigned": True}
    heard = signed.auth(query=urlsplit(address).query)
    back = heard.process_slo(keep_local_session=True)
    assert heard.get_errors() == [], heard.get_last_error_reason()
    assert second.get_nameid() in heard.get_last_request_xml()
    # The answer of the other one comes back here, and ends nothing any more.
    assert "You signed out" in signed.browser.open(back).text


def test_signing_out_of_the_sandbox_tells_service_providers_too(plain: Provider) -> None:
    plain.sign_in()
    page = plain.browser.open(f"{plain.sandbox.browser_url}/{TENANT_ID}/oauth2/v2.0/logout")
    assert "https://plain.example/slo?SAMLRequest=" in page.html


def test_a_logout_without_a_name_is_refused(browser: Browser, saml_sandbox: Sandbox) -> None:
    xml = request_xml(PLAIN).replace("AuthnRequest", "LogoutRequest")
    assert_refused(redirect(browser, xml), 75005)
