"""Runs the demo: the sandbox as a child process; portal and modeler of a copy of an example in this one.

What takes long to import is imported while the sandbox starts.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from graphwright.cli.app import console
from graphwright.cli.browser import open_in_browser
from graphwright.cli.sandbox_run import running_sandbox, sandbox_settings
from graphwright.web.listening import listening

if TYPE_CHECKING:
    from graphwright.modeler.modeler import Modeler

DEFAULT = "my-day"


def run_demo(example: str, *, port: int, open_browser: bool, data: Path | None) -> None:
    """Starts the sandbox, then serves the example until it is interrupted."""
    own = "demo" if example == DEFAULT else f"demo-{example}"
    folder = data or user_data_path("graphwright") / own
    output = console()

    def on_ready(_: "Modeler") -> None:
        address = origins.portal_url
        output.print(f"{title} is open at [bold]{address}[/bold]  (Ctrl-C ends it)")
        output.print(f"Its local Microsoft 365: {sandbox['browser_url']}")
        if open_browser:
            open_in_browser(address)

    with listening(8090, port, or_others=True) as origins:
        redirect_urls = [f"{origins.portal_url}/auth/callback/graph-user", "http://localhost"]
        with running_sandbox(redirect_urls, folder / "sandbox") as wait_for_sandbox:
            from graphwright.application.templates import template
            from graphwright.cli.demo_copy import own_copy
            from graphwright.studio import serve_modeler

            root = own_copy(folder, example)
            title = template(example).title
            sandbox = wait_for_sandbox()
            serve_modeler(
                root,
                origins,
                folder=folder,
                environment={**os.environ, **sandbox_settings(sandbox)},
                sandbox=sandbox,
                from_portal=True,
                on_ready=on_ready,
            )
