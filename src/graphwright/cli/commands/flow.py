"""`flow run` and `runs`: action flows from the command line, and what ran when."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, Data, Format, OutputFormat, console, run_async
from graphwright.cli.run_report import make_table

_BESIDES = ("items", "exported")

flow_commands = typer.Typer(
    no_args_is_help=True,
    help="Run flows.",
    epilog="Example: graphwright flow run my-app refresh_people",
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    flow_commands.command(
        "run", epilog="Example: graphwright flow run my-app refresh_people --input department=Sales"
    )(run_flow)
    app.add_typer(flow_commands, name="flow")
    app.command(epilog="Example: graphwright runs my-app --format json")(runs)


def run_flow(
    app: App,
    flow: Annotated[str, typer.Argument(help="The action flow.")],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="NAME=VALUE", help="A value for an input of the flow."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Run it as this user, who has signed in before.")
    ] = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0, metavar="SECONDS", help="How long to wait where the service says to come later."
        ),
    ] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    data: Data = None,
) -> None:
    """Run an action flow and print what it did."""
    report = run_async(_run_flow(app, flow, _pairs(inputs or []), account, wait, data))
    if as_json:
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    output = console()
    way = " → ".join(visit["node"] for visit in report["way"][:30])
    output.print(f"[bold green]Done[/bold green] {flow}: {way}", soft_wrap=True)
    output.print(make_table(report["report"]))
    # What the report does not tell: such as how many rows were exported.
    others = _counted({n: c for n, c in report["counts"].items() if n in _BESIDES})
    if others:
        output.print(others)
    if report["message"]:
        output.print(report["message"], markup=False)
    if report["result"] is not None:
        output.print_json(json.dumps(report["result"]))


async def _run_flow(
    app: Path,
    flow: str,
    inputs: Mapping[str, str],
    account: str | None,
    wait: float,
    data: Path | None,
) -> dict[str, Any]:
    from graphwright.application.people import find_person
    from graphwright.application.runtime import Runtime
    from graphwright.cli.progress import show_progress
    from graphwright.flows.deferral import run_when_due
    from graphwright.kernel.times import format_instant

    def tell(not_before: datetime) -> None:
        output = console(to_stderr=True)
        output.print(
            f"The service takes no more requests before {format_instant(not_before)}: waiting."
        )

    async with await Runtime.open(app, data=data) as runtime:
        person = await find_person(runtime, account) if account else None
        with show_progress(flow) as on_progress:
            report = await run_when_due(
                runtime.services,
                flow,
                inputs,
                person=person,
                patience=wait,
                on_wait=tell,
                on_progress=on_progress,
            )
    return {
        "run": report.run_id,
        "flow": report.flow,
        "way": report.way,
        "counts": report.counts,
        "message": report.end.get("message"),
        "result": report.end.get("result"),
        "report": report.summary.to_json(),
    }


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items() if number)


def _pairs(inputs: list[str]) -> dict[str, str]:
    from graphwright.kernel.errors import InvalidInput

    for text in inputs:
        if "=" not in text:
            raise InvalidInput(f"{text!r} is no input.", hint="Write --input name=value.")
    return dict(text.split("=", 1) for text in inputs)


def runs(
    app: App,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    run: Annotated[
        str | None, typer.Option(metavar="ID", help="What happened in this one.")
    ] = None,
    output: Format = OutputFormat.TEXT,
    data: Data = None,
) -> None:
    """List what ran: when, who, which flow, the way taken, how long, and errors."""
    if run is not None:
        _show_run(run_async(_find_run(app, run, data)), output)
        return
    found = run_async(_list_runs(app, limit, data))
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"runs": found}, indent=2, ensure_ascii=False))
        return
    from rich.table import Table

    table = Table("When", "Who", "Flow", "Status", "Way", "Took", "Counts", "Run", box=None)
    for one in found:
        error = one["error"]
        status = f"{one['status']}: {error['message'][:60]}" if error else one["status"]
        table.add_row(
            one["started_at"][:19],
            one["who"] or "-",
            one["flow"],
            status,
            f"{len(one['way'])} nodes",
            f"{one['duration_ms'] / 1000:.1f} s",
            _counted(one["counts"]),
            one["id"],
        )
    console().print(table if found else "Nothing has run yet.")


def _show_run(run: Mapping[str, Any], output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"run": run}, indent=2, ensure_ascii=False))
        return
    by = f" by {run['who']}" if run["who"] else ""
    took = f"{run['duration_ms'] / 1000:.1f} s"
    head = f"{run['flow']}: {run['status']}, {run['started_at'][:19]}{by}, {took}"
    console().print(head, markup=False, soft_wrap=True)
    console().print(" → ".join(visit["node"] for visit in run["way"]), soft_wrap=True)
    console().print(make_table(run["report"]))


async def _list_runs(app: Path, limit: int, data: Path | None) -> list[dict[str, Any]]:
    from graphwright.application.runtime import Runtime
    from graphwright.flows.runs import list_runs

    async with await Runtime.open(app, data=data) as runtime:
        read = runtime.databases.system.read
        return list(await read(list_runs, limit=limit, now=runtime.clock.now()))


async def _find_run(app: Path, run_id: str, data: Path | None) -> dict[str, Any]:
    from graphwright.application.runtime import Runtime
    from graphwright.flows.runs import find_run

    async with await Runtime.open(app, data=data) as runtime:
        read = runtime.databases.system.read
        return await read(find_run, run_id, now=runtime.clock.now())
