"""Running action flows: exits, errors and where they go, sub-flows, loops, limits, the runs list."""

from typing import Any

import pytest

from graphwright.flows import interpreter
from graphwright.flows.errors import InputInvalid, PageInActionFlow, TooManySteps
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError
from graphwright.kernel.errors import NotFound, Unexpected
from tests.flows.conftest import ADA, Place, answer, refusal

GET = "{type: http_request, url: https://api.example/x, response: got, exits: {%s}}"
NAMED = """
kind: action
start: call
nodes:
  call: {call}
  a: {{type: end, message: a, result: "{{{{ error }}}}"}}
  b: {{type: end, message: b, result: "{{{{ error }}}}"}}
  c: {{type: end, message: c, result: "{{{{ got }}}}"}}
"""


@pytest.mark.parametrize(
    ("status", "exits", "taken"),
    [
        (404, '"404": a, 4xx: b, error: c', "a"),
        (404, "4xx: b, error: c", "b"),
        (404, "5xx: b, error: a", "a"),
        (503, "5xx: b, error: a", "b"),
        (500, "error: a", "a"),
    ],
)
async def test_an_error_takes_the_exit_of_its_status_or_class_or_error(
    place: Place, status: int, exits: str, taken: str
) -> None:
    place.add("one", NAMED.format(call=GET % exits))
    place.web.answers = [refusal(status)]
    report = await place.run("one")
    assert report.end["message"] == taken
    if taken != "c":
        error = report.end["result"]
        assert (error["status"], error["request_id"], error["node"]) == (status, "req-1", "call")
        assert error["hint"] == "Look at it."


@pytest.mark.parametrize(
    ("status", "exits", "taken"),
    [
        (200, "default: c", "c"),
        (202, '"202": a, default: c', "a"),
        (201, "2xx: b, default: c", "b"),
    ],
)
async def test_a_response_takes_the_exit_of_its_status_or_default(
    place: Place, status: int, exits: str, taken: str
) -> None:
    place.add("one", NAMED.format(call=GET % exits))
    place.web.answers = [answer(status, {"x": 1})]
    assert (await place.run("one")).end["message"] == taken


async def test_an_error_without_exit_names_flow_and_node_and_ends_in_the_runs_list(
    place: Place,
) -> None:
    place.add("one", NAMED.format(call=GET % "default: c"))
    place.web.answers = [refusal(403)]
    with pytest.raises(HttpError) as caught:
        await place.run("one", ADA)
    assert caught.value.place is not None
    assert (caught.value.place.flow, caught.value.place.node) == ("one", "call")
    (run,) = await place.runs()
    assert (run["status"], run["who"], run["flow"]) == ("failed", "Ada", "one")
    assert (run["error"]["status"], run["error"]["place"]["node"]) == (403, "call")
    assert [(v["node"], v["exit"]) for v in run["way"]] == [("call", "error")]


async def test_a_fault_of_ours_is_told_without_its_text(place: Place) -> None:
    async def fail(_call: Call) -> Any:
        raise RuntimeError("a secret")

    place.add("one", NAMED.format(call=GET % "default: c"))
    place.web.answers = [fail]
    with pytest.raises(Unexpected) as caught:
        await place.run("one")
    assert "a secret" not in str(caught.value)
    assert "RuntimeError" in str(caught.value)
    assert isinstance(caught.value.__cause__, RuntimeError)


async def test_a_done_run_is_in_the_runs_list_with_its_way_and_counts(place: Place) -> None:
    place.add("one", NAMED.format(call=GET % "default: c"))
    place.web.answers = [answer(200, {})]
    report = await place.run("one")
    (run,) = await place.runs()
    assert run["id"] == report.run_id
    assert (run["status"], run["kind"], run["error"]) == ("done", "action", None)
    assert [(v["node"], v["exit"]) for v in run["way"]] == [("call", "default"), ("c", "pause")]
    assert run["counts"]["requests"] == 1
    assert run["duration_ms"] >= 0


CALLER = """
kind: action
start: call
nodes:
  call:
    type: subflow
    flow: inner
    inputs: {{who: "{who}"}}
    result: got
    exits: {{{exits}}}
  a: {{type: end, message: a, result: "{{{{ got }}}}"}}
  b: {{type: end, message: b, result: "{{{{ error }}}}"}}
"""
INNER = """
kind: action
inputs: {who: {type: text, required: true}}
start: choose
nodes:
  choose:
    type: decision
    cases: {bad: "input.who = 'bad'", odd: "input.who = 'odd'"}
    exits: {bad: fail, odd: odd, otherwise: done}
  fail: {type: http_request, url: https://api.example/x, exits: {default: done}}
  odd: {type: end, exit: odd, result: {said: odd}}
  done: {type: end, result: {hello: "{{ input.who }}"}}
"""


