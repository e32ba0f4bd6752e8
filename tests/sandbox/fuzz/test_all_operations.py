"""Whatever is sent to any operation: an answer, and never a 500, a hang or more memory.

Short and seeded here; `make verify` goes on for ten minutes (GRAPHWRIGHT_FUZZ_SECONDS).
"""

from __future__ import annotations

import os
import subprocess
import time

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.routing import Operation
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.corpus.caller import Everything, create_everything
from tests.sandbox.fuzz.requests import Fuzzer, fill_keys
from tests.sandbox.graph.calls import NOW, authorize

SLOWEST_SECONDS = 5
MOST_GROWTH_MEGABYTES = 60


def open_everything() -> tuple[Everything, list[tuple[Operation, str]]]:
    app = create_graph_app(create_tenant(), authorize, lambda: NOW)
    everything = create_everything(app, TestClient(app, raise_server_exceptions=True))
    return everything, [(one, fill_keys(one, everything)) for one in app.state.operations]


@pytest.fixture(scope="module")
def served() -> tuple[Everything, list[tuple[Operation, str]]]:
    return open_everything()


def fuzz(
    everything: Everything, operations: list[tuple[Operation, str]], seed: int, number: int
) -> tuple[int, int]:
    """Sends so many calls; how many were answered with success, and refused."""
    good = refused = 0
    for call in Fuzzer(seed, operations).calls(number):
        began = time.monotonic()
        try:
            answer = everything.ask(call.method, call.path, **call.options)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {call} ended in {error!r}") from error
        assert answer.status_code < 500, f"seed {seed}: {call}: {answer.text}"
        assert time.monotonic() - began < SLOWEST_SECONDS, f"seed {seed}: {call} took long"
        good += answer.status_code < 400
        refused += answer.status_code >= 400
    return good, refused


@pytest.mark.parametrize("seed", range(4))
def test_no_request_ends_in_a_server_error(
    served: tuple[Everything, list[tuple[Operation, str]]], seed: int
) -> None:
    good, refused = fuzz(*served, seed, 700)
    # It reaches what it is for, and it is refused: else it tests nothing.
    assert good > 40
    assert refused > 200


def test_what_is_wrong_is_always_refused(
    served: tuple[Everything, list[tuple[Operation, str]]],
) -> None:
    everything, operations = served
    wrong: list[str] = []

    def demand(method: str, path: str, why: str, **options: object) -> None:
        answer = everything.ask(method, path, **options)
        if not 400 <= answer.status_code < 500 or "message" not in answer.json()["error"]:
            wrong.append(f"{method} {path}: {why}: {answer.status_code} {answer.text[:200]}")

    for operation, path in operations:
        method = operation.method
        query = {"startDateTime": "2026-03-01", "endDateTime": "2026-04-01"}
        demand(method, f"{path}/no-such-segment", "an unknown segment")
        if "select" in operation.options:
            demand(method, path, "no such property", params={**query, "$select": "noSuch"})
        if "top" in operation.options:
            demand(method, path, "a negative $top", params={**query, "$top": "-1"})
        if "filter" in operation.options:
            demand(method, path, "a broken $filter", params={**query, "$filter": "id eq"})
        demand(method, path, "an unknown option", params={**query, "$nonsense": "1"})
    assert not wrong, "\n".join(wrong)
    answer = everything.client.get("/v1.0/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        401,
        "InvalidAuthenticationToken",
    )


@pytest.mark.verify
@pytest.mark.timeout(1200)
def test_ten_minutes_of_requests_leave_no_error_and_no_memory() -> None:
    seconds = float(os.environ.get("GRAPHWRIGHT_FUZZ_SECONDS", "600"))
    end = time.monotonic() + seconds
    seed, good, refused, sizes = 1000, 0, 0, []
    while time.monotonic() < end:
        everything, operations = open_everything()
        for _ in range(4):
            seed += 1
            counts = fuzz(everything, operations, seed, 500)
            good, refused = good + counts[0], refused + counts[1]
        sizes.append(_resident_megabytes())
    growth = sizes[-1] - sizes[min(2, len(sizes) - 1)]
    print(f"{good} answered, {refused} refused, {growth:.0f} MB more after {len(sizes)} rounds")  # noqa: T201
    assert growth < MOST_GROWTH_MEGABYTES


def _resident_megabytes() -> float:
    listed = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], check=True, capture_output=True, text=True
    )
    return int(listed.stdout) / 1024
