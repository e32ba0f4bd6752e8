"""Sessions: a restart of the portal, an expired session, signing out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenVisitor, Query, WeekIn
from tests.e2e.graph import GraphOf
from tests.e2e.portal import PortalProcess
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

GONE = ("", "/rows", "/rows.json", "/rows.csv")


def test_after_a_restart_the_user_is_in_the_same_week_and_form_and_can_go_on(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn, portal: PortalProcess
) -> None:
    visitor = open_visitor("aigerim.sultanova")
    graph, week = graph_of("aigerim.sultanova"), week_in(visitor.zone)
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.button("Next").click()
    shown = visitor.agenda_of(week + 1)
    address = visitor.page.url
    portal.restart()
    visitor.page.reload()
    assert visitor.agenda_of(week + 1) == shown
    assert visitor.page.url == address
    visitor.button("New event").click()
    visitor.fill_event("Half-way", week.days[2], "10:00", "11:00")
    portal.restart()
    expect(visitor.page.get_by_role("textbox", name="Subject")).to_have_value("Half-way")
    visitor.button("Create").click()
    expect(visitor.heading("Calendar")).to_be_visible()
    assert len(graph.find_events("Half-way")) == 1
    assert visitor.agenda_of(week + 1) == graph.agenda(week + 1)


def test_a_session_that_expires_over_a_form_keeps_what_was_entered(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn, query: Query
) -> None:
    visitor = open_visitor("dmitri.volkov")
    graph, day = graph_of("dmitri.volkov"), week_in(visitor.zone).days[2]
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.button("New event").click()
    visitor.fill_event("Typed before", day, "10:00", "11:00")
    (changed,) = query(
        "system",
        "UPDATE _sessions SET last_seen_at = 0, created_at = 0 WHERE principal_id IN "
        "(SELECT id FROM _principals WHERE name = ?) RETURNING 1",
        visitor.person.display_name,
    )
    assert changed == (1,)
    visitor.allow(401, "/api/")
    visitor.allow(404, "/api/steps/")
    visitor.allow(410, "/api/steps/")
    visitor.button("Create").click()
    expect(visitor.page.get_by_text("Your session ended")).to_be_visible()
    expect(visitor.page.get_by_role("textbox", name="Subject")).to_have_value("Typed before")
    visitor.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(visitor.heading("Calendar")).to_be_visible()
    visitor.button("New event").click()
    expect(visitor.page.get_by_role("textbox", name="Subject")).to_have_value("Typed before")
    expect(visitor.page.get_by_label("Start: time")).to_have_value("10:00")
    visitor.button("Create").click()
    expect(visitor.event("Typed before")).to_have_count(1)
    assert len(graph.find_events("Typed before")) == 1


def check_nothing_is_reachable(visitor: Visitor, paths: list[str]) -> None:
    assert visitor.get_json("/api/session")["signed_in"] is False
    assert {path for path in paths if visitor.get(path).status not in (401, 404)} == set()
    for path in ("/calendar", "/mail", "/people"):
        body: dict[str, object] = {"path": path, "time_zone": "UTC", "query": {}}
        assert visitor.post("/api/start", body).status == 401


def test_after_signing_out_nothing_is_reachable_any_more(
    open_visitor: OpenVisitor,
) -> None:
    visitor = open_visitor("isla.mackenzie")
    visitor.sign_in()
    steps: list[str] = []
    for title in ("Mail", "People", "Calendar"):
        visitor.go_to(title)
        steps.append(visitor.step_path())
    key = visitor.get_json(f"{steps[0]}/rows?part=messages")["rows"][0]["_key"]
    paths = [step + end for step in steps for end in GONE if "rows" not in end or step != steps[0]]
    paths += [f"{steps[0]}/rows?part=messages", f"{steps[0]}/rows.csv?part=messages"]
    paths += [f"{steps[0]}/rows/{key}{end}?part=messages" for end in ("", "/frame")]
    paths.append("/api/runs")
    assert {path: visitor.get(path).status for path in paths} == dict.fromkeys(paths, 200)
    cookies = visitor.context.cookies()
    calendar = visitor.page.url

    visitor.allow(401, "/api/")
    visitor.allow(404, "/api/steps/")
    visitor.sign_out()
    visitor.open(calendar.removeprefix(visitor.portal_url))
    expect(visitor.page.get_by_role("link", name="Sign in with")).to_be_visible()
    expect(visitor.page.get_by_role("navigation", name="Application")).to_have_count(0)
    check_nothing_is_reachable(visitor, paths)
    # Who kept the cookies has nothing either.
    visitor.context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]
    check_nothing_is_reachable(visitor, paths)


def test_the_back_button_shows_nothing_after_signing_out(open_visitor: OpenVisitor) -> None:
    visitor = open_visitor("beatriz.araujo")
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.button("Next").click()
    visitor.wait()
    visitor.allow(401, "/api/")
    visitor.allow(404, "/api/steps/")
    visitor.sign_out()
    for _ in range(2):
        visitor.page.go_back()
        expect(visitor.page.get_by_role("link", name="Sign in with")).to_be_visible()
        expect(visitor.agenda_list()).to_have_count(0)
