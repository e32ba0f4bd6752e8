"""`POST /$batch`: up to twenty requests in one, each carried out as if it had come alone.

Knows no workload: every inner request goes through the whole application again, with the caller's
authorization, so that permissions, faults and limits hold for it as well.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope

from graphwright_sandbox.graph.bodies import parse_json_object
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.inspector import Exchange, exchange_of, with_exchange

MAXIMUM_REQUESTS = 20
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_WRITES_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
# Headers of the outer request that an inner one inherits; its own are never its authorization.
_INHERITED = frozenset({b"authorization", b"host"})
_IGNORED = _INHERITED | {b"accept-encoding", b"content-length"}
# What is said once for the batch, or is true of the transport only.
_OUTER_ONLY = frozenset(
    {"request-id", "client-request-id", "content-length", "date", "vary"}
    | {"odata-version", "cache-control"}
)


class _Step(msgspec.Struct, rename={"depends_on": "dependsOn"}):
    """One request of the payload."""

    id: str
    method: str
    url: str
    headers: dict[str, str] | None = None
    body: Any = None
    depends_on: list[str] | None = None


async def answer_batch(
    serve: ASGIApp, scope: Scope, receive: Receive, version: str, body: bytes
) -> dict[str, Any]:
    """The body of the answer; refuses the whole batch where its payload makes no sense.

    `serve` answers an inner request; `scope` and `receive` are those of the outer one, `version`
    holds for all.
    """
    parts = exchange_of(scope).parts
    steps = _read_steps(body, _root_of(scope, version))
    statuses: dict[str, int] = {}
    responses = []
    for step in _in_order(steps):
        path, _, query = step.url.partition("?")
        part = Exchange(method=step.method, path=path, query=query)
        parts.append(part)
        if all(statuses[before] < 400 for before in step.depends_on or ()):
            # What an inner request says of itself is not said of the batch.
            inner = with_exchange(_inner_scope(scope, version, step), part)
            response = await _carry_out(serve, inner, receive, step)
        else:
            response = _error(step, 424, "FailedDependency", "Failed dependency.")
        statuses[step.id] = response["status"]
        part.status = response["status"]
        responses.append(response)
    return {"responses": responses}


def _read_steps(body: bytes, root: str) -> list[_Step]:
    payload = parse_json_object(body)
    try:
        steps = msgspec.convert(payload.get("requests"), list[_Step])
    except msgspec.ValidationError as error:
        raise bad_request("Invalid batch payload format.") from error
    if not steps:
        raise bad_request("Invalid batch payload format.")
    if len(steps) > MAXIMUM_REQUESTS:
        raise bad_request(
            f"Number of batch request steps exceeds the maximum value of {MAXIMUM_REQUESTS}."
        )
    seen: set[str] = set()
    for step in steps:
        # Microsoft's client for Python writes the whole URL.
        step.url = step.url.removeprefix(root)
        _check(step)
        if step.id in seen:
            raise bad_request(f"Duplicate request id '{step.id}' found in the batch payload.")
        seen.add(step.id)
    for step in steps:
        for before in step.depends_on or ():
            if before not in seen:
                raise bad_request(
                    f"Request id '{step.id}' depends on '{before}', which is not in the batch."
                )
    return steps


def _root_of(scope: Scope, version: str) -> str:
    """The address of Graph as the caller names it, up to the version."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return f"{scope['scheme']}://{host.decode('latin-1')}/{version}/"


def _check(step: _Step) -> None:
    step.method = step.method.upper()
    url = step.url
    if not step.id or step.method not in _METHODS or not url.isprintable():
        raise bad_request("Invalid batch payload format.")
    if "://" in url.partition("?")[0] or url.startswith("//") or not url.strip("/"):
        raise bad_request(f"Invalid request url '{url[:200]}': it has to be relative.")
    if url.strip("/").lower().partition("?")[0] == "$batch":
        raise bad_request("A batch cannot hold another one.")
    if step.method not in _WRITES_WITH_BODY:
        return
    typed = any(name.lower() == "content-type" for name in step.headers or ())
    if not typed or step.body is None:
        raise bad_request(
            f"Write request id : {step.id} does not contain Content-Type header or body."
        )


def _in_order(steps: list[_Step]) -> Iterable[_Step]:
    """Every request after those that it depends on; refuses circles."""
    waiting, done = list(steps), set[str]()
    while waiting:
        ready = [step for step in waiting if done.issuperset(step.depends_on or ())]
        if not ready:
            raise bad_request("The requests of the batch depend on each other in a circle.")
        # The first one only: what has no dependency keeps its place in the payload.
        yield ready[0]
        waiting.remove(ready[0])
        done.add(ready[0].id)


async def _carry_out(serve: ASGIApp, scope: Scope, receive: Receive, step: _Step) -> dict[str, Any]:
    try:
        content = _content(step)
    except (ValueError, binascii.Error):
        return _error(step, 400, "BadRequest", "The body is neither JSON nor base64.")
    sent: list[Message] = []
    unread = [content]

    async def read() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    async def send(message: Message) -> None:
        sent.append(message)

    await serve(scope, read, send)
    return _response(step, sent)


def _content(step: _Step) -> bytes:
    """The bytes of a body: JSON as it is, a text is base64 of something else."""
    if step.body is None:
        return b""
    if isinstance(step.body, str):
        text = step.body.replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    return msgspec.json.encode(step.body)


def _inner_scope(scope: Scope, version: str, step: _Step) -> Scope:
    path, _, query = step.url.partition("?")
    raw_path = quote(f"/{version}/{path.lstrip('/')}", safe="/%$()'=,:;@!*+~&")
    inherited = [(name, value) for name, value in scope["headers"] if name in _INHERITED]
    own = [
        (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in (step.headers or {}).items()
        if name.lower().encode("latin-1", "replace") not in _IGNORED
    ]
    return {
        **scope,
        "method": step.method,
        "path": raw_path,
        "raw_path": raw_path.encode("ascii"),
        "root_path": "",
        "query_string": quote(query, safe="%$()'=,:;@!*+~&/?").encode("ascii"),
        "headers": [*inherited, *own],
        "state": dict(scope.get("state", {})),
    }


def _response(step: _Step, sent: list[Message]) -> dict[str, Any]:
    start = next((message for message in sent if message["type"] == "http.response.start"), None)
    if start is None:
        return _error(step, 502, "BadGateway", "The service gave no answer.")
    content = b"".join(message.get("body", b"") for message in sent)
    headers = {
        _title(name.decode("latin-1")): value.decode("latin-1")
        for name, value in start["headers"]
        if name.decode("latin-1").lower() not in _OUTER_ONLY
    }
    # Null where there is none: Office365-REST-Python-Client looks for it.
    body = _shown(content, headers) if content else None
    return {"id": step.id, "status": start["status"], "headers": headers, "body": body}


def _shown(content: bytes, headers: Mapping[str, str]) -> Any:
    if headers.get("Content-Type", "").startswith("application/json"):
        try:
            return msgspec.json.decode(content)
        except msgspec.DecodeError:
            pass  # a fault may have spoiled it; bytes are shown like any others
    return base64.b64encode(content).decode("ascii")


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _error(step: _Step, status: int, code: str, message: str) -> dict[str, Any]:
    error = GraphError(status, code, message)
    body = {"error": {"code": error.code, "message": error.message, "innerError": {}}}
    return {"id": step.id, "status": error.status, "headers": {}, "body": body}
