"""A small application behind the web layer's middleware, on a real SQLite file and a held clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graphwright.kernel.database import Database, system_metadata
from graphwright.web.csrf import CsrfCheck
from graphwright.web.errors import ErrorBoundary, read_json
from graphwright.web.headers import SecurityHeaders
from graphwright.web.hosts import Address, HostCheck
from graphwright.web.session import SessionCookie, SessionLimits, SessionMiddleware, Sessions


async def fail(request: Request) -> Response:
    raise RuntimeError("the secret is hunter2")


async def own_policy(request: Request) -> Response:
    return PlainTextResponse("x", headers={"content-security-policy": "sandbox"})


@dataclass
class HeldClock:
    """A clock that moves when told to."""

    time: datetime = field(default=datetime(2026, 11, 23, 8, tzinfo=UTC))

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def pass_time(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@dataclass
class Site:
    """The application and what tests look into."""

    address: Address
    clock: HeldClock
    database: Database
    sessions: Sessions
    cookie: SessionCookie
    client: TestClient

    def csrf(self) -> str:
        token: str = self.client.get("/who").json()["csrf"]
        return token


MakeSite = Callable[[str], Site]


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    databases: list[Database] = []

    def make(base_url: str) -> Site:
        database = Database(f"sqlite:///{tmp_path / 'system.sqlite'}")
        database.upgrade(system_metadata)
        databases.append(database)
        clock, address = HeldClock(), Address(base_url)
        sessions = Sessions(database, clock, SessionLimits())
        cookie = SessionCookie(address)

        async def begin(request: Request) -> Response:
            session = await sessions.create()
            response = JSONResponse({"id": session.id})
            cookie.set(response, session.secret)
            return response

        async def sign_in(request: Request) -> Response:
            who = request.path_params["who"]
            session = await sessions.sign_in(request.state.session, who)
            response = JSONResponse({"id": session.id})
            cookie.set(response, session.secret)
            return response

        async def who(request: Request) -> Response:
            session = request.state.session
            if session is None:
                return JSONResponse({"id": None, "expired": request.state.session_expired})
            found = {"id": session.id, "who": session.principal_id, "csrf": session.csrf_token}
            return JSONResponse(found)

        async def write(request: Request) -> Response:
            return JSONResponse({"got": await read_json(request, 1000)})

        app = Starlette(
            routes=[
                Route("/begin", begin),
                Route("/sign-in/{who}", sign_in),
                Route("/who", who),
                Route("/write", write, methods=["POST", "PUT", "DELETE"]),
                Route("/api/fail", fail),
                Route("/fail", fail),
                Route("/own-policy", own_policy),
            ],
            middleware=[
                Middleware(SecurityHeaders, address=address),
                Middleware(ErrorBoundary),
                Middleware(HostCheck, address=address),
                Middleware(SessionMiddleware, sessions=sessions, cookie=cookie),
                Middleware(CsrfCheck, address=address),
            ],
        )
        client = TestClient(app, base_url=base_url, follow_redirects=False)
        return Site(address, clock, database, sessions, cookie, client)

    yield make
    for database in databases:
        database.close()


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site("http://localhost:8080")
