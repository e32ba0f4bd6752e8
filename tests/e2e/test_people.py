"""People: everybody, sorted, filtered and searched; downloads of what is shown; one person."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import Person
from tests.e2e.conftest import OpenVisitor
from tests.e2e.scrolling import read_all
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

_FIELDS = ["name", "job_title", "department", "office", "email", "phone", "manager"]
_TITLES = ["Name", "Job", "Department", "Office", "E-mail", "Phone", "Manager"]
_NOTHING = "–"


def rows_of(sandbox: Sandbox) -> list[list[str]]:
    """What the table must show of everybody, in the order of the names."""
    names = {person.id: person.display_name for person in sandbox.tenant.people}

    def row(person: Person) -> list[str]:
        manager = names[person.manager_id] if person.manager_id else _NOTHING
        cells = (person.display_name, person.job_title, person.department, person.office_location)
        return [*(f"{cell}" for cell in cells), person.mail, person.business_phones[0], manager]

    return sorted((row(person) for person in sandbox.tenant.people), key=lambda row: row[0].lower())


def check_rows(visitor: Visitor, rows: list[list[str]]) -> None:
    """The table shows exactly these rows in this order."""
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    expect(visitor.page.get_by_role("main").get_by_role("status").first).to_have_text(count)
    grid = visitor.page.get_by_role("grid", name="People")
    cells = visitor.page.get_by_role("gridcell")
    expect(cells.first).to_have_text(rows[0][0])
    lines = grid.get_by_role("row").filter(has=cells)
    found = read_all(lines, grid, "aria-rowindex", 2, len(rows))
    assert [row[: len(_FIELDS)] for row in found] == rows


def download(visitor: Visitor, form: str, folder: Path) -> str:
    """The text of a download of what is shown."""
    visitor.button("Download").click()
    with visitor.page.expect_download() as begun:
        visitor.page.get_by_role("menuitem", name=form, exact=True).click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    return path.read_bytes().decode()


def check_downloads(visitor: Visitor, rows: list[list[str]], folder: Path) -> None:
    """Both downloads are exactly these rows; no cell of the CSV is a formula."""
    cells = [["" if cell == _NOTHING else cell for cell in row] for row in rows]
    text = download(visitor, "CSV", folder)
    assert text.startswith("\ufeff")
    plain = [[f"'{cell}" if cell.startswith("+") else cell for cell in row] for row in cells]
    assert list(csv.reader(text[1:].splitlines())) == [_TITLES, *plain]
    found = json.loads(download(visitor, "JSON", folder))
    assert [[row[name] or "" for name in _FIELDS] for row in found] == cells
    assert [list(row) for row in found] == [_FIELDS] * len(rows)


def test_people_shows_everybody_sorted_and_downloads_what_it_shows(
    open_visitor: OpenVisitor, sandbox: Sandbox, tmp_path: Path
) -> None:
    everybody = rows_of(sandbox)
    assert len(everybody) == 40
    visitor = open_visitor("charlotte.hughes")
    visitor.sign_in("/people")
    check_rows(visitor, everybody)
    check_downloads(visitor, everybody, tmp_path)
    by_mail = sorted(everybody, key=lambda row: row[4])
    visitor.button("E-mail").click()
    header = visitor.page.get_by_role("columnheader", name="E-mail")
    expect(header).to_have_attribute("aria-sort", "ascending")
    check_rows(visitor, by_mail)
    visitor.button("E-mail").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    check_rows(visitor, by_mail[::-1])
    check_downloads(visitor, by_mail[::-1], tmp_path)


def test_search_and_filter_find_names_in_every_script_and_the_downloads_follow(
    open_visitor: OpenVisitor, sandbox: Sandbox, tmp_path: Path
) -> None:
    everybody = rows_of(sandbox)
    visitor = open_visitor("amelia.jones")
    visitor.sign_in("/people")
    search = visitor.page.get_by_role("searchbox", name="Search People")
    for text in ("o'brien", "ВОЛКОВ", "陽翔", "GROSSM", "100%"):
        expected = [row for row in everybody if any(_has(cell, text) for cell in row)]
        search.fill(text)
        if expected:
            check_rows(visitor, expected)
        else:
            expect(visitor.page.get_by_text("Nothing matches")).to_be_visible()
    search.fill("")
    check_rows(visitor, everybody)
    visitor.button("Filter Department").click()
    form = visitor.page.get_by_role("dialog", name="Filter Department")
    form.get_by_label("Value").fill("field")
    form.get_by_role("button", name="Apply").click()
    field_survey = [row for row in everybody if _has(row[2], "field")]
    check_rows(visitor, field_survey)
    search.fill("aroha")
    narrowed = [row for row in field_survey if any(_has(cell, "aroha") for cell in row)]
    assert 0 < len(narrowed) < len(field_survey)
    check_rows(visitor, narrowed)
    check_downloads(visitor, narrowed, tmp_path)
    visitor.button("Clear filter").click()
    search.fill("")
    check_rows(visitor, everybody)


def test_a_person_opens_with_their_details_and_back_leads_to_the_table(
    open_visitor: OpenVisitor, sandbox: Sandbox
) -> None:
    visitor = open_visitor("grace.thompson")
    visitor.sign_in("/people")
    (row,) = [row for row in rows_of(sandbox) if row[0] == "Siobhán O'Brien"]
    search = visitor.page.get_by_role("searchbox", name="Search People")
    search.fill("Siobhán O'Brien")
    found = [found for found in rows_of(sandbox) if row[0] in found]
    assert len(found) == 3, "One person, and two whose manager that is"
    check_rows(visitor, found)
    visitor.button("Siobhán O'Brien").click()
    expect(visitor.heading("Siobhán O'Brien")).to_be_visible()
    main = visitor.page.get_by_role("main")
    expect(main.locator("dt")).to_have_text(_TITLES)
    expect(main.locator("dd")).to_have_text(row)
    visitor.page.go_back()
    expect(visitor.heading("People")).to_be_visible()
    visitor.page.go_forward()
    expect(visitor.heading("Siobhán O'Brien")).to_be_visible()
    visitor.button("All people").click()
    first = rows_of(sandbox)[0]
    visitor.page.get_by_role("gridcell", name=first[0], exact=True).press("Enter")
    expect(visitor.heading(first[0])).to_be_visible()
    visitor.button("All people").click()
    expect(visitor.heading("People")).to_be_visible()
    check_rows(visitor, rows_of(sandbox))


def _has(cell: str, text: str) -> bool:
    return text.casefold() in cell.casefold()
