"""Files to and from Graph that survive a cut and a restart: what has come over is not sent again.

A download goes on where its part on the disk ends, if the file is still the same one (If-Range); an
upload where its session says. Knows the disk and upload sessions; no list, no flow.
Source: https://learn.microsoft.com/graph/api/driveitem-createuploadsession (resume an upload)
"""

import asyncio
import hashlib
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, NoReturn, Self

from graphwright.http import transfer
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import (
    FileChanged,
    FileTooLarge,
    HttpError,
    InvalidRequest,
    NoAnswer,
    ResponseInvalid,
)
from graphwright.http.part import Part
from graphwright.http.response import Response
from graphwright.http.retry import Budget
from graphwright.http.sessions import UploadSession, UploadSessions
from graphwright.http.transfer import PIECE, SMALL
from graphwright.http.transport import Stream
from graphwright.kernel.errors import FileGone, GraphwrightError, InvalidInput
from graphwright.kernel.times import parse_instant

OnBytes = Callable[[int, int | None], None]
"""Is told where it begins (what an earlier run left counts), then how many bytes are over; and how many
there are, where that is known."""

_PER_BUDGET = 10_000_000
_SESSION_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that came whole. `name` and `media_type` as the server says them; "" where it does not."""

    path: Path
    size: int
    etag: str
    name: str
    media_type: str


async def download_to(
    client: HttpClient,
    call: Call,
    path: Path,
    *,
    most: int | None = None,
    on_bytes: OnBytes | None = None,
) -> Stored:
    """Stores the content that a call reads; begun before, it goes on there. Replaces the file at once.

    Raises as `HttpClient.stream`; `FileTooLarge` over `most` bytes; `FileChanged` where it never
    stays the same; `FileBusy` where it is under way already; `FileNotWritten`.
    """
    if any(name.lower() in ("range", "if-range") for name in call.headers):
        raise InvalidRequest("A file is stored whole: its request has no header Range.")
    part = await asyncio.to_thread(Part.open, path, scope_of(call))
    try:
        await _fetch(client, call, part, most, on_bytes)
        await asyncio.to_thread(part.finish)
    finally:
        part.close()
    return Stored(path, part.size, part.etag, part.name, part.media_type)


async def _fetch(
    client: HttpClient, call: Call, part: Part, most: int | None, on_bytes: OnBytes | None
) -> None:
    """Asks for the file, and for what is missing, within one budget for every 10 MB that came."""
    budget, since = Budget(client.limits, random.random), 0
    while True:
        opened = False
        error: GraphwrightError
        try:
            headers = {"Accept": "*/*", **call.headers, **part.range_headers()}
            async with transfer.download(client, replace(call, headers=headers)) as stream:
                opened = True
                await _receive(stream, part, most, on_bytes)
                if part.is_whole(stream.headers):
                    return
            error = NoAnswer(f"{call.method} {call.path_template}: the file did not come whole.")
        except NoAnswer as cut:
            # Where nothing was opened, the request's own budget is spent.
            if not opened:
                raise
            error = cut
        except FileChanged as changed:
            part.restart()
            error = changed
        except HttpError as refused:
            if refused.status != 416 or not part.size or refused.response is None:
                raise
            if part.is_whole_at(refused.response.headers.get("content-range", "")):
                return
            part.restart()
            error = refused
        if part.received - since >= _PER_BUDGET:
            budget, since = Budget(client.limits, random.random), part.received
        pause = budget.pause(None)
        if pause is None:
            raise error
        budget.spend(pause)
        await client.clock.sleep(pause)


async def _receive(stream: Stream, part: Part, most: int | None, on_bytes: OnBytes | None) -> None:
    part.begin(stream.status, stream.headers)
    _check_size(part, part.total, most)
    if on_bytes is not None:
        on_bytes(part.size, part.total)
    async for chunk in stream.chunks():
        await part.add(chunk)
        _check_size(part, part.size, most)
        if on_bytes is not None:
            on_bytes(part.size, part.total)


def _check_size(part: Part, size: int | None, most: int | None) -> None:
    if most is not None and size is not None and size > most:
        part.restart()
        raise FileTooLarge(
            f"The file has over {most / 1e6:g} MB, which is all that is stored of one.",
            hint="Set GRAPHWRIGHT_FILE_BYTES if larger ones are meant.",
        )


async def upload_from(
    client: HttpClient,
    put: Call | None,
    begin: Call,
    path: Path,
    *,
    sessions: UploadSessions | None = None,
    on_bytes: OnBytes | None = None,
) -> Response:
    """Uploads a file; the answer to its last piece. Goes on with the session that `sessions` keeps.

    `put` stores a small file whole, `begin` creates the session of a larger one, or of any where
    there is no `put`. Raises `HttpError`, whose outcome is `unknown` where the last answer was lost
    for good; `FileChanged` where the file changes under it; `FileGone`.
    """
    source = await asyncio.to_thread(_Source.open, path)
    try:
        if put is not None and source.size <= SMALL:
            body = await source.read(0)
            headers = {**put.headers, **transfer.BINARY}
            return await send_whole(
                client, replace(put, body=body, headers=headers), source.size, on_bytes
            )
        if not 0 < source.size <= transfer.LARGEST:
            raise InvalidInput("A file has at most 250 GB, and one without content no session.")
        return await _Upload(client, begin, source, sessions, on_bytes).run()
    finally:
        source.file.close()


async def send_whole(
    client: HttpClient, call: Call, size: int, on_bytes: OnBytes | None
) -> Response:
    """Sends a call that holds a whole file, of so many bytes."""
    if on_bytes is not None:
        on_bytes(0, size)
    answer = await client.send(call)
    if on_bytes is not None:
        on_bytes(size, size)
    return answer


@dataclass(frozen=True, slots=True)
class _Source:
    """A file on the disk, that must stay as it is."""

    path: Path
    file: BinaryIO = field(repr=False)
    version: str

    @classmethod
    def open(cls, path: Path) -> Self:
        try:
            file = path.open("rb")
        except OSError as error:
            raise FileGone(f"The file {path.name} cannot be read: {error.strerror}.") from error
        return cls(path, file, _version(file))

    @property
    def size(self) -> int:
        return int(self.version.partition(" ")[0])

    async def read(self, start: int) -> bytes:
        """The piece from there; `FileChanged` where the file is another than it was."""
        return await asyncio.to_thread(self._read, start)

    def _read(self, start: int) -> bytes:
        self.file.seek(start)
        piece = self.file.read(PIECE)
        if _version(self.file) != self.version:
            raise FileChanged(
                f"{self.path.name} was changed while it was uploaded.", hint="Upload it again."
            )
        return piece


def _version(file: BinaryIO) -> str:
    found = os.fstat(file.fileno())
    return f"{found.st_size} {found.st_mtime_ns}"


class _Upload:
    """One file on its way through an upload session."""

    def __init__(
        self,
        client: HttpClient,
        begin: Call,
        source: _Source,
        sessions: UploadSessions | None,
        on_bytes: OnBytes | None,
    ) -> None:
        self._client = client
        self._begin = begin
        self._source = source
        self._sessions = sessions
        self._on_bytes = on_bytes
        self._scope = scope_of(begin, str(source.path.resolve()))

    async def run(self) -> Response:
        session, start = await self._resume() or await self._create()
        call = transfer.session_at(self._begin, session.url)
        try:
            answer = await self._send(call, session, start)
        except HttpError as error:
            # What may pass is left as it is: the next run goes on with this session.
            if not error.retryable:
                await self._give_up(call)
            raise
        except GraphwrightError:
            await self._give_up(call)
            raise
        await self._forget()
        return answer

    async def _send(self, call: Call, session: UploadSession, start: int) -> Response:
        """Sends what is missing, piece by piece; the answer to the last one."""
        size = self._source.size
        self._tell(start)
        while start < size:
            piece = await self._source.read(start)
            end = start + len(piece)
            if end == size:
                await self._keep(replace(session, ending=True))
            span = {"Content-Range": f"bytes {start}-{end - 1}/{size}", **transfer.BINARY}
            try:
                answer = await self._client.send_bare(replace(call, body=piece, headers=span))
                if answer.status == 201 or (answer.status == 200 and _is_last(answer)):
                    self._tell(size)
                    return answer
                following = transfer.next_of(answer.body)
                following = end if following is None else following
            except HttpError as error:
                following = await self._follow(call, start, error, last=end == size)
            if not start < following <= size:
                break
            start = following
            self._tell(start)
        raise ResponseInvalid(
            "The upload session took all that was sent, yet stored no file.",
            hint="Look whether the file is there before uploading it again.",
        )

    async def _follow(self, call: Call, start: int, error: HttpError, *, last: bool) -> int:
        """Where to go on behind a refusal: the piece came before, and its answer was lost."""
        if error.status == 416:
            following = await transfer.find_next(self._client, call)
            if following is not None and following > start:
                return following
        if last and error.status in (404, 410) and error.retries:
            _raise_unknown(error)
        raise error

    async def _resume(self) -> tuple[UploadSession, int] | None:
        """The session of an earlier run and where it goes on, if there is one that does."""
        if self._sessions is None:
            return None
        session = await self._sessions.find(self._scope, self._client.clock.now())
        if session is None:
            return None
        call = transfer.session_at(self._begin, session.url)
        if session.version != self._source.version:
            await self._give_up(call)
            return None
        try:
            start = await transfer.find_next(self._client, call)
        except HttpError as error:
            if error.status not in (404, 410):
                raise
            await self._forget()
            if session.ending:
                _raise_unknown(error)
            return None
        if start is None or start >= self._source.size:
            await self._give_up(call)
            return None
        return session, start

    async def _create(self) -> tuple[UploadSession, int]:
        started = await self._client.send(self._begin)
        url = transfer.upload_url(self._begin, started)
        expires_at = self._client.clock.now() + _SESSION_LIFETIME
        with suppress(InvalidInput):
            expires_at = parse_instant(str(started.body.get("expirationDateTime")))
        session = UploadSession(url, self._source.version, expires_at)
        await self._keep(session)
        return session, 0

    def _tell(self, done: int) -> None:
        if self._on_bytes is not None:
            self._on_bytes(done, self._source.size)

    async def _keep(self, session: UploadSession) -> None:
        if self._sessions is not None:
            await self._sessions.keep(self._scope, session, self._client.clock.now())

    async def _forget(self) -> None:
        if self._sessions is not None:
            await self._sessions.forget(self._scope)

    async def _give_up(self, call: Call) -> None:
        await transfer.cancel(self._client, call)
        await self._forget()


def _is_last(answer: Response) -> bool:
    return not (isinstance(answer.body, dict) and "nextExpectedRanges" in answer.body)


def _raise_unknown(error: HttpError) -> NoReturn:
    error.outcome = "unknown"
    error.facts["outcome"] = "unknown"
    error.hint = "Look whether the file is there before uploading it again."
    raise error


def scope_of(call: Call, *more: str) -> str:
    """What a transfer is of: the request, for whom, and the file on this machine."""
    state = json.dumps([call.to_state(), *more], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()
