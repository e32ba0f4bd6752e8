"""Graph in which everybody is one person: for what is tested below or beside sign-in."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.tenant import Caller, Tenant

APP_ID = "99999999-0000-4000-8000-000000000001"
SCOPES = (
    "User.ReadWrite.All Group.ReadWrite.All Mail.ReadWrite Calendars.ReadWrite Tasks.ReadWrite "
    "Contacts.ReadWrite Files.ReadWrite.All Sites.ReadWrite.All Sites.Manage.All User.Read"
)


def create_open_graph(tenant: Tenant, _authorize: Any, *rest: Any) -> Starlette:
    """Graph as the first person, without a token."""
    caller = Caller(
        app_id=APP_ID,
        tenant_id=tenant.id,
        user_id=next(iter(tenant.people)).id,
        scopes=frozenset(SCOPES.split()),
    )
    return create_graph_app(tenant, lambda _: caller, *rest)
