"""Sign-in stays quick while one person's flow imports 100,000 rows in the same server.

Times need the machine: where other programs took the processors meanwhile, the test says so and is
skipped (with CI=true it fails) instead of blaming the portal. Rows and memory are checked all the same.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from conftest import skip_or_fail
from tests.verify.bulk import check_bulk_rows
from tests.verify.processes import Portal, running_portal
from tests.verify.visitor import Timing, Visitor

pytestmark = [pytest.mark.verify, pytest.mark.timeout(600)]

ROWS = 100_000
LIMIT_SECONDS = 0.3
LIMIT_MEGABYTES = 100
SIGN_INS_A_SECOND = 4
LEAST_SIGN_INS = 100
# Of the processors' time, for what runs beside nothing else.
LEAST_SHARE = 0.85
SPIN = (
    "import time; end = time.monotonic() + 1\n"
    "while time.monotonic() < end: pass\n"
    "print(time.process_time())"
)
MEASURED = ("GET /auth/sign-in", "GET /auth/callback/graph-user", "POST /api/start")


@dataclass
class Load:
    """What was measured while the import ran."""

    timings: list[Timing] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def slowest_percent(self, request: str) -> float:
        """The 99th percentile of a request, in seconds."""
        seconds = sorted(one.seconds for one in self.timings if one.request == request)
        assert len(seconds) >= LEAST_SIGN_INS, f"{request} was measured {len(seconds)} times only"
        return seconds[int(len(seconds) * 0.99)]


async def test_sign_in_stays_quick_while_100_000_rows_are_imported(
    tmp_path: Path, database_url: str | None
) -> None:
    share = _free_share()
    with running_portal(tmp_path, bulk_events=ROWS, database_url=database_url) as portal:
        people = [person["name"] for person in portal.sandbox["people"]]
        async with Visitor(portal.url) as importer:
            await importer.sign_in(people[0])
            await _warm_up(portal, people[1])
            before = portal.resident_megabytes
            load = Load()
            step: dict[str, Any] = {}
            # The second import finds every row as it is: reading and comparing, no writing.
            while len(load.timings) < LEAST_SIGN_INS * len(MEASURED):
                importing = asyncio.create_task(importer.start("/bulk"))
                await _sign_in_until(importing, portal, people[1:], load)
                step = importing.result()
            after = portal.resident_megabytes
            await _check_rows(importer, step, portal)
    p99 = {request: load.slowest_percent(request) for request in MEASURED}
    print(  # noqa: T201 - the figures are what `make verify` is run for
        f"\np99 { ({name: round(seconds * 1000) for name, seconds in p99.items()}) } ms; resident"
        f" {before:.0f} MB before, at most {max(load.megabytes):.0f} MB, {after:.0f} MB after"
    )
    assert max(load.megabytes) - before < LIMIT_MEGABYTES
    assert after - before < LIMIT_MEGABYTES
    if max(p99.values()) >= LIMIT_SECONDS:
        share = min(share, _free_share())
        if share < LEAST_SHARE:
            skip_or_fail(f"Other programs took {1 - share:.0%} of the processors: {p99}.")
    assert max(p99.values()) < LIMIT_SECONDS, p99


def _free_share() -> float:
    """How much of every processor this machine gives to who asks for all of it."""
    command = [sys.executable, "-c", SPIN]
    spinning = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _ in range(os.cpu_count() or 1)
    ]
    return min(1.0, sum(float(one.communicate()[0]) for one in spinning) / len(spinning))


async def _warm_up(portal: Portal, name: str) -> None:
    """What only the first one pays: discovery, keys, modules."""
    for _ in range(3):
        async with Visitor(portal.url) as visitor:
            await visitor.sign_in(name)


async def _sign_in_until(
    importing: asyncio.Task[Any], portal: Portal, people: list[str], load: Load
) -> None:
    """People come at a steady pace, however long the ones before them take."""
    arrived: list[asyncio.Task[None]] = []
    for name in cycle(people):
        if importing.done():
            break
        arrived.append(asyncio.create_task(_sign_in(portal, name, load)))
        load.megabytes.append(await asyncio.to_thread(lambda: portal.resident_megabytes))
        await asyncio.sleep(1 / SIGN_INS_A_SECOND)
    await importing
    await asyncio.gather(*arrived)


async def _sign_in(portal: Portal, name: str, load: Load) -> None:
    async with Visitor(portal.url) as visitor:
        step = await visitor.sign_in(name)
        assert step["kind"] == "page", step
        load.timings += [one for one in visitor.timings if one.request in MEASURED]


async def _check_rows(importer: Visitor, step: dict[str, Any], portal: Portal) -> None:
    """The importer sees every row; nobody else sees one."""
    path = f"/api/steps/{step['instance']}/{step['step']}/rows"
    answer = await importer.call("GET", f"{path}.json")
    assert answer.status == 200, answer.text[:500]
    check_bulk_rows(answer.json, ROWS)
    await _check_table(importer, step, answer.json)
    async with Visitor(portal.url) as other:
        await other.sign_in(portal.sandbox["people"][2]["name"])
        refused = await other.rows(step)
        assert refused.status == 404, refused.text
        nothing = await other.rows(await other.start("/welcome"))
        assert (nothing.status, nothing.json["total"]) == (200, 0)


async def _check_table(
    importer: Visitor, step: dict[str, Any], everything: list[dict[str, Any]]
) -> None:
    """The page sorts, filters and searches as the whole download says, up to the last row."""
    total = len(everything)
    last = (await importer.rows(step, sort="start:desc", offset=str(total - 3), limit="10")).json
    earliest = sorted(everything, key=lambda row: row["start"]["dateTime"])[:3]
    assert last["total"] == total
    assert [row["subject"] for row in last["rows"]] == [r["subject"] for r in reversed(earliest)]

    search = (await importer.rows(step, search="CHART 9999", limit="1000")).json
    expected = {r["subject"] for r in everything if {"chart", "9999"} <= _words(r, "9999")}
    assert expected
    assert {row["subject"] for row in search["rows"]} == expected

    condition = '[{"field": "location", "op": "eq", "value": "Remote"}]'
    remote = [row for row in everything if row["location"] == "Remote"]
    end = str(len(remote) - 1)
    found = (await importer.rows(step, filter=condition, sort="start", offset=end)).json
    assert found["total"] == len(remote)
    assert [row["subject"] for row in found["rows"]] == [
        max(remote, key=lambda row: row["start"]["dateTime"])["subject"]
    ]
    behind = (await importer.rows(step, offset=str(total))).json
    assert (behind["total"], behind["rows"]) == (total, [])


def _words(row: dict[str, Any], number: str) -> set[str]:
    text = row["subject"].lower()
    return {word for word in ("chart", number) if word in text}


def test_the_99th_percentile_is_not_hidden_by_quick_answers() -> None:
    slow = [Timing("POST /api/start", 9.0) for _ in islice(cycle([0]), 3)]
    quick = [Timing("POST /api/start", 0.01) for _ in range(200)]
    assert Load(timings=[*quick, *slow]).slowest_percent("POST /api/start") == 9.0
