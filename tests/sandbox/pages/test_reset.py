"""The page that brings everything back as it was seeded."""

from __future__ import annotations

from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import WEB_ID
from tests.sandbox.entra.browser import Browser, authorize_url


def test_everything_is_as_it_was_seeded(sandbox: Sandbox, browser: Browser) -> None:
    browser.sign_in(authorize_url(sandbox))
    sandbox.faults.add(parse_fault(".*: 500"))
    app = sandbox.entra.directory.find_app(WEB_ID)
    assert sandbox.entra.directory.consenting_people(app)
    page = browser.press(browser.open(f"{sandbox.browser_url}/_sandbox/reset"), "Reset everything")
    assert "Everything is as it was seeded." in page.text
    assert not sandbox.entra.directory.consenting_people(app)
    assert not sandbox.faults.rules
    assert not len(sandbox.inspector)
