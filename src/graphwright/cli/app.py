"""The command `graphwright`: its commands, and what an error looks like in a terminal.

Exit codes: 0 done, 1 failed, 2 the model or the call is wrong, 130 interrupted.
"""

import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from graphwright import __version__
from graphwright.kernel.errors import GraphwrightError, InvalidInput, ModelInvalid, NotFound

T = TypeVar("T")

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130

# Argument and options that several commands share.
App = Annotated[
    Path, typer.Argument(metavar="APP", help="The application's folder.", show_default=False)
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where its data lies (default: APP/.graphwright)."),
]

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

    return asyncio.run(work)


def console(*, to_stderr: bool = False) -> Any:
    """A rich console; notes and progress go to standard error, so that output can be piped."""
    from rich.console import Console

    return Console(stderr=to_stderr, highlight=False)


def show_error(error: GraphwrightError) -> None:
    """An error with its place, cure and facts worth knowing, on standard error."""
    from rich.markup import escape
    from rich.text import Text

    output = console(to_stderr=True)
    where = f"{error.place}: " if error.place and str(error.place) else ""
    output.print(Text(f"{where}{error.message}", style="bold red"), soft_wrap=True, highlight=False)
    if error.hint:
        output.print(escape(error.hint), soft_wrap=True)
    known = ("status", "graph_code", "request_id", "correlation_id", "outcome", "retries")
    facts = [f"{name}: {error.facts[name]}" for name in known if error.facts.get(name)]
    output.print(escape(f"({', '.join([error.code, *facts])})"), style="dim", soft_wrap=True)


def main() -> None:
    """The entry point."""
    from graphwright.cli import commands

    commands.register(app)
    try:
        code = app(standalone_mode=False)
    except GraphwrightError as error:
        show_error(error)
        sys.exit(_exit_code_of_error(error))
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - what is not known is raised again
        sys.exit(_exit_code_of(error))
    sys.exit(code if isinstance(code, int) else DONE)


def _exit_code_of_error(error: GraphwrightError) -> int:
    if isinstance(error, ModelInvalid):
        return WRONG_CALL
    # What a node met while it ran is a failure of the run, whatever its kind.
    ran = "status" in error.facts or (error.place is not None and error.place.node is not None)
    return FAILED if ran or not isinstance(error, InvalidInput | NotFound) else WRONG_CALL


def _exit_code_of(error: Exception) -> int:
    """Typer's own endings; anything else is a fault of ours and is shown whole."""
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    show = getattr(error, "show", None)
    if show is None:
        raise error
    show()
    return WRONG_CALL
