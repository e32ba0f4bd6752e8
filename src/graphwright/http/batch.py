"""Several calls in one request to Graph, `POST /$batch`; each has its own answer and its own retries.

Knows what may go together and how it is written; nothing of flows. What becomes of each answer, and
whether its call is sent once more, is decided by the client as for any other call.
Source: https://learn.microsoft.com/graph/json-batching
"""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from graphwright.http.call import Call
from graphwright.http.client import HttpClient, Try
from graphwright.http.errors import HttpError, ResponseInvalid
from graphwright.http.hosts import authority_of, canonical_url
from graphwright.http.pace import lane_of
from graphwright.http.ports import ProfilesShape
from graphwright.http.response import Response, is_json
from graphwright.http.transport import BodyTooLarge, Exchange, TransportFault
from graphwright.http.verdict import Answer, Failure, no_answer

MOST_CALLS: Final = 20
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_MOST_BODY: Final = 100_000
"""Graph takes 4 MB in all."""
_CONTENT: Final = re.compile(r"/(content|\$value|\$count)/?$", re.IGNORECASE)
# A server that says so has not understood the batch; its calls it may.
_NO_BATCH: Final = frozenset({400, 404, 405, 413, 415, 501})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Calls that are to go together come within so many turns of the event loop of each other.
_TURNS: Final = 4


@dataclass(frozen=True, slots=True)
class _Door:
    """What calls of one batch have in common: whose they are, and to which version of Graph."""

    root: str
    profile: str
    principal_id: str | None
    account: str | None


def saves_trips(calls: Sequence[Call], profiles: ProfilesShape) -> bool:
    """Whether calls are answered sooner together: two or more of one door, JSON that is read, and no
    mailbox's, of which Graph works on four at a time whichever way they come.
    """
    doors = {_door_of(call, profiles) for call in calls}
    return (
        len(calls) > 1
        and len(doors) == 1
        and None not in doors
        and all(_is_light(call, profiles) for call in calls)
    )


def _is_light(call: Call, profiles: ProfilesShape) -> bool:
    if call.method != "GET" or call.paged is True or call.profile is None:
        return False
    profile = profiles.definition(call.profile)
    return not lane_of(call, canonical_url(call.url), profile).mailbox


def _door_of(call: Call, profiles: ProfilesShape) -> _Door | None:
    """The door of a call; None where it cannot be part of a batch."""
    if call.profile is None or call.authentication.type != "oauth2":
        return None
    if call.method not in _METHODS or _CONTENT.search(urlsplit(call.url).path):
        return None
    writes = call.method in ("POST", "PUT", "PATCH")
    if writes and (call.body is None or not is_json(_lower(call.headers))):
        return None
    if len(call.body or b"") > _MOST_BODY:
        return None
    profile = profiles.definition(call.profile)
    for api in ("v1.0", "beta"):
        root = str(profile.base_url(api)).rstrip("/")
        if call.url.startswith(f"{root}/"):
            return _Door(root, call.profile, call.principal_id, call.account)
    return None


async def send_batch(client: HttpClient, calls: Sequence[Call]) -> list[Response | HttpError]:
    """Sends calls, twenty in a request; their answers in the same order.

    Sent again is only what failed, after its own Retry-After and within its own budget. What cannot
    be part of a batch, such as the content of a file, is sent alone.
    """
    gatherer = Gatherer(client)

    async def send(call: Call) -> Response | HttpError:
        try:
            return await gatherer.send(call, batch=True)
        except HttpError as error:
            return error

    try:
        async with asyncio.TaskGroup() as group:
            sent = [group.create_task(send(call)) for call in calls]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        await gatherer.close()
    return [task.result() for task in sent]


_GATHERER: ContextVar["Gatherer | None"] = ContextVar("gatherer", default=None)


@asynccontextmanager
async def gathering(client: HttpClient) -> AsyncGenerator[None]:
    """Within it, tasks that `send` at about the same time share requests."""
    if _GATHERER.get() is not None:
        yield
        return
    gatherer = Gatherer(client)
    token = _GATHERER.set(gatherer)
    try:
        yield
    finally:
        _GATHERER.reset(token)
        await gatherer.close()


