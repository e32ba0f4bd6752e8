"""A modeler over a copy of an example, with browsers that have its session and some that have not."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient

from graphwright.modeler.app import create_modeler
from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal

EXAMPLES = Path(__file__).parents[3] / "examples"
URL = "http://localhost:8090"
PORTAL_URL = "http://localhost:8080"


@dataclass
class Editor:
    """A browser that has opened the modeler; its calls must succeed unless a status is named."""

    client: TestClient
    token: str = ""

    def get(self, path: str, status: int = 200) -> Any:
        return self._answer(self.client.get(path), status)

    def send(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        headers = {"x-csrf-token": self.token, "origin": URL}
        return self._answer(
            self.client.request(method, path, json=body, headers=headers),
            status,
        )

    def edit(self, name: str, text: str) -> Any:
        """Puts a text in the place of the one that is there."""
        revision = self.get(f"/api/documents/{name}")["revision"]
        return self.send("PUT", f"/api/documents/{name}", {"revision": revision, "text": text})

    @staticmethod
    def _answer(response: Any, status: int) -> Any:
        assert response.status_code == status, response.text
        return response.json() if response.content else None


@dataclass
class Bench:
    """The application's folder, its modeler, and browsers."""

    root: Path
    modeler: Modeler
    loop: BlockingPortal
    open_client: Callable[[], TestClient]

    def open(self) -> Editor:
        """A browser that followed a start link."""
        client = self.open_client()
        parts = urlsplit(self.modeler.start_url())
        assert client.get(f"{parts.path}?{parts.query}").status_code == 303
        editor = Editor(client)
        editor.token = editor.get("/api/session")["csrf_token"]
        return editor

    def sync(self) -> None:
        """What the watch does every second."""
        self.loop.call(self.modeler.look)

    def disk(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def put(self, name: str, text: str) -> None:
        """Writes a file as an editor beside the modeler would."""
        (self.root / name).write_bytes(text.encode())


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    with ExitStack() as stack:
        loop = stack.enter_context(start_blocking_portal())

        def make(example: str | None = "my-day", **settings: str) -> Bench:
            root = tmp_path / "app"
            if example is not None:
                ignore = shutil.ignore_patterns(".graphwright", ".env")
                shutil.copytree(EXAMPLES / example, root, ignore=ignore)
            environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json"), **settings}

            async def open_modeler() -> Modeler:
                return Modeler.open(
                    root,
                    base_url=URL,
                    portal_url=PORTAL_URL,
                    create_portal=create_portal,
                    environment=environment,
                )

            modeler = loop.call(open_modeler)
            stack.callback(lambda: loop.call(modeler.close))
            static = tmp_path / "static"
            static.mkdir(exist_ok=True)
            (static / "modeler.html").write_text("<title>Modeler</title>__CSP_NONCE__")
            app = create_modeler(modeler, static=static)

            def open_client() -> TestClient:
                client = TestClient(app, base_url=URL, follow_redirects=False)
                # All clients share the modeler's own event loop, as they do on a server.
                client.portal = loop
                return client

            return Bench(root, modeler, loop, open_client)

        yield make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()


@pytest.fixture
def editor(bench: Bench) -> Editor:
    return bench.open()
