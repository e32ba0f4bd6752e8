"""What happens on the server, told to every browser that listens: server-sent events.

Knows nothing of what the events say. A listener that does not read is dropped, never waited for.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from graphwright.kernel.values import JsonValue

_MOST_WAITING = 200
_HEARTBEAT_SECONDS = 20.0


class Events:
    """The listeners of one modeler."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def publish(self, kind: str, data: JsonValue) -> None:
        """Tells everybody who listens."""
        message = f"event: {kind}\ndata: {json.dumps(data)}\n\n"
        for queue in list(self._listeners):
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                self._drop(queue)

    async def listen(self) -> AsyncIterator[str]:
        """The events from now on, as the text of an event stream; ends with `close`."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        self._listeners.add(queue)
        try:
            yield ": connected\n\n"
            while True:
                message: str | None = ": still here\n\n"
                with suppress(TimeoutError):
                    message = await asyncio.wait_for(queue.get(), _HEARTBEAT_SECONDS)
                if message is None:
                    return
                yield message
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Ends every stream."""
        for queue in list(self._listeners):
            self._drop(queue)

    def _drop(self, queue: "asyncio.Queue[str | None]") -> None:
        # Full or not, the listener finds the end next; its browser connects anew and reads the model.
        self._listeners.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
