"""Somebody at a browser who models, and notices everything that goes wrong in a page.

It must not know what is right: the tests compare.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.axe import wait_until_still
from tests.e2e.visitor import Watch


class Modeller:
    """One browser context that is in a modeler, with the page they look at."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.watch = Watch()
        self.watch.attach(context)
        self.page: Page = context.new_page()

    def allow(self, status: int, path: str) -> None:
        """Such an answer is meant to come; any other error in the console fails the test."""
        self.watch.allowed.add((status, path))

    def open(self, path: str = "/") -> None:
        """Look at an address of the modeler, until it is shown."""
        self.page.goto(self.url + path)
        self.wait()

    def button(self, name: str) -> Locator:
        """By its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def wait(self) -> None:
        """Until the screen is there, nothing is on its way and nothing moves."""
        expect(self.page.locator("#main > *").first).to_be_visible()
        expect(self.page.locator("main [role=progressbar]")).to_have_count(0)
        wait_until_still(self.page)

    def until_kept(self) -> None:
        """Until every edit has reached the server."""
        state = self.page.get_by_role("banner").get_by_role("status")
        expect(state).to_have_text(re.compile("^(Saved|Unsaved changes)$"))

    def allow_lost_connections(self) -> None:
        """The network was taken away on purpose."""
        complaints = self.watch.complaints
        complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]

    def get_json(self, path: str) -> Any:
        """What the modeler's API answers this browser."""
        answer = self.context.request.get(self.url + path)
        assert answer.ok, answer.text()
        return answer.json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """A write to the modeler's API as this browser, with its token; gives what came back."""
        token = self.get_json("/api/session")["csrf_token"]
        headers = {"X-CSRF-Token": token, "Origin": self.url}
        answer = self.context.request.fetch(
            self.url + path, method=method, data=body, headers=headers
        )
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    def edit(self, name: str, text: str) -> None:
        """Puts a text in the place of a document's."""
        revision = self.get_json(f"/api/documents/{name}")["revision"]
        self.send("PUT", f"/api/documents/{name}", {"revision": revision, "text": text})
