"""What goes wrong is told so that a person knows what to do, and works when tried again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Response, expect

from graphwright_sandbox.faults import FaultPlan, FaultRule, throttled
from graphwright_sandbox.server import Sandbox
from tests.e2e.conftest import OpenVisitor
from tests.e2e.portal import CALLBACK, PortalProcess, settings_for
from tests.ports import find_free_port

pytestmark = pytest.mark.browser

REQUEST_ID = "7a1f8f2e-4c1b-4f0e-9b43-0d7c6f3f5a11"


def graph_error(code: str, message: str) -> bytes:
    inner = {"request-id": REQUEST_ID, "date": "2026-01-01T00:00:00"}
    return json.dumps({"error": {"code": code, "message": message, "innerError": inner}}).encode()


def test_refused_consent_is_a_clear_page_from_which_one_can_try_again(
    open_visitor: OpenVisitor,
) -> None:
    visitor = open_visitor("harper.nguyen")
    visitor.open()
    visitor.choose_person()
    visitor.allow(403, CALLBACK)
    visitor.button("Cancel").click()
    expect(visitor.heading("You did not agree")).to_be_visible()
    visitor.page.get_by_role("link", name="Try again").click()
    visitor.button("Accept").click()
    expect(visitor.heading("Calendar")).to_be_visible()


def test_a_redirect_url_that_is_not_registered_is_named(
    open_visitor: OpenVisitor, sandbox: Sandbox, tmp_path: Path
) -> None:
    with PortalProcess(tmp_path, find_free_port(), settings_for(sandbox)) as other:
        visitor = open_visitor("mateo.silva", url=other.url)
        visitor.allow(401, "/api/start")
        visitor.allow(400, f"/{sandbox.tenant.id}/")
        visitor.open()
        visitor.page.get_by_role("link", name="Sign in with Microsoft 365").click()
        expect(visitor.page.get_by_text("AADSTS50011")).to_be_visible()
        expect(visitor.page.get_by_text("AADSTS50011")).to_contain_text(other.url + CALLBACK)
        visitor.context.close()


def test_a_wrong_secret_is_explained_with_its_cure(
    open_visitor: OpenVisitor, sandbox: Sandbox, spare_port: int, tmp_path: Path
) -> None:
    wrong = "SBX8Q~this-is-the-wrong-secret-altogether"
    settings = settings_for(sandbox) | {"MY_DAY_CLIENT_SECRET": wrong}
    with PortalProcess(tmp_path, spare_port, settings) as other:
        visitor = open_visitor("mateo.silva", url=other.url)
        visitor.open()
        visitor.choose_person()
        visitor.allow(502, CALLBACK)
        visitor.button("Accept").click()
        expect(visitor.heading("The sign-in did not work")).to_be_visible()
        main = visitor.page.get_by_role("main")
        expect(main).to_contain_text("AADSTS7000215")
        expect(main).to_contain_text("MY_DAY_CLIENT_SECRET")
        expect(main).not_to_contain_text(wrong)
        assert wrong not in other.log
        visitor.context.close()


FAULTS = {
    "forbidden": FaultRule(
        "calendarView", None, 403, {}, graph_error("ErrorAccessDenied", "Access is denied.")
    ),
    "not found": FaultRule(
        "calendarView", None, 404, {}, graph_error("ErrorItemNotFound", "The store was not found.")
    ),
    "throttled": throttled("calendarView", retry_after=60),
    "broken": FaultRule(
        "calendarView", None, 500, {}, graph_error("generalException", "Something failed.")
    ),
    "an error in a 200": FaultRule(
        "calendarView", None, 200, {}, graph_error("UnknownError", "Not what it seems.")
    ),
    "a page of a proxy": FaultRule(
        "calendarView", None, 200, {}, b"<html><h1>Proxy login</h1></html>", "text/html"
    ),
}


def test_a_failure_of_graph_is_told_and_trying_again_works(
    open_visitor: OpenVisitor, faults: FaultPlan
) -> None:
    visitor = open_visitor("ava.ramirez")
    visitor.sign_in()
    told: dict[str, str] = {}
    for name, rule in FAULTS.items():
        rule.times, rule.headers = None, {**rule.headers, "request-id": REQUEST_ID}
        faults.add(rule)
        with visitor.taking("refresh"):
            visitor.button("Refresh").click()
        failure = visitor.page.get_by_role("alert")
        expect(failure.get_by_role("heading", name="That did not work")).to_be_visible()
        told[name] = failure.inner_text()
        faults.clear()
        failure.get_by_role("link", name="Try again").click()
        expect(visitor.heading("Calendar")).to_be_visible()
        visitor.wait()
    # The proxy's page is an answer as good as any, until it is imported.
    assert {name for name, text in told.items() if REQUEST_ID not in text} == {"a page of a proxy"}
    assert "Access is denied." in told["forbidden"]
    assert "The store was not found." in told["not found"]
    assert re.search(r"60 s|a minute|too many", told["throttled"], re.IGNORECASE)
    assert "tried again" in told["broken"]
    assert "Not what it seems." in told["an error in a 200"]
    assert "Did the request answer with text" in told["a page of a proxy"]
    assert "Proxy login" not in told["a page of a proxy"]


def test_a_callback_is_good_once_and_only_with_its_own_state(open_visitor: OpenVisitor) -> None:
    visitor = open_visitor("rahul.verma")
    callbacks: list[str] = []

    def remember(response: Response) -> None:
        if CALLBACK in response.url:
            callbacks.append(response.url)

    visitor.context.on("response", remember)
    visitor.open()
    visitor.choose_person()
    visitor.button("Accept").click()
    expect(visitor.heading("Calendar")).to_be_visible()
    (callback,) = callbacks
    visitor.allow(400, CALLBACK)
    visitor.allow(403, CALLBACK)
    visitor.allow(409, CALLBACK)
    visitor.page.goto(callback)
    expect(visitor.heading("The sign-in did not work")).to_be_visible()
    expect(visitor.page.get_by_role("main")).to_contain_text("completed already")
    forged = re.sub(r"state=[^&]+", "state=forged-state-of-somebody", callback)
    assert forged != callback
    visitor.page.goto(forged)
    expect(visitor.heading("The sign-in did not work")).to_be_visible()
    expect(visitor.page.get_by_role("main")).to_contain_text("not begun here")
    # Whoever is signed in stays so, as the same person.
    visitor.open("/")
    expect(visitor.heading("Calendar")).to_be_visible()
    assert visitor.get_json("/api/session")["user"]["name"] == visitor.person.display_name


def test_a_sign_in_begun_in_another_browser_is_refused_in_this_one(
    open_visitor: OpenVisitor,
) -> None:
    attacker, victim = open_visitor("lucas.goncalves"), open_visitor("haruto.tanaka")
    attacker.open()
    attacker.choose_person()
    attacker.context.route(f"**{CALLBACK}**", lambda route: route.abort())
    with attacker.page.expect_request(f"**{CALLBACK}**") as stopped:
        attacker.button("Accept").click(no_wait_after=True)
    attacker.watch.complaints.clear()
    victim.allow(400, CALLBACK)
    victim.allow(403, CALLBACK)
    victim.page.goto(stopped.value.url)
    expect(victim.heading("The sign-in did not work")).to_be_visible()
    assert victim.get_json("/api/session")["signed_in"] is False
