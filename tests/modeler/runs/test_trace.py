"""Traces: the way taken with values masked, whose run it was, bounded, and told not too often."""

import asyncio
from typing import Any

import pytest

from graphwright.expressions import compile_expression
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError
from graphwright.kernel.errors import GraphwrightError, NotFound
from graphwright.modeler import recording, trace
from graphwright.modeler.masking import MASK, Masker
from tests.flows.conftest import ADA, BOB, answer, refusal
from tests.modeler.runs.conftest import Watching

CALLS = """
kind: action
variables: {other: 1, path: x}
start: call
nodes:
  call:
    type: http_request
    url: "https://api.example/{{ path }}"
    response: got
    exits: {default: take, error: last}
  take: {type: assign, set: {name: "{{ got.body.name }}", other: 1}, exits: {default: last}}
  last: {type: end}
"""
SIGNED = """
kind: regular
path: /signed
inputs: {pin: {sensitive: true}, name: {}}
start: copy
nodes:
  copy: {type: assign, set: {x: "{{ input.pin }}", y: "pin is {{ input.pin }}"}, exits: {default: show}}
  show: {type: page, page: p, outputs: {go: form}, exits: {go: last}}
  last: {type: assign, set: {z: "{{ form.code }}!"}, exits: {default: end}}
  end: {type: end}
"""


async def test_a_trace_has_every_node_with_inputs_read_first_outputs_exit_and_duration(
    watching: Watching,
) -> None:
    watching.place.add("one", CALLS)
    watching.place.web.answers = [answer(200, {"name": "Ada"})]
    await watching.run("one", ADA)
    run = watching.latest
    assert (run.flow, run.kind, run.who, run.status) == ("one", "action", "Ada", "done")
    assert [(v.index, v.node, v.type, v.exit) for v in run.visits] == [
        (0, "call", "http_request", "default"),
        (1, "take", "assign", "default"),
        (2, "last", "end", "end"),
    ]
    call, take, _ = run.visits
    assert list(call.inputs) == ["path", "input", "other"]
    assert call.outputs["got"]["body"] == {"name": "Ada"}
    # Also what is set to the value that it had.
    assert take.outputs == {"name": "Ada", "other": 1}
    assert all(v.milliseconds is not None and v.milliseconds >= 0 for v in run.visits)
    assert run.nodes == 3


async def test_an_error_is_told_at_its_node_and_where_no_exit_takes_it_at_the_run(
    watching: Watching,
) -> None:
    watching.place.add("one", CALLS)
    watching.place.web.answers = [refusal(404)]
    await watching.run("one")
    assert watching.latest.visits[0].error["status"] == 404
    assert (watching.latest.status, watching.latest.error) == ("done", None)
    watching.place.add("two", CALLS.replace(", error: last", ""))
    watching.place.web.answers = [refusal(404)]
    with pytest.raises(HttpError):
        await watching.run("two")
    run = watching.latest
    assert (run.status, run.error["status"], run.visits[0].exit) == ("failed", 404, "error")


async def test_secrets_tokens_and_headers_are_masked_in_inputs_outputs_and_errors(
    watching: Watching,
) -> None:
    watching.masker = Masker(frozenset({"planted-secret"}))
    watching.renew()
    watching.place.add("one", CALLS.replace("path: x", "path: planted-secret"))
    response = answer(200, {"name": "planted-secret", "access_token": "abc"})
    response.headers["set-cookie"] = "sid=abc"
    watching.place.web.answers = [response]
    await watching.run("one")
    shown = watching.latest.model_dump_json()
    assert "planted-secret" not in shown
    got = watching.latest.visits[0].outputs["got"]
    assert (got["body"]["access_token"], got["headers"]["set-cookie"]) == (MASK, MASK)
    watching.place.web.answers = [HttpError("Refused planted-secret.", hint="", status=500)]
    await watching.run("one")
    assert watching.latest.visits[0].error["message"] == f"Refused {MASK}."


async def test_a_sensitive_value_is_masked_wherever_the_run_puts_it(watching: Watching) -> None:
    watching.place.add("signed", SIGNED)
    step = await watching.place.start("signed", pin="9137-pin", name="planted-name")
    await watching.place.exit(
        step, "go", {"code": "4711-code", "a": "b"}, sensitive=frozenset({"code"})
    )
    shown = watching.latest.model_dump_json()
    assert "planted-name" in shown
    assert "9137-pin" not in shown
    assert "4711-code" not in shown
    copy, show, last, _ = watching.latest.visits
    assert copy.outputs == {"x": MASK, "y": f"pin is {MASK}"}
    assert (show.outputs["form"], last.outputs["z"]) == ({"code": MASK, "a": "b"}, f"{MASK}!")
    values = str(watching.traces.values_at("signed", "last"))
    assert "4711-code" not in values
    assert "planted-name" in values


