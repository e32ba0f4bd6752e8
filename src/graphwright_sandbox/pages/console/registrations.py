"""The applications registered in the tenant: ids, addresses, secrets on demand, consents.

It must not know how a client authenticates.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.entra.permissions import Permission
from graphwright_sandbox.entra.redirects import is_registrable
from graphwright_sandbox.entra.resources import bare_name, describe_role
from graphwright_sandbox.pages.console.desk import Desk, Done
from graphwright_sandbox.pages.console.frame import (
    BASE,
    Visit,
    badge,
    button,
    console_page,
    copied,
    copy_button,
    fact,
    token_field,
)
from graphwright_sandbox.tenant import AppRegistration

_PATH = f"{BASE}/apps"
_ONE = f"{_PATH}/{{id}}"


class Registrations:
    """``/_sandbox/apps``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._directory = desk.entra.directory

    def routes(self) -> list[Route]:
        return [
            self._desk.show(_PATH, self.show_all),
            self._desk.show(_ONE, self.show_one),
            self._desk.do(f"{_ONE}/secrets", self.show_secrets),
            self._desk.do(f"{_ONE}/redirect-uris", self.add_redirect_uri),
            self._desk.do(f"{_ONE}/consent", self.consent),
            self._desk.do(f"{_ONE}/withdraw", self.withdraw),
        ]

    def show_all(self, _: Request, visit: Visit) -> Response:
        rows = "".join(self._row(app) for app in self._directory.apps)
        body = f"""<h1>App registrations</h1>
<p class="lead">What may ask for tokens here. In a real tenant a person registers these in the
Entra admin center.</p>
<div class="scroll"><table class="cards"><thead><tr><th scope="col">Name</th>
<th scope="col">Client ID</th><th scope="col">Kind</th><th scope="col">Consent</th></tr></thead>
<tbody>{rows}</tbody></table></div>"""
        return console_page(visit, _PATH, "App registrations", body, wide=True)

    def show_one(self, request: Request, visit: Visit) -> Response:
        return self._page(visit, self._app(request), show_secrets=False)

    def show_secrets(self, request: Request, _: Parameters) -> Response:
        # The answer of a post: it is not in the browser's history and is never kept.
        return self._page(self._desk.visit_of(request), self._app(request), show_secrets=True)

    def add_redirect_uri(self, request: Request, parameters: Parameters) -> Done | Response:
        app = self._app(request)
        uri = parameters.get("redirect_uri", "").strip()
        if not is_registrable(uri):
            return self._desk.refuse(request, "A redirect URI is an http or https address.")
        self._directory.register_redirect_uri(app, uri)
        return Done(f"{uri} is registered.", _path(app))

    def consent(self, request: Request, _: Parameters) -> Done:
        app = self._app(request)
        self._directory.consent_for_everyone(app)
        return Done(f"An administrator agreed to all that {app.display_name} asks for.", _path(app))

    def withdraw(self, request: Request, _: Parameters) -> Done:
        app = self._app(request)
        self._directory.withdraw_consents(app)
        return Done(f"All consents of {app.display_name} were withdrawn.", _path(app))

    def _app(self, request: Request) -> AppRegistration:
        return self._directory.find_app(request.path_params["id"])

    def _row(self, app: AppRegistration) -> str:
        return f"""<tr><td data-title="Name"><a href="{_path(app)}"><strong>{escape(app.display_name)}
</strong></a></td><td data-title="Client ID"><code>{app.app_id}</code>
{copy_button(app.app_id, f"the client id of {app.display_name}")}</td>
<td data-title="Kind">{_kind(app)}</td><td data-title="Consent">{self._consent(app)}</td></tr>"""

    def _consent(self, app: AppRegistration) -> str:
        if self._directory.scopes_for_everyone(app) or self._directory.granted_roles(app):
            return badge("By an administrator", "good")
        people = len(self._directory.consenting_people(app))
        if people:
            return badge("1 person" if people == 1 else f"{people} people", "good")
        return badge("Nobody yet", "warn")

    def _page(self, visit: Visit, app: AppRegistration, *, show_secrets: bool) -> Response:
        facts = (
            copied("Client ID", app.app_id)
            + copied("Tenant ID", self._desk.entra.tenant.id)
            + fact("Kind", _kind(app))
            + fact("Accounts", _audience(app))
        )
        for uri in app.identifier_uris:
            facts += copied("Application ID URI", uri)
        body = f"""<p class="crumbs"><a href="{_PATH}">App registrations</a></p>
<h1>{escape(app.display_name)}</h1>
<section class="card"><h2>Essentials</h2><dl class="facts">{facts}</dl></section>
<section class="card"><h2>Certificates and secrets</h2>{_secrets(visit, app, show_secrets)}</section>
<section class="card"><h2>Redirect URIs</h2>{_redirect_uris(visit, app)}</section>
{self._saml(app)}
<section class="card"><h2>API permissions</h2>{self._permissions(visit, app)}</section>"""
        return console_page(visit, _PATH, app.display_name, body)

    def _saml(self, app: AppRegistration) -> str:
        settings, entra = app.saml, self._desk.entra
        if settings is None:
            return ""
        facts = [copied("Identifier (entity ID)", one) for one in settings.entity_ids]
        facts += [copied("Reply URL", one) for one in settings.reply_urls]
        if settings.logout_url:
            facts.append(copied("Logout URL", settings.logout_url))
        metadata = f"/{entra.tenant.id}/federationmetadata/2007-06/federationmetadata.xml"
        facts.append(copied("Metadata", entra.endpoints.login_url + metadata))
        facts.append(copied("Metadata for a browser", entra.endpoints.browser_url + metadata))
        facts.append(fact("NameID", escape(settings.name_id)))
        facts.append(fact("Signed", escape(settings.signing)))
        facts.append(fact("Requests", "signed" if settings.request_certificate else "as they come"))
        encrypted = "encrypted" if settings.encryption_certificate else "readable"
        facts.append(fact("Assertions", encrypted))
        return f"""<section class="card"><h2>Single sign-on with SAML</h2>
<dl class="facts">{"".join(facts)}</dl>
<p><a href="/signin/{quote(app.app_id, safe="")}">Sign in to {escape(app.display_name)}</a></p>
</section>"""

    def _permissions(self, visit: Visit, app: AppRegistration) -> str:
        resources = self._desk.entra.resources
        everyone = self._directory.scopes_for_everyone(app)
        roles = self._directory.granted_roles(app)
        rows = [
            _permission(resources.describe(name), "Delegated", name in everyone)
            for name in sorted(resources.registered(app))
        ]
        rows += [
            _permission(describe_role(name), "Application", name in roles)
            for name in sorted(app.application_permissions)
        ]
        if not rows:
            return "<p>None.</p>"
        people = self._consenting(app)
        return f"""<div class="scroll"><table class="cards"><thead><tr><th scope="col">Permission</th>
<th scope="col">Type</th><th scope="col">Administrator</th></tr></thead>
<tbody>{"".join(rows)}</tbody></table></div>
{f"<p>Agreed for themselves: <bdi>{people}</bdi></p>" if people else ""}
<form method="post" action="{_path(app)}/consent">{token_field(visit)}<div class="buttons">
{button("Grant admin consent", f"{_path(app)}/consent", kind="main")}
{button("Withdraw all consents", f"{_path(app)}/withdraw")}</div></form>"""

    def _consenting(self, app: AppRegistration) -> str:
        ids = self._directory.consenting_people(app)
        found = (self._directory.find_person(one) for one in ids[:20])
        names = [escape(one.display_name) for one in found if one is not None]
        return ", ".join(names) + (f" and {len(ids) - 20} more" if len(ids) > 20 else "")


