"""The further examples, walked as their users walk them; every write is looked up in Graph."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from graphwright_sandbox.server import Sandbox
from tests.e2e.axe import find_violations
from tests.e2e.conftest import OpenVisitor
from tests.e2e.graph import Graph, GraphOf, Json
from tests.e2e.portal import ROOT, PortalProcess, settings_for
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

PortalOf = Callable[[str], str]


@pytest.fixture(scope="module")
def portal_of(
    sandbox: Sandbox, example_ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalOf]:
    """The address of an example's portal, which is started when first asked for."""
    running: dict[str, PortalProcess] = {}
    ports = iter(example_ports)
    with ExitStack() as stack:

        def portal_of(example: str) -> str:
            if example not in running:
                portal = PortalProcess(
                    tmp_path_factory.mktemp(example),
                    next(ports),
                    settings_for(sandbox),
                    ROOT / "examples" / example,
                )
                running[example] = stack.enter_context(portal)
            return running[example].url

        yield portal_of


def field(visitor: Visitor, title: str) -> Locator:
    """A field of a form; a star behind its title says that it is required."""
    return visitor.page.get_by_label(re.compile(rf"^{re.escape(title)}\s*\*?$"))


def fill(visitor: Visitor, **values: str) -> None:
    for title, value in values.items():
        field(visitor, title.replace("_", " ")).fill(value)


def find(visitor: Visitor, text: str) -> Locator:
    """The row of a table that is left when a text is searched for."""
    visitor.page.get_by_role("searchbox").fill(text)
    # The search begins a moment after the typing ends.
    expect(visitor.page.get_by_role("main").get_by_role("status").first).to_have_text("1 row")
    rows = visitor.page.get_by_role("row").filter(has_text=text)
    expect(rows).to_have_count(1)
    return rows


def act(visitor: Visitor, row: Locator, action: str) -> None:
    """Choose one of a row's actions."""
    row.get_by_role("button", name="Actions for").click()
    visitor.page.get_by_role("menuitem", name=action, exact=True).click()


def test_an_administrator_creates_changes_disables_and_enables_an_account(
    open_visitor: OpenVisitor, graph_of: GraphOf, portal_of: PortalOf
) -> None:
    visitor = open_visitor("daniel.whitfield", url=portal_of("people-admin"))
    graph = graph_of("daniel.whitfield", "User.ReadWrite.All")
    name = "ines.o'hara@northwind.example"
    path = f"/users/{name.replace(chr(39), '%27')}"
    wanted = {"$select": "id,displayName,jobTitle,department,officeLocation,accountEnabled"}
    visitor.sign_in()
    expect(find(visitor, "Olivia Brandt")).to_contain_text("olivia.brandt@northwind.example")

    visitor.button("New account").click()
    fill(visitor, Name="Inês O'Hara", User_name="ines.o'hara@elsewhere.example", Job="Surveyor")
    fill(visitor, First_password="Planted-Passw0rd!")
    expect(field(visitor, "First password")).to_have_attribute("type", "password")
    visitor.button("Create").click()
    expect(visitor.page.get_by_role("main")).to_contain_text("verified domain")
    assert graph.status_of(path) == 404
    expect(field(visitor, "First password")).to_have_value("")
    expect(field(visitor, "Job")).to_have_value("Surveyor")
    fill(visitor, User_name=name, First_password="Planted-Passw0rd!")
    with visitor.taking("submit"):
        visitor.button("Create").click()
    made = graph.get(path, wanted)
    assert (made["displayName"], made["jobTitle"]) == ("Inês O'Hara", "Surveyor")
    assert (made["department"], made["accountEnabled"]) == (None, True)

    act(visitor, find(visitor, name), "Change")
    fill(visitor, Job="", Department="Field Survey", Office="AKL/1")
    with visitor.taking("submit"):
        visitor.button("Save").click()
    changed = graph.get(path, wanted)
    assert (changed["jobTitle"], changed["department"]) == (None, "Field Survey")
    assert changed["officeLocation"] == "AKL/1"

    for question, enabled in (
        ("Keep Inês O'Hara from signing in?", False),
        ("Let Inês O'Hara sign in again?", True),
    ):
        act(visitor, find(visitor, name), "Enable / disable")
        with visitor.taking("switch"):
            visitor.confirm(question, "Enable / disable")
        assert graph.get(path, wanted)["accountEnabled"] is enabled

    graph.delete(path)
    act(visitor, find(visitor, name), "Enable / disable")
    with visitor.taking("switch"):
        visitor.confirm("Keep Inês O'Hara from signing in?", "Enable / disable")
    expect(visitor.page.get_by_role("main")).to_contain_text("has no account any more")


