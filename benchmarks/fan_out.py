"""A loop over 1,000 people whose requests take 100 ms each, beside what the service's limits allow.

Calendars lie in mailboxes, so each is a request of its own; people share requests (`$batch`).
`python -m benchmarks.fan_out [PEOPLE]`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from graphwright.application.runtime import Runtime
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.unattended import run_action
from graphwright.http.client import HttpClient
from graphwright.http.meter import metering
from graphwright.http.retry import Limits

LATENCY = 0.1
LIMIT = 1.2
"""How many times as long as the limits allow."""
_FLOW = """
kind: action
inputs: {people: {type: integer}}
variables: {people: "{{ [1..input.people] }}"}
start: each
nodes:
  each: {type: loop, items: people, item: n, parallel: PARALLEL, exits: {each: load}}
  load:
    type: http_request
    url: "PATH"
    authentication: {type: oauth2, profile: bench}
    response: got
    exits: {default: each}
"""
_PARALLEL = 64
_PATHS = {"calendars": "/users/{{ n }}/calendarView", "people": "/users/{{ n }}"}


@dataclass(frozen=True)
class Run:
    """What one loop took, and the least that the limits allow."""

    seconds: float
    floor: float
    requests: int


class _Graph(asyncio.Protocol):
    """Answers every request a little later: with a page of events, or with what a batch asks for."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._unread = b""

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while b"\r\n\r\n" in self._unread:
            head, _, rest = self._unread.partition(b"\r\n\r\n")
            names = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            size = int(names.get(b"content-length", 0))
            if len(rest) < size:
                return
            self._unread = rest[size:]
            answer = json.dumps(_answer(rest[:size])).encode()
            lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}"
            whole = f"{lines}\r\n\r\n".encode() + answer
            asyncio.get_running_loop().call_later(LATENCY, self._transport.write, whole)


def _answer(body: bytes) -> Any:
    if not body:
        event = {"subject": "Lunch", "start": {"dateTime": "2026-11-23T09:00", "timeZone": "UTC"}}
        return {"value": [{"id": f"{number}", **event} for number in range(5)]}
    steps = json.loads(body)["requests"]
    return {"responses": [{"id": s["id"], "status": 200, "body": {"id": s["url"]}} for s in steps]}


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Graph, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def _running_graph() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.fan_out", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


class _Profiles:
    """One profile, of a Graph on this machine, with a token at once."""

    flavour = "application"
    application = "bench"
    transfer_hosts: frozenset[str] = frozenset()
    ca_file = None
    value = "token"

    def __init__(self, host: str) -> None:
        self._host = host

    def definition(self, _name: str) -> Any:
        """Itself."""
        return self

    def hosts(self) -> frozenset[str]:
        """The host of Graph."""
        return frozenset({self._host})

    def base_url(self, api: str) -> str:
        """Graph."""
        return f"http://{self._host}/{api}"

    async def access_token(self, *_args: Any, **_more: Any) -> Any:
        """A token."""
        return self


async def _measure(host: str, folder: Path, people: int, path: str) -> Run:
    (folder / "app.yaml").write_text("format: 1\ntitle: Bench\nhome: home\naccess: public\n")
    (folder / "flows").mkdir(exist_ok=True)
    home = "{kind: regular, path: /home, start: end, nodes: {end: {type: end}}}"
    (folder / "flows/home.yaml").write_text(home)
    environment = {"GRAPHWRIGHT_KEY_FILE": str(folder / "keys.json")}
    async with await Runtime.open(folder, environment=environment) as runtime:
        limits = Limits(allow_http=True)
        profiles: Any = _Profiles(host)
        client = HttpClient(profiles, runtime.clock, runtime.settings, limits=limits)
        flow = _read_flow(path)
        services = replace(runtime.services, http=client, profiles=profiles, flows={"each": flow})
        began = time.perf_counter()
        with metering() as meter:
            await run_action(services, "each", {"people": people}, person=None)
        seconds = time.perf_counter() - began
        await client.close()
    at_once = min(_PARALLEL, limits.app_concurrent)
    floor = max(meter.requests / limits.app_rate, people * LATENCY / at_once)
    return Run(seconds, floor, meter.requests)


def _read_flow(path: str) -> FlowDefinition:
    return FlowDefinition.read(
        YAML(typ="safe").load(_FLOW.replace("PATH", path).replace("PARALLEL", str(_PARALLEL)))
    )


def measure(people: int) -> dict[str, Run]:
    """For calendars and for people, what a loop over so many took."""
    with _running_graph() as host, tempfile.TemporaryDirectory() as folder:
        return {
            name: asyncio.run(_measure(host, Path(folder), people, path))
            for name, path in _PATHS.items()
        }


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(_serve())
    else:
        for name, run in measure(int(sys.argv[1]) if sys.argv[1:] else 1_000).items():
            ratio = run.seconds / run.floor
            print(
                f"{name:<10} {run.seconds:6.2f} s in {run.requests:5} requests, {ratio:.2f} x the least"
            )
