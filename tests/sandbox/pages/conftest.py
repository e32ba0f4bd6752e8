"""A browser at the sandbox's own pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.entra.browser import Browser


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    with Browser(sandbox) as one:
        yield one


@pytest.fixture
def shared_browser(shared_sandbox: Sandbox) -> Iterator[Browser]:
    """A browser of its own at the sandbox that tests share."""
    with Browser(shared_sandbox) as one:
        yield one
