"""A secret is typed once: no screen, no answer, no event and no file ever holds it readable again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from graphwright.kernel.settings import Settings
from graphwright_sandbox.server import Sandbox
from tests.e2e.modeler.conftest import OpenModeller, copy_my_day
from tests.e2e.modeler.process import ModelerProcess
from tests.e2e.portal import settings_for

pytestmark = pytest.mark.browser

NAME = "MY_DAY_APPLICATION_SECRET"
PLANTED = "planted-Zk7~verysecret.value"
SCREENS = ("/", "/secrets", "/profiles/graph-app", "/yaml/profiles/graph-app.yaml", "/requests")


@pytest.fixture
def process(
    sandbox: Sandbox, modeler_ports: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModelerProcess]:
    """A modeler of the example to which that secret was not given."""
    settings = dict(settings_for(sandbox))
    del settings[NAME]
    monkeypatch.delenv(NAME, raising=False)
    with ModelerProcess(copy_my_day(tmp_path), tmp_path, modeler_ports[-1], settings) as running:
        yield running
        print(running.log)  # noqa: T201 - pytest shows it where a test failed


def holds(folder: Path, value: str) -> list[Path]:
    """The files in which the value can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if value.encode() in path.read_bytes()]


def test_a_secret_that_is_typed_is_never_shown_or_answered_again(
    process: ModelerProcess, open_modeller: OpenModeller, tmp_path: Path
) -> None:
    modeller = open_modeller(process)
    page = modeller.page
    asked: set[str] = set()

    def note(request: Request) -> None:
        if request.method == "GET" and request.url.startswith(f"{process.url}/api/"):
            asked.add(request.url.removeprefix(process.url))

    page.on("request", note)
    modeller.open("/secrets")
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("not set")
    modeller.button(f"Set {NAME}").click()
    value = page.get_by_label(f"Value of {NAME}")
    expect(value).to_have_attribute("type", "password")
    value.fill(PLANTED)
    row.get_by_role("button", name="Set", exact=True).click()
    expect(row).to_contain_text("set in the encrypted store")
    expect(value).to_have_count(0)
    environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    assert Settings.read(process.root, environment=environment).secret(NAME) == PLANTED
    # A refused token is an answer that might repeat what was sent.
    modeller.allow(401, "/api/")
    authentication = {"type": "oauth2", "profile": "graph-app"}
    request = {"method": "GET", "url": "/users", "authentication": authentication}
    answer = modeller.send("POST", "/api/tries", {"request": request})
    assert PLANTED not in str(answer)
    assert answer["error"]["code"]
    for screen in SCREENS:
        modeller.open(screen)
        shown = page.evaluate(
            "() => document.documentElement.outerHTML"
            " + [...document.querySelectorAll('input, textarea')].map((one) => one.value)"
            " + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location.href"
        )
        assert len(shown) > 1000
        assert PLANTED not in shown, screen
    modeller.open("/secrets")
    modeller.button(f"Replace {NAME}").click()
    expect(value).to_have_value("")
    # Everything that the screens ask for, and more; the stream of events has no end.
    asked |= {"/api/tries", "/api/changes", "/api/history", "/api/traces"}
    answers = {path: str(modeller.get_json(path)) for path in asked - {"/api/events"}}
    assert {"/api/model", "/api/documents/profiles/graph-app.yaml"} <= answers.keys()
    assert NAME in answers["/api/secrets"]
    assert [path for path, text in answers.items() if PLANTED in text] == []
    # The search finds what is there: the name, in the profile and in the draft.
    assert holds(process.root, NAME)
    assert holds(tmp_path, PLANTED) == []


def test_a_setting_that_is_written_into_the_env_file_is_seen_at_once(
    process: ModelerProcess, open_modeller: OpenModeller
) -> None:
    modeller = open_modeller(process)
    modeller.open("/secrets")
    row = modeller.page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("not set")
    (process.root / ".env").write_text(f"{NAME}={PLANTED}\n")
    expect(row).to_contain_text("set in .env")
    assert PLANTED not in modeller.page.content()
