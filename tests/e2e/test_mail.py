"""Mail: every message of every folder, foreign markup that can do nothing, letters sent."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Route, expect

from graphwright_sandbox.graph.faults import FaultRule, Faults
from tests.e2e.conftest import OpenVisitor
from tests.e2e.graph import GraphOf
from tests.e2e.mailbox import Mailbox, folders_of, messages_of, subjects_of

pytestmark = pytest.mark.browser

_IMAGES = "images.harbour-weekly.example"
_ODD_SUBJECT = "Quarter's plan: <b>100%</b> {{ 1 + 1 }} /?# 🗺️"


def test_mail_shows_every_message_of_each_folder_and_how_many_are_unread(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor("noah.kim"), graph_of("noah.kim")
    visitor.sign_in("/mail")
    mailbox = Mailbox(visitor)
    inbox = subjects_of(graph, "inbox")
    assert len(inbox) > 20
    assert mailbox.subjects("Inbox", len(inbox)) == inbox
    folders = folders_of(graph)
    assert {title for title, folder in folders.items() if folder["totalItemCount"]} > {"Inbox"}
    buttons = mailbox.page.get_by_role("navigation", name="Folders").get_by_role("button")
    expect(buttons).to_have_count(len(folders))
    for title, folder in folders.items():
        unread = mailbox.folder(title).get_by_role("img", name="unread")
        if count := folder["unreadItemCount"]:
            expect(unread).to_have_accessible_name(f"{count} unread")
        else:
            expect(unread).to_have_count(0)
    for title in ("Sent Items", "Junk Email", "Inbox"):
        mailbox.open_folder(title)
        expected = subjects_of(graph, folders[title]["id"])
        assert mailbox.subjects(title, len(expected)) == expected != []


def test_markup_of_a_message_runs_nothing_and_images_load_only_when_asked_for(
    open_visitor: OpenVisitor,
) -> None:
    visitor = open_visitor("ethan.brooks")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    visitor.context.route(re.compile(r"\.example/"), answer)
    visitor.sign_in("/mail")
    mailbox = Mailbox(visitor)
    pane = mailbox.open_message("Inbox", "You have won <b>everything</b>")
    mailbox.body().get_by_text("Click here, it is free.").click()
    body = mailbox.body().locator("body")
    expect(body).to_be_visible()
    expect(body.locator("script, iframe, form, input, [onclick], [onerror]")).to_have_count(0)
    expect(body.locator("a[href^=javascript]")).to_have_count(0)
    expect(pane.get_by_role("heading")).to_have_text("You have won <b>everything</b>")
    expect(visitor.page).to_have_title("Mail – My day")
    pane = mailbox.open_message("Inbox", "Harbour Weekly: what changed on the coast")
    expect(mailbox.body().get_by_role("heading", name="This week")).to_be_visible()
    expect(pane).to_contain_text("Remote images were blocked")
    assert asked == []
    assert _IMAGES not in visitor.watch.hosts
    visitor.watch.allowed_hosts.add(_IMAGES)
    with visitor.page.expect_request(lambda request: _IMAGES in request.url) as begun:
        visitor.button("Show images").click()
    # The sender learns neither the portal's address nor who reads.
    assert begun.value.all_headers().keys().isdisjoint({"referer", "cookie", "authorization"})
    expect(visitor.button("Show images")).to_have_count(0)
    assert asked == [f"https://{_IMAGES}/open.gif?reader=42"]
    visitor.watch.complaints = [text for text in visitor.watch.complaints if _IMAGES not in text]


def test_a_message_marked_or_deleted_is_so_in_graph(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor("harper.nguyen"), graph_of("harper.nguyen")
    message = next(m for m in messages_of(graph, "inbox") if m["subject"].startswith("Harbour"))
    path, subject = f"/me/messages/{message['id']}", message["subject"]
    unread = folders_of(graph)["Inbox"]["unreadItemCount"]
    assert message["isRead"] is False
    visitor.sign_in("/mail")
    mailbox = Mailbox(visitor)
    mailbox.open_message("Inbox", subject)
    for is_read in (True, False):
        with visitor.taking("mark_read"):
            visitor.button("Read / unread").click()
        assert graph.get(path)["isRead"] is is_read
        badge = mailbox.folder("Inbox").get_by_role("img", name="unread")
        expect(badge).to_have_accessible_name(f"{unread - is_read} unread")
        expect(mailbox.page.get_by_role("article", name=subject)).to_be_visible()
    visitor.button("Delete").click()
    visitor.confirm(f"Delete “{subject}”?", "Cancel")
    assert graph.status_of(path) == 200
    visitor.button("Delete").click()
    with visitor.taking("delete"):
        visitor.confirm(f"Delete “{subject}”?", "Delete")
    expect(mailbox.page.get_by_role("article", name=subject)).to_have_count(0)
    assert subject not in subjects_of(graph, "inbox")
    assert subjects_of(graph, "deleteditems").count(subject) == 1
    mailbox.page.get_by_role("searchbox", name="Search Inbox").fill("")
    left = subjects_of(graph, "inbox")
    assert mailbox.subjects("Inbox", len(left)) == left


def test_a_letter_arrives_and_a_refused_one_keeps_what_was_typed(
    open_visitor: OpenVisitor, graph_of: GraphOf, faults: Faults
) -> None:
    visitor = open_visitor("mateo.silva")
    sender, reader = graph_of("mateo.silva"), graph_of("yui.sato")
    text = "Line one\nline 'two' & <i>three</i> {{ user.email }} 你好"
    error = {"code": "ErrorInvalidRecipients", "message": "At least one recipient isn't valid."}
    body = json.dumps({"error": error}).encode()
    visitor.sign_in("/mail")
    mailbox = Mailbox(visitor)
    visitor.button("New message").click()
    mailbox.fill_message("nobody", _ODD_SUBJECT, text)
    visitor.button("Send").click()
    expect(visitor.page.get_by_text("Write one address")).to_be_visible()
    mailbox.fill_message(reader.person.mail, _ODD_SUBJECT, text)
    faults.add(FaultRule("/me/sendMail", "POST", 400, body=body))
    with visitor.taking("submit"):
        visitor.button("Send").click()
    expect(visitor.page.get_by_role("main")).to_contain_text(error["message"])
    for name, value in (("To", reader.person.mail), ("Subject", _ODD_SUBJECT), ("Message", text)):
        field = visitor.page.get_by_role("textbox", name=name, exact=True)
        expect(field).to_have_value(value)
    assert _ODD_SUBJECT not in subjects_of(sender, "sentitems")
    with visitor.taking("submit"):
        visitor.button("Send").click()
    expect(visitor.heading("Mail")).to_be_visible()
    for graph, folder in ((sender, "sentitems"), (reader, "inbox")):
        (sent,) = [m for m in messages_of(graph, folder) if m["subject"] == _ODD_SUBJECT]
        found = graph.get(f"/me/messages/{sent['id']}")
        assert found["body"]["content"].replace("\r\n", "\n") == text
        assert found["from"]["emailAddress"]["address"] == sender.person.mail
    mailbox.open_folder("Sent Items")
    shown = subjects_of(sender, "sentitems")
    assert mailbox.subjects("Sent Items", len(shown)) == shown
