"""What the identity provider refuses: each with its AADSTS code, none with an answer to anybody else."""

from __future__ import annotations

import base64
import re
import zlib
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

import pytest
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from graphwright_sandbox.saml import names
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import TENANT_ID
from tests.sandbox.entra.browser import Browser, Page
from tests.sandbox.saml.provider import PLAIN, SIGNED, Provider, decode, make_key_pair

REQUEST = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" '
    'IssueInstant="2026-11-23T08:00:00Z"{attributes}>'
    "<saml:Issuer>{issuer}</saml:Issuer>{body}</samlp:AuthnRequest>"
)


def request_xml(
    issuer: str = PLAIN, *, attributes: str = "", body: str = "", identifier: str = "_1"
) -> str:
    return REQUEST.format(id=identifier, issuer=issuer, attributes=attributes, body=body)


def redirect_query(xml: str | bytes, **fields: str) -> str:
    data = xml.encode() if isinstance(xml, str) else xml
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return urlencode({"SAMLRequest": base64.b64encode(packed).decode(), **fields})


def redirect(browser: Browser, xml: str | bytes, **fields: str) -> Page:
    url = f"{browser.sandbox.browser_url}/{TENANT_ID}/saml2"
    return browser.open(f"{url}?{redirect_query(xml, **fields)}")


def post(browser: Browser, xml: str, **fields: str) -> Page:
    url = f"{browser.sandbox.browser_url}/{TENANT_ID}/saml2"
    return browser.open(url, {"SAMLRequest": base64.b64encode(xml.encode()).decode(), **fields})


def assert_refused(page: Page, code: int) -> None:
    """A page says so, and nothing is on its way to an application."""
    assert page.status == 400, page.url
    assert f"AADSTS{code}:" in page.text
    assert 'name="SAMLResponse"' not in page.html


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (request_xml("https://unknown.example/<b>"), 7500525),
        (request_xml("https://unknown.example/"), 700016),
        (request_xml(PLAIN + "/more"), 700016),
        (request_xml(PLAIN.upper()), 700016),
        (request_xml(""), 700016),
        (request_xml(identifier="1"), 7500529),
        (request_xml(identifier=""), 75005),
        (request_xml().replace("2.0", "1.1", 3), 75005),
        (request_xml(attributes=' Destination="https://elsewhere.example/saml2"'), 75008),
        (request_xml(attributes=f' ProtocolBinding="{names.REDIRECT}"'), 75003),
        (request_xml().replace("AuthnRequest", "ArtifactResolve"), 75005),
        (request_xml().replace(names.SAMLP, "urn:another"), 75005),
        ("", 7500525),
        ("<", 7500525),
        ("not xml", 7500525),
        ("<a/><b/>", 7500525),
        ("<a>" * 400 + "</a>" * 400, 7500525),
    ],
)
def test_a_message_that_is_not_as_it_must_be_is_refused(
    xml: str, code: int, browser: Browser
) -> None:
    assert_refused(redirect(browser, xml), code)
    if xml:
        assert_refused(post(browser, xml), code)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/acs",
        "https://plain.example/acs/",
        "https://plain.example/acs?x=1",
        "https://plain.example/ACS",
        "https://plain.example/acs#fragment",
        "https://plain.example.evil.example/acs",
        "https://plain.example@evil.example/acs",
        "http://plain.example/acs",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_answer_never_goes_where_nobody_registered(address: str, browser: Browser) -> None:
    attributes = f' AssertionConsumerServiceURL="{address}"'
    page = redirect(browser, request_xml(attributes=attributes))
    assert_refused(page, 50011)
    assert "https://plain.example/acs" in page.text, "what is registered is told"


@pytest.mark.parametrize(
    ("attributes", "target"),
    [
        ("", "https://plain.example/acs"),
        (' AssertionConsumerServiceIndex="1"', "https://plain.example/second?x=1"),
        (' AssertionConsumerServiceIndex="99999999999"', "https://plain.example/acs"),
        (
            ' AssertionConsumerServiceURL="https://plain.example/second?x=1"',
            "https://plain.example/second?x=1",
        ),
    ],
)
def test_an_answer_goes_to_a_registered_address(
    attributes: str, target: str, browser: Browser
) -> None:
    page = redirect(browser, request_xml(attributes=attributes))
    page = browser.press(page, "Ada Lovelace")
    assert page.forms[0].action == target
    assert f'Recipient="{target}"' in decode(page)


def test_a_format_of_the_name_that_there_is_not_is_told_to_the_service_provider(
    browser: Browser,
) -> None:
    wanted = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
    page = redirect(
        browser, request_xml(body=f'<samlp:NameIDPolicy Format="{wanted}"/>'), RelayState="r"
    )
    assert names.INVALID_NAME_ID_POLICY in decode(page)
    assert "AADSTS75016" in decode(page)
    assert "Assertion>" not in decode(page)
    assert page.forms[0].fields["RelayState"] == "r"


