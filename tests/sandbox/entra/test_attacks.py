"""Attacks on OAuth 2.0, each refused with the AADSTS code that a developer would see."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization

from graphwright_sandbox.entra.grants import challenge_of
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import NATIVE_ID, OTHER_ID, REDIRECT_URI, TENANT_ID, WEB_ID
from tests.sandbox.entra.browser import Browser, authorize_url, get_code, get_tokens, post_token
from tests.sandbox.entra.requests_at_token import (
    APPLICATION,
    VERIFIER,
    assert_refused,
    redeem,
    refresh,
)
from tests.sandbox.entra.rich_tenant import (
    CERTIFICATE_ID,
    DEVICE_ID,
    NEIGHBOUR_ID,
    OTHER_MIDDLE_ID,
    RichStart,
    client_assertion,
    identity,
    with_assertion,
)
from tests.sandbox.entra.test_device_code import ask_codes, poll
from tests.sandbox.entra.test_on_behalf_of import API, OBO, tokens_for

PKCE = {"code_challenge": challenge_of(VERIFIER, "S256"), "code_challenge_method": "S256"}
OTHER: dict[str, str | None] = {"client_id": OTHER_ID, "client_secret": "other-secret"}


@pytest.fixture
def shared(shared_rich: Sandbox) -> Sandbox:
    return shared_rich


@pytest.fixture
def browser(shared_rich: Sandbox) -> Iterator[Browser]:
    with Browser(shared_rich) as one:
        yield one


def test_a_code_that_was_redeemed_buys_nothing_and_ends_what_it_bought(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(shared, browser)
    bought = redeem(shared, http, code).json()
    assert_refused(redeem(shared, http, code), 54005, "invalid_grant")
    assert_refused(refresh(shared, http, bought["refresh_token"]), 70000, "invalid_grant")


@pytest.mark.parametrize("verifier", [None, "w" * 43, PKCE["code_challenge"], VERIFIER[:-1]])
def test_a_stolen_code_is_nothing_without_its_verifier(
    shared: Sandbox, browser: Browser, http: requests.Session, verifier: str | None
) -> None:
    code = get_code(shared, browser, **PKCE)
    response = redeem(shared, http, code, code_verifier=verifier)
    assert_refused(response, 501481, "invalid_grant")
    # Whoever guesses has one guess: the right verifier comes too late.
    assert_refused(redeem(shared, http, code, code_verifier=VERIFIER), 54005, "invalid_grant")


def test_the_challenge_of_a_request_cannot_be_dropped_nor_weakened(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    # A verifier for a code that was asked for without one: the request was tampered with.
    code = get_code(shared, browser)
    response = redeem(shared, http, code, code_verifier=VERIFIER)
    assert_refused(response, 501481, "invalid_grant")
    # With S256 asked for, the challenge itself is no verifier, as it were with "plain".
    code = get_code(shared, browser, **PKCE)
    response = redeem(shared, http, code, code_verifier=PKCE["code_challenge"])
    assert_refused(response, 501481, "invalid_grant")


@pytest.mark.parametrize(
    "uri",
    [
        f"{REDIRECT_URI}.evil.example",
        f"{REDIRECT_URI}/../evil",
        f"{REDIRECT_URI}?next=https://evil.example",
        f"http://localhost:8000{'@'}evil.example/callback",
        "http://localhost:8000.evil.example/callback",
        "https://web.example.evil.example/cb?keep=1",
        "//localhost:8000/callback",
    ],
)
def test_a_redirect_uri_that_only_begins_like_a_registered_one_is_never_followed(
    shared: Sandbox, browser: Browser, uri: str
) -> None:
    page = browser.open(authorize_url(shared, redirect_uri=uri))
    assert page.status == 400
    assert "AADSTS50011:" in page.text


def test_a_code_is_of_no_use_at_another_address(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(shared, browser)
    response = redeem(shared, http, code, redirect_uri="https://web.example/cb?keep=1")
    assert_refused(response, 500112, "invalid_grant")


def test_a_code_and_a_refresh_token_are_of_no_use_to_another_client(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(shared, browser)
    assert_refused(redeem(shared, http, code, **OTHER), 70000, "invalid_grant")
    token = redeem(shared, http, code).json()["refresh_token"]
    assert_refused(refresh(shared, http, token, **OTHER), 70000, "invalid_grant")
    public: dict[str, str | None] = {"client_id": NATIVE_ID, "client_secret": None}
    assert_refused(refresh(shared, http, token, **public), 70000, "invalid_grant")


def test_a_confidential_client_cannot_be_played_without_its_secret(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(shared, browser)
    response = redeem(shared, http, code, client_secret=None)
    assert_refused(response, 7000218, "invalid_client", 401)
    response = redeem(shared, http, code, client_secret="other-secret")
    assert_refused(response, 7000215, "invalid_client", 401)


def forge(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def unsigned(sandbox: Sandbox) -> str:
    good = client_assertion(sandbox)
    header = jwt.get_unverified_header(good) | {"alg": "none"}
    return forge(header, jwt.decode(good, options={"verify_signature": False}))


def signed_with_the_public_certificate(sandbox: Sandbox) -> str:
    # The certificate is no secret: as the key of an HMAC it must prove nothing.
    good = client_assertion(sandbox)
    header = jwt.get_unverified_header(good) | {"alg": "HS256"}
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, _ = forge(header, claims).split(".")
    public = identity("own").key.public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(f"{head}.{body}".encode(), pem)
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def signed_by_a_stranger(sandbox: Sandbox) -> str:
    return client_assertion(sandbox, key=identity("stranger").key)


def with_an_own_certificate_enclosed(sandbox: Sandbox) -> str:
    stranger = identity("stranger")
    own = identity("own")
    header = {"x5t#S256": own.x5t_s256, "x5c": stranger.x5c}
    return client_assertion(sandbox, key=stranger.key, header=header)


def with_claims_changed_afterwards(sandbox: Sandbox) -> str:
    head, _, signature = client_assertion(sandbox).split(".")
    later = jwt.decode(client_assertion(sandbox), options={"verify_signature": False})
    later["exp"] += 60
    return f"{head}.{forge({}, later).split('.')[1]}.{signature}"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (unsigned, 5002738),
        (signed_with_the_public_certificate, 5002738),
        (signed_by_a_stranger, 700027),
        (with_an_own_certificate_enclosed, 700027),
        (with_claims_changed_afterwards, 700027),
    ],
)
def test_a_forged_client_assertion_proves_nothing(
    shared: Sandbox, http: requests.Session, make: Callable[[Sandbox], str], code: int
) -> None:
    response = post_token(shared, http, with_assertion(make(shared)))
    assert_refused(response, code, "invalid_client", 401)


def test_the_assertion_of_one_client_is_nothing_for_another(
    shared: Sandbox, http: requests.Session
) -> None:
    assertion = client_assertion(shared)
    response = post_token(shared, http, with_assertion(assertion, WEB_ID))
    assert_refused(response, 700027, "invalid_client", 401)
    aimed = client_assertion(shared, iss=WEB_ID, sub=WEB_ID)
    assert_refused(
        post_token(shared, http, with_assertion(aimed, CERTIFICATE_ID)),
        700021,
        "invalid_client",
        401,
    )


def test_an_assertion_for_another_tenant_is_refused(
    shared: Sandbox, http: requests.Session
) -> None:
    aimed = client_assertion(shared, aud=f"{shared.login_url}/{NEIGHBOUR_ID}/oauth2/v2.0/token")
    response = post_token(shared, http, with_assertion(aimed))
    assert_refused(response, 700023, "invalid_client", 401)


def test_a_replayed_assertion_is_refused_where_the_tenant_wants_it_once(
    start_rich: RichStart, http: requests.Session
) -> None:
    with start_rich(single_use_assertions=True) as strict:
        assertion = with_assertion(client_assertion(strict))
        assert post_token(strict, http, assertion).status_code == 200
        assert_refused(post_token(strict, http, assertion), 50013, "invalid_grant")
        # The same id in an assertion that is signed anew is a replay too.
        first, second = (client_assertion(strict, jti="one") for _ in range(2))
        assert post_token(strict, http, with_assertion(first)).status_code == 200
        response = post_token(strict, http, with_assertion(second))
        assert_refused(response, 50013, "invalid_grant")


def test_a_code_for_a_person_of_one_tenant_is_nothing_at_another(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    page = browser.sign_in(authorize_url(shared, tenant="common"), "Eva Next")
    response = redeem(shared, http, page.answer["code"])
    assert_refused(response, 700005, "invalid_grant")


def test_a_refresh_token_of_one_tenant_is_nothing_at_another(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    token = get_tokens(shared, browser, http)["refresh_token"]
    fields: dict[str, str | None] = {"grant_type": "refresh_token", "refresh_token": token}
    response = post_token(shared, http, fields, tenant=NEIGHBOUR_ID)
    assert_refused(response, 50020, "invalid_grant")


def test_a_token_for_another_audience_is_refused_by_graph(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    body = tokens_for(shared, browser, http, API)
    for token in (body["access_token"], body["id_token"]):
        answer = http.get(
            f"{shared.graph_url}/v1.0/me",
            headers={"Authorization": f"Bearer {token}"},
            verify=str(shared.ca_file),
        )
        assert (answer.status_code, "Invalid audience" in answer.text) == (401, True)


def graph_token(shared: Sandbox, browser: Browser, http: requests.Session) -> str:
    return get_tokens(shared, browser, http)["access_token"]


def token_for_another_api(shared: Sandbox, browser: Browser, http: requests.Session) -> str:
    return tokens_for(shared, browser, http, API)["access_token"]


def id_token(shared: Sandbox, browser: Browser, http: requests.Session) -> str:
    return get_tokens(shared, browser, http)["id_token"]


def token_of_an_application(shared: Sandbox, _: Browser, http: requests.Session) -> str:
    scope = f"{OTHER_MIDDLE_ID}/.default"
    token: str = post_token(shared, http, APPLICATION | {"scope": scope}).json()["access_token"]
    return token


def token_signed_by_a_stranger(shared: Sandbox, browser: Browser, http: requests.Session) -> str:
    token = token_for_another_api(shared, browser, http)
    claims = jwt.decode(token, options={"verify_signature": False}) | {"aud": OTHER_MIDDLE_ID}
    kid = jwt.get_unverified_header(token)["kid"]
    return jwt.encode(claims, identity("stranger").key, "RS256", headers={"kid": kid})


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (graph_token, 500131),
        (token_for_another_api, 500131),
        (id_token, 240002),
        (token_of_an_application, 7000114),
        (token_signed_by_a_stranger, 50013),
    ],
)
def test_on_behalf_of_takes_no_token_but_one_for_the_middle_tier_itself(
    shared: Sandbox,
    browser: Browser,
    http: requests.Session,
    make: Callable[[Sandbox, Browser, requests.Session], str],
    code: int,
) -> None:
    assertion = make(shared, browser, http)
    response = post_token(
        shared, http, OBO | {"client_id": OTHER_MIDDLE_ID, "assertion": assertion}
    )
    assert_refused(response, code, "invalid_grant")
    assert assertion not in response.text


def test_the_device_code_of_one_client_is_nothing_for_another(
    shared: Sandbox, http: requests.Session
) -> None:
    codes = ask_codes(shared, http)
    stolen = poll(shared, http, codes, changes={"client_id": NATIVE_ID})
    assert_refused(stolen, 70000, "invalid_grant")
    elsewhere = poll(shared, http, codes, tenant="common")
    assert_refused(elsewhere, 70000, "invalid_grant")
    assert_refused(poll(shared, http, codes), 70016, "authorization_pending")


def test_a_device_is_approved_by_a_person_at_the_sandbox_only(
    shared: Sandbox, browser: Browser, http: requests.Session
) -> None:
    # A page elsewhere that posts the attacker's code for a signed-in person gets a question only.
    browser.sign_in(authorize_url(shared))
    codes = ask_codes(shared, http)
    address = f"{shared.browser_url}/devicelogin"
    page = browser.open(address, {"user_code": codes["user_code"]})
    assert "Permissions requested" in page.text
    assert poll(shared, http, codes).json()["error"] == "authorization_pending"
    with Browser(shared) as stranger:
        form = page.forms[0]
        url = shared.browser_url + form.action
        assert stranger.open(url, form.fields | {"decision": "accept"}).status == 400
    assert codes["device_code"] not in page.html
    assert DEVICE_ID not in page.url
    assert TENANT_ID in page.url
