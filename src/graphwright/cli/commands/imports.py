"""`import infer` and `import run`: mappings from examples, and files into lists."""

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, Data, console, run_async

import_commands = typer.Typer(
    no_args_is_help=True,
    help="Mappings from examples; files into lists.",
    epilog="Example: graphwright import infer my-app events.json --name event",
)


class Owner(StrEnum):
    """Whose the rows of a list are."""

    USER = "user"
    SHARED = "shared"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    import_commands.command(
        "infer", epilog="Example: graphwright import infer my-app events.json --name event"
    )(infer)
    import_commands.command(
        "run", epilog="Example: graphwright import run my-app event events.json"
    )(run)
    app.add_typer(import_commands, name="import")


def infer(
    app: App,
    example: Annotated[Path, typer.Argument(help="A JSON or CSV document.")],
    name: Annotated[str, typer.Option(help="The name of the list and the import.")],
    owner: Annotated[
        Owner, typer.Option(help="Whose the rows are: each user's own, or shared by all.")
    ] = Owner.USER,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> None:
    """Create lists and an import from an example, such that nothing in it is lost."""
    from graphwright.application.inference import write_inferred

    is_shared = owner is Owner.SHARED
    written = write_inferred(app, example, name, is_shared=is_shared, overwrite=force)
    output = console()
    for path in written:
        output.print(str(path), markup=False, soft_wrap=True)
    then = shlex.join(["graphwright", "import", "run", str(app), name, str(example)])
    if not is_shared:
        then += (
            " --account ADDRESS\n(ADDRESS is somebody who has signed in: each row belongs to one "
            "user. For rows that all share: --owner shared --force.)"
        )
    output.print(f"Look at them, then: {then}", markup=False, soft_wrap=True)


def run(
    app: App,
    name: Annotated[str, typer.Argument(metavar="IMPORT", help="The import.")],
    file: Annotated[Path, typer.Argument(help="A JSON or CSV document.")],
    account: Annotated[
        str | None, typer.Option(help="Whose rows they become, in a list that users own.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also delete this file's rows that are gone from it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    data: Data = None,
) -> None:
    """Import a file into a list and print what became of its items."""
    report = run_async(_run(app, name, file, account, replace, data))
    if as_json:
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    output = console()
    counted = ("inserted", "updated", "unchanged", "deleted", "skipped")
    output.print(", ".join(f"{report[key]:,} {key}" for key in counted))
    for where, why in report["reasons"]:
        output.print(f"  {where}: {why}", markup=False, soft_wrap=True)


async def _run(
    app: Path, name: str, file: Path, account: str | None, replace: bool, data: Path | None
) -> dict[str, Any]:
    from graphwright.application.importing import import_file
    from graphwright.application.people import find_person
    from graphwright.application.runtime import Runtime
    from graphwright.cli.progress import show_progress

    async with await Runtime.open(app, data=data) as runtime:
        owner = (await find_person(runtime, account)).id if account else None
        with show_progress(f"import {name}") as on_progress:
            mode: Any = "replace" if replace else "upsert"
            return await import_file(runtime, name, file, owner, mode, on_progress)
