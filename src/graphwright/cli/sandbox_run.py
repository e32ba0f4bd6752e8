"""Runs a sandbox as a child process of a command: it ends when the command does."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graphwright.kernel.errors import Unavailable
from graphwright.web.listening import PortTaken, listen

# A port of the sandbox stays the same between two starts, so that what was remembered still fits.
_PORTS = (8443, 8481, 8444)


class SandboxFailed(Unavailable):
    """The sandbox did not start."""

    code = "sandboxFailed"
    retryable = False


@contextmanager
def running_sandbox(
    redirect_urls: Iterable[str], state: Path
) -> Iterator[Callable[[], dict[str, Any]]]:
    """Starts a sandbox that runs until the end of the block; gives what waits until it is ready.

    That gives what the sandbox says of itself, else raises `SandboxFailed`. `redirect_urls` are
    registered for its users' application; `state` keeps its certificates.
    """
    https_port, http_port, transfer_port = (_port_or_any(port) for port in _PORTS)
    command = [sys.executable, "-m", "graphwright_sandbox", "--json", "--until-stdin-closes"]
    command += ["--https-port", str(https_port), "--http-port", str(http_port)]
    command += ["--transfer-port", str(transfer_port)]
    for url in redirect_urls:
        command += ["--redirect-uri", url]
    command += ["--certificates", str(state)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )

    def wait() -> dict[str, Any]:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("{"):
            process.kill()
            raise SandboxFailed("The sandbox did not start.", hint="Try `graphwright sandbox`.")
        ready: dict[str, Any] = json.loads(line)
        return ready

    try:
        yield wait
    finally:
        for stream in (process.stdin, process.stdout):
            stream and stream.close()
        process.wait(timeout=10)


def sandbox_settings(sandbox: Mapping[str, Any]) -> dict[str, str]:
    """All that differs from a real tenant, by what a running sandbox said.

    Ids and secrets get the names that the templates have for them: `MY_DAY_CLIENT_ID` that of
    "My day (users)", `MY_DAY_APPLICATION_ID` that of "My day (application)". `MY` is short for `MY_DAY`.
    """
    settings = {
        "GRAPHWRIGHT_AUTHORITY": sandbox["login_url"],
        "GRAPHWRIGHT_GRAPH": sandbox["graph_url"],
        "GRAPHWRIGHT_TRANSFERS": sandbox["transfer_url"],
        "GRAPHWRIGHT_CA_FILE": sandbox["ca_file"],
    }
    for app in sandbox["app_registrations"]:
        name, _, kind = app["display_name"].partition(" (")
        part = {"users)": "CLIENT", "application)": "APPLICATION"}.get(kind)
        own = re.sub(r"\W+", "_", name.upper())
        prefixes = ("MY", own) if own == "MY_DAY" else (own,)
        for prefix in prefixes if part else ():
            settings |= {
                f"{prefix}_TENANT": sandbox["tenant_id"],
                f"{prefix}_{part}_ID": app["client_id"],
                f"{prefix}_{part}_SECRET": app["client_secret"],
            }
    return settings


def _port_or_any(port: int) -> int:
    try:
        listen("127.0.0.1", port).close()
    except PortTaken:
        return 0
    return port
