"""What the imports of `sync_speed` are measured over: collections as pages, and who serves them.

Knows no way of importing. Events are about as large as Graph's, 4.6 KB; users as large as its `$select`
of nine properties makes them.
"""

from __future__ import annotations

import functools
import http.client
import http.server
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphwright.imports import ImportDefinition
from graphwright.lists import ListDefinition

PAGE: Final = 999
SLOW: Final = "slow"
SECONDS_A_PAGE: Final = 0.15


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


def make_user(number: int) -> dict[str, Any]:
    """A user of nine selected properties."""
    return {
        "id": f"{number:08x}-0000-4000-8000-{number:012x}",
        "displayName": f"Person {number}",
        "givenName": "Person",
        "surname": f"{number}",
        "mail": f"person{number}@contoso.example",
        "userPrincipalName": f"person{number}@contoso.example",
        "jobTitle": "Engineer",
        "department": f"Department {number % 90}",
        "accountEnabled": number % 20 != 0,
    }


@dataclass(frozen=True)
class Dataset:
    """A collection, how it is imported here, and how one writes the same by hand."""

    name: str
    make: Callable[[int], dict[str, Any]]
    listed: ListDefinition
    mapping: ImportDefinition
    columns: dict[str, tuple[str, ...]]
    """For each column of a hand-written table the path of its value; the first is the key."""

    def row(self, item: Any) -> list[Any]:
        """The values of an item, in the order of the columns."""
        return [functools.reduce(lambda value, n: value[n], p, item) for p in self.columns.values()]


_EVENT_FIELDS: Final = {
    "id": ("text", "id"),
    "subject": ("text", "subject"),
    "start": ("zoned_datetime", "start"),
    "end": ("zoned_datetime", "end"),
    "is_all_day": ("boolean", "isAllDay"),
    "location": ("text", "location.displayName"),
    "organizer": ("text", "organizer.emailAddress.address"),
    "show_as": ("text", "showAs"),
    "preview": ("text", "bodyPreview"),
    "created": ("datetime", "createdDateTime"),
}
_USER_FIELDS: Final = {
    "id": ("text", "id"),
    "name": ("text", "displayName"),
    "given_name": ("text", "givenName"),
    "surname": ("text", "surname"),
    "mail": ("text", "mail"),
    "sign_in": ("text", "userPrincipalName"),
    "job": ("text", "jobTitle"),
    "department": ("text", "department"),
    "enabled": ("boolean", "accountEnabled"),
}


def _define(
    name: str,
    make: Callable[[int], dict[str, Any]],
    fields: dict[str, tuple[str, str]],
    columns: dict[str, str],
) -> Dataset:
    types = {field: {"type": kind} for field, (kind, _) in fields.items()}
    paths = {field: path for field, (_, path) in fields.items()}
    return Dataset(
        name,
        make,
        ListDefinition.model_validate({"key": ["id"], "fields": types}),
        ImportDefinition.model_validate({"list": name, "fields": paths}),
        {column: tuple(path.split("/")) for column, path in columns.items()},
    )


# By hand an event has 14 columns as well: instants are left as the texts they come as.
EVENTS: Final = _define(
    "event",
    make_event,
    _EVENT_FIELDS,
    {
        "id": "id",
        "subject": "subject",
        "start_at": "start/dateTime",
        "start_zone": "start/timeZone",
        "end_at": "end/dateTime",
        "end_zone": "end/timeZone",
        "is_all_day": "isAllDay",
        "location": "location/displayName",
        "organizer": "organizer/emailAddress/address",
        "show_as": "showAs",
        "preview": "bodyPreview",
        "created": "createdDateTime",
        "changed": "lastModifiedDateTime",
        "etag": "@odata.etag",
    },
)
USERS: Final = _define(
    "person", make_user, _USER_FIELDS, {field: path for field, (_, path) in _USER_FIELDS.items()}
)
DATASETS: Final = {dataset.name: dataset for dataset in (EVENTS, USERS)}


def write_pages(folder: Path, dataset: Dataset, number: int, base: str) -> str:
    """Writes a collection as pages into a folder, which `base` serves; gives the first one's URL."""
    folder.mkdir(parents=True)
    for start in range(0, number, PAGE):
        items = [dataset.make(n) for n in range(start, min(start + PAGE, number))]
        page: dict[str, Any] = {"value": items}
        if start + PAGE < number:
            page["@odata.nextLink"] = f"{base}/{start + PAGE:08}.json"
        (folder / f"{start:08}.json").write_text(json.dumps(page), "utf-8")
    return f"{base}/{0:08}.json"


def download(url: str, number: int) -> Iterator[bytes]:
    """The pages of so many items, over one connection, without a look at what they say."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    for start in range(0, number, PAGE):
        connection.request("GET", f"/{path.rpartition('/')[0]}/{start:08}.json")
        yield connection.getresponse().read()
    connection.close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A file; late where it lies in the folder of slow ones."""
        if self.path.startswith(f"/{SLOW}/"):
            time.sleep(SECONDS_A_PAGE)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Prints nothing."""


def _serve(folder: str, port: multiprocessing.Queue[int]) -> None:
    handler = functools.partial(_Handler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    port.put(server.server_address[1])
    server.serve_forever()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The origin at which a process of its own serves a folder, while the context is open."""
    context = multiprocessing.get_context("spawn")
    port: multiprocessing.Queue[int] = context.Queue()
    server = context.Process(target=_serve, args=(str(folder), port), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{port.get()}"
    finally:
        server.kill()
        server.join()
