"""`make bench`: start, memory, first load and queries, each with a baseline or its limit.

What has a limit and misses it makes the exit code 1. Processes and a browser are measured from
outside; queries in this process, by the modules beside this one. Imports have `make bench-sync`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import fan_out, modeler_canvas, rows_query, sandbox_speed
from tools.demo import (
    GRAPHWRIGHT,
    Demo,
    running_browser,
    running_demo,
    sign_in,
    wait_until_loaded,
)

TRANSFERRED = """() => [...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource')]
    .filter(entry => !new URL(entry.name).pathname.startsWith('/api/'))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


@dataclass(frozen=True)
class Figure:
    """One measured value and what it is compared with."""

    name: str
    value: float
    unit: str
    compared: str
    limit: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether it has a limit and is over it."""
        return self.limit is not None and self.value >= self.limit


def cpu_seconds(command: list[str], runs: int = 5) -> float:
    """The median of the CPU time of a command and what it starts."""
    taken = []
    for _ in range(runs):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}")
        taken.append(usage.ru_utime + usage.ru_stime)
    return statistics.median(taken)


def resident_megabytes(root_pid: int) -> float:
    """The resident memory of a process and all its descendants."""
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,rss="], check=True, capture_output=True, text=True
    )
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    waiting, kilobytes = deque([root_pid]), 0
    while waiting:
        pid = waiting.popleft()
        kilobytes += sum(rss for own, _, rss in rows if own == pid)
        waiting.extend(own for own, parent, _ in rows if parent == pid)
    return kilobytes / 1024


def first_load_kilobytes(browser: Browser, demo: Demo) -> float:
    """What a signed-in browser with an empty cache loads for the home page, data left out."""
    first = browser.new_context()
    sign_in(first.new_page(), demo)
    second = browser.new_context(storage_state=first.storage_state())
    page = second.new_page()
    page.goto(demo.address)
    page.get_by_role("navigation", name="Application").wait_for()
    wait_until_loaded(page)
    return float(page.evaluate(TRANSFERRED)) / 1024


def open_modeler_kilobytes(browser: Browser, demo: Demo) -> float:
    """What a browser with an empty cache loads for the modeler that is opened from the demo."""
    first = browser.new_context()
    page = first.new_page()
    sign_in(page, demo)
    page.get_by_role("button", name="Account menu of").click()
    page.get_by_role("menuitem", name="Open the modeler").click()
    parts = page.get_by_role("navigation", name="Parts of the application")
    parts.wait_for()
    second = browser.new_context(storage_state=first.storage_state()).new_page()
    second.goto(page.url)
    second.get_by_role("navigation", name="Parts of the application").wait_for()
    second.wait_for_load_state("networkidle")
    return float(second.evaluate(TRANSFERRED)) / 1024


def measure_program() -> list[Figure]:
    """The command line and the demo."""
    baseline = cpu_seconds([sys.executable, "-c", "pass"])
    help_time = cpu_seconds([str(GRAPHWRIGHT), "--help"])
    library = cpu_seconds([sys.executable, "-c", "from graphwright import Graph"])
    figures = [
        Figure("CPU of python -c pass", baseline, "s", "the baseline"),
        Figure(
            "CPU of graphwright --help", help_time, "s", f"{help_time / baseline:.1f} x it", 0.3
        ),
        Figure("CPU of from graphwright import Graph", library, "s", "", limit=0.15),
    ]
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
        figures.append(
            Figure("demo: start to first answer", demo.seconds_to_answer, "s", "", limit=5)
        )
        with running_browser() as browser:
            load = first_load_kilobytes(browser, demo)
            memory = resident_megabytes(demo.pid)
            modeler_load = open_modeler_kilobytes(browser, demo)
            modeler_memory = resident_megabytes(demo.pid)
    figures.append(Figure("demo: resident after a sign-in", memory, "MB", "", limit=300))
    figures.append(Figure("demo: resident with the modeler open", modeler_memory, "MB", "", 300))
    figures.append(Figure("portal: first load, compressed", load, "KB", "", limit=400))
    figures.append(Figure("modeler: first load, compressed", modeler_load, "KB", "", limit=450))
    return figures


def measure_canvas() -> list[Figure]:
    """The modeler's canvas with 200 nodes."""
    with running_browser() as browser:
        opened, frame = modeler_canvas.measure(browser)
    rate = f"{1000 / frame:.0f} a second"
    return [
        Figure("modeler: a flow of 200 nodes opens", opened, "s", "", limit=2),
        Figure("modeler: a frame while a node is dragged", frame, "ms", rate, limit=1000 / 30),
    ]


def measure_sandbox() -> list[Figure]:
    """Large pages of the sandbox, and its start."""
    figures = [
        Figure(f"sandbox: {name}", taken, "ms", "of CPU", limit=sandbox_speed.PAGES[name][3])
        for name, taken in sandbox_speed.measure_pages().items()
    ]
    start = sandbox_speed.measure_start()
    memory = sandbox_speed.measure_memory()
    return [
        *figures,
        Figure("sandbox: start", start, "s", "", limit=sandbox_speed.START_LIMIT),
        Figure("sandbox: 100,000 people read", memory, "MB", "", sandbox_speed.MEMORY_LIMIT),
    ]


def measure_data() -> list[Figure]:
    """Queries of 100,000 rows."""
    queries = rows_query.measure(100_000)
    baseline = next(iter(queries.values()))
    return [
        Figure(f"100,000 rows: {name}", seconds, "s", f"{seconds / baseline:.2f} x the reading")
        for name, seconds in queries.items()
    ]


def measure_fan_out() -> list[Figure]:
    """Loops whose items run at once, beside what the service's limits allow."""
    return [
        Figure(
            f"1,000 {name}, 100 ms each, in a loop",
            run.seconds,
            "s",
            f"{run.requests} requests, {run.seconds / run.floor:.2f} x the least",
            limit=run.floor * fan_out.LIMIT,
        )
        for name, run in fan_out.measure(1_000).items()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure Graphwright.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    figures = measure_program() + measure_canvas() + measure_sandbox() + measure_data()
    figures += measure_fan_out()
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in figures]))
    for figure in () if arguments.json else figures:
        limit = "" if figure.limit is None else f"limit {figure.limit:g}"
        notes = ", ".join(filter(None, (figure.compared, limit)))
        mark = "  MISSED" if figure.is_missed else ""
        print(f"{figure.name:<46} {figure.value:>8.2f} {figure.unit:<3} {notes}{mark}")
    return 1 if any(figure.is_missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
