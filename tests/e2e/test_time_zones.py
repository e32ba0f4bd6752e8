"""Events across a change of the clocks, for people in three time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import OpenVisitor
from tests.e2e.graph import Entry, GraphOf, Week

pytestmark = pytest.mark.browser


def nearest_change(zone: str) -> date:
    """The day on which the clocks of a zone change, the nearest to today."""
    here = ZoneInfo(zone)
    noon = datetime.combine(datetime.now(UTC).date(), time(12))

    def changes(offset: int) -> bool:
        day = noon + timedelta(days=offset)
        before = day - timedelta(days=1)
        return day.replace(tzinfo=here).utcoffset() != before.replace(tzinfo=here).utcoffset()

    offsets = sorted(range(-190, 190), key=abs)
    return (noon + timedelta(days=next(filter(changes, offsets)))).date()


@pytest.mark.parametrize(
    ("address", "event_zone"),
    [
        ("noah.kim", "America/Los_Angeles"),
        # Nothing changes in Kolkata: the meeting, held in Berlin, moves by an hour there.
        ("meera.iyer", "Europe/Berlin"),
        ("tane.walker", "Pacific/Auckland"),
    ],
)
def test_all_day_and_weekly_events_stand_right_in_the_week_of_a_clock_change(
    address: str, event_zone: str, open_visitor: OpenVisitor, graph_of: GraphOf
) -> None:
    visitor, graph = open_visitor(address), graph_of(address)
    sunday = nearest_change(event_zone)
    saturday = sunday - timedelta(days=1)
    first = saturday - timedelta(weeks=2)
    graph.post(
        "/me/events",
        {
            "subject": "Every weekend",
            "start": {"dateTime": f"{first}T09:00:00", "timeZone": event_zone},
            "end": {"dateTime": f"{first}T09:30:00", "timeZone": event_zone},
            "recurrence": {
                "pattern": {
                    "type": "weekly",
                    "interval": 1,
                    "daysOfWeek": ["saturday", "sunday"],
                    "firstDayOfWeek": "monday",
                },
                "range": {"type": "noEnd", "startDate": f"{first}"},
            },
        },
    )
    graph.post(
        "/me/events",
        {
            "subject": "The day itself",
            "isAllDay": True,
            "start": {"dateTime": f"{sunday}T00:00:00", "timeZone": visitor.zone},
            "end": {"dateTime": f"{sunday + timedelta(days=1)}T00:00:00", "timeZone": visitor.zone},
        },
    )
    there, here = ZoneInfo(event_zone), ZoneInfo(visitor.zone)
    expected = [Entry(sunday, "All day", "The day itself")]
    for day in (saturday, sunday):
        starts = datetime.combine(day, time(9), there).astimezone(here)
        expected.append(Entry(starts.date(), f"{starts:%H:%M}", "Every weekend"))

    visitor.sign_in()
    visitor.choose_view("Agenda")
    today = Week.of(datetime.now(UTC), visitor.zone)
    target = Week(sunday - timedelta(days=6), visitor.zone)
    weeks = (target.monday - today.monday).days // 7
    for _ in range(abs(weeks)):
        visitor.button("Next" if weeks > 0 else "Previous").click()
    agenda = visitor.agenda_of(target)
    assert agenda == graph.agenda(target)
    assert sorted(expected) == [entry for entry in agenda if entry.title in _TITLES]
    visitor.choose_view("Week")
    grid = visitor.grid_of(target)
    assert sorted(expected) == [entry for entry in grid if entry.title in _TITLES]
    visitor.choose_view("Agenda")
    visitor.button("Next").click()
    following = visitor.agenda_of(target + 1)
    assert following == graph.agenda(target + 1)
    assert "The day itself" not in [entry.title for entry in following]


_TITLES = ("Every weekend", "The day itself")
