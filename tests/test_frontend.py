"""The front end's own tests, which Vitest runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_front_end_passes_its_own_tests() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "hatch_build.py"), "test"],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told[-5000:]
    assert re.search(r"Tests\W+(\S*\s)?[1-9]\d* passed", re.sub(r"\x1b\[\d+m", "", told)), told[
        -500:
    ]
