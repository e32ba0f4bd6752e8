"""`modeler`: an application's folder edited in the browser."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphwright.cli.app import App, console

if TYPE_CHECKING:
    from graphwright.modeler.modeler import Modeler


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
    from graphwright.web.listening import listening

    def on_ready(running: "Modeler") -> None:
        url, output = running.start_url(), console()
        for line in _welcome(escape(str(app)), url, origins.portal_url, ready):
            output.print(line, soft_wrap=True)
        if browser:
            open_in_browser(url)

    with ExitStack() as stack:
        origins = stack.enter_context(listening(port, portal_port))
        wait_for_sandbox = ready = None
        environment = dict(os.environ)
        if sandbox:
            state = (data or app / ".graphwright" / "modeler") / "sandbox"
            urls = _redirect_urls(app, origins.portal_url)
            wait_for_sandbox = stack.enter_context(running_sandbox(urls, state))
        # Takes long: while the sandbox starts.
        from graphwright.studio import serve_modeler

        if wait_for_sandbox is not None:
            ready = wait_for_sandbox()
            environment |= sandbox_settings(ready)
        serve_modeler(
            app,
            origins,
            folder=data,
            environment=environment,
            sandbox=ready,
            on_ready=on_ready,
        )


def _welcome(
    app: str, url: str, portal_url: str, sandbox: Mapping[str, Any] | None
) -> Iterator[str]:
    """What is told when all runs."""
    yield f"The modeler of [bold]{app}[/bold] opens with this link, once:"
    yield f"[bold]{url}[/bold]"
    yield f"What it runs is shown at {portal_url}  (Ctrl-C ends both)"
    if sandbox is not None:
        yield f"The local Microsoft 365: {sandbox['browser_url']}"


def _redirect_urls(app: Path, portal_url: str) -> list[str]:
    """What the sandbox's application for users may be led back to."""
    profiles = {"graph-user", *(path.stem for path in (app / "profiles").glob("*.yaml"))}
    return [
        *(f"{portal_url}/auth/callback/{name}" for name in sorted(profiles)),
        "http://localhost",
    ]
