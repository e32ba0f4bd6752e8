"""What the bulk calendar holds, told apart from what imported it: rows are checked one by one.

It must not know how rows are read or written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

SUBJECTS = ("Tile review", "Survey import", "Map check", "Chart update", "Data call", "Site visit")
ROOMS = ("Berlin 2.01", "Berlin 2.14", "Harbour room", "Remote")


def check_bulk_rows(rows: Iterable[Mapping[str, Any]], count: int) -> None:
    """Every bulk event is there once, with the subject, room and times of its number."""
    numbers: set[int] = set()
    anchors: set[datetime] = set()
    for row in rows:
        title, _, text = row["subject"].rpartition(" ")
        if title not in SUBJECTS or not text.isdigit():
            continue
        number = int(text)
        assert number not in numbers, f"number {number} came twice"
        numbers.add(number)
        assert title == SUBJECTS[number % len(SUBJECTS)]
        assert row["location"] == ROOMS[number % len(ROOMS)]
        assert row["start"]["timeZone"] == row["end"]["timeZone"] == "UTC"
        start = datetime.fromisoformat(row["start"]["dateTime"])
        end = datetime.fromisoformat(row["end"]["dateTime"])
        assert end - start == timedelta(minutes=30)
        anchors.add(start + timedelta(minutes=30 * number))
    assert numbers == set(range(count))
    assert len(anchors) == 1, "some event has the time of another"
