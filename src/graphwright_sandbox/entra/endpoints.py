"""The addresses of the sandbox. It must not know what answers there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """``login_url`` (https) is for programs, ``browser_url`` (http on loopback) for browsers."""

    login_url: str
    browser_url: str

    @property
    def graph_url(self) -> str:
        return self.login_url

    def issuer(self, tenant_id: str) -> str:
        return f"{self.login_url}/{tenant_id}/v2.0"
