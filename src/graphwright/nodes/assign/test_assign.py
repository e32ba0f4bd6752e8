"""The node `assign`."""

import pytest

from graphwright.expressions import ExpressionFailed
from graphwright.flows.context import Exit
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from tests.flows.conftest import ADA, NodeRunner


async def test_variables_are_set_in_order_each_seeing_the_ones_before(run_node: NodeRunner) -> None:
    node = """
        type: assign
        set:
          a: "{{ n + 1 }}"
          b: "{{ a * 2 }}"
          text: "{{ a }} and {{ b }}"
          tree: {who: "{{ user.name }}", list: [1, "{{ n }}"], nothing: null}
    """
    outcome, context = await run_node(node, n=1, person=ADA)
    assert outcome == Exit()
    set_ = {name: context.frame.variables[name] for name in ("a", "b", "text", "tree")}
    assert set_ == {
        "a": 2,
        "b": 4,
        "text": "2 and 4",
        "tree": {"who": "Ada", "list": [1, 1], "nothing": None},
    }


@pytest.mark.parametrize("value", ["{{ not an expression", "'; DROP TABLE x", "👋/?&"])
async def test_what_a_variable_holds_is_never_an_expression(
    run_node: NodeRunner, value: str
) -> None:
    _, context = await run_node('{type: assign, set: {b: "{{ a }}"}}', a=value)
    assert context.frame.variables["b"] == value


async def test_the_times_are_those_of_the_persons_zone(run_node: NodeRunner) -> None:
    _, context = await run_node('{type: assign, set: {d: "{{ now.week }}"}}')
    expected = {"start": "2026-11-22T23:00:00Z", "end": "2026-11-29T23:00:00Z"}
    assert context.frame.variables["d"] == expected


async def test_a_collection_is_read_whole_where_an_expression_needs_its_rows(
    run_node: NodeRunner,
) -> None:
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    run_node.place.web.pages = {None: Page([{"n": 1}], "p2"), "p2": Page([{"n": 2}])}
    got = {"status": 200, "body": CollectionHandle(call)}
    _, context = await run_node('{type: assign, set: {n: "{{ $sum(got.body.value.n) }}"}}', got=got)
    assert context.frame.variables["n"] == 3
    assert isinstance(got["body"], CollectionHandle)


async def test_the_status_is_read_without_reading_the_collection(run_node: NodeRunner) -> None:
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    got = {"status": 200, "body": CollectionHandle(call)}
    _, context = await run_node('{type: assign, set: {s: "{{ got.status }}"}}', got=got)
    assert context.frame.variables["s"] == 200
    assert run_node.place.web.fetched == []


async def test_an_expression_that_fails_is_an_error(run_node: NodeRunner) -> None:
    with pytest.raises(ExpressionFailed):
        await run_node('{type: assign, set: {a: "{{ $number(n) }}"}}', n="x")
