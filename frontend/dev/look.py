"""Takes pictures of the front end and runs axe on it; for work on the front end alone.

    python dev/look.py http://127.0.0.1:8000 /tmp/pictures [name ...]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"


def click(name: str, role: str = "button") -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role(role, name=name, exact=False).first.click()  # type: ignore[arg-type]
        page.wait_for_timeout(700)

    return act


def open_event(page: Page) -> None:
    page.locator(".fc-event, [class*=fc] a, [role=button]").filter(has_text="review").first.click()
    page.wait_for_timeout(500)


SCENES: dict[str, tuple[str, list[Callable[[Page], None]]]] = {
    "calendar": ("/calendar", []),
    "calendar-next": ("/calendar", [click("Next")]),
    "calendar-month": ("/calendar", [click("Month", "radio")]),
    "calendar-agenda": ("/calendar", [click("Agenda", "radio")]),
    "calendar-event": ("/calendar", [open_event]),
    "calendar-delete": ("/calendar", [open_event, click("Delete")]),
    "table": ("/people", []),
    "mail": ("/mail", []),
    "mail-open": ("/mail", [lambda page: page.locator("[role=listbox] [role=option]").first.click()]),
    "form": ("/event", []),
    "form-errors": ("/event", [click("Save")]),
    "detail": ("/person", []),
    "end": ("/done", []),
    "fail": ("/fail", []),
    "runs": ("/_runs", []),
    "sign-in": ("/?mock=signed-out", []),
}


def main(base: str, folder: Path, wanted: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    problems = 0
    with sync_playwright() as playwright:
        for look, options in {
            "light": {"viewport": {"width": 1360, "height": 850}},
            "dark": {"viewport": {"width": 1360, "height": 850}, "color_scheme": "dark"},
            "phone": {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True},
        }.items():
            with tempfile.TemporaryDirectory() as profile:
                browser = playwright.chromium.launch_persistent_context(
                    profile, executable_path="/usr/bin/chromium", headless=True, args=FLAGS,
                    timezone_id="America/Los_Angeles", bypass_csp=False, **options,  # type: ignore[arg-type]
                )
                for name, (path, acts) in SCENES.items():
                    if wanted and not any(name.startswith(one) for one in wanted):
                        continue
                    page = browser.new_page()
                    page.set_default_timeout(4000)
                    said: list[str] = []
                    page.on("console", lambda m, said=said: said.append(m.text) if m.type in ("error", "warning") else None)
                    page.on("pageerror", lambda e, said=said: said.append(str(e)))
                    page.goto(base + path)
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(900)
                    try:
                        for act in acts:
                            act(page)
                        page.wait_for_timeout(500)
                    except Exception as error:  # a scene that a narrow window lacks
                        said.append(str(error).splitlines()[0])
                    page.screenshot(path=str(folder / f"{name}-{look}.png"))
                    page.evaluate(AXE.read_text())
                    found = page.evaluate("() => axe.run(document, {iframes: false}).then(r => r.violations)")
                    for one in found:
                        targets = [n["target"] for n in one["nodes"]][:4]
                        print(f"{name}-{look}: axe {one['id']} ({len(one['nodes'])}): {targets}")
                        problems += 1
                    for text in dict.fromkeys(said):
                        print(f"{name}-{look}: console: {text[:300]}")
                    page.close()
                    if name == "sign-in":
                        signed = browser.new_page()
                        signed.goto(base + "/auth/sign-in?return=/")
                        signed.close()
                browser.close()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
