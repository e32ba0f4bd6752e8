"""A small tenant and a running sandbox of it, for the tests of the sandbox.

Its Microsoft Graph only says whom a token stands for, so that these tests need no workload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.graph.transfers import Transfers
from graphwright_sandbox.groups import Groups
from graphwright_sandbox.people import People
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.tenant import (
    AppRegistration,
    Caller,
    InvalidAuthenticationToken,
    Person,
    Tenant,
)
from tests.sandbox.open_graph import create_open_graph

TENANT_ID = "11111111-2222-4333-8444-555555555555"
WEB_ID = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_ID = "aaaaaaaa-0000-4000-8000-000000000002"
NATIVE_ID = "aaaaaaaa-0000-4000-8000-000000000003"
DAEMON_ID = "aaaaaaaa-0000-4000-8000-000000000004"
SECRET = "Web8Q~a+secret/with=signs&more"
REDIRECT_URI = "http://localhost:8000/callback"


def create_small_tenant() -> Tenant:
    return Tenant(
        id=TENANT_ID,
        domain="small.example",
        display_name="Small & Sons",
        people=People(
            [
                _person(number, given, surname, enabled=given != "Dora")
                for number, (given, surname) in enumerate(
                    [("Ada", "Lovelace"), ("Bob", "<b>Bold</b>"), ("宮本", "茂"), ("Dora", "Gone")],
                    1,
                )
            ]
        ),
        groups=Groups(),
        app_registrations=(
            AppRegistration(
                app_id=WEB_ID,
                display_name="Web <app>",
                sign_in_audience="AzureADMultipleOrgs",
                secrets=("former", SECRET),
                redirect_uris=(
                    REDIRECT_URI,
                    "https://web.example/cb?keep=1",
                    "http://localhost/command-line",
                ),
                delegated_permissions=("User.Read", "Calendars.ReadWrite"),
                application_permissions=("User.Read.All",),
            ),
            AppRegistration(
                app_id=OTHER_ID,
                display_name="Other",
                secrets=("other-secret",),
                redirect_uris=("http://localhost:9000/cb",),
                delegated_permissions=("User.Read",),
            ),
            AppRegistration(
                app_id=NATIVE_ID,
                display_name="Native",
                redirect_uris=(
                    "http://localhost",
                    "http://127.0.0.1/signed-in",
                    "http://localhost:7/fixed",
                ),
                public_client=True,
                delegated_permissions=("User.Read",),
            ),
            AppRegistration(
                app_id=DAEMON_ID,
                display_name="Daemon",
                secrets=("daemon-secret",),
                application_permissions=("User.Read.All", "Mail.Read"),
                admin_consented=True,
            ),
        ),
    )


def _person(number: int, given: str, surname: str, *, enabled: bool) -> Person:
    name = f"person{number}@small.example"
    return Person(
        id=f"bbbbbbbb-0000-4000-8000-00000000000{number}",
        user_principal_name=name,
        display_name=f"{given} {surname}",
        given_name=given,
        surname=surname,
        job_title="Clerk",
        department="Office",
        office_location="1",
        mail=name,
        account_enabled=enabled,
    )


def create_echo_graph(
    tenant: Tenant,
    authorize: Callable[[str | None], Caller],
    clock: Callable[[], datetime],
    bulk_events: int,
    transfers: Transfers,
    today: date,
) -> Starlette:
    """Answers every path with the caller."""

    async def answer(request: Request) -> Response:
        try:
            caller = authorize(request.headers.get("authorization"))
        except InvalidAuthenticationToken as error:
            return JSONResponse({"error": {"message": error.message}}, 401)
        body = asdict(caller)
        return JSONResponse(body | {name: sorted(body[name]) for name in ("scopes", "roles")})

    return Starlette(routes=[Route("/{path:path}", answer)])


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates and keys, made once: making them is what a start costs."""
    return tmp_path_factory.mktemp("sandbox-state")


@pytest.fixture(scope="session")
def start_sandbox(state: Path) -> Callable[..., Sandbox]:
    def start(**options: Any) -> Sandbox:
        return Sandbox.start(
            create_small_tenant(), state, create_graph=create_echo_graph, **options
        )

    return start


@pytest.fixture(scope="session")
def start_full(state: Path) -> Callable[..., Sandbox]:
    """Starts a sandbox of the whole company in whose Graph everybody is the first person."""

    def start(**options: Any) -> Sandbox:
        return Sandbox.start(create_tenant(), state, create_graph=create_open_graph, **options)

    return start


@pytest.fixture
def sandbox(start_sandbox: Callable[..., Sandbox]) -> Iterator[Sandbox]:
    """A fresh sandbox."""
    with start_sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def shared_sandbox(start_sandbox: Callable[..., Sandbox]) -> Iterator[Sandbox]:
    """One sandbox for the tests that leave nothing behind."""
    with start_sandbox() as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A client that reads no environment: REQUESTS_CA_BUNDLE would beat ``verify``."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
