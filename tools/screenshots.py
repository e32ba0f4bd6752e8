"""`make screenshots`: the pictures of the documentation, taken from the running demo.

Every page of my day's navigation and the latest run's, light and dark, and one page of each other
example, into docs/images/.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page

from tools.demo import Demo, running_browser, running_demo, sign_in, wait_until_loaded
from tools.tracked import ROOT

PICTURES = ROOT / "docs" / "images"


# Milliseconds in which a page that was asked for begins to load, and its rows are drawn.
SETTLING = 700
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """What a picture shows of an example: to whom, which page, and how often its first row opens."""

    example: str
    person: str
    title: str
    opened: int


LOOKS = (
    Look("people-admin", "Daniel Whitfield", "People", 0),
    Look("site-browser", "Olivia Brandt", "Files", 2),
    Look("team-room", "Olivia Brandt", "Teams", 1),
)


@contextmanager
def page_of(browser: Browser, demo: Demo, scheme: Scheme, person: str = "") -> Iterator[Page]:
    """The demo, to which somebody is signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, device_scale_factor=1
    )
    page = context.new_page()
    sign_in(page, demo, person)
    yield page
    context.close()


def take_pages(page: Page, scheme: str) -> None:
    """One picture of each page that the navigation names."""
    for title in navigation(page).all_inner_texts():
        go_to(page, title)
        take(page, f"{title}-{scheme}")


def take_run(page: Page, scheme: str) -> None:
    """The picture of the latest run's page."""
    go_to(page, "Runs")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("region", name="Way taken").wait_for()
    take(page, f"run-{scheme}")


def take_look(page: Page, look: Look) -> None:
    """The picture of one example."""
    go_to(page, look.title)
    for _ in range(look.opened):
        page.get_by_role("gridcell").get_by_role("button").first.click()
        wait_for_page(page)
    take(page, f"{look.example}-light")


def navigation(page: Page) -> Locator:
    """The links of the navigation."""
    return page.get_by_role("navigation", name="Application").get_by_role("link")


def go_to(page: Page, title: str) -> None:
    """The page of that title, loaded."""
    navigation(page).filter(has_text=title).click()
    wait_for_page(page)


def wait_for_page(page: Page) -> None:
    """Until it has its heading, and nothing is on its way any more."""
    page.wait_for_timeout(SETTLING)
    page.get_by_role("main").get_by_role("heading", level=1).wait_for()
    wait_until_loaded(page)
    page.wait_for_timeout(SETTLING)


def take(page: Page, name: str) -> None:
    """A picture of the page as it stands."""
    path = PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
    page.screenshot(path=path, animations="disabled")
    print(path.relative_to(ROOT))


@contextmanager
def demo_of(example: str) -> Iterator[Demo]:
    """The demo of an example, with data of its own."""
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder), example) as demo:
        yield demo


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_browser() as browser:
        with demo_of("my-day") as demo:
            for scheme in SCHEMES:
                with page_of(browser, demo, scheme) as page:
                    take_pages(page, scheme)
                    take_run(page, scheme)
        for look in LOOKS:
            with (
                demo_of(look.example) as demo,
                page_of(browser, demo, "light", look.person) as page,
            ):
                take_look(page, look)
    return 0


if __name__ == "__main__":
    sys.exit(main())
