"""`lists`: what lies in the application's lists."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from graphwright.cli.app import App, Data, console, run_async


class _Lists(TyperGroup):
    """The group, in which a folder alone stands for `count` of it."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command of the arguments; `count` where they begin with a folder."""
        if args and args[0] not in self.commands and Path(args[0]).is_dir():
            args = ["count", *args]
        return super().resolve_command(ctx, args)


list_commands = typer.Typer(
    cls=_Lists,
    no_args_is_help=True,
    help="Look at the application's lists; with a folder alone it counts their rows.",
    epilog="Example: graphwright lists my-app",
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    list_commands.command(
        "show", epilog="Example: graphwright lists show my-app person --limit 20"
    )(show_rows)
    list_commands.command("count", epilog="Example: graphwright lists count my-app")(count_rows)
    list_commands.command("prune", epilog="Example: graphwright lists prune my-app event --yes")(
        prune
    )
    app.add_typer(list_commands, name="lists")


def count_rows(app: App, data: Data = None) -> None:
    """List the lists with the number of their rows."""
    counts = run_async(_count(app, data))
    from rich.table import Table

    table = Table("List", "Owner", "Rows", box=None)
    for name, owner, number in counts:
        table.add_row(name, owner, f"{number:,}")
    console().print(table)


async def _count(app: Path, data: Path | None) -> list[tuple[str, str, int]]:
    from graphwright.application.runtime import Runtime

    async with await Runtime.open(app, data=data) as runtime:
        return [
            # A child list says no owner of its own: its rows belong to whom the parent's do.
            (
                name,
                "shared" if runtime.lists.table(name).is_shared else "user",
                await runtime.lists.count(name),
            )
            for name, definition in runtime.lists.definitions.items()
            if definition.is_table
        ]


def show_rows(
    app: App,
    name: Annotated[str, typer.Argument(metavar="LIST", help="The list.")],
    account: Annotated[
        str | None, typer.Option(help="Whose rows, of a list that users own.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many rows.")] = 50,
    sort: Annotated[
        str, typer.Option(help="Sort by: field or field:desc, several by commas.")
    ] = "",
    search: Annotated[str, typer.Option(help="Only rows with this text.")] = "",
    data: Data = None,
) -> None:
    """Print rows as JSON, one a line."""
    for row in run_async(_rows(app, name, account, (limit, sort, search), data)):
        typer.echo(json.dumps(row, ensure_ascii=False))


async def _rows(
    app: Path, name: str, account: str | None, asked: tuple[int, str, str], data: Path | None
) -> list[dict[str, Any]]:
    from graphwright.application.people import find_person
    from graphwright.application.runtime import Runtime
    from graphwright.kernel.errors import InvalidInput
    from graphwright.lists import RowQuery, parse_sort

    limit, sort, search = asked
    async with await Runtime.open(app, data=data) as runtime:
        owner = (await find_person(runtime, account)).id if account else None
        if owner is None and not runtime.lists.table(name).is_shared:
            raise InvalidInput(
                f"The rows of {name} belong to users.", hint="Say whose with --account."
            )
        query = RowQuery(limit=limit, sort=parse_sort(sort), search=search)
        return (await runtime.lists.query(name, owner, query)).rows


def prune(
    app: App,
    name: Annotated[
        str | None,
        typer.Argument(metavar="LIST", help="The list; absent: lists that were removed."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Drop the values of a list's removed fields, or the removed lists, for good."""
    if not yes:
        what = f"values of removed fields of {name}" if name else "rows of removed lists"
        typer.confirm(f"Drop the {what}?", abort=True, err=True)
    dropped = run_async(_prune(app, name, data))
    console().print(f"Dropped: {', '.join(dropped)}." if dropped else "Nothing to drop.")


async def _prune(app: Path, name: str | None, data: Path | None) -> list[str]:
    from graphwright.application.runtime import Runtime

    async with await Runtime.open(app, data=data) as runtime:
        if name is None:
            return await runtime.lists.prune_hidden_lists()
        return await runtime.lists.prune(name)
