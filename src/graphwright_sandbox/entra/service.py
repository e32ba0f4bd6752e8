"""Entra ID's parts, put together once per sandbox. It must not know HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from graphwright_sandbox.clock import Clock
from graphwright_sandbox.entra.client_authentication import Client, ClientAuthentication
from graphwright_sandbox.entra.device_codes import DeviceCodes
from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.grants import REFRESH_TOKEN_LIFETIME, Grants
from graphwright_sandbox.entra.keys import SigningKeys
from graphwright_sandbox.entra.resources import Resources
from graphwright_sandbox.entra.scopes import ScopeReader
from graphwright_sandbox.entra.tokens import Tokens
from graphwright_sandbox.entra.transactions import Browsers, LoginSession
from graphwright_sandbox.state import StateParts
from graphwright_sandbox.tenant import GRAPH_RESOURCE, AppRegistration, Tenant


class Entra:
    """One tenant's Entra ID: its state and its rules."""

    def __init__(
        self,
        tenant: Tenant,
        endpoints: Endpoints,
        *,
        clock: Clock | None = None,
        state: Path | None = None,
        access_token_lifetime: timedelta | None = None,
        refresh_token_lifetime: timedelta = REFRESH_TOKEN_LIFETIME,
        sign_in_frequency: timedelta | None = None,
    ) -> None:
        self.tenant = tenant
        self.endpoints = endpoints
        self.clock = clock or Clock()
        self.control_key = secrets.token_urlsafe(32)
        self.keys = SigningKeys(state)
        self.resources = Resources(tenant.app_registrations, endpoints.graph_url)
        self.directory = Directory(tenant, self.resources, self.clock)
        self.scopes = ScopeReader(tenant, self.resources)
        self.tokens = Tokens(
            self.directory, endpoints, self.keys, self.clock, access_token_lifetime
        )
        self.grants = Grants(
            self.directory,
            self.clock,
            refresh_token_lifetime=refresh_token_lifetime,
            sign_in_frequency=sign_in_frequency,
        )
        self.clients = ClientAuthentication(self.directory, endpoints, self.clock)
        self.devices = DeviceCodes(self.clock)
        self.browsers = Browsers(self.clock)
        self.logout_listeners: list[Callable[[LoginSession, str | None], list[str]]] = []
        """Each says where applications of its protocol (but one) hear of a session's end."""

    def issue_graph_token(
        self, app: AppRegistration, user: str | None, permissions: Iterable[str] | None
    ) -> str:
        """A token for Graph that nobody asked for by OAuth: what a test of Graph alone needs.

        LookupError where nobody is called `user`.
        """
        client = Client(app, "0" if app.public_client else "1")
        if user is None:
            names = app.application_permissions if permissions is None else permissions
            issued = self.tokens.issue_application_token(
                client, self.tenant, GRAPH_RESOURCE, frozenset(names)
            )
            return issued.value
        person = self.directory.find_person(user)
        if person is None:
            raise LookupError(f"Nobody in the tenant has the id, name or address '{user}'.")
        names = app.delegated_permissions if permissions is None else permissions
        own = frozenset(name for name in names if "/" not in name)
        return self.tokens.issue_user_token(client, person, GRAPH_RESOURCE, own, frozenset()).value

    def keep_in(self, parts: StateParts) -> None:
        """Name what is to be kept beside Microsoft Graph's state."""
        parts.add("consents", self.directory.dump, self.directory.load)
        parts.add("grants", self.grants.dump, self.grants.load)
