"""The portal of the draft: runs it, goes on with the last good one, swaps without losing anybody."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from graphwright.flows.errors import InputInvalid
from graphwright.flows.runs import list_runs, start_run
from graphwright.kernel.errors import InvalidInput, ModelInvalid, NotFound
from graphwright.modeler.accounts import list_accounts
from graphwright.profiles.principals import upsert_principal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import Account
from tests.modeler.runs.bench import BASE, FILES, HELLO, WORK, Bench, begin, open_page, submit


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
