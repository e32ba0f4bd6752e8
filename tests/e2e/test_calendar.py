"""The calendar: exactly what Graph returns, moved, refreshed, added to, changed and deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenVisitor, Query, WeekIn
from tests.e2e.graph import Entry, Graph, GraphOf, Json, Week

pytestmark = pytest.mark.browser


def create_event(graph: Graph, subject: str, week: Week, time: str = "13:00") -> Json:
    """An hour on the Thursday of a week."""
    day = week.monday + timedelta(days=3)
    hour, minute = time.split(":")
    times = (f"{day}T{time}:00", f"{day}T{int(hour) + 1}:{minute}:00")
    start, end = ({"dateTime": text, "timeZone": week.zone} for text in times)
    return graph.post("/me/events", {"subject": subject, "start": start, "end": end})


def test_a_newcomer_consents_and_sees_exactly_the_events_of_each_week(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("francoise.lefevre")
    graph, week = graph_of("francoise.lefevre"), week_in(visitor.zone)
    visitor.open()
    visitor.choose_person()
    expect(visitor.page.get_by_role("heading", name="Permissions requested")).to_be_visible()
    visitor.button("Accept").click()
    expect(visitor.heading("Calendar")).to_be_visible()
    assert visitor.grid_of(week) == graph.grid(week) != []
    visitor.choose_view("Agenda")
    assert visitor.agenda_of(week) == graph.agenda(week) != []
    visitor.button("Next").click()
    assert visitor.agenda_of(week + 1) == graph.agenda(week + 1) != []
    visitor.button("Previous").click()
    assert visitor.agenda_of(week) == graph.agenda(week)
    visitor.button("Previous").click()
    assert visitor.agenda_of(week + -1) == graph.agenda(week + -1) != []
    visitor.choose_view("Week")
    assert visitor.grid_of(week + -1) == graph.grid(week + -1) != []


def test_an_event_deleted_in_graph_is_gone_after_a_refresh_and_other_weeks_stay(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn, query: Query
) -> None:
    visitor = open_visitor("lukasz.wisniewski")
    graph, week = graph_of("lukasz.wisniewski"), week_in(visitor.zone)
    gone = create_event(graph, "Goes away", week)
    stays = create_event(graph, "Stays", week + 1)
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.button("Next").click()
    visitor.agenda_of(week + 1)
    expect(visitor.event("Stays")).to_be_visible()
    visitor.button("Previous").click()
    visitor.agenda_of(week)
    expect(visitor.event("Goes away")).to_be_visible()
    graph.delete(f"/me/events/{gone['id']}")
    visitor.button("Refresh").click()
    expect(visitor.event("Goes away")).to_have_count(0)
    assert visitor.agenda_of(week) == graph.agenda(week) != []
    kept = query("data", "SELECT subject FROM event WHERE id IN (?, ?)", gone["id"], stays["id"])
    assert kept == [("Stays",)]


def test_an_added_event_is_in_the_calendar_and_in_graph_once_however_often_it_is_sent(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("francoise.lefevre")
    graph, week = graph_of("francoise.lefevre"), week_in(visitor.zone)
    day = week.days[4]
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.button("New event").click()
    subject = "Kaffee & <b>Kuchen</b> {{ 1 + 1 }} 🎂"
    visitor.fill_event(subject, day, "14:00", "15:30")
    visitor.page.get_by_role("textbox", name="Location").fill("Room '4'?/#")
    visitor.button("Create").dblclick()
    expect(visitor.event(subject)).to_have_count(1)
    assert Entry(day, "14:00", subject) in visitor.agenda_of(week)
    (made,) = graph.find_events(subject)
    assert made["location"]["displayName"] == "Room '4'?/#"
    visitor.allow(409, "/api/steps/")
    visitor.page.go_back()
    expect(visitor.heading("New event")).to_be_visible()
    visitor.fill_event(subject, day, "14:00", "15:30")
    visitor.button("Create").click()
    expect(visitor.page.get_by_role("main")).to_contain_text("already")
    expect(visitor.heading("Calendar")).to_be_visible()
    assert len(graph.find_events(subject)) == 1


def test_a_changed_and_a_deleted_event_are_so_in_graph(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("oscar.nystrom")
    graph, week = graph_of("oscar.nystrom"), week_in(visitor.zone)
    made = create_event(graph, "Fire drill", week)
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.open_event("Fire drill").get_by_role("button", name="Change").click()
    expect(visitor.page.get_by_role("textbox", name="Subject")).to_have_value("Fire drill")
    visitor.fill_event("Fire drill, again", week.days[3], "15:15", "16:00")
    visitor.button("Save").click()
    expect(visitor.event("Fire drill, again")).to_have_count(1)
    assert visitor.agenda_of(week) == graph.agenda(week)
    changed = graph.get(f"/me/events/{made['id']}")
    assert changed["subject"] == "Fire drill, again"
    assert Entry(week.days[3], "15:15", "Fire drill, again") in graph.agenda(week)
    visitor.open_event("Fire drill, again").get_by_role("button", name="Delete").click()
    with visitor.taking("delete"):
        visitor.confirm("Delete “Fire drill, again”?", "Delete")
    expect(visitor.event("Fire drill, again")).to_have_count(0)
    assert graph.status_of(f"/me/events/{made['id']}") == 404
    assert visitor.agenda_of(week) == graph.agenda(week)


def test_a_change_made_elsewhere_is_told_and_nothing_is_lost(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("tobias.grossmann")
    graph, week = graph_of("tobias.grossmann"), week_in(visitor.zone)
    made = create_event(graph, "Budget", week)
    path = f"/me/events/{made['id']}"
    visitor.sign_in()
    visitor.choose_view("Agenda")
    visitor.open_event("Budget").get_by_role("button", name="Change").click()
    subject = visitor.page.get_by_role("textbox", name="Subject")
    expect(subject).to_have_value("Budget")
    graph.patch(path, {"subject": "Budget, from elsewhere"})
    subject.fill("Budget, mine")
    visitor.button("Save").click()
    expect(visitor.page.get_by_text("Somebody else changed this event")).to_be_visible()
    assert graph.get(path)["subject"] == "Budget, from elsewhere"
    expect(subject).to_have_value("Budget, mine")
    visitor.button("Save").click()
    expect(visitor.event("Budget, mine")).to_have_count(1)
    assert graph.get(path)["subject"] == "Budget, mine"
