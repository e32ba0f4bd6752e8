"""What happens on the server, told to every browser that listens: server-sent events.

Knows nothing of what the events say. A listener that does not read is dropped, never waited for.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from graphwright.kernel.errors import Unavailable
from graphwright.kernel.values import JsonValue

_MOST_WAITING = 200
_MOST_LISTENERS = 100
_HEARTBEAT_SECONDS = 20.0


class TooManyListeners(Unavailable):
    """So many listen already that one more would cost the others."""

    code = "tooManyListeners"


class Events:
    """The listeners of one modeler."""

    def __init__(self, heartbeat: float = _HEARTBEAT_SECONDS) -> None:
        self._heartbeat = heartbeat
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def check_room(self) -> None:
        """Raises `TooManyListeners`."""
        if len(self._listeners) >= _MOST_LISTENERS:
            raise TooManyListeners("Too many windows show this model.", hint="Close some.")

    def publish(self, kind: str, data: JsonValue) -> None:
        """Tells everybody who listens."""
        message = f"event: {kind}\ndata: {json.dumps(data)}\n\n"
        for queue in list(self._listeners):
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                self._drop(queue)

    async def listen(self, may_listen: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        """The events from now on, as the text of an event stream.

        Ends with `close`, and when at a heartbeat the listener may not listen any more.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        self._listeners.add(queue)
        try:
            yield ": connected\n\n"
            while True:
                try:
                    message = await asyncio.wait_for(queue.get(), self._heartbeat)
                except TimeoutError:
                    message = ": still here\n\n" if await may_listen() else None
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
