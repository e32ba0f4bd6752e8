"""When a request may go out, so that the service's limits are obeyed before they bite.

A lane is one application in one mailbox, or in all that is none: so many requests at once, so many in
a while, and what is refused in a lane holds all of it. Knows paths of mailboxes and clocks; no token,
no status.
Source: https://learn.microsoft.com/graph/throttling-limits (Outlook service limits)
"""

import asyncio
import math
import re
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from graphwright.http.call import Call
from graphwright.http.ports import ProfileShape
from graphwright.http.retry import Limits
from graphwright.kernel.clock import Clock

MAILBOX_SECONDS: Final = 600
"""The stretch in which Outlook counts the requests of an application to a mailbox."""
_VERSIONS = frozenset({"v1.0", "beta"})
_KEYED = re.compile(r"^(users|groups)\('?(.*?)'?\)$", re.IGNORECASE)
# What lies in a mailbox; all else below a person or a group is the directory's, or that of files.
_OUTLOOK = frozenset(
    """
    calendar calendargroups calendars calendarview contactfolders contacts conversations events
    findmeetingtimes getmailtips inferenceclassification mailboxsettings mailfolders messages outlook
    people reminderview sendmail threads todo
    """.split()
)
# A tenth of what is allowed at once, then evenly; the rest is for clocks that go another way.
BURST_SHARE = 0.1
STEADY_SHARE = 0.85
_MOST_IDLE = 1_000
# Shorter ones are lost in how exact clocks are.
_SHORTEST_WAIT = 0.001


@dataclass(frozen=True, slots=True)
class Lane:
    """An application, and the mailbox that it works in; "" where it is none."""

    app: str
    mailbox: str = ""


def lane_of(call: Call, url: str, profile: ProfileShape | None) -> Lane:
    """The lane of a call to a canonical URL; without profile it is that of the server."""
    parts = urlsplit(url)
    if profile is None:
        return Lane(parts.netloc)
    return Lane(profile.application, _mailbox_of(call, parts.path))


def _mailbox_of(call: Call, path: str) -> str:
    segments = [unquote(segment) for segment in path.split("/") if segment]
    if (at := next((n for n, s in enumerate(segments) if s in _VERSIONS), None)) is not None:
        del segments[: at + 1]
    if segments and (keyed := _KEYED.match(segments[0])):
        segments[:1] = keyed.groups()
    kind, *rest = (segment.casefold() for segment in segments or [""])
    if kind == "me" and rest and _is_outlook(rest[0]):
        return f"me {call.principal_id or ''} {call.account or ''}"
    if kind in ("users", "groups") and len(rest) > 1 and _is_outlook(rest[1]):
        return f"{kind} {rest[0]}"
    return ""


def _is_outlook(segment: str) -> bool:
    # A function's name goes before its parameters, as a key does.
    return segment.partition("(")[0].removeprefix("microsoft.graph.") in _OUTLOOK


class Pace(Protocol):
    """Who says when a request goes out."""

    def turn(self, lane: Lane, count: int = 1) -> AbstractAsyncContextManager[None]:
        """Waits for the lane's turn, in order of arrival; the request is under way in the context.

        `count`: as how many the service counts it.
        """
        ...

    def hold(self, lane: Lane, seconds: float) -> None:
        """Lets nothing begin in the lane for so long: the service said so to one of its requests."""
        ...


class Bucket:
    """So many at once, then so many a second."""

    def __init__(self, burst: float, rate: float, now: float, level: float = math.inf) -> None:
        self._burst = max(burst, 1)
        self._rate = rate
        self._level = min(self._burst, level)
        self._at = now

    @classmethod
    def within(cls, count: int, seconds: float, now: float) -> "Bucket":
        """One that lets through at most `count` in whatever stretch of so many seconds."""
        return cls(count * BURST_SHARE, max(count * STEADY_SHARE, 1) / seconds, now)

    def wait(self, now: float) -> float:
        """Seconds until the next may go."""
        # A clock that was put back does not stop anything.
        self._level = min(self._burst, self._level + max(now - self._at, 0) * self._rate)
        self._at = now
        return _worth_waiting((1 - self._level) / self._rate)

    def take(self, count: int = 1) -> None:
        """So many go; where they are more than may, whoever comes behind waits for them."""
        self._level -= count

    def is_full(self) -> bool:
        """Whether it was as if nothing had ever gone, when last looked at."""
        return self._level >= self._burst


@dataclass(slots=True)
class Hold:
    """From when to when nothing begins: a clock that was put back lies before, and holds nothing."""

    since: float = 0.0
    until: float = 0.0

    def extend(self, now: float, seconds: float) -> None:
        """For so long from now, or longer where that was said before."""
        self.since, self.until = now, max(self.until, now + seconds)

    def wait(self, now: float) -> float:
        """Seconds until something may begin."""
        return _worth_waiting(self.until - now) if self.since <= now else 0.0


def _worth_waiting(seconds: float) -> float:
    return seconds if seconds >= _SHORTEST_WAIT else 0.0


@dataclass(slots=True)
class _Gate:
    """What stands before one lane, or before an application."""

    places: asyncio.Semaphore
    bucket: Bucket
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: Hold = field(default_factory=Hold)
    users: int = 0

    def wait(self, now: float) -> float:
        """Seconds until the next may begin."""
        return max(self.held.wait(now), self.bucket.wait(now))

    def is_idle(self, now: float) -> bool:
        """Whether it is as if it were new."""
        return not self.users and not self.wait(now) and self.bucket.is_full()


class ProcessPace:
    """The pace of one process, shared by all of its flows."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._gates: dict[Lane | str, _Gate] = {}
        self._most = _MOST_IDLE

    @asynccontextmanager
    async def turn(self, lane: Lane, count: int = 1) -> AsyncGenerator[None]:
        """Waits for the lane's turn; the mailbox comes first, so that none waits in another's place."""
        async with self._pass(lane, count), self._pass(lane.app, count):
            yield

    def hold(self, lane: Lane, seconds: float) -> None:
        """Lets nothing begin in the lane for so long."""
        self._gate(lane).held.extend(self._now(), seconds)

    @asynccontextmanager
    async def _pass(self, key: Lane | str, count: int) -> AsyncGenerator[None]:
        gate = self._gate(key)
        gate.users += 1
        try:
            async with gate.places:
                async with gate.order:
                    while seconds := gate.wait(self._now()):
                        await self._clock.sleep(seconds)
                    gate.bucket.take(count)
                yield
        finally:
            gate.users -= 1

    def _gate(self, key: Lane | str) -> _Gate:
        gate = self._gates.get(key)
        if gate is None:
            self._forget_idle()
            gate = self._gates[key] = self._create(key)
        return gate

    def _create(self, key: Lane | str) -> _Gate:
        limits, now = self._limits, self._now()
        if isinstance(key, Lane) and key.mailbox:
            bucket = Bucket.within(limits.mailbox_requests, MAILBOX_SECONDS, now)
            return _Gate(asyncio.Semaphore(limits.mailbox_concurrent), bucket)
        rate = limits.app_rate
        return _Gate(asyncio.Semaphore(limits.app_concurrent), Bucket(rate, rate, now))

    def _forget_idle(self) -> None:
        """Mailboxes may be many: a gate that is as if it were new is not kept."""
        if len(self._gates) < self._most:
            return
        now = self._now()
        self._gates = {key: gate for key, gate in self._gates.items() if not gate.is_idle(now)}
        self._most = max(_MOST_IDLE, 2 * len(self._gates))

    def _now(self) -> float:
        return self._clock.now().timestamp()