@pytest.mark.parametrize(
    ("who", "exits", "message", "result"),
    [
        ("Ada", "default: a", "a", {"hello": "Ada"}),
        ("odd", "default: b, odd: a", "a", {"said": "odd"}),
        ("odd", "default: a", None, None),
    ],
)
async def test_a_sub_flow_gives_its_result_and_the_exit_of_its_end(
    place: Place, who: str, exits: str, message: str | None, result: Any
) -> None:
    place.add("inner", INNER)
    place.add("outer", CALLER.format(who=who, exits=exits))
    report = await place.run("outer")
    assert (report.end.get("message"), report.end.get("result")) == (message, result)


async def test_an_error_in_a_sub_flow_takes_the_error_exit_of_the_node_that_runs_it(
    place: Place,
) -> None:
    place.add("inner", INNER)
    place.add("outer", CALLER.format(who="bad", exits="default: a, error: b"))
    place.web.answers = [refusal(400)]
    report = await place.run("outer")
    assert report.end["message"] == "b"
    assert (report.end["result"]["node"], report.end["result"]["status"]) == ("fail", 400)
    way = [(visit["node"], visit["exit"]) for visit in report.way]
    assert way == [
        ("call", "enter"),
        ("choose", "bad"),
        ("fail", "error"),
        ("call", "error"),
        ("b", "pause"),
    ]


async def test_an_error_in_a_sub_flow_without_any_exit_names_the_inner_node(place: Place) -> None:
    place.add("inner", INNER)
    place.add("outer", CALLER.format(who="bad", exits="default: a"))
    place.web.answers = [refusal(400)]
    with pytest.raises(HttpError) as caught:
        await place.run("outer")
    assert caught.value.place is not None
    assert (caught.value.place.flow, caught.value.place.node) == ("inner", "fail")


async def test_wrong_inputs_of_a_sub_flow_take_the_error_exit(place: Place) -> None:
    place.add("inner", INNER)
    place.add("outer", CALLER.format(who="", exits="default: a, error: b"))
    report = await place.run("outer")
    assert (report.end["message"], report.end["result"]["code"]) == ("b", "inputInvalid")


async def test_a_sub_flow_has_variables_of_its_own(place: Place) -> None:
    place.add(
        "inner",
        "{kind: action, start: set, nodes: {set: {type: assign, set: {x: inner}}}}",
    )
    place.add(
        "outer",
        """
        kind: action
        variables: {x: outer}
        start: call
        nodes:
          call: {type: subflow, flow: inner, exits: {default: done}}
          done: {type: end, result: "{{ x }}"}
        """,
    )
    assert (await place.run("outer")).end["result"] == "outer"


async def test_flows_that_run_themselves_are_stopped(place: Place) -> None:
    place.add("again", "{kind: action, start: go, nodes: {go: {type: subflow, flow: again}}}")
    with pytest.raises(TooManySteps, match="20 deep"):
        await place.run("again")
    assert (await place.runs())[0]["error"]["code"] == "tooManySteps"


async def test_a_flow_that_goes_round_for_ever_is_stopped(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "MAX_NODES", 50)
    place.add(
        "round",
        "{kind: action, start: go, nodes: "
        "{go: {type: assign, set: {x: 1}, exits: {default: go, error: go}}}}",
    )
    with pytest.raises(TooManySteps) as caught:
        await place.run("round")
    assert caught.value.place is not None
    assert caught.value.place.node == "go"


COLLECT = """
kind: action
variables: {seen: [], items: null}
start: each
nodes:
  each: {type: loop, items: items, item: one, exits: {each: keep, done: end}}
  keep: {type: assign, set: {seen: "{{ $append(seen, one) }}"}, exits: {default: each}}
  end: {type: end, result: "{{ seen }}"}
"""


async def test_a_loop_hands_out_the_items_of_an_array(place: Place) -> None:
    place.add("all", COLLECT.replace("items: null", "items: [1, 2, 3]"))
    report = await place.run("all")
    assert report.end["result"] == [1, 2, 3]
    assert report.counts["items"] == 3