async def test_a_run_that_goes_on_in_a_draft_with_a_new_secret_does_not_show_it(
    watching: Watching,
) -> None:
    watching.place.add("signed", SIGNED)
    step = await watching.place.start("signed", name="planted-secret")
    watching.masker = Masker(frozenset({"planted-secret"}))
    watching.renew()
    await watching.place.exit(step, "go", {"code": "planted-secret"})
    before, _, last, _ = watching.latest.visits
    assert before.inputs["input"]["name"] == "planted-secret"
    assert (last.inputs["input"]["name"], last.outputs["z"]) == (MASK, f"{MASK}!")


async def test_a_page_is_one_visit_and_its_waiting_is_not_counted(watching: Watching) -> None:
    watching.place.add("signed", SIGNED)
    step = await watching.place.start("signed", name="x")
    assert watching.latest.status == "waiting"
    assert [(v.node, v.exit) for v in watching.latest.visits] == [
        ("copy", "default"),
        ("show", None),
    ]
    await asyncio.sleep(0.3)
    await watching.place.exit(step, "go", {"code": "1"})
    assert [v.node for v in watching.latest.visits] == ["copy", "show", "last", "end"]
    shown = watching.latest.visits[1]
    assert (shown.exit, shown.outputs) == ("go", {"form": {"code": "1"}})
    assert shown.milliseconds is not None
    assert shown.milliseconds < 250
    assert watching.latest.milliseconds < 250


async def test_a_page_answered_again_after_going_back_is_a_visit_of_its_own(
    watching: Watching,
) -> None:
    watching.place.add("signed", SIGNED)
    step = await watching.place.start("signed", name="x")
    await watching.place.exit(step, "go", {"code": "1"})
    await watching.place.exit(step, "go", {"code": "2"})
    assert len(watching.traces.list()) == 1
    nodes = [v.node for v in watching.latest.visits]
    assert nodes == ["copy", "show", "last", "end", "show", "last", "end"]


async def test_the_nodes_of_a_sub_flow_stand_below_its_node(watching: Watching) -> None:
    watching.place.add("one", CALLS)
    watching.place.add(
        "outer",
        "{kind: action, start: s, nodes: {s: {type: subflow, flow: one, exits: {default: e}},"
        " e: {type: end}}}",
    )
    watching.place.web.answers = [answer(200, {"name": "Ada"})]
    await watching.run("outer")
    assert [(v.depth, v.flow, v.node, v.exit) for v in watching.latest.visits] == [
        (0, "outer", "s", "default"),
        (1, "one", "call", "default"),
        (1, "one", "take", "default"),
        (1, "one", "last", "end"),
        (0, "outer", "e", "end"),
    ]


async def test_a_collection_is_shown_and_not_drained_by_looking(watching: Watching) -> None:
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    page = Page([{"id": "1"}], "next", size=10)
    watching.place.add("one", CALLS.replace("got.body.name", "got.status"))
    watching.place.web.answers = [answer(200, CollectionHandle(call, None, page))]
    await watching.run("one")
    body = watching.latest.visits[0].outputs["got"]["body"]
    assert body == {"…": "A collection: 1 item so far, more to come", "value": [{"id": "1"}]}
    assert watching.place.web.fetched == []
    values = watching.traces.values_at("one", "take")
    assert compile_expression("got.body.value[0].id").evaluate(values) == "1"


async def test_two_people_at_once_each_have_a_trace_that_knows_whose_it_is(
    watching: Watching,
) -> None:
    watching.place.add("signed", SIGNED)
    await asyncio.gather(
        watching.place.start("signed", ADA, name="ada-value"),
        watching.place.start("signed", BOB, name="bob-value"),
    )
    runs = [watching.traces.get(entry.id).to_wire() for entry in watching.traces.list()]
    told = {run.who: run.model_dump_json() for run in runs}
    assert told.keys() == {"Ada", "Bob"}
    assert "ada-value" in told["Ada"]
    assert "bob-value" not in told["Ada"]
    assert "bob-value" in told["Bob"]


@pytest.mark.parametrize(
    "hostile", ["", "nothing", "../../etc/passwd", "<script>", "x" * 10_000, "\x00", "__init__"]
)
def test_a_trace_that_is_not_kept_is_not_found_and_not_repeated(
    watching: Watching, hostile: str
) -> None:
    for ask in (
        lambda: watching.traces.get(hostile),
        lambda: watching.traces.visit(hostile, 0),
        lambda: watching.traces.resume(hostile, "continue"),
    ):
        with pytest.raises(NotFound) as caught:
            ask()
        assert not hostile or hostile not in str(caught.value)


