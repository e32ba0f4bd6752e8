"""The node `loop`."""

from typing import Any

import pytest

from graphwright.flows.context import Exit
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import CollectionLoop
from graphwright.kernel.errors import InvalidInput
from tests.flows.conftest import NodeRunner

NODE = "{type: loop, items: rows, item: row}"
CALL = Call("GET", "https://api.example/x", authentication=Authentication("none"))


async def items_of(run_node: NodeRunner, rows: Any) -> list[Any]:
    found: list[Any] = []
    outcome, context = await run_node(NODE, rows=rows)
    while outcome == Exit("each"):
        found.append(context.frame.variables["row"])
        outcome, _ = await run_node(NODE, context=context)
    assert outcome == Exit("done")
    assert context.frame.memory == {}
    return found


@pytest.mark.parametrize("rows", [[], [1], [1, None, {"a": [2]}, "x"], None])
async def test_every_item_comes_once(run_node: NodeRunner, rows: Any) -> None:
    assert await items_of(run_node, rows) == (rows or [])


async def test_a_done_loop_begins_anew(run_node: NodeRunner) -> None:
    _, context = await run_node(NODE, rows=[1])
    assert (await run_node(NODE, context=context))[0] == Exit("done")
    assert (await run_node(NODE, context=context))[0] == Exit("each")


@pytest.mark.parametrize("rows", [{"value": [1]}, "text", 3, True])
async def test_what_is_no_array_is_told(run_node: NodeRunner, rows: Any) -> None:
    with pytest.raises(InvalidInput, match="not a list of items"):
        await run_node(NODE, rows=rows)


async def test_a_collection_is_fetched_page_by_page(run_node: NodeRunner) -> None:
    web = run_node.place.web
    web.pages = {None: Page([1, 2], "p2"), "p2": Page([], "p3"), "p3": Page([3])}
    outcome, context = await run_node(NODE, rows=CollectionHandle(CALL))
    assert (outcome, web.fetched) == (Exit("each"), [None])
    await run_node(NODE, context=context)
    assert web.fetched == [None]
    await run_node(NODE, context=context)
    assert web.fetched == [None, "p2", "p3"]
    assert context.frame.variables["row"] == 3
    assert context.counts["items"] == 3


async def test_pages_that_lead_back_are_told(run_node: NodeRunner) -> None:
    run_node.place.web.pages = {None: Page([1], "p2"), "p2": Page([2], "p2")}
    with pytest.raises(CollectionLoop):
        await items_of(run_node, CollectionHandle(CALL))
    assert run_node.place.web.fetched == [None, "p2"]


async def test_items_that_change_meanwhile_do_not_change_the_loop(run_node: NodeRunner) -> None:
    rows = [1, 2]
    _, context = await run_node(NODE, rows=rows)
    context.set("rows", [])
    assert (await run_node(NODE, context=context))[0] == Exit("each")
    assert context.frame.variables["row"] == 2
