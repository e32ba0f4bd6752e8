"""From an empty folder to a working application, without a word of YAML and without an expression.

The ways of a person who does not program: as a user to their calendar, as the application to all
people. What they click and type is counted; what comes out is checked, run and compared with Graph.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from graphwright.application.check import check_application
from graphwright.kernel.settings import Settings
from graphwright_sandbox.seed.app_registrations import (
    APPLICATION_APP_ID,
    APPLICATION_SECRET,
    USERS_APP_ID,
    USERS_SECRET,
)
from graphwright_sandbox.server import Sandbox
from tests.e2e.conftest import OpenVisitor, WeekIn
from tests.e2e.graph import GraphOf
from tests.e2e.modeler.conftest import OpenModeller, StartModeler
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess
from tests.e2e.portal import ROOT

pytestmark = pytest.mark.browser

PERSON = "olivia.brandt"
MOST_STEPS = 40
# What names things and what an administrator hands out; nothing of YAML, JSON or an expression.
PLAIN = re.compile(r"^[\w .~-]+$")


class Hand:
    """What a person does with mouse and keyboard, each step counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[str] = []

    def click(self, what: Locator, told: str) -> None:
        self.steps.append(f"click {told}")
        what.click()

    def press(self, name: str, within: Page | Locator | None = None) -> None:
        """A button or link by its whole name."""
        place = within or self.page
        found = place.get_by_role("button", name=name, exact=True)
        link = place.get_by_role("link", name=name, exact=True)
        self.click(found.or_(link).first, name)

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        assert PLAIN.match(text), "only names are typed"
        self.steps.append(f"fill in {label}: {text}")
        place = within or self.page
        place.get_by_label(re.compile(rf"^{label}\s*\*?$")).first.fill(text)

    def fill_secret(self, value: str) -> None:
        self.steps.append("fill in the client secret")
        self.page.get_by_placeholder("Paste the value").fill(value)

    def choose_next(self, node: str, leaving_by: str, step: str) -> None:
        """What comes behind an exit of a node."""
        self.press(f"Next step after {node}, exit {leaving_by}")
        self.click(self.page.get_by_role("dialog").get_by_text(step, exact=True).first, step)


def begin(process: ModelerProcess, open_modeller: OpenModeller) -> tuple[Modeller, Hand]:
    modeller = open_modeller(process)
    for status in (404, 422):  # the guide of a profile that is not filled in yet
        modeller.allow(status, "/api/profiles/")
    hand = Hand(modeller.page)
    hand.click(
        modeller.page.get_by_role("button", name="An empty application"), "An empty application"
    )
    expect(modeller.page.get_by_role("heading", level=1)).to_be_visible()
    return modeller, hand


def set_up_profile(hand: Hand, tenant: str, client_id: str, secret: str) -> None:
    page = hand.page
    hand.fill("Tenant", tenant)
    hand.fill("Client ID", client_id)
    hand.fill_secret(secret)
    hand.press("Set")
    expect(page.get_by_role("button", name="Replace", exact=True)).to_be_visible()


def make_flow(hand: Hand, name: str, profile: str = "") -> None:
    hand.press("Flows")
    hand.press("New flow")
    dialog = hand.page.get_by_role("dialog")
    hand.fill("Name", name, dialog)
    if profile:
        hand.click(dialog.get_by_role("combobox"), "Asks Microsoft 365 as")
        hand.click(hand.page.get_by_role("option", name=profile), profile)
    hand.press("Create", dialog)
    expect(hand.page.get_by_role("button", name=re.compile("^Next step after"))).to_be_visible()


def take_request(hand: Hand, title: str) -> None:
    """A ready request into a new node."""
    hand.choose_next("Sign in", "Signed in", "HTTP request")
    hand.press("Ready requests")
    dialog = hand.page.get_by_role("dialog")
    hand.click(dialog.get_by_text(title, exact=True), title)
    expect(dialog).to_have_count(0)


def try_and_import(hand: Hand, title: str, list_title: str) -> None:
    page = hand.page
    hand.press("Try it")
    expect(page.get_by_text("200 OK")).to_be_visible()
    hand.choose_next(title, "Then", "Import the response")
    hand.choose_next(f"Import {list_title}", "Then", "Show on a page")
    expect(
        page.get_by_role("button", name=re.compile("^Next step after .*, exit Then"))
    ).to_have_count(0)


def save(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("button", name=re.compile("^Save")).first, "Save")
    dialog = hand.page.get_by_role("dialog")
    hand.click(dialog.get_by_role("button", name=re.compile("^Save")), "Save, in its dialog")
    expect(dialog).to_have_count(0)


