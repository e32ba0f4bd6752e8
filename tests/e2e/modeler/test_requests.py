"""From a ready request to a list, by choosing alone; what came back is shown as text, of any size.

It must not know how the screens are built: it looks for what a person sees.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.e2e.axe import find_violations
from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.modeller import Modeller

pytestmark = pytest.mark.browser

MOST_CLICKS = 6


class _Clicks:
    """Clicks, counted."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, place: Locator) -> None:
        """Clicks there."""
        place.click()
        self.count += 1


def _use_document(modeller: Modeller, document: object) -> None:
    """Takes a file as the example of a new mapping."""
    modeller.open("/imports")
    modeller.button("New from example").click()
    text = json.dumps(document).encode()
    modeller.page.get_by_label("A file").set_input_files(
        FilePayload(name="answer.json", mimeType="application/json", buffer=text)
    )
    expect(modeller.page.get_by_role("tree")).to_be_visible()


def test_a_ready_request_becomes_a_list_by_choosing_alone(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler())
    page, clicks = modeller.page, _Clicks()
    modeller.open("/requests")
    clicks.on(page.get_by_role("button", name="Events of a time range"))
    expect(page.get_by_text("Start of the page’s range")).to_be_visible()
    with modeller.context.expect_page() as opened:
        clicks.on(modeller.button("Sign in"))
    tab = opened.value
    person = tab.get_by_role("button", name="Maya Okafor", exact=True)
    person.click()
    account = page.get_by_role("combobox", name="As whom it is sent")
    accept = tab.get_by_role("button", name="Accept")
    expect(person).to_have_count(0)
    tab.wait_for_load_state()
    if accept.is_visible():
        accept.click()
    expect(account).to_contain_text("maya.okafor")
    page.bring_to_front()
    clicks.on(modeller.button("Try it"))
    answer = page.get_by_role("region", name="Response")
    expect(answer.get_by_text("200 OK")).to_be_visible()
    expect(answer.get_by_role("treeitem").first).to_be_visible()
    clicks.on(modeller.button("Create mapping"))
    expect(
        page.get_by_role("region", name="Preview of the import").get_by_role("row").nth(1)
    ).to_be_visible()
    clicks.on(modeller.button("Create list and import"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert clicks.count <= MOST_CLICKS
    made = modeller.get_json("/api/documents/imports/event_2.yaml")["value"]
    assert made["fields"]["subject"] == "subject"
    listed = modeller.get_json("/api/documents/lists/event_2.yaml")["value"]
    assert listed["key"] == ["id"]
    assert listed["fields"]["start"]["type"] == "zoned_datetime"


def test_a_write_is_asked_about_before_it_is_sent(open_modeller: OpenModeller) -> None:
    modeller = open_modeller()
    page = modeller.page
    modeller.open("/requests")
    page.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name="DELETE").click()
    page.get_by_role("combobox", name="URL").fill("/users/somebody")
    page.get_by_role("combobox", name="Authorization profile").click()
    page.get_by_role("option", name="the application").click()
    before = len(modeller.get_json("/api/tries")["tries"])
    modeller.button("Try it").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("/users/somebody")
    expect(asked).to_contain_text("DELETE")
    asked.get_by_role("button", name="Cancel").click()
    expect(asked).to_have_count(0)
    assert len(modeller.get_json("/api/tries")["tries"]) == before


def test_markup_of_a_response_stays_text(open_modeller: OpenModeller) -> None:
    modeller = open_modeller()
    page = modeller.page
    script = "document.body.dataset.hit='1'"
    evil = f'<img src=x onerror="{script}"><script>{script}</script>'
    document = {
        "value": [{"id": "1", "subject": evil, evil: "a key", "link": "javascript:alert(1)"}]
    }
    _use_document(modeller, document)
    expect(page.get_by_role("treeitem").filter(has_text="<script>").first).to_be_visible()
    rows = page.get_by_role("region", name="Preview of the import").get_by_role("row")
    expect(rows.filter(has_text="<img src=x").first).to_be_visible()
    assert page.evaluate("document.body.dataset.hit") is None
    assert page.locator("[role=dialog] img, [role=dialog] script, a[href^=javascript]").count() == 0


def test_a_hundred_thousand_items_are_walked_by_keyboard_and_only_what_is_seen_is_drawn(
    open_modeller: OpenModeller,
) -> None:
    modeller = open_modeller()
    page = modeller.page
    _use_document(modeller, {"value": [{"id": f"item-{n}", "n": n} for n in range(100_000)]})
    tree = page.get_by_role("tree")
    expect(tree.get_by_text('"item-0"')).to_be_visible()
    tree.focus()
    page.keyboard.press("End")
    last = tree.get_by_role("treeitem", selected=True)
    expect(last).to_contain_text("99999")
    page.keyboard.press("ArrowRight")
    expect(tree.get_by_text('"item-99999"')).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(last).to_contain_text("item-99999")
    expect(last).to_have_attribute("aria-level", "3")
    page.keyboard.press("ArrowLeft")
    expect(last).to_have_attribute("aria-level", "2")
    assert tree.get_by_role("treeitem").count() < 100


@pytest.mark.verify
def test_a_client_certificate_is_taken_from_a_file_and_used(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler())
    page = modeller.page
    modeller.open("/requests")
    page.get_by_role("combobox", name="URL").fill("https://api.example/orders")
    page.get_by_role("tab", name="Authentication").click()
    page.get_by_role("radio", name="Client certificate").check()
    name = page.get_by_role("textbox", name="Secret with the certificate")
    expect(name).to_have_value("CLIENT_CERTIFICATE")
    modeller.allow(400, "/api/secrets/CLIENT_CERTIFICATE")
    modeller.allow(409, "/api/tries")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="mine.pem", mimeType="text/plain", buffer=b"two\nlines")
    )
    expect(page.get_by_role("alert").get_by_text("not one line of text")).to_be_visible()
    certificate = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="mine.pem", mimeType="text/plain", buffer=certificate.encode())
    )
    expect(page.get_by_text("set in the encrypted store")).to_be_visible()
    page.get_by_role("checkbox", name="Its private key has a passphrase").check()
    expect(page.get_by_role("textbox", name="Secret with the passphrase")).to_have_value(
        "CLIENT_CERTIFICATE_PASSPHRASE"
    )
    modeller.wait()
    assert find_violations(page) == []
    page.get_by_role("checkbox", name="Its private key has a passphrase").uncheck()
    modeller.button("Try it").click()
    asked = page.get_by_role("alertdialog")
    expect(asked.get_by_text("shows a client certificate")).to_be_visible()
    asked.get_by_role("button", name="Send GET").click()
    answer = page.get_by_role("region", name="Response")
    expect(answer.get_by_text("holds no private key")).to_be_visible()
