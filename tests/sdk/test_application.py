"""An application from Python: its flows, its rows, and Graph with the tokens of its profiles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import graphwright
from graphwright import Graph
from graphwright.application.runtime import Runtime
from graphwright.flows.errors import PageInActionFlow
from graphwright.kernel.errors import ModelInvalid, NotFound, SignInRequired
from graphwright.sdk.credentials import CredentialInvalid
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import settings_for
from tests.sandbox.entra.browser import Browser
from tests.sdk.conftest import GRETA, MAYA

MY_DAY = Path(__file__).parents[2] / "examples" / "my-day"


@pytest.fixture
def app(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, connected to the sandbox."""
    monkeypatch.setenv("GRAPHWRIGHT_KEY_FILE", str(tmp_path / "keys.json"))
    for name, value in settings_for(sandbox).items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "my-day"
    shutil.copytree(MY_DAY, root, ignore=shutil.ignore_patterns(".graphwright", ".env"))
    return root


async def sign_in(app: Path, sandbox: Sandbox) -> None:
    """Maya signs in."""
    async with await Runtime.open(app) as runtime:
        begun = await runtime.profiles.begin("graph-user", "http://localhost")
        with Browser(sandbox) as browser:
            answer = browser.sign_in(begun.url, "Maya Okafor").answer
        await runtime.profiles.complete("graph-user", begun.flow, answer)


async def test_an_action_flow_runs_and_its_rows_are_read(app: Path, sandbox: Sandbox) -> None:
    async with graphwright.open(app) as application:
        report = await application.run("refresh_people")
        names = {row["name"] async for row in application.rows("person")}
        with pytest.raises(SignInRequired):
            _ = [row async for row in application.rows("event")]
        with pytest.raises(PageInActionFlow):
            await application.run("calendar")
        with pytest.raises(NotFound, match="refresh_people"):
            await application.run("refresh_peple")
        with pytest.raises(NotFound, match="Nobody has signed in"):
            await application.run("refresh_people", account=GRETA)
    assert report.counts["inserted"] == 40
    assert names == {person.display_name for person in sandbox.tenant.people}


def test_blocking_runs_flows_and_reads_rows(app: Path) -> None:
    with graphwright.open(str(app), data=app.parent / "data").blocking as application:
        report = application.run("refresh_people", {"department": "Management"})
        names = [row["name"] for row in application.rows("person")]
    assert 0 < len(names) == report.counts["inserted"] < 40
    assert (app.parent / "data" / "data.sqlite").is_file()


async def test_an_application_with_problems_is_not_opened(app: Path) -> None:
    (app / "flows" / "people.yaml").unlink()
    with pytest.raises(ModelInvalid):
        async with graphwright.open(app):
            pass


async def test_graph_takes_the_tokens_of_a_profile(
    app: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Graph.open(app, "graph-app") as graph:
        assert len([user async for user in graph.pages("/users", top=20)]) == 40
    closed: list[Runtime] = []
    close = Runtime.close

    async def note(runtime: Runtime) -> None:
        closed.append(runtime)
        await close(runtime)

    async with Graph.open(app, "graph-user") as graph:
        with monkeypatch.context() as patch:
            patch.setattr(Runtime, "close", note)
            with pytest.raises(CredentialInvalid, match="as a person"):
                await graph.get("/me")
        assert len(closed) == 1, "what was opened for it is not kept"
    await sign_in(app, sandbox)
    async with Graph.open(app, "graph-user", account=MAYA.upper()) as graph:
        assert (await graph.get("/me"))["userPrincipalName"] == MAYA
    with Graph.open(app, "graph-user", MAYA).blocking as asking:
        assert asking.get("/me")["userPrincipalName"] == MAYA
