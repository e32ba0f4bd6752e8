"""The modeler as a process of its own, over a folder that a test gives it.

It must not know what the modeler shows.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.e2e.portal import end_process

_LINK = re.compile(r"((http://localhost:\d+)/start\?token=\S+)\s")
_SECONDS_TO_START = 60


class ModelerProcess:
    """A modeler of an application; ``with`` starts it and ends it.

    `root`: the application's folder; `folder`: where its log and its keys lie; `portal_port`: where
    its drafts run, whose redirect URLs a sandbox must know; `options`: more of the command.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        portal_port: int,
        settings: Mapping[str, str],
        *options: str,
    ) -> None:
        self.root = root
        self.folder = folder
        self.portal_url = f"http://localhost:{portal_port}"
        self.url = ""
        self.start_url = ""
        """The link that opens it once."""
        self._command = [sys.executable, "-m", "graphwright", "modeler", str(root)]
        self._command += ["--port", "0", "--portal-port", str(portal_port), "--no-open", *options]
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ModelerProcess:
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
    def log(self) -> str:
        """What it has written to its standard error."""
        return (self.folder / "modeler.log").read_text()

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; return when it has printed its link."""
        own = {
            "GRAPHWRIGHT_KEY_FILE": str(self.folder / "keys.json"),
            "GRAPHWRIGHT_HTTP_RETRIES": "1",
            "GRAPHWRIGHT_HTTP_RETRY_SECONDS": "1",
            "NO_COLOR": "1",
        }
        with (self.folder / "modeler.log").open("a") as log:
            process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self._settings, **own},
            )
        self._process = process
        assert process.stdout is not None
        printed, deadline = b"", time.monotonic() + _SECONDS_TO_START
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([process.stdout], [], [], left)
            # What is there, not a line: `select` does not see what a buffer has read ahead.
            part = os.read(process.stdout.fileno(), 4096) if ready else b""
            printed += part
            if link := _LINK.search(printed.decode(errors="replace")):
                self.start_url, self.url = link.group(1), link.group(2)
                return
            if not part:
                break
        self.stop()
        told = f"{process.returncode}: {printed!r}\n{self.log}"
        raise AssertionError(f"The modeler did not start, and ended with {told}")

    def stop(self) -> None:
        """End it as a person would."""
        process, self._process = self._process, None
        if process is not None:
            end_process(process)

    def restart(self) -> None:
        """End it and start it again; it has another address then, and another link."""
        self.stop()
        self.start()
