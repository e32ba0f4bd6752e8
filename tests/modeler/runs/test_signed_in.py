"""The example run as a draft, by people who signed in to the sandbox: no token, nobody else's run."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import AccessToken
from graphwright.web.listening import listen
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import USERS_SECRET
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import CALLBACK, settings_for
from tests.verify.visitor import Visitor

EXAMPLE = Path(__file__).parents[3] / "examples" / "my-day"


@dataclass
class Studio:
    """A modeler over the example, and the portal of its draft on a port."""

    modeler: Modeler
    portal: str


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    root = tmp_path / "app"
    await asyncio.to_thread(shutil.copytree, EXAMPLE, root)
    listener = listen("127.0.0.1", 0)
    portal = f"http://localhost:{listener.getsockname()[1]}"
    tenant = create_tenant([portal + CALLBACK])
    with Sandbox.start(tenant, tmp_path / "sandbox") as sandbox:
        environment = settings_for(sandbox) | {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
        modeler = Modeler.open(
            root,
            base_url="http://localhost:8090",
            portal_url=portal,
            create_portal=create_portal,
            environment=environment,
        )
        config = uvicorn.Config(modeler.runner, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield Studio(modeler, portal)
        server.should_exit = True
        await serving
        await modeler.close()


async def test_two_people_run_the_draft_and_each_trace_is_its_own_and_shows_no_token(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[str] = set()
    original = Profiles.access_token

    async def access_token(self: Profiles, *arguments: Any, **options: Any) -> AccessToken:
        token = await original(self, *arguments, **options)
        given.add(token.value)
        return token

    monkeypatch.setattr(Profiles, "access_token", access_token)
    runner = studio.modeler.runner
    url, _ = await runner.start("calendar", {})
    assert url == f"{studio.portal}/calendar"
    async with Visitor(studio.portal) as greta, Visitor(studio.portal) as daniel:
        steps = await asyncio.gather(
            greta.sign_in("Greta Lindqvist"), daniel.sign_in("Daniel Whitfield")
        )
    assert [step["kind"] for step in steps] == ["page", "page"]
    assert len(given) == 2
    told = {}
    for entry in runner.traces.list():
        run = runner.traces.get(entry.id).to_wire()
        assert run.status == "waiting"
        way = [visit.node for visit in run.visits]
        assert way == ["authorize", "load_events", "import_events", "show_calendar"]
        got = run.visits[1].outputs["events"]
        assert got["status"] == 200
        assert got["body"]["…"].startswith("A collection: ")
        told[run.who] = run.model_dump_json()
    assert told.keys() == {"Greta Lindqvist", "Daniel Whitfield"}
    # What a trace shows, and what expressions may read, holds nobody's token.
    shown = [*told.values(), str(runner.traces.values_at("calendar", "show_calendar"))]
    assert all(len(text) > 1_000 for text in shown)
    assert not any(token in text for token in given for text in shown)
    assert not any(USERS_SECRET in text for text in shown)


async def test_a_read_is_run_again_as_who_had_signed_in(studio: Studio) -> None:
    runner = studio.modeler.runner
    await runner.start("calendar", {})
    async with Visitor(studio.portal) as greta:
        await greta.sign_in("Greta Lindqvist")
    first = runner.traces.list()[0]
    trace = await runner.again(first.id, 1, confirmed=False)
    assert (trace.status, trace.visits[0].exit) == ("done", "default")
    assert trace.to_wire().who == "Greta Lindqvist"
    before = runner.traces.get(first.id).visits[1].outputs["events"]["body"]["value"]
    assert trace.visits[0].outputs["events"]["body"]["value"] == before
