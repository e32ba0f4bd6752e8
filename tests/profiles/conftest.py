"""Profiles against a running sandbox of a small tenant, with a system database and a movable clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from graphwright.kernel.database import Database, Databases, system_metadata
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.settings import Settings
from graphwright.profiles import Account, Profile, Profiles
from graphwright.profiles.definition import profile_model
from graphwright_sandbox.server import Sandbox
from tests.sandbox.conftest import (
    DAEMON_ID,
    NATIVE_ID,
    REDIRECT_URI,
    SECRET,
    TENANT_ID,
    WEB_ID,
    create_echo_graph,
    create_small_tenant,
)
from tests.sandbox.entra.browser import Browser

DAEMON_SECRET = "daemon-secret"
ADA = "bbbbbbbb-0000-4000-8000-000000000001"


@dataclass
class MovableClock:
    """The machine's clock, set forward by what a test says."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The time now, and the offset."""
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        """Moves on at once."""
        self.offset += timedelta(seconds=seconds)
        await asyncio.sleep(0)


def create_profile(**changes: Any) -> Profile:
    """A profile of the small tenant's web application, with some fields changed."""
    values: dict[str, Any] = {
        "type": "oauth2_entra",
        "title": "Small",
        "grant_type": "authorization_code",
        "tenant": TENANT_ID,
        "authority": "${AUTHORITY}",
        "graph": "${AUTHORITY}",
        "ca_file": "${CA_FILE}",
        "client_id": WEB_ID,
        "client_secret": {"secret": "WEB_SECRET"},
        "scopes": ["User.Read", "Calendars.ReadWrite"],
    } | changes
    return profile_model("oauth2_entra").model_validate(
        {name: value for name, value in values.items() if value is not None}
    )


DEFINITIONS: Mapping[str, Profile] = {
    "web": create_profile(),
    "any-tenant": create_profile(tenant="organizations"),
    "domain": create_profile(tenant="small.example"),
    "native": create_profile(client_id=NATIVE_ID, client_secret=None, scopes=["User.Read"]),
    "daemon": create_profile(
        grant_type="client_credentials",
        client_id=DAEMON_ID,
        client_secret={"secret": "DAEMON_SECRET"},
        scopes=None,
    ),
}


@pytest.fixture(scope="session")
def sandbox_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates and keys, made once: making them is what a start costs."""
    return tmp_path_factory.mktemp("sandbox-state")


@pytest.fixture
def sandbox(sandbox_state: Path) -> Iterator[Sandbox]:
    with Sandbox.start(
        create_small_tenant(), sandbox_state, create_graph=create_echo_graph
    ) as running:
        yield running


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    with Browser(sandbox) as one:
        yield one


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.generate()


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    values = {
        "AUTHORITY": sandbox.login_url,
        "CA_FILE": str(sandbox.ca_file),
        "WEB_SECRET": SECRET,
        "DAEMON_SECRET": DAEMON_SECRET,
    }
    return Settings.read(tmp_path, environment=values)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A system database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield from _open(f"sqlite:///{tmp_path / 'system.sqlite'}")
        return
    url = sa.make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    name = f"test_{uuid4().hex}"
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield from _open(url.set(database=name).render_as_string(hide_password=False))
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.dispose()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    yield from _open(f"sqlite:///{tmp_path / 'system.sqlite'}")


def _open(url: str) -> Iterator[Database]:
    database = Database(url)
    database.upgrade(system_metadata)
    yield database
    database.close()


@dataclass
class Workshop:
    """Makes running profiles on one database, as several processes would, and signs people in."""

    settings: Settings
    database: Database
    keyring: Keyring
    clock: MovableClock
    browser: Browser
    opened: list[Profiles] = field(default_factory=list)

    def open(self, definitions: Mapping[str, Profile] | None = None, **secrets: str) -> Profiles:
        """Running profiles; keywords change settings."""
        settings = Settings.read(
            self.settings.root, environment={**self.settings.values, **secrets}
        )
        profiles = Profiles(
            definitions or DEFINITIONS,
            settings,
            Databases(self.database, self.database),
            self.keyring,
            self.clock,
        )
        self.opened.append(profiles)
        return profiles

    async def sign_in(
        self,
        profiles: Profiles,
        name: str = "web",
        person: str = "Ada Lovelace",
        *,
        principal_id: str | None = None,
        redirect_uri: str = REDIRECT_URI,
    ) -> Account:
        """The whole way of a user: to the sandbox, through its pages, and back."""
        pending = await profiles.begin(name, redirect_uri, prompt="select_account")
        page = await asyncio.to_thread(self.browser.sign_in, pending.url, person)
        return await profiles.complete(name, pending.flow, page.answer, principal_id)


@pytest.fixture
async def workshop(
    settings: Settings,
    database: Database,
    keyring: Keyring,
    clock: MovableClock,
    browser: Browser,
) -> Any:
    made = Workshop(settings, database, keyring, clock, browser)
    yield made
    for profiles in made.opened:
        await profiles.close()


@pytest.fixture
def profiles(workshop: Workshop) -> Profiles:
    return workshop.open()


@pytest.fixture
def refreshes(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The refresh tokens that the sandbox was asked to redeem."""
    return count_calls(monkeypatch, sandbox.entra.grants, "redeem_refresh_token")


def count_calls(monkeypatch: pytest.MonkeyPatch, target: object, name: str) -> list[str]:
    """A list that grows by the first argument of each call of a method."""
    calls: list[str] = []
    method: Callable[..., Any] = getattr(target, name)

    def counted(*args: Any, **options: Any) -> Any:
        calls.append(str(args[0]))
        return method(*args, **options)

    monkeypatch.setattr(target, name, counted)
    return calls
