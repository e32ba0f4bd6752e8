"""Breakpoints: a run is held, goes on, steps or stops; nothing half done, nobody else held."""

import asyncio
from typing import Any

import pytest

from graphwright.flows.outcomes import StepOutcome
from graphwright.kernel.errors import Conflict, NotFound
from graphwright.modeler import trace
from graphwright.modeler.breakpoints import RunStopped
from tests.flows.conftest import ADA, BOB, answer
from tests.modeler.runs.conftest import Watching

FLOW = """
kind: regular
path: /one
variables: {n: 1}
start: first
nodes:
  first: {type: assign, set: {n: 2}, exits: {default: send}}
  send:
    type: http_request
    method: POST
    url: https://api.example/x
    exits: {default: page, error: told}
  page: {type: page, page: p, exits: {go: last}}
  told: {type: assign, set: {x: 1}, exits: {default: last}}
  last: {type: end, message: done}
"""


def hold(watching: Watching, *nodes: str) -> None:
    """Breakpoints at these nodes of the flow."""
    watching.place.add("one", FLOW)
    watching.traces.breakpoints.set({"one": list(nodes)}, watching.place.flows)


async def test_a_run_holds_before_the_node_and_the_trace_shows_the_variables(
    watching: Watching,
) -> None:
    hold(watching, "send")
    watching.place.web.answers = [answer(200)]
    held = asyncio.create_task(watching.place.start("one"))
    run = await watching.until_paused()
    assert [(v.node, v.exit) for v in run.visits] == [("first", "default"), ("send", None)]
    assert run.visits[1].inputs["n"] == 2
    assert watching.place.web.sent == []
    assert watching.events[-1][1]["status"] == "paused"
    await asyncio.sleep(0.2)
    watching.traces.resume(run.id, "continue")
    assert (await held).kind == "page"
    assert len(watching.place.web.sent) == 1
    assert watching.latest.status == "waiting"
    # The time at the breakpoint is nobody's.
    assert watching.latest.milliseconds < 150


async def test_others_go_on_while_one_is_held(watching: Watching) -> None:
    hold(watching, "send")
    watching.place.web.answers = [answer(200)]
    held = asyncio.create_task(watching.place.start("one", ADA))
    run = await watching.until_paused()
    watching.place.add("two", FLOW.replace("/one", "/two"))
    watching.place.web.answers.append(answer(200))
    other = await asyncio.wait_for(watching.place.start("two", BOB), 5)
    assert other.kind == "page"
    assert not held.done()
    watching.traces.resume(run.id, "continue")
    await held


async def test_a_step_holds_before_the_next_node_and_behind_a_page(watching: Watching) -> None:
    hold(watching, "first")
    watching.place.web.answers = [answer(200)]
    held = asyncio.create_task(watching.place.start("one"))
    seen = []
    for _ in range(3):
        run = await watching.until_paused()
        seen.append(run.visits[-1].node)
        watching.traces.resume(run.id, "step")
        await asyncio.sleep(0)
        await watching.until(
            lambda: watching.latest.status != "paused" or len(watching.latest.visits) > len(seen)
        )
    page = await held
    assert seen == ["first", "send", "page"]
    left = asyncio.create_task(watching.place.exit(page, "go"))
    run = await watching.until_paused()
    assert run.visits[-1].node == "last"
    watching.traces.resume(run.id, "continue")
    assert (await left).kind == "end"


async def test_a_stop_ends_the_run_with_a_clear_error_and_nothing_half_done(
    watching: Watching,
) -> None:
    hold(watching, "send")
    held = asyncio.create_task(watching.place.start("one"))
    run = await watching.until_paused()
    watching.traces.resume(run.id, "stop")
    with pytest.raises(RunStopped, match="stopped before the node send"):
        await held
    # Its error exit does not take it, and nothing was sent.
    assert watching.place.web.sent == []
    run = watching.latest
    assert (run.status, run.error["code"], run.nodes) == ("stopped", "runStopped", 2)
    assert run.visits[-1].exit == "stopped"
    (listed,) = await watching.place.runs()
    assert (listed["status"], listed["error"]["code"]) == ("failed", "runStopped")


async def test_a_stopped_submission_may_be_sent_again(watching: Watching) -> None:
    hold(watching, "last")
    watching.place.web.answers = [answer(200)]
    page = await watching.place.start("one")
    left = asyncio.create_task(watching.place.exit(page, "go", submission="s1"))
    watching.traces.resume((await watching.until_paused()).id, "stop")
    with pytest.raises(RunStopped):
        await left
    watching.traces.breakpoints.set({}, watching.place.flows)
    assert (await watching.place.exit(page, "go", submission="s1")).kind == "end"


