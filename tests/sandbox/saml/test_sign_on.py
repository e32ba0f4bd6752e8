"""A real service provider, python3-saml in strict mode, against the identity provider."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.routing import Router
from starlette.testclient import TestClient

from graphwright_sandbox.saml import names
from graphwright_sandbox.saml.routes import create_saml_routes
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID
from tests.sandbox.entra.browser import Browser
from tests.sandbox.saml.provider import PLAIN_ID, Provider, decode, fetch_metadata, make_key_pair

ADA = "bbbbbbbb-0000-4000-8000-000000000001"


def test_a_person_is_signed_in_with_the_claims_of_entra_id(plain: Provider) -> None:
    auth, page = plain.sign_in()
    assert auth.get_errors() == [], auth.get_last_error_reason()
    assert auth.is_authenticated()
    assert (auth.get_nameid(), auth.get_nameid_format()) == ("person1@small.example", names.EMAIL)
    claims = auth.get_attributes()
    assert claims == {
        names.CLAIM_TENANT: [TENANT_ID],
        names.CLAIM_OBJECT: [ADA],
        names.CLAIM_DISPLAY_NAME: ["Ada Lovelace"],
        names.CLAIM_PROVIDER: [f"https://sts.windows.net/{TENANT_ID}/"],
        names.CLAIM_METHODS: [names.METHOD_PASSWORD],
        names.CLAIM_GIVEN_NAME: ["Ada"],
        names.CLAIM_SURNAME: ["Lovelace"],
        names.CLAIM_EMAIL: ["person1@small.example"],
        names.CLAIM_NAME: ["person1@small.example"],
    }
    assert page.forms[0].action == "https://plain.example/acs"
    assert page.forms[0].fields["RelayState"] == "/after"


def test_names_with_markup_and_other_scripts_arrive_as_they_are(plain: Provider) -> None:
    auth, _ = plain.sign_in("Bob <b>Bold</b>")
    assert auth.get_attributes()[names.CLAIM_SURNAME] == ["<b>Bold</b>"]


def test_a_character_that_xml_cannot_hold_is_replaced(
    saml_sandbox: Sandbox, plain: Provider
) -> None:
    people = saml_sandbox.tenant.people
    ada = people.get(ADA)
    people.replace(replace(ada, surname="Love\x00la\x1bce"))
    try:
        auth, _ = plain.sign_in()
        assert auth.get_attributes()[names.CLAIM_SURNAME] == ["Love\ufffdla\ufffdce"]
    finally:
        people.replace(ada)


def test_the_response_and_the_assertion_are_signed_where_both_are_wanted(signed: Provider) -> None:
    signed.security = {"wantMessagesSigned": True, "wantAssertionsSigned": True}
    auth, _ = signed.sign_in()
    assert auth.get_errors() == [], auth.get_last_error_reason()
    assert auth.get_nameid_format() == names.PERSISTENT
    assert ADA not in auth.get_nameid()
    again, _ = signed.sign_in()
    assert again.get_nameid() == auth.get_nameid()


def test_only_the_response_is_signed_where_that_is_the_option(plain: Provider) -> None:
    plain.security = {"wantMessagesSigned": True}
    auth, _ = plain.sign_in()
    assert "is not signed" in str(auth.get_last_error_reason())


def test_an_assertion_is_encrypted_for_its_service_provider(encrypted: Provider) -> None:
    encrypted.security = {"wantMessagesSigned": True, "wantAssertionsEncrypted": True}
    auth, page = encrypted.sign_in()
    assert auth.get_errors() == [], auth.get_last_error_reason()
    assert auth.get_nameid_format() == names.TRANSIENT
    assert auth.get_attributes()[names.CLAIM_NAME] == ["person1@small.example"]
    assert "EncryptedAssertion" in decode(page)
    assert "person1" not in decode(page)
    again, _ = encrypted.sign_in()
    assert again.get_nameid() != auth.get_nameid(), "a transient name is another each time"


@pytest.mark.parametrize("wanted", [names.PERSISTENT, names.TRANSIENT, names.EMAIL])
def test_a_request_chooses_the_format_of_the_name(wanted: str, plain: Provider) -> None:
    plain.name_id_format = wanted
    auth, _ = plain.sign_in()
    assert auth.get_errors() == [], auth.get_last_error_reason()
    assert auth.get_nameid_format() == wanted


def test_a_persistent_name_is_another_for_each_service_provider(
    plain: Provider, signed: Provider
) -> None:
    plain.name_id_format = names.PERSISTENT
    assert plain.sign_in()[0].get_nameid() != signed.sign_in()[0].get_nameid()


def test_who_is_signed_in_is_not_asked_again_unless_the_request_forces_it(plain: Provider) -> None:
    plain.sign_in()
    page = plain.browser.open(plain.auth().login())
    assert "SAMLResponse" in page.forms[0].fields
    page = plain.browser.open(plain.auth().login(force_authn=True))
    assert "Ada Lovelace" in page.buttons


def test_a_passive_request_is_answered_without_a_question(plain: Provider) -> None:
    auth, page = plain.sign_in(is_passive=True)
    assert not auth.is_authenticated()
    assert names.NO_PASSIVE in decode(page)
    assert "AADSTS50058" in auth.get_last_error_reason()
    plain.sign_in()
    auth, _ = plain.sign_in(is_passive=True)
    assert auth.is_authenticated()


def test_a_subject_of_the_request_is_who_is_suggested(plain: Provider) -> None:
    url = plain.auth().login(name_id_value_req="person2@small.example")
    page = plain.browser.open(url)
    assert "Suggested by the application" in page.text


def test_a_sign_on_begins_at_the_identity_provider(plain: Provider) -> None:
    page = plain.browser.open(f"{plain.sandbox.browser_url}/signin/{PLAIN_ID}")
    page = plain.browser.press(page, "Ada Lovelace")
    assert page.forms[0].fields["RelayState"] == "https://plain.example/start"
    auth = plain.receive(page)
    assert auth.is_authenticated(), auth.get_last_error_reason()
    assert auth.get_last_response_in_response_to() is None


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"], None),
        ([names.PASSWORD], None),
        ([names.ANY_CONTEXT], names.PASSWORD),
        (["urn:oasis:names:tc:SAML:2.0:ac:classes:X509", names.PASSWORD], names.PASSWORD),
    ],
)
def test_the_context_that_was_wanted_is_told(
    wanted: list[str], told: str | None, plain: Provider
) -> None:
    plain.security = {"requestedAuthnContext": wanted}
    auth, _ = plain.sign_in()
    assert auth.get_last_authn_contexts() == [told or wanted[0]]


def test_the_groups_of_a_person_are_told_where_the_registration_wants_them(
    signed: Provider, saml_sandbox: Sandbox
) -> None:
    auth, _ = signed.sign_in()
    expected = [group.id for group in saml_sandbox.tenant.groups.of(ADA)]
    assert auth.get_attributes().get(names.CLAIM_GROUPS, []) == expected


def test_after_a_rotation_of_keys_both_are_published_and_the_new_one_signs(
    plain: Provider, saml_sandbox: Sandbox
) -> None:
    saml_sandbox.entra.keys.rotate()
    auth, _ = plain.sign_in()
    assert auth.is_authenticated(), auth.get_last_error_reason()


def test_a_service_provider_that_knows_other_keys_refuses_the_answer(
    plain: Provider, browser: Browser
) -> None:
    text = fetch_metadata(plain.sandbox, browser)
    strange = "".join(make_key_pair("strange").certificate.splitlines()[1:-1])
    plain.metadata = re.sub(
        r"(?<=X509Certificate>)[^<]+(?=</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDesc)",
        strange,
        text,
    )
    auth, _ = plain.sign_in()
    assert not auth.is_authenticated()
    assert "Signature validation failed" in auth.get_last_error_reason()


def test_metadata_leads_a_browser_where_it_was_fetched(
    saml_sandbox: Sandbox, browser: Browser
) -> None:
    path = "/small.example/federationmetadata/2007-06/federationmetadata.xml"
    for base in (saml_sandbox.login_url, saml_sandbox.browser_url):
        text = browser.session.get(base + path).text
        assert f'Location="{base}/{TENANT_ID}/saml2"' in text
        assert f'entityID="https://sts.windows.net/{TENANT_ID}/"' in text
    assert (
        browser.session.get(f"{saml_sandbox.login_url}/elsewhere.example{path[14:]}").status_code
        == 400
    )


def test_the_picker_refuses_who_is_disabled(
    provider_of: Callable[[str], Provider], plain: Provider
) -> None:
    page = plain.browser.open(plain.auth().login())
    page = plain.browser.press(page, "Dora Gone")
    assert "AADSTS50057" in page.text


def test_without_the_libraries_of_the_extra_a_page_says_so(
    monkeypatch: pytest.MonkeyPatch, saml_sandbox: Sandbox
) -> None:
    monkeypatch.setitem(sys.modules, "graphwright_sandbox.saml.endpoint", None)
    routes = create_saml_routes(saml_sandbox.entra, "cookie")
    answer = TestClient(Router(routes)).get("/tenant/saml2")
    assert answer.status_code == 400
    assert "graphwright[saml]" in answer.text
