"""The transfer origin over HTTP: what SharePoint and Exchange are to Graph's file contents.

An origin of its own, where no token is wanted. Knows HTTP and `transfers`, and no workload.
"""

import re
import uuid
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphResponse
from graphwright_sandbox.graph.transfers import Download, Transfers

_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")


def create_transfer_app(transfers: Transfers) -> Starlette:
    """The application of the transfer origin."""
    endpoint = _TransferEndpoint(transfers)
    return Starlette(
        routes=[
            Route("/download/{key}/{name:path}", endpoint.download, methods=["GET"]),
            Route("/monitor/{key}", endpoint.monitor, methods=["GET"]),
            Route("/upload/{key}", endpoint.upload, methods=["GET", "PUT", "POST", "DELETE"]),
        ]
    )


class _TransferEndpoint:
    def __init__(self, transfers: Transfers) -> None:
        self._transfers = transfers

    async def download(self, request: Request) -> Response:
        try:
            _refuse_token(request)
            download = self._transfers.find_download(request.path_params["key"])
            return _send_file(download, download.read(), request.headers)
        except GraphError as error:
            return _refuse(error)

    async def monitor(self, request: Request) -> Response:
        try:
            _refuse_token(request)
            return _answer(self._transfers.monitor(request.path_params["key"]))
        except GraphError as error:
            return _refuse(error)

    async def upload(self, request: Request) -> Response:
        # A token is not asked for and not read: Microsoft's own client for Python sends one along.
        key = request.path_params["key"]
        try:
            # An unknown session is refused before its bytes are read.
            largest = self._transfers.find_upload(key, finished=True).rules.largest_fragment
            match request.method:
                case "PUT":
                    content_range = request.headers.get("content-range", "")
                    body = await _read_fragment(request, largest)
                    return _answer(self._transfers.accept(key, content_range, body))
                case "POST":
                    return _answer(self._transfers.commit(key))
                case "DELETE":
                    return _answer(self._transfers.cancel(key))
            return _answer(self._transfers.describe(key))
        except GraphError as error:
            return _refuse(error)


def _refuse_token(request: Request) -> None:
    """The URL is the permission; a token sent along is one sent to the wrong place."""
    if "authorization" in request.headers:
        raise GraphError(
            401,
            "unauthenticated",
            "The URL is pre-authenticated. Send the request without an Authorization header.",
        )


async def _read_fragment(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise GraphError(
                413, "invalidRequest", f"A fragment may have {largest} bytes at the most."
            )
    return bytes(body)


def _send_file(download: Download, data: bytes, asked: Headers) -> Response:
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=0",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(download.name, safe='')}",
        # A browser that was handed the URL must not run what somebody uploaded.
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if download.etag:
        headers["ETag"] = download.etag
    if download.etag and download.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    match = _RANGE.match(asked.get("range", "").strip())
    unchanged = asked.get("if-range", download.etag) == download.etag
    if match is None or not any(match.groups()) or not unchanged:
        return Response(data, 200, headers, media_type=download.content_type)
    size = len(data)
    if match[1]:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
    else:
        first, last = max(size - int(match[2]), 0), size - 1
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(data[first : last + 1], 206, headers, media_type=download.content_type)


def _answer(response: GraphResponse) -> Response:
    body = b"" if response.body is None else msgspec.json.encode(response.body)
    kind = "application/json" if body else None
    return Response(body, response.status, response.headers, media_type=kind)


def _refuse(error: GraphError) -> Response:
    inner = {"request-id": str(uuid.uuid4())}
    if error.code == "invalidRange":
        inner["code"] = "fragmentOverlap" if "overlaps" in error.message else "fragmentOutOfOrder"
    body = {"error": {"code": error.code, "message": error.message, "innererror": inner}}
    return Response(
        msgspec.json.encode(body), error.status, error.headers, media_type="application/json"
    )
