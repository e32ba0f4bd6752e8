"""An application over a sandbox whose faults fall in the middle of an import, and what both know of it.

Waits cost no time: the application's clock is held.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from graphwright.application.runtime import Runtime
from graphwright.flows.runs import find_run, list_runs
from graphwright.flows.unattended import RunReport, run_action
from graphwright.http.build import build_call
from graphwright.http.collection import CollectionHandle
from graphwright.http.definition import RequestDefinition
from graphwright.kernel.errors import GraphwrightError
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import settings_for

T = TypeVar("T")

MESSAGES, TOP, SPARED = 2_000, 100, 4
APPLICATION = {"type": "oauth2", "profile": "graph-app"}
PERMISSIONS = ("Mail.Read", "Mail.Send", "Calendars.ReadWrite", "User.ReadWrite.All")
WRITE = """
    kind: action
    inputs: {mailbox: {type: text, required: true}}
    start: write
    nodes:
      write:
        type: http_request
        method: POST
        url: /users%s
        authentication: {type: oauth2, profile: graph-app}
        body: {json: %s}
        exits: {default: end}
      end: {type: end}
"""
EVENT = {
    "subject": "planted",
    "start": {"dateTime": "2031-03-03T09:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2031-03-03T10:00:00", "timeZone": "UTC"},
}
MAIL = {
    "message": {
        "subject": "planted",
        "toRecipients": [{"emailAddress": {"address": "{{ input.mailbox }}"}}],
    }
}
USER = {
    "accountEnabled": True,
    "displayName": "Planted Person",
    "mailNickname": "planted",
    "userPrincipalName": "planted@northwind.example",
    "passwordProfile": {"password": "{{ 'Aa1!' & input.mailbox }}"},
}
FILES = {
    "app.yaml": "{format: 1, title: Faults, home: start}",
    "flows/start.yaml": """
        {kind: regular, access: public, path: /start, start: end, nodes: {end: {type: end}}}
    """,
    "profiles/graph-app.yaml": """
        type: oauth2_entra
        grant_type: client_credentials
        tenant: ${MY_DAY_TENANT}
        client_id: ${MY_DAY_APPLICATION_ID}
        client_secret: {secret: MY_DAY_APPLICATION_SECRET}
    """,
    "lists/message.yaml": """
        owner: shared
        key: [mailbox, id]
        fields: {mailbox: {type: text}, id: {type: text}, subject: {type: text}}
    """,
    "imports/message.yaml": "{list: message, fields: {id: id, subject: subject}}",
    "flows/sync.yaml": """
        kind: action
        inputs: {mailbox: {type: text, required: true}}
        start: load
        nodes:
          load:
            type: http_request
            url: /users/{{ input.mailbox }}/mailFolders/inbox/messages
            query: {$top: "100", $select: "id,subject"}
            authentication: {type: oauth2, profile: graph-app}
            response: messages
            exits: {default: import}
          import:
            type: import_data
            import: message
            from: messages.body
            mode: replace
            set: {mailbox: "{{ input.mailbox }}"}
            exits: {default: end}
          end: {type: end}
    """,
    "flows/mail.yaml": WRITE % ("/{{ input.mailbox }}/sendMail", json.dumps(MAIL)),
    "flows/user.yaml": WRITE % ("", json.dumps(USER)),
    "flows/event.yaml": WRITE % ("/{{ input.mailbox }}/events", json.dumps(EVENT)),
    "flows/event_once.yaml": WRITE
    % ("/{{ input.mailbox }}/events", json.dumps({**EVENT, "transactionId": "planted-1"})),
}


@dataclass
class HeldClock:
    """A clock that moves by being slept on, at once; `on_sleep` happens the first time."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    sleeps: list[float] = field(default_factory=list)
    on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The time held."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Moves on at once."""
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)
        happens, self.on_sleep = self.on_sleep, lambda: None
        happens()
        await asyncio.sleep(0)


