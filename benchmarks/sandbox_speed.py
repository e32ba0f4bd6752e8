"""What the sandbox costs: CPU of large pages, and the time until it answers.

Pages are asked of the application in process, so that neither TLS nor a client is measured.
`python -m benchmarks.sandbox_speed`.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.tenant import Caller

_RUNS = 9
_PEOPLE = 100_000
_NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
PAGES = {
    "a page of 999 users": ("/v1.0/users", "$top=999", 999, 15.0),
    "1,000 of a million messages, five properties": (
        "/v1.0/me/messages",
        "$top=1000&$select=subject,from,receivedDateTime,isRead,hasAttachments",
        1000,
        40.0,
    ),
    "1,000 of them, by date": (
        "/v1.0/me/messages",
        "$top=1000&$select=subject&$filter=receivedDateTime%20lt%202024-03-01T00:00:00Z",
        1000,
        40.0,
    ),
    "1,000 of them, by delta": (
        "/v1.0/me/mailFolders/inbox/messages/delta",
        "$top=1000&$select=subject,from,receivedDateTime,isRead,hasAttachments",
        1000,
        40.0,
    ),
}
"""Path, query, items, and the milliseconds that they may cost."""
START_LIMIT = 1.0
MEMORY_LIMIT = 200.0
"""Megabytes of a process that paged through 100,000 people."""
_SCOPES = frozenset({"User.Read.All", "Mail.Read"})


def measure_pages() -> dict[str, float]:
    """Milliseconds of CPU by name."""
    app = _create_app()
    app.state.context.bulk_messages = 1_000_000
    return {
        name: statistics.median(_cost(app, path, query, items) for _ in range(_RUNS)) * 1000
        for name, (path, query, items, _) in PAGES.items()
    }


def _create_app() -> Starlette:
    tenant = create_tenant(people=_PEOPLE)
    caller = Caller(
        app_id="bench", tenant_id=tenant.id, user_id=tenant.people[0].id, scopes=_SCOPES
    )
    return create_graph_app(tenant, lambda header: caller, lambda: _NOW)


def measure_memory() -> float:
    """Megabytes at the peak of a process that pages through everybody of a large tenant."""
    code = "from benchmarks import sandbox_speed; print(sandbox_speed.page_through())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def page_through() -> float:
    """Pages through all people in this process; the peak of its memory in megabytes."""
    app, query, seen = _create_app(), "$top=999", 0
    while query:
        _, answer = _ask(app, "/v1.0/users", query)
        seen += len(answer["value"])
        query = urlsplit(answer.get("@odata.nextLink", "")).query
    assert seen == _PEOPLE, seen
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def _cost(app: Any, path: str, query: str, items: int) -> float:
    taken, answer = _ask(app, path, query)
    assert len(answer["value"]) == items, str(answer)[:300]
    return taken


def _ask(app: Any, path: str, query: str) -> tuple[float, Any]:
    """Seconds of CPU, and the answer."""
    body = bytearray()
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), (b"authorization", b"Bearer x")],
        "server": ("localhost", 443),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        body.extend(message.get("body", b""))

    began = time.process_time()
    asyncio.run(app(scope, receive, send))
    taken = time.process_time() - began
    return taken, json.loads(body)


def measure_start(runs: int = 3) -> float:
    """Seconds until a sandbox of 100,000 people, its certificates made before, answers."""
    with tempfile.TemporaryDirectory() as folder:
        _start(folder)
        return statistics.median(_start(folder) for _ in range(runs))


def _start(folder: str) -> float:
    ports = ("--https-port", "0", "--http-port", "0")
    command = [sys.executable, "-m", "graphwright_sandbox", "--json", "--until-stdin-closes"]
    command += ["--people", str(_PEOPLE)]
    # As it is installed: compiled at the first start, not at each one.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, *ports, "--certificates", folder],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["graph_url"]
        return time.perf_counter() - began


def main() -> int:
    for name, taken in measure_pages().items():
        print(f"{name:32} {taken:8.1f} ms, limit {PAGES[name][3]:g}")
    print(f"{'start':32} {measure_start():8.2f} s, limit {START_LIMIT:g}")
    print(f"{'100,000 people':32} {measure_memory():8.1f} MB, limit {MEMORY_LIMIT:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
