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
    query: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A query parameter.")
    ] = None,
    body: Annotated[
        str | None,
        typer.Option(help="A JSON body, or @FILE to read it from; @@ begins a text with @."),
    ] = None,
    content_type: Annotated[
        str | None, typer.Option(help="The body's media type, such as text/plain; absent: JSON.")
    ] = None,
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
    pairs = []
    for text in query or []:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise InvalidInput(
                f"{text[:40]!r} is no query parameter.", hint="Write --query '$top=5'."
            )
        pairs.append((name, _literal(value)))
    definition: dict[str, Any] = {
        "method": method.upper(),
        "url": _literal(url),
        "query": pairs,
        "headers": {name: _literal(value) for name, value in headers.items()},
        "api": api,
        "authentication": {"type": "oauth2", "profile": profile},
    }
    if body is not None:
        definition["body"] = _define_body(body, content_type)
    elif content_type is not None:
        raise InvalidInput("--content-type says what --body is.", hint="Give a --body as well.")
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


def _define_body(text: str, content_type: str | None) -> dict[str, Any]:
    """The body as it stands in a definition: a JSON tree, or a text of another media type."""
    from graphwright.http.definition import JSON_TYPE
    from graphwright.kernel.errors import InvalidInput

    content = _read_body(text)
    if content_type is not None and not JSON_TYPE.match(content_type):
        return {"text": _literal(content), "content_type": content_type}
    try:
        body = {"json": _literal(json.loads(content))}
    except ValueError as error:
        raise InvalidInput(
            f"The body is no JSON: {error}.", hint='Write --body \'{"subject": "…"}\'.'
        ) from error
    return body if content_type is None else {**body, "content_type": content_type}


def _read_body(text: str) -> str:
    from graphwright.kernel.errors import InvalidInput

    if text.startswith("@@") or not text.startswith("@"):
        return text.removeprefix("@")
    try:
        return Path(text[1:]).read_text("utf-8")
    except OSError as error:
        raise InvalidInput(f"{text[1:]} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{text[1:]} is no UTF-8 text.") from error


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
