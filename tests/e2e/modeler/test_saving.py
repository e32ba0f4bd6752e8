"""What is edited in a browser and in the folder at once: saved as it was meant, and nothing is lost."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess

pytestmark = pytest.mark.browser


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    command = ["git", "-C", str(root), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(root: Path) -> None:
    """From here on `changed_lines` counts."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "as it was")


def changed_lines(root: Path) -> list[str]:
    """The lines of the folder that changed since, with their sign."""
    lines = git(root, "diff", "-U0").splitlines()
    return [line for line in lines if re.match(r"[+-](?![+-])", line)]


def title_of(page: Page) -> Locator:
    """The field of a list's title."""
    return page.get_by_label("Title", exact=True)


def save(modeller: Modeller) -> Locator:
    """Opens what would be saved."""
    modeller.page.keyboard.press("Control+s")
    dialog = modeller.page.get_by_role("dialog", name="Save", exact=True)
    expect(dialog.get_by_text("Comparing with the folder")).to_have_count(0)
    return dialog


def save_all(modeller: Modeller) -> None:
    dialog = save(modeller)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)


def set_title(root: Path, name: str, title: str) -> None:
    """As another editor does."""
    path = root / name
    path.write_text(re.sub("(?m)^title: .*$", f"title: {title}", path.read_text()))


