"""Groups: listed, created, changed, deleted; who is let in and out; what is hidden."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwright_sandbox.seed.groups import group_id
from tests.sandbox.graph.calls import Graph, error_code, person

Application = Callable[[str], Graph]
ADVANCED = {"ConsistencyLevel": "eventual"}
SALES, VPN = f"/groups/{group_id('sales')}", f"/groups/{group_id('vpnusers')}"
HIDDEN = f"/groups/{group_id('compensationreview')}"


def reference(identifier: str, kind: str = "directoryObjects") -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/{kind}/{identifier}"}


def new_group(**more: Any) -> dict[str, Any]:
    return {
        "displayName": "Old maps",
        "mailEnabled": True,
        "mailNickname": "oldmaps",
        "securityEnabled": False,
        "groupTypes": ["Unified"],
        **more,
    }


@pytest.fixture
def admin(application: Application) -> Graph:
    return application("Group.ReadWrite.All User.Read.All")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$filter=not groupTypes/any(c:c eq 'Unified')&$count=true", ["Field crews", "VPN users"]),
        (
            "$filter=groupTypes/any(c:c eq 'Unified') and startswith(displayName,'D')",
            ["Data"],
        ),
        ("$filter=hasMembersWithLicenseErrors eq true", []),
        (
            "$filter=owners/$count eq 1 and securityEnabled eq true&$count=true",
            ["Field crews", "VPN users"],
        ),
        ("$filter=not(owners/$count gt 0)&$count=true", []),
        ("$filter=securityEnabled eq true", ["Field crews", "VPN users"]),
        ("$filter=mailNickname eq 'SALES'", ["Sales"]),
        ('$search="description:satellite"', ["Field crews"]),
        ('$search="displayName:field"', ["Field Survey", "Field crews"]),
        ("$filter=visibility eq 'Private'&$count=true", ["Board"]),
        ("$filter=id in ('" + group_id("sales") + "','x')", ["Sales"]),
    ],
)
def test_groups_are_found(admin: Graph, query: str, names: list[str]) -> None:
    found = admin.value(f"/groups?{query}&$select=displayName", **ADVANCED)
    assert sorted(group["displayName"] for group in found) == names


@pytest.mark.parametrize(
    "query",
    [
        "$filter=not groupTypes/any(c:c eq 'Unified')",
        "$filter=visibility eq 'Private'",
        "$filter=theme eq 'Blue'",
        "$orderby=theme",
        '$search="displayName:field"',
        "$filter=nonsense eq 1",
        "$filter=owners/$count eq 1",
        "$filter=owners/any(o:o/id eq 'x')",
        "$filter=members/$count eq 0",
        "$select=userPrincipalName",
        "$expand=drive",
        "$top=1000",
    ],
)
def test_queries_that_the_directory_does_not_answer_are_refused(admin: Graph, query: str) -> None:
    assert admin.get(f"/groups?{query}").status_code == 400


def test_a_group_shows_its_kind(admin: Graph) -> None:
    sales = admin.get(SALES).json()
    assert (sales["groupTypes"], sales["mail"]) == (["Unified"], "sales@northwind.example")
    assert (sales["visibility"], sales["securityEnabled"]) == ("Public", False)
    vpn = admin.get(VPN).json()
    assert (vpn["groupTypes"], vpn["mail"], vpn["visibility"]) == ([], None, None)
    assert admin.get("/groups/$count", **ADVANCED).text == str(len(admin.value("/groups")))
    for missing in ("/groups/x", "/groups/sales@northwind.example", f"/groups/{'0' * 36}"):
        answer = admin.get(missing)
        assert (answer.status_code, error_code(answer)) == (404, "Request_ResourceNotFound")


def test_members_are_users_and_groups_and_can_be_cast(admin: Graph) -> None:
    members = admin.value(f"{VPN}/members")
    assert [one["displayName"] for one in members] == ["Noah Kim", "Zoë Adeyemi", "Field crews"]
    assert {one["@odata.type"] for one in members} == {
        "#microsoft.graph.user",
        "#microsoft.graph.group",
    }
    assert "userPrincipalName" in members[0]
    assert "groupTypes" in members[2]
    users = admin.value(f"{VPN}/members/microsoft.graph.user?$select=displayName")
    assert len(users) == 2
    assert len(admin.value(f"{VPN}/transitiveMembers")) == 7
    counted = admin.get(f"{VPN}/transitiveMembers/microsoft.graph.user/$count", **ADVANCED)
    assert counted.text == "6"
    above = admin.value(f"/groups/{group_id('fieldcrews')}/memberOf?$select=displayName")
    assert [one["displayName"] for one in above] == ["VPN users"]
    expanded = admin.get(f"{VPN}?$expand=members($select=id)&$select=id").json()
    assert [set(one) for one in expanded["members"]] == [{"@odata.type", "id"}] * 3
    crew = f"/groups/{group_id('fieldcrews')}/members"
    nested = admin.value(f"{crew}?$select=id&$expand=memberOf($select=displayName)")
    names = [one["displayName"] for one in nested[0]["memberOf"]]
    assert names == ["Field Survey", "Field crews"]
    assert nested[1]["memberOf"][0]["@odata.type"] == "#microsoft.graph.group"
    bosses = admin.value(f"{crew}?$select=id&$expand=manager($select=displayName)")
    assert bosses[0]["manager"]["displayName"] == "Maya Okafor"
    assert admin.get(f"{crew}?$expand=drive").status_code == 400
    links = admin.value(f"{VPN}/members/$ref")
    assert links[0]["@odata.id"].endswith(f"/directoryObjects/{person('noah.kim').id}")


def test_only_ids_are_shown_of_objects_that_the_caller_may_not_read(
    application: Application,
) -> None:
    members = application("GroupMember.Read.All").value(f"{VPN}/members")
    assert members[0]["id"] == person("noah.kim").id
    assert members[0]["displayName"] is None
    assert members[2]["displayName"] == "Field crews"
    basic = application("GroupMember.Read.All User.ReadBasic.All").value(f"{VPN}/members")
    assert (basic[0]["displayName"], basic[0]["jobTitle"]) == ("Noah Kim", None)


def test_basic_permissions_show_little(application: Application) -> None:
    basic = application("Group.ReadBasic.All GroupMember.ReadBasic.All")
    sales = basic.get(SALES).json()
    assert (sales["displayName"], sales["securityIdentifier"]) == ("Sales", None)
    assert [one["displayName"] for one in basic.value(f"{VPN}/members")] == [None] * 3
    assert basic.get(f"{SALES}/owners").status_code == 403
    for query in ("membershipRuleProcessingState eq 'On'", "owners/$count eq 1"):
        denied = basic.get(f"/groups?$filter={query}&$count=true", **ADVANCED)
        assert (denied.status_code, error_code(denied)) == (403, "Authorization_RequestDenied")


def test_what_is_not_shown_cannot_be_asked_for(application: Application) -> None:
    basic = application("User.ReadBasic.All")
    assert len(basic.value("/users?$filter=startswith(displayName,'Noah')")) == 1
    for path in (
        "/users?$filter=jobTitle eq 'Surveyor'",
        "/users?$orderby=department&$count=true",
        "/users/$count?$filter=startswith(city,'B')",
    ):
        answer = basic.get(path, **ADVANCED)
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    assert basic.get('/users?$search="jobTitle:sur"', **ADVANCED).status_code == 400
    reader = application("GroupMember.Read.All User.Read.All")
    members = application("GroupMember.Read.All")
    query = "$filter=startswith(displayName,'Noah')&$count=true"
    assert members.value(f"{VPN}/members?{query}", **ADVANCED) == []
    assert len(reader.value(f"{VPN}/members?{query}", **ADVANCED)) == 1
    assert reader.get(f"{VPN}/members?{query}").status_code == 400
    sorted_query = "$orderby=displayName&$count=true&$select=displayName"
    names = [
        one["displayName"] for one in reader.value(f"{VPN}/members?{sorted_query}", **ADVANCED)
    ]
    assert names == ["Field crews", "Noah Kim", "Zoë Adeyemi"]
    found = reader.value(f'{VPN}/members?$search="displayName:noah"', **ADVANCED)
    assert [one["displayName"] for one in found] == ["Noah Kim"]


def test_what_a_user_is_in(sign_in: Callable[..., Graph]) -> None:
    tane = sign_in("tane.walker", "User.Read GroupMember.Read.All")
    names = [one["displayName"] for one in tane.value("/me/memberOf")]
    assert names == ["Field Survey", "Field crews"]
    cast = tane.value("/me/transitiveMemberOf/microsoft.graph.group?$select=displayName")
    assert [one["displayName"] for one in cast] == ["Field Survey", "Field crews", "VPN users"]
    ids = tane.post("/me/getMemberGroups", {"securityEnabledOnly": True}).json()["value"]
    assert ids == [group_id("fieldcrews"), group_id("vpnusers")]
    asked = [group_id("vpnusers"), group_id("sales")]
    found = tane.post("/me/checkMemberGroups", {"groupIds": asked}).json()["value"]
    assert found == asked[:1]
    refused: list[Any] = [
        {"groupIds": []},
        {"groupIds": ["x"] * 21},
        {"groupIds": "x"},
        {"ids": ["x"]},
    ]
    for bad in refused:
        assert tane.post("/me/checkMemberGroups", bad).status_code == 400
    jonas = sign_in("jonas.mueller", "User.Read.All Group.Read.All")
    owned = [one["displayName"] for one in jonas.value("/me/ownedObjects")]
    assert owned == ["Engineering", "VPN users", "Field crews"]


def test_hidden_members_are_hidden(sign_in: Callable[..., Graph], application: Application) -> None:
    scopes = "Group.Read.All User.Read.All"
    outside = sign_in("noah.kim", scopes)
    for path in (f"{HIDDEN}/members", f"{HIDDEN}/transitiveMembers", f"{HIDDEN}/members/$ref"):
        answer = outside.get(path)
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    groups = outside.value("/groups?$expand=members($select=id)&$select=displayName")
    shown = {group["displayName"]: len(group["members"]) for group in groups}
    assert shown["Compensation review"] == 0
    assert shown["Board"] == 4
    delta = outside.get("/groups/delta?$select=displayName,members").json()["value"]
    hidden = next(one for one in delta if one["displayName"] == "Compensation review")
    assert "members@delta" not in hidden
    renee = person("renee.fournier").id
    names = [one["displayName"] for one in outside.value(f"/users/{renee}/memberOf")]
    assert "Compensation review" not in names
    assert len(sign_in("renee.fournier", scopes).value(f"{HIDDEN}/members")) == 2
    assert len(application(f"{scopes} Member.Read.Hidden").value(f"{HIDDEN}/members")) == 2


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


def test_objects_are_found_by_id_whatever_they_are(admin: Graph, application: Application) -> None:
    reader = application("Directory.Read.All")
    noah, sales = person("noah.kim").id, group_id("sales")
    kinds = [reader.get(f"/directoryObjects/{one}").json()["@odata.type"] for one in (noah, sales)]
    assert kinds == ["#microsoft.graph.user", "#microsoft.graph.group"]
    path = "/directoryObjects/getByIds"
    found = reader.post(path, {"ids": [sales, noah, "0" * 36]}).json()["value"]
    assert [one["id"] for one in found] == [sales, noah]
    found = reader.post(path, {"ids": [sales, noah], "types": ["group"]}).json()["value"]
    assert [one["id"] for one in found] == [sales]
    refused: list[Any] = [{}, {"ids": []}, {"ids": [5]}, {"ids": ["x"], "types": "user"}]
    for bad in refused:
        answer = reader.post(path, bad)
        assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")
    assert reader.get("/directoryObjects/nothing").status_code == 404
    assert admin.get(f"/directoryObjects/{noah}").status_code == 403


def test_the_organization_and_what_it_has(application: Application) -> None:
    reader = application("Directory.Read.All")
    organization = reader.value("/organization")[0]
    assert organization["verifiedDomains"][0]["name"] == "northwind.example"
    assert reader.get(f"/organization/{organization['id']}").status_code == 200
    assert reader.get("/domains/northwind.example").json()["isDefault"] is True
    sku = reader.value("/subscribedSkus")[0]
    assert (sku["consumedUnits"], sku["skuPartNumber"]) == (40, "ENTERPRISEPACK")
    assert reader.get(f"/subscribedSkus/{sku['id']}").status_code == 200
    for missing in ("/organization/x", "/domains/x", "/subscribedSkus/x"):
        assert error_code(reader.get(missing)) == "Request_ResourceNotFound"


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
