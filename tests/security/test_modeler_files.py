"""What the modeler writes is for the user who runs it, whatever the umask."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.modeler.served.conftest import Bench


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def reachable(folder: Path) -> list[str]:
    """Files that others may read: every folder on the way lets them through."""
    found: list[str] = []
    for path in folder.iterdir():
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_dir():
            found += reachable(path) if mode & 0o005 else []
        elif mode & 0o007:
            found.append(path.name)
    return sorted(found)


def test_drafts_history_data_and_secrets_are_for_their_user(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench()
    editor = bench.open()
    editor.edit("app.yaml", bench.disk("app.yaml") + "# more\n")
    editor.send("POST", "/api/save", {})
    editor.send("PUT", "/api/secrets/MY_DAY_CLIENT_SECRET", {"value": "planted-value"}, 204)
    folder = bench.modeler.folder
    written = [path.name for path in folder.rglob("*")]
    assert {"draft", "base", "history", "system.sqlite", "data.sqlite"} <= set(written)
    assert (bench.root / ".graphwright/secrets.json").is_file()
    assert set(reachable(bench.root / ".graphwright")) <= {".gitignore"}
    assert "app.yaml" in reachable(bench.root), "what others may read is found"


def test_env_of_a_template_is_for_its_user(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(None)
    bench.open().send("POST", "/api/template", {"template": "my-calendar"}, 204)
    assert stat.S_IMODE((bench.root / ".env").stat().st_mode) == 0o600