def test_members_are_added_to_a_group_and_taken_out(
    open_visitor: OpenVisitor, graph_of: GraphOf, portal_of: PortalOf
) -> None:
    visitor = open_visitor("daniel.whitfield", url=portal_of("people-admin"))
    graph = graph_of("daniel.whitfield", "GroupMember.ReadWrite.All", "User.Read.All")
    (group,) = graph.get_all("/groups", {"$filter": "displayName eq 'Field crews'"})
    path = f"/groups/{group['id']}/members"

    def names() -> set[str]:
        return {member["displayName"] for member in graph.get_all(path)}

    before = names()
    visitor.sign_in("/groups")
    act(visitor, find(visitor, "Field crews"), "Members")
    expect(visitor.heading("Field crews")).to_be_visible()
    expect(visitor.page.get_by_role("main").get_by_role("status").first).to_have_text(
        f"{len(before)} rows"
    )
    visitor.button("Add a member").click()
    expect(visitor.heading("Who joins Field crews?")).to_be_visible()
    act(visitor, find(visitor, "Harper Nguyễn"), "Add")
    expect(visitor.heading("Field crews")).to_be_visible()
    assert names() == before | {"Harper Nguyễn"}
    visitor.button("Add a member").click()
    expect(visitor.heading("Who joins Field crews?")).to_be_visible()
    act(visitor, find(visitor, "Harper Nguyễn"), "Add")
    expect(visitor.page.get_by_role("main")).to_contain_text("already exist")

    act(visitor, find(visitor, "Harper Nguyễn"), "Remove")
    with visitor.taking("remove"):
        visitor.confirm("Remove Harper Nguyễn from Field crews?", "Remove")
    assert names() == before
    expect(visitor.page.get_by_role("row").filter(has_text="Harper")).to_have_count(0)


def test_a_message_and_a_reply_are_posted_in_a_channel(
    open_visitor: OpenVisitor, graph_of: GraphOf, portal_of: PortalOf
) -> None:
    visitor = open_visitor("olivia.brandt", url=portal_of("team-room"))
    graph = graph_of(
        "olivia.brandt", "Team.ReadBasic.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All"
    )
    (team,) = (t for t in graph.get_all("/me/joinedTeams") if t["displayName"] == "Engineering")
    channels = graph.get_all(f"/teams/{team['id']}/channels")
    (channel,) = (c for c in channels if c["displayName"] == "Releases")
    path = f"/teams/{team['id']}/channels/{channel['id']}/messages"
    visitor.sign_in()
    act(visitor, find(visitor, "Engineering"), "Open")
    folders = visitor.page.get_by_role("navigation", name="Folders")
    expect(folders.get_by_role("button")).to_have_count(len(channels))
    with visitor.taking("folder_changed"):
        folders.get_by_role("button", name="Releases", exact=True).click()

    text = "Release <b>7</b> & {{ 1 + 1 }} is out"
    visitor.button("New message").click()
    fill(visitor, Subject="Planned for noon", Message=text)
    with visitor.taking("submit"):
        visitor.button("Send").click()
    posted = [m for m in graph.get_all(path) if m["subject"] == "Planned for noon"]
    assert [(m["body"]["content"], m["from"]["user"]["id"]) for m in posted] == [
        (text, visitor.person.id)
    ]
    option = visitor.page.get_by_role("option").filter(has_text="Planned for noon")
    option.click()
    reading = visitor.page.frame_locator("iframe[title='Message text']")
    expect(reading.get_by_text(text, exact=True)).to_be_visible()

    with visitor.taking("reply"):
        visitor.button("Reply").click()
    fill(visitor, Message="Thank you <i>all</i>")
    with visitor.taking("submit"):
        visitor.button("Send").click()
    replies = graph.get_all(f"{path}/{posted[0]['id']}/replies")
    assert [reply["body"]["content"] for reply in replies] == ["Thank you <i>all</i>"]
    option.click()
    expect(reading.get_by_text("Thank you <i>all</i>", exact=True)).to_be_visible()
    assert len([m for m in graph.get_all(path) if m["subject"] == "Planned for noon"]) == 1


