"""The field of an expression: what may stand there is offered, what is wrong is marked, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess

pytestmark = pytest.mark.browser

REQUEST = {
    "method": "GET",
    "url": "/users",
    "query": {"$select": "id,displayName", "$top": 5},
    "authentication": {"type": "oauth2", "profile": "graph-app"},
}


def open_source(modeller: Modeller) -> Locator:
    """The field that says what a node imports, empty."""
    page = modeller.page
    modeller.open("/flows/people")
    page.locator('.react-flow__node[data-id="import_people"]').click()
    source = page.get_by_role("textbox", name="From", exact=True)
    source.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    return source


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def take(page: Page, key: str) -> None:
    """The first completion, as soon as the list takes a key: it ignores what comes in a blink."""
    expect(offered(page).first).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(200)
    page.keyboard.press(key)


def below(source: Locator) -> Locator:
    """What stands beneath the field: the value, or what is wrong."""
    return source.page.locator(f"[id='{source.get_attribute('aria-describedby')}']")


@pytest.fixture
def modeller(own_modeler: ModelerProcess, open_modeller: OpenModeller) -> Modeller:
    """In a modeler where the people were asked for once."""
    modeller = open_modeller(own_modeler)
    if not modeller.get_json("/api/tries")["tries"]:
        where = {"flow": "people", "node": "load_people"}
        answer = modeller.send("POST", "/api/tries", {"request": REQUEST, **where})
        assert answer["status"] == 200
    return modeller


def test_variables_and_what_lies_below_them_are_offered_and_their_value_is_shown(
    modeller: Modeller,
) -> None:
    page, source = modeller.page, open_source(modeller)
    page.keyboard.type("peo")
    expect(offered(page).filter(has_text="people")).to_be_visible()
    take(page, "Enter")
    page.keyboard.type(".")
    expect(offered(page).filter(has_text=re.compile("^body"))).to_be_visible()
    page.keyboard.type("bo")
    expect(offered(page)).to_have_count(1)
    take(page, "Tab")
    expect(source).to_have_text("people.body")
    page.keyboard.type(".value.")
    expect(offered(page).filter(has_text="displayName")).to_be_visible()
    page.keyboard.type("disp")
    take(page, "Enter")
    expect(source).to_have_text("people.body.value.displayName")
    page.keyboard.type("[0]")
    first = modeller.get_json("/api/tries")["tries"][0]["example"]
    tree = modeller.get_json(f"/api/examples/{first}/tree?pointer=/value/0&offset=0&limit=9")
    (name,) = (one["value"] for one in tree["children"] if one["key"] == "displayName")
    expect(below(source)).to_contain_text(name)
    modeller.until_kept()
    kept = modeller.get_json("/api/documents/flows/people.yaml")["value"]
    assert kept["nodes"]["import_people"]["from"] == "people.body.value.displayName[0]"


def test_a_function_is_offered_and_an_error_stands_under_its_character(modeller: Modeller) -> None:
    page, source = modeller.page, open_source(modeller)
    page.keyboard.type("$uppe")
    expect(offered(page).filter(has_text="uppercase")).to_be_visible()
    take(page, "Enter")
    expect(source).to_have_text(re.compile(r"^\$uppercase"))
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("$uppercase('abc') ")
    expect(below(source)).to_have_text('= "ABC"')
    page.keyboard.type("++ 1")
    mark = source.locator(".cm-lintRange-error")
    expect(mark).to_have_text("+")
    expect(below(source)).not_to_contain_text("ABC")
    before = page.evaluate(
        """(mark) => {
            const range = document.createRange();
            range.setStart(mark.closest('.cm-line'), 0);
            range.setEndBefore(mark);
            return range.toString();
        }""",
        mark.element_handle(),
    )
    assert before in ("$uppercase('abc') ", "$uppercase('abc') +")


def test_tab_leaves_the_field_where_nothing_is_offered(modeller: Modeller) -> None:
    page, source = modeller.page, open_source(modeller)
    page.keyboard.type("people ")
    expect(offered(page)).to_have_count(0)
    expect(source).to_be_focused()
    page.keyboard.press("Tab")
    expect(source).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(source).to_be_focused()
    expect(source).to_have_text("people ")
