"""--real-host-names: Microsoft's own names, vouched for by an authority that lies apart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msal
import pytest
import requests
from cryptography import x509
from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

from graphwright_sandbox.certificates import ensure_certificates
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import REAL_HOST_NAMES, Sandbox
from graphwright_sandbox.tenant import AppRegistration

APPLICATION = AppRegistration(
    app_id="99999999-0000-4000-8000-0000000000c1",
    display_name="Real client",
    secrets=("sandbox-only",),
    application_permissions=("User.Read.All", "Calendars.ReadWrite"),
    admin_consented=True,
)
CREDENTIALS = (APPLICATION.app_id, *APPLICATION.secrets)
LOGIN, GRAPH = "login.microsoftonline.com", "graph.microsoft.com"


@pytest.fixture(scope="module")
def real(state: Path) -> Iterator[Sandbox]:
    tenant = replace(create_tenant(), app_registrations=(APPLICATION,))
    with Sandbox.start(tenant, state, real_host_names=True) as running:
        yield running


@pytest.fixture
def names(real: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Microsoft's names lead to the sandbox, on the port of https too; the environment trusts it."""
    port = int(real.login_url.rpartition(":")[2])
    resolve = socket.getaddrinfo

    def resolve_here(host: Any, asked: Any, *rest: Any, **options: Any) -> Any:
        if host in REAL_HOST_NAMES:
            host, asked = "127.0.0.1", port
        return resolve(host, asked, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(real.ca_file))
    return real


def names_of(file: Path, kind: type[Any]) -> set[str]:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    value = certificate.extensions.get_extension_for_class(kind).value
    entries = value.permitted_subtrees if kind is x509.NameConstraints else value
    return {str(one.value) for one in entries}


def test_its_authority_vouches_for_both_names_and_lies_apart(real: Sandbox, state: Path) -> None:
    assert real.ca_file.parent == state / "real-host-names"
    expected = {"localhost", LOGIN, GRAPH}
    assert names_of(real.certificates.server_file, x509.SubjectAlternativeName) >= expected
    assert names_of(real.ca_file, x509.NameConstraints) == {*expected, "127.0.0.1/32", "::1/128"}
    usual = ensure_certificates(state)
    assert usual.ca_file.read_bytes() != real.ca_file.read_bytes()
    assert not names_of(usual.server_file, x509.SubjectAlternativeName) & {LOGIN, GRAPH}


def test_discovery_names_the_real_hosts(names: Sandbox) -> None:
    path = f"/{names.tenant.id}/v2.0/.well-known/openid-configuration"
    document = requests.get(f"https://{LOGIN}{path}", timeout=10).json()
    assert document["issuer"] == f"{names.login_url}/{names.tenant.id}/v2.0"
    assert names.login_url.startswith(f"https://{LOGIN}:")
    for name in ("token_endpoint", "device_authorization_endpoint", "jwks_uri"):
        assert document[name].startswith(f"{names.login_url}/"), name
    # A browser goes to the http port all the same: it shall trust no such authority.
    assert document["authorization_endpoint"].startswith(f"{names.browser_url}/")
    assert names.graph_url.startswith(f"https://{GRAPH}:")


@pytest.mark.parametrize(
    ("host", "status"),
    [(LOGIN, 200), (GRAPH, 200), ("localhost", 200), ("login.microsoft.com", 421), ("", 421)],
)
def test_only_the_names_it_knows_are_answered(names: Sandbox, host: str, status: int) -> None:
    answer = requests.get(f"https://{GRAPH}/", headers={"Host": host}, timeout=10)
    assert answer.status_code == status


def test_its_names_are_no_names_of_other_sandboxes(
    shared_sandbox: Sandbox, http: requests.Session
) -> None:
    answer = http.get(
        shared_sandbox.login_url, headers={"Host": LOGIN}, verify=str(shared_sandbox.ca_file)
    )
    assert answer.status_code == 421


def test_nobody_trusts_it_who_was_not_told_to(
    names: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://{GRAPH}/", timeout=10)


def test_msal_needs_no_setting_of_its_own(names: Sandbox) -> None:
    client = msal.ConfidentialClientApplication(
        APPLICATION.app_id,
        client_credential=APPLICATION.secrets[0],
        authority=f"https://{LOGIN}/{names.tenant.id}",
    )
    assert "access_token" in client.acquire_token_for_client([f"https://{GRAPH}/.default"])


def test_an_unmodified_client_of_graph_lists_creates_changes_and_deletes(names: Sandbox) -> None:
    account = Account(
        CREDENTIALS,
        auth_flow_type="credentials",
        tenant_id=names.tenant.id,
        token_backend=MemoryTokenBackend(),
        protocol=MSGraphProtocol(timezone="UTC"),
        requests_delay=0,
    )
    assert account.authenticate()
    people = [one.mail for one in account.directory().get_users(limit=None, batch=15)]
    assert len(people) == 40
    calendar = account.schedule(resource=f"users/{people[0]}").get_default_calendar()
    event = calendar.new_event("Survey")
    event.start = datetime(2030, 1, 7, 9, tzinfo=ZoneInfo("UTC"))
    event.end = event.start + timedelta(hours=1)
    event.recurrence.set_daily(1, start=date(2030, 1, 7), occurrences=3)
    assert event.save()
    event.subject = "Night survey"
    assert event.save()
    assert calendar.get_event(event.object_id).subject == "Night survey"
    assert event.delete()
    account.connection.session.close()


def test_a_wrong_secret_is_refused_as_by_entra_id(names: Sandbox) -> None:
    client = msal.ConfidentialClientApplication(
        APPLICATION.app_id,
        client_credential="wrong",
        authority=f"https://{LOGIN}/{names.tenant.id}",
    )
    refused = client.acquire_token_for_client([f"https://{GRAPH}/.default"])
    assert refused["error"] == "invalid_client"
    assert 7000215 in refused["error_codes"]
