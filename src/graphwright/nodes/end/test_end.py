"""The node `end`."""

from graphwright.flows.context import Pause
from tests.flows.conftest import NodeRunner


async def test_it_ends_with_rendered_texts_and_result(run_node: NodeRunner) -> None:
    node = """
        type: end
        heading: Hello {{ name }}
        message: "{{ n }} rows"
        tone: info
        exit: found
        result: {rows: "{{ rows }}"}
    """
    outcome, _ = await run_node(node, name="<b>Ada</b>", n=2, rows=[1, 2])
    assert outcome == Pause(
        "end",
        {
            "title": "Hello <b>Ada</b>",
            "message": "2 rows",
            "tone": "info",
            "exit": "found",
            "result": {"rows": [1, 2]},
        },
    )


async def test_an_end_says_nothing_by_itself(run_node: NodeRunner) -> None:
    outcome, _ = await run_node("{type: end}")
    assert isinstance(outcome, Pause)
    assert outcome.data == {
        "title": None, "message": None, "tone": "success", "exit": "default", "result": None
    }  # fmt: skip
