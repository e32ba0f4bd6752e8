"""The commands, a module each or for a few that belong together."""

import typer

from graphwright.cli.commands import accounts, demo, flow, lists, model, modeler, secrets, serve
from graphwright.cli.commands import imports as imports_
from graphwright.cli.commands import request as request_


def register(app: typer.Typer) -> None:
    """Adds every command to the application, once."""
    if app.registered_commands:
        return
    for module in (demo, model, modeler, serve, flow, imports_, lists, request_, accounts, secrets):
        module.register(app)
