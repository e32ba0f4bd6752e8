"""A portal over a real runtime and real SQLite files; only the authorization server is a stand-in."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient

from graphwright.application.runtime import Runtime
from graphwright.imports import Importer
from graphwright.imports.definition import ImportDefinition
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import JsonObject
from graphwright.portal.app import create_portal
from graphwright.profiles.client import BegunAuthorization, ProfileClient, SignIn
from graphwright.profiles.errors import ConsentRefused, TokenRequestFailed
from graphwright.profiles.tokens import AccessToken
from tests.portal.application import FILES
from tests.web.conftest import HeldClock

TOKENS = "TOKENS OF SOMEBODY"
BASE_URL = "http://localhost:8080"
EVIL = '<script>alert(1)</script><b onclick="x">Hi</b><img src="https://t.example/p.gif">'


class AuthorityStandIn:
    """An authorization server that takes the code for the name of who signs in."""

    registration = "stand-in"

    def __init__(self) -> None:
        self.redeemed: list[str] = []
        self.asked: list[dict[str, str | None]] = []

    def prepare(self) -> None:
        """Nothing needs to be read ahead."""

    def begin(self, redirect_uri: str, **options: str | None) -> BegunAuthorization:
        state = new_id()
        self.asked.append(options)
        url = f"https://login.example/authorize?state={state}&redirect_uri={redirect_uri}"
        return BegunAuthorization(url, state, {"state": state})

    def redeem(self, flow: JsonObject, parameters: Mapping[str, str]) -> SignIn:
        assert flow["state"] == parameters["state"]
        if parameters.get("error") == "access_denied":
            raise ConsentRefused(
                "AADSTS65004: you did not agree.", hint="Sign in again and choose Accept."
            )
        if "error" in parameters:
            raise TokenRequestFailed(
                "AADSTS7000215: the client secret is wrong.", hint="Make a new secret."
            )
        who = parameters["code"]
        self.redeemed.append(who)
        return SignIn(
            issuer="https://login.example/",
            subject=who,
            home_account_id=f"{who}.home",
            username=f"{who}@contoso.example",
            name=who.capitalize(),
            email=f"{who}@contoso.example",
            claims={},
            tokens=TOKENS,
        )

    def stored_token(self, tokens: str) -> AccessToken:
        assert tokens == TOKENS
        return AccessToken("SECRET", datetime(2100, 1, 1, tzinfo=UTC), frozenset(), "user")

    def sign_out_url(self, post_logout_redirect_uri: str) -> str | None:
        return f"https://login.example/logout?to={post_logout_redirect_uri}"

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Browser:
    """One browser: its own cookies, and the token of its session."""

    client: TestClient
    csrf: str = ""

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def session(self) -> Any:
        answer = self.client.get("/api/session").json()
        self.csrf = answer["csrf_token"]
        return answer

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        headers = {"x-csrf-token": self.csrf, **options.pop("headers", {})}
        return self.client.post(path, json=body, headers=headers, **options)

    def start(self, path: str, **body: Any) -> Any:
        return self.post("/api/start", {"path": path, "time_zone": "Europe/Berlin", **body})

    def exit(self, step: Any, name: str, data: Any = None, submission: str = "") -> Any:
        path = f"{step_path(step)}/exits/{name}"
        body = {"submission": submission or new_id(), "data": data, "time_zone": "Europe/Berlin"}
        return self.post(path, body)

    def begin_sign_in(self, query: str = "") -> str:
        """Goes to the sign-in; gives the state that the authorization server would send back."""
        answer = self.client.get(f"/auth/sign-in{query}")
        assert answer.status_code == 302, answer.text
        state = parse_qs(urlsplit(answer.headers["location"]).query)["state"]
        return state[0]

    def come_back(self, state: str, profile: str = "graph-user", **answer: str) -> Any:
        return self.client.get(f"/auth/callback/{profile}", params={"state": state, **answer})

    def sign_in(self, who: str) -> "Browser":
        self.session()
        answer = self.come_back(self.begin_sign_in(), code=who)
        assert answer.status_code == 302, answer.text
        assert self.session()["user"]["name"] == who.capitalize()
        return self


def step_path(step: Any) -> str:
    return f"/api/steps/{step['instance']}/{step['step']}"


@dataclass
class Place:
    """The running portal and what tests look into."""

    runtime: Runtime
    clock: HeldClock
    authority: AuthorityStandIn
    loop: BlockingPortal
    open_client: Callable[[], TestClient]

    def browser(self) -> Browser:
        return Browser(self.open_client())

    def put(self, import_name: str, owner: str | None, *items: JsonObject) -> None:
        """Imports items for an owner."""

        async def run() -> None:
            definition: ImportDefinition = self.runtime.application.imports[import_name]
            importer = Importer(
                self.runtime.lists, definition, name=import_name, owner=owner, scope="test"
            )
            report = await importer.apply_document(list(items))
            assert report.skipped == 0, report.to_json()

        self.loop.call(run)

    def owner(self, browser: Browser) -> str:
        """The principal's id of who is signed in."""
        name = browser.session()["user"]["name"]
        with self.runtime.databases.system.engine.connect() as connection:
            row = connection.exec_driver_sql("SELECT id FROM _principals WHERE name = ?", (name,))
            found: str = row.scalar_one()
        return found


def event(key: str, subject: str, **more: Any) -> JsonObject:
    return {
        "id": key,
        "subject": subject,
        "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-11-23T10:00:00", "timeZone": "Europe/Berlin"},
        "is_all_day": False,
        "size": 1,
        "body": EVIL,
        "pin": "0000",
        "etag": f'W/"{subject}"',
        **more,
    }


@pytest.fixture
def make_place(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    stack = ExitStack()

    def make(base_url: str = BASE_URL, **files: str) -> Place:
        root = tmp_path / "app"
        for name, text in {**FILES, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = text.strip("\n").split("\n")
            indent = len(lines[0]) - len(lines[0].lstrip())
            path.write_text("\n".join(line[indent:] for line in lines) + "\n", "utf-8")
        environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
        clock, authority = HeldClock(), AuthorityStandIn()
        loop = stack.enter_context(start_blocking_portal())

        async def open_runtime() -> Runtime:
            return await Runtime.open(root, base_url=base_url, environment=environment, clock=clock)

        runtime = loop.call(open_runtime)
        stack.callback(lambda: loop.call(runtime.close))
        for profile in ("graph-user", "other-user"):
            runtime.profiles._clients[profile] = cast(ProfileClient, authority)
        static = tmp_path / "static"
        static.mkdir(exist_ok=True)
        (static / "portal.html").write_text('<meta name="csp-nonce" content="__CSP_NONCE__">')
        app = create_portal(runtime, static=static)

        def open_client() -> TestClient:
            client = TestClient(app, base_url=base_url, follow_redirects=False)
            # All clients share the runtime's own event loop, as they do on a server.
            client.portal = loop
            return client

        return Place(runtime, clock, authority, loop, open_client)

    yield make
    stack.close()


@pytest.fixture
def place(make_place: Callable[..., Place]) -> Place:
    return make_place()


@pytest.fixture
def anna(place: Place) -> Browser:
    return place.browser().sign_in("anna")


@pytest.fixture
def bert(place: Place) -> Browser:
    return place.browser().sign_in("bert")
