"""`secrets`: what the application keeps encrypted, typed once. No command shows a value."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, console

secret_commands = typer.Typer(
    no_args_is_help=True,
    help="Keep secrets in the application's encrypted store.",
    epilog="Example: graphwright secrets list my-app",
)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The secret's name, as the model writes it.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    secret_commands.command(
        "set", epilog="Example: graphwright secrets set my-app MY_DAY_CLIENT_SECRET"
    )(set_secret)
    secret_commands.command("list", epilog="Example: graphwright secrets list my-app")(list_secrets)
    secret_commands.command(
        "remove", epilog="Example: graphwright secrets remove my-app MY_DAY_CLIENT_SECRET"
    )(remove_secret)
    app.add_typer(secret_commands, name="secrets")


def set_secret(app: App, name: Name) -> None:
    """Store a secret, typed hidden or read from standard input; never given as an argument."""
    store = _store(app)
    store.check_name(name)
    if sys.stdin.isatty():
        value = typer.prompt(f"Value of {name}", hide_input=True, err=True)
    else:
        value = sys.stdin.read()
    store.put(name, value.strip())
    console(to_stderr=True).print(f"{name} is stored.")


def list_secrets(app: App) -> None:
    """List the names of the stored secrets."""
    for name in _store(app).names():
        typer.echo(name)


def remove_secret(app: App, name: Name) -> None:
    """Remove a secret from the store."""
    _store(app).remove(name)
    console(to_stderr=True).print(f"{name} is removed.")


def _store(app: Path) -> Any:
    from graphwright.kernel.errors import NotFound
    from graphwright.kernel.settings import Settings

    if not (app / "app.yaml").is_file():
        raise NotFound(f"{app} is no application: it has no app.yaml.")
    return Settings.read(app).secret_store
