"""Commands run in this process; one sandbox for all that need a Microsoft 365."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphwright.cli import main
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.e2e.portal import settings_for

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All it said, in one line."""
        return " ".join((self.out + self.err).split())


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `graphwright ARGUMENTS` as a terminal would, without one."""
    monkeypatch.setenv("GRAPHWRIGHT_KEY_FILE", str(tmp_path / "keys.json"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    for name in list(os.environ):
        if name.startswith("MY_DAY_"):
            monkeypatch.delenv(name)

    def run(*arguments: str | Path, stdin: str = "n\n") -> Result:
        monkeypatch.setattr(sys, "argv", ["graphwright", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        binary = io.BytesIO()
        out, err = io.TextIOWrapper(binary, encoding="utf-8", write_through=True), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int)
        result = Result(code, binary.getvalue().decode("utf-8"), err.getvalue())
        assert "Traceback" not in result.err
        return result

    return run


@pytest.fixture
def my_day(tmp_path: Path) -> Path:
    """A copy of the example."""
    root = tmp_path / "my-day"
    shutil.copytree(
        EXAMPLES / "my-day", root, ignore=shutil.ignore_patterns(".graphwright", ".env")
    )
    return root


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    tenant = create_tenant(["http://localhost"])
    with Sandbox.start(tenant, tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def connected(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, my_day: Path, run: Run) -> Path:
    """The example, connected to the sandbox by its settings."""
    for name, value in settings_for(sandbox).items():
        monkeypatch.setenv(name, value)
    return my_day
