"""`make bench`: start, memory and first load, each beside a named baseline or its limit.

It measures from outside (processes, files): it imports nothing of Graphwright.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
STATIC = ROOT / "src" / "graphwright" / "static"
ADDRESS = re.compile(r"https?://(?:localhost|127\.0\.0\.1):\d+\S*")


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


@contextmanager
def running_demo(log: Path) -> Iterator[tuple[int, float, str]]:
    """The demo on a free port, with its own data: pid, seconds to its first answer, address."""
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(SCRIPTS / "graphwright"), "demo", "--no-browser", "--port", "0"],
            cwd=log.parent,
            env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = wait_for_address(process, log)
        yield process.pid, time.monotonic() - started, address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for_address(process: subprocess.Popen[bytes], log: Path, limit: float = 60) -> str:
    """The address the demo prints, once it answers there."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The demo ended with {process.returncode}:\n{log.read_text()}")
        for address in ADDRESS.findall(log.read_text()):
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - ADDRESS allows http
                    return str(address)
            except urllib.error.HTTPError:
                return str(address)
            except OSError:
                continue
        time.sleep(0.05)
    raise SystemExit(f"The demo did not answer within {limit:.0f} s:\n{log.read_text()}")


def first_load_bytes(entry: str = "portal.html") -> int:
    """What a browser loads for an entry page, compressed with brotli where that lies beside it."""
    page = (STATIC / entry).read_text(encoding="utf-8")
    names = set(re.findall(r"""(?:src|href)=["']([^"']+\.(?:js|css))["']""", page))
    files = [STATIC / entry]
    files += [next(STATIC.rglob(Path(name).name)) for name in sorted(names)]
    return sum(compressed.stat().st_size for compressed in map(compressed_or_plain, files))


def compressed_or_plain(path: Path) -> Path:
    compressed = path.with_name(path.name + ".br")
    return compressed if compressed.is_file() else path


def measure() -> list[tuple[str, float, str, str]]:
    """Every figure: name, value, unit, and what it is compared with."""
    baseline = cpu_seconds([sys.executable, "-c", "pass"])
    help_time = cpu_seconds([str(SCRIPTS / "graphwright"), "--help"])
    figures = [
        ("CPU of python -c pass", baseline, "s", "the baseline"),
        (
            "CPU of graphwright --help",
            help_time,
            "s",
            f"{help_time / baseline:.1f} x the baseline; limit 0.3",
        ),
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder) / "demo.log") as (pid, seconds, _),
    ):
        figures.append(("demo: from start to first answer", seconds, "s", "limit 5"))
        memory = resident_megabytes(pid)
        figures.append(("demo: server and sandbox, resident", memory, "MB", "limit 300"))
    kilobytes = first_load_bytes() / 1024
    figures.append(("portal: first load, brotli", kilobytes, "KB", "limit 400"))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure start, memory and first load.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    figures = measure()
    if arguments.json:
        print(
            json.dumps({name: {"value": value, "unit": unit} for name, value, unit, _ in figures})
        )
        return 0
    for name, value, unit, compared in figures:
        print(f"{name:<36} {value:>8.2f} {unit:<3} {compared}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
