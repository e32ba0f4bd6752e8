"""Hands out items, one after the other or several at once; a paged collection is read page by page.

Between two visits a node remembers JSON, which may be saved with the flow's state: where it is. The
pages themselves come from a reader that is open as long as the flow runs on.
"""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final

from graphwright.flows.context import Context, Exit, Fork
from graphwright.http.collection import AHEAD, CollectionHandle, Page
from graphwright.http.errors import CollectionLoop
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue, is_array
from graphwright.nodes.loop.config import Config

# A smaller page is remembered; a larger one is fetched once more behind a page of the flow.
_REMEMBERED_BYTES: Final = 100_000


async def run(config: Config, context: Context) -> Exit | Fork:
    """Exit `each` with the next item in its variable, `done` behind the last one."""
    if context.resumed is not None:
        return _leave(config, context, context.resumed.data)
    if config.branches:
        found = await _find(config, context)
        return Fork(
            _items(context, found), config.item, config.parallel, config.failures == "go_on"
        )
    memory = context.memory
    if not memory:
        await _begin(config, context, memory)
    rows = await _rows(context, memory)
    while memory["index"] >= len(rows):
        if memory["next"] is None:
            await context.forget()
            return _leave(config, context, {"items": memory["items"], "failed": 0, "reasons": []})
        rows = await _turn(context, memory)
    item = rows[memory["index"]]
    memory["index"] += 1
    memory["items"] += 1
    memory["last"] = _id_of(item)
    context.set(config.item, item)
    context.count(items=1)
    return Exit("each")


def _leave(config: Config, context: Context, result: JsonValue) -> Exit:
    if config.result is not None:
        context.set(config.result, result)
    return Exit("done")


async def _find(config: Config, context: Context) -> CollectionHandle | list[JsonValue]:
    found = await context.locate(config.items)
    if isinstance(found, CollectionHandle):
        return found
    if found is None or is_array(found):
        return list(found or ())
    raise InvalidInput(
        f"{config.items} is {type(found).__name__}, not a list of items.",
        hint="Name an array, such as the `body.value` of a response.",
    )


async def _items(
    context: Context, found: CollectionHandle | list[JsonValue]
) -> AsyncGenerator[JsonValue]:
    """All items, the next pages being fetched while those of one are under way."""
    if isinstance(found, CollectionHandle):
        async with aclosing(found.pages(context.services.http)) as pages:
            async for page in pages:
                for item in page.items:
                    context.count(items=1)
                    yield item
        return
    for item in found:
        context.count(items=1)
        yield item


async def _begin(config: Config, context: Context, memory: JsonObject) -> None:
    found = await _find(config, context)
    memory.update(index=0, items=0, last=None, collection=None, next=None, rows=None)
    if not isinstance(found, CollectionHandle):
        memory["rows"] = found
        return
    memory.update(collection=found.to_state(), pages=0, mark="")
    reader = context.frame.readers[context.frame.node] = _Pages(found, context)
    _see(memory, found.continuation, await reader.next())


async def _rows(context: Context, memory: JsonObject) -> list[JsonValue]:
    """The items of the page where the loop is."""
    if memory["rows"] is not None:
        rows: list[JsonValue] = memory["rows"]
        return rows
    reader = context.frame.readers.get(context.frame.node)
    if isinstance(reader, _Pages):
        return reader.page.items
    reader = _open(context, memory, memory["at"])
    page = await reader.next()
    memory["next"] = page.next
    # The page may have changed meanwhile: on behind the item that was handed out last.
    ids = [_id_of(item) for item in page.items]
    if memory["last"] is not None and memory["last"] in ids:
        memory["index"] = ids.index(memory["last"]) + 1
    return page.items


async def _turn(context: Context, memory: JsonObject) -> list[JsonValue]:
    """Goes to the next page."""
    reader = context.frame.readers.get(context.frame.node)
    if not isinstance(reader, _Pages):
        reader = _open(context, memory, memory["next"])
    page = await reader.next()
    _see(memory, memory["next"], page)
    return page.items


def _see(memory: JsonObject, at: str | None, page: Page) -> None:
    """Remembers where the page is, and the page itself where it is small."""
    rows = page.items if page.size <= _REMEMBERED_BYTES else None
    memory.update(at=at, next=page.next, rows=rows, index=0, pages=memory["pages"] + 1)
    # The reader finds pages that lead back at once, but begins anew behind every page of the flow.
    # One mark that moves on ever more rarely finds every circle in the end (R. P. Brent).
    digest = hashlib.blake2b((at or "").encode(), digest_size=8).hexdigest()
    if digest == memory["mark"]:
        raise CollectionLoop(
            "The nextLink leads back to a page that was read before.",
            hint="The server is at fault: reading on would never end.",
        )
    if memory["pages"] & (memory["pages"] - 1) == 0:
        memory["mark"] = digest


def _open(context: Context, memory: JsonObject, at: str | None) -> "_Pages":
    handle = CollectionHandle.from_state(memory["collection"]).resume_at(at)
    reader = context.frame.readers[context.frame.node] = _Pages(handle, context)
    return reader


class _Pages:
    """The pages of a collection from one on, and the one that came last."""

    def __init__(self, handle: CollectionHandle, context: Context) -> None:
        # What is fetched ahead is lost where the flow shows a page between two items.
        ahead = 0 if context.interactive else AHEAD
        http = context.services.http
        self._pages: AsyncGenerator[Page, Any] = handle.pages(http, ahead=ahead)
        self.page = Page([])

    async def next(self) -> Page:
        """The next page."""
        self.page = await anext(self._pages)
        return self.page

    async def aclose(self) -> None:
        """Fetches no more."""
        await self._pages.aclose()


def _id_of(item: JsonValue) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None
