"""The commands, a module each or for a few that belong together."""

import typer

from graphwright.cli.commands import accounts, demo, flow, imports, lists, model, request, serve


def register(app: typer.Typer) -> None:
    """Adds every command to the application."""
    for module in (demo, model, serve, flow, imports, lists, request, accounts):
        module.register(app)
