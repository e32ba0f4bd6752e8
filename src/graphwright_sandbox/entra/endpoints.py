"""The addresses of the sandbox. It must not know what answers there."""

from __future__ import annotations

from dataclasses import dataclass

REAL_LOGIN_HOST = "login.microsoftonline.com"
REAL_GRAPH_HOST = "graph.microsoft.com"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """``login_url`` (https) is for programs, ``browser_url`` (http on loopback) for browsers."""

    login_url: str
    browser_url: str
    own_graph_url: str | None = None
    """Where Microsoft Graph has a host name of its own."""

    @property
    def graph_url(self) -> str:
        return self.own_graph_url or self.login_url

    def issuer(self, tenant_id: str) -> str:
        return f"{self.login_url}/{tenant_id}/v2.0"
