"""Calls about tries: sending, what came back, further pages."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from graphwright.modeler.api import Call, Route
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.wire.tries import TryHistory, TryRequest, TryWire

T = TypeVar("T")


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    tries = modeler.tries

    async def send(call: Call) -> TryWire:
        return await while_connected(call.request, tries.send(call.body))

    async def show_all(_: Call) -> TryHistory:
        return TryHistory(tries=tries.list())

    async def show(call: Call) -> TryWire:
        return tries.get(call.part("id"))

    async def read_next(call: Call) -> TryWire:
        return await while_connected(call.request, tries.next(call.part("id")))

    return [
        Route("POST", "/api/tries", send, TryWire, TryRequest),
        Route("GET", "/api/tries", show_all, TryHistory),
        Route("GET", "/api/tries/{id}", show, TryWire),
        Route("POST", "/api/tries/{id}/next", read_next, TryWire),
    ]


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result; the work is cancelled when the browser goes away meanwhile."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
