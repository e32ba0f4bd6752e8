"""The node `subflow`; that flows within flows run is tested with the interpreter."""

from graphwright.flows.context import Enter, Exit
from tests.flows.conftest import NodeRunner

NODE = '{type: subflow, flow: inner, inputs: {who: "{{ name }}", n: 1}, result: got}'


async def test_it_enters_the_flow_with_rendered_inputs(run_node: NodeRunner) -> None:
    outcome, context = await run_node(NODE, name="Ada")
    assert outcome == Enter("inner", {"who": "Ada", "n": 1})
    assert "got" not in context.frame.variables


async def test_behind_its_end_it_leaves_by_the_ends_exit_with_the_result(
    run_node: NodeRunner,
) -> None:
    outcome, context = await run_node(NODE, resumed=Exit("found", {"x": 1}))
    assert outcome == Exit("found")
    assert context.frame.variables["got"] == {"x": 1}


async def test_a_result_that_nobody_wants_is_dropped(run_node: NodeRunner) -> None:
    node = "{type: subflow, flow: inner}"
    outcome, context = await run_node(node, resumed=Exit("default", 1))
    assert outcome == Exit("default")
    assert context.frame.variables == {"input": {}}
