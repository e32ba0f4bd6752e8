"""The list of the draft's runs: what ran, for whom, node by node."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenVisitor
from tests.e2e.modeler.conftest import OpenModeller, StartModeler

pytestmark = pytest.mark.browser


def test_a_run_is_listed_with_its_way_and_its_values(
    start_modeler: StartModeler, open_modeller: OpenModeller, open_visitor: OpenVisitor
) -> None:
    process = start_modeler()
    modeller = open_modeller(process)
    modeller.open("/runs")
    expect(modeller.page.get_by_text("Nothing was run yet.")).to_be_visible()
    modeller.send("POST", "/api/run", {"flow": "people"})
    visitor = open_visitor("olivia.brandt", url=process.portal_url)
    visitor.sign_in("/people")
    page = modeller.page
    # It comes by itself: the server tells of every run.
    run = page.get_by_role("navigation", name="Runs").get_by_role("link").first
    expect(run).to_contain_text("People")
    expect(run).to_contain_text(visitor.person.display_name)
    expect(page.get_by_text(re.compile(r"^1 request · 1 page · .* kB received"))).to_be_visible()
    expect(page.get_by_text("person: 40 inserted")).to_be_visible()
    step = page.get_by_role("button", name=re.compile("load_people.*left by default"))
    step.click()
    expect(page.get_by_role("tree", name="Set by load_people")).to_contain_text("people")
    page.get_by_role("link", name="Show the node on the canvas").click()
    expect(page).to_have_url(re.compile(r"/flows/people\?node=load_people$"))
