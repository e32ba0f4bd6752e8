"""The node `decision`."""

from typing import Any

import pytest

from graphwright.expressions import ExpressionFailed
from graphwright.flows.context import Exit
from tests.flows.conftest import NodeRunner


@pytest.mark.parametrize(("n", "taken"), [(20, "large"), (6, "even"), (7, "otherwise")])
async def test_the_first_case_that_holds_is_taken(run_node: NodeRunner, n: int, taken: str) -> None:
    node = '{type: decision, cases: {large: n > 10, even: "n % 2 = 0"}}'
    assert (await run_node(node, n=n))[0] == Exit(taken)


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        (True, True),
        (False, False),
        (0, False),
        (0.5, True),
        ("", False),
        ("no", True),
        (None, False),
        ([], False),
        ([0], False),
        ([0, 1], True),
        ({}, False),
        ({"a": 1}, True),
    ],
)
async def test_a_condition_holds_as_jsonata_says(
    run_node: NodeRunner, value: Any, holds: bool
) -> None:
    outcome, _ = await run_node("{type: decision, cases: {yes: value}}", value=value)
    assert outcome == Exit("yes" if holds else "otherwise")


async def test_a_condition_is_one_expression(run_node: NodeRunner) -> None:
    node = "{type: decision, cases: {yes: 'a := 1; b'}}"
    with pytest.raises(Exception, match="expression"):
        await run_node(node, b=True)


async def test_a_condition_that_fails_is_an_error(run_node: NodeRunner) -> None:
    with pytest.raises(ExpressionFailed):
        await run_node("{type: decision, cases: {yes: text > 1}}", text="x")