async def send(client: HttpClient, call: Call, *, batch: bool | None = None) -> Response:
    """Sends a call as the client does; within `gathering` perhaps together with others.

    `batch`: True: wherever it can be, also where it writes; False: never; None: where that saves trips.
    """
    gatherer = _GATHERER.get()
    if gatherer is None or batch is False or call.profile is None:
        return await client.send(call)
    return await gatherer.send(call, batch=batch)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A try of a call that waits for others to go with."""

    call: Call
    tried: Try
    answer: "asyncio.Future[Answer]" = field(repr=False)

    def settle(self, answer: Answer) -> None:
        """It is answered; whoever was cancelled meanwhile does not hear it."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, error: BaseException) -> None:
        """It came to nothing."""
        if isinstance(error, asyncio.CancelledError):
            self.answer.cancel()
        elif not self.answer.done():
            self.answer.set_exception(error)


class Gatherer:
    """Makes batches of calls that come at about the same time."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._waiting: dict[_Door, list[_Waiting]] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._settling = self._grew = False

    async def send(self, call: Call, *, batch: bool | None = None) -> Response:
        """Sends a call as the client does: the same answers, errors and retries."""
        profiles = self._client.profiles
        door = _door_of(call, profiles)
        if door is None or not (batch or _is_light(call, profiles)):
            return await self._client.send(call)

        async def join(call: Call, tried: Try) -> Answer:
            return await self._join(door, call, tried)

        return await self._client.send(call, via=join)

    async def close(self) -> None:
        """Ends what is still under way: nobody waits for it."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _join(self, door: _Door, call: Call, tried: Try) -> Answer:
        loop = asyncio.get_running_loop()
        found = _Waiting(call, tried, loop.create_future())
        group = self._waiting.setdefault(door, [])
        group.append(found)
        self._grew = True
        if len(group) == MOST_CALLS:
            self._begin(door, self._waiting.pop(door))
        elif not self._settling:
            self._settling = True
            loop.call_soon(self._settle, _TURNS)
        return await found.answer

    def _settle(self, turns: int) -> None:
        """Sends what waits when no more comes."""
        left = _TURNS if self._grew else turns - 1
        self._grew = False
        if left:
            asyncio.get_running_loop().call_soon(self._settle, left)
            return
        self._settling = False
        for door in list(self._waiting):
            self._begin(door, self._waiting.pop(door))

    def _begin(self, door: _Door, group: list[_Waiting]) -> None:
        carry = self._carry_together(door, group) if len(group) > 1 else self._carry_alone(group)
        task = asyncio.get_running_loop().create_task(carry)

        def end(task: asyncio.Task[None]) -> None:
            self._under_way.discard(task)
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            for one in group:
                # No token, for example: the same for all of them.
                one.fail(error or RuntimeError("a batch left a call without answer"))

        self._under_way.add(task)
        task.add_done_callback(end)

    async def _carry_alone(self, group: Sequence[_Waiting]) -> None:
        tries = (self._client.attempt(one.call, one.tried) for one in group)
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        for one, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                one.fail(outcome)
            else:
                one.settle(outcome)

    async def _carry_together(self, door: _Door, group: Sequence[_Waiting]) -> None:
        outer = _compose(door, group)
        tried = Try(
            str(uuid4()),
            refresh=any(one.tried.refresh for one in group),
            claims=next((one.tried.claims for one in group if one.tried.claims), None),
            count=len(group),
        )
        try:
            found, authorized = await self._client.carry(outer, tried)
        except TransportFault as fault:
            for one in group:
                failure = no_answer(one.call, authority_of(door.root), fault)
                failure.cause = fault
                one.fail(failure)
            return
        except BodyTooLarge:
            # Reads may be had one by one; of writes it is only known that they went out.
            writes = [one for one in group if one.call.method != "GET"]
            for one in writes:
                one.fail(_unanswered(one.call, Exchange(200, {}, b"", outer.url)))
            await self._carry_alone([one for one in group if one not in writes])
            return
        finally:
            for one in group:
                one.tried.lane = tried.lane
        if not isinstance(found, Exchange):
            raise TypeError("the body of a batch was left unread")
        if found.status in _NO_BATCH:
            await self._carry_alone(group)
        else:
            await self._tell(found, authorized, group)

    async def _tell(self, found: Exchange, authorized: bool, group: Sequence[_Waiting]) -> None:
        """Gives everybody the own answer, or what became of the batch as a whole."""
        items = _read_items(found) if found.status == 200 else {}
        elsewhere = []
        for number, one in enumerate(group):
            item = items.get(str(number))
            if item is not None and item.status in _REDIRECTS and one.call.method == "GET":
                elsewhere.append(one)
                continue
            exchange = found if item is None else item.to_exchange(one.call.url)
            try:
                answer = await self._client.judge(one.call, exchange, authorized, one.tried.read)
            except Failure as failure:
                one.fail(failure)
            else:
                if item is None:
                    one.fail(_unanswered(one.call, found))
                else:
                    one.settle(answer)
        await self._carry_alone(elsewhere)


