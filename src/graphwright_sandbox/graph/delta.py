"""Delta queries, the same for all workloads: first everything, later what changed since.

A round is a chain of pages by `$skiptoken` that ends in a link with a `$deltatoken`. The tokens
hold the options of the round's first request, so that a link carries nothing else, as Graph's do.
Knows no workload; what a container holds is told by `records` and `find`.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.filter_binding import BoundFilter
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    bound_filter,
    check_shape,
    extended_view,
    page_size,
    projector,
    sort_records,
)
from graphwright_sandbox.graph.query import parse_query
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record

READ_DELTA = frozenset(
    {"select", "expand", "format", "filter", "orderby", "top", "skiptoken", "deltatoken"}
)
"""The query options of a delta operation; a workload takes out what its service refuses."""
LIFETIME = timedelta(days=7)
"""How long the directory keeps its delta tokens."""
_TOKENS = ("$skiptoken", "$deltatoken", "token")
Find = Callable[[GraphRequest, str], Record | None]


class _Token(msgspec.Struct, array_like=True):
    """Where a round stands. `kind`: `all` (first pages), `changes` (later ones), `delta` (done)."""

    kind: str
    epoch: str
    issued: int
    start: int
    """Position from which the next round reads; for `changes` the end of this round."""
    at: int
    """Position up to which the pages so far are right."""
    offset: int
    query: str


@dataclass(frozen=True, slots=True)
class Delta:
    """What one delta operation reads, and how it is shown."""

    view: View
    container: str
    records: Callable[[GraphRequest], Sequence[Record]]
    """All records in a stable order. Both functions get the request with the round's options."""
    find: Find
    """The record of an id, or None where it does not belong (any more)."""
    limits: Limits
    path: str
    """What the context of the answer names, as in `answer_collection`."""
    removed_reason: str = "deleted"
    """`changed` where what is deleted can be restored."""
    extend: Callable[[GraphRequest, Record, int | None], Record] | None = None
    """More for a record (`members@delta`), from its changes after a position; None: all of it."""
    narrows: bool = False
    """`records` leaves out what the filter keeps out, without looking at each."""
    spread: Callable[[GraphRequest, str], Sequence[Record]] | None = None
    """In place of `find`, where one change is told as several records (a series, as its
    occurrences); those that are gone carry `@removed` already."""
    by_kind: bool = False
    """Whether `changeType` narrows later rounds to what was created, updated or deleted."""
    sparse: bool = False
    """A first round leaves out properties without a value, as the directory does."""
    tombstone: Callable[[GraphRequest, str], Record] | None = None
    """What is shown of something deleted; None: its id and `@removed`."""
    option: str = "$deltatoken"
    """`token` for drives."""


def answer_delta(request: GraphRequest, delta: Delta) -> GraphResponse:
    """A page of a round: records, for later rounds also `@removed`, and the link onwards."""
    delta = replace(delta, view=extended_view(request, delta.view))
    text, latest = _given_token(request, delta)
    # Changes come in the order they were made; what is asked for has to make sense all the same.
    sort_records((), request.options.orderby, delta.view.type)
    if latest:
        done = _token(request, "delta", request.changes.position)
        return _answer(request, delta, [], done)
    if text is None:
        position = request.changes.position
        return _answer_all(request, delta, _token(request, "all", position, at=position))
    token = _read(request, delta, text)
    query = parse_query(token.query)
    request = replace(request, options=query)
    return (_answer_all if token.kind == "all" else _answer_changes)(request, delta, token)


def sync_state_not_found(request: GraphRequest) -> GraphError:
    """410: the token is too old or of another state; where to start again stands in Location."""
    return GraphError(
        410,
        "syncStateNotFound",
        "The sync state generation is not found. The delta token is expired and data must be "
        "synchronized again.",
        {"Location": _restart(request)},
    )


def resync_required(request: GraphRequest) -> GraphError:
    """410 of drives: enumerate again and compare."""
    return GraphError(
        410,
        "resyncRequired",
        "Resync required. Replace any local items with the server's version (including deletes) "
        "if you're sure that the service was up to date with your local changes when you last "
        "sync'd.",
        {"Location": _restart(request)},
    )


def _restart(request: GraphRequest) -> str:
    kept = [(name, value) for name, value in request.options.raw if name.lower() not in _TOKENS]
    name = "token" if "token" in request.options.custom else "$deltatoken"
    return f"{request.url}?{urlencode([*kept, (name, '')], quote_via=quote, safe='$')}"


def _given_token(request: GraphRequest, delta: Delta) -> tuple[str | None, bool]:
    """The token of a request, and whether it asks for no more than the latest one."""
    options = request.options
    if delta.option == "token":
        text = options.custom.get("token") or request.keys.get("token")
    else:
        if options.skiptoken and options.deltatoken:
            raise bad_request("'$skiptoken' and '$deltatoken' cannot be combined.")
        text = options.skiptoken or options.deltatoken
    latest = text is not None and text.lower() == "latest"
    return text or None, latest


