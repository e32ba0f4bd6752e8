"""`serve` and `sandbox`: the running parts."""

import os
import sys
from typing import Annotated

import typer

from graphwright.cli.app import App, Data


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: graphwright serve my-app --port 8080")(serve)
    app.command(
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        add_help_option=False,
        epilog="Example: graphwright sandbox --json",
    )(sandbox)


def serve(
    app: App,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    base_url: Annotated[
        str | None, typer.Option(help="The address users open (default: GRAPHWRIGHT_BASE_URL).")
    ] = None,
    data: Data = None,
) -> None:
    """Run an application in the portal."""
    from graphwright.server import serve_application

    serve_application(app, host=host, port=port, base_url=base_url, data=data)


def sandbox(context: typer.Context) -> None:
    """Start the sandbox: a local Microsoft 365 (see `graphwright sandbox --help`)."""
    # In the place of this process: whoever ends this one ends the sandbox, by any signal.
    command = [sys.executable, "-m", "graphwright_sandbox", *context.args]
    os.execv(sys.executable, command)  # noqa: S606
