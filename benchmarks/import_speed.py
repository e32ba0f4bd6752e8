"""How fast an import is: 50,000 events in pages of 999 into a list of 14 columns on SQLite.

Printed as a ratio to downloading the bytes over loopback, and beside the usual loop: `json.loads` and
one `executemany` a page. `python -m benchmarks.import_speed [EVENTS]`.
"""

from __future__ import annotations

import asyncio
import functools
import http.client
import http.server
import json
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.imports import ImportDefinition, Importer
from graphwright.kernel.clock import SystemClock
from graphwright.kernel.database import Database
from graphwright.kernel.interpreter import prepare_interpreter
from graphwright.lists import ListDefinition, Lists
from graphwright.nodes.import_data.run import reader_of

PAGE: Final = 999
EVENT: Final = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text"},
            "subject": {"type": "text"},
            "start": {"type": "zoned_datetime"},
            "end": {"type": "zoned_datetime"},
            "is_all_day": {"type": "boolean"},
            "location": {"type": "text"},
            "organizer": {"type": "text"},
            "show_as": {"type": "text"},
            "preview": {"type": "text"},
            "created": {"type": "datetime"},
        },
    }
)
MAPPING: Final = ImportDefinition.model_validate(
    {
        "list": "event",
        "fields": {
            "id": "id",
            "subject": "subject",
            "start": "start",
            "end": "end",
            "is_all_day": "isAllDay",
            "location": "location.displayName",
            "organizer": "organizer.emailAddress.address",
            "show_as": "showAs",
            "preview": "bodyPreview",
            "created": "createdDateTime",
        },
    }
)
_COLUMNS: Final = (
    "id, subject, start, start_zone, end, end_zone, is_all_day, location, organizer, show_as, "
    "preview, created, changed, etag"
)


def make_event(number: int) -> dict[str, Any]:
    """An event about as large as Graph's: 4.6 KB."""
    person = {"emailAddress": {"name": f"Person {number % 40}", "address": f"p{number}@x.example"}}
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return {
        "@odata.etag": f'W/"{number}"',
        "id": f"AAMkAGI{number:080}=",
        "createdDateTime": f"{day}T08:00:00.1234567Z",
        "lastModifiedDateTime": f"{day}T08:30:00.1234567Z",
        "subject": f"Meeting {number}",
        "bodyPreview": "What we said last time and what we shall do about it. " * 4,
        "body": {"contentType": "html", "content": "<html><body><p>Hello</p></body></html>" * 50},
        "isAllDay": number % 9 == 0,
        "showAs": "busy",
        "start": {"dateTime": f"{day}T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": f"{day}T10:00:00.0000000", "timeZone": "UTC"},
        "location": {"displayName": "Room 1", "locationType": "default"},
        "organizer": person,
        "attendees": [{"type": "required", "status": {"response": "none"}, **person}] * 6,
        "webLink": f"https://outlook.example/?itemid={number:080}" * 2,
    }


def write_pages(folder: Path, events: int, host: str) -> list[str]:
    """The pages of the collection as files of a folder; gives their names."""
    names = []
    for start in range(0, events, PAGE):
        page: dict[str, Any] = {
            "value": [make_event(n) for n in range(start, min(start + PAGE, events))]
        }
        if start + PAGE < events:
            page["@odata.nextLink"] = f"http://{host}/page{start + PAGE:08}.json"
        names.append(f"page{start:08}.json")
        (folder / names[-1]).write_text(json.dumps(page), "utf-8")
    return names


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Prints nothing."""


def serve(folder: str, port: multiprocessing.Queue[int]) -> None:
    """Serves a folder on loopback until the process ends."""
    handler = functools.partial(_Handler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    port.put(server.server_address[1])
    server.serve_forever()


def download(port: int, names: list[str]) -> Iterator[bytes]:
    """The pages, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for name in names:
        connection.request("GET", f"/{name}")
        yield connection.getresponse().read()
    connection.close()


def import_usually(pages: Iterator[bytes], file: Path) -> None:
    """What one writes by hand: parse a page, write a page, commit."""
    connection = sqlite3.connect(file)
    connection.execute(f"CREATE TABLE event ({_COLUMNS}, PRIMARY KEY (id))")
    marks = ", ".join("?" * 14)
    for page in pages:
        rows = [
            (
                event["id"], event["subject"], event["start"]["dateTime"],
                event["start"]["timeZone"], event["end"]["dateTime"], event["end"]["timeZone"],
                event["isAllDay"], event["location"]["displayName"],
                event["organizer"]["emailAddress"]["address"], event["showAs"],
                event["bodyPreview"], event["createdDateTime"], event["lastModifiedDateTime"],
                event["@odata.etag"],
            )
            for event in json.loads(page)["value"]
        ]  # fmt: skip
        connection.executemany(f"INSERT OR REPLACE INTO event VALUES ({marks})", rows)  # noqa: S608
        connection.commit()
    connection.close()


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


async def import_pages(database: Database, url: str) -> None:
    """What http_request and import_data do."""
    lists = Lists({"event": EVENT}, database)
    await lists.prepare()
    importer = Importer(lists, MAPPING, name="event", owner="ann", scope="bench", mode="replace")
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


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _measure(folder: Path, names: list[str], port: int) -> dict[str, float]:
    def pages() -> Iterator[bytes]:
        return download(port, names)

    # As every command does; the other ways gain by it as well.
    prepare_interpreter()
    database = Database(f"sqlite:///{folder / 'data.sqlite'}")
    first = f"http://127.0.0.1:{port}/{names[0]}"
    try:
        return {
            "download": _timed(lambda: sum(len(page) for page in pages())),
            "download and decode": _timed(
                lambda: sum(len(msgspec.json.decode(page)) for page in pages())
            ),
            "the usual loop": _timed(lambda: import_usually(pages(), folder / "usual.sqlite")),
            "import, all new": _timed(lambda: asyncio.run(import_pages(database, first))),
            "import, unchanged": _timed(lambda: asyncio.run(import_pages(database, first))),
        }
    finally:
        database.close()


def measure(events: int) -> dict[str, float]:
    """Seconds by name; `download` is the floor, `the usual loop` what one writes by hand."""
    context = multiprocessing.get_context("spawn")
    port: multiprocessing.Queue[int] = context.Queue()
    with tempfile.TemporaryDirectory() as folder:
        server = context.Process(target=serve, args=(folder, port), daemon=True)
        server.start()
        try:
            number = port.get()
            names = write_pages(Path(folder), events, f"127.0.0.1:{number}")
            return _measure(Path(folder), names, number)
        finally:
            server.kill()


def main() -> int:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    seconds = measure(events)
    for name, value in seconds.items():
        floor, usual = value / seconds["download"], value / seconds["the usual loop"]
        print(f"{name:22} {value:7.2f} s {floor:6.1f} x the download {usual:6.2f} x the usual loop")
    return 0


if __name__ == "__main__":
    sys.exit(main())
