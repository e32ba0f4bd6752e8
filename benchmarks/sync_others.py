"""Other libraries at the same work, in an environment of their own: it imports nothing of Graphwright.

`python sync_others.py WAY URL FILE` prints a line of JSON, as `sync_ways` does. Each way writes the same
14 columns of an event into SQLite.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

PAGE: Final = 999
COLUMNS: Final = 14


def flatten(event: dict[str, Any]) -> dict[str, Any]:
    """The columns of an event."""
    return {
        "id": event["id"],
        "subject": event["subject"],
        "start_at": event["start"]["dateTime"],
        "start_zone": event["start"]["timeZone"],
        "end_at": event["end"]["dateTime"],
        "end_zone": event["end"]["timeZone"],
        "is_all_day": event["isAllDay"],
        "location": event["location"]["displayName"],
        "organizer": event["organizer"]["emailAddress"]["address"],
        "show_as": event["showAs"],
        "preview": event["bodyPreview"],
        "created": event["createdDateTime"],
        "changed": event["lastModifiedDateTime"],
        "etag": event["@odata.etag"],
    }


def load_dlt(url: str, file: str) -> Callable[[], int]:
    """dlt: its REST client, merged by id into its SQLite destination."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    dlt = importlib.import_module("dlt")
    rest = importlib.import_module("dlt.sources.helpers.rest_client")
    paginators = importlib.import_module("dlt.sources.helpers.rest_client.paginators")

    def rows() -> Iterator[list[dict[str, Any]]]:
        paginator = paginators.JSONLinkPaginator(next_url_path="['@odata.nextLink']")
        client = rest.RESTClient(url, paginator=paginator, data_selector="value")
        for page in client.paginate(url):
            yield [flatten(event) for event in page]

    def run() -> int:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = dlt.pipeline(
                "bench",
                pipelines_dir=folder,
                destination=dlt.destinations.sqlalchemy(f"sqlite:///{file}"),
                dataset_name="bench",
            )
            found = dlt.resource(rows, name="event", primary_key="id", write_disposition="merge")
            pipeline.run(found)
            with pipeline.sql_client() as client:
                return int(client.execute_sql("SELECT count(*) FROM event")[0][0])

    return run


def load_o365(url: str, file: str) -> Callable[[], int]:
    """O365: its events, written page by page; its own requests, without a token."""
    library = importlib.import_module("O365")
    calendar = importlib.import_module("O365.calendar")
    origin = url.partition("/v1.0/")[0]

    def values(event: Any) -> tuple[Any, ...]:
        return (
            event.object_id, event.subject, event.start.isoformat(), str(event.start.tzinfo),
            event.end.isoformat(), str(event.end.tzinfo), event.is_all_day,
            event.location["displayName"], event.organizer.address, event.show_as.value,
            event.body_preview if hasattr(event, "body_preview") else None,
            event.created.isoformat(), event.modified.isoformat(), None,
        )  # fmt: skip

    def run() -> int:
        protocol = library.MSGraphProtocol(timezone="UTC")
        protocol.service_url = f"{origin}/v1.0/"
        account = library.Account(("id", "secret"), protocol=protocol)
        account.con.oauth_request = account.con.naive_request
        found = calendar.Calendar(parent=account)
        connection = sqlite3.connect(file)
        connection.execute(
            f"CREATE TABLE event ({', '.join(f'c{n}' for n in range(COLUMNS))}, PRIMARY KEY (c0))"
        )
        waiting: list[tuple[Any, ...]] = []

        def write() -> None:
            marks = ", ".join("?" * COLUMNS)
            connection.executemany(f"INSERT OR REPLACE INTO event VALUES ({marks})", waiting)  # noqa: S608
            connection.commit()
            waiting.clear()

        for event in found.get_events(limit=None, batch=PAGE, include_recurring=False):
            waiting.append(values(event))
            if len(waiting) == PAGE:
                write()
        write()
        (number,) = connection.execute("SELECT count(*) FROM event").fetchone()
        return int(number)

    return run


def main() -> None:
    way, url, file = sys.argv[1:]
    run = {"dlt": load_dlt, "O365": load_o365}[way](url, file)
    wall, cpu = time.perf_counter(), time.process_time()
    rows = run()
    seconds, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform == "linux" else 1024 * 1024
    )
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    main()
