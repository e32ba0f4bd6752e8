"""Tries with a real engine against a local Microsoft 365: two people of one profile, pages, grants."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from graphwright.modeler.accounts import list_accounts
from graphwright.modeler.engine import Engine
from graphwright.modeler.examples import Examples
from graphwright.modeler.permissions import check_permissions
from graphwright.modeler.tries import Tries
from graphwright.modeler.wire.tries import PermissionQuestion, TryRequest
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import CALLBACK, MY_DAY, settings_for
from tests.sandbox.entra.browser import Browser

USER = {"type": "oauth2", "profile": "graph-user"}
APPLICATION = {"type": "oauth2", "profile": "graph-app"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.start(create_tenant(), tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    folder = tmp_path / "modeler"
    shutil.copytree(MY_DAY / "profiles", folder / "draft" / "profiles")
    environment = {**settings_for(sandbox), "GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    running = Engine.open(
        tmp_path, folder, base_url="http://localhost:8080", environment=environment
    )
    yield running
    await running.close()


@pytest.fixture
def examples() -> Examples:
    return Examples()


@pytest.fixture
def tries(engine: Engine, examples: Examples) -> Tries:
    return Tries(engine, examples, lambda kind, data: None)


async def sign_in(engine: Engine, sandbox: Sandbox, name: str) -> None:
    profiles = await engine.profiles()
    callback = f"http://localhost:8080{CALLBACK}"
    begun = await profiles.begin("graph-user", callback)

    def work() -> str:
        with Browser(sandbox) as browser:
            return browser.sign_in(begun.url, name).url

    answer = await asyncio.to_thread(work)
    parameters = dict(parse_qsl(urlsplit(answer).query))
    await profiles.complete("graph-user", begun.flow, parameters)


async def test_two_people_of_one_profile_are_chosen_between(
    engine: Engine, sandbox: Sandbox, tries: Tries, examples: Examples
) -> None:
    for name in ("Maya Okafor", "Greta Lindqvist"):
        await sign_in(engine, sandbox, name)
    known = await list_accounts(await engine.profiles())
    assert len({one.id for one in known}) == 2
    request = {"url": "/me", "authentication": USER}
    for one in known:
        answer = await tries.send(TryRequest(request=request, account=one.id))
        assert (answer.status, answer.error) == (200, None)
        assert answer.sent_as == one.account.username
        assert examples.document(answer.example or "")["displayName"] == one.account.name
    asked = PermissionQuestion(
        profile="graph-user", method="GET", url="/me/todo/lists", account=known[0].id
    )
    told = await check_permissions(await engine.profiles(), asked)
    assert told.missing == ["Tasks.Read"]
    events = asked.model_copy(update={"url": "/me/events"})
    fine = await check_permissions(await engine.profiles(), events)
    assert (fine.message, fine.warning) == ("", "")


async def test_the_application_reads_page_after_page_and_is_refused_with_a_cure(
    tries: Tries,
) -> None:
    request = {"url": "/users", "query": {"$top": 15}, "authentication": APPLICATION}
    answer = await tries.send(TryRequest(request=request))
    assert (answer.items, answer.more) == (15, True)
    while answer.more:
        answer = await tries.next(answer.id)
        assert answer.error is None
    assert (answer.items, answer.pages) == (40, 3)
    request = {"url": "/users/nobody", "authentication": APPLICATION}
    missing = await tries.send(TryRequest(request=request))
    assert (missing.status, missing.error["code"]) == (404, "Request_ResourceNotFound")
    assert missing.error["hint"]
    assert missing.error["request_id"]
