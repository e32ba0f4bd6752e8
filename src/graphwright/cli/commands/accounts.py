"""`profiles` and `accounts`: how the application is authorized, and who has signed in."""

import json
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, console


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: graphwright profiles my-app")(profiles)


def profiles(
    app: App,
    base_url: Annotated[
        str | None, typer.Option(help="The address users open (default: GRAPHWRIGHT_BASE_URL).")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(help="How profiles are printed: text or json.")
    ] = "text",
) -> None:
    """Print what to register in Entra ID for each authorization profile."""
    from graphwright.application.guides import profile_guides

    guides = profile_guides(app, base_url)
    if format == "json":
        typer.echo(json.dumps({"profiles": guides}, indent=2, ensure_ascii=False))
        return
    for guide in guides:
        _show(guide)


def _show(guide: dict[str, Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    output = console()
    output.print(f"[bold]{escape(guide['name'])}[/bold]  {escape(guide['title'])}")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for key, value in guide.items():
        if key in ("name", "title"):
            continue
        shown = "\n".join(value) if isinstance(value, list) else str(value or "-")
        table.add_row(key.replace("_", " "), escape(shown), style=None)
    output.print(table)
