"""A Graph of the sandbox with a fixed clock."""

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import EVERYTHING, NOW, Graph, authorize, person
from tests.sandbox.in_process import InProcess


@pytest.fixture(scope="session")
def lasting_app() -> Starlette:
    return create_graph_app(create_tenant(), authorize, lambda: NOW)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Starlette:
    """One of the test's own, or the one of all tests that leave it as it was."""
    if request.node.get_closest_marker("unchanging"):
        lasting: Starlette = request.getfixturevalue("lasting_app")
        return lasting
    return create_graph_app(create_tenant(), authorize, lambda: NOW)


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with InProcess(app) as client:
        yield client


@pytest.fixture
def faults(app: Starlette) -> FaultPlan:
    found: FaultPlan = app.state.faults
    return found


@pytest.fixture
def sign_in(client: TestClient) -> Callable[..., Graph]:
    """Graph as this person, with these scopes."""

    def sign_in(address: str, scopes: str = EVERYTHING) -> Graph:
        return Graph(client, f"Bearer user:{person(address).id}:{scopes}")

    return sign_in


@pytest.fixture
def graph(sign_in: Callable[..., Graph]) -> Graph:
    """Graph as somebody in Los Angeles."""
    return sign_in("noah.kim")


@pytest.fixture
def application(client: TestClient) -> Callable[[str], Graph]:
    """Graph as the application itself, with these roles."""
    return lambda roles: Graph(client, f"Bearer app::{roles}")


@pytest.fixture
def sign_in_as(client: TestClient) -> Callable[[str, str], Graph]:
    """Graph as whoever has this id, with these scopes: also for people who were just created."""
    return lambda user_id, scopes: Graph(client, f"Bearer user:{user_id}:{scopes}")
