"""The command ``graphwright-sandbox``: starts a sandbox and says how to reach it.

It must not know how the sandbox answers.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.faults.notation import FaultInvalid, parse_fault, read_faults
from graphwright_sandbox.faults.throttling import DOCUMENTED, ThrottleInvalid
from graphwright_sandbox.listening import PortTaken
from graphwright_sandbox.options import (
    DEFAULT_HTTP_PORT,
    DEFAULT_HTTPS_PORT,
    DEFAULT_TRANSFER_PORT,
    default_folder,
)
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.client_credentials import FILE_NAME, ensure_client_credentials
from graphwright_sandbox.server import Sandbox
from graphwright_sandbox.state import StateUnusable
from graphwright_sandbox.tenant import AppRegistration, Person, Tenant

_DESCRIBED = 100
_EPILOG = "Examples: graphwright-sandbox · graphwright-sandbox --json"


class ConsentPolicy(StrEnum):
    """The values of ``--user-consent``."""

    ALL = "all"
    ADMIN_FOR_HIGH = "admin_for_high"
    NONE = "none"


HttpsPort = Annotated[
    int, typer.Option(min=0, max=65535, help="Port for programs (0: any free one).")
]
HttpPort = Annotated[
    int, typer.Option(min=0, max=65535, help="Port for browsers (0: any free one).")
]
TransferPort = Annotated[
    int, typer.Option(min=0, max=65535, help="Port for contents of files (0: any free one).")
]
RedirectUri = Annotated[
    list[str] | None,
    typer.Option(help="Register one more redirect URI; may be given several times."),
]
AppRegistrations = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="File of app registrations, as docs/sandbox.md says."),
]
Password = Annotated[
    str | None, typer.Option(help="Ask everybody for this password. Default: nobody is asked.")
]
UserConsentOption = Annotated[
    ConsentPolicy, typer.Option(help="What people may consent to without an administrator.")
]
OpaqueAccessTokens = Annotated[
    bool, typer.Option("--opaque-access-tokens", help="Access tokens that only Graph can read.")
]
SingleUseAssertions = Annotated[
    bool, typer.Option("--single-use-assertions", help="Refuse a client assertion seen before.")
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        file_okay=False,
        help="Folder for certificates and keys. Default: the user's cache folder.",
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        dir_okay=False,
        help="File that keeps everything written. Default: a restart brings the company back.",
    ),
]
AccessTokenLifetime = Annotated[
    int | None,
    typer.Option(min=1, help="Lifetime of access tokens in seconds. Default: 60 to 90 minutes."),
]
People = Annotated[
    int,
    typer.Option(
        min=0,
        max=100_000,
        help="So many people in all, to measure; beyond the company they are made when looked at.",
    ),
]
BulkEvents = Annotated[
    int, typer.Option(min=0, help="This many more events for the first person, to measure.")
]
Messages = Annotated[
    int,
    typer.Option(
        min=0, max=10_000_000, help="This many more messages in every inbox, made when looked at."
    ),
]
FaultsFile = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="File of faults to answer with, as docs/sandbox.md says."),
]
Fault = Annotated[
    list[str] | None,
    typer.Option(help="One fault, as 'GET /me/messages: 429 retry-after=2'; may be repeated."),
]
Seed = Annotated[
    int | None, typer.Option(help="How chance falls in faults. Default: the file's, else 0.")
]
Throttle = Annotated[
    list[str] | None,
    typer.Option(
        help="A limit of traffic, as outlook=100/60, outlook-concurrency=4 or off; may be repeated."
    ),
]
RealHostNames = Annotated[
    bool,
    typer.Option(
        "--real-host-names",
        help="Answer as login.microsoftonline.com and graph.microsoft.com too.",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one line of JSON when ready, and nothing else.")
]
UntilStdinCloses = Annotated[
    bool, typer.Option(help="Stop when standard input closes: with the program that started it.")
]


def sandbox(
    https_port: HttpsPort = DEFAULT_HTTPS_PORT,
    http_port: HttpPort = DEFAULT_HTTP_PORT,
    transfer_port: TransferPort = DEFAULT_TRANSFER_PORT,
    redirect_uri: RedirectUri = None,
    app_registrations: AppRegistrations = None,
    password: Password = None,
    user_consent: UserConsentOption = ConsentPolicy.ALL,
    opaque_access_tokens: OpaqueAccessTokens = False,
    single_use_assertions: SingleUseAssertions = False,
    certificates: Certificates = None,
    state: StateOption = None,
    access_token_lifetime: AccessTokenLifetime = None,
    people: People = 0,
    bulk_events: BulkEvents = 0,
    messages: Messages = 0,
    faults: FaultsFile = None,
    fault: Fault = None,
    seed: Seed = None,
    throttle: Throttle = None,
    real_host_names: RealHostNames = False,
    as_json: AsJson = False,
    until_stdin_closes: UntilStdinCloses = False,
) -> None:
    """Start a local Microsoft 365: Entra ID and Microsoft Graph on this machine."""
    folder = certificates or default_folder()
    plan = _read_plan(faults, fault or ())
    try:
        running = Sandbox.start(
            replace(
                _create_tenant(redirect_uri or (), folder, app_registrations, people),
                password=password or None,
                user_consent=user_consent.value,
                opaque_access_tokens=opaque_access_tokens,
                single_use_assertions=single_use_assertions,
            ),
            folder,
            https_port=https_port,
            http_port=http_port,
            transfer_port=transfer_port,
            access_token_lifetime=_seconds(access_token_lifetime),
            bulk_events=bulk_events,
            bulk_messages=messages,
            faults=plan.rules,
            seed=plan.seed if seed is None else seed,
            throttle=(*DOCUMENTED, *(throttle or ())),
            state_file=state,
            real_host_names=real_host_names,
        )
    except (ThrottleInvalid, PortTaken, StateUnusable, OSError) as error:
        raise _explained(error) from None
    with running:
        _run(running, as_json=as_json, until_stdin_closes=until_stdin_closes)


def _explained(error: Exception) -> typer.Exit:
    """Says why the sandbox did not start, and gives the exit code."""
    match error:
        case ThrottleInvalid():
            message = f"The limits cannot be read: {error}."
        case PortTaken():
            ports = "--https-port, --http-port or --transfer-port"
            message = f"{error} Choose another with {ports}."
        case StateUnusable():
            message = str(error)
        case _:
            message = f"The sandbox cannot use its folder of certificates: {error}"
    typer.echo(message, err=True)
    return typer.Exit(2 if isinstance(error, ThrottleInvalid) else 1)


def _seconds(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _create_tenant(
    redirect_uris: Sequence[str], folder: Path, registrations: Path | None, people: int
) -> Tenant:
    """The seeded tenant, with the registrations of a file."""
    tenant = create_tenant(redirect_uris, ensure_client_credentials(folder), people=people)
    if registrations is None:
        return tenant
    # Not at the top: pydantic is a good part of the time to start, and only needed here.
    from graphwright_sandbox.seed.registrations_file import (  # noqa: PLC0415
        RegistrationsInvalid,
        read_registrations,
    )

    try:
        return replace(tenant, app_registrations=read_registrations(registrations, tenant))
    except RegistrationsInvalid as error:
        typer.echo(f"The app registrations cannot be read.\n{error}", err=True)
        raise typer.Exit(2) from None


def _read_plan(file: Path | None, lines: Sequence[str]) -> FaultPlan:
    """The faults of the file, and then those of the command line."""
    try:
        plan = read_faults(file) if file else FaultPlan()
        for line in lines:
            plan.add(parse_fault(line))
    except FaultInvalid as error:
        typer.echo(f"The faults cannot be read.\n{error}", err=True)
        raise typer.Exit(2) from None
    return plan


def describe(running: Sandbox) -> dict[str, Any]:
    """What a program needs to use a running sandbox, as ``--json`` prints it."""
    return {
        "login_url": running.login_url,
        "browser_url": running.browser_url,
        "graph_url": running.graph_url,
        "transfer_url": running.transfer_url,
        "ca_file": str(running.ca_file),
        "client_credentials_file": str(running.ca_file.with_name(FILE_NAME)),
        "tenant_id": running.tenant.id,
        "domain": running.tenant.domain,
        "control_key": running.control_key,
        "app_registrations": [_describe_app(app) for app in running.tenant.app_registrations],
        "people": [_describe_person(person) for person in running.tenant.people[:_DESCRIBED]],
    }


def main() -> None:
    """The entry point of ``graphwright-sandbox``."""
    app = typer.Typer(add_completion=True, pretty_exceptions_enable=False)
    app.command(epilog=_EPILOG)(sandbox)
    app(prog_name="graphwright-sandbox")


def _run(running: Sandbox, *, as_json: bool, until_stdin_closes: bool) -> None:
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    if until_stdin_closes:
        threading.Thread(target=_wait_for_stdin, args=(end,), daemon=True).start()
    try:
        if as_json:
            typer.echo(json.dumps(describe(running), ensure_ascii=False))
            sys.stdout.flush()
        else:
            _show(running)
        end.wait()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _describe_app(app: AppRegistration) -> dict[str, Any]:
    return {
        "client_id": app.app_id,
        "display_name": app.display_name,
        "client_secret": app.secrets[0] if app.secrets else None,
        "public_client": app.public_client,
        "redirect_uris": list(app.redirect_uris),
        "delegated_permissions": list(app.delegated_permissions),
        "application_permissions": list(app.application_permissions),
    }


def _describe_person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.display_name,
        "user_principal_name": person.user_principal_name,
        "job_title": person.job_title,
        "time_zone": person.time_zone,
    }


def _wait_for_stdin(end: threading.Event) -> None:
    # Read below Python's buffers: their lock would be held when the interpreter ends.
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # no standard input at all is a closed one
    end.set()


def _show(running: Sandbox) -> None:
    console = Console()
    tenant = running.tenant
    console.print(f"[bold]{tenant.display_name}[/bold], a sandbox tenant – not Microsoft")
    facts = Table.grid(padding=(0, 2))
    facts.add_row("Open in a browser", running.browser_url)
    facts.add_row("Authority", f"{running.login_url}/{tenant.id}")
    facts.add_row("Microsoft Graph", f"{running.graph_url}/v1.0")
    facts.add_row("Contents of files", running.transfer_url)
    facts.add_row("Trust this certificate", str(running.ca_file))
    facts.add_row("Key of clients without a secret", str(running.ca_file.with_name(FILE_NAME)))
    facts.add_row("Control key", running.control_key)
    console.print(facts)
    apps = Table("App registration", "Client ID", "Client secret", "Redirect URIs")
    for app in tenant.app_registrations:
        apps.add_row(app.display_name, app.app_id, _proof_of(app), "\n".join(app.redirect_uris))
    console.print(apps)
    how = "without a password" if tenant.password is None else "with the password you set"
    console.print(f"{len(tenant.people):,} people can sign in, {how}. Ctrl-C stops.")


def _proof_of(app: AppRegistration) -> str:
    """How an application proves who it is."""
    if app.secrets:
        return app.secrets[0]
    if app.certificates:
        return "none (certificate)"
    return "none (federated)" if app.federated_credentials else "none (public client)"
