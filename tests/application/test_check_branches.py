"""Loops whose items run on their own: what no item may do is told before it runs."""

import pytest

from tests.application.conftest import Model

FLOW = """
kind: regular
path: /each
variables: {rows: [1]}
start: before
nodes:
  before: {type: assign, set: {a: 1}, exits: {default: each}}
  each: {type: loop, items: rows, parallel: 2, exits: {each: one, done: end, error: end}}
  one: {type: assign, set: {b: 2}, exits: {default: two}}
  two: {type: subflow, flow: inner, exits: {default: each}}
  end: {type: end}
"""
INNER = """
kind: action
start: end
nodes: {end: {type: end}}
"""
ASKING = """
kind: regular
path: /asks
start: ask
nodes: {ask: {type: authenticate, profile: graph-user, exits: {authenticated: end}}, end: {type: end}}
"""


@pytest.fixture
def looped(model: Model) -> Model:
    model.write("flows/inner.yaml", INNER)
    model.write("flows/asks.yaml", ASKING)
    model.write("flows/outer.yaml", FLOW)
    assert model.problems() == []
    return model


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("one: {type: assign, set: {b: 2}", "one: {type: end", [("pauseInParallel", "one")]),
        ("type: assign, set: {b: 2}, exits: {default:",
         "type: authenticate, profile: graph-user, exits: {authenticated:",
         [("pauseInParallel", "one")]),
        ("flow: inner", "flow: asks", [("pauseInParallel", "two")]),
        ("{default: two}", "{default: end}", [("leavesParallel", "one")]),
        ("each: one,", "each: before,", [("leavesParallel", "each")]),
        ("flow: inner, exits: {default: each}", "flow: inner, exits: {default: each, error: before}",
         [("leavesParallel", "two")]),
        ("parallel: 2, exits: {each: one,", "failures: go_on, exits: {each: end,",
         [("leavesParallel", "each")]),
    ],
)  # fmt: skip
def test_what_an_item_cannot_do_is_told(
    looped: Model, old: str, new: str, found: list[tuple[str, str]]
) -> None:
    looped.change("flows/outer.yaml", old, new)
    told = [p for p in looped.problems() if p.code.endswith("Parallel")]
    assert [(p.code, p.place.node) for p in told] == found
    assert all(p.place.file == "flows/outer.yaml" and p.place.line for p in told)


def test_items_one_after_the_other_may_do_all_of_it(looped: Model) -> None:
    looped.change("flows/outer.yaml", "parallel: 2, ", "")
    looped.change(
        "flows/outer.yaml",
        "flow: inner, exits: {default: each}",
        "flow: asks, exits: {default: end}",
    )
    assert [p for p in looped.problems() if p.code.endswith("Parallel")] == []


@pytest.mark.parametrize("value", ["0", "65", "two"])
def test_how_many_at_once_is_a_number_of_1_to_64(looped: Model, value: str) -> None:
    looped.change("flows/outer.yaml", "parallel: 2", f"parallel: {value}")
    assert [p.code for p in looped.problems()][:1] == ["valueInvalid"]
