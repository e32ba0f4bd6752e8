"""Calendar views: series unrolled where people live, all-day events, windows, bad windows."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code

_PATTERN = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}


def _series(
    zone: str, first: str, pattern: dict[str, Any], limits: dict[str, Any], at: str = "09:00"
) -> dict[str, Any]:
    return {
        "subject": "Series",
        "start": {"dateTime": f"{first}T{at}:00", "timeZone": zone},
        "end": {"dateTime": f"{first}T{at[:2]}:30:00", "timeZone": zone},
        "recurrence": {"pattern": pattern, "range": {"startDate": first, **limits}},
    }


def _starts(graph: Graph, master: str, first: str, last: str, **headers: str) -> list[str]:
    path = f"/me/events/{master}/instances?startDateTime={first}&endDateTime={last}&$top=500"
    return [event["start"]["dateTime"][:16] for event in graph.value(path, **headers)]


@pytest.mark.parametrize(
    ("address", "windows_zone", "iana_zone", "first", "utc"),
    [
        # Clocks forward on 8 March 2026 in Los Angeles: nine is 17:00Z before and 16:00Z after.
        (
            "noah.kim",
            "Pacific Standard Time",
            "America/Los_Angeles",
            "2026-03-02",
            ["2026-03-02T17:00", "2026-03-09T16:00", "2026-03-16T16:00"],
        ),
        # No clock change in India, ever: the offset has half an hour.
        (
            "anika.sen",
            "India Standard Time",
            "Asia/Kolkata",
            "2026-03-02",
            ["2026-03-02T03:30", "2026-03-09T03:30", "2026-03-16T03:30"],
        ),
        # Clocks back on 5 April 2026 in Auckland; nine there is the evening before in UTC.
        (
            "tane.walker",
            "New Zealand Standard Time",
            "Pacific/Auckland",
            "2026-03-30",
            ["2026-03-29T20:00", "2026-04-05T21:00", "2026-04-12T21:00"],
        ),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_across_a_clock_change(
    sign_in: Callable[..., Graph],
    address: str,
    windows_zone: str,
    iana_zone: str,
    first: str,
    utc: list[str],
) -> None:
    graph = sign_in(address)
    body = _series(windows_zone, first, _PATTERN, {"type": "numbered", "numberOfOccurrences": 3})
    master = graph.post("/me/events", body).json()["id"]
    window = ("2026-02-01", "2026-05-01")
    assert _starts(graph, master, *window) == utc
    for zone in (windows_zone, iana_zone):
        local = _starts(graph, master, *window, Prefer=f'outlook.timezone="{zone}"')
        assert [text[11:] for text in local] == ["09:00"] * 3
        assert local[0][:10] == first


PATTERNS: list[tuple[str, str, dict[str, Any], dict[str, Any], list[str]]] = [
    (
        "every third day",
        "2026-01-30",
        {"type": "daily", "interval": 3},
        {"type": "numbered", "numberOfOccurrences": 3},
        ["01-30", "02-02", "02-05"],
    ),
    (
        "end date included",
        "2026-01-30",
        {"type": "daily", "interval": 1},
        {"type": "endDate", "endDate": "2026-02-01"},
        ["01-30", "01-31", "02-01"],
    ),
    (
        "two days of every other week, weeks from Sunday",
        "2026-01-06",
        {
            "type": "weekly",
            "interval": 2,
            "daysOfWeek": ["sunday", "tuesday"],
            "firstDayOfWeek": "sunday",
        },
        {"type": "numbered", "numberOfOccurrences": 4},
        ["01-06", "01-18", "01-20", "02-01"],
    ),
    (
        "two days of every other week, weeks from Monday",
        "2026-01-06",
        {
            "type": "weekly",
            "interval": 2,
            "daysOfWeek": ["sunday", "tuesday"],
            "firstDayOfWeek": "monday",
        },
        {"type": "numbered", "numberOfOccurrences": 4},
        ["01-06", "01-11", "01-20", "01-25"],
    ),
    (
        "the 31st, or the last day of a shorter month",
        "2026-01-31",
        {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
        {"type": "numbered", "numberOfOccurrences": 4},
        ["01-31", "02-28", "03-31", "04-30"],
    ),
    (
        "last Friday",
        "2026-01-30",
        {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"},
        {"type": "numbered", "numberOfOccurrences": 3},
        ["01-30", "02-27", "03-27"],
    ),
    (
        "second working day",
        "2026-01-02",
        {
            "type": "relativeMonthly",
            "interval": 1,
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "index": "second",
        },
        {"type": "numbered", "numberOfOccurrences": 3},
        ["01-02", "02-03", "03-03"],
    ),
    (
        "yearly, 29 February",
        "2024-02-29",
        {"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29},
        {"type": "noEnd"},
        ["02-28"],
    ),
    (
        "first Monday of May",
        "2025-05-05",
        {
            "type": "relativeYearly",
            "interval": 1,
            "month": 5,
            "daysOfWeek": ["monday"],
            "index": "first",
        },
        {"type": "noEnd"},
        ["05-04"],
    ),
]


@pytest.mark.parametrize(
    ("first", "pattern", "limits", "days"),
    [case[1:] for case in PATTERNS],
    ids=[case[0] for case in PATTERNS],
)
def test_a_pattern_gives_its_days(
    graph: Graph, first: str, pattern: dict[str, Any], limits: dict[str, Any], days: list[str]
) -> None:
    answer = graph.post("/me/events", _series("UTC", first, pattern, limits))
    assert answer.status_code == 201, answer.text
    starts = _starts(graph, answer.json()["id"], "2026-01-01", "2026-06-01")
    assert [text[5:10] for text in starts] == days


BAD_PATTERNS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "weekly", "interval": 1}, {"type": "noEnd"}),
    ({"type": "daily", "interval": 0}, {"type": "noEnd"}),
    ({"type": "daily", "interval": 1}, {"type": "endDate"}),
    ({"type": "daily", "interval": 1}, {"type": "endDate", "endDate": "2025-01-01"}),
    ({"type": "daily", "interval": 1}, {"type": "numbered"}),
    (
        {"type": "daily", "interval": 1},
        {
            "type": "noEnd",
            "startDate": "2026-01-31",
            "recurrenceTimeZone": "Tokyo Standard Time",
        },
    ),
    ({"type": "daily", "interval": 1}, {"type": "noEnd", "startDate": "0001-01-01"}),
    ({"type": "daily", "interval": 1}, {"type": "noEnd", "startDate": "9999-12-31"}),
    ({"type": "absoluteMonthly", "interval": 1}, {"type": "noEnd"}),
    ({"type": "absoluteYearly", "interval": 1, "dayOfMonth": 3}, {"type": "noEnd"}),
    ({"interval": 1}, {"type": "noEnd"}),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("pattern", "limits"), BAD_PATTERNS)
def test_a_pattern_without_sense_is_refused(
    graph: Graph, pattern: dict[str, Any], limits: dict[str, Any]
) -> None:
    before = len(graph.all_pages("/me/events?$top=1000&$select=id"))
    answer = graph.post("/me/events", _series("UTC", "2026-01-30", pattern, limits))
    assert answer.status_code == 400
    assert len(graph.all_pages("/me/events?$top=1000&$select=id")) == before


def test_a_series_begins_on_the_day_of_its_range_at_the_time_of_its_event(graph: Graph) -> None:
    limits: dict[str, Any] = {"type": "numbered", "numberOfOccurrences": 2}
    body = _series("UTC", "2026-03-04", _PATTERN, {**limits, "startDate": "2026-02-02"})
    made = graph.post("/me/events", body)
    assert made.status_code == 201, made.text
    event = made.json()
    assert event["start"]["dateTime"].startswith("2026-02-02T09:00")
    assert event["end"]["dateTime"].startswith("2026-02-02T09:30")
    assert event["recurrence"]["range"]["startDate"] == "2026-02-02"
    span = ("2026-01-01", "2026-06-01")
    assert _starts(graph, event["id"], *span) == ["2026-02-02T09:00", "2026-02-09T09:00"]
    later = {"pattern": _PATTERN, "range": {**limits, "startDate": "2026-04-06"}}
    assert graph.patch(f"/me/events/{event['id']}", {"recurrence": later}).status_code == 200
    assert _starts(graph, event["id"], *span) == ["2026-04-06T09:00", "2026-04-13T09:00"]


def test_a_changed_and_a_deleted_occurrence_leave_the_others_alone(graph: Graph) -> None:
    limits = {"type": "numbered", "numberOfOccurrences": 4}
    body = _series("Pacific Standard Time", "2026-03-02", _PATTERN, limits)
    master = graph.post("/me/events", body).json()["id"]
    path = f"/me/events/{master}/instances?startDateTime=2026-02-01&endDateTime=2026-05-01"
    first, second, third, fourth = graph.value(path)
    assert {e["type"] for e in (first, fourth)} == {"occurrence"}
    assert second["seriesMasterId"] == master

    moved = {
        "subject": "Moved",
        "start": {"dateTime": "2026-03-12T14:00:00", "timeZone": "Pacific Standard Time"},
        "end": {"dateTime": "2026-03-12T15:00:00", "timeZone": "Pacific Standard Time"},
    }
    changed = graph.patch(f"/me/events/{second['id']}", moved)
    assert changed.status_code == 200, changed.text
    assert changed.json()["type"] == "exception"
    assert graph.delete(f"/me/events/{third['id']}").status_code == 204

    after = graph.value(path)
    assert [(e["subject"], e["start"]["dateTime"][:16]) for e in after] == [
        ("Series", "2026-03-02T17:00"),
        ("Moved", "2026-03-12T21:00"),
        ("Series", "2026-03-23T16:00"),
    ]
    assert graph.get(f"/me/events/{third['id']}").status_code == 404
    original = graph.get(f"/me/events/{second['id']}?$select=originalStart").json()
    assert original["originalStart"] == "2026-03-09T16:00:00Z"
    assert graph.get(f"/me/events/{master}").json()["type"] == "seriesMaster"


@pytest.mark.parametrize(
    ("address", "zone", "window"),
    [
        ("noah.kim", "Pacific Standard Time", ("2026-03-07T08:00:00Z", "2026-03-08T08:00:00Z")),
        ("anika.sen", "India Standard Time", ("2026-03-06T18:30:00Z", "2026-03-07T18:30:00Z")),
        (
            "tane.walker",
            "New Zealand Standard Time",
            ("2026-03-06T11:00:00Z", "2026-03-07T11:00:00Z"),
        ),
    ],
)
def test_an_all_day_event_is_on_its_day_where_it_was_made(
    sign_in: Callable[..., Graph], address: str, zone: str, window: tuple[str, str]
) -> None:
    graph = sign_in(address)
    body = {
        "subject": "All day",
        "isAllDay": True,
        "start": {"dateTime": "2026-03-07T00:00:00", "timeZone": zone},
        "end": {"dateTime": "2026-03-08T00:00:00", "timeZone": zone},
    }
    made = graph.post("/me/events", body)
    assert made.status_code == 201, made.text
    path = f"/me/calendarView?startDateTime={window[0]}&endDateTime={window[1]}&$top=100"
    for prefer in ({"Prefer": f'outlook.timezone="{zone}"'}, {}):
        found = [e for e in graph.value(path, **prefer) if e["id"] == made.json()["id"]]
        assert [e["start"]["dateTime"] for e in found] == ["2026-03-07T00:00:00.0000000"]
        assert found[0]["end"]["dateTime"] == "2026-03-08T00:00:00.0000000"
    before = f"/me/calendarView?startDateTime=2026-03-01&endDateTime={window[0]}&$top=200"
    after = f"/me/calendarView?startDateTime={window[1]}&endDateTime=2026-03-14&$top=200"
    for outside in (before, after):
        assert made.json()["id"] not in [event["id"] for event in graph.value(outside)]


def test_a_window_may_carry_offsets_and_without_one_it_is_utc(graph: Graph) -> None:
    body = {
        "subject": "Here",
        "start": {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-20T02:30:00", "timeZone": "UTC"},
    }
    made = graph.post("/me/events", body).json()["id"]

    def found(start: str, end: str) -> bool:
        path = f"/me/calendarView?startDateTime={start}&endDateTime={end}&$top=100"
        return made in [event["id"] for event in graph.value(path)]

    assert found("2026-03-20T02:00:00", "2026-03-20T03:00:00")
    assert found("2026-03-19T18:00:00-08:00", "2026-03-19T19:00:00-08:00")
    assert found("2026-03-20T07:30:00%2B05:30", "2026-03-20T08:00:00%2B05:30")
    assert not found("2026-03-20T02:30:00", "2026-03-20T03:00:00")
    assert not found("2026-03-20T02:00:00-08:00", "2026-03-20T03:00:00-08:00")


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "query",
    [
        "",
        "startDateTime=2026-03-01",
        "endDateTime=2026-03-01",
        "startDateTime=soon&endDateTime=2026-03-01",
        "startDateTime=2026-02-30&endDateTime=2026-03-01",
        "startDateTime=2026-03-02&endDateTime=2026-03-01",
        "startDateTime=2016-03-02&endDateTime=2026-03-01",
        "startDateTime=0001-01-01T00:00:00%2B14:00&endDateTime=2026-03-01",
        "startDateTime=9999-12-31&endDateTime=9999-12-31T23:59:59-14:00",
        # A plus sign that was not encoded is a space, as with Graph itself.
        "startDateTime=2026-03-01T00:00:00+05:30&endDateTime=2026-03-02",
    ],
)
def test_a_window_without_sense_is_refused(graph: Graph, query: str) -> None:
    answer = graph.get(f"/me/calendarView?{query}")
    assert answer.status_code == 400
    assert error_code(answer) in ("ErrorInvalidParameter", "ErrorCalendarViewRangeTooBig")


def test_a_view_shows_each_seeded_event_once_however_the_weeks_are_cut(graph: Graph) -> None:
    days = [f"2026-03-{day:02d}T08:00:00Z" for day in range(1, 23)]
    whole = graph.all_pages(
        f"/me/calendarView?startDateTime={days[0]}&endDateTime={days[-1]}&$top=7&$select=id"
    )
    pieces: set[str] = set()
    for start, end in itertools.pairwise(days):
        path = f"/me/calendarView?startDateTime={start}&endDateTime={end}&$top=50&$select=id"
        pieces |= {event["id"] for event in graph.all_pages(path)}
    assert len(whole) > 15
    assert len({event["id"] for event in whole}) == len(whole)
    assert {event["id"] for event in whole} == pieces