def _compose(door: _Door, group: Sequence[_Waiting]) -> Call:
    """The request that holds the calls; their ids are their places."""
    steps: list[dict[str, Any]] = []
    for number, one in enumerate(group):
        headers = {**one.call.headers, "client-request-id": one.tried.correlation}
        url = one.call.url.removeprefix(door.root)
        step: dict[str, Any] = {
            "id": str(number),
            "method": one.call.method,
            "url": url,
            "headers": headers,
        }
        if one.call.body is not None:
            step["body"] = msgspec.Raw(one.call.body)
        steps.append(step)
    first = group[0].call
    timeouts = [one.call.timeout for one in group]
    return Call(
        "POST",
        f"{door.root}/$batch",
        {"Content-Type": "application/json"},
        msgspec.json.encode({"requests": steps}),
        authentication=first.authentication,
        profile=door.profile,
        principal_id=door.principal_id,
        account=door.account,
        path_template="/$batch",
        timeout=max((t for t in timeouts if t is not None), default=None),
        # As much as a page may be.
        paged=True,
    )


class _Item(msgspec.Struct, gc=False):
    """One answer of a batch."""

    id: str
    status: int
    headers: dict[str, Any] | None = None
    body: msgspec.Raw = msgspec.Raw(b"null")

    def to_exchange(self, url: str) -> Exchange:
        """The answer as if it had come alone."""
        headers = {name: str(value) for name, value in _lower(self.headers or {}).items()}
        content = bytes(self.body)
        if content == b"null":
            content = b""
        elif not is_json(headers) and content[:1] == b'"':
            content = _unpack(content)
        elif not is_json(headers):
            headers["content-type"] = "application/json"
        return Exchange(self.status, headers, content, url)


class _Items(msgspec.Struct, gc=False):
    responses: list[_Item]


_DECODER: Final = msgspec.json.Decoder(_Items)


def _read_items(found: Exchange) -> dict[str, _Item]:
    """The answers by their ids; none where it is no answer to a batch."""
    try:
        return {item.id: item for item in _DECODER.decode(found.content).responses}
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return {}


def _unpack(content: bytes) -> bytes:
    """What is no JSON is base64; or a text, where somebody has not thought of that."""
    text = msgspec.json.decode(content, type=str)
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return text.encode()


def _unanswered(call: Call, found: Exchange) -> Failure:
    """The failure where the answer to the batch has none to the call, or is none."""
    error = ResponseInvalid(
        f"{authority_of(found.url)} did not answer {call.method} {call.path_template} in a batch.",
        hint="The server is at fault, or its answer was cut off on the way.",
        status=found.status,
        request_id=found.headers.get("request-id"),
    )
    return Failure(error, repeat=True, unsure=True)


def _lower(headers: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in headers.items()}