def _answer_all(request: GraphRequest, delta: Delta, token: _Token) -> GraphResponse:
    records = delta.records(request)
    bound = bound_filter(request, delta.view.type)
    if bound is not None and not delta.narrows:
        records = [record for record in records if bound.test(record)]
    # What was deleted since the last page moved the rest forward: rather once too often than never.
    passed = request.changes.since(delta.container, token.at).values()
    offset = max(0, token.offset - sum(kind == "deleted" for kind in passed))
    size = page_size(request, delta.limits)
    shown = [_shown(request, delta, record, None) for record in records[offset : offset + size]]
    if offset + size < len(records):
        at = request.changes.position
        following = _token(request, "all", token.start, at=at, offset=offset + size)
    else:
        following = _token(request, "delta", token.start)
    return _answer(request, delta, shown, following)


def _answer_changes(request: GraphRequest, delta: Delta, token: _Token) -> GraphResponse:
    # A round ends where it began to read; what is changed meanwhile comes in the next one.
    end = token.start if token.kind == "changes" else request.changes.position
    base = token.offset if token.kind == "changes" else token.start
    after = token.at if token.kind == "changes" else token.start
    bound = bound_filter(request, delta.view.type)
    size = page_size(request, delta.limits)
    wanted = request.options.custom.get("changetype") if delta.by_kind else None
    shown: list[Record] = []
    for item_id, kind, position in request.changes.window(delta.container, after, end):
        if len(shown) >= size:
            following = _token(request, "changes", end, at=after, offset=base)
            return _answer(request, delta, shown, following)
        after = position
        if wanted not in (None, kind):
            continue
        if delta.spread is not None:
            shown += [
                record if "@removed" in record else _shown(request, delta, record, base)
                for record in delta.spread(request, item_id)
            ]
            continue
        record = _changed(request, delta, bound, item_id, kind, base)
        if record is not None:
            shown.append(record)
    return _answer(request, delta, shown, _token(request, "delta", end))


def _changed(
    request: GraphRequest,
    delta: Delta,
    bound: BoundFilter | None,
    item_id: str,
    kind: Kind,
    since: int,
) -> Record | None:
    """One change as the caller sees it; None where the filter keeps it out."""
    record = None if kind == "deleted" else delta.find(request, item_id)
    if record is None:
        only_id = bound is not None and set(bound.properties) <= {"id"}
        if bound is not None and only_id and not bound.test({"id": item_id}):
            return None
        if delta.tombstone is not None:
            return delta.tombstone(request, item_id)
        return {"id": item_id, "@removed": {"reason": delta.removed_reason}}
    if bound is not None and not bound.test(record):
        return None
    return _shown(request, delta, record, since)


def _shown(request: GraphRequest, delta: Delta, record: Record, since: int | None) -> Record:
    shape = check_shape(delta.view, request.options)
    shown = projector(request, delta.view, request.options, shape)(record)
    if since is not None and request.preferences.minimal:
        changed = request.changes.changed_properties(delta.container, record["id"], since)
        if changed is not None:
            shown = {name: value for name, value in shown.items() if name in changed}
    elif since is None and delta.sparse:
        shown = {name: value for name, value in shown.items() if value is not None}
    shown["id"] = record["id"]
    return delta.extend(request, shown, since) if delta.extend else shown


def _answer(
    request: GraphRequest, delta: Delta, shown: list[Record], following: _Token
) -> GraphResponse:
    done = following.kind == "delta"
    default = "$deltatoken" if done else "$skiptoken"
    name = "token" if delta.option == "token" else default
    link = f"{request.url}?{name}={_write(request, delta, following)}"
    body: Record = {"@odata.context": request.context(delta.path)}
    if not done:
        body["@odata.nextLink"] = link
    body["value"] = shown
    if done:
        body["@odata.deltaLink"] = link
    return GraphResponse(200, body)


def _token(request: GraphRequest, kind: str, start: int, *, at: int = 0, offset: int = 0) -> _Token:
    kept = [(name, value) for name, value in request.options.raw if name.lower() not in _TOKENS]
    query = urlencode(kept, quote_via=quote)
    issued = int(request.now.timestamp())
    return _Token(kind, request.changes.epoch, issued, start, at, offset, query)


def _write(request: GraphRequest, delta: Delta, token: _Token) -> str:
    content = msgspec.json.encode(token)
    return base64.urlsafe_b64encode(_seal(request, delta, content) + content).decode().rstrip("=")


def _read(request: GraphRequest, delta: Delta, text: str) -> _Token:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        seal, content = data[:9], data[9:]
        if seal != _seal(request, delta, content):
            raise bad_request("Badly formed token.", _badly_formed(delta))
        token = msgspec.json.decode(content, type=_Token)
    except (ValueError, msgspec.DecodeError) as error:
        raise bad_request("Badly formed token.", _badly_formed(delta)) from error
    age = request.now - datetime.fromtimestamp(token.issued, UTC)
    if token.epoch != request.changes.epoch or age > LIFETIME:
        lost = resync_required if delta.option == "token" else sync_state_not_found
        raise lost(replace(request, options=_restored(request, token)))
    return token


def _restored(request: GraphRequest, token: _Token) -> Any:
    options = parse_query(token.query)
    custom = {**options.custom, **request.options.custom}
    return replace(options, custom=custom)


def _badly_formed(delta: Delta) -> str:
    return "Request_BadRequest" if delta.sparse else "BadRequest"


def _seal(request: GraphRequest, delta: Delta, content: bytes) -> bytes:
    """Binds a token to what it reads; not a secret, only a guard against mixed-up links."""
    place = f"{request.operation} {delta.container} ".encode()
    return hashlib.sha256(place + content).digest()[:9]
