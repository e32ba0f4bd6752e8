"""Files from Graph and to it, as Python asks for them; `http.resume` moves them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import InvalidRequest, ResponseInvalid
from graphwright.http.resume import OnBytes, download_to, upload_from
from graphwright.kernel.values import JsonObject
from graphwright.sdk.calls import Options, make_call
from graphwright.sdk.credentials import Access


async def download(client: HttpClient, call: Call, file: Path, on_bytes: OnBytes | None) -> int:
    """Stores the content that a call reads; what broke off before is gone on with."""
    return (await download_to(client, call, file, on_bytes=on_bytes)).size


async def upload(
    access: Access, file: Path, path: str, options: Options, on_bytes: OnBytes | None
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
    stored = (await upload_from(access.client, put, begin, file, on_bytes=on_bytes)).body
    if not isinstance(stored, dict):
        raise ResponseInvalid(f"PUT {put.path_template} does not say what was stored.")
    return stored
