"""What happened in a run is kept with it: costs, what imports did, what failed; never a value."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright.flows import runs
from graphwright.flows.runs import find_run, runs_table
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError, NoAnswer
from graphwright.http.meter import Meter, note
from graphwright.kernel.database import Database
from graphwright.kernel.errors import NotFound
from tests.flows.conftest import Place, answer, refusal

PEOPLE = [
    {"id": "1", "name": "planted-ada", "age": 1},
    {"id": "2", "name": "Bob", "age": "planted"},
]
FLOW = """
kind: KIND
start: load
variables: {people: PEOPLE}
nodes:
  load: {type: http_request, url: https://api.example/x, exits: {default: one, error: one}}
  one: {type: import_data, import: person, from: people, exits: {default: two}}
  two: {type: import_data, import: person, from: people, exits: {default: show}}
  show: SHOW
""".replace("PEOPLE", json.dumps(PEOPLE))
ACTION = FLOW.replace("KIND", "action").replace("SHOW", "{type: end}")
REGULAR = FLOW.replace("KIND", "regular").replace(
    "SHOW", "{type: page, page: x, exits: {go: load}}"
)


async def costly(_call: Any) -> Any:
    """What the wire would note of a request."""
    note(Meter(requests=3, retries=2, waited_s=1.5, bytes_in=10))
    return answer(200)


async def refused(_call: Any) -> Any:
    """The same, of one that fails."""
    note(Meter(requests=1))
    raise refusal(500)


async def find(place: Place, run_id: str, **options: Any) -> Any:
    """A run as it is kept."""
    system = place.services.databases.system
    return await system.read(find_run, run_id, now=place.clock.now(), **options)


async def test_a_run_tells_what_it_cost_and_what_became_of_the_rows(place: Place) -> None:
    place.add("one", ACTION)
    place.web.answers = [costly]
    report = await place.run("one")
    told = report.summary.to_json()
    assert told == (await find(place, report.run_id))["report"]
    assert (told["run_id"], told["flow"], told["status"]) == (report.run_id, "one", "done")
    assert report.summary.meter == Meter(requests=3, retries=2, waited_s=1.5, bytes_in=10)
    (imported,) = told["imports"].values()
    assert (imported["inserted"], imported["unchanged"], imported["skipped"]) == (1, 1, 2)
    assert [where for where, _ in imported["reasons"]] == ["item 2", "item 2"]
    assert report.counts["requests"] == 3
    assert "planted" not in json.dumps(told)


async def test_an_error_that_an_exit_took_is_told_as_well(place: Place) -> None:
    place.add("one", ACTION)
    place.web.answers = [refusal(404)]
    report = await place.run("one")
    (failure,) = report.summary.failures
    assert (failure["status"], failure["place"]["node"]) == (404, "load")
    assert report.summary.status == "done"


async def test_stretches_of_an_interactive_run_add_up(place: Place) -> None:
    place.add("one", REGULAR)
    place.web.answers = [costly, refused, costly]
    step = await place.exit(await place.start("one"), "go")
    await place.exit(step, "go")
    (run,) = await place.runs()
    report = (await find(place, run["id"]))["report"]
    assert report["meter"]["requests"] == run["counts"]["requests"] == 6 + 1
    assert report["imports"]["person"]["unchanged"] == 5
    assert [failure["status"] for failure in report["failures"]] == [500]


async def test_of_an_import_that_breaks_off_what_was_written_is_told(place: Place) -> None:
    url = "https://graph.example/v1.0/x"
    collection = CollectionHandle(Call("GET", url, authentication=Authentication("oauth2")))
    first = [{"id": "1", "name": "Ada", "age": 1}]
    place.web.pages = {None: Page(first, next="n"), "n": NoAnswer("Silence.")}
    flow = (
        ACTION.replace("default: one, error: one", "default: one")
        .replace("load: {", "load: {response: people, ")
        .replace("from: people", "from: people.body")
    )
    place.add("one", flow)
    place.web.answers = [answer(200, collection)]
    with pytest.raises(HttpError):
        await place.run("one")
    (run,) = await place.runs()
    report = (await find(place, run["id"]))["report"]
    assert report["imports"]["person"]["inserted"] == run["counts"]["inserted"] == 1
    assert [failure["code"] for failure in report["failures"]] == ["noAnswer"]
    assert run["error"]["code"] == "noAnswer"


async def test_a_run_is_there_for_those_whose_it_is(place: Place) -> None:
    place.add("one", ACTION)
    place.web.answers = [costly]
    report = await place.run("one")
    for unknown, options in (("x", {}), (report.run_id, {"principal_id": "somebody"})):
        with pytest.raises(NotFound, match="no such run"):
            await find(place, unknown, **options)


async def test_a_run_under_way_tells_what_it_cost_so_far_and_no_stretch_counts_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_BEAT_SECONDS", 0.01)
    told: list[Any] = []

    async def slow(call: Any) -> Any:
        await costly(call)
        run_id = (await place.runs())[0]["id"]
        # As another process would see it.
        while not (report := (await find(place, run_id))["report"])["meter"]["requests"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        told.append((run_id, report["status"], report["meter"]["requests"]))
        return answer(200)

    place.add("one", ACTION)
    place.web.answers = [slow]
    report = await place.run("one")
    assert told == [(report.run_id, "running", 3)]
    assert (await find(place, report.run_id))["report"]["meter"]["requests"] == 3


def test_runs_from_before_there_were_reports_are_kept_and_have_an_empty_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    after, before = sa.MetaData(), sa.MetaData()
    now = runs_table.to_metadata(after)
    columns = [
        sa.Column(c.name, c.type) for c in now.columns if c.name not in ("report", "under_way")
    ]
    old = sa.Table("_runs", before, *columns)
    values: dict[str, Any] = {column.name: "2026-11-25T00:00:00Z" for column in columns}
    row = values | {"id": "old", "duration_ms": 1.0, "way": [], "counts": {}, "error": None}
    database.upgrade(before)
    database.write_sync(lambda connection: connection.execute(sa.insert(old).values(row)))
    database.upgrade(after)
    run = database.read_sync(lambda connection: find_run(connection, "old", now=datetime.now(UTC)))
    assert run["report"]["meter"]["requests"] == 0
    assert (run["report"]["imports"], run["report"]["failures"]) == ({}, [])
    database.close()
