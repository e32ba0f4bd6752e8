"""The sandbox as a package of its own: its wheel starts where nothing else of the project is."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tools.tracked import ROOT

PACKAGE = ROOT / "packages" / "sandbox"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SANDBOX = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["project"]
NAME = re.compile(r"[A-Za-z0-9._-]+")
IMPORTED_AS = {"pyjwt": "jwt"}
NOT_IMPORTED = {"tzdata"}
"""Read by `zoneinfo` where the machine has no time zones."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True)
    (built,) = folder.glob("graphwright_sandbox-*.whl")
    return built


def required(name: str) -> Iterator[str]:
    """A distribution that is installed here, and all it requires without extras."""
    waiting, seen = [name], set()
    while waiting:
        wanted = waiting.pop()
        match = NAME.match(wanted)
        assert match is not None
        one = match.group().lower().replace("_", "-")
        if one in seen:
            continue
        try:
            requirements = distribution(one).requires or ()
        except PackageNotFoundError:
            continue  # of another platform or Python
        seen.add(one)
        yield one
        waiting += [text for text in requirements if "extra ==" not in text]


def link(names: Iterable[str], packages: Path) -> None:
    """Links distributions that are installed here, and what they require, into a folder."""
    for one in {one for name in names for one in required(name)}:
        for file in distribution(one).files or ():
            top = file.parts[0]
            place = packages / top
            if top not in {"..", "__pycache__"} and not place.exists():
                place.symlink_to(Path(str(distribution(one).locate_file(top))))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel and what it declares."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    link(SANDBOX["dependencies"], packages)
    return folder / "bin" / "python"


@pytest.mark.verify
def test_its_wheel_starts_without_the_rest(python: Path, tmp_path: Path) -> None:
    starts(python, tmp_path)


def test_the_samples_for_pytest_run_with_its_plugin(python: Path, tmp_path: Path) -> None:
    for name in ("packages", "samples"):
        (tmp_path / name).mkdir()
    link(["pytest", "requests"], tmp_path / "packages")
    for number, guide in enumerate([PACKAGE / "README.md", ROOT / "docs" / "sandbox.md"]):
        blocks = re.findall(r"(?ms)^```python\n(.*?)^```", guide.read_text("utf-8"))
        tests = [block for block in blocks if "def test_" in block]
        assert tests
        (tmp_path / "samples" / f"test_{number}.py").write_text("\n".join(tests), "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "packages"),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "samples"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.verify
def test_pip_installs_its_wheel_with_all_it_needs(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    starts(python, tmp_path)


def starts(python: Path, folder: Path) -> None:
    options = ["--json", "--until-stdin-closes", "--certificates", str(folder / "certificates")]
    ports = ["--https-port=0", "--http-port=0", "--transfer-port=0"]
    done = subprocess.run(
        [python, "-m", "graphwright_sandbox", *options, *ports],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["people"]) == 40
    rest = subprocess.run([python, "-c", "import graphwright"], capture_output=True, check=False)
    assert b"No module named 'graphwright'" in rest.stderr


def test_it_holds_no_test_and_both_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "graphwright_sandbox/workloads/mail/permissions.toml" in names
    assert "graphwright_sandbox/pages/style.css" in names
    assert "graphwright_sandbox/py.typed" in names
    assert not [name for name in names if "/test_" in name or "conftest" in name]
    for name in ("LICENSE", "NOTICE"):
        assert (PACKAGE / name).read_bytes() == (ROOT / name).read_bytes()


def test_it_has_the_version_and_the_bounds_of_the_project() -> None:
    assert SANDBOX["version"] == PROJECT["version"]
    assert SANDBOX["requires-python"] == PROJECT["requires-python"]
    assert set(SANDBOX["dependencies"]) <= set(PROJECT["dependencies"])
    assert SANDBOX["optional-dependencies"] == PROJECT["optional-dependencies"]
    script = "graphwright-sandbox"
    assert SANDBOX["scripts"] == {script: PROJECT["scripts"][script]}
    assert SANDBOX["entry-points"] == PROJECT["entry-points"]


def test_it_declares_what_it_imports_and_nothing_else() -> None:
    imported = set()
    for file in (ROOT / "src" / "graphwright_sandbox").rglob("*.py"):
        if file.name.startswith("test_") or file.name == "conftest.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    texts = [*SANDBOX["dependencies"], *SANDBOX["optional-dependencies"]["saml"]]
    names = {match.group().lower() for match in map(NAME.match, texts) if match}
    declared = {IMPORTED_AS.get(name, name) for name in names - NOT_IMPORTED}
    outside = imported - sys.stdlib_module_names - {"graphwright_sandbox", "pytest"}
    assert outside == declared


def test_importing_it_imports_nothing_of_graphwright_and_no_server() -> None:
    code = "import sys, graphwright_sandbox; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "graphwright_sandbox" in loaded
    assert not loaded & {"graphwright", "starlette", "uvicorn", "pytest"}
