"""Runs the demo: the sandbox as a child process, the portal in this one."""

import os
import socket
from pathlib import Path

from platformdirs import user_data_path

from graphwright.application.templates import template_folder
from graphwright.cli.app import console
from graphwright.cli.browser import open_in_browser
from graphwright.cli.sandbox_run import running_sandbox, sandbox_settings
from graphwright.server import PortTaken, listen, serve_application


def run_demo(*, port: int, open_browser: bool, data: Path | None) -> None:
    """Starts the sandbox, then serves the example until it is interrupted."""
    listener = _free_port("127.0.0.1", port)
    base_url = f"http://localhost:{listener.getsockname()[1]}"
    folder = data or user_data_path("graphwright") / "demo"
    redirect_urls = [f"{base_url}/auth/callback/graph-user", "http://localhost"]
    output = console()

    def on_ready(address: str) -> None:
        output.print(f"My day is open at [bold]{address}[/bold]  (Ctrl-C ends it)")
        if open_browser:
            open_in_browser(address)

    with running_sandbox(redirect_urls, folder / "sandbox") as sandbox:
        serve_application(
            template_folder("my-day"),
            base_url=base_url,
            data=folder,
            environment={**os.environ, **sandbox_settings(sandbox, ["MY_DAY"])},
            listener=listener,
            on_ready=on_ready,
        )


def _free_port(host: str, port: int) -> socket.socket:
    """The port, or another one where it is taken."""
    try:
        return listen(host, port)
    except PortTaken:
        return listen(host, 0)