@dataclass
class Work:
    """A sandbox, an application over it, and a mailbox that no other test reads."""

    sandbox: Sandbox
    runtime: Runtime
    clock: HeldClock
    runner: asyncio.Runner
    began: datetime
    mailbox: str = ""

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """The value of a coroutine."""
        return self.runner.run(work)

    def run(self, flow: str = "sync") -> RunReport:
        """Runs a flow for the mailbox."""
        inputs = {"mailbox": self.mailbox}
        return self.wait_for(run_action(self.runtime.services, flow, inputs, person=None))

    def fail(
        self, kind: type[GraphwrightError], flow: str = "sync", status: str = "failed"
    ) -> tuple[Any, Any]:
        """Runs a flow that fails with such an error; gives it, and the run as it is kept."""
        before = self.runs()
        with pytest.raises(kind) as caught:
            self.run(flow)
        (run_id,) = self.runs() - before
        read, now = self.runtime.databases.system.read, self.clock.now()
        run = self.wait_for(read(find_run, run_id, now=now))
        assert (run["status"], run["error"]["code"]) == (status, caught.value.code)
        return caught.value, run

    def runs(self) -> set[str]:
        """The ids of all runs so far."""
        read = self.runtime.databases.system.read
        return {run["id"] for run in self.wait_for(read(list_runs, limit=1_000))}

    def fault(self, fault: str, after: int = SPARED, path: str = "/messages") -> None:
        """Lets a fault fall, on the fifth page unless said otherwise."""
        self.sandbox.faults.add(parse_fault(f"{path}: {fault} after={after}"))

    def asked(self, part: str = "/messages") -> list[tuple[str, int | None]]:
        """Query and status of the requests that the server got for such a path, in order."""
        exchanges = list(self.sandbox.inspector)
        exchanges.sort(key=lambda exchange: exchange.number)
        return [(one.query, one.status) for one in exchanges if part in one.path]

    def count(self) -> int:
        """How many rows of the mailbox the database has."""
        query = sa.text("SELECT count(*) FROM message WHERE mailbox = :mailbox")
        with self.runtime.databases.data.engine.connect() as connection:
            return int(connection.scalar(query, {"mailbox": self.mailbox}) or 0)

    def read(self, url: str) -> Any:
        """What the server says now, without faults."""
        self.sandbox.faults.clear()
        request = RequestDefinition.model_validate({"url": url, "authentication": APPLICATION})
        call = build_call(request, {}, profiles=self.runtime.profiles, principal_id=None)
        body = self.wait_for(self.runtime.http.send(call)).body
        if isinstance(body, CollectionHandle):
            return self.wait_for(body.read_all(self.runtime.http))
        return body

    def total(self) -> int:
        """How many messages the server has."""
        total = self.read(f"/users/{self.mailbox}/mailFolders/inbox")["totalItemCount"]
        assert total >= MESSAGES
        return int(total)


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Work, Iterator[str]]]:
    folder = tmp_path_factory.mktemp("faults")
    for name, text in FILES.items():
        (folder / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "app" / name).write_text(dedent(text), "utf-8")
    tenant = create_tenant()
    apps = [
        replace(app, application_permissions=(*app.application_permissions, *PERMISSIONS))
        for app in tenant.app_registrations
    ]
    tenant = replace(tenant, app_registrations=tuple(apps))
    with (
        Sandbox.start(tenant, folder / "state", bulk_messages=MESSAGES) as sandbox,
        asyncio.Runner() as runner,
    ):
        clock = HeldClock()
        environment = {
            **settings_for(sandbox),
            "GRAPHWRIGHT_KEY_FILE": str(folder / "keys.json"),
        }
        runtime = runner.run(Runtime.open(folder / "app", environment=environment, clock=clock))
        # Full jitter, all of it: how long was waited for can be said.
        runtime.http._random = lambda: 1.0
        people = (person.user_principal_name for person in tenant.people if person.mail)
        yield Work(sandbox, runtime, clock, runner, clock.time), iter(list(people))
        runner.run(runtime.close())


@pytest.fixture
def work(place: tuple[Work, Iterator[str]]) -> Iterator[Work]:
    shared, people = place
    shared.mailbox = next(people)
    shared.clock.time = shared.began
    shared.clock.sleeps.clear()
    shared.sandbox.inspector.clear()
    yield shared
    shared.sandbox.faults.clear()
