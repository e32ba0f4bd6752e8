"""The tenants as Entra ID sees them while they run: who may sign in, what was consented to.

It must not know HTTP nor tokens.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.resources import Resources
from graphwright_sandbox.passwords import verify_password
from graphwright_sandbox.tenant import (
    DIRECTORY_ROLES,
    GLOBAL_ADMINISTRATOR,
    AppRegistration,
    Person,
    Tenant,
)

ANY_TENANT = ("common", "organizations")
ADMINISTRATOR_ROLES = frozenset(
    DIRECTORY_ROLES[name]
    for name in (
        GLOBAL_ADMINISTRATOR,
        "Privileged Role Administrator",
        "Application Administrator",
        "Cloud Application Administrator",
    )
)
"""The directory roles whose holders may consent for everybody."""
_DNS_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class Directory:
    """People, applications, consents and revocations of a tenant and its neighbours."""

    def __init__(self, tenant: Tenant, resources: Resources, clock: Callable[[], datetime]) -> None:
        self.tenant = tenant
        self.tenants = (tenant, *tenant.neighbours)
        self._resources = resources
        self._clock = clock
        self._apps = {app.app_id.lower(): app for app in tenant.app_registrations}
        # Person ids are unique over all tenants; what an administrator decides is of one tenant.
        self._consents: dict[tuple[str, str], set[str]] = {}
        self._admin_consents: dict[tuple[str, str], set[str]] = {}
        self._app_roles: dict[tuple[str, str], set[str]] = {}
        self._tokens_valid_from: dict[str, datetime] = {}
        for app in tenant.app_registrations:
            if app.admin_consented:
                self.consent_for_everyone(app)

    def dump(self) -> dict[str, Any]:
        """Consents, redirect URIs and revocations as a JSON value; no registration's secrets."""
        return {
            "consents": _to_rows(self._consents),
            "admin_consents": _to_rows(self._admin_consents),
            "app_roles": _to_rows(self._app_roles),
            "tokens_valid_from": msgspec.to_builtins(self._tokens_valid_from),
            "redirect_uris": {app.app_id: list(app.redirect_uris) for app in self.apps},
            "registered": {app.app_id: _registered(app) for app in self.apps},
        }

    def load(self, value: Mapping[str, Any]) -> None:
        """Replaces everything by what `dump` gave."""
        self._consents = _from_rows(value["consents"])
        self._admin_consents = _from_rows(value["admin_consents"])
        self._app_roles = _from_rows(value["app_roles"])
        self._tokens_valid_from = msgspec.convert(value["tokens_valid_from"], dict[str, datetime])
        # Which applications there are is said at the start, not by what was kept.
        self._apps = {app.app_id.lower(): app for app in self.tenant.app_registrations}
        for app in self.tenant.app_registrations:
            for uri in value["redirect_uris"].get(app.app_id, ()):
                self.register_redirect_uri(self.find_app(app.app_id), uri)
            is_changed = value["registered"].get(app.app_id) != _registered(app)
            if app.admin_consented and is_changed:
                self.consent_for_everyone(app)

    @property
    def apps(self) -> tuple[AppRegistration, ...]:
        """The registrations as they are now."""
        return tuple(self._apps.values())

    def find_tenant(self, identifier: str) -> Tenant | None:
        """The tenant that a path names; None: any. An EntraError where there is no such tenant."""
        name = identifier.lower()
        if name in ANY_TENANT:
            return None
        for tenant in self.tenants:
            if name in (tenant.id.lower(), tenant.domain.lower()):
                return tenant
        if _is_guid(name) or _DNS_NAME.fullmatch(name):
            raise EntraError(90002, tenant=identifier)
        raise EntraError(900023, tenant=_shorten(identifier))

    def tenant_of(self, person: Person) -> Tenant:
        """The organization that a person belongs to."""
        return next(tenant for tenant in self.tenants if tenant.people.find(person.id) is not None)

    def find_app(self, app_id: str | None, tenant: Tenant | None = None) -> AppRegistration:
        """The application of this id, as a tenant (None: the registrations' own) sees it."""
        if not app_id:
            raise EntraError(900144, field="client_id")
        app = self._apps.get(app_id.lower())
        seen_by = tenant or self.tenant
        is_foreign = seen_by is not self.tenant
        if app is None or (is_foreign and app.sign_in_audience == "AzureADMyOrg"):
            raise EntraError(700016, app_id=_shorten(app_id), tenant=seen_by.display_name)
        return app

    def find_app_by_name(self, name: str) -> AppRegistration:
        """The application of this client id or display name; LookupError names those there are."""
        for app in self.apps:
            if name.casefold() in (app.app_id.casefold(), app.display_name.casefold()):
                return app
        known = ", ".join(f"'{app.display_name}'" for app in self.apps)
        raise LookupError(f"No app registration is called '{_shorten(name)}'. There are {known}.")

    def find_app_at(self, app_id: str | None, segment: str) -> AppRegistration:
        """The application that a request at a tenant's path names."""
        tenant = self.find_tenant(segment)
        app = self.find_app(app_id, tenant)
        if tenant is None and app.sign_in_audience == "AzureADMyOrg":
            raise EntraError(50194, app_id=app.app_id, app_name=app.display_name)
        return app

    def is_installed(self, app: AppRegistration, tenant: Tenant) -> bool:
        """Whether a tenant has a service principal of the application: once anybody consented."""
        return (
            tenant is self.tenant
            or self._key(app, tenant) in self._admin_consents
            or any(tenant.people.find(user_id) for user_id in self.consenting_people(app))
        )

    def register_redirect_uri(self, app: AppRegistration, uri: str) -> None:
        """Add a redirect URI to an application, as an administrator does; one more time is no harm."""
        if uri not in app.redirect_uris:
            changed = replace(app, redirect_uris=(*app.redirect_uris, uri))
            self._apps[app.app_id.lower()] = changed

    def find_person(self, name_or_id: str) -> Person | None:
        """A person of any tenant by id, user principal name or address, in any casing."""
        found = (tenant.people.find(name_or_id.strip()) for tenant in self.tenants)
        return next((person for person in found if person is not None), None)

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

    def check_membership(self, person: Person, tenant: Tenant | None, app: AppRegistration) -> None:
        """Refuse a person of one tenant who signs in at another; nobody is a guest here."""
        home = self.tenant_of(person)
        if tenant is not None and home is not tenant:
            raise EntraError(
                50020,
                user=person.user_principal_name,
                provider=f"https://sts.windows.net/{home.id}/",
                tenant=tenant.display_name,
                app_id=app.app_id,
                app_name=app.display_name,
            )

    def needs_password(self, person: Person) -> bool:
        return person.password_hash is not None or self.tenant_of(person).password is not None

    def check_password(self, person: Person, password: str) -> None:
        """AADSTS50126 where it is not the person's."""
        if person.password_hash is not None:
            is_right = verify_password(password, person.password_hash)
        else:
            everybodys = self.tenant_of(person).password or ""
            is_right = secrets.compare_digest(password.encode(), everybodys.encode())
        if not is_right:
            raise EntraError(50126)

    def set_enabled(self, person: Person, enabled: bool) -> None:
        self.tenant_of(person).people.replace(replace(person, account_enabled=enabled))

    def revoke_grants(self, person: Person) -> None:
        """Refuse every refresh token and code issued to this person until now."""
        self.tenant_of(person).people.replace(replace(person, sessions_valid_from=self._clock()))

    def revoke_access(self, person: Person) -> None:
        """Have access tokens issued until now exchanged, by clients that can: grants stay good."""
        self._tokens_valid_from[person.id] = self._clock()

    def tokens_valid_from(self, person: Person) -> datetime | None:
        """Continuous access evaluation refuses access tokens from before; None: none."""
        times = (person.sessions_valid_from, self._tokens_valid_from.get(person.id))
        return max((time for time in times if time is not None), default=None)

    def granted_scopes(self, app: AppRegistration, person: Person) -> frozenset[str]:
        """Every delegated permission that this person or an administrator agreed to."""
        own = self._consents.get((app.app_id, person.id), set())
        key = self._key(app, self.tenant_of(person))
        return frozenset(own | self._admin_consents.get(key, set()))

    def granted_roles(self, app: AppRegistration, tenant: Tenant | None = None) -> frozenset[str]:
        """Every application permission that an administrator of a tenant agreed to."""
        return frozenset(self._app_roles.get(self._key(app, tenant), set()))

    def scopes_for_everyone(self, app: AppRegistration) -> frozenset[str]:
        """Every delegated permission that an administrator agreed to."""
        return frozenset(self._admin_consents.get(self._key(app), set()))

    def consenting_people(self, app: AppRegistration) -> list[str]:
        """The ids of those who agreed to something for themselves."""
        return [user_id for app_id, user_id in self._consents if app_id == app.app_id]

    def withdraw_consents(self, app: AppRegistration) -> None:
        """Forget what anybody agreed to, in every tenant: everyone is asked again."""
        for tenant in self.tenants:
            self._admin_consents.pop(self._key(app, tenant), None)
            self._app_roles.pop(self._key(app, tenant), None)
        for user_id in self.consenting_people(app):
            del self._consents[app.app_id, user_id]

    def may_consent(self, person: Person, scopes: Iterable[str], *, for_everyone: bool) -> bool:
        """Whether the tenant's policy lets this person agree to these permissions."""
        policy = self.tenant_of(person).user_consent
        if policy == "all" or not ADMINISTRATOR_ROLES.isdisjoint(person.directory_roles):
            return True
        return (
            not for_everyone
            and policy == "admin_for_high"
            and not any(self._resources.describe(name).needs_administrator for name in scopes)
        )

    def consent(self, app: AppRegistration, person: Person, scopes: Iterable[str]) -> None:
        self._consents.setdefault((app.app_id, person.id), set()).update(scopes)

    def consent_for_everyone(
        self, app: AppRegistration, scopes: Iterable[str] = (), tenant: Tenant | None = None
    ) -> None:
        """An administrator agrees to all that is registered, and to further scopes."""
        key = self._key(app, tenant)
        self._admin_consents.setdefault(key, set()).update(
            self._resources.registered(app), PROTOCOL_SCOPES, scopes
        )
        self._app_roles.setdefault(key, set()).update(app.application_permissions)

    def _key(self, app: AppRegistration, tenant: Tenant | None = None) -> tuple[str, str]:
        return (tenant or self.tenant).id, app.app_id


def _registered(app: AppRegistration) -> list[list[str]]:
    """What an administrator agrees to with the registration."""
    return [list(app.delegated_permissions), list(app.application_permissions)]


def _to_rows(granted: Mapping[tuple[str, str], set[str]]) -> list[list[Any]]:
    return [[*key, sorted(names)] for key, names in granted.items()]


def _from_rows(rows: Iterable[Any]) -> dict[tuple[str, str], set[str]]:
    return {(str(one), str(other)): set(names) for one, other, names in rows}


def _is_guid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _shorten(value: str) -> str:
    # Error texts repeat what was sent, but not at any length.
    return value if len(value) <= 120 else value[:120] + "…"
