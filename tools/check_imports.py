"""Checks the contracts of pyproject.toml's [tool.importlinter] over the packages, tests left out.

A node's test lies beside the node and may use anything; the contracts are about the product. So the
linter is shown a copy of `src/` that leaves the tests out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.tracked import ROOT

TESTS = shutil.ignore_patterns("test_*.py", "conftest.py", "tests", "static", "__pycache__")


def main(root: Path = ROOT) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(root / "src", copy, ignore=TESTS)
        linter = Path(sys.executable).with_name("lint-imports")
        done = subprocess.run(
            [str(linter), "--config", str(root / "pyproject.toml"), "--no-cache"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(copy)},
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
