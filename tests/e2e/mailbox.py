"""The mail page as somebody uses it, and the same mailbox as Graph has it.

It must not know the portal's programs.
"""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.graph import Graph, Json
from tests.e2e.scrolling import read_all
from tests.e2e.visitor import Visitor

_FIELDS = "id,subject,isRead,receivedDateTime"


def folders_of(graph: Graph) -> dict[str, Json]:
    """The folders of a mailbox, by their names."""
    return {folder["displayName"]: folder for folder in graph.get_all("/me/mailFolders")}


def messages_of(graph: Graph, folder: str) -> list[Json]:
    """The messages of a folder, the newest first."""
    query = {"$select": _FIELDS, "$orderby": "receivedDateTime desc", "$top": "50"}
    return graph.get_all(f"/me/mailFolders/{folder}/messages", query)


def subjects_of(graph: Graph, folder: str) -> list[str]:
    """The subjects of a folder, in order of the alphabet: times may be the same."""
    return sorted(message["subject"] for message in messages_of(graph, folder))


class Mailbox:
    """The mail page of a visitor who is signed in."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def folder(self, title: str) -> Locator:
        """The button of a folder."""
        return self.page.get_by_role("navigation", name="Folders").get_by_role("button", name=title)

    def open_folder(self, title: str) -> None:
        with self.visitor.taking("folder_changed"):
            self.folder(title).click()
        expect(self.folder(title)).to_have_attribute("aria-current", "true")

    def messages(self, title: str) -> Locator:
        """The list of messages of a folder."""
        return self.page.get_by_role("listbox", name=title)

    def subjects(self, title: str, count: int) -> list[str]:
        """The subjects that the list shows, all of them, in order of the alphabet."""
        section = self.page.get_by_role("region", name=title)
        told = "1 message" if count == 1 else f"{count} messages"
        expect(section.get_by_role("status").first).to_have_text(told)
        options = self.messages(title).get_by_role("option")
        lines = read_all(options, self.messages(title), "aria-posinset", 1, count)
        return sorted(line[2] for line in lines)

    def open_message(self, folder: str, subject: str) -> Locator:
        """Choose a message, found by the search; gives the pane that shows it."""
        self.page.get_by_role("searchbox", name=f"Search {folder}").fill(subject)
        option = (
            self.messages(folder)
            .get_by_role("option")
            .filter(has=self.page.get_by_text(subject, exact=True))
        )
        expect(option).to_have_count(1)
        option.click()
        pane = self.page.get_by_role("article", name=subject, exact=True)
        expect(pane).to_be_visible()
        return pane

    def body(self) -> FrameLocator:
        """The text of the message that is shown."""
        return self.page.frame_locator("iframe[title='Message text']")

    def fill_message(self, to: str, subject: str, text: str) -> None:
        for name, value in (("To", to), ("Subject", subject), ("Message", text)):
            self.page.get_by_role("textbox", name=name, exact=True).fill(value)
