"""The sandbox's own pages in a browser: accessible, narrow enough for a phone, live."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import (
    APPLICATION_APP_ID,
    APPLICATION_SECRET,
    EXPENSES_APP_ID,
)
from graphwright_sandbox.server import Sandbox
from tests.e2e.axe import find_violations
from tests.e2e.visitor import Watch

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)


@pytest.fixture(scope="module")
def own_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose people may be disabled and whose faults may be switched on."""
    with Sandbox.start(create_tenant(), tmp_path_factory.mktemp("pages")) as running:
        yield running


@pytest.fixture
def application(own_sandbox: Sandbox) -> Iterator[requests.Session]:
    """An application of its own token, as programs call the sandbox."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(own_sandbox.ca_file)
        answer = session.post(
            f"{own_sandbox.login_url}/{own_sandbox.tenant.id}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_id": APPLICATION_APP_ID,
                "client_secret": APPLICATION_SECRET,
                "scope": "https://graph.microsoft.com/.default",
            },
        )
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield session


def check(page: Page) -> None:
    """Nothing is inaccessible, and nothing runs off the screen, wide or narrow."""
    assert find_violations(page) == [], page.url
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.verify)])
def test_every_page_of_the_sandbox_is_accessible_and_fits_a_phone(
    scheme: str, browser: Browser, own_sandbox: Sandbox, application: requests.Session
) -> None:
    application.get(f"{own_sandbox.graph_url}/v1.0/me/messages?$top=3")
    watch = Watch()
    context = browser.new_context(color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    watch.attach(context)
    page = context.new_page()
    page.goto(own_sandbox.browser_url)
    navigation = page.get_by_role("navigation", name="Sandbox").get_by_role("link")
    for title in navigation.all_inner_texts():
        navigation.filter(has_text=title).click()
        expect(navigation.filter(has_text=title)).to_have_attribute("aria-current", "page")
        check(page)
    page.goto(f"{own_sandbox.browser_url}/_sandbox/apps/{APPLICATION_APP_ID}")
    page.get_by_role("button", name="Show: client secrets").click()
    expect(page.get_by_text(APPLICATION_SECRET)).to_be_visible()
    check(page)
    page.goto(f"{own_sandbox.browser_url}/_sandbox/requests")
    page.get_by_role("link", name="GET /v1.0/me/messages").first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    check(page)
    page.goto(f"{own_sandbox.browser_url}/_sandbox/faults")
    page.get_by_role("button", name="Throttled").click()
    expect(page.get_by_text("Switched on: Answered with status 429.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Switch all off").click()
    expect(page.get_by_text("Nothing goes wrong on purpose any more.")).to_be_visible()
    context.close()
    watch.check()


def test_the_inspector_follows_what_happens_and_explains_a_refusal(
    browser: Browser, own_sandbox: Sandbox, application: requests.Session
) -> None:
    watch = Watch()
    context = browser.new_context(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    watch.attach(context)
    page = context.new_page()
    page.goto(f"{own_sandbox.browser_url}/_sandbox/requests?status=4")
    person = own_sandbox.tenant.people[0]
    path = f"/v1.0/users/{person.id}/mailFolders"
    row = page.get_by_role("row").filter(has_text=path)
    expect(row).to_have_count(0)
    assert application.get(f"{own_sandbox.graph_url}{path}").status_code == 403
    expect(row).to_contain_text("ErrorAccessDenied")
    expect(row).to_contain_text("My day (application)")
    row.get_by_role("link").focus()
    application.get(f"{own_sandbox.graph_url}{path}")
    expect(row).to_have_count(2)
    # The list was drawn anew below somebody who stands on one of its links.
    expect(row.last.get_by_role("link")).to_be_focused()
    row.first.get_by_role("link").click()
    facts = page.get_by_role("region").or_(page.locator("section"))
    expect(facts.filter(has_text="Permission check")).to_contain_text(
        "Refused: the token carries none of those that the operation needs."
    )
    expect(facts.filter(has_text="Permission check")).to_contain_text("Mail.Read")
    page.get_by_role("button", name="Copy the curl command").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl --cacert ")
    assert "Authorization: Bearer $TOKEN" in copied
    context.close()
    watch.check()


def test_somebody_signed_in_from_the_page_of_people_is_not_asked_again(
    browser: Browser, own_sandbox: Sandbox
) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{own_sandbox.browser_url}/_sandbox/people")
    page.get_by_role("searchbox", name="Find a person").fill("greta")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Sign in as: Greta Lindqvist").click()
    expect(page.get_by_text("This browser is signed in as Greta Lindqvist.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Nobody is signed in to the sandbox")).to_be_visible()
    context.close()


def test_a_sign_on_by_saml_begins_at_the_registration_and_arrives_at_the_application(
    browser: Browser, own_sandbox: Sandbox
) -> None:
    arrived: list[str] = []

    def receive(route: Route) -> None:
        arrived.append(route.request.post_data or "")
        route.fulfill(body="<title>Expenses</title>", content_type="text/html")

    watch = Watch()
    context = browser.new_context(locale="en-GB")
    watch.attach(context)
    context.route("http://localhost:8095/saml/acs", receive)
    page = context.new_page()
    page.goto(f"{own_sandbox.browser_url}/_sandbox/apps/{EXPENSES_APP_ID}")
    page.get_by_role("link", name="Sign in to Expenses").click()
    page.get_by_role("button", name="Renée Fournier", exact=True).click()
    expect(page).to_have_title("Expenses")
    (fields,) = [parse_qs(body) for body in arrived]
    response = base64.b64decode(fields["SAMLResponse"][0]).decode()
    assert "renee.fournier@northwind.example" in response
    context.close()
    watch.check()
