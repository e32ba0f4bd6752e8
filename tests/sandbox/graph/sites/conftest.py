"""Sites in one Graph that the tests of a module share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from tests.sandbox.graph.calls import NOW, TENANT, Graph, authorize, person
from tests.sandbox.in_process import InProcess

EVERYTHING = "Sites.ReadWrite.All Sites.Manage.All Files.ReadWrite.All"
COLUMNS: list[dict[str, Any]] = [
    {"name": "Colour", "choice": {"choices": ["red", "blue"]}, "indexed": True},
    {"name": "Tags", "choice": {"choices": ["a", "b"], "displayAs": "checkBoxes"}},
    {"name": "Weight", "number": {"minimum": 0}, "indexed": True},
    {"name": "Price", "currency": {"locale": "de-de"}},
    {"name": "Sum", "calculated": {"formula": "=[Weight]*[Price]"}},
    {"name": "Sold", "boolean": {}, "defaultValue": {"value": "0"}},
    {"name": "Due", "dateTime": {"format": "dateTime"}},
    {"name": "Keeper", "personOrGroup": {}},
    {"name": "Link", "hyperlinkOrPicture": {}},
    {"name": "Notes", "text": {"allowMultipleLines": True}},
    {"name": "Code", "text": {"maxLength": 5}, "enforceUniqueValues": True, "indexed": True},
]


@pytest.fixture(scope="module")
def app() -> Starlette:
    return create_graph_app(TENANT, authorize, lambda: NOW)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with InProcess(app, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def sites_of(client: TestClient) -> Callable[..., Graph]:
    """Sites as somebody, with these scopes."""

    def sign_in(address: str, scopes: str = EVERYTHING) -> Graph:
        return Graph(client, f"Bearer user:{person(address).id}:{scopes}")

    return sign_in


@pytest.fixture(scope="module")
def sites(sites_of: Callable[..., Graph]) -> Graph:
    return sites_of("noah.kim")


@pytest.fixture(scope="module")
def daemon(client: TestClient) -> Callable[[str], Graph]:
    """Sites as the application itself, with these roles."""
    return lambda roles: Graph(client, f"Bearer app::{roles}")


@pytest.fixture
def things(sites: Graph, request: pytest.FixtureRequest) -> str:
    """The path of a new list with a column of each type."""
    title = request.node.name[-100:]
    made = sites.post("/sites/root/lists", {"displayName": title, "columns": COLUMNS})
    assert made.status_code == 201, made.text
    return f"/sites/root/lists/{made.json()['id']}"
