"""The fixture ``graph_sandbox`` for tests of other projects; pytest finds it by itself.

Loaded by every run of pytest where the sandbox is installed: it imports the server only when a
test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from graphwright_sandbox.server import Sandbox


@pytest.fixture(scope="session")
def graph_sandbox_server() -> Iterator[Sandbox]:
    """One sandbox for all tests of a run; override it to start another, as with own options."""
    from graphwright_sandbox.server import Sandbox  # noqa: PLC0415

    with Sandbox.start() as running:
        yield running


@pytest.fixture
def graph_sandbox(graph_sandbox_server: Sandbox) -> Iterator[Sandbox]:
    """A running sandbox, as it was seeded: what a test changes is gone after it."""
    yield graph_sandbox_server
    graph_sandbox_server.reset()
