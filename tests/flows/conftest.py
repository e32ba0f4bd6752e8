"""Small flows over a real SQLite runtime; only the web and the authorization server are stand-ins."""

import sqlite3
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from graphwright.application.runtime import Runtime
from graphwright.flows.context import Context, Exit, Frame, Outcome, Person, Services
from graphwright.flows.definition import NODE_TYPES, FlowDefinition, read_node
from graphwright.flows.interactive import InteractiveDriver
from graphwright.flows.outcomes import StepOutcome
from graphwright.flows.runs import list_runs
from graphwright.flows.unattended import RunReport, run_action
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.collection import Page, PageReader
from graphwright.http.errors import HttpError
from graphwright.http.response import Response
from graphwright.kernel.errors import NotFound
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import JsonValue
from graphwright.profiles.errors import AuthorizationRequired
from graphwright.profiles.service import Profiles
from tests.web.conftest import HeldClock

APP = {
    "app.yaml": "format: 1\ntitle: Test\nhome: hello\naccess: public\n",
    "flows/hello.yaml": "kind: regular\npath: /\nstart: end\nnodes: {end: {type: end}}\n".replace(
        "path: /", "path: /hello"
    ),
    "lists/person.yaml": """
        owner: shared
        key: [id]
        fields: {id: {type: text}, name: {type: text}, age: {type: integer}}
    """,
    "lists/memo.yaml": """
        owner: user
        key: [id]
        fields: {id: {type: text}, text: {type: text}, size: {type: integer}}
    """,
    "lists/paper.yaml": """
        owner: user
        key: [id]
        fields: {id: {type: text}, scan: {type: file}}
    """,
    "imports/paper.yaml": "list: paper\nfields: {id: id, scan: scan}\n",
    "imports/person.yaml": "list: person\nfields: {id: id, name: name, age: age}\n",
    "imports/memo.yaml": "list: memo\nfields: {id: id, text: text, size: size}\n",
}


@dataclass(frozen=True)
class Who:
    """A signed-in person."""

    id: str
    name: str
    email: str | None = None


ADA = Who("ada-id", "Ada", "ada@contoso.example")
BOB = Who("bob-id", "Bob")


@dataclass
class WebStandIn:
    """Answers by script: a response, an error to raise, or a function of the call."""

    answers: list[Any] = field(default_factory=list)
    pages: dict[str | None, Page | bytes | Exception] = field(default_factory=dict)
    sent: list[Call] = field(default_factory=list)
    fetched: list[str | None] = field(default_factory=list)

    async def send(self, call: Call) -> Response:
        """The next answer."""
        self.sent.append(call)
        answer = self.answers.pop(0)
        if callable(answer):
            answer = await answer(call)
        if isinstance(answer, Exception):
            raise answer
        return cast(Response, answer)

    async def page(
        self, _call: Call, continuation: str | None, read: PageReader | None = None
    ) -> Page:
        """The page at a continuation, or an error; one of bytes is for whoever reads them."""
        self.fetched.append(continuation)
        page = self.pages[continuation]
        if isinstance(page, Exception):
            raise page
        if isinstance(page, bytes):
            found = read.read(page) if read is not None else None
            assert found is not None, "nobody reads the page"
            return found
        return page


@dataclass
class ProfilesStandIn:
    """Profiles of which some people have a token."""

    flavours: dict[str, str] = field(
        default_factory=lambda: {"mine": "user", "ours": "application"}
    )
    tokens: set[tuple[str, str | None]] = field(default_factory=set)
    failure: Exception | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    removed: list[tuple[str, str, str]] = field(default_factory=list)

    def definition(self, name: str) -> Any:
        """The profile of that name."""
        if name not in self.flavours:
            raise NotFound(f"There is no profile {name!r}.")
        return replace_flavour(self.flavours[name])

    async def access_token(self, name: str, principal_id: str | None) -> str:
        """A token, or what is said instead."""
        self.asked.append((name, principal_id))
        if self.failure is not None:
            raise self.failure
        if (name, principal_id) not in self.tokens:
            raise AuthorizationRequired("Sign in.", profile=name)
        return "token"

    async def accounts(self, principal_id: str) -> list[Any]:
        """The accounts of a person."""
        found = [name for name, owner in self.tokens if owner == principal_id]
        return [_Account(name, f"{name}.home") for name in sorted(found)]

    async def remove(self, principal_id: str, name: str, home_account_id: str) -> None:
        """Forgets a token."""
        self.removed.append((principal_id, name, home_account_id))
        self.tokens.discard((name, principal_id))


@dataclass(frozen=True)
class _Account:
    profile: str
    home_account_id: str


