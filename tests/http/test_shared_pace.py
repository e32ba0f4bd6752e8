"""The pace of several processes on one database: nobody has too much, nobody is left out for ever."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from graphwright.application.runtime import Runtime
from graphwright.http.pace import Lane
from graphwright.http.retry import Limits
from graphwright.http.shared_pace import ROUND_SECONDS, SharedPace, slots
from graphwright.kernel.database import Database, system_metadata
from graphwright.kernel.ids import new_id
from tests.flows.conftest import APP
from tests.http.conftest import HeldClock

MINE = Lane("graph one", "me anna")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own for the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'system.sqlite'}"
        return
    server_url = sa.make_url(request.getfixturevalue("postgres_url"))
    server_url = server_url.set(drivername="postgresql+psycopg")
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"pace_{new_id()[:8].lower().replace('-', '_')}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    own = server_url.update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
    server.dispose()


class StepClock(HeldClock):
    """A clock that goes on while somebody waits for something to happen."""

    async def sleep(self, seconds: float) -> None:
        """Until so much of its time has passed."""
        until = self.time.timestamp() + seconds
        while self.time.timestamp() < until:  # noqa: ASYNC110 - time tells nobody
            await asyncio.sleep(0.002)

    def pass_time(self, seconds: float) -> None:
        """So much has passed."""
        self.time = self.time.fromtimestamp(self.time.timestamp() + seconds, self.time.tzinfo)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Goes on until it has happened."""
        async with asyncio.timeout(20):
            while not happened():
                self.pass_time(0.02)
                await asyncio.sleep(0.002)


