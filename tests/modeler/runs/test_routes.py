"""The calls about runs, over HTTP: the draft is run, watched, held; bad input is refused."""

import asyncio
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from graphwright.modeler.app import create_modeler
from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal
from tests.modeler.runs.bench import FILES, HELLO, begin, open_page

MODELER, PORTAL = "http://localhost:8090", "http://localhost:8080"


@dataclass
class Desk:
    """A modeler, somebody who models, and a visitor of the portal."""

    modeler: Modeler
    client: httpx.AsyncClient
    portal: httpx.AsyncClient

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer."""
        answer = await self.client.request(method, path, json=body)
        return answer.json()

    async def until(self, status: str) -> Any:
        """The newest trace, when it has come to that."""
        async with asyncio.timeout(10):
            while True:
                found = (await self.call("GET", "/api/traces"))["traces"]
                if found and found[0]["status"] == status:
                    return await self.call("GET", f"/api/traces/{found[0]['id']}")
                await asyncio.sleep(0.005)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    root = tmp_path / "app"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), "utf-8")
    (root / ".env").write_text("PLANTED_SECRET=planted-secret-value\n", "utf-8")
    modeler = Modeler.open(
        root,
        base_url=MODELER,
        portal_url=PORTAL,
        create_portal=create_portal,
        environment={"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")},
    )
    transport = httpx.ASGITransport(create_modeler(modeler))
    async with (
        httpx.AsyncClient(transport=transport, base_url=MODELER) as client,
        httpx.AsyncClient(transport=httpx.ASGITransport(modeler.runner), base_url=PORTAL) as portal,
    ):
        await client.get(modeler.start_url())
        client.headers["x-csrf-token"] = (await client.get("/api/session")).json()["csrf_token"]
        yield Desk(modeler, client, portal)
    await modeler.close()


async def test_a_run_is_started_held_shown_and_gone_on_with(desk: Desk) -> None:
    assert await desk.call("PUT", "/api/breakpoints", {"nodes": {"hello": ["show"]}}) == {
        "nodes": {"hello": ["show"]}
    }
    assert await desk.call("GET", "/api/breakpoints") == {"nodes": {"hello": ["show"]}}
    started = await desk.call("POST", "/api/run", {"flow": "hello"})
    assert started == {"url": f"{PORTAL}/hello", "run": None, "problems": []}
    headers = await begin(desk.portal)
    held = asyncio.create_task(open_page(desk.portal, headers))
    run = await desk.until("paused")
    assert [(visit["node"], visit["exit"]) for visit in run["visits"]] == [
        ("say", "default"),
        ("show", None),
    ]
    assert run["visits"][1]["inputs"] == {"input": {}, "word": "one"}
    again = await desk.call("POST", f"/api/traces/{run['id']}/resume", {"how": "continue"})
    assert again["id"] == run["id"]
    assert (await held)["kind"] == "page"
    assert (await desk.until("waiting"))["nodes"] == 2


async def test_an_action_flow_is_run_and_a_node_of_it_once_more(desk: Desk) -> None:
    started = await desk.call("POST", "/api/run", {"flow": "work", "inputs": {"name": "x"}})
    run = await desk.until("done")
    assert (started["url"], started["run"]) == (None, run["id"])
    assert (run["happened"]["meter"]["requests"], run["happened"]["imports"]) == (0, {})
    path = f"/api/traces/{run['id']}/visits/0/again"
    trace = await desk.call("POST", path, {"confirmed": False})
    assert (await desk.call("GET", f"/api/traces/{trace['id']}"))["happened"] is None
    assert (trace["kind"], trace["status"], trace["visits"][0]["outputs"]) == (
        "node",
        "done",
        {"word": " x"},
    )


async def test_problems_of_the_draft_are_told_and_no_address(desk: Desk) -> None:
    name = "flows/hello.yaml"
    revision = (await desk.call("GET", f"/api/documents/{name}"))["revision"]
    text = (HELLO % "one").replace("default: show", "default: shoow")
    await desk.call("PUT", f"/api/documents/{name}", {"revision": revision, "text": text})
    started = await desk.call("POST", "/api/run", {"flow": "hello"})
    assert started["url"] is None
    assert ("flows/hello.yaml", "error") in {
        (problem["file"], problem["severity"]) for problem in started["problems"]
    }


async def test_a_secret_that_a_flow_shows_is_masked_in_its_trace(desk: Desk) -> None:
    body = {"flow": "work", "inputs": {"name": "a planted-secret-value b"}}
    await desk.call("POST", "/api/run", body)
    run = await desk.until("done")
    assert run["visits"][0]["outputs"] == {"word": " a ••••• b"}
    assert "planted-secret" not in str(run)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/traces/nothing", None, 404, "notFound"),
        ("GET", "/api/traces/%2e%2e%2fapp", None, 404, "notFound"),
        ("GET", "/api/traces/%00", None, 404, "notFound"),
        ("GET", "/api/traces/<script>", None, 404, "notFound"),
        ("GET", "/api/traces?x=1", None, 400, "invalidInput"),
        ("POST", "/api/traces/nothing/resume", {"how": "continue"}, 404, "notFound"),
        ("POST", "/api/traces/nothing/resume", {"how": "jump"}, 400, "bodyInvalid"),
        ("POST", "/api/traces/nothing/resume", {}, 400, "bodyInvalid"),
        ("POST", "/api/traces/nothing/visits/0/again", {}, 404, "notFound"),
        ("POST", "/api/traces/nothing/visits/-1/again", {}, 404, "notFound"),
        ("POST", "/api/traces/nothing/visits/x/again", {}, 404, "notFound"),
        ("POST", "/api/traces/nothing/visits/0/again", {"confirmed": "yes"}, 400, "bodyInvalid"),
        ("PUT", "/api/breakpoints", {"nodes": {"hello": ["nothing"]}}, 404, "notFound"),
        ("PUT", "/api/breakpoints", {"nodes": {"nothing": ["say"]}}, 404, "notFound"),
        ("PUT", "/api/breakpoints", {"nodes": {"hello": "say"}}, 400, "bodyInvalid"),
        ("PUT", "/api/breakpoints", {"nodes": {"hello": ["<b>"]}}, 400, "bodyInvalid"),
        ("PUT", "/api/breakpoints", {}, 400, "bodyInvalid"),
        ("POST", "/api/run", {"flow": "nothing"}, 404, "notFound"),
        ("POST", "/api/run", {"flow": 1}, 400, "bodyInvalid"),
        ("POST", "/api/run", {"flow": "work", "inputs": {"x": 1}}, 400, "inputInvalid"),
        ("POST", "/api/run", {"flow": "x" * 100}, 400, "bodyInvalid"),
        (
            "POST",
            "/api/run",
            {"flow": "work", "inputs": {"name": "x"}, "account": "nobody"},
            404,
            "accountMissing",
        ),
    ],
)
async def test_bad_input_is_refused(
    desk: Desk, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = await desk.client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert "<script>" not in answer.text


async def test_a_run_is_started_by_nobody_without_session_or_token(desk: Desk) -> None:
    transport = httpx.ASGITransport(create_modeler(desk.modeler))
    async with httpx.AsyncClient(transport=transport, base_url=MODELER) as stranger:
        assert (await stranger.get("/api/traces")).status_code == 401
        assert (await stranger.post("/api/run", json={})).status_code == 401
    del desk.client.headers["x-csrf-token"]
    assert (await desk.client.post("/api/run", json={})).status_code == 403
