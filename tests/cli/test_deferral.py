"""`flow run` where the service says to come later."""

from pathlib import Path

from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.cli.conftest import Run


def test_a_service_that_says_to_come_later_defers_the_flow_and_keeps_what_came(
    run: Run, connected: Path, sandbox: Sandbox
) -> None:
    sandbox.faults.add(parse_fault("GET /users: 429 retry-after=3600 after=1"))
    first = run("flow", "run", connected, "refresh_people")
    assert (first.code, first.out) == (75, "")
    assert "is deferred: the service takes no more requests before" in first.err
    assert "runDeferred, not_before: " in first.err
    assert ["person", "shared", "20"] in [
        line.split() for line in run("lists", "count", connected).out.split("\n")
    ]
    asked = sandbox.faults.hits
    again = run("flow", "run", connected, "refresh_people", "--wait", "3000")
    assert (again.code, again.out) == (75, "")
    (noted,) = run("runs", connected, "--format", "json").json["runs"]
    assert (noted["status"], noted["error"]["code"]) == ("deferred", "runDeferred")
    assert f"not_before: {noted['not_before']}" in again.err
    assert sandbox.faults.hits == asked == 1
    sandbox.faults.clear()
