"""What the sandbox costs: CPU of large pages, and the time until it answers.

Pages are asked of the application in process, so that neither TLS nor a client is measured.
`python -m benchmarks.sandbox_speed`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.people import People
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.tenant import Caller, Tenant

_RUNS = 9
_NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
PAGES = {
    "a page of 999 users": ("/v1.0/users", "$top=999", 999, 15.0),
    "1,000 messages, five properties": (
        "/v1.0/me/messages",
        "$top=1000&$select=subject,from,receivedDateTime,isRead,hasAttachments",
        1000,
        40.0,
    ),
}
"""Path, query, items, and the milliseconds that they may cost."""
START_LIMIT = 1.0
_SCOPES = frozenset({"User.Read.All", "Mail.Read"})


def create_large_tenant(people: int) -> Tenant:
    """The seeded company, repeated until it has so many people."""
    tenant = create_tenant()
    company = list(tenant.people)
    for number in range(len(company), people):
        model = company[number % 40]
        name = f"person{number}@{tenant.domain}"
        identifier = f"00000000-0000-4000-8000-{number:012d}"
        company.append(replace(model, id=identifier, user_principal_name=name, mail=name))
    return replace(tenant, people=People(company))


def measure_pages() -> dict[str, float]:
    """Milliseconds of CPU by name."""
    tenant = create_large_tenant(2_000)
    caller = Caller(
        app_id="bench", tenant_id=tenant.id, user_id=tenant.people[0].id, scopes=_SCOPES
    )
    app = create_graph_app(tenant, lambda header: caller, lambda: _NOW)
    app.state.context.bulk_messages = 5_000
    return {
        name: statistics.median(_cost(app, path, query, items) for _ in range(_RUNS)) * 1000
        for name, (path, query, items, _) in PAGES.items()
    }


def _cost(app: Any, path: str, query: str, items: int) -> float:
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
    answer = json.loads(body)
    assert len(answer["value"]) == items, str(answer)[:300]
    return taken


def measure_start(runs: int = 3) -> float:
    """Seconds until a sandbox, whose certificates were made before, says that it answers."""
    with tempfile.TemporaryDirectory() as folder:
        _start(folder)
        return statistics.median(_start(folder) for _ in range(runs))


def _start(folder: str) -> float:
    ports = ("--https-port", "0", "--http-port", "0")
    command = [sys.executable, "-m", "graphwright_sandbox", "--json", "--until-stdin-closes"]
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
