"""A local Microsoft 365 for all tests of the library, and whose tokens they send."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphwright.sdk.graph import Graph
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox

MAYA, GRETA = "maya.okafor@northwind.example", "greta.lindqvist@northwind.example"
PERMISSIONS = (
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Mail.ReadWrite",
    "Calendars.ReadWrite",
    "Files.ReadWrite.All",
)


@pytest.fixture(scope="package")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    tenant = create_tenant(["http://localhost"])
    with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The sandbox as it was seeded, named by the settings."""
    monkeypatch.setenv("GRAPHWRIGHT_GRAPH", shared_sandbox.graph_url)
    monkeypatch.setenv("GRAPHWRIGHT_TRANSFERS", shared_sandbox.transfer_url)
    monkeypatch.setenv("GRAPHWRIGHT_CA_FILE", str(shared_sandbox.ca_file))
    yield shared_sandbox
    shared_sandbox.reset()


@pytest.fixture
def token(sandbox: Sandbox) -> str:
    """Maya's."""
    return sandbox.issue_token("My day (users)", MAYA, PERMISSIONS)


@pytest.fixture
def graph(token: str) -> Graph:
    """Graph as Maya."""
    return Graph(token)


def requests_at(sandbox: Sandbox) -> list[str]:
    """The requests for Graph since the start of the test, in their order."""
    return [f"{one.method} {one.path}" for one in sandbox.inspector]
