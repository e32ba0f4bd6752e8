"""The sandbox's start page: what this is, and the addresses a program needs. No secrets here."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.pages.console.desk import Desk
from graphwright_sandbox.pages.console.frame import (
    BASE,
    Visit,
    console_page,
    copied,
    copy_button,
)


class Home:
    """``/``."""

    def __init__(self, desk: Desk, faults: FaultPlan, ca_file: str) -> None:
        self._desk = desk
        self._faults = faults
        self._ca_file = ca_file

    def routes(self) -> list[Route]:
        return [self._desk.show("/", self.show)]

    def show(self, _: Request, visit: Visit) -> Response:
        entra = self._desk.entra
        tenant, endpoints = entra.tenant, entra.endpoints
        login = endpoints.login_url
        addresses = {
            "Tenant id": tenant.id,
            "Domain": tenant.domain,
            "Authority": f"{login}/{tenant.id}",
            "Discovery": f"{login}/{tenant.id}/v2.0/.well-known/openid-configuration",
            "Microsoft Graph": f"{endpoints.graph_url}/v1.0",
            "Certificate to trust": self._ca_file,
        }
        facts = "".join(copied(name, value) for name, value in addresses.items())
        snippet = _snippet(addresses["Authority"], self._ca_file)
        body = f"""<h1>{escape(tenant.display_name)}</h1>
<p class="lead">A local Microsoft 365 tenant for building and testing: Entra ID and Microsoft Graph
on your own computer. What Microsoft refuses, it refuses.</p>
<ul class="tiles">{self._tiles()}</ul>
<section class="card"><h2>Addresses</h2><dl class="facts">{facts}</dl></section>
<section class="card"><h2>Point MSAL for Python at it</h2>
<div class="snippet">{copy_button(snippet, "the code")}<pre tabindex="0">{escape(snippet)}</pre></div>
<p>Client ids and secrets: <a href="{BASE}/apps">App registrations</a>.</p></section>"""
        return console_page(visit, "/", tenant.display_name, body)

    def _tiles(self) -> str:
        entra = self._desk.entra
        due = sum(not rule.exhausted for rule in self._faults.rules)
        refused = sum(1 for one in self._desk.inspector if (one.status or 0) >= 400)
        return (
            _tile("people", len(entra.tenant.people), "people", "Sign in as one of them")
            + _tile("apps", len(entra.directory.apps), "app registrations", "Ids, permissions")
            + _tile("requests", len(self._desk.inspector), "requests", f"{refused} refused")
            + _tile("faults", due, "faults", "Switched on" if due else "Nothing wrong on purpose")
        )


def _tile(path: str, count: int, title: str, hint: str) -> str:
    return (
        f'<li><a class="tile" href="{BASE}/{path}"><strong>{count:,}</strong> {title}'
        f"<span>{hint}</span></a></li>"
    )


def _snippet(authority: str, ca_file: str) -> str:
    return f"""import msal, requests

http = requests.Session()
http.trust_env = False
http.verify = {ca_file!r}
client = msal.ConfidentialClientApplication(
    client_id,
    client_credential=secret,
    authority={authority!r},
    instance_discovery=False,
    http_client=http,
)"""
