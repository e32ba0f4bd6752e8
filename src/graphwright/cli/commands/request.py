"""`request`: one request to Microsoft Graph, as the user or as the application."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from graphwright.cli.app import App, Data, console, run_async


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Examples: graphwright request my-app GET /me/events --profile graph-user "
        "--all-pages · graphwright request my-app GET /users --profile graph-app"
    )(request)


def request(
    app: App,
    method: Annotated[str, typer.Argument(help="GET, POST, PATCH, PUT or DELETE.")],
    url: Annotated[str, typer.Argument(help="An endpoint such as /me/events, or an absolute URL.")],
    profile: Annotated[str, typer.Option(help="The authorization profile.")],
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="Follow the pages; prints one JSON array.")
    ] = False,
    body: Annotated[str | None, typer.Option(help="A JSON body, or @FILE to read it from.")] = None,
    header: Annotated[
        list[str] | None, typer.Option(metavar="NAME:VALUE", help="A request header.")
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="The user, where several have signed in.")
    ] = None,
    api: Annotated[str, typer.Option(help="v1.0 or beta.")] = "v1.0",
    data: Data = None,
) -> None:
    """Send one request and print the response's JSON."""
    from graphwright.kernel.errors import InvalidInput

    headers = {}
    for text in header or []:
        if ":" not in text:
            raise InvalidInput(f"{text[:40]!r} is no header.", hint="Write --header 'Name: value'.")
        name, value = text.split(":", 1)
        headers[name.strip()] = value.strip()
    definition: dict[str, Any] = {
        "method": method.upper(),
        "url": _literal(url),
        "headers": {name: _literal(value) for name, value in headers.items()},
        "api": api,
        "authentication": {"type": "oauth2", "profile": profile},
    }
    if body is not None:
        definition["body"] = {"json": _literal(_read_body(body))}
    run_async(_request(app, definition, profile, account, all_pages, data))


def _literal(value: Any) -> Any:
    """The value with what would be a template taken literally: here nothing is one."""
    if isinstance(value, str):
        return value.replace("{{", "{{{{")
    if isinstance(value, dict):
        return {name: _literal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    return value


def _read_body(body: str) -> Any:
    from graphwright.kernel.errors import InvalidInput

    try:
        return json.loads(Path(body[1:]).read_text("utf-8") if body.startswith("@") else body)
    except OSError as error:
        raise InvalidInput(f"{body[1:]} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InvalidInput(
            f"The body is no JSON: {error}.", hint='Write --body \'{"subject": "…"}\'.'
        ) from error


async def _request(
    app: Path,
    definition: dict[str, Any],
    profile: str,
    account: str | None,
    all_pages: bool,
    data: Path | None,
) -> None:
    from pydantic import ValidationError

    from graphwright.application.runtime import Runtime
    from graphwright.http.build import build_call
    from graphwright.http.definition import RequestDefinition
    from graphwright.kernel.errors import InvalidInput

    async with await Runtime.open(app, data=data) as runtime:
        try:
            request = RequestDefinition.model_validate(definition)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise InvalidInput(f"The request is wrong: {first['msg']}.") from None
        is_user = runtime.profiles.definition(profile).flavour == "user"
        person = await _sign_in(runtime, profile, account) if is_user else None
        call = build_call(request, {}, profiles=runtime.profiles, principal_id=person)
        response = await runtime.http.send(call)
        await _print(runtime, response, all_pages)


async def _sign_in(runtime: Any, profile: str, account: str | None) -> str:
    """The principal to send as: one with tokens of the profile, else a sign-in in the browser."""
    from graphwright.kernel.errors import NotFound
    from graphwright.profiles.errors import AuthorizationRequired
    from graphwright.profiles.loopback import sign_in

    for known in await runtime.profiles.principals():
        if account is not None and account.casefold() != known.username.casefold():
            continue
        try:
            await runtime.profiles.access_token(profile, known.id)
        except AuthorizationRequired:
            continue
        return str(known.id)
    output = console(to_stderr=True)
    output.print("Opening the browser to sign in …")

    def open_browser(url: str) -> None:
        import webbrowser

        output.print("If none opens, go to:", soft_wrap=True)
        output.print(url, soft_wrap=True, markup=False)
        webbrowser.open(url)

    signed_in = await sign_in(
        runtime.profiles, profile, login_hint=account, open_browser=open_browser
    )
    if account is not None and account.casefold() != signed_in.username.casefold():
        raise NotFound(f"You signed in as {signed_in.username}, not as {account}.")
    return str(signed_in.principal_id)


async def _print(runtime: Any, response: Any, all_pages: bool) -> None:
    from graphwright.http.collection import CollectionHandle

    body = response.body
    if isinstance(body, CollectionHandle) and all_pages:
        separator = "[\n"
        async for page in body.pages(runtime.http):
            for item in page.items:
                typer.echo(separator + json.dumps(item, ensure_ascii=False), nl=False)
                separator = ",\n"
        typer.echo("\n]" if separator == ",\n" else "[]")
        return
    if isinstance(body, CollectionHandle):
        first = body.first or await runtime.http.page(body.call, None)
        body = {**first.annotations, "value": first.items}
        if first.next is not None:
            console(to_stderr=True).print("There are more pages: --all-pages reads them.")
    if isinstance(body, bytes):
        typer.get_binary_stream("stdout").write(body)
    elif isinstance(body, str):
        typer.echo(body)
    elif body is not None:
        typer.echo(json.dumps(body, indent=2, ensure_ascii=False))
    else:
        console(to_stderr=True).print(f"{response.status}, no content.")
