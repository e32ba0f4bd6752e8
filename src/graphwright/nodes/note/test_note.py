"""The node `note`."""

from graphwright.flows.context import Exit
from tests.flows.conftest import NodeRunner


async def test_a_note_passes_on(run_node: NodeRunner) -> None:
    outcome, context = await run_node('{type: note, text: "# {{ broken"}')
    assert outcome == Exit()
    assert context.frame.variables == {"input": {}}
