"""A running modeler, seen from outside: for the figures and the pictures.

It meets Graphwright only over the command line.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.demo import GRAPHWRIGHT
from tools.tracked import ROOT

_LINK = re.compile(r"http://localhost:\d+/start\?token=\S+")
_SECONDS_TO_START = 60


def copy_my_day(folder: Path) -> Path:
    """The example, to be changed."""
    ignore = shutil.ignore_patterns(".graphwright", ".env", "data")
    return shutil.copytree(ROOT / "examples" / "my-day", folder / "my-day", ignore=ignore)


@contextmanager
def running_modeler(root: Path, log: Path) -> Iterator[str]:
    """The link that opens a modeler of the application in `root`, with a sandbox beside it."""
    command = [str(GRAPHWRIGHT), "modeler", str(root), "--sandbox", "--no-open"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--port", "0", "--portal-port", "0"],
            env={**os.environ, "NO_COLOR": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _SECONDS_TO_START
        while (link := _LINK.search(log.read_text())) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The modeler did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield link.group()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
