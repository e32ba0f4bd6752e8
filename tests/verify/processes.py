"""The sandbox and the portal as processes, as they run for real; only HTTP and signals reach them.

It must not know what is measured.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ports import find_free_port
from tests.verify.application import ROOT, create_application
from tests.verify.sandbox_process import APPLICATION

GRAPHWRIGHT = Path(sys.executable).with_name("graphwright")


@dataclass
class Portal:
    """A portal in a process of its own."""

    url: str
    sandbox: Mapping[str, Any]
    root: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        log = self.root.parent / "portal.log"
        port = self.url.rpartition(":")[2]
        data = self.root.parent / "data"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [GRAPHWRIGHT, "serve", self.root, "--port", port, "--data", data],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        _wait_until_ready(self.process, log)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it by a signal."""
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        self.process = None

    @property
    def resident_megabytes(self) -> float:
        """The memory of the process that is not shared out or swapped."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)],
            check=True,
            capture_output=True,
            text=True,
        )
        return int(listed.stdout) / 1024


@contextmanager
def running_sandbox(state: Path, bulk_events: int, *redirect_uris: str) -> Iterator[dict[str, Any]]:
    """A sandbox; several with the same `state` trust each other's tokens."""
    command = [sys.executable, "-m", "tests.verify.sandbox_process", str(state), str(bulk_events)]
    if bulk_events:
        # Graph makes its pages elsewhere: here they shall not take the processor from the portal.
        command = ["nice", "-n", "15", *command]
    with subprocess.Popen(
        [*command, *redirect_uris], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the sandbox did not start"
        yield json.loads(line)


def application_settings(sandbox: Mapping[str, Any], bulk: Mapping[str, Any]) -> dict[str, str]:
    """The environment of the application for a sandbox of people and one of bulk events."""
    apps = {app["display_name"]: app for app in sandbox["app_registrations"]}
    users, application = apps["My day (users)"], apps[APPLICATION]
    return {
        "GRAPHWRIGHT_AUTHORITY": sandbox["login_url"],
        "GRAPHWRIGHT_GRAPH": sandbox["graph_url"],
        "GRAPHWRIGHT_TRANSFERS": sandbox["transfer_url"],
        "GRAPHWRIGHT_CA_FILE": sandbox["ca_file"],
        "BULK_AUTHORITY": bulk["login_url"],
        "BULK_GRAPH": bulk["graph_url"],
        "MY_DAY_TENANT": sandbox["tenant_id"],
        "MY_DAY_CLIENT_ID": users["client_id"],
        "MY_DAY_CLIENT_SECRET": users["client_secret"],
        "MY_DAY_APPLICATION_ID": application["client_id"],
        "MY_DAY_APPLICATION_SECRET": application["client_secret"],
    }


@contextmanager
def running_portal(folder: Path, *, bulk_events: int, database_url: str | None) -> Iterator[Portal]:
    """The application with `/bulk`, its portal, and both sandboxes."""
    port = find_free_port()
    url = f"http://localhost:{port}"
    with ExitStack() as stack:
        callback = f"{url}/auth/callback/graph-user"
        state = folder / "state"
        sandbox = stack.enter_context(running_sandbox(state, 0, callback))
        bulk = sandbox
        if bulk_events:
            bulk = stack.enter_context(running_sandbox(state, bulk_events))
        owner = sandbox["people"][0]["id"]
        root = create_application(folder / "app", person=owner, interactive=True)
        environment = os.environ | application_settings(sandbox, bulk)
        environment["GRAPHWRIGHT_KEY_FILE"] = str(folder / "keys.json")
        if database_url is not None:
            environment["GRAPHWRIGHT_DATABASE_URL"] = database_url
        portal = Portal(url, sandbox, root, environment)
        stack.callback(portal.end)
        portal.start()
        yield portal


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while b"http://" not in log.read_bytes():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "the portal did not start"
        time.sleep(0.05)
