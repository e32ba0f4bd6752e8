"""Signing in and out: what the callback refuses, what it goes on with, and what is over afterwards."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from graphwright.portal.pending import pending_table
from tests.portal.conftest import Browser, Place, step_path


def test_a_person_signs_in_and_returns_to_where_they_were(place: Place) -> None:
    browser = place.browser()
    assert browser.session()["signed_in"] is False
    state = browser.begin_sign_in("?profile=graph-user&return=/agenda?search=x")
    answer = browser.come_back(state, code="anna")
    assert (answer.status_code, answer.headers["location"]) == (302, "/agenda?search=x")
    session = browser.session()
    assert session["user"] == {"name": "Anna", "email": "anna@contoso.example"}


def test_sign_in_changes_the_cookie_and_the_one_from_before_is_worth_nothing(place: Place) -> None:
    browser = place.browser()
    browser.session()
    name = "graphwright_8080"
    planted = browser.client.cookies[name]
    browser.come_back(browser.begin_sign_in(), code="anna")
    assert browser.client.cookies[name] != planted
    attacker = place.browser()
    attacker.client.cookies.set(name, planted)
    assert attacker.session()["signed_in"] is False


def test_the_database_holds_no_state_and_no_browser_secret(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in()
    with place.runtime.databases.system.engine.connect() as connection:
        row = str(connection.execute(sa.select(pending_table)).one())
    assert state not in row
    assert browser.client.cookies["graphwright-sign-in_8080"] not in row


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%2Fevil",
    ],
)
def test_a_return_path_to_another_site_leads_to_the_start(place: Place, path: str) -> None:
    browser = place.browser()
    answer = browser.client.get("/auth/sign-in", params={"return": path})
    state = answer.headers["location"].partition("state=")[2].partition("&")[0]
    assert browser.come_back(state, code="anna").headers["location"] == "/"


def test_a_callback_is_taken_once(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in()
    assert browser.come_back(state, code="anna").status_code == 302
    replayed = browser.come_back(state, code="anna")
    assert replayed.status_code == 409
    assert "completed already" in replayed.text
    assert place.authority.redeemed == ["anna"]


def test_a_callback_from_another_browser_is_refused_and_stays_good_for_its_own(
    place: Place,
) -> None:
    browser, other = place.browser(), place.browser()
    state = browser.begin_sign_in()
    for thief in (other, place.browser()):
        refused = thief.come_back(state, code="anna")
        assert refused.status_code == 403
        assert "another browser" in refused.text
        assert thief.session()["signed_in"] is False
        thief.begin_sign_in()
    assert place.authority.redeemed == []
    assert browser.come_back(state, code="anna").status_code == 302


@pytest.mark.parametrize("state", ["", "forged", "x" * 5000, "é{{ }}<script>"])
def test_a_forged_state_is_refused(place: Place, state: str) -> None:
    browser = place.browser()
    browser.begin_sign_in()
    answer = browser.come_back(state, code="anna")
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert place.authority.redeemed == []


def test_a_state_of_another_profile_is_refused(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in()
    assert browser.come_back(state, "other-user", code="anna").status_code == 400


def test_a_sign_in_that_takes_too_long_is_over(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in()
    place.clock.pass_time(minutes=10)
    answer = browser.come_back(state, code="anna")
    assert answer.status_code == 400
    assert "too long" in answer.text


def test_a_parameter_that_comes_twice_is_refused(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in()
    path = f"/auth/callback/graph-user?state={state}&code=anna&code=bert"
    assert browser.get(path).status_code == 400
    assert place.authority.redeemed == []


def test_consent_refused_is_explained_with_a_way_to_try_again(place: Place) -> None:
    browser = place.browser()
    state = browser.begin_sign_in("?return=/agenda")
    answer = browser.come_back(state, error="access_denied")
    assert answer.status_code == 403
    assert "AADSTS65004" in answer.text
    assert "choose Accept" in answer.text
    assert 'href="/auth/sign-in?profile=graph-user&amp;return=%2Fagenda"' in answer.text
    assert "Try again" in answer.text
    assert browser.session()["signed_in"] is False


def test_an_error_of_the_authority_is_explained(place: Place) -> None:
    browser = place.browser()
    answer = browser.come_back(
        browser.begin_sign_in(),
        error="invalid_client",
        error_description="<script>alert(1)</script>",
    )
    assert answer.status_code == 502
    assert "AADSTS7000215" in answer.text
    assert "<script>" not in answer.text


def test_a_flow_waits_for_the_sign_in_and_goes_on(place: Place) -> None:
    browser = place.browser()
    browser.session()
    step = browser.start("/private").json()
    assert step["kind"] == "redirect"
    state = browser.begin_sign_in(step["url"].removeprefix("/auth/sign-in"))
    answer = browser.come_back(state, code="anna")
    assert answer.headers["location"].startswith("/private?run=")
    instance, number = answer.headers["location"].partition("run=")[2].rsplit(".", 1)
    browser.session()
    end = browser.get(step_path({"instance": instance, "step": number})).json()
    assert (end["kind"], end["title"], end["message"]) == ("end", "Hello Anna", "kept")


@pytest.mark.parametrize(
    ("error", "title"), [("access_denied", "Declined"), ("server_error", "Broken")]
)
def test_a_flow_goes_on_at_its_own_exit_where_the_sign_in_fails(
    place: Place, error: str, title: str
) -> None:
    browser = place.browser()
    browser.session()
    step = browser.start("/private").json()
    state = browser.begin_sign_in(step["url"].removeprefix("/auth/sign-in"))
    answer = browser.come_back(state, error=error)
    assert answer.status_code == 302
    instance, number = answer.headers["location"].partition("run=")[2].rsplit(".", 1)
    end = browser.get(step_path({"instance": instance, "step": number})).json()
    assert end["title"] == title


def test_a_flow_without_such_an_exit_gets_a_page_and_may_be_tried_again(
    place: Place, anna: Browser
) -> None:
    step = anna.start("/strict").json()
    state = anna.begin_sign_in(step["url"].removeprefix("/auth/sign-in"))
    answer = anna.come_back(state, "other-user", error="access_denied")
    assert answer.status_code == 403
    again = step["url"].removeprefix("/auth/sign-in")
    assert "Try again" in answer.text
    assert again in answer.text
    reached = anna.come_back(anna.begin_sign_in(again), "other-user", code="anna2")
    assert reached.headers["location"].startswith("/strict?run=")
    # The account of another profile joins the principal, who stays who they are.
    assert anna.session()["user"]["name"] == "Anna"


def test_a_flow_never_passes_to_somebody_else_who_signs_in_for_it(
    place: Place, anna: Browser
) -> None:
    place.loop.call(place.runtime.profiles.remove, place.owner(anna))
    step = anna.start("/private").json()
    assert step["kind"] == "redirect"
    run = step["url"].partition("run=")[2]
    answer = anna.come_back(anna.begin_sign_in(f"?run={run}"), code="bert")
    assert answer.headers["location"] == "/private"
    assert anna.session()["user"]["name"] == "Bert"
    instance, number = run.rsplit(".", 1)
    gone = anna.get(step_path({"instance": instance, "step": number}))
    assert gone.status_code == 404


def test_a_sign_in_of_another_profile_needs_somebody_signed_in(place: Place) -> None:
    browser = place.browser()
    assert browser.get("/auth/sign-in?profile=other-user").status_code == 401


def test_an_account_joins_only_who_asked_for_it(place: Place, anna: Browser) -> None:
    state = anna.begin_sign_in("?profile=other-user")
    anna.come_back(anna.begin_sign_in(), code="bert")
    answer = anna.come_back(state, "other-user", code="anna2")
    assert answer.status_code == 403
    assert "anna2" not in place.authority.redeemed


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?profile=nowhere", 401),
        ("?run=x", 400),
        ("?run=x.y", 400),
        ("?run=.1", 400),
        ("?run=x.99999999999", 400),
        ("?run=unknown.1", 404),
    ],
)
def test_a_sign_in_for_nothing_is_refused(place: Place, query: str, status: int) -> None:
    browser = place.browser()
    browser.session()
    assert browser.get(f"/auth/sign-in{query}").status_code == status


def test_nobody_signs_in_for_the_step_of_another_session(place: Place) -> None:
    browser, other = place.browser(), place.browser()
    browser.session()
    other.session()
    url = browser.start("/private").json()["url"]
    assert other.get(url).status_code == 404


def test_after_sign_out_nothing_is_reachable(place: Place, anna: Browser) -> None:
    step = anna.start("/calendar").json()
    cookies = dict(anna.client.cookies)
    answer = anna.post("/auth/sign-out")
    assert answer.json() == {"url": "https://login.example/logout?to=http://localhost:8080/"}
    assert "graphwright_8080" not in anna.client.cookies
    back = place.browser()
    for name, value in cookies.items():
        back.client.cookies.set(name, value)
    for path in (step_path(step), f"{step_path(step)}/rows", "/api/runs"):
        assert back.get(path).status_code == 401
        assert anna.get(path).status_code == 401
    assert back.session()["signed_in"] is False


def test_sign_out_needs_the_token_of_the_session(anna: Browser) -> None:
    assert anna.client.post("/auth/sign-out").status_code == 403
    assert anna.client.get("/auth/sign-out").status_code in (404, 405)
    assert anna.session()["signed_in"] is True


def test_over_https_every_cookie_is_secure_and_bound_to_the_host(
    make_place: Callable[..., Place],
) -> None:
    place = make_place("https://apps.example.com")
    browser = place.browser()
    answer = browser.get("/auth/sign-in")
    for cookie in (answer.headers["set-cookie"], browser.get("/api/session").headers["set-cookie"]):
        assert cookie.startswith("__Host-graphwright")
        assert "; Secure" in cookie
    assert "https%3A" in answer.headers["location"] or "https://apps" in answer.headers["location"]
