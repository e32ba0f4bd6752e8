"""One sandbox, one portal and one Chromium for all tests; for each test browsers of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.e2e.graph import PERMISSIONS, Graph, GraphOf, Week, person_named
from tests.e2e.portal import CALLBACK, PortalProcess, settings_for
from tests.e2e.visitor import Visitor
from tests.ports import find_free_port

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --in-process-gpu"
).split()
_TIMEOUT = 20_000

OpenVisitor = Callable[..., Visitor]
WeekIn = Callable[[str], Week]
Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="package")
def portal_port() -> int:
    return find_free_port()


@pytest.fixture(scope="package")
def spare_port() -> int:
    """Another port whose redirect URL is registered."""
    return find_free_port()


@pytest.fixture(scope="package")
def modeler_ports() -> list[int]:
    """Ports of the portals of modelers, whose redirect URLs are registered."""
    return [find_free_port() for _ in range(5)]


@pytest.fixture(scope="package")
def example_ports() -> list[int]:
    """Ports of the portals of further examples, whose redirect URLs are registered."""
    return [find_free_port() for _ in range(3)]


@pytest.fixture(scope="package")
def sandbox(
    portal_port: int,
    spare_port: int,
    modeler_ports: list[int],
    example_ports: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sandbox]:
    """A company in memory; its registration knows the redirect URLs of the portals."""
    ports = (portal_port, spare_port, *modeler_ports, *example_ports)
    callbacks = [f"http://localhost:{port}{CALLBACK}" for port in ports]
    # The last one is where the modeler's own sign-ins, and those of the command line, come back.
    tenant = create_tenant([*callbacks, "http://localhost"])
    with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="package")
def portal(
    sandbox: Sandbox, portal_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """The example, served by a process of its own."""
    folder = tmp_path_factory.mktemp("portal")
    with PortalProcess(folder, portal_port, settings_for(sandbox)) as running:
        yield running
        print(running.log)  # noqa: T201 - pytest shows it where a test failed


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    expect.set_options(timeout=_TIMEOUT)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def open_visitor(
    browser: Browser, request: pytest.FixtureRequest, sandbox: Sandbox
) -> Iterator[OpenVisitor]:
    """Opens a browser for a person; at the end nothing may have gone wrong in any of them.

    Without a `url` it looks at my day.
    """
    visitors: list[Visitor] = []

    def open_visitor(address: str, *, zone: str = "", url: str = "", **options: object) -> Visitor:
        person = person_named(sandbox, address)
        zone = zone or person.iana_time_zone
        settings = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(timezone_id=zone, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(_TIMEOUT)
        url = url or request.getfixturevalue("portal").url
        visitor = Visitor(context, url, person, zone)
        visitors.append(visitor)
        return visitor

    yield open_visitor
    for visitor in visitors:
        visitor.context.close()
    for visitor in visitors:
        visitor.watch.check()


@pytest.fixture
def graph_of(sandbox: Sandbox) -> Iterator[GraphOf]:
    """Microsoft Graph as a person, without the portal; with further permissions where asked."""
    opened: list[Graph] = []

    def graph_of(address: str, *permissions: str) -> Graph:
        granted = frozenset(permissions) or PERMISSIONS
        opened.append(Graph(sandbox, person_named(sandbox, address), granted))
        return opened[-1]

    yield graph_of
    for graph in opened:
        graph.close()


@pytest.fixture
def query(portal: PortalProcess) -> Query:
    """Asks or changes a database of the portal behind its back."""

    def query(database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(portal.data / f"{database}.sqlite", timeout=10)
        with closing(connection), connection:
            return connection.execute(statement, values).fetchall()

    return query


@pytest.fixture
def faults(sandbox: Sandbox) -> Iterator[FaultPlan]:
    """Wrong answers of Graph on purpose; none is left for the next test."""
    found: FaultPlan = sandbox.graph_app.state.faults
    yield found
    found.clear()


@pytest.fixture
def week_in() -> WeekIn:
    """The present week in a time zone."""
    return lambda zone: Week.of(datetime.now(UTC), zone)
