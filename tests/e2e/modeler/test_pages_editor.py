"""A page is made, put in order and looked at with real rows; what it wrote is what was meant."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess

pytestmark = pytest.mark.browser

REQUEST = {
    "method": "GET",
    "url": "/users",
    "query": {
        "$select": "id,displayName,jobTitle,department,officeLocation,mail,businessPhones",
        "$top": 5,
    },
    "authentication": {"type": "oauth2", "profile": "graph-app"},
}


def page_value(modeller: Modeller, name: str) -> Any:
    modeller.until_kept()
    return modeller.get_json(f"/api/documents/pages/{name}.yaml")["value"]


def columns(page: Page) -> Locator:
    return page.get_by_role("list", name="The columns shown, in order")


def try_people(modeller: Modeller) -> str:
    """Asks for some people once; gives the name of the first."""
    answer = modeller.send("POST", "/api/tries", {"request": REQUEST})
    assert answer["status"] == 200
    place = f"/api/examples/{answer['example']}/tree?pointer=/value/0&offset=0&limit=20"
    children = modeller.get_json(place)["children"]
    (name,) = (str(one["value"]) for one in children if one["key"] == "displayName")
    return name


def handle(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Move {name} with the arrow keys")


def add_button(modeller: Modeller) -> None:
    """A button on every row that asks before it leaves the page."""
    page = modeller.page
    modeller.button("Add a button").click()
    button = page.get_by_role("group", name="The button action")
    button.get_by_label("Text", exact=True).fill("Call")
    button.get_by_role("radio", name="one row").click()
    confirm = button.get_by_role("textbox", name="Question of the button action")
    confirm.click()
    page.keyboard.type("Call this person?")


def frame(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[title^="Preview of the page"]')


def test_a_page_over_a_list_is_made_put_in_order_and_written_as_meant(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    person = try_people(modeller)
    modeller.open("/pages/people")
    modeller.button("New page").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="List").click()
    page.get_by_role("option", name="People", exact=True).click()
    expect(dialog.get_by_role("radio", name=re.compile("suits this list"))).to_be_checked()
    dialog.get_by_label("Title").fill("Phone book")
    dialog.get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile("/pages/phone_book$"))
    made = {"type": "table", "title": "Phone book", "list": "person"}
    assert page_value(modeller, "phone_book") == made
    for title in ("Job", "Manager", "Department"):
        columns(page).get_by_role("checkbox", name=title, exact=True).click()
    handle(page, "phone").focus()
    page.keyboard.press("ArrowUp")
    expect(handle(page, "phone")).to_be_focused()
    page.keyboard.press("ArrowUp")
    assert page_value(modeller, "phone_book")["columns"] == ["name", "phone", "office", "email"]
    handle(page, "email").drag_to(handle(page, "phone"))
    assert page_value(modeller, "phone_book")["columns"] == ["name", "email", "phone", "office"]
    handle(page, "name").drag_to(handle(page, "office"))
    assert page_value(modeller, "phone_book")["columns"] == ["email", "phone", "name", "office"]
    page.get_by_label("Title of the column office").fill("Room")
    add_button(modeller)
    shown = {
        **made,
        "columns": ["email", "phone", "name", {"field": "office", "title": "Room"}],
        "actions": {"action": {"title": "Call", "on": "row", "confirm": "Call this person?"}},
    }
    assert page_value(modeller, "phone_book") == shown
    text = modeller.get_json("/api/documents/pages/phone_book.yaml")["text"]
    assert text.splitlines()[1:] == [
        "type: table",
        "title: Phone book",
        "list: person",
        "columns: [email, phone, name, {field: office, title: Room}]",
        "actions:",
        "  action: {title: Call, on: row, confirm: Call this person?}",
    ]
    seen = frame(page)
    expect(seen.get_by_role("columnheader", name="Room")).to_be_visible()
    row = seen.get_by_role("row").filter(has_text=person)
    row.get_by_role("button", name=re.compile("^Actions for")).click()
    seen.get_by_role("menuitem", name="Call").click()
    question = seen.get_by_role("alertdialog")
    expect(question).to_contain_text("Call this person?")
    question.get_by_role("button", name="Call").click()
    expect(seen.get_by_text("This leaves the page by the exit “action”.")).to_be_visible()
    # The frame had the focus, and the long side was scrolled: the shell stays where it is.
    assert page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0]


@pytest.mark.parametrize("width", [pytest.param("desktop", marks=pytest.mark.verify), "phone"])
def test_the_preview_shows_the_rows_of_a_try_and_an_exit_tells_its_name(
    own_modeler: ModelerProcess, open_modeller: OpenModeller, width: str
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    name = try_people(modeller)
    modeller.open("/pages/people")
    if width == "phone":
        modeller.button("As on a phone").click()
    seen = frame(page)
    expect(seen.get_by_text(name, exact=True).first).to_be_visible()
    box = page.locator('iframe[title^="Preview of the page"]').bounding_box()
    assert box is not None
    assert (box["width"] < 400) == (width == "phone")
    assert seen.locator("body").evaluate("(body) => body.scrollWidth <= window.innerWidth")
    seen.get_by_role("button", name=f"Actions for {name}").click()
    seen.get_by_role("menuitem", name="Open").click()
    expect(seen.get_by_text("This leaves the page by the exit “open”.")).to_be_visible()


def test_on_a_phone_the_settings_stand_whole_above_the_preview(
    modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(modeler, viewport={"width": 390, "height": 844})
    modeller.open("/pages/calendar")
    page = modeller.page
    last = page.get_by_role("button", name="Buttons", exact=True)
    expect(last).to_be_visible()
    settings, preview = last.bounding_box(), page.get_by_label("Preview").first.bounding_box()
    assert settings is not None
    assert preview is not None
    # A part that scrolled by itself would end above its last heading, and the preview begin there.
    assert settings["y"] + settings["height"] <= preview["y"]
