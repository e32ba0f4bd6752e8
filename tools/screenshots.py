"""`make screenshots`: the pictures of the documentation, taken from the running demo.

Every page of the demo's navigation, light and dark, into docs/images/.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from tools.demo import Demo, running_browser, running_demo, sign_in, wait_until_loaded
from tools.tracked import ROOT

PICTURES = ROOT / "docs" / "images"


def take_pictures(browser: Browser, demo: Demo, scheme: Literal["light", "dark"]) -> None:
    """One picture of each page that the navigation names."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, device_scale_factor=1
    )
    page = context.new_page()
    sign_in(page, demo)
    entries = page.get_by_role("navigation", name="Application").get_by_role("link")
    for title in entries.all_inner_texts():
        entries.filter(has_text=title).click()
        wait_until_loaded(page)
        name = re.sub(r"[^a-z0-9]+", "-", title.strip().lower())
        path = PICTURES / f"{name}-{scheme}.png"
        page.screenshot(path=path, animations="disabled")
        print(path.relative_to(ROOT))
    context.close()


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        running_browser() as browser,
    ):
        take_pictures(browser, demo, "light")
        take_pictures(browser, demo, "dark")
    return 0


if __name__ == "__main__":
    sys.exit(main())
