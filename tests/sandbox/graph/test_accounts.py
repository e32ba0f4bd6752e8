"""Accounts made and changed through Graph, as Entra ID sees them: the same object, at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from graphwright_sandbox.entra.directory import Directory
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.resources import Resources
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import NOW, Graph, authorize, person
from tests.sandbox.in_process import InProcess

NAME = "ada.adams@northwind.example"


@pytest.fixture
def both() -> Iterator[tuple[Graph, Directory]]:
    """Graph as an administrator, and Entra ID, of one tenant."""
    tenant = create_tenant()
    directory = Directory(tenant, Resources(tenant.app_registrations), lambda: NOW)
    with InProcess(create_graph_app(tenant, authorize, lambda: NOW)) as client:
        yield Graph(client, "Bearer app::User.ReadWrite.All"), directory


def create_ada(admin: Graph) -> dict[str, Any]:
    body = {
        "accountEnabled": True,
        "displayName": "Ada Adams",
        "mailNickname": "adaa",
        "userPrincipalName": NAME,
        "passwordProfile": {"password": "Horse-7-battery"},
    }
    made: dict[str, Any] = admin.post("/users", body).json()
    return made


def test_who_was_created_signs_in_with_the_password(both: tuple[Graph, Directory]) -> None:
    admin, entra = both
    create_ada(admin)
    ada = entra.get_enabled_person(NAME)
    assert entra.needs_password(ada)
    entra.check_password(ada, "Horse-7-battery")
    with pytest.raises(EntraError, match="50126"):
        entra.check_password(ada, "horse-7-battery")
    body = {"passwordProfile": {"password": "Staple-9-horse"}}
    assert admin.patch(f"/users/{NAME}", body).status_code == 204
    entra.check_password(entra.get_enabled_person(NAME), "Staple-9-horse")


def test_who_is_disabled_renamed_or_deleted_does_not_sign_in(
    both: tuple[Graph, Directory],
) -> None:
    admin, entra = both
    ada = create_ada(admin)
    path = f"/users/{ada['id']}"
    admin.patch(path, {"accountEnabled": False})
    with pytest.raises(EntraError, match="50057"):
        entra.get_enabled_person(NAME)
    admin.patch(path, {"accountEnabled": True, "userPrincipalName": "countess@northwind.example"})
    with pytest.raises(EntraError, match="50034"):
        entra.get_enabled_person(NAME)
    assert entra.get_enabled_person("countess@northwind.example").id == ada["id"]
    admin.delete(path)
    for name in (ada["id"], "countess@northwind.example"):
        with pytest.raises(EntraError, match="50034"):
            entra.get_enabled_person(name)
    admin.post(f"/directory/deletedItems/{ada['id']}/restore", {})
    assert entra.get_enabled_person(ada["id"]).display_name == "Ada Adams"


def test_revoked_sessions_are_void_for_entra_id(both: tuple[Graph, Directory]) -> None:
    admin, entra = both
    noah = person("noah.kim").id
    answer = admin.post(f"/users/{noah}/revokeSignInSessions", {})
    assert (answer.status_code, answer.json()["value"]) == (200, True)
    assert entra.get_person(noah).sessions_valid_from == NOW
    read = admin.get(f"/users/{noah}?$select=signInSessionsValidFromDateTime").json()
    assert read["signInSessionsValidFromDateTime"] == "2026-03-04T09:30:00Z"


def test_who_entra_id_disables_is_shown_disabled_by_graph(both: tuple[Graph, Directory]) -> None:
    admin, entra = both
    noah = person("noah.kim").id
    entra.set_enabled(entra.get_person(noah), False)
    read = admin.get(f"/users/{noah}?$select=accountEnabled").json()
    assert read["accountEnabled"] is False
