"""Builds the request from its definition and the flow's values, sends it, keeps the response."""

from graphwright.flows.context import Context, Exit
from graphwright.http.batch import send
from graphwright.http.build import build_call
from graphwright.http.call import READ_METHODS, Call
from graphwright.http.errors import HttpError
from graphwright.http.response import Response
from graphwright.kernel.errors import FileGone, InvalidInput
from graphwright.kernel.values import JsonObject
from graphwright.nodes.http_request.config import Config
from graphwright.nodes.http_request.files import save_body, send_file


async def run(config: Config, context: Context) -> Exit:
    """The exit of the status where the node has one, else `default`; errors are raised."""
    sends_file = config.body is not None and config.body.kind == "file"
    call = build_call(
        config.model_copy(update={"body": None}) if sends_file else config,
        await context.readable_scope(config.templates()),
        profiles=context.services.profiles,
        principal_id=context.owner,
    )
    # Said before it is sent: a request whose fate is unknown may have written all the same.
    wrote_before = context.wrote
    if call.method not in READ_METHODS:
        await context.before_write()
        context.wrote = True
    try:
        response = await _send(config, context, call)
    except (InvalidInput, FileGone):
        # A file that cannot be sent: nothing was.
        context.wrote = wrote_before
        raise
    except HttpError as error:
        if _is_refused(error):
            context.wrote = wrote_before
        context.count(requests=1, retries=error.retries)
        if config.response is not None and error.response is not None:
            context.set(config.response, _value(error.response))
        raise
    context.count(requests=1, retries=response.retries)
    if config.response is not None:
        context.set(config.response, _value(response))
    exits = (str(response.status), f"{response.status // 100}xx")
    return Exit(next((name for name in exits if name in config.exits), "default"))


async def _send(config: Config, context: Context, call: Call) -> Response:
    body = config.body
    if config.save is not None:
        return await save_body(config.save, context, call)
    if body is not None and body.file is not None:
        return await send_file(body.file, body.content_type, context, call)
    return await send(context.services.http, call, batch=config.batch)


def _is_refused(error: HttpError) -> bool:
    """Whether the server said that it did nothing: the user may correct the form and send it again."""
    status = error.facts.get("status")
    return error.outcome == "failed" and isinstance(status, int) and 400 <= status < 500


def _value(response: Response) -> JsonObject:
    return {"status": response.status, "headers": response.headers, "body": response.body}
