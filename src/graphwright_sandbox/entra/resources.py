"""What tokens can be asked for: Microsoft Graph, and the APIs of the tenant's own applications.

A permission is kept by a name that is unique over all resources: the bare name for Microsoft
Graph, ``{app id}/{name}`` for any other. This module must not know who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphwright_sandbox.entra.permissions import (
    PROTOCOL_SCOPES,
    Permission,
    application_permissions,
    delegated_names,
    delegated_permissions,
)
from graphwright_sandbox.tenant import GRAPH_APP_ID, GRAPH_RESOURCE, AppRegistration


@dataclass(frozen=True, slots=True)
class Resource:
    """An API: its application id, and its permissions by lower-cased bare name."""

    app_id: str
    names: Mapping[str, str]

    @property
    def is_graph(self) -> bool:
        return self.app_id == GRAPH_APP_ID

    def find(self, name: str) -> str | None:
        """The unique name of a permission spelled in any casing; None where there is none."""
        bare = self.names.get(name.lower())
        return bare if bare is None or self.is_graph else f"{self.app_id}/{bare}"


class Resources:
    """Microsoft Graph, also by the address where it answers, and the APIs of registrations."""

    def __init__(
        self, registrations: Iterable[AppRegistration], graph_url: str = GRAPH_RESOURCE
    ) -> None:
        self.graph = Resource(GRAPH_APP_ID, delegated_names())
        self._known: dict[str, tuple[Resource, str]] = {
            GRAPH_RESOURCE: (self.graph, GRAPH_RESOURCE),
            GRAPH_APP_ID: (self.graph, GRAPH_APP_ID),
            graph_url.lower(): (self.graph, GRAPH_RESOURCE),
        }
        self._permissions: dict[str, Permission] = {}
        for app in registrations:
            if app.exposed_scopes or app.identifier_uris:
                self._add(app)

    def find(self, identifier: str) -> tuple[Resource, str] | None:
        """The resource that an identifier names, and the audience of tokens asked for by it."""
        return self._known.get(identifier.rstrip("/").lower())

    def resource_of(self, permission: str) -> str:
        """The application id of the resource that a permission (by its unique name) belongs to."""
        app_id, slash, _ = permission.partition("/")
        return app_id if slash else GRAPH_APP_ID

    def registered(self, app: AppRegistration) -> frozenset[str]:
        """The unique names of what a registration asks for. LookupError names what is unknown."""
        names = set()
        for entry in app.delegated_permissions:
            name = self.find_permission(entry)
            if name is None:
                raise LookupError(entry)
            names.add(name)
        return frozenset(names)

    def describe(self, permission: str) -> Permission:
        """What the consent page says about a delegated permission."""
        return delegated_permissions().get(permission) or self._permissions[permission]

    def find_permission(self, entry: str) -> str | None:
        """The unique name of a permission as a registration writes it; None where it is unknown."""
        if entry in PROTOCOL_SCOPES:
            return entry
        prefix, slash, name = entry.rpartition("/")
        known = self.find(prefix) if slash else (self.graph, GRAPH_APP_ID)
        return known[0].find(name) if known else None

    def _add(self, app: AppRegistration) -> None:
        names = {scope.name.lower(): scope.name for scope in app.exposed_scopes}
        resource = Resource(app.app_id, names)
        # As in Entra ID: whatever it was called, the audience of its tokens is its id.
        for identifier in (*app.identifier_uris, f"api://{app.app_id}", app.app_id):
            self._known[identifier.rstrip("/").lower()] = (resource, app.app_id)
        for scope in app.exposed_scopes:
            unique = f"{app.app_id}/{scope.name}"
            self._permissions[unique] = Permission(unique, scope.title, scope.needs_administrator)


def bare_name(permission: str) -> str:
    """How a resource itself calls a permission."""
    return permission.rpartition("/")[2]


def describe_role(name: str) -> Permission:
    """What the consent page says about an application permission of Microsoft Graph."""
    return application_permissions().get(name) or Permission(name, name, True)