async def test_a_loop_drains_a_paged_collection_page_by_page(place: Place) -> None:
    call = Call("GET", "https://graph.example/v1.0/users", authentication=Authentication("none"))
    place.web.pages = {None: Page([1, 2], "p2"), "p2": Page([], "p3"), "p3": Page([3])}
    place.web.answers = [answer(200, CollectionHandle(call))]
    place.add(
        "all",
        COLLECT.replace("start: each", "start: load")
        .replace("items: items", "items: got.body")
        .replace("nodes:\n", "nodes:\n  load: " + GET % "default: each" + "\n"),
    )
    report = await place.run("all")
    assert report.end["result"] == [1, 2, 3]
    assert place.web.fetched == [None, "p2", "p3"]


async def test_a_loop_within_a_loop_starts_anew_for_every_outer_item(place: Place) -> None:
    place.add(
        "nested",
        """
        kind: action
        variables: {seen: [], outer: [a, b], inner: [1, 2, 3]}
        start: each_outer
        nodes:
          each_outer: {type: loop, items: outer, item: o, exits: {each: each_inner, done: end}}
          each_inner: {type: loop, items: inner, item: i, exits: {each: enough, done: each_outer}}
          enough: {type: decision, cases: {more: i < 3}, exits: {more: keep, otherwise: each_outer}}
          keep: {type: assign, set: {seen: "{{ $append(seen, o & i) }}"}, exits: {default: each_inner}}
          end: {type: end, result: "{{ seen }}"}
        """,
    )
    # The inner loop is left at 3, before it was done: it must not go on there for the next item.
    assert (await place.run("nested")).end["result"] == ["a1", "a2", "b1", "b2"]


async def test_an_action_flow_that_comes_to_a_page_fails(place: Place) -> None:
    place.add("shows", "{kind: action, start: show, nodes: {show: {type: page, page: x}}}")
    with pytest.raises(PageInActionFlow):
        await place.run("shows")
    assert (await place.runs())[0]["status"] == "failed"


async def test_only_action_flows_run_unattended(place: Place) -> None:
    place.add("regular", "{kind: regular, start: end, nodes: {end: {type: end}}}")
    with pytest.raises(PageInActionFlow):
        await place.run("regular")
    with pytest.raises(NotFound, match="regula"):
        await place.run("regulr")


INPUTS = """
kind: action
inputs:
  n: {type: integer}
  x: {type: number, default: 1.5}
  yes: {type: boolean}
  day: {type: date}
  at: {type: datetime}
  tree: {type: json}
  name: {type: text, required: true}
start: end
nodes: {end: {type: end, result: "{{ input }}"}}
"""


async def test_inputs_become_values_of_their_types(place: Place) -> None:
    place.add("typed", INPUTS)
    report = await place.run(
        "typed",
        n="3",
        yes="no",
        day="2026-11-23",
        at="2026-11-23T10:00:00+02:00",
        tree='{"a": [1]}',
        name="=x=",
    )
    assert report.end["result"] == {
        "n": 3,
        "x": 1.5,
        "yes": False,
        "day": "2026-11-23",
        "at": "2026-11-23T08:00:00Z",
        "tree": {"a": [1]},
        "name": "=x=",
    }


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "name is required"),
        ({"name": ""}, "name is required"),
        ({"name": "x", "n": "three"}, "n is no integer"),
        ({"name": "x", "n": 1.5}, "n is no integer"),
        ({"name": "x", "x": "nan"}, "x is no number"),
        ({"name": "x", "yes": "perhaps"}, "yes is no boolean"),
        ({"name": "x", "day": "tomorrow"}, "day is no date"),
        ({"name": "x", "at": "noon"}, "at is no datetime"),
        ({"name": "x", "tree": "{"}, "tree is no json"),
        ({"name": ["x"]}, "name is no text"),
        ({"nmae": "x"}, "no input 'nmae'"),
    ],
)
async def test_wrong_inputs_are_refused_and_stand_in_the_runs_list(
    place: Place, inputs: dict[str, Any], words: str
) -> None:
    place.add("typed", INPUTS)
    with pytest.raises(InputInvalid, match=words) as caught:
        await place.run("typed", **inputs)
    assert caught.value.place is not None
    assert caught.value.place.flow == "typed"
    assert (await place.runs())[0]["status"] == "failed"
