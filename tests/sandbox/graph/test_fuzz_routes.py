"""Chance over every route: no exception, no 500, nothing that hangs, no memory that grows."""

import asyncio
import gc
import time
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.request import no_content
from graphwright_sandbox.graph.routing import Operation
from tests.sandbox.graph.calls import NOW, administered_by, authorize
from tests.sandbox.graph.fuzzing import Failure, Fuzzer

_MINUTES = 10


async def run(seed: int, count: int) -> tuple[dict[int, int], list[Failure]]:
    # A tenant of its own: what is written to people and groups must not reach other tests.
    fuzzer = Fuzzer(create_graph_app(administered_by("noah.kim"), authorize, lambda: NOW), seed)
    await fuzzer.discover()
    return await fuzzer.find_failures(count)


@pytest.mark.parametrize("seed", range(2))
async def test_no_request_ends_in_a_server_error(seed: int) -> None:
    statuses, failures = await run(seed, 1000)
    assert failures == []
    assert statuses[200] > 20, "some of it must make sense"
    assert statuses[400] > 200
    assert 401 not in statuses


@pytest.mark.parametrize("fault", ["raises", "500", "hangs"])
async def test_what_goes_wrong_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if fault == "raises":
            raise RuntimeError("planted")
        if fault == "hangs":
            began = time.process_time()
            while time.process_time() - began < 0.02:
                pass
        status = 500 if fault == "500" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})

    monkeypatch.setattr("tests.sandbox.graph.fuzzing.SLOW", 0.01)
    operation = Operation("GET", "/me/x", lambda request: no_content())
    app.state = SimpleNamespace(operations=[operation], workloads=[])  # type: ignore[attr-defined]
    _, failures = await Fuzzer(app, 1).find_failures(3)
    assert len(failures) == 3


@pytest.mark.verify
@pytest.mark.timeout(_MINUTES * 60 + 120)
def test_ten_minutes_of_chance_find_nothing_and_leave_nothing() -> None:
    end = time.monotonic() + _MINUTES * 60
    seed, before = 1000, 0
    tracemalloc.start()
    try:
        while time.monotonic() < end:
            _, failures = asyncio.run(run(seed, 2000))
            assert failures == [], seed
            gc.collect()
            held, _ = tracemalloc.get_traced_memory()
            # The first rounds fill caches of fixed size.
            before = held if seed < 1003 else before
            seed += 1
        assert held - before < 30 * 1024 * 1024
    finally:
        tracemalloc.stop()
