"""The start page: addresses that lead somewhere, counts that are true, no secret."""

from __future__ import annotations

import re

import requests

from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import SECRET, TENANT_ID
from tests.sandbox.entra.browser import Browser


def tiles_of(page_text: str) -> dict[str, str]:
    """Every number of a tile by what it counts."""
    found = re.findall(r"(\d[\d,]*) (people|app registrations|requests|faults)", page_text)
    return {what: number for number, what in found}


def test_the_addresses_lead_where_they_say(
    shared_sandbox: Sandbox, shared_browser: Browser, http: requests.Session
) -> None:
    page = shared_browser.open(f"{shared_sandbox.browser_url}/")
    copied = re.findall(r'data-copy="([^"\n]+)"', page.html)
    assert {TENANT_ID, "small.example", str(shared_sandbox.ca_file)} <= set(copied)
    discovery = next(one for one in copied if one.endswith("openid-configuration"))
    document = http.get(discovery, verify=str(shared_sandbox.ca_file)).json()
    assert document["token_endpoint"].startswith(shared_sandbox.login_url)
    assert f"{shared_sandbox.graph_url}/v1.0" in copied
    assert "Small & Sons" in page.text
    assert SECRET not in page.html


def test_people_registrations_requests_and_faults_are_counted(
    sandbox: Sandbox, browser: Browser
) -> None:
    browser.session.get(f"{sandbox.graph_url}/v1.0/me")
    sandbox.faults.add(parse_fault(".*: 500"))
    page = browser.open(f"{sandbox.browser_url}/")
    apps = len(sandbox.tenant.app_registrations)
    assert tiles_of(page.text) == {
        "people": str(len(sandbox.tenant.people)),
        "app registrations": str(apps),
        "requests": "1",
        "faults": "1",
    }
    assert "1 refused" in page.text
    sandbox.faults.take("GET", "/v1.0/me")
    assert tiles_of(browser.open(f"{sandbox.browser_url}/").text)["faults"] == "0"
