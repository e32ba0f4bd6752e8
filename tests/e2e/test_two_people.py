"""Two people signed in at once, with items of the same id: each sees and changes their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenVisitor, Query, WeekIn
from tests.e2e.graph import Graph, GraphOf, Week
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def create_event(graph: Graph, subject: str, week: Week) -> str:
    day = week.monday + timedelta(days=1)
    start, end = ({"dateTime": f"{day}T{hour}:00:00", "timeZone": "UTC"} for hour in ("12", "13"))
    made = graph.post("/me/events", {"subject": subject, "start": start, "end": end})
    return str(made["id"])


def give_same_id(query: Query, name: str, theirs: str, ours: str) -> None:
    """The row that has our id gets theirs."""
    changed = query(
        "data",
        f"UPDATE {name} SET id = ?, _key = ? WHERE id = ? RETURNING 1",  # noqa: S608
        theirs,
        theirs,
        ours,
    )
    assert changed == [(1,)]
    owners = query("data", f"SELECT DISTINCT _owner FROM {name} WHERE id = ?", theirs)  # noqa: S608
    assert len(owners) == 2


def rows_of(visitor: Visitor, part: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.get_json(f"{visitor.step_path()}/rows?limit=500{part}")[
        "rows"
    ]
    return found


def test_two_people_see_and_change_only_their_own_event_of_the_same_id(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn, query: Query
) -> None:
    ada, ben = open_visitor("siobhan.obrien"), open_visitor("maya.okafor")
    graphs = {ada: graph_of("siobhan.obrien"), ben: graph_of("maya.okafor")}
    titles = {ada: "Hers alone", ben: "Theirs alone"}
    ids = {
        visitor: create_event(graph, titles[visitor], week_in(visitor.zone))
        for visitor, graph in graphs.items()
    }
    for visitor in (ada, ben):
        visitor.sign_in()
        visitor.choose_view("Agenda")
        expect(visitor.event(titles[visitor])).to_be_visible()
    same = ids[ada]
    give_same_id(query, "event", same, ids[ben])

    for visitor, other in ((ada, ben), (ben, ada)):
        visitor.page.reload()
        expect(visitor.event(titles[visitor])).to_have_count(1)
        expect(visitor.event(titles[other])).to_have_count(0)
        step = visitor.step_path()
        row = visitor.get_json(f"{step}/rows/{same}")["row"]
        assert row["title"] == titles[visitor]
        shown = [row["title"] for row in rows_of(visitor)]
        exported = [row["title"] for row in visitor.get_json(f"{step}/rows.json")]
        assert titles[visitor] in shown
        assert titles[visitor] in exported
        assert titles[other] not in [*shown, *exported]
        assert titles[other] not in visitor.get(f"{step}/rows.csv").text()

    ben.open_event(titles[ben]).get_by_role("button", name="Change").click()
    expect(ben.page.get_by_role("textbox", name="Subject")).to_have_value(titles[ben])
    ben.button("Cancel").click()
    # The list has just been loaded again, and with it the event's own id.
    expect(ben.event(titles[ben])).to_have_count(1)
    give_same_id(query, "event", same, ids[ben])
    ben.page.reload()
    ben.open_event(titles[ben]).get_by_role("button", name="Delete").click()
    with ben.taking("delete"):
        ben.confirm(f"Delete “{titles[ben]}”?", "Delete")
    assert graphs[ada].status_of(f"/me/events/{same}") == 200
    ada.page.reload()
    expect(ada.event(titles[ada])).to_have_count(1)

    give_same_id(query, "event", same, ids[ben])
    ada.open_event(titles[ada]).get_by_role("button", name="Delete").click()
    with ada.taking("delete"):
        ada.confirm(f"Delete “{titles[ada]}”?", "Delete")
    expect(ada.event(titles[ada])).to_have_count(0)
    assert graphs[ada].status_of(f"/me/events/{same}") == 404
    ben.page.reload()
    expect(ben.event(titles[ben])).to_have_count(1)
    assert graphs[ben].status_of(f"/me/events/{ids[ben]}") == 200


def test_two_people_read_only_their_own_message_of_the_same_id(
    open_visitor: OpenVisitor, graph_of: GraphOf, query: Query
) -> None:
    ada, ben = open_visitor("priya.banerjee"), open_visitor("anika.sen")
    sender = graph_of("rahul.verma")
    texts = {ada: "Note for P. only", ben: "Note for A. only"}
    for visitor, text in texts.items():
        body = {"contentType": "text", "content": f"{text}: secret"}
        to = [{"emailAddress": {"address": visitor.person.mail}}]
        message = {"subject": text, "body": body, "toRecipients": to}
        sender.post("/me/sendMail", {"message": message})
    ids: dict[Visitor, str] = {}
    for visitor in (ada, ben):
        visitor.sign_in("/mail")
        ids[visitor] = next(
            row["_key"]
            for row in rows_of(visitor, "&part=messages")
            if row["subject"] == texts[visitor]
        )
    same = ids[ada]
    give_same_id(query, "message", same, ids[ben])
    for visitor, other in ((ada, ben), (ben, ada)):
        visitor.page.reload()
        step = visitor.step_path()
        subjects = [row["subject"] for row in rows_of(visitor, "&part=messages")]
        assert texts[visitor] in subjects
        assert texts[other] not in subjects
        assert (
            visitor.get_json(f"{step}/rows/{same}?part=messages")["row"]["subject"]
            == (texts[visitor])
        )
        frame = visitor.get(f"{step}/rows/{same}/frame?part=messages").text()
        assert texts[visitor] in frame
        assert texts[other] not in frame
        exported = visitor.get(f"{step}/rows.json?part=messages").text()
        assert texts[visitor] in exported
        assert texts[other] not in exported
        visitor.page.get_by_role("option").filter(has_text=texts[visitor]).click()
        reading = visitor.page.frame_locator("iframe[title='Message text']")
        expect(reading.get_by_text(f"{texts[visitor]}: secret")).to_be_visible()
    graph = graph_of("priya.banerjee")
    assert graph.get(f"/me/messages/{same}")["isRead"] is False
    ben.allow(404, "/api/steps/")  # after the change, the row of this id is no longer theirs
    with ben.taking("mark_read"):
        ben.button("Read / unread").click()
    assert graph.get(f"/me/messages/{same}")["isRead"] is False


def test_the_step_of_somebody_else_is_not_found(open_visitor: OpenVisitor) -> None:
    ada, ben = open_visitor("ren.suzuki"), open_visitor("yui.sato")
    for visitor in (ada, ben):
        visitor.sign_in()
    step = ada.step_path()
    key = rows_of(ada)[0]["_key"]
    reads = ("", "/rows", "/rows.json", "/rows.csv", f"/rows/{key}")
    assert [ada.get(step + end).status for end in reads] == [200] * len(reads)
    assert [ben.get(step + end).status for end in reads] == [404] * len(reads)
    body = {"submission": "a" * 32, "data": {"key": key}, "time_zone": "UTC"}
    refused = ben.post(f"{step}/exits/delete", body)
    assert refused.status == 404
    assert key not in refused.text()
    ada.page.reload()
    assert key in [row["_key"] for row in rows_of(ada)]
    ben.allow(404, "/api/steps/")
    ben.open(ada.page.url.removeprefix(ada.portal_url))
    expect(ben.heading("Calendar")).to_be_visible()
    assert ben.step_path() != step
