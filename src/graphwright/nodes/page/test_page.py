"""The node `page`."""

import pytest

from graphwright.flows.context import Exit, Pause
from graphwright.flows.errors import PageInActionFlow
from tests.flows.conftest import NodeRunner

NODE = "{type: page, page: form, outputs: {submit: values}}"


async def test_it_pauses_to_show_the_page(run_node: NodeRunner) -> None:
    outcome, _ = await run_node(NODE, interactive=True)
    assert outcome == Pause("page", {"page": "form"})


async def test_an_exit_hands_its_data_to_its_variable(run_node: NodeRunner) -> None:
    outcome, context = await run_node(NODE, interactive=True, resumed=Exit("submit", {"a": 1}))
    assert outcome == Exit("submit")
    assert context.frame.variables["values"] == {"a": 1}


async def test_data_that_no_output_takes_is_dropped(run_node: NodeRunner) -> None:
    outcome, context = await run_node(NODE, interactive=True, resumed=Exit("cancel", {"a": 1}))
    assert outcome == Exit("cancel")
    assert "values" not in context.frame.variables


async def test_sensitive_values_are_marked_and_unmarked(run_node: NodeRunner) -> None:
    secret = Exit("submit", {"pin": "1"}, frozenset({"pin"}))
    _, context = await run_node(NODE, interactive=True, resumed=secret)
    assert context.frame.sensitive == {"values": frozenset({"pin"})}
    context.resumed = Exit("submit", {"a": 1})
    await run_node(NODE, context=context)
    assert not context.frame.sensitive.get("values")


async def test_an_unattended_run_shows_no_page(run_node: NodeRunner) -> None:
    with pytest.raises(PageInActionFlow):
        await run_node(NODE)
