"""The Typer application and what its commands share.

Commands import what they need when called: `--help` stays quick.
"""

from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from graphwright import __version__

T = TypeVar("T")

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130
DEFERRED = 75
"""EX_TEMPFAIL of sysexits.h: what it is for is to be tried again later."""

# Argument and options that several commands share.
App = Annotated[
    Path, typer.Argument(metavar="APP", help="The application's folder.", show_default=False)
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where its data lies (default: APP/.graphwright)."),
]


class OutputFormat(StrEnum):
    """How a command prints what it found."""

    TEXT = "text"
    JSON = "json"


Format = Annotated[OutputFormat, typer.Option("--format", help="How it is printed.")]

app = typer.Typer(
    name="graphwright",
    help="Connect an application to Microsoft 365 through Microsoft Graph, without code.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: [bold]graphwright demo[/bold]",
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"graphwright {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Connect an application to Microsoft 365 through Microsoft Graph, without code."""


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end."""
    import asyncio

    from graphwright.kernel.interpreter import prepare_interpreter

    prepare_interpreter()
    return asyncio.run(work)


def console(*, to_stderr: bool = False) -> Any:
    """A rich console; notes and progress go to standard error, so that output can be piped."""
    from rich.console import Console

    return Console(stderr=to_stderr, highlight=False)
