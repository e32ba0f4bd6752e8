"""The running demo, seen from outside: start it, drive a browser, sign in.

What the figures and the pictures need. It meets Graphwright only over HTTP and the command line.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from conftest import find_chromium

GRAPHWRIGHT = Path(sys.executable).with_name("graphwright")
ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+[^\s\x1b]*")
BROWSER_OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@dataclass(frozen=True)
class Demo:
    """A demo that answers."""

    pid: int
    address: str
    seconds_to_answer: float


@contextmanager
def running_demo(folder: Path, example: str = "my-day") -> Iterator[Demo]:
    """The demo of an example on a free port, with its data and its log in `folder`."""
    log = folder / "demo.log"
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                str(GRAPHWRIGHT),
                "demo",
                example,
                "--no-browser",
                "--port",
                "0",
                "--data",
                str(folder),
            ],
            env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = _wait_for_address(process, log)
        yield Demo(process.pid, address, time.monotonic() - started)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _wait_for_address(process: subprocess.Popen[bytes], log: Path, limit: float = 60) -> str:
    """The first address the demo prints, once it answers there."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The demo ended with {process.returncode}:\n{log.read_text()}")
        for address in ADDRESS.findall(log.read_text()):
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - http only
                    return str(address)
            except urllib.error.HTTPError:
                return str(address)
            except OSError:
                continue
        time.sleep(0.05)
    raise SystemExit(f"The demo did not answer within {limit:.0f} s:\n{log.read_text()}")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The Chromium of this machine, headless."""
    path = find_chromium()
    if path is None:
        raise SystemExit("No Chromium was found: install it or name it with GRAPHWRIGHT_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, demo: Demo, name: str = "") -> None:
    """Open the demo, and be signed in to it as a person of that name, else as the first."""
    page.goto(demo.address)
    accept_person(page, name)


def accept_person(page: Page, name: str = "") -> None:
    """Choose a person of the sandbox by name, else the first; consent, wait for the portal's page."""
    way_in = page.get_by_role("link", name="Sign in with")
    person = page.locator("button.person").filter(has_text=name).first
    way_in.or_(person).first.wait_for()
    if way_in.count():
        way_in.first.click()
    person.click()
    accept = page.get_by_role("button", name="Accept")
    navigation = page.get_by_role("navigation", name="Application")
    accept.or_(navigation).first.wait_for()
    if accept.count():
        accept.click()
    navigation.wait_for()
    wait_until_loaded(page)


def wait_until_loaded(page: Page) -> None:
    """Until nothing is on its way: no request and no progress bar."""
    page.wait_for_load_state("networkidle")
    page.locator("main [role=progressbar]").first.wait_for(state="detached")
