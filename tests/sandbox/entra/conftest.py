"""The browser of the sign-in tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import create_echo_graph
from tests.sandbox.entra.browser import Browser
from tests.sandbox.entra.rich_tenant import RichStart, create_rich_tenant


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    with Browser(sandbox) as one:
        yield one


@pytest.fixture
def shared_browser(shared_sandbox: Sandbox) -> Iterator[Browser]:
    """A browser of its own at the sandbox that tests share."""
    with Browser(shared_sandbox) as one:
        yield one


@pytest.fixture(scope="session")
def start_rich(state: Path) -> RichStart:
    """Starts a sandbox of the tenant that has a registration of every kind."""

    def start(create_graph: Any = create_echo_graph, **changes: Any) -> Sandbox:
        return Sandbox.start(create_rich_tenant(**changes), state, create_graph=create_graph)

    return start


@pytest.fixture
def rich(start_rich: RichStart) -> Iterator[Sandbox]:
    with start_rich() as running:
        yield running


@pytest.fixture(scope="session")
def shared_rich(start_rich: RichStart) -> Iterator[Sandbox]:
    """One of them for the tests that leave nothing behind."""
    with start_rich() as running:
        yield running


@pytest.fixture
def rich_browser(rich: Sandbox) -> Iterator[Browser]:
    with Browser(rich) as one:
        yield one
