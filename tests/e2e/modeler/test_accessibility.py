"""Every screen of the modeler passes axe in light and dark, wide and on a phone, where it fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.axe import find_violations
from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.modeller import Modeller

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
_FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"


def check(modeller: Modeller, place: str) -> None:
    """The screen as it stands: in light, in dark, and the same on a phone."""
    page = modeller.page
    modeller.wait()
    assert find_violations(page) == [], place
    page.emulate_media(color_scheme="dark")
    assert find_violations(page, "color-contrast") == [], f"{place} in dark"
    page.set_viewport_size(PHONE)
    modeller.wait()
    assert find_violations(page) == [], f"{place} on a phone"
    assert page.evaluate(_FITS), f"{place} scrolls sideways on a phone"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


# Lists and what differs little from another screen: in `make verify`.
@pytest.mark.parametrize(
    "address",
    [
        "/",
        pytest.param("/profiles", marks=pytest.mark.verify),
        "/profiles/graph-user",
        pytest.param("/profiles/graph-app", marks=pytest.mark.verify),
        pytest.param("/secrets", marks=pytest.mark.verify),
        pytest.param("/flows", marks=pytest.mark.verify),
        "/flows/calendar?node=load_events",
        pytest.param("/flows/calendar?node=show_calendar", marks=pytest.mark.verify),
        "/requests",
        pytest.param("/imports", marks=pytest.mark.verify),
        "/imports/event",
        pytest.param("/lists", marks=pytest.mark.verify),
        "/lists/event",
        pytest.param("/pages", marks=pytest.mark.verify),
        "/pages/calendar",
        pytest.param("/pages/new_event", marks=pytest.mark.verify),
        "/runs",
        pytest.param("/history", marks=pytest.mark.verify),
        "/yaml/flows/calendar.yaml",
    ],
)
def test_every_screen_is_accessible(address: str, open_modeller: OpenModeller) -> None:
    modeller = open_modeller(color_scheme="light")
    modeller.open(address)
    modeller.page.wait_for_load_state("networkidle")
    check(modeller, address)


@pytest.mark.verify
def test_dialogs_problems_history_and_templates_are_accessible(
    start_modeler: StartModeler, open_modeller: OpenModeller, tmp_path: Path
) -> None:
    modeller = open_modeller(start_modeler(), color_scheme="light")
    page = modeller.page
    text = modeller.get_json("/api/documents/lists/event.yaml")["text"]
    modeller.edit("lists/event.yaml", text.replace("title: Events", "title: All events"))
    modeller.open("/?field=title")
    check(modeller, "the application's settings")
    modeller.open("/")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="Save")
    expect(dialog.get_by_text("lists/event.yaml").first).to_be_visible()
    check(modeller, "saving")
    dialog.get_by_role("button", name=re.compile("^Save")).click()
    expect(dialog).to_have_count(0)
    modeller.open("/history")
    check(modeller, "history with a diff")
    modeller.edit("lists/event.yaml", text.replace("key: [id]", "key: [nothing]"))
    # There is no plan for a list that is wrong.
    modeller.allow(422, "/api/lists/event/plan")
    modeller.open("/lists/event")
    page.get_by_role("region", name="Problems").get_by_role("button").first.click()
    check(modeller, "problems")
    empty = tmp_path / "empty"
    empty.mkdir()
    modeller = open_modeller(start_modeler(empty), color_scheme="light")
    modeller.open("/")
    check(modeller, "templates")


@pytest.mark.verify
def test_an_answer_a_mapping_and_what_an_edit_does_to_rows_are_accessible(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler(), color_scheme="light")
    page = modeller.page
    modeller.open("/requests")
    page.get_by_role("searchbox", name="Search the ready requests").fill("Users")
    page.get_by_role("button", name="Users").first.click()
    page.get_by_role("combobox", name="Authorization profile").click()
    page.get_by_role("option", name="Microsoft 365 (the application)").click()
    modeller.button("Try it").click()
    answer = page.get_by_role("region", name="Response")
    expect(answer.get_by_role("treeitem").first).to_be_visible()
    check(modeller, "a request with its answer")
    modeller.button("Create mapping").click()
    preview = page.get_by_role("region", name="Preview of the import")
    expect(preview.get_by_role("row").nth(1)).to_be_visible()
    check(modeller, "a mapping from an example")
    modeller.open("/lists/person")
    modeller.button("Remove office").click()
    page.mouse.move(0, 0)
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect(page.get_by_role("region", name="What happens to the rows")).to_be_visible()
    check(modeller, "what an edit does to rows")
