"""The catalogue of permissions: whole, well-formed, and knowing all that the workloads ask for."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from graphwright_sandbox import workloads
from graphwright_sandbox.entra.permissions import (
    PROTOCOL_SCOPES,
    application_permissions,
    delegated_permissions,
)
from graphwright_sandbox.graph.permissions import ANY, load_requirements


def asked_by_workloads() -> set[str]:
    """Every permission that stands in a table of a workload."""
    found: set[str] = set()
    for table in Path(workloads.__path__[0]).glob("*/permissions.toml"):
        for row in load_requirements(table).values():
            found.update(row.me, row.delegated, row.application)
    return found - {ANY}


def test_every_permission_that_a_workload_asks_for_is_known() -> None:
    asked = asked_by_workloads()
    known = delegated_permissions().keys() | application_permissions().keys()
    assert len(asked) > 20
    assert sorted(asked - known) == []


def test_ids_are_guids_and_no_two_of_a_kind_are_the_same() -> None:
    delegated = [one for one in delegated_permissions().values() if one.name not in PROTOCOL_SCOPES]
    for permissions in (delegated, list(application_permissions().values())):
        ids = [one.id for one in permissions]
        assert [str(uuid.UUID(one)) for one in ids] == ids
        assert len(set(ids)) == len(ids)
        assert all(one.text and not one.text.endswith(".") for one in permissions)


@pytest.mark.parametrize(
    ("name", "identifier", "needs_administrator"),
    [
        ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", False),
        ("User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", True),
        ("Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", False),
        ("Group.ReadWrite.All", "4e46008b-f24c-477d-8fff-7bb4ec7aafe0", True),
    ],
)
def test_well_known_permissions_are_as_microsoft_lists_them(
    name: str, identifier: str, needs_administrator: bool
) -> None:
    permission = delegated_permissions()[name]
    assert (permission.id, permission.needs_administrator) == (identifier, needs_administrator)


def test_an_application_permission_has_an_id_of_its_own() -> None:
    role = application_permissions()["User.Read.All"]
    assert role.id == "df021288-bdef-4463-88db-98f22de89214"
    assert role.id != delegated_permissions()["User.Read.All"].id
