"""The keyboard alone leads from the overview to a saved flow, is seen where it is, and never caught."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.modeller import Modeller

pytestmark = pytest.mark.browser

_MOST_TABS = 160
_IS_FOCUSED = "(element) => element === document.activeElement"
# What is drawn around the focused element, or by a pseudo-element or a parent for it.
_IS_SEEN = """() => {
    const drawn = (style) => style.content !== 'none' && (
        (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== 'none' || parseFloat(style.borderTopWidth) > 0
        || parseFloat(style.borderBottomWidth) > 0);
    let one = document.activeElement;
    for (let level = 0; one && level < 4; level += 1, one = one.parentElement)
        for (const part of [null, '::before', '::after'])
            if (drawn(getComputedStyle(one, part))) return true;
    return false;
}"""


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until it is there; wherever the focus stands meanwhile, it is seen."""
    for _ in range(_MOST_TABS):
        if target.evaluate(_IS_FOCUSED):
            assert page.evaluate(_IS_SEEN), f"the focus on {target} is not seen"
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


def kept(modeller: Modeller) -> None:
    """Until every edit is in the draft."""
    expect(modeller.page.get_by_role("status").filter(has_text="Unsaved changes")).to_be_visible()


def test_the_keyboard_alone_leads_from_the_overview_to_a_saved_flow(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    process = start_modeler()
    modeller = open_modeller(process)
    modeller.open("/")
    page, keyboard = modeller.page, modeller.page.keyboard
    navigation = page.get_by_role("navigation").first
    tab_to(page, navigation.get_by_role("link", name="Flows"))
    keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="People", exact=True))
    keyboard.press("Enter")
    node = page.locator(".react-flow__node[data-id=show_person]")
    expect(node).to_be_visible()
    modeller.wait()
    tab_to(page, node)
    keyboard.press("Enter")
    keyboard.press("/")
    steps = page.get_by_role("combobox", name="Search steps")
    expect(steps).to_be_focused()
    keyboard.type("decision")
    keyboard.press("Enter")
    expect(page.locator(".react-flow__node[data-id=decision]")).to_be_visible()
    keyboard.press("c")
    for words in ("otherwise", "lead failed"):
        expect(steps).to_be_focused()
        keyboard.type(words)
        keyboard.press("Enter")
    title = page.get_by_role("complementary").get_by_role("textbox", name=re.compile("^Title"))
    tab_to(page, title)
    keyboard.type("Which one?")
    kept(modeller)
    save = page.get_by_role("button", name="Save", exact=True)
    keyboard.press("Escape")
    tab_to(page, save, "Shift+Tab")
    keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Save")
    expect(dialog.locator(":focus")).to_have_count(1)
    modeller.wait()
    keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(save).to_be_focused()
    keyboard.press("Control+s")
    expect(dialog.get_by_text("flows/people.yaml").first).to_be_visible()
    tab_to(page, dialog.get_by_role("button", name=re.compile("^Save")))
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    text = (process.root / "flows" / "people.yaml").read_text()
    made = text.partition("  decision:\n")[2]
    assert "    exits: {otherwise: failed}\n" in made
    assert "    title: Which one?\n" in made


@pytest.mark.parametrize(
    "address",
    [
        "/flows/calendar?node=load_events",
        pytest.param("/lists/event", marks=pytest.mark.verify),
        pytest.param("/pages/calendar", marks=pytest.mark.verify),
        pytest.param("/imports/event", marks=pytest.mark.verify),
    ],
)
def test_tab_passes_every_screen_from_end_to_end(address: str, open_modeller: OpenModeller) -> None:
    modeller = open_modeller()
    modeller.open(address)
    page = modeller.page
    page.locator("main").focus()
    tab_to(page, page.get_by_role("link", name="My day"), "Shift+Tab")
    page.locator("main").focus()
    tab_to(page, page.get_by_role("link", name="Skip to content"))


def test_tab_leaves_the_editors_of_code(open_modeller: OpenModeller) -> None:
    modeller = open_modeller()
    page = modeller.page
    modeller.open("/pages/calendar")
    editor = page.locator(".cm-content").first
    editor.focus()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    # In a whole text Tab indents; Escape first, and it leads on.
    modeller.open("/yaml/flows/calendar.yaml")
    editor = page.locator(".cm-content")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
