"""The pictures of the modeler in the documentation: my day, run once, with real answers in it.

It meets the modeler only over the command line and a browser. A link opens it, and the sandbox's first
person signs in to the draft.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect

from tools.demo import accept_person, running_browser, wait_until_loaded
from tools.modeler import copy_my_day, running_modeler
from tools.tracked import ROOT

PICTURES = ROOT / "docs" / "images"
Scheme = Literal["light", "dark"]


class Camera:
    """Takes pictures of a page of the modeler."""

    def __init__(self, page: Page, scheme: Scheme) -> None:
        self.page = page
        self.url = page.url.rstrip("/")
        self._scheme = scheme

    def open(self, path: str) -> None:
        """Look at a screen."""
        self.page.goto(self.url + path)
        wait_until_loaded(self.page)

    def take(self, name: str) -> None:
        """Into the documentation; nothing is hovered or half drawn in it."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_load_state("networkidle")
        # What slides and fades on the canvas is no animation that a picture could skip.
        self.page.wait_for_timeout(900)
        path = PICTURES / f"modeler-{name}-{self._scheme}.png"
        self.page.screenshot(path=path, animations="disabled")
        print(path.relative_to(ROOT))


def run_once(camera: Camera) -> None:
    """Run the calendar's flow, as the sandbox's first person."""
    camera.open("/flows/calendar")
    with camera.page.context.expect_page() as opened:
        camera.page.get_by_role("button", name="Run", exact=True).click()
    accept_person(opened.value)
    opened.value.close()


def take_canvas(camera: Camera) -> None:
    """The way that the run took, and what one of its nodes did."""
    camera.open("/flows/calendar")
    page = camera.page
    page.get_by_role("button", name="Hide the properties").click()
    page.get_by_role("button", name="Hide the map").click()
    page.get_by_role("combobox", name="Run shown on the canvas").click()
    page.get_by_role("option").nth(1).click()
    camera.take("flow")
    page.locator(".react-flow__node[data-id=load_events]").click()
    page.get_by_role("button", name="Show the properties").click()
    page.get_by_role("tab", name="This run").click()
    camera.take("run")


def take_request(camera: Camera) -> None:
    """A ready request with its answer, and the mapping made of it."""
    camera.open("/requests")
    camera.page.get_by_role("button", name="Events of a time range").first.click()
    expect(camera.page.get_by_label("range.start")).not_to_have_value("")
    expect(camera.page.get_by_role("combobox").filter(has_text="@").first).to_be_visible()
    camera.page.wait_for_load_state("networkidle")
    camera.page.get_by_role("button", name="Try it").click()
    camera.page.get_by_role("region", name="Response").get_by_text("200 OK").wait_for()
    camera.take("request")
    camera.page.get_by_role("button", name="Create mapping").click()
    dialog = camera.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create list and import").wait_for()
    camera.take("mapping")


def take_screen(path: str, name: str) -> Callable[[Camera], None]:
    """A screen that needs nothing done."""

    def take(camera: Camera) -> None:
        camera.open(path)
        camera.take(name)

    return take


def take_history(camera: Camera) -> None:
    """What a save would write, and what it wrote."""
    camera.open("/lists/event")
    camera.page.get_by_role("textbox", name="Title").first.fill("Events of my calendar")
    camera.page.get_by_role("status").get_by_text("Unsaved changes").wait_for()
    camera.page.keyboard.press("Control+s")
    dialog = camera.page.get_by_role("dialog")
    dialog.get_by_text("lists/event.yaml").first.wait_for()
    camera.take("save")
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.wait_for(state="detached")
    camera.open("/history")
    camera.take("history")


ALL: tuple[Callable[[Camera], None], ...] = (
    run_once,
    take_canvas,
    take_request,
    take_screen("/", "overview"),
    take_screen("/profiles/graph-user", "profile"),
    take_screen("/imports/event", "import"),
    take_screen("/lists/event", "list"),
    take_screen("/pages/calendar", "page"),
    take_history,
)
DARK: tuple[Callable[[Camera], None], ...] = (run_once, take_canvas)


def take_pictures(browser: Browser, scheme: Scheme) -> None:
    """All of them in light; in dark the canvas."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_modeler(copy_my_day(Path(folder)), Path(folder) / "modeler.log") as link,
    ):
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, color_scheme=scheme, locale="en-GB"
        )
        page = context.new_page()
        page.goto(link)
        page.get_by_role("navigation").first.wait_for()
        camera = Camera(page, scheme)
        for step in ALL if scheme == "light" else DARK:
            step(camera)
        context.close()


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser:
        take_pictures(browser, "light")
        take_pictures(browser, "dark")
    return 0


if __name__ == "__main__":
    sys.exit(main())
