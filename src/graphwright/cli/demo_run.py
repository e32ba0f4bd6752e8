"""Runs the demo: the sandbox as a child process, the portal in this one."""

import json
import os
import socket
import subprocess
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from graphwright.application.templates import template_folder
from graphwright.cli.app import console
from graphwright.kernel.errors import Unavailable
from graphwright.server import PortTaken, listen, serve_application

# A port of the sandbox stays the same between two starts, so that what was remembered still fits.
_SANDBOX_PORTS = (8443, 8481)


class SandboxFailed(Unavailable):
    """The sandbox did not start."""

    code = "sandboxFailed"
    retryable = False


def run_demo(*, port: int, open_browser: bool, data: Path | None) -> None:
    """Starts the sandbox, then serves the example until it is interrupted."""
    listener = _free_port("127.0.0.1", port)
    base_url = f"http://localhost:{listener.getsockname()[1]}"
    folder = data or user_data_path("graphwright") / "demo"
    sandbox, ready = _start_sandbox(base_url, folder)
    output = console()

    def on_ready(address: str) -> None:
        output.print(f"My day is open at [bold]{address}[/bold]  (Ctrl-C ends it)")
        if open_browser and _has_browser():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        serve_application(
            template_folder("my-day"),
            base_url=base_url,
            data=folder,
            environment={**os.environ, **demo_settings(ready)},
            listener=listener,
            on_ready=on_ready,
        )
    finally:
        sandbox.stdin and sandbox.stdin.close()
        sandbox.wait(timeout=10)


def demo_settings(sandbox: dict[str, Any]) -> dict[str, str]:
    """The settings of the example for a running sandbox: all that differs from a real tenant."""
    apps = {app["display_name"]: app for app in sandbox["app_registrations"]}
    users, application = apps["My day (users)"], apps["My day (application)"]
    return {
        "GRAPHWRIGHT_AUTHORITY": sandbox["login_url"],
        "GRAPHWRIGHT_GRAPH": sandbox["graph_url"],
        "GRAPHWRIGHT_CA_FILE": sandbox["ca_file"],
        "MY_DAY_TENANT": sandbox["tenant_id"],
        "MY_DAY_CLIENT_ID": users["client_id"],
        "MY_DAY_CLIENT_SECRET": users["client_secret"],
        "MY_DAY_APPLICATION_ID": application["client_id"],
        "MY_DAY_APPLICATION_SECRET": application["client_secret"],
    }


def _start_sandbox(base_url: str, folder: Path) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    https_port, http_port = (_port_or_any(port) for port in _SANDBOX_PORTS)
    command = [sys.executable, "-m", "graphwright_sandbox", "--json", "--until-stdin-closes"]
    command += ["--https-port", str(https_port), "--http-port", str(http_port)]
    command += ["--redirect-uri", f"{base_url}/auth/callback/graph-user"]
    command += ["--redirect-uri", "http://localhost", "--state", str(folder / "sandbox")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("{"):
        process.kill()
        raise SandboxFailed("The sandbox did not start.", hint="Try `graphwright sandbox`.")
    return process, json.loads(line)


def _free_port(host: str, port: int) -> socket.socket:
    """The port, or another one where it is taken."""
    try:
        return listen(host, port)
    except PortTaken:
        return listen(host, 0)


def _port_or_any(port: int) -> int:
    try:
        listen("127.0.0.1", port).close()
    except PortTaken:
        return 0
    return port


def _has_browser() -> bool:
    """Whether there is a screen to open a browser on."""
    return sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