def sign_in(hand: Hand, page: Page, person: str) -> None:
    """Through the sandbox's pages, agreeing where it is asked."""
    hand.click(page.get_by_role("button", name=person, exact=True), person)
    accept = page.get_by_role("button", name="Accept", exact=True)
    done = page.get_by_text("You can close this window")
    expect(accept.or_(done)).to_be_visible()
    if accept.is_visible():
        hand.click(accept, "Accept")


def problems(process: ModelerProcess) -> list[str]:
    """What `graphwright check` says of what was saved."""
    keys = {"GRAPHWRIGHT_KEY_FILE": str(process.folder / "keys.json")}
    _, found = check_application(process.root, Settings.read(process.root, environment=keys))
    return [f"{problem}" for problem in found]


def test_a_calendar_is_made_of_nothing_in_forty_steps(
    start_modeler: StartModeler,
    open_modeller: OpenModeller,
    open_visitor: OpenVisitor,
    sandbox: Sandbox,
    graph_of: GraphOf,
    week_in: WeekIn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = tmp_path / "calendar"
    process = start_modeler(root)
    modeller, hand = begin(process, open_modeller)
    visitor = open_visitor(PERSON, url=process.portal_url)

    hand.press("Profiles")
    set_up_profile(hand, sandbox.tenant.id, USERS_APP_ID, USERS_SECRET)
    make_flow(hand, "Calendar")
    take_request(hand, "Events of a time range")
    hand.press("Add Calendars.ReadBasic")
    with modeller.context.expect_page() as opened:
        hand.press("Sign in")
    sign_in(hand, opened.value, visitor.person.display_name)
    opened.value.close()
    expect(modeller.page.get_by_text(visitor.person.user_principal_name).first).to_be_visible()
    try_and_import(hand, "Events of a time range", "events")
    save(hand)
    with modeller.context.expect_page() as opened:
        hand.press("Run")
    portal = opened.value
    expect(portal.get_by_role("link", name="Sign in with Microsoft 365")).to_be_visible()
    portal.close()
    modeller.allow(401, "/api/start")

    with capsys.disabled():
        print(f"\n{len(hand.steps)} clicks and fields: {'; '.join(hand.steps)}")  # noqa: T201
    assert len(hand.steps) <= MOST_STEPS
    assert problems(process) == []
    # What the documentation shows is what comes out.
    saved = (root / "flows" / "calendar.yaml").read_text("utf-8").partition("\n")[2]
    assert f"```yaml\n{saved}```\n" in (ROOT / "docs" / "modeler.md").read_text("utf-8")
    assert f"{len(hand.steps)} clicks and fields" in (ROOT / "docs" / "modeler.md").read_text(
        "utf-8"
    )

    graph, week = graph_of(PERSON), week_in(visitor.zone)
    visitor.sign_in("/calendar")
    visitor.choose_view("Agenda")
    assert visitor.agenda_of(week) == graph.agenda(week) != []
    visitor.button("Next").click()
    assert visitor.agenda_of(week + 1) == graph.agenda(week + 1) != []


@pytest.mark.verify
def test_a_directory_is_made_of_nothing_too(
    start_modeler: StartModeler,
    open_modeller: OpenModeller,
    open_visitor: OpenVisitor,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    root = tmp_path / "directory"
    process = start_modeler(root)
    modeller, hand = begin(process, open_modeller)

    # Who opens the portal signs in with the template's profile; the people come as the application.
    hand.press("Profiles")
    set_up_profile(hand, sandbox.tenant.id, USERS_APP_ID, USERS_SECRET)
    hand.press("New profile")
    dialog = modeller.page.get_by_role("dialog")
    hand.click(dialog.get_by_text("As the application", exact=True), "As the application")
    hand.fill("Title", "The company", dialog)
    hand.press("Create", dialog)
    expect(modeller.page.get_by_role("heading", name="The company")).to_be_visible()
    set_up_profile(hand, sandbox.tenant.id, APPLICATION_APP_ID, APPLICATION_SECRET)
    make_flow(hand, "People", "The company")
    take_request(hand, "Users")
    try_and_import(hand, "Users", "users")
    save(hand)
    with modeller.context.expect_page() as opened:
        hand.press("Run")
    opened.value.close()
    assert problems(process) == []

    visitor = open_visitor(PERSON, url=process.portal_url)
    visitor.sign_in("/people")
    rows = visitor.get_json(visitor.step_path() + "/rows?limit=500")
    assert {row["display_name"] for row in rows["rows"]} == {
        person.display_name for person in sandbox.tenant.people
    }
    assert rows["total"] == len(sandbox.tenant.people)
