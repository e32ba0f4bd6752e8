"""Sub-flow nodes against the flows they run."""

import pytest

from tests.application.conftest import Model

INNER = """
kind: action
inputs:
  who: {type: text, required: true}
  often: {type: integer, default: 1}
start: choose
nodes:
  choose:
    type: decision
    cases: {many: input.often > 1}
    exits: {many: some, otherwise: none}
  some: {type: end, exit: found}
  none: {type: end}
"""
OUTER = """
kind: action
start: call
nodes:
  call: {type: subflow, flow: inner, inputs: {who: Ada}, exits: {found: done}}
  done: {type: end}
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("who: Ada", "hwo: Ada", "unknownInput", "Did you mean who?"),
        ("who: Ada", "often: 2", "inputMissing", "inputs"),
        ("found: done", "fund: done", "unknownExit", "Did you mean found?"),
        ("flow: inner", "flow: iner", "unknownFlow", "inner"),
        ("flow: inner", "flow: outer", "flowRunsItself", "loop"),
    ],
)
def test_a_sub_flow_that_does_not_fit_is_told(
    model: Model, old: str, new: str, code: str, hint: str
) -> None:
    model.write("flows/inner.yaml", INNER)
    model.write("flows/outer.yaml", OUTER)
    assert model.problems() == []
    model.change("flows/outer.yaml", old, new)
    found = [p for p in model.problems() if p.code == code]
    assert found, model.problems()
    assert hint in found[0].hint
    assert (found[0].place.file, found[0].place.node) == ("flows/outer.yaml", found[0].place.node)
    assert found[0].place.line == 5


def test_a_regular_flow_within_an_action_flow_is_told(model: Model) -> None:
    model.write("flows/inner.yaml", INNER.replace("kind: action", "kind: regular"))
    model.write("flows/outer.yaml", OUTER)
    assert [p.code for p in model.problems()] == ["pageInActionFlow"]


def test_flows_in_a_circle_are_told(model: Model) -> None:
    model.write("flows/outer.yaml", OUTER)
    model.write("flows/inner.yaml", INNER.replace("type: end, exit: found",
                "type: subflow, flow: outer, exits: {default: none}"))  # fmt: skip
    codes = [p.code for p in model.problems()]
    assert codes.count("flowRunsItself") == 2
