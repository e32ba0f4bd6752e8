"""Running a draft and looking into it: breakpoints, the way taken, errors, once more; nothing secret.

It must not know how a run is held: it looks at the canvas and at the portal beside it.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from graphwright.modeler.masking import MASK
from graphwright_sandbox.seed.app_registrations import APPLICATION_SECRET, USERS_SECRET
from graphwright_sandbox.server import Sandbox
from tests.e2e.graph import person_named
from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.modeller import Modeller

pytestmark = pytest.mark.browser

PERSON = "olivia.brandt"
TOKEN = re.compile(r"eyJ[\w-]{8,}\.|Bearer [\w.~+/-]{20,}")
PLANTED = "planted-pass-phrase"


def node(page: Page, name: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def open_flow(modeller: Modeller, name: str) -> Page:
    modeller.open(f"/flows/{name}")
    expect(modeller.page.locator(".react-flow__node").first).to_be_visible()
    return modeller.page


def set_breakpoint(modeller: Modeller, name: str) -> None:
    """By mouse."""
    modeller.button("Show all (Ctrl+0)").click()
    modeller.wait()
    mark = modeller.page.get_by_role("button", name=f"Breakpoint at {name}")
    mark.click()
    expect(mark).to_have_attribute("aria-pressed", "true")


def properties(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Properties")


def paused(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Stopped")


def run_signed_in(modeller: Modeller, sandbox: Sandbox) -> Page:
    """Runs the flow that is shown; gives the portal's tab, where somebody has signed in."""
    modeller.allow(401, "/api/start")
    with modeller.context.expect_page() as opened:
        modeller.button("Run").click()
    portal = opened.value
    portal.get_by_role("link", name="Sign in with Microsoft 365").click()
    person = person_named(sandbox, PERSON)
    portal.get_by_role("button", name=person.display_name, exact=True).click()
    accept = portal.get_by_role("button", name="Accept", exact=True)
    shell = portal.get_by_role("banner")
    expect(accept.or_(shell).first).to_be_visible()
    if accept.is_visible():
        accept.click()
    expect(shell).to_be_visible()
    # A tab in the background draws one frame a second, and each click waits for two.
    modeller.page.bring_to_front()
    return portal


def visited(modeller: Modeller) -> list[tuple[str, str | None]]:
    """The nodes of the latest run, each with the exit it was left by."""
    latest = modeller.get_json("/api/traces")["traces"][0]["id"]
    trace = modeller.get_json(f"/api/traces/{latest}")
    return [(visit["node"], visit["exit"]) for visit in trace["visits"]]


def unfold(page: Page, header: str, *names: str, until: str) -> None:
    """Opens one value below the other of the visit that is shown, until it says so."""
    button = page.get_by_role("button", name=header).first
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    tree = properties(page).get_by_role("tree", name=header)
    for name in names:
        item = tree.get_by_role("treeitem").filter(has_text=re.compile(rf"^{name}:")).first
        if item.get_attribute("aria-expanded") != "true":
            item.click()
    expect(properties(page)).to_contain_text(until)


def test_a_run_stops_where_it_is_told_to_and_goes_on_step_by_step(
    start_modeler: StartModeler, open_modeller: OpenModeller, sandbox: Sandbox
) -> None:
    modeller = open_modeller(start_modeler())
    page = open_flow(modeller, "people")
    node(page, "load_people").click()
    page.keyboard.press("F9")
    mark = page.get_by_role("button", name="Breakpoint at load_people")
    expect(mark).to_have_attribute("aria-pressed", "true")
    set_breakpoint(modeller, "show_people")

    portal = run_signed_in(modeller, sandbox)
    expect(paused(page)).to_contain_text("before “All users”")
    expect(node(page, "load_people")).to_contain_text("waits here")
    expect(node(page, "authorize")).to_contain_text(re.compile(r"\d ms|\d s"))
    expect(properties(page).get_by_role("tab", name="This run")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(portal.get_by_role("heading", level=1, name="People")).to_have_count(0)

    modeller.button("Step").click()
    expect(paused(page)).to_contain_text("before “Import")
    expect(node(page, "load_people")).to_contain_text(re.compile(r"\d ms|\d s"))
    expect(properties(page)).to_contain_text("import_people")
    unfold(page, "Variables before", "people", "body", "value", "0", until="displayName")
    expect(properties(page).get_by_role("tree").first).to_contain_text("people:")

    for word in ("Continue", "Step", "Stop"):
        button = paused(page).get_by_role("button", name=word, exact=True)
        assert button.evaluate("(each) => each.scrollWidth <= each.clientWidth"), word
    modeller.button("Continue").click()
    expect(paused(page)).to_contain_text("before “Show people")
    node(page, "show_people").focus()
    page.keyboard.press("F9")
    modeller.button("Continue").click()
    expect(paused(page)).to_have_count(0)
    expect(portal.get_by_role("heading", level=1, name="People")).to_be_visible()
    assert visited(modeller)[:4] == [
        ("authorize", "authenticated"),
        ("load_people", "default"),
        ("import_people", "default"),
        ("show_people", None),
    ]

    node(page, "load_people").click()
    properties(page).get_by_role("tab", name="This run").click()
    unfold(page, "Set by this node", "people", "body", "value", "0", until="displayName")
    shown = page.content()
    assert TOKEN.search(f"eyJ{'a' * 9}.x") is not None
    assert TOKEN.search(shown) is None
    assert all(secret not in shown for secret in (APPLICATION_SECRET, USERS_SECRET))


def test_a_run_that_is_stopped_ends_before_the_node(
    start_modeler: StartModeler, open_modeller: OpenModeller, sandbox: Sandbox
) -> None:
    modeller = open_modeller(start_modeler())
    page = open_flow(modeller, "people")
    set_breakpoint(modeller, "load_people")
    run_signed_in(modeller, sandbox)
    expect(paused(page)).to_be_visible()
    modeller.allow(500, "/api/")
    modeller.allow(409, "/api/")
    modeller.button("Stop").click()
    expect(paused(page)).to_have_count(0)
    assert visited(modeller) == [("authorize", "authenticated"), ("load_people", "stopped")]
    expect(node(page, "load_people")).to_contain_text("stopped")


def test_a_node_that_failed_shows_why_and_is_run_again(
    start_modeler: StartModeler, open_modeller: OpenModeller, sandbox: Sandbox
) -> None:
    modeller = open_modeller(start_modeler())
    before = modeller.get_json("/api/documents/flows/people.yaml")["value"]
    load = {**before["nodes"]["load_people"], "url": "/users/nobody-at-all", "query": {}}
    broken = {
        **before,
        "inputs": {"badge": {"type": "text", "sensitive": True, "default": PLANTED}},
        "nodes": {**before["nodes"], "load_people": load},
    }
    modeller.edit("flows/people.yaml", json.dumps(broken))
    page = open_flow(modeller, "people")
    run_signed_in(modeller, sandbox)
    expect(node(page, "load_people").locator("[title*=nobody-at-all]")).to_be_visible()
    node(page, "load_people").click()
    properties(page).get_by_role("tab", name="This run").click()
    expect(properties(page)).to_contain_text(re.compile("does not exist", re.IGNORECASE))
    expect(properties(page)).to_contain_text("left by “error”")
    unfold(page, "Variables before", "input", until=MASK)
    assert PLANTED not in page.content()
    modeller.button("Run this node again").click()
    expect(page.get_by_text("It failed again", exact=True)).to_be_visible()