def test_a_method_of_authentication_that_was_not_used_is_refused(plain: Provider) -> None:
    plain.security = {"requestedAuthnContext": ["urn:oasis:names:tc:SAML:2.0:ac:classes:X509"]}
    page = plain.browser.open(plain.auth().login())
    page = plain.browser.press(page, "Ada Lovelace")
    assert_refused(page, 75011)
    assert "'Password'" in page.text
    assert "'X509'" in page.text


ENTITY = '<!DOCTYPE r [<!ENTITY x "lol">]>'
BOMB = (
    '<!DOCTYPE r [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
FETCH = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd">'


@pytest.mark.parametrize("doctype", [ENTITY, BOMB, FILE, FETCH, "<!DOCTYPE r>"])
def test_a_document_type_is_refused_whatever_it_declares(doctype: str, browser: Browser) -> None:
    xml = doctype + request_xml("&x;")
    for page in (redirect(browser, xml), post(browser, xml)):
        assert_refused(page, 75005)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-7", "latin-1"])
def test_a_document_type_does_not_hide_in_another_encoding(encoding: str, browser: Browser) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>é'[:-1]
    xml = (declared + FILE + request_xml("&x;")).encode(encoding)
    page = redirect(browser, xml)
    assert page.status == 400
    assert re.search("AADSTS(75005|7500525):", page.text)


def test_a_message_that_inflates_without_end_is_refused(browser: Browser) -> None:
    assert_refused(redirect(browser, b"<a>" + b" " * 20_000_000), 75005)


def test_a_message_too_large_is_refused(browser: Browser) -> None:
    assert_refused(post(browser, request_xml(body="<x>" + "y" * 300_000 + "</x>")), 75005)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 750054),
        ("SAMLRequest=", 750054),
        ("RelayState=x", 750054),
        ("SAMLRequest=%%%", 75001),
        ("SAMLRequest=AAAA", 75001),
        ("SAMLRequest=" + quote_plus(base64.b64encode(b"<a/>").decode()), 75001),
        (redirect_query(request_xml()) + "&SAMLRequest=AAAA", 9000411),
        (redirect_query(request_xml()) + "&SAMLResponse=AAAA", 75005),
        (redirect_query(request_xml())[:-30], 75001),
    ],
)
def test_a_query_that_carries_no_message_is_refused(
    query: str, code: int, browser: Browser
) -> None:
    url = f"{browser.sandbox.browser_url}/{TENANT_ID}/saml2"
    assert_refused(browser.open(f"{url}?{query}"), code)


def test_another_tenant_is_refused(browser: Browser) -> None:
    url = f"{browser.sandbox.browser_url}/elsewhere.example/saml2"
    assert_refused(browser.open(f"{url}?{redirect_query(request_xml())}"), 90002)


@pytest.mark.parametrize("app_id", ["unknown", "aaaaaaaa-0000-4000-8000-000000000001"])
def test_no_sign_on_begins_here_for_what_is_no_service_provider(
    app_id: str, browser: Browser
) -> None:
    page = browser.open(f"{browser.sandbox.browser_url}/signin/{app_id}")
    assert page.status == 400
    assert 'name="SAMLResponse"' not in page.html


def test_a_request_that_is_not_signed_is_refused_where_it_has_to_be(browser: Browser) -> None:
    assert_refused(redirect(browser, request_xml(SIGNED)), 76021)
    assert_refused(post(browser, request_xml(SIGNED)), 76021)


SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"


def sign_xml(
    xml: str, name: str = "provider", algorithm: str = names.RSA_SHA256, digest: str = SHA256
) -> str:
    own = make_key_pair(name)
    signed: bytes = OneLogin_Saml2_Utils.add_sign(
        xml, own.key, own.certificate, sign_algorithm=algorithm, digest_algorithm=digest
    )
    return signed.decode()


def test_a_posted_request_is_verified_by_the_registered_certificate(browser: Browser) -> None:
    page = post(browser, sign_xml(request_xml(SIGNED)))
    assert "Ada Lovelace" in page.buttons
    assert_refused(post(browser, sign_xml(request_xml(SIGNED), "stranger")), 50006)


def test_a_posted_request_that_was_changed_is_refused(browser: Browser) -> None:
    xml = sign_xml(request_xml(SIGNED))
    changed = xml.replace('Version="2.0"', 'Version="2.0" ForceAuthn="true"', 1)
    assert changed != xml
    assert_refused(post(browser, changed), 50006)


def test_a_weak_algorithm_is_refused(browser: Browser) -> None:
    weak = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    assert_refused(post(browser, sign_xml(request_xml(SIGNED), algorithm=weak)), 50006)
    assert_refused(post(browser, sign_xml(request_xml(SIGNED), digest=SHA1)), 50006)


