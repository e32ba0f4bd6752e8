"""The routes of files' contents: streamed from and to Graph as the person whose page shows them.

Nothing of a file is kept here; what a flow has kept and a row holds is sent as well. A browser never
shows one as a page of this origin: it is saved.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from graphwright.http import transfer
from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.definition import RequestDefinition
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonValue
from graphwright.portal.context import Portal
from graphwright.portal.rows import Rows
from graphwright.web.page_rows import WireResponse

_LONGEST = 2000


class LengthRequired(InvalidInput):
    """A file came without saying how long it is."""

    code = "lengthRequired"
    status = 411


class Files:
    """Answers calls for contents."""

    def __init__(self, portal: Portal, rows: Rows) -> None:
        self._portal = portal
        self._runtime = portal.runtime
        self._rows = rows

    async def download(self, request: Request) -> Response:
        """The content of the file `key`, or of the row's `field` that holds one, to be saved."""
        if "field" in request.query_params:
            return await self._stored(request)
        key = _parameter(request, "key")
        page = await self._rows.open_step(request)
        wanted = await page.download(key)
        call = await self._call(request, wanted.get, wanted.scope)
        headers = {"content-disposition": _attachment(wanted.name)}
        content = self._content(call, headers)
        # An error before the first byte is still told as one: the stream starts with it.
        first = await anext(content, b"")

        async def body() -> AsyncGenerator[bytes]:
            async with aclosing(content):
                yield first
                async for chunk in content:
                    yield chunk

        return StreamingResponse(body(), media_type="application/octet-stream", headers=headers)

    async def _stored(self, request: Request) -> Response:
        given = _parameters(request, "key", "field")
        page = await self._rows.open_step(request)
        file = await page.stored_file(given["key"], given["field"])
        path = await asyncio.to_thread(self._runtime.files.find, file.id)
        # Whatever somebody put there, a browser never shows it as a page of this origin.
        return FileResponse(
            path,
            media_type="application/octet-stream",
            headers={"content-disposition": _attachment(file.name)},
        )

    async def _content(self, call: Call, headers: dict[str, str]) -> AsyncGenerator[bytes]:
        """The content; puts its length into the headers before the first piece."""
        async with transfer.download(self._runtime.http, call) as stream:
            if "content-length" in stream.headers and "content-encoding" not in stream.headers:
                headers["content-length"] = stream.headers["content-length"]
            async for chunk in stream.chunks():
                yield chunk

    async def upload(self, request: Request) -> Response:
        """Stores the body as the file `name` where the page shows files."""
        name = _parameter(request, "name")
        size = _size(request)
        page = await self._rows.open_step(request)
        wanted = page.upload(name)
        stored = await transfer.upload(
            self._runtime.http,
            await self._call(request, wanted.put, wanted.scope),
            await self._call(request, wanted.begin, wanted.scope),
            size,
            request.stream(),
        )
        given = stored.get("name") if isinstance(stored, Mapping) else None
        return WireResponse({"name": given if isinstance(given, str) else name})

    async def _call(
        self, request: Request, definition: RequestDefinition, scope: Mapping[str, JsonValue]
    ) -> Call:
        principal = (await self._portal.visitor(request)).principal
        return build_call(
            definition,
            scope,
            profiles=self._runtime.profiles,
            principal_id=principal.id if principal else None,
        )


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _parameter(request: Request, name: str) -> str:
    return _parameters(request, name)[name]


def _parameters(request: Request, *names: str) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    if sorted(name for name, _ in pairs) != sorted(names) or not all(
        0 < len(value) <= _LONGEST for _, value in pairs
    ):
        what = f"parameter {names[0]}" if len(names) == 1 else f"parameters {' and '.join(names)}"
        raise InvalidInput(f"The address has the {what} and no other.")
    return dict(pairs)


def _size(request: Request) -> int:
    text = request.headers.get("content-length", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise LengthRequired("An upload says how long it is.")
    return int(text)
