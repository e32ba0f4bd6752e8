"""Connections of the canvas: what stands between two nodes is put there on their connection.

It must not know how the canvas draws: it looks for the middle of a line.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.test_flow_editor import flow, node, open_flow, until_kept

pytestmark = pytest.mark.browser


def test_a_node_is_inserted_on_a_connection(
    start_modeler: StartModeler, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(start_modeler())
    page = open_flow(modeller, "people")
    modeller.button("Show all (Ctrl+0)").click()
    page.wait_for_timeout(500)  # the view glides, which no style tells
    x, y = page.locator('.react-flow__edge[data-id="load_people:default"] path').first.evaluate(
        """(path) => { const middle = path.getPointAtLength(path.getTotalLength() / 2)
            .matrixTransform(path.getScreenCTM()); return [middle.x, middle.y]; }"""
    )
    page.mouse.move(x, y, steps=3)
    modeller.button("Insert a node here").click()
    page.get_by_role("combobox", name="Search steps").fill("assign")
    page.keyboard.press("Enter")
    expect(node(page, "assign")).to_be_visible()
    until_kept(page)
    nodes = flow(modeller, "people")["nodes"]
    assert nodes["load_people"]["exits"] == {"default": "assign", "error": "failed"}
    assert nodes["assign"]["exits"] == {"default": "import_people"}