def _path(app: AppRegistration) -> str:
    return f"{_PATH}/{quote(app.app_id, safe='')}"


def _kind(app: AppRegistration) -> str:
    if app.saml is not None and not app.redirect_uris:
        return "SAML service provider"
    return "Public client" if app.public_client else "Confidential client"


def _audience(app: AppRegistration) -> str:
    if app.sign_in_audience == "AzureADMyOrg":
        return "This organization only"
    return "Any organization"


def _secrets(visit: Visit, app: AppRegistration, show: bool) -> str:
    parts = []
    if app.secrets and show:
        parts.append('<dl class="facts">')
        for number, secret in enumerate(app.secrets, 1):
            parts.append(copied(f"Client secret {number}", secret))
        parts.append("</dl>")
    elif app.secrets:
        count = len(app.secrets)
        parts.append(
            f'<form method="post" action="{_path(app)}/secrets">{token_field(visit)}'
            f"<p>{count} client secret{'s' if count > 1 else ''}. They open nothing but this "
            f"sandbox.</p>{button('Show', f'{_path(app)}/secrets', about='client secrets')}</form>"
        )
    if app.certificates:
        parts.append(f"<p>{len(app.certificates)} certificate(s) to sign client assertions.</p>")
    parts.extend(
        f"<p>Federated credential <strong>{escape(one.name)}</strong>: "
        f"<code>{escape(one.subject)}</code> of <code>{escape(one.issuer)}</code></p>"
        for one in app.federated_credentials
    )
    return "".join(parts) or "<p>None.</p>"


def _redirect_uris(visit: Visit, app: AppRegistration) -> str:
    return f"""{_list(app.redirect_uris)}
<form method="post" action="{_path(app)}/redirect-uris" class="search">{token_field(visit)}
<div><label for="uri">Register another</label>
<input id="uri" type="url" name="redirect_uri" required maxlength="500"
 placeholder="http://localhost:3000/callback"></div>
<button class="action">Add</button></form>"""


def _list(uris: Sequence[str]) -> str:
    if not uris:
        return "<p>None.</p>"
    items = "".join(
        f"<li><code>{escape(uri)}</code> {copy_button(uri, f'the redirect URI {uri}')}</li>"
        for uri in uris
    )
    return f'<ul class="lines">{items}</ul>'


def _permission(permission: Permission, kind: str, agreed: bool) -> str:
    if agreed:
        state = badge("Granted", "good")
    else:
        state = badge("Not granted", "warn" if permission.needs_administrator else "")
    return f"""<tr><td data-title="Permission"><code>{escape(bare_name(permission.name))}</code>
<span>{escape(permission.text)}</span></td><td data-title="Type">{kind}</td>
<td data-title="Administrator">{state}</td></tr>"""
