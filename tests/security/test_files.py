"""What lies on the disk is for the user who runs the application, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphwright.application.templates import create_application
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.unattended import run_action
from graphwright.kernel.database import Databases
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.settings import Settings
from tests.portal.conftest import Place, event


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def exposed(folder: Path) -> list[str]:
    """Files below the folder that others may read."""
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    )


def test_databases_are_for_their_user_also_in_a_folder_that_all_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    databases = Databases.open(Settings.read(tmp_path, data=folder, environment={}))
    try:
        assert {"system.sqlite", "data.sqlite", "data.sqlite-wal"} <= {
            p.name for p in folder.iterdir()
        }
        assert exposed(folder) == [".gitignore"]
    finally:
        databases.close()


def test_an_export_is_for_its_user_and_is_no_formula(place: Place) -> None:
    anna = place.browser().sign_in("anna")
    subject = "\uff1dHYPERLINK(1)"
    place.put("event", place.owner(anna), event("1", subject), event("2", "\n=1"))
    folder = place.runtime.settings.data
    folder.chmod(0o755)
    nodes = {
        "out": {"type": "export_data", "list": "event", "format": "csv", "file": "a/b/events.csv"}
    }
    flow = FlowDefinition.read({"kind": "action", "start": "out", "nodes": nodes})
    place.runtime.application.flows["out"] = flow

    owner = place.owner(anna)

    async def run() -> None:
        person = await place.runtime.profiles.principal(owner)
        await run_action(place.runtime.services, "out", {}, person=person)

    place.loop.call(run)
    assert exposed(folder / "exports") == []
    text = (folder / "exports/a/b/events.csv").read_text("utf-8")
    assert f"'{subject}" in text
    assert '"\'\n=1"' in text


def test_keys_and_env_are_for_their_user(tmp_path: Path) -> None:
    Keyring.open(tmp_path / "keys" / "keys.json")
    assert exposed(tmp_path / "keys") == []
    create_application(tmp_path / "app", "my-day")
    assert stat.S_IMODE((tmp_path / "app/.env").stat().st_mode) == 0o600
