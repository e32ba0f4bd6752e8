"""What the modeler's canvas does with 200 nodes: how long it takes to open, and to draw in a drag."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from tools.modeler import copy_my_day, running_modeler

ROWS, COLUMNS = 20, 10
_SECONDS = 3
_WATCH_FRAMES = """() => { window.frames = []; let last = performance.now();
    const tick = (now) => { frames.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick); }"""


def write_flow(root: Path) -> None:
    """A flow of rows of requests, one behind the other, each with its way out where it fails."""
    last = ROWS * COLUMNS - 1
    lines = ["kind: regular", "title: Big", "path: /big", "start: n0", "nodes:"]
    places = []
    for number in range(last + 1):
        exits = (
            "{error: failed}" if number == last else f"{{default: n{number + 1}, error: failed}}"
        )
        lines.append(f"  n{number}: {{type: http_request, url: /me, response: r, exits: {exits}}}")
        row, column = divmod(number, COLUMNS)
        places.append(f"n{number}: {{x: {column * 320}, y: {row * 130}}}")
    lines.append("  failed: {type: end, tone: error}")
    places.append(f"failed: {{x: 0, y: {ROWS * 130}}}")
    for folder, text in (("flows", lines), ("layout", places)):
        (root / folder / "big.yaml").write_text("\n".join(text) + "\n")


def measure(browser: Browser) -> tuple[float, float]:
    """Seconds until the flow is drawn, and the milliseconds of a frame while a node is dragged."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = copy_my_day(folder)
        write_flow(root)
        with (
            running_modeler(root, folder / "modeler.log") as link,
            browser.new_context() as context,
        ):
            page = context.new_page()
            page.goto(link)
            page.goto(link.partition("/start")[0] + "/flows")
            entry = page.get_by_role("link", name="Big", exact=True)
            entry.wait_for()
            page.wait_for_load_state("networkidle")
            began = time.monotonic()
            entry.click()
            nodes = ROWS * COLUMNS + 1
            page.wait_for_function(
                f"() => document.querySelectorAll('.react-flow__node').length === {nodes}"
            )
            page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
            opened = time.monotonic() - began
            page.wait_for_load_state("networkidle")
            return opened, _drag(page)


def _drag(page: Page) -> float:
    box = page.locator(".react-flow__node[data-id=n0]").bounding_box()
    if box is None:
        raise SystemExit("The first node is not shown.")
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_WATCH_FRAMES)
    began, step = time.monotonic(), 0
    while time.monotonic() - began < _SECONDS:
        step += 1
        page.mouse.move(x + step % 120, y + step * 7 % 90)
    frames: list[float] = page.evaluate("() => frames.slice(1)")
    page.mouse.up()
    return statistics.mean(frames)
