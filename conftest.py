"""What every test may use: the corpus, Chromium and PostgreSQL, where the machine has them.

It knows nothing of Graphwright. A missing Chromium or PostgreSQL skips its tests with a line that
says so; with CI=true it fails them, so that no build passes by having run half of the suite.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent
POSTGRES_URL = "GRAPHWRIGHT_TEST_POSTGRES_URL"
# The headless shell first: a page costs it two thirds of what it costs the whole browser.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


# The same examples every time, however busy the machine; `make verify` looks for others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("found", _PATIENT, derandomize=True)
settings.register_profile("searching", _PATIENT)
settings.load_profile("found")


def find_corpus() -> Path | None:
    """The folder of recorded Graph data, kept beside a checkout and never inside it."""
    named = os.environ.get("GRAPHWRIGHT_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    return folder if folder.is_dir() else None


def find_chromium() -> Path | None:
    """The browser named by GRAPHWRIGHT_CHROMIUM, else the installed one, else Playwright's own."""
    named = os.environ.get("GRAPHWRIGHT_CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return Path(found)
    own = sorted((Path.home() / ".cache" / "ms-playwright").glob("chromium*/chrome-linux*/*shell"))
    own += sorted(
        (Path.home() / ".cache" / "ms-playwright").glob("chromium-*/chrome-linux*/chrome")
    )
    candidates = [*map(Path, CHROMIUM_ON_MACOS), *reversed(own)]
    return next((path for path in candidates if path.is_file()), None)


def skip_or_fail(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} With CI=true nothing is skipped.")
    pytest.skip(what)


def pytest_configure() -> None:
    # A shell's background job ignores Ctrl-C and hands that on; tests send it to their programs.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    # Thousands of tests and all modules stay to the end: to look through them again and again for
    # garbage was a seventh of the time.
    gc.collect()
    gc.freeze()


def pytest_report_header() -> Sequence[str]:
    return [
        f"chromium: {find_chromium() or 'not found: tests marked browser are skipped'}",
        f"postgres: {'set' if os.environ.get(POSTGRES_URL) else 'not set: its tests are skipped'}",
        f"corpus: {'found' if find_corpus() else 'not found: its tests are skipped'}",
    ]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marked test is skipped (or failed) where the thing is missing, with or without fixture."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        skip_or_fail("No Chromium was found: install it or name it with GRAPHWRIGHT_CHROMIUM.")
    if item.get_closest_marker("postgres") and not os.environ.get(POSTGRES_URL):
        skip_or_fail(f"{POSTGRES_URL} is not set: see tools/postgres.sh.")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of recorded Graph data; a test that needs it is skipped where it is missing."""
    folder = find_corpus()
    if folder is None:
        pytest.skip("No corpus: name its folder with GRAPHWRIGHT_CORPUS.")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a Chromium to drive."""
    path = find_chromium()
    if path is None:
        skip_or_fail("No Chromium was found: install it or name it with GRAPHWRIGHT_CHROMIUM.")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of a PostgreSQL in which tests may create and drop databases and schemas."""
    url = os.environ.get(POSTGRES_URL)
    if not url:
        skip_or_fail(f"{POSTGRES_URL} is not set: see tools/postgres.sh.")
    return url
