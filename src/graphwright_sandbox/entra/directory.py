"""The tenant as Entra ID sees it while it runs: who may sign in, what was consented to.

It must not know HTTP nor tokens.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.resources import Resources
from graphwright_sandbox.tenant import AppRegistration, Person, Tenant

ANY_TENANT = ("common", "organizations")
_DNS_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class Directory:
    """People, applications, consents and revocations of one tenant."""

    def __init__(self, tenant: Tenant, resources: Resources, clock: Callable[[], datetime]) -> None:
        self.tenant = tenant
        self._resources = resources
        self._clock = clock
        self._apps = {app.app_id.lower(): app for app in tenant.app_registrations}
        self._consents: dict[tuple[str, str], set[str]] = {}
        self._admin_consents: dict[str, set[str]] = {}
        self._app_roles: dict[str, set[str]] = {}
        for app in tenant.app_registrations:
            if app.admin_consented:
                self.consent_for_everyone(app)

    def check_tenant(self, identifier: str) -> None:
        """Refuse a path that names another tenant than this one."""
        name = identifier.lower()
        if name in (*ANY_TENANT, self.tenant.id.lower(), self.tenant.domain.lower()):
            return
        if _is_guid(name) or _DNS_NAME.fullmatch(name):
            raise EntraError(90002, tenant=identifier)
        raise EntraError(900023, tenant=_shorten(identifier))

    def find_app(self, app_id: str | None) -> AppRegistration:
        if not app_id:
            raise EntraError(900144, field="client_id")
        app = self._apps.get(app_id.lower())
        if app is None:
            raise EntraError(700016, app_id=_shorten(app_id), tenant=self.tenant.display_name)
        return app

    def register_redirect_uri(self, app: AppRegistration, uri: str) -> None:
        """Add a redirect URI to an application, as an administrator does; one more time is no harm."""
        if uri not in app.redirect_uris:
            changed = replace(app, redirect_uris=(*app.redirect_uris, uri))
            self._apps[app.app_id.lower()] = changed

    def find_person(self, name_or_id: str) -> Person | None:
        """A person by id, user principal name or address, in any casing."""
        return self.tenant.people.find(name_or_id.strip())

    def get_person(self, name_or_id: str) -> Person:
        person = self.find_person(name_or_id)
        if person is None:
            raise EntraError(50034, user=_shorten(name_or_id), tenant=self.tenant.display_name)
        return person

    def get_enabled_person(self, name_or_id: str) -> Person:
        person = self.get_person(name_or_id)
        if not person.account_enabled:
            raise EntraError(50057)
        return person

    def set_enabled(self, person: Person, enabled: bool) -> None:
        self.tenant.people.replace(replace(person, account_enabled=enabled))

    def revoke_grants(self, person: Person) -> None:
        """Refuse every refresh token and code issued to this person until now."""
        self.tenant.people.replace(replace(person, sessions_valid_from=self._clock()))

    def granted_scopes(self, app: AppRegistration, person: Person) -> frozenset[str]:
        """Every delegated permission that this person or an administrator agreed to."""
        own = self._consents.get((app.app_id, person.id), set())
        return frozenset(own | self._admin_consents.get(app.app_id, set()))

    def granted_roles(self, app: AppRegistration) -> frozenset[str]:
        """Every application permission that an administrator agreed to."""
        return frozenset(self._app_roles.get(app.app_id, set()))

    def consent(self, app: AppRegistration, person: Person, scopes: Iterable[str]) -> None:
        self._consents.setdefault((app.app_id, person.id), set()).update(scopes)

    def consent_for_everyone(self, app: AppRegistration, scopes: Iterable[str] = ()) -> None:
        """An administrator agrees to all that is registered, and to further scopes."""
        self._admin_consents.setdefault(app.app_id, set()).update(
            self._resources.registered(app), PROTOCOL_SCOPES, scopes
        )
        self._app_roles.setdefault(app.app_id, set()).update(app.application_permissions)


def _is_guid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _shorten(value: str) -> str:
    # Error texts repeat what was sent, but not at any length.
    return value if len(value) <= 120 else value[:120] + "…"