class Process:
    """What a process of its own would do; `under_way` and `begun` name requests."""

    def __init__(self, url: str, limits: Limits, clock: StepClock) -> None:
        self.database = Database(url)
        self.pace = SharedPace(self.database, limits, clock)
        self.under_way: set[str] = set()
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    def begin(self, *names: str, lane: Lane = MINE) -> None:
        """Requests of these names ask for their turn."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name, lane))

    async def end(self, *names: str) -> None:
        """They are answered."""
        for name in names:
            self._ends[name].set()
            await self.tasks.pop(name)

    async def _run(self, name: str, lane: Lane) -> None:
        async with self.pace.turn(lane):
            self.begun.append(name)
            self.under_way.add(name)
            await self._ends[name].wait()
            self.under_way.remove(name)

    def places(self) -> list[tuple[str, int]]:
        """The places of mailboxes that somebody has, as the database knows them."""

        def read(connection: sa.Connection) -> list[tuple[str, int]]:
            found = sa.select(slots.c.mailbox, slots.c.slot).where(
                slots.c.holder != "", slots.c.mailbox != "", slots.c.slot >= 0
            )
            return sorted((row.mailbox, row.slot) for row in connection.execute(found))

        return self.database.read_sync(read)

    def change(self, **values: object) -> None:
        """Changes every row."""
        self.database.write_sync(lambda c: c.execute(sa.update(slots).values(**values)))


@pytest.fixture
async def processes(url: str) -> AsyncIterator[tuple[Process, Process, StepClock]]:
    clock = StepClock()
    both = Process(url, Limits(), clock), Process(url, Limits(), clock)
    both[0].database.upgrade(system_metadata)
    yield (*both, clock)
    for process in both:
        for task in process.tasks.values():
            task.cancel()
        await asyncio.gather(*process.tasks.values(), return_exceptions=True)
        await process.pace.close()
        process.database.close()


Processes = tuple[Process, Process, StepClock]


async def test_a_mailbox_takes_so_many_of_all_processes_and_nobody_is_left_out(
    processes: Processes,
) -> None:
    one, other, clock = processes
    one.begin("a", "b", "c", "d", "e")
    await clock.until(lambda: len(one.begun) == 4)
    other.begin("x", "y", "z")
    began = clock.now()
    await clock.until(lambda: (clock.now() - began).total_seconds() > 1)
    assert (one.begun, other.begun) == (["a", "b", "c", "d"], [])
    # At its next round the first gives up half, as soon as requests there have ended.
    await one.pace.renew()
    await one.end("a", "b")
    await one.pace.renew()
    await clock.until(lambda: len(other.under_way) == 2)
    assert (len(one.under_way), other.begun) == (2, ["x", "y"])
    # Who has as much as the other gives up nothing more.
    clock.pass_time(ROUND_SECONDS)
    began = clock.now()
    await clock.until(lambda: (clock.now() - began).total_seconds() > 1)
    await one.pace.renew()
    await one.end("c")
    await clock.until(lambda: "e" in one.under_way)
    assert other.begun == ["x", "y"]
    assert len(one.places()) == 4
    await one.end("d", "e")
    clock.pass_time(ROUND_SECONDS)
    await one.pace.renew()
    await clock.until(lambda: "z" in other.under_way)


async def test_the_places_of_a_process_that_was_killed_are_free_after_a_while(
    processes: Processes,
) -> None:
    one, other, clock = processes
    one.begin("a", "b", "c", "d")
    await clock.until(lambda: len(one.begun) == 4)
    other.begin("x")
    await clock.until(lambda: any(place for place in one.places()))
    assert other.begun == []
    one.change(until=slots.c.until - 31)
    await clock.until(lambda: other.begun == ["x"])
    # It was not killed after all: it finds that out, and works with what it has left.
    await one.pace.renew()
    await one.end("a", "b", "c", "d")
    one.begin("e")
    await clock.until(lambda: "e" in one.under_way)
    assert len(one.places()) == 4


async def test_what_is_not_used_any_more_is_given_back(processes: Processes) -> None:
    one, _, clock = processes
    one.begin("a", "b")
    await clock.until(lambda: len(one.begun) == 2)
    await one.end("a", "b")
    await one.pace.renew()
    assert len(one.places()) == 2
    one.begin("c")
    await clock.until(lambda: "c" in one.under_way)
    clock.pass_time(ROUND_SECONDS)
    await one.pace.renew()
    assert len(one.places()) == 1
    await one.end("c")
    await one.pace.close()
    assert one.places() == []


async def test_a_request_that_is_given_up_leaves_no_place_behind(processes: Processes) -> None:
    one, other, clock = processes
    one.begin("a")
    await asyncio.sleep(0)
    one.tasks["a"].cancel()
    await asyncio.gather(one.tasks.pop("a"), return_exceptions=True)
    one.begin("b", lane=Lane("graph two", "x"))
    await clock.until(lambda: one.begun == ["b"])
    await one.pace.renew()
    other.begin("w", "x", "y", "z")
    await clock.until(lambda: len(other.begun) == 4)


async def test_a_page_costs_no_round_trip(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, clock = processes
    one.begin("a")
    await clock.until(lambda: one.begun == ["a"])
    await one.end("a")
    monkeypatch.setattr(one.database, "write", None)
    for _ in range(20):
        clock.pass_time(0.1)
        async with one.pace.turn(MINE):
            one.begun.append("again")
    assert len(one.begun) == 21
    monkeypatch.undo()


async def test_a_held_lane_waits_and_the_others_do_not(processes: Processes) -> None:
    one, _, clock = processes
    for lane in (MINE, Lane("graph one")):
        one.pace.hold(lane, 30)
    began = clock.now()
    one.begin("a")
    one.begin("b", lane=Lane("graph one"))
    one.begin("c", lane=Lane("graph one", "me bert"))
    await clock.until(lambda: bool(one.begun))
    assert one.begun == ["c"]
    clock.pass_time(30)
    await clock.until(lambda: len(one.begun) == 3)
    assert (clock.now() - began).total_seconds() >= 30


async def test_places_that_go_from_hand_to_hand_let_no_more_through(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'system.sqlite'}", HeldClock()
    database = Database(url)
    database.upgrade(system_metadata)
    limits = Limits(mailbox_requests=6_000, app_rate=86_400)
    began, sent = clock.now(), 0
    for _ in range(15):
        pace = SharedPace(database, limits, clock)
        for _ in range(100):
            async with pace.turn(MINE):
                sent += 1
            passed = (clock.now() - began).total_seconds()
            # A tenth at once, then evenly; half a request of each place for how exact clocks are.
            assert sent <= 600 + 8.5 * passed + 4
        await pace.close()
    database.close()
    # What was left of a place that is given back is lost, no more.
    assert 0.95 < passed / ((sent - 600) / 8.5) < 1.3


async def test_an_application_on_a_server_shares_its_pace(url: str, tmp_path: Path) -> None:
    for name in ("app.yaml", "flows/hello.yaml"):
        path = tmp_path / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(APP[name], "utf-8")
    environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    if url.startswith("postgresql"):
        environment["GRAPHWRIGHT_DATABASE_URL"] = url
    async with await Runtime.open(tmp_path / "app", environment=environment) as runtime:
        assert (runtime.pace is not None) == url.startswith("postgresql")
