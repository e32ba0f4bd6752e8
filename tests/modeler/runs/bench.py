"""A runner over a draft folder on real SQLite files, and a browser of its portal."""

import asyncio
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from graphwright.application.runtime import Runtime
from graphwright.kernel.database import Databases
from graphwright.kernel.ids import new_id
from graphwright.kernel.settings import Settings
from graphwright.modeler.runner import Runner
from graphwright.modeler.trace import Traces
from graphwright.portal.app import create_portal
from tests.web.conftest import HeldClock

BASE = "http://localhost:8080"
HELLO = """
kind: regular
path: /hello
start: say
nodes:
  say: {type: assign, set: {word: "%s"}, exits: {default: show}}
  show: {type: page, page: note, exits: {submit: end}}
  end: {type: end, message: "{{ word }}, done"}
"""
WORK = """
kind: action
inputs: {name: {required: true}}
start: say
nodes:
  say: {type: assign, set: {word: "{{ user.name & ' ' & input.name }}"}, exits: {default: end}}
  end: {type: end}
"""
FILES = {
    "app.yaml": "format: 1\ntitle: Test\nhome: hello\naccess: public\n",
    "flows/hello.yaml": HELLO % "one",
    "flows/work.yaml": WORK,
    "flows/inner.yaml": "{kind: regular, start: end, nodes: {end: {type: end}}}",
    "lists/note.yaml": "{owner: user, key: [id], fields: {id: {type: text}, text: {type: text}}}",
    "pages/note.yaml": "{type: form, title: Note, list: note, fields: [text]}",
}


@dataclass
class Ground:
    """What the engine gives."""

    settings: Settings
    databases: Databases
    clock: HeldClock


@dataclass
class Bench:
    """A runner over a draft folder."""

    draft: Path
    saved: Path
    ground: Ground
    runner: Runner
    events: list[Any]
    opened: list[Runtime]

    def write(self, name: str, text: str, folder: Path | None = None) -> None:
        path = (folder or self.draft) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")

    def browser(self, base: str = BASE) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.runner), base_url=base)

    async def until(self, status: str, trace_id: str | None = None) -> Any:
        """The newest trace, or that one, when it has come to that."""
        async with asyncio.timeout(10):
            while True:
                for entry in self.runner.traces.list():
                    if trace_id in (None, entry.id):
                        if entry.status == status:
                            return self.runner.traces.get(entry.id).to_wire()
                        break
                await asyncio.sleep(0.005)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    saved, draft = tmp_path / "app", tmp_path / "app" / ".graphwright" / "modeler" / "draft"
    draft.mkdir(parents=True)
    environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    settings = Settings.read(saved, data=draft.parent, base_url=BASE, environment=environment)
    ground = Ground(settings, Databases.open(settings), HeldClock())
    events: list[Any] = []
    traces = Traces(lambda kind, data: events.append((kind, data)), ground.clock, longest_hold=10)
    opened: list[Runtime] = []

    def portal(runtime: Runtime) -> Any:
        opened.append(runtime)
        return create_portal(runtime)

    runner = Runner(draft, ground, traces, portal, saved=saved)
    bench = Bench(draft, saved, ground, runner, events, opened)
    for name, text in FILES.items():
        bench.write(name, text)
    yield bench
    await runner.close()
    ground.databases.close()


async def begin(client: httpx.AsyncClient) -> dict[str, str]:
    """The headers of writes in a new session."""
    session = (await client.get("/api/session")).json()
    return {"x-csrf-token": session["csrf_token"]}


async def open_page(
    client: httpx.AsyncClient, headers: dict[str, str], path: str = "/hello"
) -> Any:
    body = {"path": path, "time_zone": "UTC", "query": {}}
    answer = await client.post("/api/start", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def submit(client: httpx.AsyncClient, headers: dict[str, str], step: Any) -> Any:
    body = {"submission": new_id(), "data": {"values": {"text": "x"}}, "time_zone": "UTC"}
    path = f"/api/steps/{step['instance']}/{step['step']}/exits/submit"
    return (await client.post(path, json=body, headers=headers)).json()
