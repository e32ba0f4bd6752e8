"""What the documentation says to write does what it says: its samples run against the sandbox."""

from __future__ import annotations

import ast
import inspect
import shutil
import sys
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from graphwright.sdk.blocking import BlockingGraph
from graphwright_sandbox.server import Sandbox
from tests.docs.helpers import DOCS, code_blocks
from tests.e2e.portal import settings_for
from tests.sdk.test_credentials import AzureStandIn
from tools.tracked import ROOT

SAMPLES = code_blocks((DOCS / "python.md").read_text("utf-8"), "python")
README = code_blocks((ROOT / "README.md").read_text("utf-8"), "python")


@pytest.fixture
def place(sandbox: Sandbox, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the samples run: with a sandbox, an application and Microsoft's package at hand."""
    for name, value in settings_for(sandbox).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GRAPHWRIGHT_KEY_FILE", str(tmp_path / "keys.json"))
    azure = ModuleType("azure.identity")
    vars(azure)["DefaultAzureCredential"] = lambda: AzureStandIn([token] * 100)
    monkeypatch.setitem(sys.modules, "azure", ModuleType("azure"))
    monkeypatch.setitem(sys.modules, "azure.identity", azure)
    ignored = shutil.ignore_patterns(".graphwright", ".env")
    shutil.copytree(ROOT / "examples" / "my-day", tmp_path / "my-day", ignore=ignored)
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def run(sample: str, names: dict[str, Any]) -> None:
    """Runs a sample as a notebook does, which lets it await."""
    code: CodeType = compile(sample, "sample", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    found = FunctionType(code, names)()
    if inspect.iscoroutine(found):
        await found


async def test_the_samples_of_the_guide_run_one_after_the_other(
    place: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {"__name__": "sample"}
    said: list[str] = []
    for sample in SAMPLES:
        await run(sample, names)
        said.append(capsys.readouterr().out)
        if isinstance(names.get("graph"), BlockingGraph):
            names.pop("graph").close()
    assert len(SAMPLES) == 8
    people = {person.display_name for person in sandbox.tenant.people}
    assert len(said[0].splitlines()) == 40
    assert all(said[:1] + said[2:5] + said[6:7])
    assert "Lunch" in said[2]
    assert "Request_ResourceNotFound" in said[3]
    assert said[4] == "40 0 0\n"
    assert (place / "copy.txt").read_text() == "Read me."
    assert set(names["names"]) <= people
    assert names["names"]


async def test_the_sample_of_the_readme_runs(
    place: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample,) = README
    assert len(sample.splitlines()) <= 6
    names: dict[str, Any] = {"__name__": "sample"}
    await run(sample, names)
    names["graph"].close()
    assert len(capsys.readouterr().out.splitlines()) == len(sandbox.tenant.people)
