"""Calendar pages: which events a range shows, and where they stand for people around the world."""

from datetime import UTC, datetime
from typing import Any

import pytest

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition
from graphwright.page_types.calendar import view as calendar
from graphwright.page_types.calendar.config import Config
from graphwright.pages.errors import ExitUnknown, PageInvalid, RangeInvalid
from graphwright.pages.opening import Opening

EVENT = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text"},
            "subject": {"type": "text"},
            "start": {"type": "zoned_datetime"},
            "end": {"type": "zoned_datetime"},
            "is_all_day": {"type": "boolean"},
            "location": {"type": "text"},
        },
    }
)
PAGE = Config.model_validate(
    {
        "type": "calendar",
        "title": "Calendar",
        "list": "event",
        "fields": {
            "title": "subject",
            "start": "start",
            "end": "end",
            "all_day": "is_all_day",
            "location": "location",
        },
        "actions": {"add": {"title": "New"}, "edit": {"title": "Open", "on": "row"}},
    }
)
# The week from Monday, 23 November 2026, as each of these places has it.
WEEKS = {
    "America/Los_Angeles": ("2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"),
    "Asia/Kolkata": ("2026-11-22T18:30:00Z", "2026-11-29T18:30:00Z"),
    "Pacific/Auckland": ("2026-11-22T11:00:00Z", "2026-11-29T11:00:00Z"),
    "UTC": ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
}