def test_an_edit_that_is_saved_changes_the_lines_of_its_field_and_no_comment(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    commit(own_modeler.root)
    modeller.open("/lists/person")
    title_of(modeller.page).fill("Colleagues")
    modeller.until_kept()
    assert changed_lines(own_modeler.root) == []
    save_all(modeller)
    assert changed_lines(own_modeler.root) == ["-title: People", "+title: Colleagues"]
    text = (own_modeler.root / "lists/person.yaml").read_text()
    assert "# Everybody who is signed in sees the same people" in text


def test_what_is_opened_and_saved_without_an_edit_writes_nothing(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    commit(own_modeler.root)
    documents = modeller.get_json("/api/model")["documents"]
    before = {p: p.stat().st_mtime_ns for p in own_modeler.root.rglob("*.yaml")}
    for address in ("flows/calendar", "pages/mail", "imports/event", "profiles/graph-user"):
        modeller.open(f"/{address}")
    modeller.open("/")
    dialog = save(modeller)
    expect(dialog).to_contain_text("Everything is saved")
    expect(dialog.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert git(own_modeler.root, "status", "--porcelain") == ""
    assert {p: p.stat().st_mtime_ns for p in own_modeler.root.rglob("*.yaml")} == before
    assert modeller.get_json("/api/model")["documents"] == documents


def test_saving_tells_how_many_problems_there_are_and_one_file_is_discarded(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    text = modeller.get_json("/api/documents/pages/people.yaml")["text"]
    modeller.edit("pages/people.yaml", text.replace("list: person", "list: nobody"))
    errors = modeller.get_json("/api/model")["problems"]
    count = sum(problem["severity"] == "error" for problem in errors)
    assert count >= 1
    modeller.open("/lists/event")
    title_of(page).fill("Dates")
    modeller.until_kept()
    dialog = save(modeller)
    word = "problem" if count == 1 else "problems"
    expect(dialog.get_by_role("button", name=f"Save with {count} {word}")).to_be_visible()
    dialog.get_by_role("button", name="pages/people.yaml").click()
    dialog.get_by_role("button", name="Discard", exact=True).click()
    with page.expect_response("**/api/discard"):
        page.get_by_role("alertdialog").get_by_role("button", name="Discard", exact=True).click()
    expect(dialog.get_by_role("button", name="pages/people.yaml")).to_have_count(0)
    assert modeller.get_json("/api/documents/pages/people.yaml")["text"] == text
    expect(dialog.get_by_role("button", name="lists/event.yaml")).to_be_visible()
    dialog.get_by_role("button", name="Discard all…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Discard all").click()
    expect(dialog).to_contain_text("Everything is saved")
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(title_of(page)).to_have_value("Events")


def test_the_history_shows_what_a_save_changed_and_brings_it_back_into_the_draft(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    modeller.open("/lists/message")
    for title in ("First", "Second"):
        title_of(page).fill(title)
        modeller.until_kept()
        save_all(modeller)
    commit(own_modeler.root)
    modeller.open("/history")
    expect(page.get_by_label("Changes of lists/message.yaml")).to_contain_text("title: Second")
    page.get_by_role("navigation", name="Saves").get_by_role("link").nth(1).click()
    expect(page.get_by_label("Changes of lists/message.yaml")).to_contain_text("title: First")
    modeller.button("Restore…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Restore into the draft").click()
    expect(page.get_by_text("The draft has these files again.", exact=True)).to_be_visible()
    assert modeller.get_json("/api/documents/lists/message.yaml")["value"]["title"] == "First"
    assert changed_lines(own_modeler.root) == []
    save_all(modeller)
    assert changed_lines(own_modeler.root) == ["-title: Second", "+title: First"]


def test_a_file_that_changes_on_disk_is_shown_at_once_and_told(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    modeller.open("/lists/mail_folder")
    expect(title_of(modeller.page)).not_to_have_value("Of the disk")
    set_title(own_modeler.root, "lists/mail_folder.yaml", "Of the disk")
    expect(title_of(modeller.page)).to_have_value("Of the disk", timeout=3000)
    expect(
        modeller.page.get_by_text("lists/mail_folder.yaml changed on disk.", exact=True)
    ).to_be_visible()
    dialog = save(modeller)
    expect(dialog).to_contain_text("Everything is saved")


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep mine", "Mine"),
        pytest.param("Take the disk’s", "Theirs", marks=pytest.mark.verify),
    ],
)
def test_a_file_changed_on_both_sides_waits_for_a_choice_and_both_are_shown(
    own_modeler: ModelerProcess, open_modeller: OpenModeller, button: str, kept: str
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    root, name = own_modeler.root, "lists/mail_folder.yaml"
    set_title(root, name, "Before")
    modeller.open("/lists/mail_folder")
    expect(title_of(page)).to_have_value("Before")
    title_of(page).fill("Mine")
    modeller.until_kept()
    set_title(root, name, "Theirs")
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text(f"{name} was changed on disk as well.")
    expect(title_of(page)).to_have_value("Mine")
    notices.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Save", exact=True)
    changes = dialog.get_by_label(f"Changes of {name}")
    expect(changes.filter(has_text="title: Mine")).to_be_visible()
    expect(changes.filter(has_text="title: Theirs")).to_be_visible()
    expect(dialog.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name=button).click()
    expect(dialog).not_to_contain_text("changed on disk as well")
    if kept == "Mine":
        assert "title: Theirs" in (root / name).read_text()
        dialog.get_by_role("button", name="Save", exact=True).click()
    else:
        dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(title_of(page)).to_have_value(kept)
    assert f"title: {kept}" in (root / name).read_text()


def test_edits_of_two_browsers_at_different_fields_of_a_document_are_merged(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    first, second = open_modeller(own_modeler), open_modeller(own_modeler)
    for modeller in (first, second):
        modeller.open("/lists/draft")
    second.allow(409, "/api/documents/lists/draft.yaml")
    first.allow(409, "/api/documents/lists/draft.yaml")
    field = "Title of subject"
    # Both before the one has heard of the other's.
    title_of(first.page).fill("Letters")
    second.page.get_by_label(field).fill("About")
    for modeller in (first, second):
        expect(title_of(modeller.page)).to_have_value("Letters")
        expect(modeller.page.get_by_label(field)).to_have_value("About")
        modeller.until_kept()
        expect(modeller.page.get_by_role("region", name="Notices")).to_have_count(0)
    value = first.get_json("/api/documents/lists/draft.yaml")["value"]
    assert (value["title"], value["fields"]["subject"]["title"]) == ("Letters", "About")


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        pytest.param("Keep mine", "Of the second", marks=pytest.mark.verify),
        ("Take theirs", "Of the first"),
    ],
)
def test_who_edits_the_same_field_second_is_told_and_chooses(
    own_modeler: ModelerProcess, open_modeller: OpenModeller, button: str, kept: str
) -> None:
    first, second = open_modeller(own_modeler), open_modeller(own_modeler)
    name = "lists/event.yaml"
    text = first.get_json(f"/api/documents/{name}")["text"]
    first.edit(name, re.sub("(?m)^title: .*$", "title: Events", text))
    for modeller in (first, second):
        modeller.allow(409, f"/api/documents/{name}")
        modeller.open("/lists/event")
    # Offline, so that the second does not hear of the first's before it edits.
    second.context.set_offline(True)
    title_of(second.page).fill("Of the second")
    title_of(first.page).fill("Of the first")
    first.until_kept()
    second.context.set_offline(False)
    notices = second.page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text("Both of you changed title")
    expect(title_of(second.page)).to_have_value("Of the second")
    assert first.get_json(f"/api/documents/{name}")["value"]["title"] == "Of the first"
    notices.get_by_role("button", name=button).click()
    for modeller in (second, first):
        expect(title_of(modeller.page)).to_have_value(kept)
        modeller.until_kept()
    assert first.get_json(f"/api/documents/{name}")["value"]["title"] == kept
    second.allow_lost_connections()


def test_what_is_edited_while_the_server_is_away_is_sent_when_it_is_back(
    own_modeler: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(own_modeler)
    page = modeller.page
    modeller.open("/lists/person")
    modeller.context.set_offline(True)
    title_of(page).fill("Written on a train")
    expect(page.get_by_text("The modeler cannot be reached.")).to_be_visible()
    expect(page.get_by_role("banner").get_by_role("status")).to_contain_text("Offline")
    title_of(page).fill("Written on a long train")
    modeller.context.set_offline(False)
    expect(page.get_by_text("The modeler cannot be reached.")).to_have_count(0)
    modeller.until_kept()
    expect(title_of(page)).to_have_value("Written on a long train")
    kept = modeller.get_json("/api/documents/lists/person.yaml")["value"]["title"]
    assert kept == "Written on a long train"
    modeller.allow_lost_connections()
