"""Signs in somebody who may have agreed before: the consent page comes once for each person.

It must not know what the application shows.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def sign_in(visitor: Visitor, path: str = "/") -> None:
    """From the first address to the application, agreeing where it is asked."""
    visitor.open(path)
    visitor.choose_person()
    accept = visitor.button("Accept")
    application = visitor.page.get_by_role("navigation", name="Application")
    expect(accept.or_(application)).to_be_visible()
    if accept.is_visible():
        accept.click()
    expect(application).to_be_visible()
    visitor.wait()
