"""Somebody at a browser: signs in, walks, and notices everything that goes wrong in a page.

It must not know what is right: the tests compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from playwright.sync_api import (
    APIResponse,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

from graphwright_sandbox.tenant import Person
from tests.e2e.graph import Entry, Week

_STATUS = re.compile(r"the server responded with a status of (\d+)")


_FORM = re.compile(
    r'<form method="post" action="(?P<action>[^"]+)">\s*'
    r'<input type="hidden" name="tx" value="(?P<tx>[^"]+)"'
)


@dataclass
class Watch:
    """What a browser complained about, and where it sent requests."""

    allowed: set[tuple[int, str]] = field(default_factory=set)
    allowed_hosts: set[str] = field(default_factory=lambda: {"localhost"})
    complaints: list[str] = field(default_factory=list)
    refused: set[tuple[int, str]] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)

    def attach(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if status := _STATUS.search(message.text):
            self.refused.add((int(status.group(1)), urlsplit(message.location["url"]).path))
        else:
            self.complaints.append(f"{message.type}: {message.text} ({message.location})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about"):
            self.hosts.add(f"{parts.hostname}")

    def check(self) -> None:
        """Nothing was complained about, refused or sent elsewhere but what a test meant to be."""
        assert self.complaints == [], self.complaints
        unmeant = {
            (status, path)
            for status, path in self.refused
            if not any(status == s and path.startswith(start) for s, start in self.allowed)
        }
        assert unmeant == set(), unmeant
        assert self.hosts <= self.allowed_hosts, self.hosts


class Visitor:
    """One browser context of one person, with the page they look at."""

    def __init__(self, context: BrowserContext, portal_url: str, person: Person, zone: str) -> None:
        self.context = context
        self.portal_url = portal_url
        self.person = person
        self.zone = zone
        self.watch = Watch()
        self.watch.attach(context)
        self.page: Page = context.new_page()

    def allow(self, status: int, path: str) -> None:
        """Such an answer is meant to come; any other error in the console fails the test."""
        self.watch.allowed.add((status, path))

    def open(self, path: str = "/") -> None:
        self.page.goto(self.portal_url + path)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def choose_person(self) -> None:
        """Go to the sandbox and choose to be this person."""
        self.allow(401, "/api/start")
        self.page.get_by_role("link", name="Sign in with Microsoft 365").click()
        self.page.get_by_role("button", name=self.person.display_name, exact=True).click()

    def sign_in(self, path: str = "/") -> None:
        """Be signed in and look at a page.

        The pages of the sandbox are answered without drawing them, which most tests have no use
        for; they come as `choose_person` shows them. Consent is asked for once for each person.
        """
        answer = self.get("/auth/sign-in?profile=graph-user&return=/", redirects=20)
        for name, value in (("person", self.person.id), ("decision", "accept")):
            form = _FORM.search(answer.text())
            if form is not None:
                fields = {"tx": form["tx"], name: value}
                answer = self.context.request.post(urljoin(answer.url, form["action"]), form=fields)
        assert answer.url.startswith(self.portal_url), answer.text()
        self.open(path)
        expect(self.page.get_by_role("navigation", name="Application")).to_be_visible()
        self.wait()

    def step_path(self) -> str:
        """The API's path of the step that is shown."""
        expect(self.page).to_have_url(re.compile(r"[?&]run="))
        run = parse_qs(urlsplit(self.page.url).query)["run"][0]
        instance, _, step = run.rpartition(".")
        return f"/api/steps/{instance}/{step}"

    def get(self, path: str, *, redirects: int = 0) -> APIResponse:
        """An answer of the portal to this browser, without a page."""
        return self.context.request.get(self.portal_url + path, max_redirects=redirects)

    def get_json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer.text()
        return answer.json()

    def post(self, path: str, body: Any) -> APIResponse:
        """A write to the portal as this browser, with its token."""
        token = self.get_json("/api/session")["csrf_token"]
        headers = {"X-CSRF-Token": token, "Origin": self.portal_url}
        return self.context.request.post(self.portal_url + path, data=body, headers=headers)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Account menu of").click()
        self.page.get_by_role("menuitem", name="Sign out").click()
        self.page.wait_for_url(lambda url: "/calendar" not in url)

    def wait(self) -> None:
        """Until nothing is on its way."""
        expect(self.page.locator("main [role=progressbar]")).to_have_count(0)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    @contextmanager
    def taking(self, exit_name: str) -> Iterator[None]:
        """Until the portal has answered what the block begins, and shows it."""
        with self.page.expect_response(lambda answer: f"/exits/{exit_name}" in answer.url):
            yield
        self.wait()

    def confirm(self, question: str, answer: str) -> None:
        """Answer a question with one of its buttons."""
        dialog = self.page.get_by_role("alertdialog")
        expect(dialog).to_contain_text(question)
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_have_count(0)

    def go_to(self, title: str) -> None:
        """By the navigation."""
        navigation = self.page.get_by_role("navigation", name="Application")
        navigation.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self.wait()

    def choose_view(self, name: str) -> None:
        """Of the calendar."""
        view = self.page.get_by_role("toolbar", name="View").get_by_role(
            "radio", name=name, exact=True
        )
        view.click()
        expect(view).to_be_checked()
        self.wait()

    def agenda_list(self) -> Locator:
        return self.page.get_by_role("list", name="Events by day")

    def agenda_of(self, week: Week) -> list[Entry]:
        """What the agenda shows, once it shows this week."""
        days = self.agenda_list().locator("h3")
        expect(days).to_have_count(7)
        first = f"{week.monday:%A},? {week.monday.day} {week.monday:%B}"
        expect(days.first).to_have_text(re.compile(f"^{first}"))
        self.wait()
        found: list[Entry] = []
        for day, item in zip(week.days, self.agenda_list().locator("> li").all(), strict=True):
            assert f"{day.day} {day:%B}" in item.locator("h3").inner_text()
            found += [_read_entry(day, text) for text in item.get_by_role("button").all()]
        return sorted(found)

    def grid_of(self, week: Week) -> list[Entry]:
        """What the week grid shows, the times measured by where an event is drawn."""
        self.wait()
        found: list[Entry] = []
        for day in week.days:
            cells = self.page.locator(f'[role=cell][data-date="{day}"]')
            expect(cells).to_have_count(2)
            whole_days, hours = cells.all()
            for button in whole_days.get_by_role("button").all():
                title = button.inner_text().strip()
                found += [Entry(day, "All day", title)]
            for button in hours.get_by_role("button").all():
                drawn = timedelta(minutes=_minutes(hours, button))
                found.append(
                    Entry(day, f"{drawn}".zfill(8)[:5], button.inner_text().splitlines()[-1])
                )
        return sorted(found)

    def open_event(self, title: str) -> Locator:
        """Open an event from the agenda; gives its card."""
        self.event(title).click()
        card = self.page.get_by_role("dialog", name=title)
        expect(card).to_be_visible()
        return card

    def fill_event(self, subject: str, day: date, start: str, end: str) -> None:
        """Fill in the form of an event."""
        self.page.get_by_role("textbox", name="Subject").fill(subject)
        for name, time in (("Start", start), ("End", end)):
            self.page.get_by_label(f"{name}: date").fill(f"{day}")
            self.page.get_by_label(f"{name}: time").fill(time)

    def heading(self, name: str) -> Locator:
        """The page's own heading."""
        return self.page.get_by_role("heading", level=1, name=name, exact=True)

    def event(self, title: str) -> Locator:
        """The buttons of the events with this title, in the agenda."""
        return (
            self.agenda_list()
            .get_by_role("button")
            .filter(has=self.page.get_by_text(title, exact=True))
        )


def _minutes(cell: Locator, button: Locator) -> int:
    """The minute of the day at which an event is drawn."""
    outer, inner = cell.bounding_box(), button.bounding_box()
    assert outer is not None
    assert inner is not None
    minutes = (inner["y"] - outer["y"]) / outer["height"] * 24 * 60
    return round(minutes / 5) * 5


def _read_entry(day: date, button: Locator) -> Entry:
    lines = button.inner_text().splitlines()
    return Entry(day, lines[0].strip(), lines[1].strip())
