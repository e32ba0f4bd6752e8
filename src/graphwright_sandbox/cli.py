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
from pathlib import Path
from typing import Any

import typer

from graphwright_sandbox.command_options import (
    AccessTokenLifetime,
    AppRegistrations,
    AsJson,
    BulkEvents,
    Certificates,
    ConsentPolicy,
    Fault,
    FaultsFile,
    HttpPort,
    HttpsPort,
    Messages,
    OpaqueAccessTokens,
    Password,
    People,
    RealHostNames,
    RedirectUri,
    Seed,
    SingleUseAssertions,
    StateOption,
    Throttle,
    TransferPort,
    UntilStdinCloses,
    UserConsentOption,
)
from graphwright_sandbox.entra.redirects import is_registrable
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


def sandbox(
    https_port: HttpsPort = DEFAULT_HTTPS_PORT,
    http_port: HttpPort = DEFAULT_HTTP_PORT,
    transfer_port: TransferPort = DEFAULT_TRANSFER_PORT,
    real_host_names: RealHostNames = False,
    certificates: Certificates = None,
    app_registrations: AppRegistrations = None,
    redirect_uri: RedirectUri = None,
    state: StateOption = None,
    password: Password = None,
    user_consent: UserConsentOption = ConsentPolicy.ALL,
    access_token_lifetime: AccessTokenLifetime = None,
    opaque_access_tokens: OpaqueAccessTokens = False,
    single_use_assertions: SingleUseAssertions = False,
    fault: Fault = None,
    faults: FaultsFile = None,
    seed: Seed = None,
    throttle: Throttle = None,
    people: People = 0,
    messages: Messages = 0,
    bulk_events: BulkEvents = 0,
    as_json: AsJson = False,
    until_stdin_closes: UntilStdinCloses = False,
) -> None:
    """Start a local Microsoft 365: Entra ID and Microsoft Graph on this machine."""
    for uri in redirect_uri or ():
        if not is_registrable(uri):
            raise typer.BadParameter(
                f"'{uri}' is no http or https URL.", param_hint="--redirect-uri"
            )
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
    """What a person needs, to be copied: nothing is cut, however narrow the terminal."""
    tenant = running.tenant
    facts = {
        "Open in a browser": running.browser_url,
        "Authority": running.authority,
        "Microsoft Graph": f"{running.graph_url}/v1.0",
        "Contents of files": running.transfer_url,
        "Trust this certificate": running.ca_file,
        "Key without a secret": running.ca_file.with_name(FILE_NAME),
        "Control key": running.control_key,
    }
    typer.echo(f"{tenant.display_name}, a sandbox tenant – not Microsoft\n")
    for name, value in facts.items():
        typer.echo(f"  {name:<24}{value}")
    typer.echo("\nApp registrations: client id, secret, redirect URIs\n")
    for app in tenant.app_registrations:
        typer.echo(f"  {app.display_name}\n    {app.app_id}  {_proof_of(app)}")
        for uri in app.redirect_uris:
            typer.echo(f"    {uri}")
    how = "without a password" if tenant.password is None else "with the password you set"
    typer.echo(
        f"\n{len(tenant.people):,} people can sign in, {how}; such as"
        f" {tenant.people[0].user_principal_name}.\n"
        f"How to point MSAL at it, and what it was asked: {running.browser_url}. Ctrl-C stops."
    )


def _proof_of(app: AppRegistration) -> str:
    """How an application proves who it is."""
    if app.secrets:
        return app.secrets[0]
    if app.certificates:
        return "(certificate)"
    if app.saml is not None:
        return "(SAML)"
    return "(federated)" if app.federated_credentials else "(public client)"
