"""One way of importing a collection, in a process of its own: time, CPU and peak memory of it.

`python -m benchmarks.sync_ways WAY DATASET NUMBER URL DATABASE` prints a line of JSON. What is measured
begins when everything is loaded. The ways of other libraries are in `sync_others.py`.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.sync_data import DATASETS, Dataset, download
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.imports import Importer
from graphwright.kernel.clock import SystemClock
from graphwright.kernel.database import Database, data_metadata
from graphwright.kernel.interpreter import prepare_interpreter
from graphwright.lists import Lists
from graphwright.nodes.import_data.run import reader_of

Run = Callable[[], int]
"""Does the work and gives the number of its rows; what it needs is loaded and open before."""


def download_all(_dataset: Dataset, number: int, url: str, _database: str) -> Run:
    """The bytes alone."""
    return lambda: sum(1 for _ in download(url, number))


def import_by_hand(dataset: Dataset, _number: int, url: str, database: str) -> Run:
    """The loop that everybody writes, over requests: get a page, parse it, write it, commit."""
    import requests

    connection = sqlite3.connect(database)
    names = ", ".join(dataset.columns)
    key = next(iter(dataset.columns))
    connection.execute(f"CREATE TABLE rows_by_hand ({names}, PRIMARY KEY ({key}))")
    marks = ", ".join("?" * len(dataset.columns))
    statement = f"INSERT OR REPLACE INTO rows_by_hand VALUES ({marks})"  # noqa: S608
    session = requests.Session()

    def run() -> int:
        following: str | None = url
        while following:
            page = session.get(following, timeout=30).json()
            connection.executemany(statement, [dataset.row(item) for item in page["value"]])
            connection.commit()
            following = page.get("@odata.nextLink")
        (found,) = connection.execute("SELECT count(*) FROM rows_by_hand").fetchone()
        return int(found)

    return run


def copy_by_hand(dataset: Dataset, number: int, url: str, database: str) -> Run:
    """The same on PostgreSQL, as one writes it who knows it well: COPY, then one upsert a page."""
    import psycopg

    names = ", ".join(dataset.columns)
    key, *rest = dataset.columns
    columns = ", ".join(f"{name} text" for name in dataset.columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in rest)
    conflict = f"ON CONFLICT ({key}) DO UPDATE SET {updates}"
    connection = psycopg.connect(database)
    cursor = connection.cursor()
    execute: Callable[[Any], Any] = cursor.execute
    execute(f"CREATE TABLE rows_by_hand ({columns}, PRIMARY KEY ({key}))")
    execute(f"CREATE TEMP TABLE staged ({columns}) ON COMMIT DELETE ROWS")
    connection.commit()

    def run() -> int:
        copied: Any = f"COPY staged ({names}) FROM STDIN"
        for page in download(url, number):
            with cursor.copy(copied) as copy:
                for item in json.loads(page)["value"]:
                    copy.write_row(dataset.row(item))
            execute(f"INSERT INTO rows_by_hand SELECT * FROM staged {conflict}")  # noqa: S608
            connection.commit()
        execute("SELECT count(*) FROM rows_by_hand")
        return int((cursor.fetchone() or (0,))[0])

    return run


class _NoProfiles:
    """The pages need no token."""

    def definition(self, name: str) -> Any:
        """There is none."""
        raise LookupError(name)

    async def access_token(self, name: str, *_: Any, **__: Any) -> Any:
        """There is none."""
        raise LookupError(name)


class _Settings:
    """The server is this machine, without TLS."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a setting."""
        return "1" if name == "GRAPHWRIGHT_ALLOW_HTTP" else default

    def secret(self, name: str) -> str:
        """There is none."""
        raise LookupError(name)


def import_here(dataset: Dataset, _number: int, url: str, database: str) -> Run:
    """What http_request and import_data do, in a process that runs already."""
    opened = Database(database)
    opened.upgrade(data_metadata)
    lists = Lists({dataset.name: dataset.listed}, opened)
    asyncio.run(lists.prepare())

    def run() -> int:
        asyncio.run(_import(dataset, url, lists))
        return asyncio.run(lists.count(dataset.name))

    return run


async def _import(dataset: Dataset, url: str, lists: Lists) -> None:
    importer = Importer(
        lists, dataset.mapping, name="bench", owner="ann", scope="s", mode="replace"
    )
    client = HttpClient(_NoProfiles(), SystemClock(), _Settings())
    try:
        handle = (await client.send(Call("GET", url))).body
        assert isinstance(handle, CollectionHandle)
        async for page in handle.pages(client, read=reader_of(importer.mapper)):
            await importer.apply(page.items, page.next, page.size)
    finally:
        await client.close()
    report = await importer.finish()
    assert report.skipped == 0, report.counts


WAYS: Final[dict[str, Callable[[Dataset, int, str, str], Run]]] = {
    "download": download_all,
    "by hand": import_by_hand,
    "copy": copy_by_hand,
    "graphwright": import_here,
}


def peak_megabytes() -> float:
    """The most memory this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform == "linux" else 1024 * 1024)


def main() -> None:
    way, dataset, number, url, database = sys.argv[1:]
    # As every command does; the other ways gain by it as well.
    prepare_interpreter()
    run = WAYS[way](DATASETS[dataset], int(number), url, database)
    wall, cpu = time.perf_counter(), time.process_time()
    rows = run()
    seconds, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak": peak_megabytes()}))


if __name__ == "__main__":
    main()
