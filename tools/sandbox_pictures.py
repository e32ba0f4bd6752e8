"""The pictures of the sandbox's own pages in the documentation, with some requests in the inspector.

It starts a sandbox of its own, and calls it as an application does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

import requests
from playwright.sync_api import Browser

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import APPLICATION_APP_ID, APPLICATION_SECRET
from graphwright_sandbox.server import Sandbox
from tools.demo import running_browser
from tools.tracked import ROOT

PICTURES = ROOT / "docs" / "images"


def call_as_application(sandbox: Sandbox) -> None:
    """A token, a page of people, what is not allowed, and an unknown property."""
    with requests.Session() as http:
        http.trust_env = False
        http.verify = str(sandbox.ca_file)
        token = http.post(
            f"{sandbox.login_url}/{sandbox.tenant.domain}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_id": APPLICATION_APP_ID,
                "client_secret": APPLICATION_SECRET,
                "scope": "https://graph.microsoft.com/.default",
            },
        ).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        who = sandbox.tenant.people[0].user_principal_name
        for path in ("users?$top=5", "users?$filter=nonsense eq 1", f"users/{who}/messages"):
            http.get(f"{sandbox.graph_url}/v1.0/{path}")


def take_pictures(
    browser: Browser, sandbox: Sandbox, scheme: Literal["light", "dark"], pages: dict[str, str]
) -> None:
    """One picture of each page (name: path)."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="en-GB"
    )
    page = context.new_page()
    for name, path in pages.items():
        page.goto(sandbox.browser_url + path)
        target = PICTURES / f"sandbox-{name}-{scheme}.png"
        page.screenshot(path=target, animations="disabled")
        print(target.relative_to(ROOT))
    context.close()


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="sandbox-") as folder,
        Sandbox.start(create_tenant(), Path(folder)) as sandbox,
        running_browser() as browser,
    ):
        call_as_application(sandbox)
        latest = max(one.number for one in sandbox.inspector)
        light = {
            "home": "/",
            "people": "/_sandbox/people",
            "request": f"/_sandbox/requests/{latest}",
            "faults": "/_sandbox/faults",
        }
        take_pictures(browser, sandbox, "light", light)
        take_pictures(browser, sandbox, "dark", {"requests": "/_sandbox/requests"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
