"""`make bench-sync`: whole imports, as ratios to downloading the same bytes; beside other ways.

Every way runs in a process of its own against a static server in another, so that memory and CPU are its
own. What has a limit and misses it makes the exit code 1. dlt and O365 run where `.bench/others` can be
made. PostgreSQL is measured where `GRAPHWRIGHT_TEST_POSTGRES_URL` names one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.sync_data import EVENTS, SLOW, USERS, Dataset, serving, write_pages

ROOT: Final = Path(__file__).parent.parent
POSTGRES: Final = "GRAPHWRIGHT_TEST_POSTGRES_URL"
# As its issue says: O365 takes a hundred times the download, and half an hour for all of them.
FEWER: Final = 5_000
FILE: Final = "FOLDER/rows.sqlite"
MEMORY_LIMIT: Final = 150


@dataclass(frozen=True)
class Taken:
    """What one way took: medians of its runs."""

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Row:
    """A line of the table: a way, its time as a ratio to that of another, and its limit."""

    work: str
    way: str
    taken: Taken
    compared: str
    ratio: float
    limit: float | None = None
    peak_limit: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether it is over one of its limits."""
        slow = self.limit is not None and self.ratio > self.limit
        return slow or (self.peak_limit is not None and self.taken.peak >= self.peak_limit)

    def __str__(self) -> str:
        limit = f"limit {self.limit:g}" if self.limit else ""
        return (
            f"{self.work:<32} {self.way:<14} {self.taken.seconds:8.2f} s {self.taken.cpu:8.2f} s CPU "
            f"{self.taken.peak:6.0f} MB {self.ratio:8.2f} x {self.compared:<12} {limit}"
            f"{'  MISSED' if self.is_missed else ''}"
        ).rstrip()


@dataclass(frozen=True)
class Work:
    """So many items of a collection, at a URL."""

    title: str
    dataset: Dataset
    number: int
    url: str

    def take(self, way: str, runs: int, database: str = FILE) -> Taken:
        """A way of ours or by hand, so many times."""
        command = [sys.executable, "-m", "benchmarks.sync_ways", way, self.dataset.name]
        return self._take([*command, str(self.number), self.url], database, runs)

    def take_other(self, python: Path, way: str) -> Taken | None:
        """Another library's, once: it takes its time. None where it cannot do it."""
        script = Path(__file__).with_name("sync_others.py")
        try:
            return self._take([str(python), str(script), way, self.url], FILE, 1)
        except subprocess.CalledProcessError as error:
            print(f"{way} is left out: {error.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None

    def _take(self, command: list[str], database: str, runs: int) -> Taken:
        found = []
        for _ in range(runs):
            with empty(database) as where:
                run = subprocess.run(
                    [*command, where], check=True, capture_output=True, text=True, cwd=ROOT
                )
            said = json.loads(run.stdout.strip().splitlines()[-1])
            if said["rows"] != self.number and "download" not in command:
                raise SystemExit(f"{command}: {said['rows']:,} rows, not {self.number:,}")
            found.append(Taken(said["seconds"], said["cpu"], said["peak"]))
        return Taken(
            statistics.median(one.seconds for one in found),
            statistics.median(one.cpu for one in found),
            max(one.peak for one in found),
        )


def compare(work: Work, runs: int, limits: dict[str, float]) -> Iterator[Row]:
    """The download, the loop by hand and ours; `limits` by what ours is compared with."""
    sqlite = f"sqlite:///{FILE}"
    floor = work.take("download", runs)
    yield Row(work.title, "download", floor, "download", 1)
    hand = work.take("by hand", runs)
    yield Row(work.title, "by hand", hand, "download", hand.seconds / floor.seconds)
    ours = work.take("graphwright", runs, sqlite)
    for compared, other in (("download", floor), ("by hand", hand)):
        ratio = ours.seconds / other.seconds
        limit = limits.get(compared)
        yield Row(work.title, "graphwright", ours, compared, ratio, limit, MEMORY_LIMIT)


def compare_slow(work: Work, runs: int) -> Iterator[Row]:
    """Pages that come late: the network's floor, and how near ours is."""
    floor = work.take("download", runs)
    yield Row(work.title, "download", floor, "download", 1)
    ours = work.take("graphwright", runs, f"sqlite:///{FILE}")
    ratio = ours.seconds / floor.seconds
    yield Row(work.title, "graphwright", ours, "download", ratio, 1.08, MEMORY_LIMIT)


def compare_postgres(work: Work, runs: int, url: str) -> Iterator[Row]:
    """COPY and one upsert a page, by hand and ours, each time in an empty schema."""
    title = f"{work.title}, PostgreSQL"
    hand = work.take("copy", runs, url)
    yield Row(title, "COPY by hand", hand, "COPY by hand", 1)
    ours = work.take("graphwright", runs, url)
    ratio = ours.seconds / hand.seconds
    yield Row(title, "graphwright", ours, "COPY by hand", ratio, 1.3, MEMORY_LIMIT)


@contextmanager
def empty(database: str) -> Iterator[str]:
    """A new place for rows: a file, named as `database` says; a schema where that is PostgreSQL's."""
    if not database.startswith("postgres"):
        with tempfile.TemporaryDirectory() as folder:
            yield database.replace("FOLDER", folder)
        return
    import psycopg

    name = f"bench_{os.getpid()}_{os.urandom(4).hex()}"
    with psycopg.connect(database, autocommit=True) as connection:
        run: Any = connection.execute
        run(f"CREATE SCHEMA {name}")
        try:
            yield f"{database}{'&' if '?' in database else '?'}options=-csearch_path%3D{name}"
        finally:
            run(f"DROP SCHEMA {name} CASCADE")


def find_others() -> Path | None:
    """The Python of the environment of other libraries, made where it is not there yet."""
    folder = ROOT / ".bench" / "others"
    python = folder / "bin" / "python"
    wanted = (ROOT / "benchmarks" / "others.txt").read_text("utf-8")
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]
        subprocess.run([str(python), *install, str(ROOT / "benchmarks" / "others.txt")], check=True)
    except (OSError, subprocess.CalledProcessError):
        print("dlt and O365 cannot be installed here and are left out.", file=sys.stderr)
        return None
    stamp.write_text(wanted, "utf-8")
    return python


