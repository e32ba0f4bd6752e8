"""Callers of the sandbox's Graph who need no token server, and what tests ask of its answers."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from starlette.testclient import TestClient

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.tenant import (
    DIRECTORY_ROLES,
    GLOBAL_ADMINISTRATOR,
    Caller,
    InvalidAuthenticationToken,
    Person,
    Tenant,
)

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
EVERYTHING = (
    "User.Read.All Calendars.ReadWrite Mail.ReadWrite Mail.Send MailboxSettings.Read User.Read"
)
TENANT = create_tenant()
Answer = Any


def authorize(header: str | None) -> Caller:
    """`Bearer user:ID:scope scope` or `Bearer app::role role`; anything else is no token."""
    kind, _, rest = (header or "").removeprefix("Bearer ").partition(":")
    user_id, _, permissions = rest.partition(":")
    granted = frozenset(permissions.split())
    if kind == "user":
        return Caller(app_id="app", tenant_id=TENANT.id, user_id=user_id, scopes=granted)
    if kind == "app":
        return Caller(app_id="app", tenant_id=TENANT.id, user_id=None, roles=granted)
    raise InvalidAuthenticationToken("Access token is empty.")


def person(address: str) -> Person:
    return next(p for p in TENANT.people if p.mail.startswith(f"{address}@"))


def administered_by(address: str) -> Tenant:
    """The seeded company with this person as one more Global Administrator."""
    tenant = create_tenant()
    role = DIRECTORY_ROLES[GLOBAL_ADMINISTRATOR]
    tenant.people.replace(replace(person(address), directory_roles=(role,)))
    return tenant


@dataclass
class Graph:
    """Requests as one caller."""

    client: TestClient
    authorization: str

    def request(self, method: str, path: str, **options: Any) -> Answer:
        headers = {"Authorization": self.authorization, **options.pop("headers", {})}
        url = path if path.startswith("http") else f"/v1.0{path}"
        return self.client.request(method, url, headers=headers, **options)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=_names(headers))

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.request("POST", path, json=body, headers=_names(headers))

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.request("PATCH", path, json=body, headers=_names(headers))

    def delete(self, path: str, **headers: str) -> Answer:
        return self.request("DELETE", path, headers=_names(headers))

    def value(self, path: str, **headers: str) -> list[dict[str, Any]]:
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["value"])

    def all_pages(self, path: str, **headers: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            answer = self.get(following, **headers)
            assert answer.status_code == 200, answer.text
            items += answer.json()["value"]
            following = answer.json().get("@odata.nextLink")
        return items


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def error_code(answer: Answer) -> str:
    return str(answer.json()["error"]["code"])