def list_named(graph: Graph, title: str) -> tuple[Json, Json]:
    """A list of this title and its site."""
    return next(
        (site, one)
        for site in graph.get_all("/sites", {"search": "*"})
        for one in graph.get_all(f"/sites/{site['id']}/lists")
        if one["displayName"] == title
    )


def test_items_of_a_list_with_unforeseen_columns_are_created_changed_and_deleted(
    open_visitor: OpenVisitor, graph_of: GraphOf, portal_of: PortalOf
) -> None:
    visitor = open_visitor("olivia.brandt", url=portal_of("site-browser"))
    graph = graph_of("olivia.brandt", "Sites.ReadWrite.All")
    site, found = list_named(graph, "Assets")
    path = f"/sites/{site['id']}/lists/{found['id']}/items"

    def values() -> list[Json]:
        items = graph.get_all(path, {"$expand": "fields"})
        return [item["fields"] for item in items if "théodolite" in item["fields"]["Title"]]

    visitor.sign_in()
    name = visitor.page.get_by_role("gridcell", name=site["displayName"], exact=True)
    act(visitor, visitor.page.get_by_role("row").filter(has=name), "Open")
    expect(visitor.heading(site["displayName"])).to_be_visible()
    act(visitor, find(visitor, "Assets"), "Open")
    expect(visitor.heading("Assets")).to_be_visible()
    columns = visitor.page.get_by_role("columnheader")
    for title in ("Title", "Type", "Serial number", "Value", "In use", "Bought", "Holder"):
        expect(columns.filter(has_text=title).first).to_be_attached()

    visitor.button("New item").click()
    expect(visitor.heading("New item in Assets")).to_be_visible()
    expect(field(visitor, "Holder")).to_have_count(0)
    fill(visitor, Title="<b>théodolite</b>", Serial_number="='7'", Value="much")
    visitor.button("Create").click()
    expect(visitor.page.get_by_role("main")).to_contain_text("number")
    assert values() == []
    fill(visitor, Value="1250.5")
    with visitor.taking("submit"):
        visitor.button("Create").click()
    (made,) = values()
    assert (made["Title"], made["SerialNumber"], made["Value"]) == (
        "<b>théodolite</b>",
        "='7'",
        1250.5,
    )

    act(visitor, find(visitor, "théodolite"), "Change")
    expect(field(visitor, "Serial number")).to_have_value("='7'")
    fill(visitor, Serial_number="TS-8", Value="")
    with visitor.taking("submit"):
        visitor.button("Save").click()
    (changed,) = values()
    assert (changed["SerialNumber"], changed.get("Value")) == ("TS-8", None)

    act(visitor, find(visitor, "théodolite"), "Change")
    fill(visitor, Serial_number="mine")
    graph.patch(f"{path}/{changed['id']}/fields", {"SerialNumber": "theirs"})
    with visitor.taking("submit"):
        visitor.button("Save").click()
    expect(visitor.page.get_by_role("main")).to_contain_text("Somebody else changed this item")
    assert values()[0]["SerialNumber"] == "theirs"

    act(visitor, find(visitor, "théodolite"), "Delete")
    with visitor.taking("delete"):
        visitor.confirm("Delete “<b>théodolite</b>”?", "Delete")
    assert values() == []


