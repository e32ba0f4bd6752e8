"""Groups created, changed and deleted; who is let in and out, and how deltas tell it."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwright_sandbox.seed.groups import group_id
from tests.sandbox.graph.calls import Graph, error_code, person
from tests.sandbox.graph.group_calls import SALES, VPN, Application, new_group, reference


@pytest.fixture
def admin(application: Application) -> Graph:
    return application("Group.ReadWrite.All User.Read.All")


def test_a_group_is_created_with_members_and_owners(admin: Graph) -> None:
    noah, zoe = person("noah.kim").id, person("zoe.adeyemi").id
    body = new_group(description="Before 1900", visibility="Private")
    body["owners@odata.bind"] = [f"https://graph.microsoft.com/v1.0/users/{noah}"]
    body["members@odata.bind"] = [
        f"https://graph.microsoft.com/v1.0/directoryObjects('{one}')" for one in (noah, zoe)
    ]
    made = admin.post("/groups", body)
    assert made.status_code == 201, made.text
    path = f"/groups/{made.json()['id']}"
    assert made.headers["location"].endswith(path)
    read = admin.get(path).json()
    assert (read["mail"], read["visibility"]) == ("oldmaps@northwind.example", "Private")
    assert [one["id"] for one in admin.value(f"{path}/members")] == [noah, zoe]
    assert [one["id"] for one in admin.value(f"{path}/owners")] == [noah]
    assert admin.get(f"{path}/photo").status_code == 200


def test_who_creates_a_group_owns_it(sign_in: Callable[..., Graph]) -> None:
    graph = sign_in("noah.kim", "Group.ReadWrite.All")
    body = new_group(mailEnabled=False, securityEnabled=True, groupTypes=[])
    made = graph.post("/groups", body).json()
    owners = graph.value(f"/groups/{made['id']}/owners")
    assert [one["id"] for one in owners] == [person("noah.kim").id]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "change",
    [
        {"displayName": None},
        {"mailNickname": ""},
        {"mailNickname": "a b"},
        {"mailNickname": "Sales"},
        {"mailEnabled": None},
        {"mailEnabled": False},
        {"groupTypes": []},
        {"groupTypes": ["Other"]},
        {"groupTypes": ["Unified", "DynamicMembership"], "membershipRule": "x"},
        {"visibility": "Open"},
        {"members@odata.bind": "x"},
        {"members@odata.bind": ["x"]},
        {"members@odata.bind": [f"https://x/v1.0/groups/{group_id('fieldcrews')}"]},
        {"members@odata.bind": [f"https://x/v1.0/users/{n}" for n in range(21)]},
        {"isArchived": True},
        {"owners": []},
    ],
)
def test_a_group_without_sense_is_refused(admin: Graph, change: dict[str, Any]) -> None:
    before = len(admin.value("/groups"))
    answer = admin.post("/groups", new_group(**change))
    assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")
    assert len(admin.value("/groups")) == before


def test_members_come_and_go_by_reference(admin: Graph) -> None:
    noah = person("noah.kim").id
    assert admin.post(f"{SALES}/members/$ref", reference(noah)).status_code == 204
    again = admin.post(f"{SALES}/members/$ref", reference(noah, "users"))
    assert (again.status_code, error_code(again)) == (400, "Request_BadRequest")
    assert again.json()["error"]["message"] == (
        "One or more added object references already exist for the following modified "
        "properties: 'members'."
    )
    assert noah in [one["id"] for one in admin.value(f"{SALES}/members?$select=id")]
    assert admin.delete(f"{SALES}/members/{noah}/$ref").status_code == 204
    gone = admin.delete(f"{SALES}/members/{noah}/$ref")
    assert (gone.status_code, error_code(gone)) == (404, "Request_ResourceNotFound")
    missing = admin.post(f"{SALES}/members/$ref", reference("0" * 36))
    assert (missing.status_code, error_code(missing)) == (404, "Request_ResourceNotFound")
    refused: list[Any] = [{}, {"@odata.id": "noah"}, {"@odata.id": None}, []]
    for bad in refused:
        assert admin.post(f"{SALES}/members/$ref", bad).status_code == 400


def test_the_last_owner_of_a_microsoft_365_group_stays(admin: Graph) -> None:
    owner, noah = admin.value(f"{SALES}/owners")[0]["id"], person("noah.kim").id
    answer = admin.delete(f"{SALES}/owners/{owner}/$ref")
    assert "at least one owner" in answer.json()["error"]["message"]
    assert admin.post(f"{SALES}/owners/$ref", reference(noah, "users")).status_code == 204
    assert admin.delete(f"{SALES}/owners/{owner}/$ref").status_code == 204
    group = reference(group_id("fieldcrews"), "groups")
    assert admin.post(f"{VPN}/owners/$ref", group).status_code == 400


def test_a_patch_changes_a_group_and_adds_up_to_twenty(admin: Graph) -> None:
    others = [person(a).id for a in ("noah.kim", "zoe.adeyemi")]
    bind = [f"https://graph.microsoft.com/v1.0/directoryObjects/{one}" for one in others]
    before = len(admin.value(f"{SALES}/members"))
    body = {"description": None, "displayName": "Sellers", "members@odata.bind": bind}
    assert admin.patch(SALES, body).status_code == 204
    assert admin.get(SALES).json()["displayName"] == "Sellers"
    assert len(admin.value(f"{SALES}/members")) == before + 2
    assert admin.patch(SALES, {"members@odata.bind": bind}).status_code == 400
    assert admin.patch(SALES, {"members@odata.bind": bind * 11}).status_code == 400
    refused: list[Any] = [
        {"groupTypes": []},
        {"visibility": "HiddenMembership"},
        {"displayName": ""},
        {"securityEnabled": None},
        {"nothing": 1},
    ]
    for bad in refused:
        assert admin.patch(SALES, bad).status_code == 400


def test_a_deleted_microsoft_365_group_comes_back_a_security_group_does_not(admin: Graph) -> None:
    assert admin.delete(SALES).status_code == 204
    assert admin.get(SALES).status_code == 404
    assert admin.delete(VPN).status_code == 204
    deleted = admin.value("/directory/deletedItems/microsoft.graph.group")
    assert [one["id"] for one in deleted] == [group_id("sales")]
    restored = admin.post(f"/directory/deletedItems/{group_id('sales')}/restore", {})
    assert restored.json()["displayName"] == "Sales"
    assert len(admin.value(f"{SALES}/members")) > 5
    assert (
        admin.post(f"/directory/deletedItems/{group_id('vpnusers')}/restore", {}).status_code == 404
    )


def test_the_delta_tells_who_came_and_went(admin: Graph) -> None:
    first = admin.get("/groups/delta?$select=displayName,members").json()
    told = {one["id"]: one for one in first["value"]}
    vpn = told[group_id("vpnusers")]["members@delta"]
    assert vpn[2] == {"@odata.type": "#microsoft.graph.group", "id": group_id("fieldcrews")}
    olivia, noah = person("olivia.brandt").id, person("noah.kim").id
    admin.post(f"{VPN}/members/$ref", reference(olivia))
    admin.delete(f"{VPN}/members/{noah}/$ref")
    admin.delete(SALES)
    second = admin.get(first["@odata.deltaLink"]).json()
    changed = {one["id"]: one for one in second["value"]}
    assert changed[group_id("sales")]["@removed"] == {"reason": "changed"}
    moves = {
        one["id"]: one.get("@removed") for one in changed[group_id("vpnusers")]["members@delta"]
    }
    assert moves == {olivia: None, noah: {"reason": "deleted"}}
    assert admin.get(second["@odata.deltaLink"]).json()["value"] == []


def test_who_is_deleted_leaves_the_groups_and_comes_back_into_them(
    application: Application,
) -> None:
    admin = application("Group.ReadWrite.All User.ReadWrite.All")
    noah = person("noah.kim").id
    link = admin.get("/groups/delta?$select=members&$top=999").json()["@odata.deltaLink"]

    def moves() -> dict[str, list[Any]]:
        nonlocal link
        answer = admin.get(link).json()
        link = answer["@odata.deltaLink"]
        return {one["id"]: one.get("members@delta", []) for one in answer["value"]}

    admin.delete(f"/users/{noah}")
    left = moves()
    assert set(left) == {group_id("engineering"), group_id("vpnusers")}
    assert [one["@removed"] for one in left[group_id("vpnusers")]] == [{"reason": "deleted"}]
    assert noah not in [one["id"] for one in admin.value(f"{VPN}/members?$select=id")]
    again = admin.get("/groups/delta?$select=members&$top=999").json()["value"]
    assert noah not in str(again)
    admin.post(f"/directory/deletedItems/{noah}/restore", {})
    assert [one["id"] for one in moves()[group_id("vpnusers")]] == [noah]
    admin.delete(f"/groups/{group_id('fieldcrews')}")
    gone = moves()
    assert "@removed" in gone[group_id("vpnusers")][0]


def test_reading_is_not_writing(application: Application) -> None:
    reader = application("Group.Read.All")
    for answer in (
        reader.post("/groups", new_group()),
        reader.patch(SALES, {"description": "x"}),
        reader.delete(SALES),
        reader.post(f"{SALES}/members/$ref", reference(person("noah.kim").id)),
    ):
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    members = application("GroupMember.ReadWrite.All")
    assert members.post(f"{SALES}/members/$ref", reference(person("noah.kim").id)).is_success
    assert members.post(f"{SALES}/owners/$ref", reference(person("noah.kim").id)).status_code == 403