def zoned(local: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": local, "timeZone": zone}


def event(start: Any, end: Any, *, all_day: bool = False, key: str = "e") -> dict[str, Any]:
    return {
        "_key": key,
        "subject": "Lunch",
        "start": start,
        "end": end,
        "is_all_day": all_day,
        "location": "Canteen",
    }


def opening(
    zone: str, *rows: dict[str, Any], scope: Any = None, total: int | None = None
) -> Opening:
    start, end = WEEKS[zone]
    return Opening(
        scope=scope or {"range": {"start": start, "end": end}},
        lists={"event": EVENT},
        time_zone=zone,
        now=datetime(2026, 11, 23, tzinfo=UTC),
        exits=frozenset({"range_changed", "add"}),
        rows={"events": rows},
        totals={"events": len(rows) if total is None else total},
    )


def shown(zone: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = calendar.view(PAGE, opening(zone, *rows))["events"]
    return events


def test_an_event_has_its_instants_title_and_place() -> None:
    row = event(
        zoned("2026-11-23T09:00:00", "Europe/Berlin"),
        zoned("2026-11-23T10:00:00", "W. Europe Standard Time"),
    )
    assert shown("UTC", row) == [
        {
            "key": "e",
            "title": "Lunch",
            "start": "2026-11-23T08:00:00Z",
            "end": "2026-11-23T09:00:00Z",
            "all_day": False,
            "location": "Canteen",
            "category": None,
        }
    ]


@pytest.mark.parametrize("zone", list(WEEKS))
@pytest.mark.parametrize(
    "event_zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland", "Etc/GMT+12"]
)
def test_an_all_day_event_stands_on_its_date_for_everybody(zone: str, event_zone: str) -> None:
    row = event(
        zoned("2026-11-23T00:00:00.0000000", event_zone),
        zoned("2026-11-24T00:00:00.0000000", event_zone),
        all_day=True,
    )
    (found,) = shown(zone, row)
    assert (found["start"], found["end"], found["all_day"]) == ("2026-11-23", "2026-11-24", True)


@pytest.mark.parametrize("zone", list(WEEKS))
@pytest.mark.parametrize(
    ("first", "after", "is_shown"),
    [
        ("2026-11-22", "2026-11-23", False),
        ("2026-11-22", "2026-11-24", True),
        ("2026-11-29", "2026-11-30", True),
        ("2026-11-30", "2026-12-01", False),
        ("2026-11-01", "2026-12-31", True),
    ],
)
def test_the_edges_of_the_week_cut_between_days(
    zone: str, first: str, after: str, is_shown: bool
) -> None:
    row = event(zoned(f"{first}T00:00:00"), zoned(f"{after}T00:00:00"), all_day=True)
    assert bool(shown(zone, row)) is is_shown


@pytest.mark.parametrize(
    ("start", "end", "is_shown"),
    [
        ("2026-11-22T23:00:00", "2026-11-23T00:00:00", False),
        ("2026-11-22T23:00:00", "2026-11-23T00:00:01", True),
        ("2026-11-29T23:59:59", "2026-11-30T01:00:00", True),
        ("2026-11-30T00:00:00", "2026-11-30T01:00:00", False),
        ("2026-11-23T00:00:00", "2026-11-23T00:00:00", True),
        ("2026-11-30T00:00:00", "2026-11-30T00:00:00", False),
        ("2026-11-01T00:00:00", "2026-12-31T00:00:00", True),
    ],
)
def test_a_timed_event_shows_where_it_overlaps(start: str, end: str, is_shown: bool) -> None:
    assert bool(shown("UTC", event(zoned(start), zoned(end)))) is is_shown


def test_a_recurring_event_keeps_its_local_hour_across_a_clock_change() -> None:
    before = event(zoned("2026-10-23T09:00:00", "Europe/Berlin"), None)
    after = event(zoned("2026-10-26T09:00:00", "Europe/Berlin"), None)
    scope = {"range": {"start": "2026-10-19T00:00:00Z", "end": "2026-11-02T00:00:00Z"}}
    view = calendar.view(PAGE, opening("UTC", before, after, scope=scope))
    starts = [item["start"] for item in view["events"]]
    assert starts == ["2026-10-23T07:00:00Z", "2026-10-26T08:00:00Z"]


def test_an_event_without_end_or_ending_before_it_starts_has_no_length() -> None:
    nine = zoned("2026-11-23T09:00:00")
    for end in (None, zoned("2026-11-22T09:00:00")):
        (found,) = shown("UTC", event(nine, end))
        assert found["start"] == found["end"] == "2026-11-23T09:00:00Z"


def test_an_all_day_event_takes_a_day_at_least() -> None:
    (found,) = shown("UTC", event(zoned("2026-11-23T00:00:00"), None, all_day=True))
    assert (found["start"], found["end"]) == ("2026-11-23", "2026-11-24")


def test_what_has_no_start_is_left_out_and_what_cannot_be_placed_is_counted() -> None:
    broken = event(zoned("2026-11-23T09:00:00", "Mars/Olympus"), None)
    view = calendar.view(PAGE, opening("UTC", event(None, None), broken))
    assert view["events"] == []
    assert view["unplaced"] == 1


def test_a_calendar_says_how_many_events_it_leaves_out() -> None:
    assert calendar.view(PAGE, opening("UTC", total=7))["more"] == 7


def test_the_rows_asked_for_reach_a_day_over_the_range() -> None:
    query = calendar.reads(PAGE, opening("UTC"))["events"]
    assert query.range is not None
    assert query.range.start == "2026-11-21T22:00:00Z"
    assert query.range.end == "2026-12-01T02:00:00Z"


@pytest.mark.parametrize("value", [None, "week", {"start": "2026-11-23"}, {"start": 1, "end": 2}])
def test_a_range_expression_that_gives_no_range_is_the_model_s_mistake(value: Any) -> None:
    with pytest.raises(PageInvalid, match="range"):
        calendar.view(PAGE, opening("UTC", scope={"range": value}))


def test_a_new_range_is_handed_over_as_instants() -> None:
    data = {"start": "2026-11-30T00:00:00+01:00", "end": "2026-12-07T00:00:00+01:00"}
    assert calendar.receive(PAGE, "range_changed", data, opening("UTC")) == {
        "start": "2026-11-29T23:00:00Z",
        "end": "2026-12-06T23:00:00Z",
    }


@pytest.mark.parametrize(
    "data",
    [
        None,
        "2026",
        {},
        {"start": "2026-11-23T00:00:00Z"},
        {"start": "2026-11-23T00:00:00Z", "end": "2026-11-23T00:00:00Z"},
        {"start": "2026-11-24T00:00:00Z", "end": "2026-11-23T00:00:00Z"},
        {"start": "2026-01-01T00:00:00Z", "end": "2027-03-01T00:00:00Z"},
        {"start": "0001-01-01T00:00:00Z", "end": "0001-01-02T00:00:00Z"},
        {"start": "9999-12-31T00:00:00Z", "end": "9999-12-31T23:00:00Z"},
        {"start": "{{ now }}", "end": "2026-11-23T00:00:00Z"},
        {"start": 1, "end": 2},
        {"start": ["2026-11-23T00:00:00Z"], "end": "2026-11-24T00:00:00Z"},
        {"start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z", "owner": "x"},
    ],
)
def test_a_range_that_makes_no_sense_is_refused(data: Any) -> None:
    with pytest.raises(RangeInvalid):
        calendar.receive(PAGE, "range_changed", data, opening("UTC"))


def test_a_flow_that_does_not_take_the_event_is_not_ended_by_it() -> None:
    closed = Opening({}, {"event": EVENT}, "UTC", datetime(2026, 11, 23, tzinfo=UTC))
    data = {"start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z"}
    with pytest.raises(ExitUnknown):
        calendar.receive(PAGE, "range_changed", data, closed)


def test_a_page_action_carries_the_place_it_was_taken_from_or_nothing() -> None:
    place = {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T09:30:00Z"}
    assert calendar.receive(PAGE, "add", place, opening("UTC")) == place
    assert calendar.receive(PAGE, "add", None, opening("UTC")) is None
    with pytest.raises(InvalidInput):
        calendar.receive(PAGE, "add", {"key": "e"}, opening("UTC"))


def test_dates_alone_are_days() -> None:
    holiday = ListDefinition.model_validate(
        {"fields": {"name": {"type": "text"}, "day": {"type": "date"}}}
    )
    config = Config.model_validate(
        {
            "type": "calendar",
            "title": "Holidays",
            "list": "holiday",
            "fields": {"title": "name", "start": "day"},
        }
    )
    start, end = WEEKS["Pacific/Auckland"]
    row = {"_key": "h", "name": "Day off", "day": "2026-11-23"}
    view = calendar.view(
        config,
        Opening(
            {"range": {"start": start, "end": end}},
            {"holiday": holiday},
            "Pacific/Auckland",
            datetime(2026, 11, 23, tzinfo=UTC),
            rows={"events": [row]},
            totals={"events": 1},
        ),
    )
    assert [(e["start"], e["end"], e["all_day"]) for e in view["events"]] == [
        ("2026-11-23", "2026-11-24", True)
    ]


def test_a_calendar_names_the_fields_it_uses() -> None:
    used = {item.path: item.field for item in PAGE.used_fields()}
    assert used[("fields", "title")] == "subject"
    assert ("fields", "category") not in used
