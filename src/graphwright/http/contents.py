"""Sends the content of a file with a request: whole where it is small, else by an upload session.

Knows which of Graph's requests have a session beside them: contents of drive items, attachments of
messages and events. Knows no flow, and nothing of where files are kept.
Source: https://learn.microsoft.com/graph/outlook-large-attachments
"""

import asyncio
import base64
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import FileTooLarge
from graphwright.http.response import Response
from graphwright.http.resume import OnBytes, send_whole, upload_from
from graphwright.http.sessions import UploadSessions
from graphwright.http.transfer import SMALL
from graphwright.kernel.errors import FileGone
from graphwright.kernel.values import JsonObject

_CONTENT = re.compile(r"/content/?$", re.IGNORECASE)
_ATTACHMENTS = re.compile(r"/(messages|events)/[^/]+/attachments/?$", re.IGNORECASE)
_END = re.compile(r"/?$")
_SESSION = "/createUploadSession"
_CONFLICT = "@microsoft.graph.conflictBehavior"


@dataclass(frozen=True, slots=True)
class Content:
    """A file to send: where it lies, and what the receiver is told of it."""

    path: Path
    name: str
    media_type: str


async def send_content(
    client: HttpClient,
    call: Call,
    content: Content,
    *,
    sessions: UploadSessions | None = None,
    on_bytes: OnBytes | None = None,
) -> Response:
    """Sends a call with a file; an attachment becomes Graph's JSON. Raises as `upload_from`.

    `FileTooLarge` where the file is larger than one request may be and there is no session.
    """
    size = await asyncio.to_thread(_size, content.path)
    begin = session_of(call, content, size)
    if begin is not None and size >= SMALL:
        return await upload_from(
            client, None, begin, content.path, sessions=sessions, on_bytes=on_bytes
        )
    if size > client.limits.body_bytes:
        raise FileTooLarge(
            f"The file has over {client.limits.body_bytes / 1e6:g} MB, which is all that one "
            "request holds.",
            hint="Contents of drive items and attachments of messages and events may be larger.",
        )
    data = await asyncio.to_thread(content.path.read_bytes)
    return await send_whole(client, _with_content(call, content, data), len(data), on_bytes)


def session_of(call: Call, content: Content, size: int) -> Call | None:
    """The call that creates an upload session in place of this call; None where Graph has none."""
    parts = urlsplit(call.url)
    if call.profile is None:
        return None
    body: JsonObject
    if call.method == "PUT" and _CONTENT.search(parts.path):
        ending: re.Pattern[str] = _CONTENT
        asked = dict(parse_qsl(parts.query)).get(_CONFLICT, "replace")
        body = {"item": {_CONFLICT: asked}}
    elif call.method == "POST" and _ATTACHMENTS.search(parts.path):
        ending = _END
        item = {"attachmentType": "file", "name": content.name, "size": size}
        body = {"AttachmentItem": {**item, "contentType": content.media_type}}
    else:
        return None
    return replace(
        call,
        method="POST",
        url=parts._replace(path=ending.sub(_SESSION, parts.path, 1), query="").geturl(),
        headers={**_others(call), "Content-Type": "application/json"},
        body=json.dumps(body).encode(),
        # A session whose address was lost on the way expires unused: another may be begun.
        idempotent=True,
        path_template=ending.sub(_SESSION, call.path_template, 1),
        paged=False,
    )


def _with_content(call: Call, content: Content, data: bytes) -> Call:
    """The call with the whole content: as it is, or as the JSON of an attachment."""
    is_attachment = call.method == "POST" and _ATTACHMENTS.search(urlsplit(call.url).path)
    if call.profile is None or not is_attachment:
        kind = content.media_type or "application/octet-stream"
        return replace(call, body=data, headers={**_others(call), "Content-Type": kind})
    attachment = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": content.name,
        "contentType": content.media_type or "application/octet-stream",
        "contentBytes": base64.b64encode(data).decode("ascii"),
    }
    headers = {**_others(call), "Content-Type": "application/json"}
    return replace(call, body=json.dumps(attachment).encode(), headers=headers)


def _others(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.headers.items() if name.lower() != "content-type"}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise FileGone("The content of the file is not there any more.") from error
