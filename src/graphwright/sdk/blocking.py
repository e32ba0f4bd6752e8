"""The library without `await`: the same calls, carried out by an event loop in a thread of its own.

Knows nothing of Graph but its methods. A notebook has a loop already, which cannot wait for itself.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping
from collections.abc import Sequence as Seq
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.sdk.calls import Options, Request

if TYPE_CHECKING:
    from graphwright.flows.unattended import RunReport
    from graphwright.http.collection import Page
    from graphwright.http.errors import HttpError
    from graphwright.http.response import Response
    from graphwright.sdk.application import Application
    from graphwright.sdk.graph import Graph, Pages, Progress
    from graphwright.sdk.sync import SyncReport

T = TypeVar("T")

_END_SECONDS = 10


class _Loop:
    """An event loop in a thread. Ended by `close`, by garbage collection, and with the program."""

    def __init__(self, finish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=_serve, args=(self._loop,), name="graphwright-library", daemon=True
        )
        self._thread.start()
        self.close = weakref.finalize(self, _end, self._loop, self._thread, finish)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine gives or raises."""
        if not self.close.alive:
            work.close()
            raise RuntimeError("This was closed.")
        if self._is_here:
            work.close()
            raise RuntimeError("This is called by what it waits for, such as `on_bytes`.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            # Such as Ctrl-C: nothing goes on behind the caller's back.
            future.cancel()
            raise

    @property
    def _is_here(self) -> bool:
        return threading.current_thread() is self._thread

    def iterate(self, items: AsyncGenerator[T]) -> Iterator[T]:
        """What an asynchronous generator gives, one after the other."""
        try:
            while True:
                try:
                    item = self.run(anext(items))
                except StopAsyncIteration:
                    return
                yield item
        finally:
            # Where the garbage is collected in this very thread, the loop closes them itself.
            if self.close.alive and not self._is_here:
                self.run(items.aclose())


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()


def _end(
    loop: asyncio.AbstractEventLoop,
    thread: threading.Thread,
    finish: Callable[[], Coroutine[Any, Any, None]],
) -> None:
    async def end() -> None:
        with suppress(Exception):
            await finish()
        await loop.shutdown_asyncgens()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        loop.stop()

    asyncio.run_coroutine_threadsafe(end(), loop)
    # The garbage may be collected in this very thread.
    if thread is not threading.current_thread():
        thread.join(_END_SECONDS)


class _Blocking:
    """What is used in a `with`, or closed."""

    _loop: _Loop

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return not self._loop.close.alive

    def close(self) -> None:
        """Closes every connection, and ends the thread."""
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class BlockingGraph(_Blocking):
    """`Graph` without `await`: every method waits for its answer."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._loop = _Loop(graph.close)

    def get(self, path: str, **options: Unpack[Options]) -> JsonValue:
        """See `Graph.get`."""
        return self._loop.run(self._graph.get(path, **options))

    def send(
        self,
        method: str,
        path: str,
        *,
        json: JsonValue = None,
        content: bytes | str | None = None,
        **options: Unpack[Options],
    ) -> Response:
        """See `Graph.send`."""
        return self._loop.run(self._graph.send(method, path, json=json, content=content, **options))

    def pages(self, path: str, **options: Unpack[Options]) -> BlockingPages:
        """See `Graph.pages`; to be iterated over with `for`."""
        return BlockingPages(self._loop, self._graph.pages(path, **options))

    def batch(self, requests: Seq[str | Request]) -> list[Response | HttpError]:
        """See `Graph.batch`."""
        return self._loop.run(self._graph.batch(requests))

    def sync(
        self,
        path: str,
        *,
        into: str | Path,
        table: str,
        fields: Mapping[str, str],
        key: Seq[str] = ("id",),
        types: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> SyncReport:
        """See `Graph.sync`."""
        return self._loop.run(
            self._graph.sync(
                path, into=into, table=table, fields=fields, key=key, types=types, **options
            )
        )

    def download(
        self,
        path: str,
        file: str | Path,
        *,
        on_bytes: Progress | None = None,
        **options: Unpack[Options],
    ) -> int:
        """See `Graph.download`."""
        return self._loop.run(self._graph.download(path, file, on_bytes=on_bytes, **options))

    def upload(
        self,
        file: str | Path,
        path: str,
        *,
        on_bytes: Progress | None = None,
        **options: Unpack[Options],
    ) -> JsonObject:
        """See `Graph.upload`."""
        return self._loop.run(self._graph.upload(file, path, on_bytes=on_bytes, **options))


class BlockingPages:
    """A collection, read as it is iterated over: items, or by the page."""

    def __init__(self, loop: _Loop, pages: Pages) -> None:
        self._loop = loop
        self._pages = pages

    def __iter__(self) -> Iterator[Any]:
        # By the page: to go to the other thread costs more than an item.
        for page in self.by_page():
            yield from page.items

    def by_page(self) -> Iterator[Page]:
        """See `Pages.by_page`."""
        return self._loop.iterate(self._pages.by_page())


class BlockingApplication(_Blocking):
    """`Application` without `await`; `with graphwright.open(APP).blocking as application`."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._loop = _Loop(application.close)

    def run(
        self,
        flow: str,
        inputs: Mapping[str, JsonValue] | None = None,
        *,
        account: str | None = None,
    ) -> RunReport:
        """See `Application.run`."""
        return self._loop.run(self._application.run(flow, inputs, account=account))

    def rows(self, name: str, owner: str | None = None) -> Iterator[JsonObject]:
        """See `Application.rows`."""
        return self._loop.iterate(self._application.rows(name, owner))
