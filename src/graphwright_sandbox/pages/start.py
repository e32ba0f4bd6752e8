"""The sandbox's own start page: its addresses, applications and people. It keeps secrets out."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.pages.layout import page
from graphwright_sandbox.tenant import AppRegistration, Person, Tenant


def start_page(tenant: Tenant, endpoints: Endpoints) -> Response:
    """What a developer needs to point a program here."""
    login, graph = endpoints.login_url, endpoints.graph_url
    facts = {
        "Tenant": tenant.id,
        "Domain": tenant.domain,
        "Authority": f"{login}/{tenant.id}",
        "Discovery": f"{login}/{tenant.id}/v2.0/.well-known/openid-configuration",
        "Microsoft Graph": f"{graph}/v1.0",
    }
    rows = "".join(f"<dt>{name}</dt><dd><code>{escape(v)}</code></dd>" for name, v in facts.items())
    apps = "".join(_app(app) for app in tenant.app_registrations)
    people = "".join(_person(person) for person in tenant.people)
    body = f"""<h1>{escape(tenant.display_name)}</h1>
<p>A local Microsoft 365 tenant for building and testing.</p>
<dl>{rows}</dl>
<h2>App registrations</h2>
{apps}
<h2>People</h2>
<table><thead><tr><th scope="col">Name</th><th scope="col">Job</th><th scope="col">Sign-in name</th>
<th scope="col">Time zone</th></tr></thead><tbody>{people}</tbody></table>"""
    return page(tenant.display_name, body)


def _app(app: AppRegistration) -> str:
    facts = {
        "Client ID": app.app_id,
        "Kind": "public client" if app.public_client else "confidential client",
        "Redirect URIs": ", ".join(app.redirect_uris) or "none",
        "Delegated": ", ".join(app.delegated_permissions) or "none",
        "Application": ", ".join(app.application_permissions) or "none",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<h3>{escape(app.display_name)}</h3><dl>{rows}</dl>"


def _person(person: Person) -> str:
    cells = (
        f"<bdi>{escape(person.display_name)}</bdi>",
        escape(person.job_title),
        escape(person.user_principal_name),
        escape(person.iana_time_zone),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
