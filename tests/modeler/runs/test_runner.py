"""The portal of the draft: runs it, goes on with the last good one, swaps without losing anybody."""

import asyncio
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn

from graphwright.application.runtime import Runtime
from graphwright.flows.errors import InputInvalid
from graphwright.flows.runs import list_runs, start_run
from graphwright.kernel.database import Databases
from graphwright.kernel.errors import InvalidInput, ModelInvalid, NotFound
from graphwright.kernel.ids import new_id
from graphwright.kernel.settings import Settings
from graphwright.modeler.accounts import list_accounts
from graphwright.modeler.runner import Runner
from graphwright.modeler.trace import Traces
from graphwright.portal.app import create_portal
from graphwright.profiles.principals import upsert_principal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import Account
from graphwright.server import listen
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


async def test_a_run_gives_the_address_of_the_flow_and_the_portal_runs_the_draft(
    bench: Bench,
) -> None:
    assert await bench.runner.start("hello", {}) == (f"{BASE}/hello", None)
    assert await bench.runner.start(None, {}) == (f"{BASE}/hello", None)
    async with bench.browser() as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        assert (await submit(client, headers, step))["message"] == "one, done"
    run = await bench.until("done")
    assert [visit.node for visit in run.visits] == ["say", "show", "end"]
    assert ("trace", {"id": run.id, "status": "done", "nodes": 3}) in bench.events


async def test_a_draft_with_errors_gives_its_problems_and_the_portal_goes_on(
    bench: Bench,
) -> None:
    await bench.runner.start("hello", {})
    bench.write("flows/hello.yaml", (HELLO % "two").replace("default: show", "default: shoow"))
    with pytest.raises(ModelInvalid) as caught:
        await bench.runner.start("hello", {})
    found = {(p["file"], p["severity"]) for p in caught.value.facts["problems"]}
    assert ("flows/hello.yaml", "error") in found
    async with bench.browser() as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        assert (await submit(client, headers, step))["message"] == "one, done"


async def test_sessions_survive_the_swap_and_a_changed_flow_starts_again(bench: Bench) -> None:
    await bench.runner.start("hello", {})
    async with bench.browser() as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        bench.write("flows/hello.yaml", HELLO % "two")
        await bench.runner.start("hello", {})
        assert (await submit(client, headers, step))["error"]["code"] == "stepExpired"
        again = (await client.get(f"/api/steps/{step['instance']}/{step['step']}")).json()
        assert (again["kind"], again["page"]["name"]) == ("page", "note")
        assert "changed" in again["notice"]
        assert (await submit(client, headers, again))["message"] == "two, done"


async def test_a_request_under_way_ends_on_the_draft_it_began_on_which_is_closed_then(
    bench: Bench,
) -> None:
    await bench.runner.start("hello", {})
    bench.runner.set_breakpoints({"hello": ["say"]})
    async with bench.browser() as client:
        headers = await begin(client)
        held = asyncio.create_task(open_page(client, headers))
        run = await bench.until("paused")
        closed: list[int] = []
        for number, runtime in enumerate(bench.opened):
            runtime._stack.callback(closed.append, number)
        bench.write("flows/hello.yaml", HELLO % "two")
        await bench.runner.start("hello", {})
        assert closed == []
        # Another visitor already gets the new one.
        bench.runner.set_breakpoints({})
        async with bench.browser() as other:
            told = await begin(other)
            assert (await submit(other, told, await open_page(other, told)))[
                "message"
            ] == "two, done"
        bench.runner.traces.resume(run.id, "continue")
        assert (await held)["kind"] == "page"
    assert closed == [0]


async def test_an_action_flow_runs_at_once_as_the_only_one_who_signed_in(bench: Bench) -> None:
    await bench.ground.databases.system.write(_sign_in, "ada")
    url, run = await bench.runner.start("work", {"name": "x"})
    assert url is None
    assert run is not None
    trace = await bench.until("done")
    assert (trace.id, trace.who, trace.kind) == (run, "Ada", "action")
    assert trace.visits[0].outputs == {"word": "Ada x"}
    await bench.ground.databases.system.write(_sign_in, "bob")
    await bench.runner.start("work", {"name": "x"})
    assert (await bench.until("done")).who is None


async def test_an_action_flow_runs_as_the_account_that_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ada", "bob"):
        await bench.ground.databases.system.write(_sign_in, name)

    async def accounts(_profiles: Profiles, principal_id: str) -> list[Account]:
        return [Account(principal_id, "graph-user", "home", "user@contoso.example", "User", {})]

    monkeypatch.setattr(Profiles, "accounts", accounts)
    await bench.runner.start(None, {})
    known = await list_accounts(bench.opened[0].profiles)
    bob = next(found for found in known if found.principal.name == "Bob")
    await bench.runner.start("work", {"name": "x"}, bob.id)
    assert (await bench.until("done")).who == "Bob"


def _sign_in(connection: Any, name: str) -> None:
    upsert_principal(
        connection,
        issuer="i",
        subject=name,
        username=f"{name}@contoso.example",
        name=name.capitalize(),
        email=None,
        now=datetime.fromisoformat("2026-11-24T00:00:00Z"),
    )


