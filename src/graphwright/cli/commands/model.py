"""`init`, `check`, `schema`: the model of an application."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from graphwright.cli.app import WRONG_CALL, App, Format, OutputFormat, console


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Example: graphwright init my-app --template my-day")(init)
    app.command(epilog="Example: graphwright check examples/my-day --format json")(check)
    app.command(epilog="Example: graphwright schema my-app")(schema)


def init(
    folder: Annotated[Path, typer.Argument(help="The new application's folder.")],
    template: Annotated[
        str,
        typer.Option(
            help="What to start from: empty, my-calendar, directory, mail-triage, my-day, "
            "people-admin, site-browser or team-room."
        ),
    ] = "empty",
) -> None:
    """Make a new application."""
    from graphwright.application.templates import create_application

    created = create_application(folder, template)
    output = console()
    output.print(f"[bold]{folder}[/bold] has {len(created)} files, from the template {template}.")
    output.print(f"1. Put your tenant and client ids into {folder / '.env'}")
    output.print(f"2. graphwright check {folder}")
    output.print(f"3. graphwright serve {folder}")


def check(
    app: App,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Check the model: all problems, each with its place and cure."""
    from graphwright.application.check import check_application
    from graphwright.kernel.errors import ModelInvalid

    try:
        application, problems = check_application(app)
        found = [problem.to_json() for problem in problems]
        counted = _count(application)
    except ModelInvalid as error:
        found, counted = error.facts["problems"], "app.yaml cannot be read"
    errors = sum(1 for problem in found if problem["severity"] == "error")
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"problems": found}, indent=2, ensure_ascii=False))
    else:
        _show(app, found, errors, counted)
    if errors:
        raise typer.Exit(WRONG_CALL)


def _count(application: Any) -> str:
    parts = ("profiles", "lists", "imports", "flows", "pages")
    return ", ".join(f"{len(getattr(application, part))} {part}" for part in parts)


def _show(app: Path, found: list[dict[str, Any]], errors: int, counted: str) -> None:
    from rich.markup import escape

    output = console()
    for problem in found:
        colour = "red" if problem["severity"] == "error" else "yellow"
        place = f"{app / problem['file']}:{problem.get('line', 1)}:{problem.get('column', 1)}"
        output.print(
            f"[bold]{escape(place)}[/bold] [{colour}]{problem['severity']}[/{colour}] "
            f"{escape(problem['message'])} [dim]({problem['code']})[/dim]",
            soft_wrap=True,
        )
        if problem["hint"]:
            output.print(f"    {escape(problem['hint'])}", soft_wrap=True)
    warnings = len(found) - errors
    verdict = f"{errors} problems, {warnings} warnings" if found else "No problems"
    output.print(f"{verdict}: {counted}.", soft_wrap=True)


def schema(
    app: Annotated[
        Path | None, typer.Argument(metavar="APP", help="Write to APP/.schema; absent: print.")
    ] = None,
) -> None:
    """Write the JSON Schemas of the model, so that editors complete and check the YAML."""
    from graphwright.application.schemas import SCHEMA_FOLDER, model_schemas, write_schemas
    from graphwright.kernel.errors import InvalidInput

    if app is None:
        typer.echo(json.dumps(model_schemas(), indent=2, ensure_ascii=False))
        return
    if not (app / "app.yaml").is_file():
        raise InvalidInput(f"{app} is no application: it has no app.yaml.")
    names = write_schemas(app)
    console().print(f"{len(names)} schemas in {app / SCHEMA_FOLDER}.")
