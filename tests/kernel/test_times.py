"""Times: the texts Graph writes, zones by both names, and texts that are none."""

import pytest

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import (
    ZonedDateTime,
    format_instant,
    iana_zone,
    parse_instant,
    windows_zone,
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T09:00:00.0000000", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00.1234567Z", "2026-11-23T09:00:00.123456Z"),
        ("2026-11-23T09:00:00+05:30", "2026-11-23T03:30:00Z"),
        ("2026-11-23 09:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23", "2026-11-23T00:00:00Z"),
    ],
)
def test_an_instant_is_read(text: str, instant: str) -> None:
    assert format_instant(parse_instant(text)) == instant


@pytest.mark.parametrize(
    "text", ["", "today", "2026-13-01", "2026-02-30T00:00:00", "2026-11-23T25:00:00", "1" * 500]
)
def test_a_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_instant(text)


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-11-23T09:00:00", "Pacific Standard Time", "2026-11-23T17:00:00Z"),
        ("2026-06-23T09:00:00", "America/Los_Angeles", "2026-06-23T16:00:00Z"),
        ("2026-11-23T09:00:00", "India Standard Time", "2026-11-23T03:30:00Z"),
        ("2026-11-23T09:00:00", "Pacific/Auckland", "2026-11-22T20:00:00Z"),
        ("2026-11-23T09:00:00", "UTC", "2026-11-23T09:00:00Z"),
    ],
)
def test_a_zoned_time_is_an_instant(local: str, zone: str, instant: str) -> None:
    assert format_instant(ZonedDateTime(local, zone).instant) == instant


def test_zones_have_two_names() -> None:
    assert iana_zone("W. Europe Standard Time") == "Europe/Berlin"
    assert windows_zone("Europe/Berlin") == "W. Europe Standard Time"
    with pytest.raises(InvalidInput):
        iana_zone("Middle Earth Standard Time")


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    assert ZonedDateTime("0001-01-01T00:00:00", "Pacific/Auckland").instant.year == 1
