"""`profiles`: how the application is authorized, and what to register for it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, Format, OutputFormat, console


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: graphwright profiles examples/my-day")(profiles)


def profiles(
    app: App,
    base_url: Annotated[
        str | None, typer.Option(help="The address users open (default: GRAPHWRIGHT_BASE_URL).")
    ] = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Print what to register in Entra ID for each authorization profile."""
    from graphwright.application.check import load_application
    from graphwright.application.guides import profile_guides
    from graphwright.kernel.settings import Settings

    settings = Settings.read(app, base_url=base_url)
    guides = profile_guides(load_application(app, settings), settings)
    if output is OutputFormat.JSON:
        found = [asdict(guide) for guide in guides]
        typer.echo(json.dumps({"profiles": found}, indent=2, ensure_ascii=False))
        return
    for guide in guides:
        _show(guide)
    if any(guide.missing for guide in guides):
        console(to_stderr=True).print(
            f"Set what is missing in the environment or in {app / '.env'}; secrets can be stored by "
            f"`graphwright secrets set {app} NAME`.",
            markup=False,
            soft_wrap=True,
        )


def _show(guide: Any) -> None:
    from rich.text import Text

    flavour = "a user" if guide.flavour == "user" else "the application"
    rows: list[tuple[str, list[str]]] = [
        ("flavour", [flavour]),
        ("grant type", [guide.grant_type]),
        ("tenant", [guide.tenant]),
        ("client id", [guide.client_id]),
        ("secret", list(guide.secrets)),
        (
            "portal redirect URLs",
            [f"{u.url}  ({u.platform}; {u.purpose})" for u in guide.redirect_urls],
        ),
        (
            "permissions",
            [p.name + ("" if p.covered else "  (not in scopes!)") for p in guide.permissions],
        ),
        ("unknown requests", list(guide.unknown_requests)),
        ("admin consent", list(_consent(guide))),
        ("note", list(guide.notes)),
        ("missing", [_missing(guide, name) for name in guide.missing]),
    ]
    output = console()
    output.print(Text(f"{guide.profile}  {guide.title}", style="bold"))
    for name, values in rows:
        for index, value in enumerate(values):
            # Addresses are for copying: no table may break them.
            line = Text(f"  {'' if index else name:<22}", style="dim").append(value, style="none")
            output.print(line, soft_wrap=True)
    output.print()


def _consent(guide: Any) -> Iterator[str]:
    unset = [name for name in guide.missing if name not in guide.secrets]
    if guide.admin_consent_url:
        yield guide.admin_consent_url
    elif unset:
        yield f"a link, once {' and '.join(unset)} {'are' if unset[1:] else 'is'} set"


def _missing(guide: Any, name: str) -> str:
    return f"The {'secret' if name in guide.secrets else 'setting'} {name} is not set."
