"""Hands out items; a paged collection is fetched one page at a time."""

import hashlib

from graphwright.flows.context import Context, Exit
from graphwright.http.collection import CollectionHandle
from graphwright.http.errors import CollectionLoop
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, is_array
from graphwright.nodes.loop.config import Config


async def run(config: Config, context: Context) -> Exit:
    """Exit `each` with the next item in its variable, `done` behind the last one."""
    memory = context.memory
    if not memory:
        await _begin(config, context, memory)
    while memory["index"] >= len(memory["items"]):
        if memory["next"] is None:
            context.forget()
            return Exit("done")
        await _fetch(context, memory)
    context.set(config.item, memory["items"][memory["index"]])
    memory["index"] += 1
    context.count(items=1)
    return Exit("each")


async def _begin(config: Config, context: Context, memory: JsonObject) -> None:
    found = await context.locate(config.items)
    memory.update(index=0, items=[], next=None, collection=None, seen=[])
    if isinstance(found, CollectionHandle):
        memory["collection"] = found.to_state()
        page = await context.services.http.page(found.call, found.continuation)
        memory.update(items=page.items, next=page.next)
    elif found is None:
        memory["items"] = []
    elif is_array(found):
        memory["items"] = list(found)
    else:
        raise InvalidInput(
            f"{config.items} is {type(found).__name__}, not a list of items.",
            hint="Name an array, such as the `body.value` of a response.",
        )


async def _fetch(context: Context, memory: JsonObject) -> None:
    handle = CollectionHandle.from_state(memory["collection"])
    digest = hashlib.blake2b(memory["next"].encode(), digest_size=8).hexdigest()
    if digest in memory["seen"]:
        raise CollectionLoop(
            "The nextLink leads back to a page that was read before.",
            hint="The server is at fault: reading on would never end.",
        )
    memory["seen"].append(digest)
    page = await context.services.http.page(handle.call, memory["next"])
    memory.update(items=page.items, next=page.next, index=0)
