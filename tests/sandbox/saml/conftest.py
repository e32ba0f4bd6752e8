"""A sandbox with applications that sign people in by SAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import create_echo_graph, create_small_tenant
from tests.sandbox.entra.browser import Browser
from tests.sandbox.saml.provider import ENCRYPTED, PLAIN, SIGNED, Provider, registrations


@pytest.fixture(scope="module")
def saml_sandbox(state: Path) -> Iterator[Sandbox]:
    tenant = create_small_tenant()
    apps = (*tenant.app_registrations, *registrations())
    with Sandbox.start(
        replace(tenant, app_registrations=apps), state, create_graph=create_echo_graph
    ) as running:
        yield running


@pytest.fixture
def browser(saml_sandbox: Sandbox) -> Iterator[Browser]:
    with Browser(saml_sandbox) as one:
        yield one


@pytest.fixture
def provider_of(saml_sandbox: Sandbox, browser: Browser) -> Callable[[str], Provider]:
    """A service provider by its entity id."""
    hosts = {
        PLAIN: ("plain.example", False),
        SIGNED: ("signed.example", True),
        ENCRYPTED: ("encrypted.example", False),
    }
    return lambda name: Provider(saml_sandbox, browser, name, *hosts[name])


@pytest.fixture
def plain(provider_of: Callable[[str], Provider]) -> Provider:
    return provider_of(PLAIN)


@pytest.fixture
def signed(provider_of: Callable[[str], Provider]) -> Provider:
    return provider_of(SIGNED)


@pytest.fixture
def encrypted(provider_of: Callable[[str], Provider]) -> Provider:
    return provider_of(ENCRYPTED)
