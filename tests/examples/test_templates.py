"""The applications to start from: each is clean, says what it is, and runs against the sandbox."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient

from graphwright.application.check import check_application
from graphwright.application.runtime import Runtime
from graphwright.application.templates import create_application, template_names, templates
from graphwright.cli.sandbox_run import sandbox_settings
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import format_instant, parse_instant
from graphwright.portal.app import create_portal
from graphwright_sandbox.cli import describe
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.sandbox.entra.browser import Browser

BASE = "http://localhost:8080"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    tenant = create_tenant([f"{BASE}/auth/callback/graph-user"])
    with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as running:
        yield running


class Portal:
    """The portal of a template, with somebody signed in."""

    def __init__(self, client: TestClient, sandbox: Sandbox) -> None:
        self._client = client
        self.person = sandbox.tenant.people[0]
        begun = client.get("/auth/sign-in", params={"profile": "graph-user"})
        with Browser(sandbox) as browser:
            page = browser.sign_in(begun.headers["location"], self.person.display_name)
        back = urlsplit(page.url)
        assert client.get(f"{back.path}?{back.query}").status_code == 302, page.text
        session = client.get("/api/session").json()
        assert session["signed_in"]
        self.home = session["application"]["home"]
        self._headers = {"x-csrf-token": session["csrf_token"]}

    def open(self, path: str) -> Any:
        return self._send("/api/start", {"path": path, "time_zone": "UTC"})

    def leave(self, step: Any, name: str, **data: Any) -> Any:
        """Takes an exit of the page that a step shows."""
        body = {"submission": f"{step['instance']}{step['step']}", "data": data}
        return self._send(f"{self._path(step)}/exits/{name}", {**body, "time_zone": "UTC"})

    def rows(self, step: Any, **query: Any) -> Any:
        response = self._client.get(f"{self._path(step)}/rows", params=query)
        assert response.status_code == 200, response.text
        return response.json()["rows"]

    def _path(self, step: Any) -> str:
        return f"/api/steps/{step['instance']}/{step['step']}"

    def _send(self, path: str, body: Any) -> Any:
        response = self._client.post(path, json=body, headers=self._headers)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def start(tmp_path: Path, sandbox: Sandbox) -> Iterator[Callable[[str], Portal]]:
    with ExitStack() as stack:
        loop = stack.enter_context(start_blocking_portal())

        def start(template: str) -> Portal:
            root = tmp_path / template
            create_application(root, template)
            settings = sandbox_settings(describe(sandbox))
            keys = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}

            async def open_runtime() -> Runtime:
                return await Runtime.open(root, base_url=BASE, environment={**settings, **keys})

            runtime = loop.call(open_runtime)
            stack.callback(lambda: loop.call(runtime.close))
            client = TestClient(create_portal(runtime), base_url=BASE, follow_redirects=False)
            client.portal = loop
            return Portal(client, sandbox)

        yield start


@pytest.mark.parametrize("name", template_names())
def test_a_template_is_clean_and_says_what_it_is(name: str, tmp_path: Path) -> None:
    create_application(tmp_path / name, name)
    _, problems = check_application(tmp_path / name)
    assert {problem.code for problem in problems} <= {"settingMissing", "secretMissing"}
    (found,) = (template for template in templates() if template.name == name)
    assert found.title
    assert found.description.endswith(".")


def test_there_is_a_template_for_each_kind_of_start() -> None:
    assert template_names() == [
        *(
            "directory",
            "empty",
            "mail-triage",
            "my-calendar",
            "my-day",
            "people-admin",
            "site-browser",
            "team-room",
        ),
    ]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InvalidInput):
        create_application(tmp_path, "my-calendar")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_empty_greets_whoever_is_signed_in(start: Callable[[str], Portal]) -> None:
    portal = start("empty")
    step = portal.open(portal.home)
    assert (step["kind"], step["title"]) == ("end", f"Hello {portal.person.display_name}")


def test_my_calendar_shows_this_week_and_the_next(start: Callable[[str], Portal]) -> None:
    portal = start("my-calendar")
    step = portal.open(portal.home)
    view = step["page"]["view"]
    assert view["events"]
    assert all(one["start"] < view["range"]["end"] for one in view["events"])
    end = parse_instant(view["range"]["end"])
    following = {"start": format_instant(end), "end": format_instant(end + timedelta(days=7))}
    moved = portal.leave(step, "range_changed", **following)["page"]["view"]
    assert moved["range"]["start"] == view["range"]["end"]
    assert moved["events"]
    assert {one["key"] for one in moved["events"]} != {one["key"] for one in view["events"]}


def test_the_directory_shows_everybody_and_each_one(
    start: Callable[[str], Portal], sandbox: Sandbox
) -> None:
    portal = start("directory")
    step = portal.open(portal.home)
    rows = portal.rows(step, limit=500)
    assert {row["name"] for row in rows} == {one.display_name for one in sandbox.tenant.people}
    person = portal.leave(step, "open", key=rows[0]["_key"])
    assert person["page"]["title"] == rows[0]["name"]
    assert portal.leave(person, "back")["page"]["name"] == "people"


def test_mail_is_read_flagged_archived_and_deleted(start: Callable[[str], Portal]) -> None:
    portal = start("mail-triage")
    step = portal.open(portal.home)

    def inbox() -> dict[str, Any]:
        return {row["_key"]: row for row in portal.rows(step, part="messages", limit=500)}

    before = inbox()
    read, archived, deleted = list(before)[:3]
    step = portal.leave(step, "read", key=read)
    assert inbox()[read]["unread"] is not before[read]["unread"]
    step = portal.leave(step, "flag", key=read)
    assert (step["kind"], read in inbox()) == ("page", True)
    step = portal.leave(step, "archive", key=archived)
    assert archived not in inbox()
    step = portal.leave(step, "delete", key=deleted)
    assert set(inbox()) == set(before) - {archived, deleted}
