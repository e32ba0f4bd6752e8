"""The entry point: runs a command and tells what went wrong.

Exit codes: 0 done, 1 failed, 2 the model or the call is wrong, 75 to be tried later, 130 interrupted.
"""

import sys

import typer

from graphwright.cli import commands
from graphwright.cli.app import DEFERRED, DONE, FAILED, INTERRUPTED, WRONG_CALL, app, console
from graphwright.flows.errors import RunDeferred
from graphwright.http.errors import HostRefused, ReferralRefused
from graphwright.kernel.errors import GraphwrightError, InvalidInput, ModelInvalid, NotFound


def show_error(error: GraphwrightError) -> None:
    """An error with its place, cure and facts worth knowing, on standard error."""
    from rich.markup import escape
    from rich.text import Text

    output = console(to_stderr=True)
    where = f"{error.place}: " if error.place and str(error.place) else ""
    output.print(Text(f"{where}{error.message}", style="bold red"), soft_wrap=True, highlight=False)
    if error.hint:
        output.print(escape(error.hint), soft_wrap=True)
    known = (
        "status",
        "graph_code",
        "request_id",
        "correlation_id",
        "outcome",
        "retries",
        "not_before",
    )
    facts = [f"{name}: {error.facts[name]}" for name in known if error.facts.get(name)]
    output.print(escape(f"({', '.join([error.code, *facts])})"), style="dim", soft_wrap=True)


def main() -> None:
    """The entry point."""
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
    if isinstance(error, RunDeferred):
        return DEFERRED
    if isinstance(error, ModelInvalid):
        return WRONG_CALL
    # What a node met while it ran is a failure of the run, whatever its kind.
    ran = "status" in error.facts or (error.place is not None and error.place.node is not None)
    if ran or isinstance(error, ReferralRefused):
        return FAILED
    return WRONG_CALL if isinstance(error, InvalidInput | NotFound | HostRefused) else FAILED


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
