"""Codes and refresh tokens: bound, spent, replayed, revoked, expired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import (
    OTHER_ID,
)
from tests.sandbox.entra.browser import Browser, get_code, get_tokens
from tests.sandbox.entra.requests_at_token import (
    VERIFIER,
    assert_refused,
    redeem,
    refresh,
)


def test_a_replayed_code_is_refused_and_revokes_what_it_bought(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(sandbox, browser)
    first = redeem(sandbox, http, code).json()
    assert_refused(redeem(sandbox, http, code), 54005, "invalid_grant")
    assert_refused(refresh(sandbox, http, first["refresh_token"]), 70000, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"redirect_uri": "http://localhost:8000/other"}, 500112, "invalid_grant"),
        ({"redirect_uri": None}, 500112, "invalid_grant"),
        ({"client_id": OTHER_ID, "client_secret": "other-secret"}, 70000, "invalid_grant"),
        ({"code": "nonsense"}, 9002313, "invalid_grant"),
        ({"code": "1.Aunknown"}, 70000, "invalid_grant"),
        ({"code": None}, 900144, "invalid_request"),
        ({"code_verifier": VERIFIER}, 501481, "invalid_grant"),
        ({"scope": "Fish.Read"}, 650053, "invalid_client"),
        ({"scope": "Calendars.ReadWrite"}, 65001, "invalid_grant"),
    ],
)
def test_a_code_is_bound_to_its_request(
    shared_sandbox: Sandbox,
    shared_browser: Browser,
    http: requests.Session,
    changes: dict[str, str | None],
    code: int,
    error: str,
) -> None:
    value = get_code(shared_sandbox, shared_browser)
    response = redeem(shared_sandbox, http, value, **changes)
    assert_refused(response, code, error)


def test_a_confidential_client_needs_its_secret_for_a_code(
    shared_sandbox: Sandbox, shared_browser: Browser, http: requests.Session
) -> None:
    response = redeem(
        shared_sandbox, http, get_code(shared_sandbox, shared_browser), client_secret=None
    )
    assert_refused(response, 7000218, "invalid_client", 401)


@pytest.mark.parametrize("method", [None, "plain", "S256"])
@pytest.mark.parametrize("verifier", [None, "w" * 43])
def test_a_wrong_verifier_is_refused_and_spends_the_code(
    shared_sandbox: Sandbox,
    shared_browser: Browser,
    http: requests.Session,
    method: str | None,
    verifier: str | None,
) -> None:
    code = get_code(
        shared_sandbox, shared_browser, code_challenge=VERIFIER, code_challenge_method=method
    )
    response = redeem(shared_sandbox, http, code, code_verifier=verifier)
    assert_refused(response, 501481, "invalid_grant")
    response = redeem(shared_sandbox, http, code, code_verifier=VERIFIER)
    assert_refused(response, 54005, "invalid_grant")


def test_a_plain_challenge_is_met_by_itself(
    shared_sandbox: Sandbox, shared_browser: Browser, http: requests.Session
) -> None:
    code = get_code(shared_sandbox, shared_browser, code_challenge=VERIFIER)
    assert redeem(shared_sandbox, http, code, code_verifier=VERIFIER).status_code == 200


def test_a_code_expires_after_ten_minutes(
    sandbox: Sandbox, browser: Browser, http: requests.Session
) -> None:
    code = get_code(sandbox, browser)
    sandbox.clock.offset = timedelta(minutes=10)
    assert_refused(redeem(sandbox, http, code), 70008, "invalid_grant")


def test_a_refresh_token_buys_new_tokens_and_a_new_refresh_token(
    shared_sandbox: Sandbox, shared_browser: Browser, http: requests.Session
) -> None:
    first = get_tokens(shared_sandbox, shared_browser, http)
    second = refresh(shared_sandbox, http, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["scope"] == first["scope"]
    third = refresh(shared_sandbox, http, second["refresh_token"], scope="User.Read").json()
    assert "refresh_token" in third
    assert "id_token" not in third


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"refresh_token": "nonsense"}, 9002313, "invalid_grant"),
        ({"refresh_token": "1.Rnonsense"}, 70000, "invalid_grant"),
        ({"refresh_token": None}, 900144, "invalid_request"),
        ({"client_id": OTHER_ID, "client_secret": "other-secret"}, 70000, "invalid_grant"),
        ({"scope": "Calendars.ReadWrite"}, 65001, "invalid_grant"),
        ({"scope": "https://vault.example/x"}, 500011, "invalid_resource"),
    ],
)
def test_a_bad_refresh_is_refused(
    shared_sandbox: Sandbox,
    shared_browser: Browser,
    http: requests.Session,
    changes: dict[str, str | None],
    code: int,
    error: str,
) -> None:
    token = get_tokens(shared_sandbox, shared_browser, http)["refresh_token"]
    assert_refused(refresh(shared_sandbox, http, token, **changes), code, error)


def test_an_idle_refresh_token_expires(
    start_sandbox: Callable[..., Sandbox], http: requests.Session
) -> None:
    lifetime = timedelta(hours=24)
    with start_sandbox(refresh_token_lifetime=lifetime) as sandbox, Browser(sandbox) as browser:
        token = get_tokens(sandbox, browser, http)["refresh_token"]
        sandbox.clock.offset = timedelta(hours=23)
        renewed = refresh(sandbox, http, token).json()["refresh_token"]
        sandbox.clock.offset = timedelta(hours=25)
        assert_refused(refresh(sandbox, http, token), 700082, "invalid_grant")
        assert refresh(sandbox, http, renewed).status_code == 200


def test_sign_in_frequency_ends_a_refresh_token(
    start_sandbox: Callable[..., Sandbox], http: requests.Session
) -> None:
    frequency = timedelta(hours=1)
    with start_sandbox(sign_in_frequency=frequency) as sandbox, Browser(sandbox) as browser:
        token = get_tokens(sandbox, browser, http)["refresh_token"]
        sandbox.clock.offset = timedelta(minutes=50)
        token = refresh(sandbox, http, token).json()["refresh_token"]
        sandbox.clock.offset = timedelta(minutes=61)
        assert_refused(refresh(sandbox, http, token), 70043, "invalid_grant")
