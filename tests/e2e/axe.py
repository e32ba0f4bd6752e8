"""What axe finds on a page, its frames with it.

It must not know what page that is.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A frame of foreign text runs no script, axe's neither.
_FOREIGN, _OWN = "iframe[sandbox]", "iframe:not([sandbox])"
# Fluent UI's focus guards pass the focus on at once: nobody ever stands on one.
_GUARD = "[data-tabster-dummy]"
_CHECKED = {"exclude": [[_GUARD], [_OWN, _GUARD], [_FOREIGN]]}
# Something that is still fading in has the contrast of half a colour. What begins with the next
# frame counts too: a new theme, say.
_STILL = """async () => {
    for (;;) {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const moving = document.getAnimations()
            .filter((one) => one.playState === 'running')
            .filter((one) => one.effect.getComputedTiming().endTime < Infinity);
        if (moving.length === 0) return;
        await Promise.all(moving.map((one) => one.finished.catch(() => null)));
    }
}"""


def wait_until_still(page: Page) -> None:
    """Until nothing on the page moves that comes to an end."""
    # A tab in the background draws one frame a second.
    page.bring_to_front()
    page.evaluate(_STILL)


def find_violations(page: Page, *rules: str) -> list[tuple[str, str, str]]:
    """What is inaccessible, as far as a program can tell: rule, place and why; else by these rules."""
    wait_until_still(page)
    axe = Axe()
    for frame in page.frames[1:]:
        if frame.frame_element().evaluate(f"(frame) => frame.matches('{_OWN}')"):
            frame.evaluate(axe.axe_script)
    options = {"resultTypes": ["violations"]}
    if rules:
        options |= {"runOnly": list(rules)}
    found = axe.run(page, _CHECKED, options).response["violations"]
    return [
        (violation["id"], f"{node['target']}", node["failureSummary"])
        for violation in found
        for node in violation["nodes"]
    ]
