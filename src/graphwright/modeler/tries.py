"""Tries: a request of the model sent once, as an account or the application, and what came back.

The last ones are kept, in memory only; their JSON bodies are examples. A token never gets here: the
HTTP client adds it, and keeps it to the hosts of its profile.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from urllib.parse import urlsplit

from graphwright.http.call import READ_METHODS, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import CollectionLoop, HttpError
from graphwright.http.hosts import authority_of
from graphwright.http.response import Response, is_json
from graphwright.kernel.errors import Conflict, GraphwrightError, NotFound
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.modeler.engine import Engine
from graphwright.modeler.errors import ConfirmationNeeded
from graphwright.modeler.examples import Examples
from graphwright.modeler.masking import MASK, Masker
from graphwright.modeler.requests import Sender, build_request, find_sender, read_request
from graphwright.modeler.wire.tries import TryRequest, TryWire

MOST_TRIES = 100
_LONGEST_TEXT = 100_000
_MASKER = Masker()


class TryMissing(NotFound):
    """There is no such try, or not any more."""

    code = "tryMissing"


class NoMorePages(Conflict):
    """The try has no further page."""

    code = "noMorePages"


@dataclass(slots=True)
class _Try:
    """A try, and how its collection goes on."""

    wire: TryWire
    call: Call = field(repr=False)
    next: str | None = field(default=None, repr=False)
    read: set[str] = field(default_factory=set, repr=False)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class Tries:
    """The tries of one modeler. `publish` tells the browsers of each."""

    def __init__(
        self, engine: Engine, examples: Examples, publish: Callable[[str, JsonValue], None]
    ) -> None:
        self._engine = engine
        self._examples = examples
        self._publish = publish
        self._kept: OrderedDict[str, _Try] = OrderedDict()
        self._secrets_sent: set[tuple[str, str]] = set()

    async def send(self, asked: TryRequest) -> TryWire:
        """Sends a request; what it came to, a failure of the server as well.

        Raises what is wrong with the request itself before anything is sent: `InvalidRequest`,
        `HostRefused`, `AccountNeeded`, and `ConfirmationNeeded` before a write not confirmed.
        """
        definition = read_request(asked.request)
        profiles = await self._engine.profiles()
        sender = await find_sender(definition, profiles, asked.account)
        now = self._engine.clock.now()
        call = build_request(definition, asked.values, profiles=profiles, sender=sender, now=now)
        self._check_secret(call, confirmed=asked.confirmed)
        if call.method not in READ_METHODS and not asked.confirmed:
            raise ConfirmationNeeded(
                f"{call.method} {call.url} changes something.",
                hint="Confirm that it is to be sent.",
                method=call.method,
                url=call.url,
            )
        one = _Try(_begin(call, sender, format_instant(now), asked), call)
        began = time.perf_counter()
        try:
            response = await (await self._engine.http()).send(call)
            self._read(one, response)
        except GraphwrightError as error:
            self._fail(one.wire, error)
        except asyncio.CancelledError:
            one.wire.error = _cancelled(call)
            raise
        finally:
            one.wire.milliseconds = _since(began)
            self._keep(one)
        return one.wire

    async def next(self, key: str) -> TryWire:
        """Reads the next page of a try's collection and adds it to the example."""
        one = self._find(key)
        async with one.lock:
            if one.next is None:
                raise NoMorePages("This try has no further page.")
            before = self._examples.document(one.wire.example or "")
            began = time.perf_counter()
            try:
                page = await (await self._engine.http()).page(one.call, one.next)
                self._append(one, before, page)
            except GraphwrightError as error:
                one.wire.error = _describe(error)
            one.wire.milliseconds = _since(began)
        self._publish("try", {"id": key})
        return one.wire

    def get(self, key: str) -> TryWire:
        """A try."""
        return self._find(key).wire

    def list(self) -> list[TryWire]:
        """The tries, newest first, without their texts."""
        return [one.wire.model_copy(update={"text": None}) for one in reversed(self._kept.values())]

    def _check_secret(self, call: Call, *, confirmed: bool) -> None:
        """A server gets to see who one is for the first time only where the person said so.

        The request may come from a model that somebody else wrote.
        """
        secret, server = call.authentication.secret, authority_of(call.url)
        if secret is None:
            return
        if not confirmed and (secret, server) not in self._secrets_sent:
            is_password = call.authentication.type == "basic"
            raise ConfirmationNeeded(
                f"The {'secret' if is_password else 'client certificate'} {secret} would be "
                f"{'sent' if is_password else 'shown'} to {server}.",
                hint="Whoever runs that server can read it. Confirm that it is to be sent."
                if is_password
                else "That server learns whom it belongs to; its private key stays here. Confirm it.",
                method=call.method,
                url=call.url,
                secret=secret,
            )
        self._secrets_sent.add((secret, server))

    def _find(self, key: str) -> _Try:
        if key not in self._kept:
            raise TryMissing("This try is not kept any more.", hint="Send the request again.")
        return self._kept[key]

    def _keep(self, one: _Try) -> None:
        self._kept[one.wire.id] = one
        while len(self._kept) > MOST_TRIES:
            self._kept.popitem(last=False)
        self._publish("try", {"id": one.wire.id})

    def _read(self, one: _Try, response: Response) -> None:
        wire = one.wire
        wire.retries = response.retries
        if isinstance(response.body, CollectionHandle):
            first = response.body.first or Page([])
            document = {**first.annotations, "value": first.items}
            one.next, one.read = first.next, {one.call.url}
            wire.collection, wire.items, wire.more = True, len(first.items), first.next is not None
            self._show(wire, response, document)
        else:
            self._show(wire, response, response.body)

    def _show(self, wire: TryWire, response: Response, body: JsonValue) -> None:
        """The answer itself: status, headers, the body by its kind."""
        wire.status, wire.size = response.status, response.size
        wire.headers = _headers(response)
        if is_json(response.headers) and body is not None:
            title = f"{wire.method} {urlsplit(wire.url).path}"
            wire.example = self._examples.add(title, body, response.size).id
        elif isinstance(body, str):
            wire.text = body[:_LONGEST_TEXT]
        elif body is not None:
            wire.binary = True

    def _fail(self, wire: TryWire, error: GraphwrightError) -> None:
        wire.error = _describe(error)
        if isinstance(error, HttpError):
            wire.retries = error.retries
            if error.response is not None:
                # An error that says it is JSON and is not, is shown as the text that it is.
                response = error.response
                body = response.body
                if isinstance(body, str) and is_json(response.headers):
                    response = Response(response.status, {}, None, "", size=response.size)
                    wire.text = body[:_LONGEST_TEXT]
                self._show(wire, response, response.body)
                wire.headers = _headers(error.response)

    def _append(self, one: _Try, before: JsonObject, page: Page) -> None:
        wire = one.wire
        if page.next is not None and page.next in one.read | {one.next}:
            raise CollectionLoop(
                f"The nextLink of {one.call.path_template} leads back to a page that was read.",
                hint="The server is at fault: reading on would never end.",
            )
        merged = {**before, "value": [*before["value"], *page.items]}
        self._examples.replace(wire.example or "", merged, wire.size + page.size)
        one.read.add(one.next or "")
        one.next = page.next
        wire.size += page.size
        wire.items = len(merged["value"])
        wire.pages += 1
        wire.more, wire.error = page.next is not None, None


