"""A list that has rows is changed in the modeler: what happens to the rows is told, and happens."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess

pytestmark = pytest.mark.browser


def query(process: ModelerProcess, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Asks the data of the draft, or changes it behind the modeler's back."""
    file = process.root / ".graphwright/modeler/data.sqlite"
    connection = sqlite3.connect(file, timeout=10)
    with closing(connection), connection:
        return connection.execute(statement, values).fetchall()


def import_people(modeller: Modeller, department: str | None = None) -> None:
    """Runs the draft's flow that needs nobody who is signed in."""
    inputs = {} if department is None else {"department": department}
    started = modeller.send("POST", "/api/run", {"flow": "refresh_people", "inputs": inputs})
    assert started["problems"] == []
    trace = modeller.get_json(f"/api/traces/{started['run']}")
    while trace["status"] == "running":
        modeller.page.wait_for_timeout(100)
        trace = modeller.get_json(f"/api/traces/{started['run']}")
    assert trace["status"] == "done", trace


def rename_field(modeller: Modeller, name: str, to: str) -> None:
    field = modeller.page.get_by_label(f"Name of the field {name}")
    field.fill(to)
    field.press("Enter")
    expect(modeller.page.get_by_label(f"Name of the field {to}")).to_be_visible()


def plan_of(modeller: Modeller) -> Locator:
    return modeller.page.get_by_role("region", name="What happens to the rows")


def test_the_rows_of_a_list_stay_when_a_field_and_the_list_get_other_names(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    import_people(modeller)
    people = query(own_modeler, "SELECT id, job_title, department FROM person ORDER BY id")
    assert len(people) > 20
    # A mark that no later import brings: those read another department only.
    department = next(one for _, _, one in people if one)
    query(own_modeler, "UPDATE person SET job_title = 'marked' WHERE department <> ?", department)
    marked = query(own_modeler, "SELECT id FROM person WHERE job_title = 'marked' ORDER BY id")
    assert marked
    modeller.open("/lists/person")
    rename_field(modeller, "job_title", "position")
    expect(plan_of(modeller)).to_contain_text("The field job_title becomes position")
    expect(plan_of(modeller)).to_contain_text("keep their values")
    imported = modeller.get_json("/api/documents/imports/person.yaml")["value"]
    assert imported["fields"]["position"] == "jobTitle"
    assert "position" in modeller.get_json("/api/documents/pages/people.yaml")["value"]["columns"]
    modeller.open("/")
    page.locator('[data-fui-tree-item-value="lists/person.yaml"]').focus()
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("colleague")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    expect(dialog).to_have_count(0)
    assert modeller.get_json("/api/documents/lists/colleague.yaml")["value"]["fields"]["position"]
    assert modeller.get_json("/api/model")["problems"] == []
    import_people(modeller, department)
    after = query(own_modeler, "SELECT id, position, department FROM colleague ORDER BY id")
    expected = [(i, "marked" if (i,) in marked else job, where) for i, job, where in people]
    assert after == expected


def test_removing_a_field_and_another_type_are_told_with_their_rows_before_they_are_saved(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    name = next(
        one["name"].removeprefix("lists/").removesuffix(".yaml")
        for one in modeller.get_json("/api/model")["documents"]
        if one["kind"] == "list" and one["title"] == "People"
    )
    import_people(modeller)
    ((offices,),) = query(own_modeler, f"SELECT count(office) FROM {name}")  # noqa: S608 - ours
    modeller.open(f"/lists/{name}")
    text = modeller.get_json(f"/api/documents/lists/{name}.yaml")["text"]
    expect(plan_of(modeller)).to_contain_text("Nothing happens to the rows")
    modeller.button("Remove office").click()
    expect(plan_of(modeller)).to_contain_text(
        f"The field office is removed: its column stays, hidden, with {offices} rows."
    )
    modeller.button("Undo (Ctrl+Z)").click()
    expect(page.get_by_label("Name of the field office")).to_be_visible()
    page.get_by_role("combobox", name="Type of office").click()
    page.get_by_role("option", name="Whole number").click()
    expect(plan_of(modeller).get_by_text("The rows do not allow this.")).to_be_visible()
    expect(plan_of(modeller)).to_contain_text("The field office cannot change from text to integer")
    modeller.until_kept()
    modeller.button("Undo (Ctrl+Z)").click()
    expect(plan_of(modeller)).to_contain_text("Nothing happens to the rows")
    modeller.until_kept()
    value = modeller.get_json(f"/api/documents/lists/{name}.yaml")
    assert value["text"] == text