def compare_others(folder: Path, origin: str, work: Work) -> Iterator[Row]:
    """dlt over the same events; O365 over fewer, at the path where it looks for them."""
    python = find_others()
    if python is None:
        return
    first = write_pages(folder / "fewer", EVENTS, FEWER, f"{origin}/fewer")
    place = folder / "v1.0" / "me" / "calendar" / "events"
    place.parent.mkdir(parents=True)
    shutil.copyfile(folder / "fewer" / Path(first).name, place)
    fewer = Work(f"{FEWER:,} events", EVENTS, FEWER, first)
    asked = Work(fewer.title, EVENTS, FEWER, f"{origin}/v1.0/me/calendar/events")
    for way, base, at in (("dlt", work, work), ("O365", fewer, asked)):
        taken = at.take_other(python, way)
        if taken is not None:
            floor = base.take("download", 3)
            yield Row(base.title, way, taken, "download", taken.seconds / floor.seconds)


def measure(runs: int, share: float, *, others: bool) -> Iterator[Row]:
    """Every line; `share` makes all collections smaller."""
    events, users, slow = (max(1_000, int(n * share)) for n in (50_000, 100_000, 20_000))
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as origin:
        folder = Path(name)

        def make(title: str, dataset: Dataset, number: int, place: str) -> Work:
            url = write_pages(folder / place, dataset, number, f"{origin}/{place}")
            return Work(f"{number:,} {title}", dataset, number, url)

        work = make("events", EVENTS, events, "events")
        yield from compare(work, runs, {"download": 6})
        if others:
            yield from compare_others(folder, origin, work)
        people = make("users", USERS, users, "users")
        yield from compare(people, runs, {"by hand": 1.25})
        url = os.environ.get(POSTGRES)
        if url:
            yield from compare_postgres(work, runs, url)
            yield from compare_postgres(people, runs, url)
        else:
            print(f"PostgreSQL is left out: {POSTGRES} is not set.", file=sys.stderr)
        late = make("events, 150 ms a page", EVENTS, slow, SLOW)
        yield from compare_slow(late, runs)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure imports.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--runs", type=int, default=5, help="the median of so many (5)")
    parser.add_argument("--share", type=float, default=1, help="how much of the items (1)")
    parser.add_argument("--no-others", action="store_true", help="leave out dlt and O365")
    arguments = parser.parse_args()
    rows = []
    for row in measure(arguments.runs, arguments.share, others=not arguments.no_others):
        rows.append(row)
        if not arguments.json:
            print(row, flush=True)
    if arguments.json:
        print(json.dumps([{**asdict(row), "missed": row.is_missed} for row in rows]))
    return 1 if any(row.is_missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
