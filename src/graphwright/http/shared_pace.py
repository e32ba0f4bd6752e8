"""The pace of several processes with one database: each works with the places that it has leased.

A mailbox, or an application, has so many places; each stands for its share of what may be under way
and of what may go out in a while. A lease lasts for many requests, is renewed while it is used, and is
given up where another process waits. Knows no request.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from graphwright.http.pace import BURST_SHARE, MAILBOX_SECONDS, STEADY_SHARE, Bucket, Hold, Lane
from graphwright.http.retry import Limits
from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.errors import Unavailable
from graphwright.kernel.ids import new_id

LEASE_SECONDS: Final = 30.0
ROUND_SECONDS: Final = 10.0
"""How often leases are renewed or given back, and looked whether somebody waits."""
_ASK_SECONDS = 0.25
_WANTED_SECONDS = 2.0
_APP_PLACES = 10
# The row of a lane that says that somebody waits for a place.
_WANTED = -1
# Rounds of several processes go one after the other; no lane has that name.
_ROUND = "a round"

slots = sa.Table(
    "_pace_slots",
    system_metadata,
    sa.Column("app", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.Text, nullable=False, index=True),
    sa.Column("until", sa.Float, nullable=False),
)

Place = tuple[str, str, int]
logger = logging.getLogger("graphwright.http")


@dataclass(slots=True, eq=False)
class _Lease:
    place: int
    bucket: Bucket
    ends: float
    used_at: float
    under_way: int = 0
    is_ending: bool = False

    def is_over(self, now: float) -> bool:
        """Whether it is to be given back."""
        return not self.under_way and (self.is_ending or now - self.used_at >= ROUND_SECONDS)


@dataclass(slots=True)
class _Gate:
    """What this process has of a lane."""

    app: str
    mailbox: str
    places: int
    each: int
    """How many requests a place lets be under way at once."""
    burst: float
    rate: float
    leases: list[_Lease] = field(default_factory=list)
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    freed: asyncio.Event = field(default_factory=asyncio.Event)
    held: Hold = field(default_factory=Hold)
    ask_at: float = 0.0
    gave_up_at: float = -math.inf
    users: int = 0

    def place(self, lease: _Lease) -> Place:
        """The lease as the database knows it."""
        return self.app, self.mailbox, lease.place

    def find_lease(self, now: float) -> tuple[_Lease | None, float]:
        """The lease for a request, or None and the seconds until one may have become fit."""
        soonest = math.inf
        for lease in self.leases:
            if lease.is_ending or lease.ends <= now or lease.under_way >= self.each:
                continue
            seconds = lease.bucket.wait(now)
            if seconds == 0:
                return lease, 0.0
            soonest = min(soonest, seconds)
        return None, soonest

    def add_lease(self, place: int, free_for: float, now: float) -> None:
        """A place that was taken; what it may send at once grows with how long nobody had it."""
        bucket = Bucket(self.burst, self.rate, now, level=free_for * self.rate)
        self.leases.append(_Lease(place, bucket, now + LEASE_SECONDS, now))

    def give_up(self, theirs: int, now: float) -> None:
        """Another process, which has so many places, waits for more: half of what is between us.

        Who has none gets the only one: then all have it in turn. Once a round: what was given up has
        to be taken first.
        """
        if now - self.gave_up_at < ROUND_SECONDS:
            return
        mine = [lease for lease in self.leases if not lease.is_ending]
        count = max((len(mine) - theirs) // 2, 1 if theirs == 0 else 0)
        for lease in mine[:count]:
            lease.is_ending = True
        if count:
            self.gave_up_at, self.ask_at = now, now + ROUND_SECONDS


class SharedPace:
    """The pace of one process among several; `close` gives back what it has leased."""

    def __init__(self, database: Database, limits: Limits, clock: Clock) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._holder = new_id()
        self._gates: dict[Lane | str, _Gate] = {}
        self._rounds: asyncio.Task[None] | None = None
        self._due = asyncio.Event()

    @asynccontextmanager
    async def turn(self, lane: Lane, count: int = 1) -> AsyncGenerator[None]:
        """Waits for the lane's turn, in order of arrival within this process."""
        if lane.mailbox:
            async with self._pass(lane, count), self._pass(lane.app, count):
                yield
            return
        # All places of an application are those of what is in no mailbox, too.
        while seconds := self._gate(lane).held.wait(self._now()):
            await self._clock.sleep(seconds)
        async with self._pass(lane.app, count):
            yield

    def hold(self, lane: Lane, seconds: float) -> None:
        """Lets this process begin nothing in the lane for so long."""
        self._gate(lane).held.extend(self._now(), seconds)

    async def close(self) -> None:
        """Gives back every lease."""
        if self._rounds is not None:
            self._rounds.cancel()
            await asyncio.gather(self._rounds, return_exceptions=True)
        if any(gate.leases for gate in self._gates.values()):
            self._gates.clear()
            # They end by themselves where the database is gone.
            with suppress(Unavailable):
                await self._database.write(_give_back_all, self._holder, self._now())

    @asynccontextmanager
    async def _pass(self, key: Lane | str, count: int) -> AsyncGenerator[None]:
        gate = self._gate(key)
        gate.users += 1
        try:
            async with gate.order:
                lease = await self._enter(gate)
                lease.bucket.take(count)
                lease.under_way += 1
            try:
                yield
            finally:
                lease.under_way -= 1
                lease.used_at = self._now()
                gate.freed.set()
                if lease.is_ending and not lease.under_way:
                    self._due.set()
        finally:
            gate.users -= 1

    async def _enter(self, gate: _Gate) -> _Lease:
        while True:
            now = self._now()
            gate.freed.clear()
            if seconds := gate.held.wait(now):
                await self._clock.sleep(seconds)
                continue
            lease, seconds = gate.find_lease(now)
            if lease is not None:
                return lease
            if len(gate.leases) < gate.places and gate.ask_at <= now:
                if await self._take(gate):
                    continue
                gate.ask_at = now + _ASK_SECONDS * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
            if len(gate.leases) < gate.places:
                seconds = min(seconds, max(gate.ask_at - now, 0.001))
            await self._wait(gate, min(seconds, ROUND_SECONDS))

    async def _take(self, gate: _Gate) -> bool:
        now = self._now()
        found = await self._database.write(
            _take_place, gate.app, gate.mailbox, gate.places, self._holder, now
        )
        if found is None:
            return False
        place, free_for = found
        gate.add_lease(place, free_for, now)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._go_round())
        return True

    async def _wait(self, gate: _Gate, seconds: float) -> None:
        """Until a request of this lane has ended, but not longer."""
        waiting = [
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(gate.freed.wait()),
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _go_round(self) -> None:
        """Renews and gives back, as long as there is anything leased."""
        while any(gate.leases for gate in self._gates.values()):
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS):
                    await self._due.wait()
            self._due.clear()
            try:
                await self.renew()
            except Unavailable as error:
                logger.warning("Leases of the pace were not renewed: %s", error.message)

    async def renew(self) -> None:
        """Renews what is used, gives back what is not, gives up some of what others wait for."""
        now = self._now()
        known: list[tuple[_Gate, _Lease]] = []
        returned: list[Place] = []
        for gate in self._gates.values():
            over = [lease for lease in gate.leases if lease.is_over(now)]
            returned += [gate.place(lease) for lease in over]
            gate.leases = [lease for lease in gate.leases if lease not in over]
            known += [(gate, lease) for lease in gate.leases]
        mine, wanted = await self._database.write(_renew_places, self._holder, returned, now)
        for gate, lease in known:
            if gate.place(lease) in mine:
                lease.ends = now + LEASE_SECONDS
            else:
                gate.leases = [one for one in gate.leases if one is not lease]
        # A request that was given up while it took a place leaves one that nobody knows.
        gates = list(self._gates.items())
        if lost := mine.difference(gate.place(one) for _, gate in gates for one in gate.leases):
            await self._database.write(_renew_places, self._holder, lost, now)
        for key, gate in gates:
            if (theirs := wanted.get((gate.app, gate.mailbox))) is not None:
                gate.give_up(theirs, now)
            if any(lease.is_over(now) for lease in gate.leases):
                self._due.set()
            if not (gate.users or gate.leases or gate.held.wait(now)):
                self._gates.pop(key, None)

    def _gate(self, key: Lane | str) -> _Gate:
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = self._create(key)
        return gate

    def _create(self, key: Lane | str) -> _Gate:
        limits = self._limits
        if isinstance(key, str) or not key.mailbox:
            places = min(_APP_PLACES, limits.app_concurrent)
            rate = limits.app_rate / places
            app = key if isinstance(key, str) else key.app
            return _Gate(app, "", places, limits.app_concurrent // places, rate, rate)
        places = limits.mailbox_concurrent
        share = limits.mailbox_requests / places
        rate = share * STEADY_SHARE / MAILBOX_SECONDS
        return _Gate(key.app, key.mailbox, places, 1, share * BURST_SHARE, rate)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _take_place(
    connection: Connection, app: str, mailbox: str, places: int, holder: str, now: float
) -> tuple[int, float] | None:
    """Takes a place that is free: it, and for how long nobody had it; None notes that one is wanted."""
    now = _begin(connection, f"{app} {mailbox}", now)
    here = (slots.c.app == app, slots.c.mailbox == mailbox)
    found = connection.execute(sa.select(slots.c.slot, slots.c.until).where(*here))
    until: dict[int, float] = {row.slot: row.until for row in found}
    free = next((place for place in range(places) if until.get(place, 0.0) <= now), None)
    if free is not None and free not in until:
        row = {"app": app, "mailbox": mailbox, "slot": free}
        connection.execute(sa.insert(slots).values(**row, holder=holder, until=now + LEASE_SECONDS))
        return free, now
    if free is not None:
        # Who had it may renew it just now.
        mine = sa.update(slots).where(*here, slots.c.slot == free, slots.c.until <= now)
        taken = connection.execute(mine.values(holder=holder, until=now + LEASE_SECONDS))
        return (free, now - until[free]) if taken.rowcount else None
    wanted = {"holder": holder, "until": now + _WANTED_SECONDS}
    if _WANTED in until:
        mark = sa.update(slots).where(*here, slots.c.slot == _WANTED)
        connection.execute(mark.values(**wanted))
    else:
        connection.execute(
            sa.insert(slots).values(app=app, mailbox=mailbox, slot=_WANTED, **wanted)
        )
    return None


def _renew_places(
    connection: Connection, holder: str, returned: Collection[Place], now: float
) -> tuple[set[Place], dict[tuple[str, str], int]]:
    """Renews what the holder has but for what it returns.

    Gives what it has then, and of the lanes where another wants a place how many that has.
    """
    now = _begin(connection, _ROUND, now)
    mine = (slots.c.holder == holder, slots.c.slot != _WANTED)
    for app, mailbox, place in returned:
        here = (slots.c.app == app, slots.c.mailbox == mailbox, slots.c.slot == place)
        connection.execute(sa.update(slots).where(*mine, *here).values(holder="", until=now))
    connection.execute(sa.update(slots).where(*mine).values(until=now + LEASE_SECONDS))
    # Nobody has had them for so long that it makes no difference.
    connection.execute(sa.delete(slots).where(slots.c.until < now - MAILBOX_SECONDS))
    lane = (slots.c.app, slots.c.mailbox)
    found = connection.execute(sa.select(*lane, slots.c.slot).where(*mine))
    kept = {(row.app, row.mailbox, row.slot) for row in found}
    waiting = sa.select(*lane, slots.c.holder).where(
        slots.c.slot == _WANTED, slots.c.until > now, slots.c.holder != holder
    )
    wanted: dict[tuple[str, str], int] = {}
    for app, mailbox, other in connection.execute(waiting).all():
        theirs = sa.select(sa.func.count()).where(
            slots.c.app == app,
            slots.c.mailbox == mailbox,
            slots.c.holder == other,
            slots.c.slot != _WANTED,
            slots.c.until > now,
        )
        wanted[app, mailbox] = connection.scalar(theirs) or 0
    return kept, wanted


def _give_back_all(connection: Connection, holder: str, now: float) -> None:
    now = _begin(connection, _ROUND, now)
    mine = sa.update(slots).where(slots.c.holder == holder)
    connection.execute(mine.values(holder="", until=now))


def _begin(connection: Connection, name: str, now: float) -> float:
    """Waits for others that do the same; the time, which is the database's where it is a server.

    On SQLite the transaction itself has one writer.
    """
    if connection.dialect.name != "postgresql":
        return now
    key = sa.func.hashtextextended(f"graphwright pace {name}", 0)
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
    return float(
        connection.scalar(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))) or now
    )
