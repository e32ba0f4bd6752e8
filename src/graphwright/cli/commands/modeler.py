"""`modeler`: an application's folder edited in the browser."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from graphwright.cli.app import App, console


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: graphwright modeler my-app --sandbox")(modeler)


def modeler(
    app: App,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The modeler's port.")] = 8090,
    portal_port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="The port of the portal, where redirect URLs lead."),
    ] = 8080,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Start a local Microsoft 365 to try things with.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Where draft and its data lie (default: APP/.graphwright/modeler).",
        ),
    ] = None,
) -> None:
    """Edit an application in the browser; a new or empty folder starts from a template."""
    from rich.markup import escape

    from graphwright.cli.browser import open_in_browser
    from graphwright.cli.sandbox_run import running_sandbox, sandbox_settings
    from graphwright.modeler.modeler import Modeler
    from graphwright.studio import listening, serve_modeler

    def on_ready(running: Modeler) -> None:
        url, output = running.start_url(), console()
        for line in (
            f"The modeler of [bold]{escape(str(app))}[/bold] opens with this link, once:",
            f"[bold]{url}[/bold]",
            f"What it runs is shown at {origins.portal_url}  (Ctrl-C ends both)",
        ):
            output.print(line, soft_wrap=True)
        if browser:
            open_in_browser(url)

    with ExitStack() as stack:
        origins = stack.enter_context(listening(port, portal_port))
        ready, environment = None, dict(os.environ)
        if sandbox:
            names = {"graph-user", *(path.stem for path in (app / "profiles").glob("*.yaml"))}
            urls = [f"{origins.portal_url}/auth/callback/{name}" for name in sorted(names)]
            state = (data or app / ".graphwright" / "modeler") / "sandbox"
            ready = stack.enter_context(running_sandbox([*urls, "http://localhost"], state))
            environment |= sandbox_settings(ready, ("MY", "MY_DAY"))
        serve_modeler(
            app,
            origins,
            folder=data,
            environment=environment,
            sandbox=ready,
            on_ready=on_ready,
        )
