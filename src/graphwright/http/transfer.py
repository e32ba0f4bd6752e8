"""Contents of files to and from Graph, a piece at a time: the memory used does not grow with the file.

A download follows Graph's redirect to a transfer host; a large upload goes there by an upload
session. Neither host gets the token: its addresses are authenticated by themselves, so they reach
no log and no error. Knows nothing of pages and browsers.
Source: https://learn.microsoft.com/graph/api/driveitem-createuploadsession
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from graphwright.http.call import Authentication, Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import HttpError, ResponseInvalid
from graphwright.http.response import Response
from graphwright.http.transport import Stream
from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.kernel.values import JsonValue

SMALL = 3 * 1024 * 1024
"""As much is uploaded by one request."""
# Pieces of a session are multiples of 320 KiB.
PIECE = 10 * 320 * 1024
LARGEST = 250 * 1024**3
BINARY = {"Content-Type": "application/octet-stream"}


class UploadCutOff(InvalidInput):
    """What came was not as long as it said it would be; nothing was stored."""

    code = "uploadCutOff"


@asynccontextmanager
async def download(client: HttpClient, call: Call) -> AsyncGenerator[Stream]:
    """The content that a call reads, open as long as the context; raises as `HttpClient.stream`."""
    # Packed, its length would not be the file's.
    headers = {"Accept": "*/*", **call.headers, "Accept-Encoding": "identity"}
    async with client.stream(replace(call, headers=headers)) as stream:
        yield stream


async def upload(
    client: HttpClient, put: Call, begin: Call, size: int, content: AsyncIterator[bytes]
) -> JsonValue:
    """Uploads content of a known size; what Graph says of the file then.

    `put` stores a small file whole, `begin` creates the upload session of a larger one.
    """
    if size > LARGEST:
        raise InvalidInput("A file has at most 250 GB.")
    pieces = _pieces(content, size)
    if size <= SMALL:
        body = b"".join([piece async for piece in pieces])
        headers = {**put.headers, **BINARY}
        return (await client.send(replace(put, body=body, headers=headers))).body
    session = session_at(begin, upload_url(begin, await client.send(begin)))
    try:
        return await _send_pieces(client, session, size, pieces)
    except HttpError as error:
        if not error.retryable:
            await cancel(client, session)
        raise
    except Exception:
        await cancel(client, session)
        raise


async def _pieces(content: AsyncIterator[bytes], size: int) -> AsyncGenerator[bytes]:
    """The content in pieces, all but the last of the same length; refuses another size."""
    held = bytearray()
    came = 0
    async for chunk in content:
        came += len(chunk)
        if came > size:
            break
        held += chunk
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if came != size:
        raise UploadCutOff(
            "The file did not arrive whole.", hint="Upload it again; it may have changed meanwhile."
        )
    if held:
        yield bytes(held)


def upload_url(begin: Call, started: Response) -> str:
    """The address of the session that `begin` created; `ResponseInvalid` where there is none."""
    body = started.body
    url = body.get("uploadUrl") if isinstance(body, dict) else None
    if not isinstance(url, str):
        raise ResponseInvalid(
            f"{begin.method} {begin.path_template} gave no upload session.",
            status=started.status,
            request_id=started.request_id,
        )
    return url


def session_at(begin: Call, url: str) -> Call:
    """The call for the pieces of a session; it goes to a transfer host, without a token."""
    return Call(
        method="PUT",
        url=url,
        authentication=Authentication("none"),
        profile=begin.profile,
        principal_id=begin.principal_id,
        idempotent=True,
        path_template="(an upload session)",
        paged=False,
    )


async def _send_pieces(
    client: HttpClient, session: Call, size: int, pieces: AsyncIterator[bytes]
) -> JsonValue:
    start = 0
    answer: Response | None = None
    async for piece in pieces:
        end = start + len(piece)
        span = {"Content-Range": f"bytes {start}-{end - 1}/{size}", **BINARY}
        try:
            answer = await client.send_bare(replace(session, body=piece, headers=span))
        except HttpError as error:
            if error.status != 416 or not await _has(client, session, end):
                raise
        start = end
    if answer is None or answer.status not in (200, 201):
        raise ResponseInvalid(
            "The upload session took all of the file, yet stored none.",
            hint="Look whether the file is there before uploading it again.",
        )
    return answer.body


async def _has(client: HttpClient, session: Call, end: int) -> bool:
    """Whether a piece that is refused came before: its answer was lost, and it was sent again."""
    return await find_next(client, session) == end


async def find_next(client: HttpClient, session: Call) -> int | None:
    """Where a session goes on, as it tells when asked."""
    told = await client.send_bare(replace(session, method="GET", body=None, headers={}))
    return next_of(told.body)


def next_of(told: JsonValue) -> int | None:
    """Where a session goes on, by what it answered; None where it has all or does not say."""
    ranges = told.get("nextExpectedRanges") if isinstance(told, dict) else None
    first = str(ranges[0]).partition("-")[0] if isinstance(ranges, list) and ranges else ""
    return int(first) if first.isascii() and first.isdigit() and len(first) <= 15 else None


async def cancel(client: HttpClient, session: Call) -> None:
    """Gives a session up."""
    # It expires by itself; the error that led here is the one to tell.
    with suppress(GraphwrightError):
        await client.send_bare(replace(session, method="DELETE", body=None))
