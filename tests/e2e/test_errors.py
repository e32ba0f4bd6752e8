"""Answers that end too early, forged and replayed sign-ins, and somebody who never signed in."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from graphwright_sandbox.faults import FaultPlan, FaultRule
from tests.e2e.conftest import OpenVisitor
from tests.e2e.portal import CALLBACK
from tests.e2e.signing_in import sign_in
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

_REQUEST_ID = "5f0e2f86-8b0a-4f6d-9a57-3c1de0b2a907"


def sign_in_link(visitor: Visitor) -> None:
    """The visitor is asked to sign in."""
    expect(visitor.page.get_by_role("link", name="Sign in with")).to_be_visible()
    assert visitor.get_json("/api/session")["signed_in"] is False


def test_an_answer_that_is_cut_off_empties_no_list_and_can_be_asked_for_again(
    open_visitor: OpenVisitor, faults: FaultPlan
) -> None:
    visitor = open_visitor("aroha.ngata")
    sign_in(visitor, "/mail")
    inbox = visitor.page.get_by_role("region", name="Inbox").get_by_role("status").first
    expect(inbox).to_have_text(re.compile(r"^\d+ messages$"))
    count = inbox.inner_text()
    faults.add(FaultRule("/mailFolders/inbox/messages", kind="truncated", times=None, size=900))
    with visitor.taking("refresh"):
        visitor.button("Refresh").click()
    failure = visitor.page.get_by_role("alert")
    expect(failure.get_by_role("heading", name="That did not work")).to_be_visible()
    expect(failure).to_contain_text("cut off")
    faults.clear()
    failure.get_by_role("link", name="Try again").click()
    expect(visitor.heading("Mail")).to_be_visible()
    expect(inbox).to_have_text(count)


def test_a_refusal_of_the_application_is_told_to_the_person_with_its_request(
    open_visitor: OpenVisitor, faults: FaultPlan
) -> None:
    visitor = open_visitor("amelia.jones")
    sign_in(visitor)
    refusal = {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}
    body = json.dumps({"error": refusal}).encode()
    faults.add(FaultRule("/users", "GET", 403, {"request-id": _REQUEST_ID}, body, times=None))
    visitor.page.get_by_role("link", name="People").click()
    failure = visitor.page.get_by_role("alert")
    expect(failure).to_contain_text("Insufficient privileges.")
    expect(failure).to_contain_text(_REQUEST_ID)
    expect(failure).not_to_contain_text("Bearer")
    faults.clear()
    failure.get_by_role("link", name="Try again").click()
    expect(visitor.page.get_by_role("main").get_by_role("status").first).to_have_text("40 rows")


def test_a_forged_and_a_replayed_callback_sign_nobody_in(open_visitor: OpenVisitor) -> None:
    visitor = open_visitor("youssef.haddad")
    callbacks: list[str] = []
    visitor.context.on(
        "response",
        lambda answer: callbacks.append(answer.url) if CALLBACK in answer.url else None,
    )
    visitor.allow(400, CALLBACK)
    visitor.allow(403, CALLBACK)
    visitor.allow(409, CALLBACK)
    visitor.allow(401, "/api/start")
    visitor.open(f"{CALLBACK}?code=forged&state=forged")
    expect(visitor.heading("The sign-in did not work")).to_be_visible()
    visitor.open()
    sign_in_link(visitor)
    sign_in(visitor)
    replayed = callbacks[-1]
    visitor.context.clear_cookies(name=re.compile("^graphwright_"))
    visitor.page.goto(replayed)
    expect(visitor.heading("The sign-in did not work")).to_be_visible()
    expect(visitor.page.get_by_role("main")).to_contain_text("completed already")
    visitor.open()
    sign_in_link(visitor)


def test_somebody_who_never_signed_in_sees_nothing(open_visitor: OpenVisitor) -> None:
    owner, nobody = open_visitor("charlotte.hughes"), open_visitor("grace.thompson")
    steps: list[str] = []
    for path in ("/mail", "/people", "/calendar"):
        if steps:
            owner.go_to(path.strip("/").capitalize())
        else:
            sign_in(owner, path)
        steps.append(owner.step_path())
    key = owner.get_json(f"{steps[0]}/rows?part=messages")["rows"][0]["_key"]
    paths = [f"{step}{end}" for step in steps for end in ("", "/rows", "/rows.csv", "/rows.json")]
    paths += [f"{steps[0]}/rows/{key}?part=messages", f"{steps[0]}/rows/{key}/frame?part=messages"]
    paths.append("/api/runs")
    nobody.allow(401, "/api/")
    nobody.allow(404, "/api/steps/")
    # Once without any cookie, and once with the session that the page gives to everybody.
    assert {path: nobody.get(path).status for path in paths} == dict.fromkeys(paths, 401)
    for path in ("/", owner.page.url.removeprefix(owner.portal_url)):
        nobody.open(path)
        sign_in_link(nobody)
        expect(nobody.page.get_by_role("navigation", name="Application")).to_have_count(0)
    answers = {path: nobody.get(path) for path in paths}
    assert {path for path, found in answers.items() if found.status not in (401, 404)} == set()
    assert not any(key in found.text() for found in answers.values())
    taken = nobody.post(f"{steps[0]}/exits/delete", {"submission": "b" * 32, "data": {"key": key}})
    assert taken.status in (401, 404)
