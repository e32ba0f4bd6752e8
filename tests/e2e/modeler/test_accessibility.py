"""Every screen of the modeler passes axe in light and dark, wide and on a phone, where it fits."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize

from tests.e2e.axe import find_violations
from tests.e2e.modeler.conftest import OpenModeller
from tests.e2e.modeler.modeller import Modeller

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
_FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"


def check(modeller: Modeller, place: str) -> None:
    """The screen as it stands: in light, in dark, and the same on a phone."""
    page = modeller.page
    modeller.wait()
    assert find_violations(page) == [], place
    page.emulate_media(color_scheme="dark")
    assert find_violations(page, "color-contrast") == [], f"{place} in dark"
    page.set_viewport_size(PHONE)
    modeller.wait()
    assert find_violations(page) == [], f"{place} on a phone"
    assert page.evaluate(_FITS), f"{place} scrolls sideways on a phone"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/profiles",
        "/profiles/graph-user",
        "/profiles/graph-app",
        "/secrets",
        "/flows",
        "/flows/calendar?node=load_events",
        "/flows/calendar?node=show_calendar",
        "/requests",
        "/imports",
        "/imports/event",
        "/lists",
        "/lists/event",
        "/pages",
        "/pages/calendar",
        "/pages/new_event",
        "/runs",
        "/history",
        "/yaml/flows/calendar.yaml",
    ],
)
def test_every_screen_is_accessible(address: str, open_modeller: OpenModeller) -> None:
    modeller = open_modeller(color_scheme="light")
    modeller.open(address)
    modeller.page.wait_for_load_state("networkidle")
    check(modeller, address)
