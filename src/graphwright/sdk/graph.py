"""Microsoft Graph for scripts and notebooks: requests, collections, files, by the engine of the flows.

Knows how a caller asks, not how a request is sent. What does the work is loaded when first used.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from graphwright.kernel.closing import Closing
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.sdk.calls import Options, Request, make_call
from graphwright.sdk.credentials import (
    Access,
    Api,
    CloudName,
    Credential,
    Endpoint,
    ProfileCredential,
    open_credential,
)

if TYPE_CHECKING:
    from graphwright.http.collection import CollectionHandle, Page
    from graphwright.http.errors import HttpError
    from graphwright.http.response import Response
    from graphwright.http.retry import Limits
    from graphwright.sdk.blocking import BlockingGraph
    from graphwright.sdk.sync import SyncReport

Progress = Callable[[int, int | None], None]
"""Told how many bytes have come or gone so far, and how many there are, where that is known."""


class Graph(Closing):
    """Microsoft Graph as somebody; `async with Graph(credential) as graph`.

    `credential`: a token, a function or coroutine function that gives one (asked before every
    request), or a credential of azure-identity. `base_url` and `ca_file`: of a Graph of your own, such
    as the sandbox; absent, the settings GRAPHWRIGHT_GRAPH and GRAPHWRIGHT_CA_FILE, else the cloud's.
    Failures are `graphwright.http.errors`: `HttpError` with Graph's code, `HostRefused`, …
    """

    def __init__(
        self,
        credential: Credential | ProfileCredential,
        *,
        cloud: CloudName = "global",
        api: Api = "v1.0",
        base_url: str | None = None,
        ca_file: str | Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._credential = credential
        self._endpoint = Endpoint.find(cloud, base_url, ca_file)
        self._more: dict[str, Any] = {
            "cloud": cloud,
            "api": api,
            "base_url": base_url,
            "ca_file": ca_file,
            "limits": limits,
        }
        self._access: Access | None = None
        self._blocking: BlockingGraph | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    @classmethod
    def open(
        cls, app: str | Path, profile: str, account: str | None = None, *, api: Api = "v1.0"
    ) -> Self:
        """Graph with the tokens of a profile of the application in a folder.

        `account` says as whom, where the profile's requests are sent as a person: the user principal
        name of somebody who has signed in.
        """
        return cls(ProfileCredential(Path(app), profile, account), api=api)

    @property
    def blocking(self) -> BlockingGraph:
        """The same without `await`, for scripts and notebooks; with connections of its own."""
        from graphwright.sdk.blocking import BlockingGraph

        if self._blocking is None or self._blocking.is_closed:
            self._blocking = BlockingGraph(Graph(self._credential, **self._more))
        return self._blocking

    async def get(self, path: str, **options: Unpack[Options]) -> JsonValue:
        """What one GET gives: a JSON value, or a text; of a collection its first page."""
        return (await self.send("GET", path, **options)).body

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: JsonValue = None,
        content: bytes | str | None = None,
        **options: Unpack[Options],
    ) -> Response:
        """Sends a request, again where that is safe, and gives its answer; `HttpError` from 400."""
        access = await self._reach()
        call = make_call(access, method, path, options, json=json, content=content)
        return await access.client.send(call)

    def pages(self, path: str, **options: Unpack[Options]) -> Pages:
        """All items of a collection: `async for`, the next pages being fetched meanwhile."""
        return Pages(self, path, options)

    async def batch(self, requests: Sequence[str | Request]) -> list[Response | HttpError]:
        """The answers to several requests, in their order; one that fails is its error.

        They go twenty at a time, and sent again is only what failed; what cannot be part of a batch,
        such as the content of a file, is sent alone.
        """
        from graphwright.http.batch import send_batch

        access = await self._reach()
        whole = [Request("GET", one) if isinstance(one, str) else one for one in requests]
        calls = [make_call(access, r.method, r.path, r.options, json=r.json) for r in whole]
        return await send_batch(access.client, calls)

    async def sync(
        self,
        path: str,
        *,
        into: str | Path,
        table: str,
        fields: Mapping[str, str],
        key: Sequence[str] = ("id",),
        types: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> SyncReport:
        """Makes the rows of a table equal to a collection, by its changes where it has a delta.

        `into`: an SQLite file, or the URL of a PostgreSQL database. `fields`: for each column where its
        value is in an item (a path, or JSONata). `types`: of columns whose type the first page does
        not show. A run that was cut off goes on where it was.
        """
        from graphwright.sdk.sync import Destination, synchronise

        access = await self._reach()
        destination = Destination(into, table, dict(fields), tuple(key), dict(types or {}))
        call = make_call(access, "GET", path, options, paged=True)
        return await synchronise(access.client, call, destination)

    async def download(
        self,
        path: str,
        file: str | Path,
        *,
        on_bytes: Progress | None = None,
        **options: Unpack[Options],
    ) -> int:
        """Stores what a path gives as a file; its size. What broke off before is gone on with."""
        from graphwright.sdk.files import download

        access = await self._reach()
        call = make_call(access, "GET", path, options)
        return await download(access.client, call, Path(file), on_bytes)

    async def upload(
        self,
        file: str | Path,
        path: str,
        *,
        on_bytes: Progress | None = None,
        **options: Unpack[Options],
    ) -> JsonObject:
        """Stores a file of any size at a path that ends in /content; what Graph says of it then."""
        from graphwright.sdk.files import upload

        access = await self._reach()
        return await upload(access, Path(file), path, options, on_bytes)

    async def close(self) -> None:
        """Closes every connection; what is used afterwards opens anew."""
        async with self._opening:
            self._access = None
            await self._stack.aclose()

    async def _reach(self) -> Access:
        async with self._opening:
            if self._access is None:
                # What was opened before a failure is closed, not kept beside the next attempt's.
                async with AsyncExitStack() as stack:
                    self._access = await open_credential(
                        self._credential,
                        self._endpoint,
                        self._more["api"],
                        self._more["limits"],
                        stack,
                    )
                    self._stack = stack.pop_all()
            return self._access


class Pages:
    """A collection, read as it is iterated over: items, or by the page."""

    def __init__(self, graph: Graph, path: str, options: Options) -> None:
        self._graph = graph
        self._path = path
        self._options = options

    async def __aiter__(self) -> AsyncIterator[Any]:
        async with aclosing(self.by_page()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def by_page(self) -> AsyncGenerator[Page]:
        """Every page: `items`, `count`, and `delta` (the last one's, where there is one)."""
        access, handle = await self._open()
        async with aclosing(handle.pages(access.client)) as pages:
            async for page in pages:
                yield page

    async def _open(self) -> tuple[Access, CollectionHandle]:
        from graphwright.http.collection import CollectionHandle

        access = await self._graph._reach()  # noqa: SLF001
        call = make_call(access, "GET", self._path, self._options, paged=True)
        return access, CollectionHandle(call)
