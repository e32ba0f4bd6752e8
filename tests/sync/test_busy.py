"""Graph says to come back in an hour, in the middle of an import of a whole application."""

import pytest

from graphwright.flows.deferral import run_when_due
from graphwright.flows.errors import RunDeferred
from graphwright.kernel.times import parse_instant
from tests.sync.conftest import SPARED, TOP, Work

HOUR = 3600


def test_an_hour_is_told_at_once_and_the_next_run_goes_on_then(work: Work) -> None:
    work.fault(f"429 retry-after={HOUR}")
    error, run = work.fail(RunDeferred, status="deferred")
    assert work.clock.sleeps == []
    waits = (error.not_before - work.clock.now()).total_seconds()
    assert HOUR <= waits <= HOUR + 1
    assert parse_instant(run["not_before"]) == error.not_before
    assert work.count() == run["report"]["imports"]["message"]["inserted"] == SPARED * TOP
    assert len(work.asked()) == SPARED + 1

    inputs = {"mailbox": work.mailbox}

    with pytest.raises(RunDeferred):
        work.wait_for(run_when_due(work.runtime.services, "sync", inputs, person=None, patience=60))
    assert len(work.asked()) == SPARED + 1
    total = work.total()
    work.sandbox.inspector.clear()
    due = run_when_due(work.runtime.services, "sync", inputs, person=None, patience=HOUR + 1)
    (imported,) = work.wait_for(due).summary.imports.values()
    assert work.clock.now() >= error.not_before
    assert imported.resumed
    assert work.count() == imported.inserted == total
    # What was kept is not fetched again, unless to see that the server answers.
    pages = -(-total // TOP)
    assert pages - SPARED <= len(work.asked()) <= pages - SPARED + 1
