"""Drives of several people in one Graph that the tests of a module share."""

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.transfer_app import create_transfer_app
from graphwright_sandbox.graph.transfers import Transfers
from tests.sandbox.graph.calls import NOW, TENANT, Answer, Graph, authorize, person
from tests.sandbox.in_process import InProcess

ORIGIN = "https://transfers.example"


class Files(Graph):
    """Requests of one caller about files."""

    def put(self, path: str, content: bytes, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("PUT", path, content=content, headers=named)


@pytest.fixture(scope="module")
def transfers() -> Transfers:
    return Transfers(ORIGIN, lambda: NOW)


@pytest.fixture(scope="module")
def app(transfers: Transfers) -> Starlette:
    return create_graph_app(TENANT, authorize, lambda: NOW, transfers=transfers)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with InProcess(app, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def origin(transfers: Transfers) -> Iterator[TestClient]:
    """The transfer origin."""
    with InProcess(create_transfer_app(transfers), ORIGIN) as client:
        yield client


@pytest.fixture(scope="module")
def files_of(client: TestClient) -> Callable[..., Files]:
    """Files as somebody, with these scopes."""

    def sign_in(address: str, scopes: str = "Files.ReadWrite") -> Files:
        return Files(client, f"Bearer user:{person(address).id}:{scopes}")

    return sign_in


@pytest.fixture(scope="module")
def files(files_of: Callable[..., Files]) -> Files:
    return files_of("noah.kim")


@pytest.fixture(scope="module")
def daemon(client: TestClient) -> Callable[[str], Files]:
    """Files as the application itself, with these roles."""
    return lambda roles: Files(client, f"Bearer app::{roles}")


@pytest.fixture
def folder(files: Files, request: pytest.FixtureRequest) -> str:
    """The path of a new folder, its colon open: `/me/drive/root:/NAME`."""
    name = request.node.name.partition("[")[0][-60:] + str(abs(hash(request.node.name)) % 10**6)
    made = files.post("/me/drive/root/children", {"name": name, "folder": {}})
    assert made.status_code == 201, made.text
    return f"/me/drive/root:/{name}"
