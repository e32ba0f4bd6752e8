"""`demo`: the example application with a local Microsoft 365, in one command."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: graphwright demo people-admin --no-browser")(demo)


def demo(
    example: Annotated[
        str, typer.Argument(help="Which of the examples: my-day, people-admin, team-room, …")
    ] = "my-day",
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The portal's port; another if it is taken.")
    ] = 8080,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Where the demo's data lies.")
    ] = None,
) -> None:
    """Run an example application with a local Microsoft 365: no account, no internet."""
    from graphwright.cli.demo_run import run_demo

    run_demo(example, port=port, open_browser=browser, data=data)
