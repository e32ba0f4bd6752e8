"""Files of requests: a body that is kept as a file, and a file that is sent as a body."""

import asyncio
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from graphwright.flows.context import Context
from graphwright.http.call import Call
from graphwright.http.contents import Content, send_content
from graphwright.http.response import Response
from graphwright.http.resume import download_to, scope_of
from graphwright.kernel.values import JsonValue
from graphwright.lists.files import FileValue, file_name
from graphwright.nodes.http_request.config import Save


async def save_body(save: Save, context: Context, call: Call) -> Response:
    """The response whose body is kept: the body is then the file's value."""
    files = context.services.files
    said = await context.render(save.name)
    stored = await download_to(
        context.services.http,
        call,
        files.incoming(scope_of(call)),
        most=files.most,
        on_bytes=counted(context),
    )
    file = await files.keep(stored.path)
    # Servers run for months; what they keep would only grow.
    await files.tidy(context.services.lists.files_in_use)
    name = file_name(str(said or stored.name or unquote(urlsplit(call.url).path)))
    value = FileValue(file, name, stored.size, stored.media_type or "application/octet-stream")
    return Response(200, {"content-type": value.type}, value.to_json(), call.url)


async def send_file(
    template: str, content_type: str | None, context: Context, call: Call
) -> Response:
    """The response to a call that sends the file which the template gives."""
    value: JsonValue = await context.render(template)
    file = FileValue.of(value)
    path = await asyncio.to_thread(context.services.files.find, file.id)
    return await send_content(
        context.services.http,
        call,
        Content(path, file_name(file.name), content_type or file.type),
        sessions=context.services.uploads,
        on_bytes=counted(context),
    )


def counted(context: Context) -> Callable[[int, int | None], None]:
    """Adds what comes over to the run's count of bytes."""
    seen: int | None = None

    def count(done: int, _total: int | None) -> None:
        nonlocal seen
        # First it is told where it begins: what an earlier run had has not come over now.
        if seen is not None:
            context.count(bytes=max(0, done - seen))
        seen = done

    return count
