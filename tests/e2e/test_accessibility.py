"""Every page passes axe in light and dark, and the keyboard alone leads through."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from graphwright_sandbox.faults import FaultPlan, FaultRule
from tests.e2e.axe import find_violations
from tests.e2e.conftest import OpenVisitor, WeekIn
from tests.e2e.graph import GraphOf
from tests.e2e.portal import CALLBACK
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MOST_TABS = 80


def check(visitor: Visitor, place: str) -> None:
    """Nothing on this page is inaccessible, as far as a program can tell."""
    # Not `wait`: a card that is open hides the page's heading.
    expect(visitor.page.locator("main [role=progressbar]")).to_have_count(0)
    assert find_violations(visitor.page) == [], place


def check_both(visitor: Visitor, place: str) -> None:
    """The page in light and, what may differ, its colours in dark."""
    check(visitor, place)
    visitor.page.emulate_media(color_scheme="dark")
    assert find_violations(visitor.page, "color-contrast") == [], f"{place} in dark"
    visitor.page.emulate_media(color_scheme="light")


def test_every_page_is_accessible(open_visitor: OpenVisitor, faults: FaultPlan) -> None:
    visitor = open_visitor("greta.lindqvist", color_scheme="light")
    visitor.open()
    expect(visitor.page.get_by_role("link", name="Sign in with")).to_be_visible()
    visitor.allow(401, "/api/start")
    check_both(visitor, "sign-in")
    visitor.sign_in()
    for view in ("Week", "Month", "Agenda"):
        visitor.choose_view(view)
        check_both(visitor, view)
    visitor.agenda_list().get_by_role("button").first.click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    check_both(visitor, "an event's card")
    visitor.page.keyboard.press("Escape")
    visitor.wait()
    visitor.button("New event").click()
    expect(visitor.heading("New event")).to_be_visible()
    check_both(visitor, "form")
    visitor.page.get_by_role("switch", name="All day").click()
    visitor.button("Create").click()
    expect(visitor.page.get_by_text("Fill in this field.")).to_be_visible()
    check_both(visitor, "form with a complaint")
    visitor.button("Cancel").click()
    visitor.go_to("Mail")
    check_both(visitor, "mail")
    visitor.page.get_by_role("option").nth(2).click()
    expect(visitor.page.locator("iframe[title='Message text']")).to_be_visible()
    check_both(visitor, "mail with a message")
    visitor.go_to("People")
    expect(visitor.page.get_by_role("gridcell").first).not_to_have_text("")
    check_both(visitor, "people")
    visitor.go_to("Runs")
    expect(visitor.page.get_by_role("row").nth(1)).to_be_visible()
    check_both(visitor, "runs")
    visitor.page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(visitor.page.get_by_role("region", name="Way taken")).to_be_visible()
    expect(visitor.page.get_by_role("definition").first).not_to_have_text("")
    check_both(visitor, "a run")
    faults.add(FaultRule("mailFolders", status=403, times=None))
    visitor.page.get_by_role("link", name="Mail").click()
    expect(visitor.heading("That did not work")).to_be_visible()
    check_both(visitor, "a failure")
    visitor.allow(400, CALLBACK)
    visitor.open(f"{CALLBACK}?state=unknown")
    expect(visitor.heading("The sign-in did not work")).to_be_visible()
    check_both(visitor, "a failed sign-in")


def test_every_page_is_accessible_on_a_phone(open_visitor: OpenVisitor) -> None:
    visitor = open_visitor("renee.fournier", **PHONE)
    visitor.sign_in()
    check(visitor, "calendar")
    visitor.button("New event").click()
    expect(visitor.heading("New event")).to_be_visible()
    check(visitor, "form")
    for title in ("Mail", "People", "Runs"):
        visitor.go_to(title)
        check(visitor, title)
        fits = "() => document.documentElement.scrollWidth <= window.innerWidth"
        assert visitor.page.evaluate(fits), f"{title} scrolls sideways"


def tab_to(visitor: Visitor, target: Locator) -> None:
    """Press Tab until it is there."""
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def test_the_keyboard_alone_leads_from_signing_in_to_a_saved_event(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("nikos.georgiou")
    page, keyboard = visitor.page, visitor.page.keyboard
    graph, week = graph_of("nikos.georgiou"), week_in(visitor.zone)
    visitor.allow(401, "/api/start")
    visitor.open()
    tab_to(visitor, page.get_by_role("link", name="Sign in with Microsoft 365"))
    keyboard.press("Enter")
    tab_to(visitor, page.get_by_role("button", name=visitor.person.display_name, exact=True))
    keyboard.press("Enter")
    tab_to(visitor, visitor.button("Accept"))
    keyboard.press("Enter")
    expect(visitor.heading("Calendar")).to_be_visible()
    visitor.wait()
    tab_to(visitor, visitor.button("New event"))
    keyboard.press("Enter")
    expect(visitor.heading("New event")).to_be_focused()
    tab_to(visitor, page.get_by_role("textbox", name="Subject"))
    keyboard.type("By keyboard")
    tab_to(visitor, page.get_by_role("switch", name="All day"))
    keyboard.press("Space")
    expect(page.get_by_role("switch", name="All day")).to_be_checked()
    for field in ("Start: date", "End: date"):
        tab_to(visitor, page.get_by_label(field))
        keyboard.type(f"{week.days[2]:%m%d%Y}")
        expect(page.get_by_label(field)).to_have_value(f"{week.days[2]}")
    tab_to(visitor, visitor.button("Create"))
    keyboard.press("Enter")
    expect(visitor.heading("Calendar")).to_be_visible()
    visitor.wait()
    assert len(graph.find_events("By keyboard")) == 1
    tab_to(visitor, page.get_by_role("button", name="By keyboard"))
    keyboard.press("Enter")
    card = page.get_by_role("dialog", name="By keyboard")
    expect(card).to_be_visible()
    keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.get_by_role("button", name="By keyboard")).to_be_focused()
