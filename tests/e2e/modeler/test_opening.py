"""The modeler opens by its link, once, and shows its screens without a complaint of the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.process import ModelerProcess

pytestmark = pytest.mark.browser


def test_the_link_opens_the_modeler_and_a_browser_without_it_is_told_how(
    modeler: ModelerProcess, open_modeller: OpenModeller, browser: Browser
) -> None:
    modeller = open_modeller()
    modeller.open()
    expect(modeller.page).to_have_title(re.compile("My day"))
    with browser.new_context() as stranger:
        page = stranger.new_page()
        answer = page.goto(modeler.start_url)
        assert answer is not None
        assert answer.status == 401
        expect(page.get_by_text("was used already")).to_be_visible()
        page.goto(modeler.url)
        expect(page.get_by_role("heading", name="The modeler is closed")).to_be_visible()
