"""What people may do to others and to groups: by a directory role, or as an owner."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette

from graphwright_sandbox.tenant import DIRECTORY_ROLES
from tests.sandbox.graph.calls import Graph, error_code, person
from tests.sandbox.graph.group_calls import new_group, reference
from tests.sandbox.graph.user_calls import new_user

EVERYTHING = "User.ReadWrite.All Directory.ReadWrite.All Group.ReadWrite.All"
USER = f"/users/{person('zoe.adeyemi').id}"
REFUSED = (403, "Authorization_RequestDenied")
SignIn = Callable[..., Graph]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/users"),
        ("PATCH", USER),
        ("DELETE", USER),
        ("DELETE", f"{USER}/manager/$ref"),
        ("DELETE", f"{USER}/photo"),
        ("POST", f"{USER}/revokeSignInSessions"),
        ("POST", f"{USER}/assignLicense"),
        ("DELETE", "/me"),
        ("POST", f"/directory/deletedItems/{person('zoe.adeyemi').id}/restore"),
    ],
)
def test_a_permission_alone_makes_nobody_an_administrator(
    sign_in: SignIn, method: str, path: str
) -> None:
    for address in ("noah.kim", "oscar.nystrom"):
        if address == "oscar.nystrom" and "deletedItems" in path:
            continue  # A groups administrator restores groups.
        answer = sign_in(address, EVERYTHING).request(method, path, json={})
        assert (answer.status_code, error_code(answer)) == REFUSED
        assert "User Administrator, " in answer.headers["x-sandbox-required-roles"]
    assert sign_in("noah.kim", EVERYTHING).get(USER).status_code == 200


@pytest.mark.parametrize("address", ["daniel.whitfield", "siobhan.obrien"])
def test_administrators_create_change_and_delete_people(sign_in: SignIn, address: str) -> None:
    admin = sign_in(address, EVERYTHING)
    made = admin.post("/users", new_user())
    assert made.status_code == 201
    path = f"/users/{made.json()['id']}"
    assert admin.patch(path, {"jobTitle": "Surveyor"}).status_code == 204
    assert admin.delete(path).status_code == 204
    restored = admin.post(f"/directory/deletedItems/{made.json()['id']}/restore", {})
    assert restored.status_code == 200
    # The role is nothing without the permission.
    assert error_code(sign_in(address, "User.Read").delete(path)) == REFUSED[1]


def test_a_group_is_its_owners_or_an_administrators(sign_in: SignIn) -> None:
    owner, other = sign_in("noah.kim", EVERYTHING), sign_in("zoe.adeyemi", EVERYTHING)
    made = owner.post("/groups", new_group())
    assert made.status_code == 201, "who is a member of the company may make groups"
    path = f"/groups/{made.json()['id']}"
    member = reference(person("ava.ramirez").id)
    for answer in (
        other.patch(path, {"description": "x"}),
        other.post(f"{path}/members/$ref", member),
        other.post(f"{path}/owners/$ref", member),
        other.delete(path),
    ):
        assert (answer.status_code, error_code(answer)) == REFUSED
    assert owner.post(f"{path}/members/$ref", member).status_code == 204
    assert sign_in("oscar.nystrom", EVERYTHING).patch(path, {"description": "x"}).is_success
    assert sign_in("daniel.whitfield", EVERYTHING).delete(path).status_code == 204


def test_the_tables_name_roles_there_are(app: Starlette) -> None:
    rows = [row for each in app.state.workloads for row in each.requirements.values()]
    named = {role for row in rows for role in (*row.roles, *row.me_roles)}
    assert {"User Administrator", "Groups Administrator"} <= named <= set(DIRECTORY_ROLES)
