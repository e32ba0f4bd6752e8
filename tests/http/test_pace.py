"""The pace of requests: which lane, how many at once, how many in a while, what holds a lane."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import HttpError
from graphwright.http.hosts import canonical_url
from graphwright.http.pace import MAILBOX_SECONDS, Bucket, Lane, ProcessPace, lane_of
from graphwright.http.retry import Limits
from graphwright.kernel.clock import SystemClock
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.http.conftest import (
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Server,
    error_reply,
    reply,
)
from tests.http.helpers import BASE, PROFILES, fail, make_call, profile_of
from tests.sandbox.open_graph import create_open_graph

MINE = Lane("graph one", "me principal-anna ")
OTHER = Lane("graph one", "users bert@x")


def lane(path: str, base: str = BASE) -> Lane:
    """The lane of a GET of Anna's."""
    url = canonical_url(f"{base}{path}")
    call = Call("GET", url, profile="graph-user", principal_id="principal-anna")
    return lane_of(call, url, PROFILES.definition("graph-user"))


@pytest.mark.parametrize(
    ("path", "mailbox"),
    [
        ("/me/messages?$top=2", "me principal-anna "),
        ("/me/calendar/events", "me principal-anna "),
        ("/me/reminderView(startDateTime='a',endDateTime='b')", "me principal-anna "),
        ("/ME/MailFolders/inbox", "me principal-anna "),
        ("/users/Anna%40X.example/messages", "users anna@x.example"),
        ("/users('anna@x.example')/events/1", "users anna@x.example"),
        ("/users(anna@x.example)/events/1", "users anna@x.example"),
        ("/groups/7A/threads", "groups 7a"),
        ("/me", ""),
        ("/me/drive/root/children", ""),
        ("/me/manager", ""),
        ("/users", ""),
        ("/users/messages", ""),
        ("/users/anna@x.example", ""),
        ("/users/anna@x.example/memberOf", ""),
        ("/drives/1/root:/users/anna/messages:/content", ""),
        ("/$batch", ""),
        ("/", ""),
    ],
)
def test_a_mailbox_is_known_by_the_path(path: str, mailbox: str) -> None:
    assert lane(path) == Lane("graph one", mailbox)


def test_versions_and_bases_of_graph_make_no_other_mailbox() -> None:
    for base in ("https://graph.microsoft.com/beta", "https://proxy.example/graph/v1.0"):
        assert lane("/me/messages", base) == MINE


def test_two_profiles_of_one_app_registration_share_a_lane_and_two_people_do_not() -> None:
    call = Call("GET", f"{BASE}/users/1/events", profile="graph-user", principal_id="anna")
    as_app = replace(call, profile="graph-app", principal_id=None)
    lanes = {lane_of(c, c.url, PROFILES.definition(c.profile or "")) for c in (call, as_app)}
    assert lanes == {Lane("graph one", "users 1")}
    mine = replace(call, url=f"{BASE}/me/events")
    others = [mine, replace(mine, principal_id="bert"), replace(mine, account="second")]
    profile = PROFILES.definition("graph-user")
    assert len({lane_of(c, c.url, profile) for c in others}) == 3


def test_what_has_no_profile_goes_by_its_server() -> None:
    url = "https://api.example:8443/me/messages"
    assert lane_of(Call("GET", url), url, None) == Lane("api.example:8443")


@pytest.mark.parametrize(("count", "seconds"), [(10_000, 600), (20, 2), (3, 1), (1, 5)])
def test_no_stretch_of_time_sees_more_than_the_limit(count: int, seconds: float) -> None:
    bucket = Bucket.within(count, seconds, 0.0)
    now, sent = 0.0, list[float]()
    while now < 3 * seconds:
        now += bucket.wait(now)
        bucket.take()
        sent.append(now)
    most = max(sum(1 for t in sent if begin <= t < begin + seconds) for begin in sent[::97] or sent)
    assert count * 0.8 <= most <= count
    # Afterwards it is as it was; a clock that was put back changes nothing.
    assert bucket.wait(now + 2 * seconds) == 0
    assert bucket.wait(now) == 0


