"""The fault switchboard: ready faults, rules of one's own, counts, switched off again."""

from __future__ import annotations

import pytest

from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.pages.console.faults import PRESETS
from graphwright_sandbox.server import Sandbox
from tests.sandbox.entra.browser import Browser, Page


def faults_url(sandbox: Sandbox, rest: str = "") -> str:
    return f"{sandbox.browser_url}/_sandbox/faults{rest}"


def add(browser: Browser, line: str) -> Page:
    page = browser.open(faults_url(browser.sandbox))
    return browser.open(faults_url(browser.sandbox), page.forms[-1].fields | {"line": line})


@pytest.mark.parametrize("name", PRESETS)
def test_every_ready_fault_is_a_rule(name: str) -> None:
    assert parse_fault(PRESETS[name][0]).title


def test_a_ready_fault_is_switched_on_counted_and_switched_off(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.open(faults_url(sandbox))
    name = next(one for one in page.buttons if one.startswith("Throttled"))
    page = browser.press(page, name)
    assert "Switched on: Answered with status 429." in page.text
    (rule,) = sandbox.faults.rules
    assert (rule.status, rule.times, rule.retry_after) == (429, 3, 2)
    sandbox.faults.take("GET", "/v1.0/me")
    page = browser.open(faults_url(sandbox))
    assert "1 of 1" in page.text
    assert "3 ×" in page.text
    page = browser.press(page, "Switch off: Answered with status 429")
    assert "Nothing goes wrong on purpose." in page.text
    assert not sandbox.faults.rules


def test_a_rule_of_ones_own_is_added_and_all_are_switched_off(
    sandbox: Sandbox, browser: Browser
) -> None:
    page = add(browser, "PATCH /me/events/<x>: 503 retry-after=7 after=2 every=3 probability=0.5")
    for shown in ("retry-after 7", "after the first 2", "every 3.", "probability 0.5"):
        assert shown in page.text
    assert "/me/events/<x>" in page.text
    assert "<x>" not in page.html
    add(browser, "GET .*: silence")
    assert len(sandbox.faults.rules) == 2
    page = browser.press(browser.open(faults_url(sandbox)), "Switch all off")
    assert "Nothing goes wrong on purpose any more." in page.text
    assert not sandbox.faults.rules


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "is not of the form"),
        ("nonsense", "is not of the form"),
        (".*: explode", "'fault'"),
        (".*: 999", "'fault'"),
        ("(: 500", "regular expression"),
        (".*: 500 times=0", "'times'"),
        (".*: 429 retry-after=soon", "'retry-after'"),
        (".*: 500 colour=<b>", "'colour': is not known"),
        ('.*: 500 body="', "quotation"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_reason(
    line: str, said: str, shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    page = add(shared_browser, line)
    assert page.status == 400
    assert said in page.text
    assert "<b>" not in page.html
    assert not shared_sandbox.faults.rules


def test_a_fault_that_is_gone_cannot_be_switched_off(
    shared_sandbox: Sandbox, shared_browser: Browser
) -> None:
    token = shared_browser.open(faults_url(shared_sandbox)).forms[-1].fields
    assert shared_browser.open(faults_url(shared_sandbox, "/99/remove"), token).status == 404


def test_there_are_never_too_many_rules(sandbox: Sandbox, browser: Browser) -> None:
    for _ in range(100):
        sandbox.faults.add(parse_fault(".*: 500"))
    page = add(browser, ".*: 500")
    assert page.status == 400
    assert "There are 100 rules already." in page.text