@dataclass(frozen=True)
class _Flavoured:
    flavour: str
    application: str = "one"

    def base_url(self, api: str) -> str:
        return f"https://graph.example/{api}"

    def hosts(self) -> frozenset[str]:
        return frozenset({"graph.example"})


def replace_flavour(flavour: str) -> _Flavoured:
    """A profile of a flavour."""
    return _Flavoured(flavour)


def answer(status: int, body: JsonValue = None) -> Response:
    """A response with a JSON body."""
    headers = {"content-type": "application/json"}
    return Response(status, headers, body, "https://graph.example/v1.0/x")


def refusal(status: int, outcome: str = "failed") -> HttpError:
    """What the client raises for an error status."""
    error = HttpError(
        f"The server answered {status}.",
        hint="Look at it.",
        status=status,
        request_id="req-1",
        response=answer(status, {"error": {"code": "no"}}),
    )
    error.tell(cast(Any, outcome), 0, 0.0, {})
    return error


@dataclass
class Place:
    """A runtime, and the flows that a test gives it."""

    runtime: Runtime
    services: Services
    clock: HeldClock
    web: WebStandIn
    profiles: ProfilesStandIn
    driver: InteractiveDriver
    flows: dict[str, FlowDefinition]

    def add(self, name: str, text: str) -> None:
        """Reads a flow, or reads it anew."""
        self.flows[name] = FlowDefinition.read(YAML(typ="safe").load(textwrap.dedent(text)))

    async def run(self, flow: str, person: Person | None = None, **inputs: Any) -> RunReport:
        """Runs an action flow."""
        return await run_action(self.services, flow, inputs, person=person)

    async def start(self, flow: str, person: Person | None = ADA, **query: str) -> StepOutcome:
        """Starts a regular flow in the session `one`."""
        return await self.driver.start(
            flow, principal=person, session_id="one", time_zone="UTC", query=query
        )

    async def exit(
        self, step: StepOutcome, name: str, data: JsonValue = None, **options: Any
    ) -> StepOutcome:
        """Takes an exit of a step."""
        given: dict[str, Any] = {
            "data": data,
            "submission": new_id(),
            "principal": ADA,
            "session_id": "one",
            "time_zone": "UTC",
            **options,
        }
        return await self.driver.exit(step.instance, step.step, name, **given)

    async def scope(self, step: StepOutcome) -> dict[str, Any]:
        """What the page of a step may read."""
        state = await self.driver.peek(step.instance, step.step, principal=ADA, session_id="one")
        return state.scope

    async def runs(self) -> list[Any]:
        """The runs list, newest first."""
        return list(await self.services.databases.system.read(list_runs))

    def restart(self) -> InteractiveDriver:
        """A driver as another process would have it."""
        return InteractiveDriver(self.services, self.runtime.keyring, timedelta(hours=12))

    def file_bytes(self) -> bytes:
        """Everything that lies in the data folder."""
        folder = self.runtime.settings.data
        for path in folder.glob("*.sqlite"):
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    root = tmp_path / "app"
    for name, text in APP.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), "utf-8")
    environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    clock = HeldClock()
    runtime = await Runtime.open(root, environment=environment, clock=clock)
    web, profiles, flows = WebStandIn(), ProfilesStandIn(), dict[str, FlowDefinition]()
    services = replace(
        runtime.services,
        http=cast(HttpClient, web),
        profiles=cast(Profiles, profiles),
        flows=flows,
    )
    driver = InteractiveDriver(services, runtime.keyring, timedelta(hours=12))
    yield Place(runtime, services, clock, web, profiles, driver, flows)
    await runtime.close()


class NodeRunner:
    """Runs single nodes; what they were given and did is in the context they leave."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def __call__(
        self,
        node: str,
        *,
        person: Person | None = None,
        interactive: bool = False,
        resumed: Exit | None = None,
        context: Context | None = None,
        **variables: Any,
    ) -> tuple[Outcome, Context]:
        """Runs a node of that YAML, with these variables or in a context it ran in before."""
        config = read_node(YAML(typ="safe").load(textwrap.dedent(node)))
        flow = FlowDefinition(kind="regular", start="node", nodes={"node": config})
        if context is None:
            context = Context(
                services=self.place.services,
                frame=Frame("tested", "node", {"input": {}, **variables}),
                flow=flow,
                person=person,
                time_zone="Europe/Berlin",
                interactive=interactive,
                resumed=resumed,
            )
        run = NODE_TYPES.kind(config.type).module("run").run
        return cast(Outcome, await run(config, context)), context


@pytest.fixture
def run_node(place: Place) -> NodeRunner:
    return NodeRunner(place)