async def test_the_same_submission_sent_meanwhile_gets_the_same_result(
    watching: Watching,
) -> None:
    hold(watching, "last")
    watching.place.web.answers = [answer(200)]
    page = await watching.place.start("one")

    async def leave() -> StepOutcome:
        return await watching.place.exit(page, "go", submission="s1")

    first, second = asyncio.create_task(leave()), asyncio.create_task(leave())
    watching.traces.resume((await watching.until_paused()).id, "continue")
    assert (await first) == (await second)


async def test_a_run_that_is_held_too_long_stops_and_says_so(watching: Watching) -> None:
    watching.traces.longest_hold = 0.1
    hold(watching, "send")
    with pytest.raises(RunStopped, match=r"held at a breakpoint for 0\.1 seconds"):
        await watching.place.start("one")
    assert watching.latest.status == "stopped"


async def test_when_the_modeler_ends_nothing_stays_held(watching: Watching) -> None:
    hold(watching, "send")
    held = asyncio.create_task(watching.place.start("one"))
    await watching.until_paused()
    watching.traces.interrupt()
    with pytest.raises(RunStopped, match="modeler was stopped"):
        await asyncio.wait_for(held, 1)


async def test_a_held_run_that_is_cancelled_leaves_no_hold(watching: Watching) -> None:
    hold(watching, "send")
    held = asyncio.create_task(watching.place.start("one"))
    run = await watching.until_paused()
    held.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held
    with pytest.raises(Conflict):
        watching.traces.resume(run.id, "continue")


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        ({"one": ["sendd"]}, "send"),
        ({"onne": ["send"]}, "one"),
        ({"one": ["<script>"]}, "script"),
        ({"x" * 500: ["send"]}, "no flow"),
        ({"one": ["\x00"]}, "no node"),
    ],
)
async def test_a_flow_or_node_that_does_not_exist_is_refused_and_changes_nothing(
    watching: Watching, nodes: dict[str, Any], told: str
) -> None:
    hold(watching, "send")
    with pytest.raises(NotFound) as caught:
        watching.traces.breakpoints.set(nodes, watching.place.flows)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 300
    assert watching.traces.breakpoints.to_json() == {"one": ["send"]}


async def test_a_breakpoint_whose_node_was_renamed_goes_when_the_next_is_set(
    watching: Watching,
) -> None:
    hold(watching, "send")
    watching.place.add("one", FLOW.replace("send", "post"))
    flows = watching.place.flows
    watching.traces.breakpoints.set({"one": ["send", "first"]}, flows)
    assert watching.traces.breakpoints.to_json() == {"one": ["first"]}
    # Now it is as unknown as any other.
    with pytest.raises(NotFound):
        watching.traces.breakpoints.set({"one": ["send"]}, flows)


async def test_breakpoints_are_put_in_the_place_of_all(watching: Watching) -> None:
    hold(watching, "send", "first", "send")
    assert watching.traces.breakpoints.to_json() == {"one": ["first", "send"]}
    watching.traces.breakpoints.set({"one": []}, watching.place.flows)
    assert watching.traces.breakpoints.to_json() == {}


async def test_a_held_run_that_others_push_out_is_stopped(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST_RUNS", 2)
    hold(watching, "send")
    held = [asyncio.create_task(watching.place.start("one")) for _ in range(3)]
    with pytest.raises(RunStopped, match="Too many other runs"):
        await asyncio.wait_for(held[0], 5)
    watching.traces.interrupt()
    await asyncio.gather(*held[1:], return_exceptions=True)


async def test_a_page_is_held_before_it_is_shown_and_not_again_when_it_is_answered(
    watching: Watching,
) -> None:
    hold(watching, "page")
    watching.place.web.answers = [answer(200)]
    held = asyncio.create_task(watching.place.start("one"))
    run = await watching.until_paused()
    assert run.visits[-1].node == "page"
    watching.traces.resume(run.id, "continue")
    page = await held
    assert (await asyncio.wait_for(watching.place.exit(page, "go"), 5)).kind == "end"


async def test_breakpoints_hold_in_sub_flows(watching: Watching) -> None:
    hold(watching, "first")
    watching.place.add(
        "outer",
        "{kind: regular, start: s, nodes: {s: {type: subflow, flow: one, exits: {default: e}},"
        " e: {type: end}}}",
    )
    watching.place.web.answers = [answer(200)]
    held = asyncio.create_task(watching.place.start("outer"))
    run = await watching.until_paused()
    assert [(v.depth, v.node, v.exit) for v in run.visits] == [(0, "s", None), (1, "first", None)]
    watching.traces.resume(run.id, "stop")
    with pytest.raises(RunStopped):
        await held
    assert [v.exit for v in watching.latest.visits] == ["stopped", "stopped"]