async def test_values_of_a_node_are_those_before_it_ran_last(watching: Watching) -> None:
    watching.place.add("one", CALLS)
    for name in ("Ada", "Bob"):
        watching.place.web.answers = [answer(200, {"name": name})]
        await watching.run("one", ADA)
    values = watching.traces.values_at("one", "take")
    assert values["got"]["body"] == {"name": "Bob"}
    assert "name" not in values
    assert (values["user"]["id"], values["error"]) == ("ada-id", None)
    assert watching.traces.values_at("one")["name"] == "Bob"
    assert watching.traces.values_at("one", "nothing") == {}
    assert watching.traces.values_at("nothing", "take") == {}


LOOP = """
kind: action
variables: {rows: %s}
start: each
nodes:
  each: {type: loop, items: rows, exits: {each: take, done: end}}
  take: {type: assign, set: {x: "{{ item & '!' }}"}, exits: {default: each}}
  end: {type: end}
"""


async def test_of_a_long_run_the_first_and_the_last_visits_are_kept(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "FIRST_KEPT", 3)
    monkeypatch.setattr(recording, "LAST_KEPT", 4)
    watching.place.add("loop", LOOP % [str(number) for number in range(50)])
    await watching.run("loop")
    run = watching.latest
    assert [v.index for v in run.visits] == [0, 1, 2, 98, 99, 100, 101]
    assert (run.nodes, run.visits[-1].exit) == (102, "end")
    with pytest.raises(NotFound):
        watching.traces.visit(run.id, 50)


async def test_at_most_so_many_runs_are_kept(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST_RUNS", 3)
    watching.place.add("loop", LOOP % [])
    reports = [await watching.run("loop") for _ in range(5)]
    kept = [entry.id for entry in watching.traces.list()]
    assert kept == [report.run_id for report in reversed(reports[2:])]


async def test_large_values_do_not_fill_the_memory(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST_BYTES", 400_000)
    monkeypatch.setattr(recording, "MOST_KEPT_BYTES", 150_000)
    watching.place.add("one", CALLS)
    for _ in range(6):
        watching.place.web.answers = [answer(200, {"name": "x" * 200_000})]
        await watching.run("one")
    traces = [watching.traces.get(entry.id) for entry in watching.traces.list()]
    assert sum(found.size for found in traces) < 800_000
    assert all(visit.kept is None for visit in traces[-1].visits)
    # What is shown stays, and values are still there for expressions.
    assert traces[-1].visits[1].inputs["got"]["status"] == 200
    assert watching.traces.values_at("one", "take")["got"]["status"] == 200


async def test_changes_are_told_but_not_for_every_node(watching: Watching) -> None:
    watching.place.add("loop", LOOP % [str(number) for number in range(300)])
    report = await watching.run("loop")
    kinds = {kind for kind, _ in watching.events}
    assert kinds == {"trace"}
    assert watching.events[-1][1] == {"id": report.run_id, "status": "done", "nodes": 602}
    assert len(watching.events) < 100


async def test_a_flow_that_cannot_begin_is_a_failed_run(watching: Watching) -> None:
    watching.place.add("one", CALLS.replace("other: 1,", "other: \"{{ $number('x') }}\",", 1))
    with pytest.raises(GraphwrightError):
        await watching.run("one")
    assert (watching.latest.status, watching.latest.nodes) == ("failed", 0)


async def test_a_value_that_is_given_away_by_size_alone_is_estimated_not_walked() -> None:
    rows: Any = [{"id": str(number), "text": "x" * 100} for number in range(100_000)]
    assert 10_000_000 < recording.estimate(rows) < 60_000_000


EACH = """
kind: action
variables: {rows: [1, 2, 3]}
start: each
nodes:
  each: {type: loop, items: rows, parallel: 3, exits: {each: call, done: end}}
  call: {type: http_request, url: "https://x.test/{{ item }}", response: got, exits: {default: each}}
  end: {type: end}
"""


async def test_items_that_are_at_one_node_at_the_same_time_have_each_their_visit(
    watching: Watching,
) -> None:
    arrived = asyncio.Barrier(3)

    async def send(call: Call) -> Any:
        await arrived.wait()
        return answer(200, {"said": call.url[-1]})

    watching.place.add("one", EACH)
    watching.renew()
    watching.place.web.answers = [send] * 3
    await watching.run("one")
    visits = watching.latest.visits
    ways = [(visit.node, visit.exit) for visit in visits]
    assert ways == [("each", "done"), *[("call", "default")] * 3, ("end", "end")]
    for visit in visits[1:4]:
        assert visit.outputs["got"]["body"] == {"said": str(visit.inputs["item"])}
