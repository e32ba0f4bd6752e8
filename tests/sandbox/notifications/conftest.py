"""Graph with a fixed clock, and a receiver that lives as long as the module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.notifications.notifier import Notifier, Timing
from tests.sandbox.graph.calls import NOW, Graph, administered_by, authorize, person
from tests.sandbox.notifications.receiver import Receiver

SCOPES = "User.Read.All Mail.ReadWrite Calendars.ReadWrite Tasks.ReadWrite User.Read"
Subscribe = Callable[..., dict[str, Any]]


class MovableClock:
    def __init__(self) -> None:
        self.now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def shared_receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(shared_receiver: Receiver) -> Receiver:
    shared_receiver.reset()
    return shared_receiver


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
def app(clock: MovableClock) -> Starlette:
    return create_graph_app(administered_by("noah.kim"), authorize, clock)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def notifier(app: Starlette, clock: MovableClock) -> Iterator[Notifier]:
    found: Notifier = app.state.context.notifier
    found.timing = Timing(gather=0.01, answer=1.0, retries=(0.01, 0.01))
    yield found
    clock.now = NOW
    found.subscriptions.clear()
    app.state.faults.clear()


@pytest.fixture
def graph(client: TestClient, notifier: Notifier) -> Graph:
    return Graph(client, f"Bearer user:{person('noah.kim').id}:{SCOPES}")


@pytest.fixture
def body(receiver: Receiver) -> dict[str, Any]:
    """A subscription that is accepted."""
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": f"{receiver.url}/told",
        "resource": "me/todo/lists/LIST/tasks",
        "expirationDateTime": (NOW + timedelta(hours=2)).isoformat(),
        "clientState": "only-we-know",
    }


@pytest.fixture
def tasks(graph: Graph) -> str:
    """The path of a list of tasks."""
    return f"/me/todo/lists/{graph.value('/me/todo/lists')[0]['id']}/tasks"


@pytest.fixture
def subscribe(graph: Graph, body: dict[str, Any], tasks: str) -> Subscribe:
    """Subscribes to the tasks, with other properties where they are given."""

    def subscribe(**other: Any) -> dict[str, Any]:
        answer = graph.post("/subscriptions", {**body, "resource": tasks, **other})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return subscribe
