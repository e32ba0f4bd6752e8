"""Groups: found, shown with their members and owners, and what is hidden of them."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwright_sandbox.seed.groups import group_id
from tests.sandbox.graph.calls import Graph, error_code, person
from tests.sandbox.graph.group_calls import HIDDEN, SALES, VPN, Application

ADVANCED = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def admin(application: Application) -> Graph:
    return application("Group.ReadWrite.All User.Read.All")


@pytest.mark.unchanging
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


@pytest.mark.unchanging
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
