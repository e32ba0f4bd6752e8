"""A modeler of the example application, with a browser that has its session."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from graphwright.modeler.app import create_modeler
from graphwright.modeler.modeler import Modeler
from graphwright.portal.app import create_portal

MODELER, PORTAL = "http://localhost:8090", "http://localhost:8080"
MY_DAY = Path(__file__).parents[3] / "examples" / "my-day"


@dataclass
class Desk:
    """A modeler and somebody who models."""

    modeler: Modeler
    client: httpx.AsyncClient
    root: Path

    async def get(self, path: str, status: int = 200) -> Any:
        """The JSON of an answer."""
        return self._read(await self.client.get(path), status)

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON of the answer to a body."""
        return self._read(await self.client.post(path, json=body), status)

    def _read(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text[:2000]
        return answer.json()["error"] if status >= 400 else answer.json()

    async def add(self, text: str, title: str = "") -> str:
        """The id of an example."""
        example = await self.post("/api/examples", {"text": text, "title": title})
        return str(example["id"])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    root = tmp_path / "app"
    shutil.copytree(MY_DAY, root, ignore=shutil.ignore_patterns(".graphwright", ".env"))
    modeler = Modeler.open(
        root,
        base_url=MODELER,
        portal_url=PORTAL,
        create_portal=create_portal,
        environment={"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")},
    )
    transport = httpx.ASGITransport(create_modeler(modeler))
    async with httpx.AsyncClient(transport=transport, base_url=MODELER) as client:
        await client.get(modeler.start_url())
        client.headers["x-csrf-token"] = (await client.get("/api/session")).json()["csrf_token"]
        yield Desk(modeler, client, root)
    await modeler.close()
