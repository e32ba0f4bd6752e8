"""The HTTP client: sends calls as their principal, retries within one budget, explains failures.

Tokens are fetched here and go from here to the hosts of their profile alone; they reach no log, no
error and no result. Knows nothing of flows and rows.
"""

import asyncio
import random as random_module
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from graphwright import __version__
from graphwright.http.call import READ_METHODS, Call
from graphwright.http.collection import (
    READ_ASIDE,
    CollectionHandle,
    Page,
    PageReader,
    UnreadPage,
    is_collection,
    keep_page,
    may_be_collection,
    read_page,
)
from graphwright.http.credentials import Credentials
from graphwright.http.errors import (
    HostRefused,
    HttpError,
    InvalidRequest,
    ResponseInvalid,
    ServiceDeferred,
)
from graphwright.http.hosts import (
    authority_of,
    canonical_url,
    check_profile_host,
    check_scheme,
    referral,
)
from graphwright.http.meter import Meter, note
from graphwright.http.pace import Lane, Pace, ProcessPace, lane_of
from graphwright.http.ports import ProfileShape, SettingsShape, TokenSource
from graphwright.http.redirects import Route, Wire
from graphwright.http.reflection import without_credentials
from graphwright.http.response import Response, is_json
from graphwright.http.retry import Budget, Limits
from graphwright.http.transport import (
    BodyTooLarge,
    Exchange,
    Stream,
    Transport,
    TransportFault,
)
from graphwright.http.verdict import (
    Answer,
    ContentReader,
    Failure,
    judge,
    no_answer,
    too_large,
)
from graphwright.kernel.clock import Clock
from graphwright.kernel.times import format_instant

_USER_AGENT = f"Graphwright/{__version__}"

PermissionFor = Callable[[Call], str | None]


@dataclass(slots=True)
class Try:
    """What the tries of one request have come to."""

    correlation: str
    refresh: bool = False
    claims: str | None = None
    refreshed: bool = False
    unsure: bool = False
    bare: bool = False
    """It goes to a transfer host, without a token."""
    files: AsyncExitStack | None = None
    """What keeps the answer open, where its body is left unread."""
    read: ContentReader | None = None
    lane: Lane | None = None
    count: int = 1
    """As how many requests the service counts it."""


Attempt = Callable[[Call, Try], Awaitable[Answer]]
"""Makes one try of a call; raises `Failure` where it comes to nothing."""