def test_a_signature_over_another_element_covers_nothing(browser: Browser) -> None:
    """Signature wrapping: a good signed request inside of a request that nobody signed."""
    good = sign_xml(request_xml(SIGNED, identifier="_good"))
    signature = re.search(r"<ds:Signature.*</ds:Signature>", good, re.DOTALL)
    assert signature is not None
    inner = good.replace(signature[0], "")
    for wrapped in (
        request_xml(SIGNED, body=good, identifier="_evil"),
        request_xml(SIGNED, body=signature[0] + inner, identifier="_evil"),
        request_xml(SIGNED, body=signature[0] + inner, identifier="_good"),
        request_xml(SIGNED, body=f"{signature[0]}<x>{good}</x>", identifier="_evil"),
    ):
        page = post(browser, wrapped)
        assert page.status == 400
        assert re.search("AADSTS(50006|76021):", page.text), page.text


def test_a_redirected_request_is_verified_as_it_was_encoded(signed: Provider) -> None:
    url = signed.auth().login("https://signed.example/a b?c=ü")
    page = signed.browser.open(url)
    assert "Ada Lovelace" in page.buttons


@pytest.mark.parametrize("name", ["RelayState", "SAMLRequest", "SigAlg", "Signature"])
def test_a_redirected_request_of_which_anything_was_changed_is_refused(
    name: str, signed: Provider
) -> None:
    parts = urlsplit(signed.auth().login("/after"))
    fields = dict(parse_qsl(parts.query))
    other = dict(parse_qsl(redirect_query(request_xml(SIGNED))))["SAMLRequest"]
    fields[name] = {
        "RelayState": "/elsewhere",
        "SAMLRequest": other,
        "SigAlg": names.RSA_SHA256.replace("256", "512"),
        "Signature": fields["Signature"][:-8] + "AAAAAAA=",
    }[name]
    page = signed.browser.open(parts._replace(query=urlencode(fields)).geturl())
    assert_refused(page, 50006)
    del fields[name]
    page = signed.browser.open(parts._replace(query=urlencode(fields)).geturl())
    assert page.status == 400
    assert "Ada Lovelace" not in page.text


def test_a_signature_in_the_wrong_place_counts_as_none(signed: Provider, browser: Browser) -> None:
    """Of the redirect binding it is in the address, of the POST binding in the XML."""
    assert_refused(redirect(browser, sign_xml(request_xml(SIGNED))), 76021)
    fields = dict(parse_qsl(urlsplit(signed.auth().login()).query))
    del fields["SAMLRequest"]
    assert_refused(post(browser, request_xml(SIGNED), **fields), 76021)


def test_an_answer_that_was_changed_on_its_way_is_noticed(plain: Provider) -> None:
    page = plain.browser.open(plain.auth().login())
    page = plain.browser.press(page, "Ada Lovelace")
    xml = decode(page)
    changed = xml.replace("person1@small.example", "person2@small.example")
    assert changed != xml
    page.forms[0].fields["SAMLResponse"] = base64.b64encode(changed.encode()).decode()
    auth = plain.receive(page)
    assert not auth.is_authenticated()


def test_the_inspector_shows_no_assertion(
    plain: Provider, saml_sandbox: Sandbox, browser: Browser
) -> None:
    _, page = plain.sign_in()
    response = page.forms[0].fields["SAMLResponse"]
    numbers = [one.number for one in saml_sandbox.inspector if one.path.endswith("/saml2")]
    assert numbers
    for number in numbers[-3:]:
        shown = browser.open(f"{saml_sandbox.browser_url}/_sandbox/requests/{number}").html
        assert response[:200] not in shown
        assert "person1@small.example" not in shown


def test_the_inspector_shows_what_a_service_provider_asked_for(
    plain: Provider, saml_sandbox: Sandbox, browser: Browser
) -> None:
    marks = ('ForceAuthn="true"', f"<saml:Issuer>{PLAIN}</saml:Issuer>")
    xml = request_xml(attributes=' ForceAuthn="true"')
    for send in (redirect, post):
        send(browser, xml)
        number = max(one.number for one in saml_sandbox.inspector)
        page = browser.open(f"{saml_sandbox.browser_url}/_sandbox/requests/{number}")
        assert all(mark in page.text for mark in marks)
    for spoiled in ("SAMLRequest=%%%", "SAMLRequest=AAAA", "SAMLRequest=", "a=SAMLRequest="):
        browser.open(f"{saml_sandbox.browser_url}/{TENANT_ID}/saml2?{spoiled}")
        number = max(one.number for one in saml_sandbox.inspector)
        url = f"{saml_sandbox.browser_url}/_sandbox/requests/{number}"
        assert browser.open(url).status == 200
