"""Unmodified clients against the sandbox under Microsoft's own host names.

Each runs in a network namespace of its own, where these names lead to the sandbox and nothing else
can be reached. `tools/install_clients.sh` installs them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hatch_build
from conftest import ROOT

SCRIPTS = Path(__file__).with_name("scripts")
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
NAMESPACE = ("unshare", "--net", "--mount", "--map-root-user")
pytestmark = [pytest.mark.verify, pytest.mark.timeout(300)]


def can_have_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def command_of(script: Path) -> list[str]:
    if script.suffix == ".py":
        return [str(PYTHON), str(script)]
    return [str(hatch_build.find_node()[0]), str(script)]


@pytest.mark.skipif(not can_have_namespaces(), reason="no network namespaces (unshare) here")
@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*_client.*")), ids=lambda path: path.stem)
def test_an_unmodified_client_works(script: Path) -> None:
    assert PYTHON.exists(), "run tools/install_clients.sh"
    world = [sys.executable, "-m", "tests.verify.clients.world", *command_of(script)]
    done = subprocess.run(
        [*NAMESPACE, *world], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