class HttpClient:
    """Sends calls. One for each process and application; close it at the end."""

    def __init__(
        self,
        profiles: TokenSource,
        clock: Clock,
        settings: SettingsShape,
        *,
        limits: Limits | None = None,
        pace: Pace | None = None,
        permission_for: PermissionFor | None = None,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self.profiles = profiles
        self.clock = clock
        self._permission_for = permission_for
        self._random = random
        self.limits = limits or Limits.read(settings)
        self._transport = Transport(self.limits)
        self._pace = pace or ProcessPace(self.limits, clock)
        self._credentials = Credentials(profiles, settings, clock)

    async def send(self, call: Call, via: Attempt | None = None) -> Response:
        """Sends a call and reads its answer; a paged collection comes as a handle.

        `via` makes each try in place of `attempt`, as part of a batch.
        Raises `HttpError` for every status from 400, for what is no answer, and for a 200 that is
        an error; `HostRefused` before anything is sent where it may not go.
        """
        read = keep_page if may_be_collection(call) else None
        answer = await self._deliver(call, read=read, via=via)
        body = answer.body
        if isinstance(body, UnreadPage):
            body = CollectionHandle(call, None, body)
        elif answer.status == 200 and is_collection(call, body):
            body = CollectionHandle(call, None, _page_of(answer))
        elif answer.size > self.limits.body_bytes:
            raise too_large(call, self.limits.body_bytes)
        note(Meter(pages=int(isinstance(body, CollectionHandle))))
        return Response(
            answer.status,
            answer.headers,
            body,
            answer.url,
            answer.request_id,
            answer.retries,
            answer.waited,
            answer.size,
        )

    async def page(
        self, call: Call, continuation: str | None, read: PageReader | None = None
    ) -> Page:
        """One page of a collection: the first, or the one at the continuation."""
        if continuation is not None:
            with referral():
                call = self._continue(call, continuation)
        answer = await self._deliver(call, read=read.read if read else None)
        note(Meter(pages=1))
        if isinstance(answer.body, Page):
            return answer.body
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("value"), list):
            raise ResponseInvalid(
                f"A page of {call.path_template} has no array `value`.",
                hint="The server is at fault; what was read before is kept.",
                status=answer.status,
                request_id=answer.request_id,
            )
        return _page_of(answer)

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncGenerator[Stream]:
        """Sends a call that reads; its answer, a success of any size, is open with the context.

        Raises as `send` does; `NoAnswer` also where the body breaks off.
        """
        try:
            async with AsyncExitStack() as files:
                answer = await self._deliver(call, files=files)
                if answer.stream is None:
                    raise ResponseInvalid(f"{call.method} {call.path_template} has no content.")
                yield answer.stream
        except TransportFault as fault:
            raise no_answer(call, authority_of(answer.url), fault).error from fault

    async def send_bare(self, call: Call) -> Response:
        """Sends a call to a transfer host of its profile, with no token; `HostRefused` elsewhere."""
        answer = await self._deliver(call, bare=True)
        return Response(answer.status, answer.headers, answer.body, answer.url, answer.request_id)

    async def close(self) -> None:
        """Closes every connection."""
        await self._transport.close()

    def _continue(self, call: Call, continuation: str) -> Call:
        url = canonical_url(continuation, call.url)
        same = url.partition("://")[0] == call.url.partition("://")[0]
        if call.profile is not None and same:
            check_profile_host(url, call.profile, self.profiles.definition(call.profile))
        elif not same or authority_of(url) != authority_of(call.url):
            raise HostRefused(
                f"The next page of {call.path_template} would lie at "
                f"{url.partition('://')[0]}://{authority_of(url)}; nothing was sent there.",
                hint="A collection stays on its server.",
                host=authority_of(url),
            )
        return replace(call, method="GET", url=url, body=None, idempotent=True)

    async def _deliver(
        self,
        call: Call,
        *,
        bare: bool = False,
        files: AsyncExitStack | None = None,
        read: ContentReader | None = None,
        via: Attempt | None = None,
    ) -> Answer:
        """Sends the call, again where that is safe, until it is answered or the budget is spent."""
        budget = Budget(self.limits, self._random)
        tried = Try(str(uuid4()), bare=bare, files=files, read=read)
        while True:
            try:
                answer = await (via or self.attempt)(call, tried)
                return replace(answer, retries=budget.retries, waited=budget.waited)
            except Failure as failure:
                pause = self._next_pause(call, tried, budget, failure)
                if pause is None:
                    if failure.gone and tried.unsure and call.method == "DELETE":
                        # The try before this one was carried out, though its answer was lost.
                        return failure.as_deleted(budget.retries, budget.waited)
                    error = self._conclude(call, tried, budget, failure)
                    raise error from failure.cause
            await self.clock.sleep(pause)

    def _next_pause(self, call: Call, tried: Try, budget: Budget, failure: Failure) -> float | None:
        """Seconds to wait before the next try; None where there is none."""
        tried.refresh, tried.claims = False, None
        if failure.unauthorized and not tried.refreshed:
            tried.refreshed = tried.refresh = True
            tried.claims = failure.claims
            return 0.0
        if failure.gone and tried.unsure:
            return None
        tried.unsure |= failure.unsure and call.method not in READ_METHODS
        if not failure.may_repeat(call):
            return None
        pause = budget.pause(failure.retry_after)
        if pause is not None:
            budget.spend(pause)
            if failure.is_throttled and tried.lane is not None:
                # Whoever comes behind would only be told the same.
                self._pace.hold(tried.lane, pause)
        return pause

    def _conclude(self, call: Call, tried: Try, budget: Budget, failure: Failure) -> HttpError:
        """The error, which tells how the request went."""
        error = failure.error
        late = budget.is_too_short(failure.retry_after) and failure.may_repeat(call)
        if late and not tried.unsure:
            error = ServiceDeferred.of(error)
        error.tell(
            "unknown" if tried.unsure else "failed",
            budget.retries,
            budget.waited,
            budget.to_wire(),
        )
        error.facts["client_request_id"] = tried.correlation
        notes = []
        if failure.retry_after is not None:
            # Up to the next whole second, so that nobody comes too early.
            moment = self.clock.now() + timedelta(
                seconds=min(failure.retry_after, 1e8), microseconds=999_999
            )
            error.facts["retry_after_s"] = failure.retry_after
            error.facts["not_before"] = format_instant(moment.replace(microsecond=0))
            note(Meter(deferred_until=error.facts["not_before"]))
            notes.append(
                f"The server asks to wait {failure.retry_after:g} s; one request waits at most "
                f"{self.limits.retry_seconds:g} s in all."
            )
        if budget.retries:
            times = "once" if budget.retries == 1 else f"{budget.retries} times"
            notes.append(f"It was tried again {times}, over {budget.waited:.0f} s.")
        if tried.unsure:
            notes.append(
                f"Whether the {call.method} was carried out is not known: look before sending it "
                "again."
            )
        error.hint = " ".join(part for part in (error.hint, *notes) if part)
        return error

    async def attempt(self, call: Call, tried: Try) -> Answer:
        """One try; `Failure` where it came to nothing."""
        try:
            found, authorized = await self.carry(call, tried)
        except TransportFault as fault:
            raise no_answer(call, authority_of(canonical_url(call.url)), fault) from fault
        except BodyTooLarge as large:
            error = too_large(call, self.limits.body_bytes)
            raise Failure(error, unsure=True, cause=large) from large
        if isinstance(found, Stream):
            said = found.headers.get("request-id")
            return Answer(found.status, found.headers, None, found.url, said, 0, stream=found)
        return await self.judge(call, found, authorized, tried.read)

    async def carry(self, call: Call, tried: Try) -> tuple[Exchange | Stream, bool]:
        """What came when it was the call's turn, whatever it is; whether it was sent with a token.

        `TransportFault` or `BodyTooLarge` where no whole answer came.
        """
        url = canonical_url(call.url)
        route = await self._route(call, url, tried)
        at_home = call.profile is not None and not tried.bare
        profile = self.profiles.definition(call.profile or "") if at_home else None
        tried.lane = lane_of(call, url, profile)
        async with self._pace.turn(tried.lane, tried.count):
            found, authorized = await self._exchange(call, route, tried.files)
        if route.authorization is not None and isinstance(found, Exchange):
            found = without_credentials(found, route.authorization)
        return found, authorized

    async def _exchange(
        self, call: Call, route: Route, files: AsyncExitStack | None
    ) -> tuple[Exchange | Stream, bool]:
        """What came: a stream where the answer is a success that is to be left unread."""
        wire = Wire(self._transport, self.limits)
        if files is None:
            return await wire.send(call, route, self._most(call))
        stream, authorized = await files.enter_async_context(
            wire.open(call, route, self._transport.patience())
        )
        if stream.status < 300:
            return stream, authorized
        return await stream.read(self._most(call)), authorized

    async def _route(self, call: Call, url: str, tried: Try) -> Route:
        """Where the call goes and with what; refuses what may not be."""
        headers = _headers(call, tried.correlation)
        if tried.bare:
            profile = self.profiles.definition(call.profile or "")
            return Route.of(url, headers, profile, bare=True)
        check_scheme(url, allow_http=self.limits.allow_http)
        home = self._profile_of(call, url)
        authorization = await self._credentials.authorization(
            call, refresh=tried.refresh, claims=tried.claims
        )
        certificate = await self._credentials.certificate(call, url)
        return Route.of(url, headers, home, authorization, certificate)

    async def judge(
        self, call: Call, exchange: Exchange, authorized: bool, read: ContentReader | None = None
    ) -> Answer:
        """The answer that an exchange is; `Failure` where it is none."""
        permission = self._permission_for(call) if self._permission_for else None
        facts = (call, exchange, self.clock.now(), authorized, permission, read)
        if len(exchange.content) > READ_ASIDE:
            return await asyncio.to_thread(judge, *facts)
        return judge(*facts)

    def _most(self, call: Call) -> Callable[[int, dict[str, str]], int]:
        """How much of an answer is read: pages may be larger than single things."""
        may_be_page = may_be_collection(call)
        limits = self.limits

        def most(status: int, headers: dict[str, str]) -> int:
            is_page = may_be_page and status == 200 and is_json(headers)
            return limits.page_bytes if is_page else limits.body_bytes

        return most

    def _profile_of(self, call: Call, url: str) -> ProfileShape | None:
        if call.authentication.type != "oauth2":
            return None
        if call.profile is None:
            raise InvalidRequest("The request names no profile whose token it takes.")
        profile = self.profiles.definition(call.profile)
        check_profile_host(url, call.profile, profile)
        return profile


def _headers(call: Call, correlation: str) -> dict[str, str]:
    given = {name.lower() for name in call.headers}
    own = {
        "Accept": "application/json, */*;q=0.8",
        "User-Agent": _USER_AGENT,
        "client-request-id": correlation,
    }
    return {**{n: v for n, v in own.items() if n.lower() not in given}, **call.headers}


def _page_of(answer: Answer) -> Page:
    facts = {"status": answer.status, "request_id": answer.request_id}
    return read_page(answer.body, answer.size, **facts)
