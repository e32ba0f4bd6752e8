"""Files from Graph and to it. Knows where they lie on this machine; `http.transfer` moves them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

from graphwright.http import transfer
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import InvalidRequest, ResponseInvalid
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject
from graphwright.library.calls import Options, make_call
from graphwright.library.credentials import Access

_CHUNK = 1_000_000
Told = Callable[[int], None] | None


async def download(client: HttpClient, call: Call, file: Path, on_bytes: Told) -> int:
    """Stores the content that a call reads; what broke off leaves no file."""
    part = file.with_name(f"{file.name}.part")
    size = 0
    try:
        async with transfer.download(client, call) as stream:
            opened = await _open(part, "wb")
            with opened:
                async for chunk in stream.chunks():
                    await asyncio.to_thread(opened.write, chunk)
                    size += len(chunk)
                    if on_bytes:
                        on_bytes(size)
        await asyncio.to_thread(part.replace, file)
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return size


async def upload(
    access: Access, file: Path, path: str, options: Options, on_bytes: Told
) -> JsonObject:
    """Stores a file at a path that ends in /content."""
    target, is_content, _ = path.rpartition("/content")
    if not is_content or not path.endswith("/content"):
        raise InvalidRequest(
            "A file is stored at a path that ends in /content.",
            hint="Such as /me/drive/root:/Documents/report.docx:/content.",
        )
    put = make_call(access, "PUT", path, options)
    begin = make_call(
        access,
        "POST",
        f"{target}/createUploadSession",
        options,
        # What PUT does, too.
        json={"item": {"@microsoft.graph.conflictBehavior": "replace"}},
    )
    opened = await _open(file, "rb")
    with opened:
        size = os.fstat(opened.fileno()).st_size
        # A session whose address was lost on the way expires unused: another may be begun.
        stored = await transfer.upload(
            access.client,
            put,
            replace(begin, idempotent=True),
            size,
            _read(opened, on_bytes),
        )
    if not isinstance(stored, dict):
        raise ResponseInvalid(f"PUT {put.path_template} does not say what was stored.")
    return stored


async def _read(opened: IO[bytes], on_bytes: Told) -> AsyncIterator[bytes]:
    size = 0
    while chunk := await asyncio.to_thread(opened.read, _CHUNK):
        yield chunk
        size += len(chunk)
        if on_bytes:
            on_bytes(size)


async def _open(file: Path, mode: str) -> IO[bytes]:
    try:
        return await asyncio.to_thread(file.open, mode)
    except OSError as error:
        raise InvalidInput(f"The file {file} cannot be opened: {error.strerror}.") from error