def _begin(call: Call, sender: Sender, at: str, asked: TryRequest) -> TryWire:
    headers = dict(call.headers)
    scheme = {"oauth2": "Bearer", "basic": "Basic"}.get(call.authentication.type)
    if scheme is not None:
        headers["Authorization"] = f"{scheme} {MASK}"
    return TryWire(
        id=token_urlsafe(12),
        at=at,
        method=call.method,
        url=call.url,
        request_headers=headers,
        sent_as=sender.name,
        status=None,
        milliseconds=0,
        size=0,
        headers={},
        example=None,
        flow=asked.flow,
        node=asked.node,
    )


def _headers(response: Response) -> dict[str, str]:
    """The headers without cookies, and without what an address gives access with."""
    return {
        name: MASK if _MASKER.hides(name) else _MASKER.text(value)
        for name, value in response.headers.items()
    }


def _describe(error: GraphwrightError) -> JsonObject:
    """The error for the browser; its code is the server's own where there is one."""
    known: JsonObject = error.to_wire()["error"]
    return {**known, "kind": error.code, "code": known.get("graph_code") or error.code}


def _cancelled(call: Call) -> JsonObject:
    unsure = call.method not in READ_METHODS
    return {
        "code": "cancelled",
        "kind": "cancelled",
        "message": "The request was given up before an answer came.",
        "hint": "Whether it was carried out is not known: look before sending it again."
        if unsure
        else "",
        "outcome": "unknown" if unsure else "failed",
    }


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
