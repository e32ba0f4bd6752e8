"""The node `loop`."""

import asyncio
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from graphwright.flows.context import Context, Exit, Fork, Frame
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
    outcome, context = await run_node(NODE, interactive=True, rows=CollectionHandle(CALL))
    assert (outcome, web.fetched) == (Exit("each"), [None])
    await run_node(NODE, context=context)
    assert web.fetched == [None]
    await run_node(NODE, context=context)
    assert web.fetched == [None, "p2", "p3"]
    assert context.frame.variables["row"] == 3
    assert context.counts["items"] == 3


def visit_anew(context: Context) -> Context:
    """The flow goes on in another process: what is not JSON is gone."""
    frame = context.frame
    memory = json.loads(json.dumps(frame.memory))
    return replace(context, frame=Frame(frame.flow, frame.node, dict(frame.variables), memory))


def page_of(ids: str, following: str | None = None, size: int = 1_000_000) -> Page:
    return Page([{"id": name} for name in ids], following, size=size)


async def test_a_large_page_is_fetched_once_more_behind_a_page_of_the_flow(
    run_node: NodeRunner,
) -> None:
    web = run_node.place.web
    web.pages = {None: page_of("ab", "p2"), "p2": page_of("cde", "p3"), "p3": page_of("f")}
    outcome, context = await run_node(NODE, rows=CollectionHandle(CALL))
    found = []
    while outcome == Exit("each"):
        found.append(context.frame.variables["row"]["id"])
        assert len(json.dumps(context.frame.memory)) < 1_000
        await context.frame.close()
        if found == ["a", "b", "c"]:
            # What is put in before it meanwhile lets nothing come twice.
            web.pages["p2"] = page_of("xcde", "p3")
        context = visit_anew(context)
        outcome, _ = await run_node(NODE, context=context)
    assert found == list("abcdef")
    assert context.frame.readers == {}


async def test_a_small_page_is_not_fetched_again(run_node: NodeRunner) -> None:
    web = run_node.place.web
    web.pages = {None: page_of("ab", "p2", 100), "p2": page_of("c", None, 100)}
    outcome, context = await run_node(NODE, rows=CollectionHandle(CALL))
    found = []
    while outcome == Exit("each"):
        found.append(context.frame.variables["row"]["id"])
        await context.frame.close()
        context = visit_anew(context)
        outcome, _ = await run_node(NODE, context=context)
    assert found == list("abc")
    assert web.fetched.count(None) == 1


@pytest.mark.parametrize("circle", [1, 2, 5])
async def test_pages_that_lead_back_are_told_though_the_flow_shows_pages_between(
    run_node: NodeRunner, circle: int
) -> None:
    names = [f"p{number}" for number in range(circle)]
    pages = {name: Page([name], after) for name, after in pairwise([*names, names[0]])}
    run_node.place.web.pages = {None: Page(["first"], names[0])}
    run_node.place.web.pages.update(pages)
    _, context = await run_node(NODE, rows=CollectionHandle(CALL))

    async def visit_often(context: Context) -> None:
        for _ in range(4 * circle + 4):
            await context.frame.close()
            context = visit_anew(context)
            await run_node(NODE, context=context)

    with pytest.raises(CollectionLoop):
        await visit_often(context)


async def test_the_result_says_how_many_there_were(run_node: NodeRunner) -> None:
    node = NODE.replace("item: row", "item: row, result: told")
    outcome, context = await run_node(node, rows=[1, 2])
    while outcome == Exit("each"):
        outcome, _ = await run_node(node, context=context)
    assert context.frame.variables["told"] == {"items": 2, "failed": 0, "reasons": []}


async def test_a_loop_that_is_left_reads_no_more(run_node: NodeRunner) -> None:
    run_node.place.web.pages = {None: Page([1], "p2"), "p2": Page([2], "p3"), "p3": Page([3])}
    _, context = await run_node(NODE, rows=CollectionHandle(CALL))
    assert context.frame.readers
    await context.forget()
    assert (context.frame.readers, context.frame.memory) == ({}, {})


async def test_items_that_nobody_wants_any_more_are_not_read(run_node: NodeRunner) -> None:
    run_node.place.web.pages = {None: Page([0], "1")}
    run_node.place.web.pages |= {str(n): Page([n], str(n + 1)) for n in range(1, 20)}
    node = NODE.replace("item: row", "item: row, parallel: 2")
    outcome, _ = await run_node(node, rows=CollectionHandle(CALL))
    assert isinstance(outcome, Fork)
    before = asyncio.all_tasks()
    assert await anext(outcome.items) == 0
    assert asyncio.all_tasks() > before
    await outcome.items.aclose()
    assert asyncio.all_tasks() == before


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