class Turns:
    """Requests that take a turn and stay under way until they are let go."""

    def __init__(self, pace: ProcessPace) -> None:
        self.pace = pace
        self.under_way: list[str] = []
        self.begun: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, name: str, lane: Lane) -> None:
        """Asks for a turn, and lets everybody come as far as they get."""
        self._ends[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._run(name, lane))
        await self.settle()

    async def settle(self) -> None:
        """Lets everybody come as far as they get."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        """The request of that name is answered."""
        self._ends[name].set()
        await self._tasks[name]
        await self.settle()

    async def cancel(self, name: str) -> None:
        """Nobody wants it any more."""
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await self.settle()

    async def _run(self, name: str, lane: Lane) -> None:
        async with self.pace.turn(lane):
            self.begun.append(name)
            self.under_way.append(name)
            await self._ends[name].wait()
            self.under_way.remove(name)


async def test_a_mailbox_takes_so_many_at_once_in_their_order(clock: HeldClock) -> None:
    turns = Turns(ProcessPace(Limits(mailbox_concurrent=2), clock))
    for name in "abcde":
        await turns.begin(name, MINE)
    await turns.begin("x", OTHER)
    assert turns.begun == ["a", "b", "x"]
    await turns.cancel("c")
    await turns.end("b")
    assert turns.begun == ["a", "b", "x", "d"]
    for name in "adex":
        await turns.end(name)
    assert turns.begun == ["a", "b", "x", "d", "e"]


async def test_an_app_takes_so_many_at_once_in_all_of_its_lanes(clock: HeldClock) -> None:
    turns = Turns(ProcessPace(Limits(app_concurrent=2), clock))
    for name, place in zip("abc", (MINE, OTHER, Lane("graph one")), strict=True):
        await turns.begin(name, place)
    await turns.begin("x", Lane("graph two"))
    assert turns.begun == ["a", "b", "x"]
    await turns.end("a")
    assert turns.begun == ["a", "b", "x", "c"]
    for name in "bcx":
        await turns.end(name)


async def test_a_held_lane_begins_nothing_and_the_others_do(clock: HeldClock) -> None:
    pace = ProcessPace(Limits(), clock)
    pace.hold(MINE, 30)
    pace.hold(MINE, 5)
    async with pace.turn(OTHER), pace.turn(Lane("graph one")):
        assert clock.sleeps == []
    async with pace.turn(MINE):
        assert clock.sleeps == [30]
    async with pace.turn(MINE):
        assert clock.sleeps == [30]


async def test_requests_above_the_rates_wait_a_little_each(clock: HeldClock) -> None:
    began = clock.now()
    pace = ProcessPace(Limits(mailbox_requests=600, app_rate=10), clock)
    for _ in range(160):
        async with pace.turn(MINE):
            pass
    # 60 at once, then 0.85 a second.
    assert (clock.now() - began).total_seconds() == pytest.approx(100 / 0.85, abs=2)
    began = clock.now()
    for number in range(100):
        async with pace.turn(Lane("graph one", f"users {number}")):
            pass
    assert (clock.now() - began).total_seconds() == pytest.approx(9, abs=0.2)


async def test_a_request_that_counts_for_many_takes_as_many_of_the_rates(clock: HeldClock) -> None:
    began = clock.now()
    pace = ProcessPace(Limits(app_rate=10), clock)
    for _ in range(6):
        async with pace.turn(Lane("graph one"), 20):
            pass
    # The last one waits for the five before it, less a second's worth.
    assert (clock.now() - began).total_seconds() == pytest.approx(9, abs=0.2)


async def test_mailboxes_that_are_not_used_are_forgotten(clock: HeldClock) -> None:
    pace = ProcessPace(Limits(app_rate=86_400), clock)
    pace.hold(MINE, 1e6)
    for number in range(5_000):
        clock.time = clock.time.fromtimestamp(clock.time.timestamp() + 1, clock.time.tzinfo)
        async with pace.turn(Lane("graph one", f"users {number}")):
            pass
    assert len(pace._gates) < 1_100
    assert pace._gates[MINE].held.until > 0


@dataclass
class StoppedClock(HeldClock):
    """A held clock that moves on when it is told to."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        """Waits, and then moves on by so much."""
        until = self.time + timedelta(seconds=seconds)
        self.sleeps.append(seconds)
        await self.go_on.wait()
        self.time = max(self.time, until)


async def test_one_that_is_told_to_wait_holds_all_of_its_mailbox(
    server: Server, profiles: FakeProfiles, settings: FakeSettings
) -> None:
    clock = StoppedClock()
    client = HttpClient(profiles, clock, settings)
    busy = error_reply(429, "ApplicationThrottled", {"Retry-After": "40"})
    server.answers = [busy, *[reply(200, {})] * 3]
    calls = [make_call(profiles, path) for path in ("/me/messages", "/me/events", "/me")]
    tasks = [asyncio.create_task(client.send(calls[0]))]
    while not clock.sleeps:  # noqa: ASYNC110 - the clock tells nobody
        await asyncio.sleep(0.001)
    tasks.append(asyncio.create_task(client.send(calls[1])))
    await client.send(calls[2])
    assert [seen.target for seen in server.seen] == ["/v1.0/me/messages", "/v1.0/me"]
    assert clock.sleeps == [40, 40]
    clock.go_on.set()
    assert sorted([answer.retries for answer in await asyncio.gather(*tasks)]) == [0, 1]
    await client.close()


async def test_too_long_a_wait_holds_nobody_else(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    server.answers = [error_reply(429, "x", {"Retry-After": "3600"}), reply(200, {})]
    await fail(client, make_call(profiles, "/me/messages"))
    await client.send(make_call(profiles, "/me/messages"))
    assert clock.sleeps == []


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    limits = ["outlook-concurrency=4", f"outlook=60/{MAILBOX_SECONDS}"]
    with Sandbox.start(
        create_tenant(), folder, create_graph=create_open_graph, throttle=limits
    ) as running:
        running.graph_app.state.context.throttles.takes = 0.03
        yield running


async def send_many(sandbox: Sandbox, limits: Limits, count: int) -> tuple[int, float]:
    """How many of so many requests at once, by two profiles of one app, were refused; the wait."""
    given = profile_of(sandbox)
    profiles = FakeProfiles({"graph-user": given, "graph-app": given})
    sandbox.graph_app.state.context.throttles.reset()
    # Where requests meet is a question of real time, how long they wait is not.
    clock = HeldClock()
    client = HttpClient(profiles, clock, FakeSettings(), limits=replace(limits, retries=0))
    call = make_call(profiles, "/me/messages?$top=1&$select=id")
    calls = [replace(call, profile=("graph-user", "graph-app")[n % 2]) for n in range(count)]
    found = await asyncio.gather(*(client.send(c) for c in calls), return_exceptions=True)
    await client.close()
    refused = [answer for answer in found if isinstance(answer, BaseException)]
    assert all(isinstance(one, HttpError) and one.status == 429 for one in refused)
    return len(refused), sum(clock.sleeps)


async def test_within_the_limits_of_outlook_there_is_not_one_429(sandbox: Sandbox) -> None:
    assert await send_many(sandbox, Limits(), 40) == (0, 0)
    # The planted one: the same without a limit of ours meets the service's.
    refused, _ = await send_many(sandbox, Limits(mailbox_concurrent=40), 40)
    assert refused > 0


async def test_so_many_in_ten_minutes_are_spread_out(sandbox: Sandbox) -> None:
    refused, waited = await send_many(sandbox, Limits(mailbox_requests=60), 50)
    assert refused == 0
    assert waited == pytest.approx((50 - 6) / (0.85 * 60 / MAILBOX_SECONDS), rel=0.01)


async def test_a_clock_that_is_real_lets_requests_go_at_once() -> None:
    pace = ProcessPace(Limits(), SystemClock())
    async with asyncio.timeout(5):
        for _ in range(30):
            async with pace.turn(MINE):
                pass
