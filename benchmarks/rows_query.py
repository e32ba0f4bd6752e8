"""How long a table page waits for its rows at 100,000: first page, last page, filter, search.

Each is compared with reading the same table from end to end with sqlite3 in the same run.
`python -m benchmarks.rows_query [ROWS]`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.sync_data import EVENTS, make_event
from graphwright.imports import Importer
from graphwright.kernel.database import Database
from graphwright.lists import Filter, Lists, RowQuery, Sort

_PART = 5_000
_RUNS = 5


def _queries(rows: int) -> dict[str, RowQuery]:
    sort = (Sort("start"),)
    return {
        "first page, sorted": RowQuery(sort=sort),
        "last page, sorted": RowQuery(sort=sort, offset=rows - 100),
        "filtered": RowQuery(sort=sort, filters=(Filter("is_all_day", "eq", value=True),)),
        "searched": RowQuery(sort=sort, search="meeting 9999"),
    }


def _events(start: int, stop: int) -> list[dict[str, Any]]:
    # Each preview as long as Graph's, and no two rows alike.
    return [make_event(number) for number in range(start, stop)]


async def _measure(file: Path, rows: int) -> dict[str, float]:
    database = Database(f"sqlite:///{file}")
    lists = Lists({"event": EVENTS.listed}, database)
    await lists.prepare()
    importer = Importer(lists, EVENTS.mapping, name="event", owner="ann", scope="bench")
    for start in range(0, rows, _PART):
        await importer.apply(_events(start, min(start + _PART, rows)))
    await importer.finish()
    seconds = {"reading the table with sqlite3": _read_whole(file, rows)}
    for name, query in _queries(rows).items():
        taken = []
        for _ in range(_RUNS):
            began = time.perf_counter()
            page = await lists.query("event", "ann", query)
            taken.append(time.perf_counter() - began)
            assert 0 < page.total <= rows
        seconds[name] = statistics.median(taken)
    database.close()
    return seconds


def _read_whole(file: Path, rows: int) -> float:
    connection = sqlite3.connect(file)
    try:
        began = time.perf_counter()
        assert len(connection.execute("SELECT * FROM event").fetchall()) == rows
        return time.perf_counter() - began
    finally:
        connection.close()


def measure(rows: int) -> dict[str, float]:
    """Seconds by name, the baseline first."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder) / "data.sqlite", rows))


def lines(seconds: dict[str, float]) -> Iterator[str]:
    """The figures as text."""
    baseline = next(iter(seconds.values()))
    for name, value in seconds.items():
        yield f"{name:32} {value * 1000:8.0f} ms {value / baseline:6.2f} x the baseline"


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for line in lines(measure(rows)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
