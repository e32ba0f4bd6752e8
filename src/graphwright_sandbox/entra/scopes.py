"""Reading the ``scope`` parameter: which resource, which permissions, spelled how.

It must not know who asks nor what was consented to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES, Permissions
from graphwright_sandbox.tenant import GRAPH_APP_ID, GRAPH_RESOURCE, AppRegistration, Tenant

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
    audience: str
    prefix: str
    spelling: tuple[tuple[str, str], ...]

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
            words.append(name if plain else spelling.get(name, self.prefix + name))
        if self.is_default:
            words.append(spelling[".default"])  # so that a client finds its token by this name
        return " ".join(words)


class ScopeReader:
    """Reads scopes against the permissions one tenant's Microsoft Graph has."""

    def __init__(self, tenant: Tenant, graph_url: str) -> None:
        self._tenant = tenant
        self._permissions = Permissions(tenant)
        self._resources = {
            GRAPH_RESOURCE: GRAPH_RESOURCE,
            GRAPH_APP_ID: GRAPH_APP_ID,
            graph_url.lower(): GRAPH_RESOURCE,
        }

    def read(self, scope: str | None, app: AppRegistration) -> RequestedScopes:
        """The delegated scopes of an authorization or token request."""
        words = (scope or "").split()
        if not words:
            raise EntraError(900144, field="scope")
        protocol: set[str] = set()
        spelling: dict[str, str] = {}
        resources: set[str] = set()
        prefixes: set[str] = set()
        is_default = False
        for word in words:
            resource, prefix, name = self._split(word)
            if name.lower() in PROTOCOL_SCOPES:
                protocol.add(name.lower())
                continue
            if resource:
                resources.add(resource)
            prefixes.add(prefix)
            if name == ".default":
                is_default = True
                spelling[name] = word
                continue
            permission = self._permissions.find(name)
            if permission is None:
                raise EntraError(650053, app_name=app.display_name, scope=name)
            spelling[permission] = prefix + permission
        if is_default and len(spelling) > 1:
            # Microsoft refuses to combine ".default" with single permissions.
            raise EntraError(70011, scope=" ".join(words))
        return RequestedScopes(
            protocol=frozenset(protocol),
            permissions=frozenset(app.delegated_permissions if is_default else spelling)
            - PROTOCOL_SCOPES.keys(),
            is_default=is_default,
            audience=resources.pop() if len(resources) == 1 else GRAPH_APP_ID,
            prefix=prefixes.pop() if len(prefixes) == 1 else "",
            spelling=tuple(spelling.items()),
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
        resource, _, _ = self._split(word)
        return resource or GRAPH_APP_ID

    def _split(self, word: str) -> tuple[str | None, str, str]:
        """The resource (None where only a name is given), its prefix, the permission's name."""
        if not _SCOPE_TOKEN.fullmatch(word):
            raise EntraError(70011, scope=_printable(word))
        prefix, slash, name = word.rpartition("/")
        if not name or (slash and not prefix):
            raise EntraError(70011, scope=word)
        if not slash:
            return None, "", name
        resource = self._resources.get(prefix.rstrip("/").lower())
        if resource is None:
            raise EntraError(500011, resource=prefix, tenant=self._tenant.display_name)
        return resource, prefix.rstrip("/") + "/", name


def _printable(word: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in word[:200])
