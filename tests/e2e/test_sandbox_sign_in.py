"""The sandbox's sign-in in a true browser: device code, password, consent, front-channel logout."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import NOTES_CLIENT_APP_ID
from graphwright_sandbox.server import Sandbox
from tests.e2e.axe import find_violations

pytestmark = pytest.mark.browser

PASSWORD = "open, please"


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An application that notes what its front-channel logout URL hears: the URL and the paths."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}/signed-out", heard
        server.shutdown()
        thread.join()


def check(page: Page) -> None:
    """Nothing is inaccessible, and a phone shows all of it."""
    assert find_violations(page) == [], page.url
    page.set_viewport_size(ViewportSize(width=390, height=844))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.verify), "dark"])
def test_a_device_is_signed_in_and_its_application_hears_of_the_end(
    scheme: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with listening() as (url, heard):
        tenant = create_tenant()
        registrations = tuple(
            replace(app, front_channel_logout_url=url) if app.app_id == NOTES_CLIENT_APP_ID else app
            for app in tenant.app_registrations
        )
        tenant = replace(tenant, app_registrations=registrations, password=PASSWORD)
        context = browser.new_context(color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
        with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as sandbox:
            walk(context.new_page(), sandbox, heard)
        context.close()


def walk(page: Page, sandbox: Sandbox, heard: list[str]) -> None:
    root = f"{sandbox.login_url}/{sandbox.tenant.id}/oauth2/v2.0"
    with requests.Session() as http:
        http.trust_env = False
        http.verify = str(sandbox.ca_file)
        fields = {"client_id": NOTES_CLIENT_APP_ID, "scope": "openid User.Read"}
        codes = http.post(f"{root}/devicecode", data=fields).json()
        page.goto(codes["verification_uri"])
        page.get_by_label("Code").fill("WRONG")
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("alert")).to_contain_text("AADSTS70018")
        check(page)
        page.get_by_label("Code").fill(codes["user_code"])
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Noah Kim").click()
        page.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("AADSTS50126")
        check(page)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"the device that shows {codes['user_code']}")).to_be_visible()
        check(page)
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("heading", name="You signed in on your device")).to_be_visible()
        check(page)
        token = http.post(
            f"{root}/token",
            data={
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                "client_id": NOTES_CLIENT_APP_ID,
                "device_code": codes["device_code"],
            },
        )
        assert token.status_code == 200, token.text
    page.goto(f"{sandbox.browser_url}/{sandbox.tenant.id}/oauth2/v2.0/logout")
    expect(page.get_by_role("heading", name="You signed out")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(heard) == 1
    assert heard[0].startswith("/signed-out?iss=")
