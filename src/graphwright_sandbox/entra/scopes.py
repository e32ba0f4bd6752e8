"""Reading the ``scope`` parameter: which resource, which permissions, spelled how.

It must not know who asks nor what was consented to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.resources import Resource, Resources, bare_name
from graphwright_sandbox.tenant import GRAPH_APP_ID, AppRegistration, Tenant

_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749, appendix A.4


@dataclass(frozen=True, slots=True)
class RequestedScopes:
    """What a client asked for.

    ``spelling`` keeps how each permission was written, because clients look their tokens up by
    the scopes they sent; permissions they did not name are written with ``prefix``.
    """

    protocol: frozenset[str]
    permissions: frozenset[str]
    is_default: bool
    resource: str
    """The application id of the resource that tokens are for."""
    audience: str
    prefix: str
    spelling: tuple[tuple[str, str], ...]

    @classmethod
    def none(cls) -> RequestedScopes:
        """No permissions at all: a sign-in that only says who the person is."""
        return cls(frozenset(), frozenset(), False, "", "", "", ())

    @property
    def names(self) -> frozenset[str]:
        return self.protocol | self.permissions

    def spell(self, granted: Iterable[str]) -> str:
        """The granted scopes as the client's answer names them."""
        spelling = dict(self.spelling)
        words = []
        for name in sorted(granted):
            if name == "offline_access":
                continue  # Entra ID never lists it: the refresh token itself says so
            plain = name in PROTOCOL_SCOPES
            words.append(name if plain else spelling.get(name, self.prefix + bare_name(name)))
        if self.is_default:
            words.append(spelling[".default"])  # so that a client finds its token by this name
        return " ".join(words)


class ScopeReader:
    """Reads scopes against the resources of one tenant."""

    def __init__(self, tenant: Tenant, resources: Resources) -> None:
        self._tenant = tenant
        self._resources = resources

    def read(self, scope: str | None, app: AppRegistration) -> RequestedScopes:
        """The delegated scopes of an authorization or token request; they name one resource."""
        words = (scope or "").split()
        if not words:
            raise EntraError(900144, field="scope")
        protocol: set[str] = set()
        spelling: dict[str, str] = {}
        audiences: set[str] = set()
        prefixes: set[str] = set()
        resource = self._resources.graph
        for word in words:
            found, prefix, name = self._split(word)
            if name.lower() in PROTOCOL_SCOPES:
                protocol.add(name.lower())
                continue
            if prefixes and found[0] != resource:
                raise EntraError(28000, scope=" ".join(words))
            resource = found[0]
            prefixes.add(prefix)
            if prefix:
                audiences.add(found[1])
            if name == ".default":
                spelling[name] = word
                continue
            permission = resource.find(name)
            if permission is None:
                raise EntraError(
                    650053, app_name=app.display_name, scope=name, resource=resource.app_id
                )
            spelling[permission] = prefix + bare_name(permission)
        is_default = ".default" in spelling
        if is_default and len(spelling) > 1:
            # Microsoft refuses to combine ".default" with single permissions.
            raise EntraError(70011, scope=" ".join(words))
        return RequestedScopes(
            protocol=frozenset(protocol),
            permissions=self.registered(app, resource) if is_default else frozenset(spelling),
            is_default=is_default,
            resource=resource.app_id,
            audience=audiences.pop() if len(audiences) == 1 else resource.app_id,
            prefix=prefixes.pop() if len(prefixes) == 1 else "",
            spelling=tuple(spelling.items()),
        )

    def registered(self, app: AppRegistration, resource: Resource) -> frozenset[str]:
        """What ``.default`` means: the permissions of one resource that are registered."""
        return frozenset(
            name
            for name in self._resources.registered(app) - PROTOCOL_SCOPES.keys()
            if self._resources.resource_of(name) == resource.app_id
        )

    def read_default(self, scope: str | None) -> str:
        """The audience of a client credentials request, whose scope must be ``.default``."""
        words = (scope or "").split()
        if not words:
            raise EntraError(900144, field="scope")
        if len(words) > 1:
            raise EntraError(70011, scope=" ".join(words))
        word = words[0]
        if not word.endswith("/.default"):
            raise EntraError(1002012, scope=_printable(word))
        return self._split(word)[0][1]

    def _split(self, word: str) -> tuple[tuple[Resource, str], str, str]:
        """The resource with its audience, the prefix that named it, the permission's name."""
        if not _SCOPE_TOKEN.fullmatch(word):
            raise EntraError(70011, scope=_printable(word))
        prefix, slash, name = word.rpartition("/")
        if not name or (slash and not prefix):
            raise EntraError(70011, scope=word)
        if not slash:
            return (self._resources.graph, GRAPH_APP_ID), "", name
        resource = self._resources.find(prefix)
        if resource is None:
            raise EntraError(500011, resource=prefix, tenant=self._tenant.display_name)
        return resource, prefix.rstrip("/") + "/", name


def _printable(word: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in word[:200])
