"""The runs list tells what became of a run, also where its process was killed."""

import asyncio
import subprocess
import sys
import textwrap
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graphwright.flows import runs
from graphwright.flows.runs import list_runs, start_run
from graphwright.kernel.errors import GraphwrightError
from tests.flows.conftest import ADA, Place, answer

ACTION = """
kind: action
start: call
nodes:
  call: {type: http_request, url: https://api.example/x, exits: {default: end}}
  end: {type: end}
"""
REGULAR = ACTION.replace("action", "regular").replace("start:", "path: /one\nstart:", 1)


async def begin(place: Place) -> str:
    """A run that another process began."""
    return await place.services.databases.system.write(
        start_run,
        flow="one",
        kind="action",
        principal_id=None,
        who=None,
        now=place.clock.now(),
    )


async def told(place: Place) -> tuple[str, Any]:
    """Status and error code of the newest run, as they are kept."""
    run = (await place.runs())[0]
    return run["status"], run["error"] and run["error"]["code"]


async def test_a_run_whose_process_is_gone_is_interrupted_when_it_is_cleaned(place: Place) -> None:
    await begin(place)
    await place.driver.clean()
    assert await told(place) == ("running", None)
    place.clock.pass_time(seconds=61)
    await place.driver.clean()
    assert await told(place) == ("interrupted", "runInterrupted")


async def test_it_is_told_as_interrupted_before_it_is_marked(place: Place) -> None:
    await begin(place)
    place.clock.pass_time(seconds=61)
    system = place.services.databases.system
    (run,) = await system.read(list_runs, now=place.clock.now())
    assert (run["status"], run["error"]["code"]) == ("interrupted", "runInterrupted")
    assert "beat_at" not in run
    assert await told(place) == ("running", None)


async def test_a_run_that_goes_on_elsewhere_is_never_marked_however_long_it_takes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_BEAT_SECONDS", 0.02)
    held = asyncio.Event()

    async def wait(_call: Any) -> Any:
        await held.wait()
        return answer(200)

    place.add("one", ACTION)
    place.web.answers = [wait]
    running = asyncio.create_task(place.run("one"))
    for _ in range(3):
        place.clock.pass_time(minutes=5)
        await asyncio.sleep(0.2)
        # As another server does that shares the database.
        await place.restart().clean()
        assert await told(place) == ("running", None)
    held.set()
    await running
    assert await told(place) == ("done", None)


async def test_runs_that_have_ended_or_wait_for_a_person_are_left_as_they_are(
    place: Place,
) -> None:
    place.add("one", ACTION)
    place.add("two", "{kind: regular, start: p, nodes: {p: {type: page, page: x}}}")
    place.web.answers = [answer(200)]
    await place.run("one")
    await place.start("two")
    place.clock.pass_time(days=1)
    await place.driver.clean()
    assert {run["status"] for run in await place.runs()} == {"done", "waiting"}


@pytest.mark.parametrize("kind", ["action", "regular"])
async def test_a_run_that_is_cancelled_is_interrupted_not_failed(place: Place, kind: str) -> None:
    async def never(_call: Any) -> Any:
        await asyncio.Event().wait()

    place.add("one", ACTION if kind == "action" else REGULAR)
    place.web.answers = [never]
    run: Any = place.run("one", ADA) if kind == "action" else place.start("one")
    task = asyncio.create_task(run)
    while not place.web.sent:  # noqa: ASYNC110 - the stand-in tells nobody
        await asyncio.sleep(0.005)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await told(place) == ("interrupted", "runInterrupted")


async def test_a_fault_of_ours_is_a_failure_without_its_text() -> None:
    status, error = runs.describe_failure(RuntimeError("planted-data"))
    assert (status, error.code) == ("failed", "unexpected")
    assert "planted-data" not in str(error.to_wire())
    same = GraphwrightError("x")
    assert runs.describe_failure(same) == ("failed", same)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from graphwright.application.runtime import Runtime
from graphwright.flows.runs import start_run

async def main() -> None:
    async with await Runtime.open(Path(sys.argv[1])) as runtime:
        await runtime.databases.system.write(
            start_run, flow="one", kind="action", principal_id=None, who=None,
            now=runtime.clock.now(),
        )
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_process_that_is_killed_leaves_a_run_that_the_next_one_tells_as_interrupted(
    place: Place,
) -> None:
    root = place.runtime.settings.root
    environment = {"GRAPHWRIGHT_KEY_FILE": str(place.runtime.settings.key_file)}
    process = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", textwrap.dedent(KILLED), str(root)],
        env=environment,
        check=False,
        cwd=Path.cwd(),
    )
    assert process.returncode == -9
    system = place.services.databases.system
    (run,) = await system.read(list_runs)
    assert run["status"] == "running"
    place.clock.time = datetime.now(UTC) + timedelta(seconds=65)
    await place.driver.clean()
    assert await told(place) == ("interrupted", "runInterrupted")
