"""A flow that runs unattended is run from the modeler with inputs; its way is shown on the canvas."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.test_flow_editor import node, open_flow

pytestmark = pytest.mark.browser


def test_an_unattended_flow_asks_for_its_inputs_and_shows_its_way(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler())
    text = modeller.get_json("/api/documents/flows/refresh_people.yaml")["text"]
    needed = text.replace("{type: text, description", "{type: text, required: true, description")
    modeller.edit("flows/refresh_people.yaml", needed)
    page = open_flow(modeller, "refresh_people")
    modeller.button("Run").click()
    dialog = page.get_by_role("dialog")
    run = dialog.get_by_role("button", name="Run the flow")
    expect(run).to_be_disabled()
    dialog.get_by_label("Department").fill("Sales & 'Service'")
    run.click()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/flows/refresh_people\?run="))
    expect(node(page, "finish")).to_contain_text(re.compile(r"\d ms|\d s"))
    [latest, *_] = modeller.get_json("/api/traces")["traces"]
    assert (latest["flow"], latest["kind"], latest["status"]) == (
        "refresh_people",
        "action",
        "done",
    )
    visits = modeller.get_json(f"/api/traces/{latest['id']}")["visits"]
    assert visits[0]["inputs"]["input"] == {"department": "Sales & 'Service'"}


def test_an_input_of_another_type_is_refused_in_words(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler())
    modeller.allow(400, "/api/run")
    modeller.allow(422, "/api/run")
    text = modeller.get_json("/api/documents/flows/refresh_people.yaml")["text"]
    modeller.edit("flows/refresh_people.yaml", text.replace("{type: text,", "{type: datetime,"))
    page = open_flow(modeller, "refresh_people")
    modeller.button("Run").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Department").fill("no moment at all")
    dialog.get_by_role("button", name="Run the flow").click()
    expect(dialog.get_by_role("group").filter(has_text="department").first).to_be_visible()
    expect(dialog).to_be_visible()
