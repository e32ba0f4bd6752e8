"""What tests of tries use: the scripted Graph of the tests of http, accounts, a small engine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.retry import Limits
from graphwright.kernel.values import JsonValue
from graphwright.modeler.accounts import KnownAccount
from graphwright.modeler.engine import Engine
from graphwright.modeler.examples import Examples
from graphwright.modeler.tries import Tries
from graphwright.modeler.wire.tries import TryRequest, TryWire
from graphwright.profiles.principals import Principal
from graphwright.profiles.tokens import Account
from tests.http.conftest import (
    FakeProfile,
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Server,
    certificates,
    make_server,
    server,
)

__all__ = ["certificates", "make_server", "server"]

LIMITS = Limits(
    connect_seconds=5, read_seconds=0.3, total_seconds=5, body_bytes=300_000, page_bytes=500_000
)


@dataclass
class TitledProfile(FakeProfile):
    """A profile with a title."""

    title: str = ""


@dataclass
class FakeAccounts(FakeProfiles):
    """Profiles, and who is signed in to them."""

    signed_in: list[KnownAccount] = field(default_factory=list)

    async def principals(self) -> list[Principal]:
        """Everybody."""
        return [known.principal for known in self.signed_in]

    async def accounts(self, principal_id: str) -> list[Account]:
        """The accounts of one of them."""
        return [k.account for k in self.signed_in if k.principal.id == principal_id]

    def sign_in(self, name: str, profile: str = "graph-user") -> KnownAccount:
        """Signs somebody in."""
        username = f"{name.lower()}@contoso.example"
        principal = Principal(f"p-{name}", "issuer", name, username, name, username)
        account = Account(principal.id, profile, f"home-{name}", username, name, {})
        self.signed_in.append(KnownAccount(account, principal))
        return self.signed_in[-1]


@dataclass
class FakeEngine:
    """Profiles, a client and a clock."""

    fake_profiles: FakeAccounts
    client: HttpClient
    clock: HeldClock

    async def profiles(self) -> FakeAccounts:
        """The profiles."""
        return self.fake_profiles

    async def http(self) -> HttpClient:
        """The client."""
        return self.client


@dataclass
class Trying:
    """Tries against a scripted server."""

    server: Server
    profiles: FakeAccounts
    engine: FakeEngine
    examples: Examples
    tries: Tries
    events: list[tuple[str, JsonValue]]

    async def send(self, url: str = "/me/events", profile: str = "", **more: Any) -> TryWire:
        """Sends a request; what is no part of it goes beside it."""
        beside = {
            name: more.pop(name)
            for name in ("values", "account", "confirmed", "flow", "node")
            if name in more
        }
        request = {
            "url": url,
            "authentication": {"type": "oauth2", "profile": profile or "graph-user"},
            **more,
        }
        return await self.tries.send(TryRequest(request=request, **beside))


@pytest.fixture
async def trying(server: Server, certificates: tuple[Path, Path]) -> AsyncIterator[Trying]:
    own, ca = frozenset({server.host}), str(certificates[0])
    profiles = FakeAccounts(
        {
            "graph-user": TitledProfile(server.url, "user", own, frozenset(), ca, "Graph (you)"),
            "graph-app": TitledProfile(server.url, "application", own, frozenset(), ca),
        }
    )
    clock = HeldClock()
    client = HttpClient(
        profiles,
        clock,
        FakeSettings({"API_PASSWORD": "pass-word-of-the-api"}),
        limits=LIMITS,
        permission_for=lambda call: "Calendars.Read",
        random=lambda: 1.0,
    )
    engine, examples = FakeEngine(profiles, client, clock), Examples()
    events: list[tuple[str, JsonValue]] = []
    tries = Tries(cast(Engine, engine), examples, lambda kind, data: events.append((kind, data)))
    yield Trying(server, profiles, engine, examples, tries, events)
    await client.close()
