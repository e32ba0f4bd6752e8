"""The calendar: exactly what Graph returns, moved, refreshed, added to, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenVisitor
from tests.e2e.graph import GraphOf, Week

pytestmark = pytest.mark.browser

WeekIn = Callable[[str], Week]


def test_a_newcomer_consents_and_sees_exactly_the_events_of_each_week(
    open_visitor: OpenVisitor, graph_of: GraphOf, week_in: WeekIn
) -> None:
    visitor = open_visitor("olivia.brandt")
    graph, week = graph_of("olivia.brandt"), week_in(visitor.zone)
    visitor.open()
    visitor.choose_person()
    expect(visitor.page.get_by_role("heading", name="Permissions requested")).to_be_visible()
    visitor.button("Accept").click()
    expect(visitor.page.get_by_role("heading", level=1, name="Calendar")).to_be_visible()
    visitor.choose_view("Agenda")
    assert visitor.agenda_of(week) == graph.agenda(week) != []
    visitor.button("Next").click()
    assert visitor.agenda_of(week + 1) == graph.agenda(week + 1) != []
    visitor.button("Previous").click()
    assert visitor.agenda_of(week) == graph.agenda(week)
    visitor.button("Previous").click()
    assert visitor.agenda_of(week + -1) == graph.agenda(week + -1) != []