@pytest.mark.parametrize(
    ("flow", "inputs", "account", "error"),
    [
        ("nothing", {}, None, NotFound),
        ("x" * 1000, {}, None, NotFound),
        ("../app", {}, None, NotFound),
        ("work", {}, None, InputInvalid),
        ("work", {"name": "x", "other": 1}, None, InputInvalid),
        ("work", {"name": "x"}, "nobody", NotFound),
        ("hello", {"name": "x"}, None, InvalidInput),
        ("inner", {}, None, InvalidInput),
    ],
)
async def test_what_cannot_be_started_is_refused(
    bench: Bench, flow: str, inputs: dict[str, Any], account: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        await bench.runner.start(flow, inputs, account)
    assert len(str(caught.value)) < 400
    assert bench.runner.traces.list() == []


async def test_an_empty_draft_says_what_to_do(bench: Bench) -> None:
    (bench.draft / "app.yaml").unlink()
    with pytest.raises(NotFound, match="nothing to run yet") as caught:
        await bench.runner.start(None, {})
    assert str(bench.draft) not in str(caught.value.to_wire())


async def test_before_the_first_run_the_saved_application_runs_where_it_is_clean(
    bench: Bench,
) -> None:
    for name, text in FILES.items():
        bench.write(name, text.replace(': "one"', ": saved"), bench.saved)
    async with bench.browser() as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        assert (await submit(client, headers, step))["message"] == "saved, done"


@pytest.mark.parametrize("app", [None, "format: 1\ntitle: Broken\n", "format: [", "format: 1\n"])
async def test_else_a_plain_page_says_how_to_go_on(bench: Bench, app: str | None) -> None:
    if app is not None:
        bench.write("app.yaml", app, bench.saved)
    async with bench.browser() as client:
        page = await client.get("/", headers={"accept": "text/html"})
        assert page.status_code == 503
        assert "Choose Run in the modeler" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        told = await client.get("/api/session")
        assert told.json()["error"]["code"] == "nothingRuns"
        await bench.runner.start("hello", {})
        assert (await client.get("/api/session")).status_code == 200


async def test_another_host_is_refused_before_and_behind_the_first_run(bench: Bench) -> None:
    async with bench.browser("http://evil.example") as client:
        assert (await client.get("/")).status_code == 421
        await bench.runner.start("hello", {})
        assert (await client.get("/")).status_code == 421


async def test_breakpoints_are_checked_against_the_draft_as_it_stands(bench: Bench) -> None:
    bench.write("flows/hello.yaml", (HELLO % "x").replace("say", "tell"))
    bench.runner.set_breakpoints({"hello": ["tell"]})
    with pytest.raises(NotFound):
        bench.runner.set_breakpoints({"hello": ["say"]})
    # What cannot be read just now keeps what it has, and gets nothing new.
    for name in ("flows/hello.yaml", "app.yaml"):
        bench.write(name, "format: [")
        bench.runner.set_breakpoints({"hello": ["tell"]})
        assert bench.runner.traces.breakpoints.to_json() == {"hello": ["tell"]}
        with pytest.raises(NotFound):
            bench.runner.set_breakpoints({"hello": ["tell", "show"]})


async def test_runs_of_a_modeler_that_was_killed_are_interrupted(bench: Bench) -> None:
    system = bench.ground.databases.system
    begun = bench.ground.clock.now()
    await system.write(
        start_run, flow="work", kind="action", principal_id=None, who=None, now=begun
    )
    bench.ground.clock.pass_time(minutes=2)
    await bench.runner.start(None, {})
    (run,) = await system.read(list_runs)
    assert run["status"] == "interrupted"


async def test_a_node_runs_again_on_the_draft_of_now(bench: Bench) -> None:
    await bench.runner.start("work", {"name": "x"})
    first = await bench.until("done")
    bench.write("flows/work.yaml", WORK.replace("' ' &", "'!' &"))
    trace = await bench.runner.again(first.id, 0, confirmed=False)
    assert trace.visits[0].outputs == {"word": "!x"}
    with pytest.raises(NotFound):
        await bench.runner.again("../x", 0, confirmed=True)


async def test_closing_ends_what_is_held_and_what_runs(bench: Bench) -> None:
    bench.runner.set_breakpoints({"work": ["say"]})
    await bench.runner.start("work", {"name": "x"})
    run = await bench.until("paused")
    async with asyncio.timeout(2):
        await bench.runner.close()
    assert bench.runner.traces.get(run.id).status == "stopped"


async def test_a_held_request_is_not_lost_when_its_browser_gives_up(bench: Bench) -> None:
    listener = listen("127.0.0.1", 0)
    base = f"http://localhost:{listener.getsockname()[1]}"
    bench.ground.settings = Settings.read(
        bench.saved,
        data=bench.draft.parent,
        base_url=base,
        environment={"GRAPHWRIGHT_KEY_FILE": str(bench.ground.settings.key_file)},
    )
    await bench.runner.start("hello", {})
    bench.runner.set_breakpoints({"hello": ["end"]})
    config = uvicorn.Config(
        bench.runner, log_config=None, lifespan="off", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with httpx.AsyncClient(base_url=base, timeout=10) as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        leaving = asyncio.create_task(submit(client, headers, step))
        run = await bench.until("paused")
        # Somebody else is served meanwhile.
        async with httpx.AsyncClient(base_url=base, timeout=5) as other:
            told = await begin(other)
            assert (await open_page(other, told))["kind"] == "page"
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        bench.runner.traces.resume(run.id, "continue")
        await bench.until("done", run.id)
    # Ctrl-C: what is held ends at once, and so does the server.
    async with httpx.AsyncClient(base_url=base, timeout=10) as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        leaving = asyncio.create_task(submit(client, headers, step))
        await bench.until("paused")
        server.should_exit = True
        bench.runner.interrupt()
        async with asyncio.timeout(3):
            assert (await leaving)["error"]["code"] == "runStopped"
    async with asyncio.timeout(3):
        await serving
