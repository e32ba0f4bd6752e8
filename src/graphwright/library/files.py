"""Files from Graph and to it. Knows where they lie on this machine; `http.resume` moves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import InvalidRequest, ResponseInvalid
from graphwright.http.resume import OnBytes, download_to, upload_from
from graphwright.kernel.values import JsonObject
from graphwright.library.calls import Options, make_call
from graphwright.library.credentials import Access

Told = Callable[[int], None] | None


async def download(client: HttpClient, call: Call, file: Path, on_bytes: Told) -> int:
    """Stores the content that a call reads; a download that broke off before goes on where it was."""
    return (await download_to(client, call, file, on_bytes=_tell(on_bytes))).size


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
    # A session whose address was lost on the way expires unused: another may be begun.
    begin = replace(begin, idempotent=True)
    stored = await upload_from(access.client, put, begin, file, on_bytes=_tell(on_bytes))
    if not isinstance(stored.body, dict):
        raise ResponseInvalid(f"PUT {put.path_template} does not say what was stored.")
    return stored.body


def _tell(on_bytes: Told) -> OnBytes | None:
    return None if on_bytes is None else lambda done, _total: on_bytes(done)