def folder_with_a_file(graph: Graph) -> tuple[Json, Json, Json, Json]:
    """A site, its library, a folder in that, and a file in the folder."""
    return next(
        (site, drive, folder, file)
        for site in graph.get_all("/sites", {"search": "*"})
        for drive in graph.get_all(f"/sites/{site['id']}/drives")
        for folder in graph.get_all(f"/drives/{drive['id']}/root/children")
        if "folder" in folder
        for file in graph.get_all(f"/drives/{drive['id']}/items/{folder['id']}/children")
        if "file" in file
    )


def entry_named(visitor: Visitor, name: str) -> Locator:
    """The entry of a file or folder."""
    exact = visitor.button(f"Actions for {name}")
    return visitor.page.get_by_role("listitem").filter(has=exact)


def test_documents_are_downloaded_uploaded_renamed_and_deleted(
    open_visitor: OpenVisitor, graph_of: GraphOf, portal_of: PortalOf, tmp_path: Path
) -> None:
    visitor = open_visitor("olivia.brandt", url=portal_of("site-browser"))
    graph = graph_of("olivia.brandt", "Sites.ReadWrite.All")
    site, drive, folder, file = folder_with_a_file(graph)
    items = f"/drives/{drive['id']}/items"

    def names() -> dict[str, str]:
        return {one["name"]: one["id"] for one in graph.get_all(f"{items}/{folder['id']}/children")}

    entry = partial(entry_named, visitor)
    visitor.sign_in("/documents")
    name = visitor.page.get_by_role("gridcell", name=site["displayName"], exact=True)
    act(visitor, visitor.page.get_by_role("row").filter(has=name), "Open")
    act(visitor, find(visitor, drive["name"]), "Open")
    with visitor.taking("open_folder"):
        visitor.button(folder["name"]).click()
    with visitor.page.expect_download() as downloading:
        visitor.page.get_by_role("link", name=file["name"], exact=True).click()
    assert downloading.value.suggested_filename == file["name"]
    assert downloading.value.path().read_bytes() == graph.content(f"{items}/{file['id']}")

    assert find_violations(visitor.page) == []
    contents = {"Größe #1 (50 %).txt": b"small", "large.bin": os.urandom(4_000_000)}
    for title, content in contents.items():
        (tmp_path / title).write_bytes(content)
    with visitor.taking("uploaded"):
        picker = visitor.page.get_by_label("Files to upload")
        picker.set_input_files([tmp_path / title for title in contents])
    for title, content in contents.items():
        expect(entry(title)).to_be_visible()
        assert graph.content(f"{items}/{names()[title]}") == content
    with visitor.taking("uploaded"):
        picker.set_input_files(tmp_path / "large.bin")
    assert graph.content(f"{items}/{names()['large 1.bin']}") == contents["large.bin"]

    act(visitor, entry("large.bin"), "Rename")
    fill(visitor, Name="larger.bin")
    with visitor.taking("submit"):
        visitor.button("Rename").click()
    assert graph.content(f"{items}/{names()['larger.bin']}") == contents["large.bin"]
    act(visitor, entry("larger.bin"), "Delete")
    with visitor.taking("delete"):
        visitor.confirm("Delete “larger.bin”?", "Delete")
    expect(entry("larger.bin")).to_have_count(0)
    assert "larger.bin" not in names()

    visitor.button("New folder").click()
    fill(visitor, Name="Inner")
    with visitor.taking("submit"):
        visitor.button("Create").click()
    with visitor.taking("open_folder"):
        visitor.button("Inner").click()
    expect(visitor.page.get_by_text("This folder is empty")).to_be_visible()
    path = visitor.page.get_by_role("navigation", name="Path")
    with visitor.taking("go_to"):
        path.get_by_role("button", name=folder["name"], exact=True).click()
    expect(entry("Inner")).to_be_visible()
