"""The portal as a process of its own, so that a test can end it and start it again.

It must not know what the portal shows.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from graphwright.cli.sandbox_run import sandbox_settings
from graphwright_sandbox.cli import describe
from graphwright_sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
MY_DAY = ROOT / "examples" / "my-day"
CALLBACK = "/auth/callback/graph-user"


def settings_for(sandbox: Sandbox) -> dict[str, str]:
    """The settings of the examples for this sandbox; what a template of one's own reads (`MY_…`) is
    typed by whoever makes an application of it."""
    settings = sandbox_settings(describe(sandbox))
    return {
        name: value
        for name, value in settings.items()
        if name.startswith("MY_DAY_") or not name.startswith("MY_")
    }


def end_process(process: subprocess.Popen[Any]) -> None:
    """End a server as an operator would, and wait for it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


class PortalProcess:
    """A portal serving an application; ``with`` starts it and ends it."""

    def __init__(
        self, folder: Path, port: int, settings: dict[str, str], application: Path = MY_DAY
    ) -> None:
        self.folder = folder
        self._application = application
        self.url = f"http://localhost:{port}"
        self._port = port
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> PortalProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """Where its databases lie."""
        return self.folder / "data"

    @property
    def log(self) -> str:
        """What it has written to its standard error."""
        return (self.folder / "portal.log").read_text()

    def start(self) -> None:
        """Start it; return when it answers."""
        command = [sys.executable, "-m", "graphwright", "serve", str(self._application)]
        command += ["--port", str(self._port), "--data", str(self.data)]
        own = {
            "GRAPHWRIGHT_KEY_FILE": str(self.folder / "keys.json"),
            "GRAPHWRIGHT_HTTP_RETRIES": "1",
            "GRAPHWRIGHT_HTTP_RETRY_SECONDS": "1",
        }
        with (self.folder / "portal.log").open("a") as log:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **self._settings, **own},
            )
        self._process = process
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 60)
        line = process.stdout.readline() if ready else ""
        if self.url not in line:
            self.stop()
            raise AssertionError(f"The portal did not start: {line!r}\n{self.log}")

    def stop(self) -> None:
        """End it as an operator would."""
        process, self._process = self._process, None
        if process is not None:
            end_process(process)

    def restart(self) -> None:
        """End it and start it again on the same port with the same data."""
        self.stop()
        self.start()
