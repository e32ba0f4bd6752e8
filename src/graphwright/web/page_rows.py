"""The answers about a page's rows: pages of rows, downloads, one row, and a mail's frame.

The portal gives them for the steps of flows, the modeler for previews. Who may see the page is decided
by whoever opens it.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from graphwright.kernel.errors import InvalidInput, NotFound
from graphwright.pages.open import OpenPage
from graphwright.web.exports import as_csv, as_json
from graphwright.web.headers import frame_policy

_ROWS = frozenset({"part", "sort", "filter", "search", "offset", "limit"})
_EXPORT = _ROWS - {"offset", "limit"}
_ROW = frozenset({"part", "images"})
_FRAME = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light"><title>Message</title>
<style>body{{margin:12px;font:14px/1.45 "Segoe UI",system-ui,sans-serif;overflow-wrap:anywhere;\
background:#fff;color:#242424}}img{{max-width:100%;height:auto}}</style></head>
<body>{body}</body></html>
"""


Opener = Callable[[Request], Awaitable[OpenPage]]
"""Opens the page that a request asks about, for whoever sent it; raises where they may not."""


class WireResponse(JSONResponse):
    """JSON that also carries what UTF-8 cannot (half of a surrogate pair), escaped."""

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def step_number(text: str) -> int:
    """The number of a step in an address."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotFound("There is no such step.")
    return int(text)


class PageRows:
    """Answers calls for rows."""

    def __init__(self, open_page: Opener) -> None:
        self._open = open_page

    async def rows(self, request: Request) -> Response:
        """Rows of a part."""
        parameters = _parameters(request, _ROWS)
        page = await self._open(request)
        return WireResponse(await page.rows(parameters.pop("part", None), parameters))

    async def rows_json(self, request: Request) -> Response:
        """All rows as shown, as a JSON file."""
        return await self._export(request, "json")

    async def rows_csv(self, request: Request) -> Response:
        """All rows as shown, as a CSV file."""
        return await self._export(request, "csv")

    async def _export(self, request: Request, form: str) -> Response:
        parameters = _parameters(request, _ROWS)
        page = await self._open(request)
        part, rows = await page.export(parameters.pop("part", None), parameters)
        name = re.sub(r"[^a-z0-9_-]", "_", page.name)
        stream, media_type = (
            (as_csv(part, rows), "text/csv; charset=utf-8")
            if form == "csv"
            else (as_json(part, rows), "application/json")
        )
        # An error before the first row is still told as one: the stream starts with it.
        first = await anext(stream)

        async def body() -> AsyncIterator[bytes]:
            yield first
            async for chunk in stream:
                yield chunk

        headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
        return StreamingResponse(body(), media_type=media_type, headers=headers)

    async def row(self, request: Request) -> Response:
        """One row, or with `/frame` behind its key its body as a page of its own."""
        parameters = _parameters(request, _ROW)
        images = parameters.get("images", "0")
        if images not in ("0", "1"):
            raise InvalidInput("images must be 0 or 1.")
        key, is_frame = _key(request)
        page = await self._open(request)
        if is_frame:
            return await self._frame(page, parameters.get("part"), key, images == "1")
        found = await page.row(parameters.get("part"), key, remote_images=images == "1")
        return WireResponse(
            {
                "row": found.row,
                "blocked_images": found.blocked_images,
                "confirm": dict(found.confirm),
            }
        )

    async def _frame(self, page: OpenPage, part: str | None, key: str, images: bool) -> Response:
        frame = await page.frame(part, key, remote_images=images)
        headers = {
            "content-security-policy": frame_policy(remote_images=images),
            "x-blocked-images": str(frame.blocked_images),
        }
        return HTMLResponse(_FRAME.format(body=frame.html), headers=headers)


def _parameters(request: Request, known: frozenset[str]) -> dict[str, str]:
    """The query's parameters, each known and there once."""
    pairs = request.query_params.multi_items()
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise InvalidInput("A parameter stands in the address twice.")
    unknown = sorted(parameters.keys() - known)
    if unknown:
        raise InvalidInput(
            f"There is no parameter {unknown[0][:40]!r}.",
            hint=f"There are {', '.join(sorted(known))}.",
        )
    return parameters


def _key(request: Request) -> tuple[str, bool]:
    """The row's key, which may hold an encoded slash, and whether its frame is asked for."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    _, _, rest = raw.partition(b"/rows/")
    segments = rest.split(b"/")
    is_frame = len(segments) == 2 and segments[1] == b"frame"
    if not segments[0] or (len(segments) > 1 and not is_frame):
        raise NotFound("There is no such row.")
    try:
        return unquote_to_bytes(segments[0]).decode("utf-8"), is_frame
    except UnicodeDecodeError:
        raise NotFound("There is no such row.") from None
