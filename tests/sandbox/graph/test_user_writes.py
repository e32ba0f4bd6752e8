"""Users created, changed, deleted and brought back; managers, passwords, licenses, photos."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwright_sandbox.graph.directory_records import SKU_ID
from tests.sandbox.graph.calls import Graph, error_code, person
from tests.sandbox.graph.user_calls import new_user

Application = Callable[[str], Graph]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
ADMIN = "User.ReadWrite.All Directory.ReadWrite.All"


@pytest.fixture
def admin(application: Application) -> Graph:
    return application(ADMIN)


@pytest.fixture
def ada(admin: Graph) -> dict[str, Any]:
    body = new_user(usageLocation="GB", city="London", aboutMe="Maps")
    body["manager@odata.bind"] = f"https://graph.microsoft.com/v1.0/users/{person('noah.kim').id}"
    made = admin.post("/users", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_a_created_user_is_read_as_it_was_written(admin: Graph, ada: dict[str, Any]) -> None:
    assert "passwordProfile" not in ada
    names = "aboutMe,city,usageLocation,mailNickname,passwordProfile,mail,createdDateTime"
    read = admin.get(f"/users/{ada['userPrincipalName']}?$select={names}").json()
    del read["@odata.context"]
    assert read == {
        "aboutMe": "Maps",
        "city": "London",
        "usageLocation": "GB",
        "mailNickname": "adaa",
        "passwordProfile": None,
        "mail": None,
        "createdDateTime": "2026-03-04T09:30:00Z",
    }
    manager = admin.get(f"/users/{ada['id']}/manager").json()
    assert manager["displayName"] == "Noah Kim"
    found = admin.value("/users?$filter=startswith(displayName,'Ada')&$select=id")
    assert found == [{"id": ada["id"]}]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"displayName": None}, "A value is required for property 'displayName'"),
        ({"accountEnabled": None}, "A value is required for property 'accountEnabled'"),
        ({"passwordProfile": None}, "A value is required for property 'passwordProfile'"),
        ({"passwordProfile": {"password": "short"}}, "password complexity"),
        ({"passwordProfile": {"password": "onlyletters"}}, "password complexity"),
        ({"userPrincipalName": "ada@elsewhere.example"}, "domain portion"),
        ({"userPrincipalName": "ada"}, "Property userPrincipalName is invalid."),
        (
            {"userPrincipalName": "NOAH.KIM@northwind.example"},
            "Another object with the same value for property userPrincipalName already exists.",
        ),
        ({"mail": "noah.kim@northwind.example"}, "for property proxyAddresses already exists."),
        ({"mailNickname": "a b"}, "Invalid value specified for property 'mailNickname'"),
        ({"usageLocation": "Germany"}, "Invalid value specified for property 'usageLocation'"),
        ({"businessPhones": ["1", "2"]}, "Invalid value specified for property 'businessPhones'"),
        ({"jobTitle": ""}, "Invalid value specified for property 'jobTitle'"),
        ({"securityIdentifier": "S-1"}, "read-only"),
        ({"manager@odata.bind": "https://elsewhere/x"}, "Invalid URL format"),
    ],
)
def test_a_user_without_sense_is_refused(
    admin: Graph, change: dict[str, Any], message: str
) -> None:
    answer = admin.post("/users", new_user(**change))
    assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")
    assert message in answer.json()["error"]["message"]
    assert admin.get("/users/$count", ConsistencyLevel="eventual").text == "40"


def test_unknown_and_mistyped_properties_are_refused(admin: Graph) -> None:
    for body in (new_user(nickname="x"), new_user(accountEnabled="yes"), [new_user()], None):
        assert admin.post("/users", body).status_code == 400
    assert admin.patch("/users/noah.kim@northwind.example", {"city": 5}).status_code == 400


def test_a_patch_changes_what_it_names(admin: Graph, ada: dict[str, Any]) -> None:
    body = {"jobTitle": "Poet", "city": None, "userPrincipalName": "countess@northwind.example"}
    assert admin.patch(f"/users/{ada['id']}", body).status_code == 204
    read = admin.get("/users/countess@northwind.example?$select=jobTitle,city,aboutMe").json()
    assert (read["jobTitle"], read["city"], read["aboutMe"]) == ("Poet", None, "Maps")
    assert admin.get("/users/ada.adams@northwind.example").status_code == 404
    for bad in ({"displayName": ""}, {"displayName": None}, {"accountEnabled": None}):
        answer = admin.patch(f"/users/{ada['id']}", bad)
        assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")


def test_people_change_little_of_themselves(sign_in: Callable[..., Graph]) -> None:
    me = sign_in("noah.kim", "User.ReadWrite User.Read")
    assert me.patch("/me", {"aboutMe": "Builds maps", "mobilePhone": None}).status_code == 204
    assert me.get("/me?$select=aboutMe,mobilePhone").json()["aboutMe"] == "Builds maps"
    for sensitive in (
        {"accountEnabled": False},
        {"userPrincipalName": "x@northwind.example"},
        {"jobTitle": "Chief"},
        {"passwordProfile": {"password": "Horse-7-battery"}},
    ):
        answer = me.patch("/me", sensitive)
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
        assert answer.headers["x-sandbox-required-permissions"]
    other = me.patch(f"/users/{person('zoe.adeyemi').id}", {"aboutMe": "x"})
    assert other.status_code == 403


def test_a_narrow_permission_covers_its_property_only(application: Application) -> None:
    path = "/users/noah.kim@northwind.example"
    locks = application("User.EnableDisableAccount.All User.Read.All")
    assert locks.patch(path, {"accountEnabled": False}).status_code == 204
    assert locks.get(f"{path}?$select=accountEnabled").json()["accountEnabled"] is False
    assert locks.patch(path, {"accountEnabled": True, "city": "x"}).status_code == 403
    assert locks.patch(path, {"passwordProfile": {"password": "Horse-7-x"}}).status_code == 403
    resets = application("User-PasswordProfile.ReadWrite.All")
    assert resets.patch(path, {"passwordProfile": {"password": "Horse-7-x"}}).status_code == 204
    assert resets.patch(path, {"city": "x"}).status_code == 403


def test_a_deleted_user_is_gone_and_comes_back(admin: Graph, ada: dict[str, Any]) -> None:
    path = f"/users/{ada['id']}"
    assert admin.delete(path).status_code == 204
    for answer in (admin.get(path), admin.delete(path), admin.patch(path, {"city": "x"})):
        assert (answer.status_code, error_code(answer)) == (404, "Request_ResourceNotFound")
    deleted = admin.value("/directory/deletedItems/microsoft.graph.user")
    assert [one["id"] for one in deleted] == [ada["id"]]
    assert deleted[0]["deletedDateTime"] == "2026-03-04T09:30:00Z"
    assert deleted[0]["userPrincipalName"].endswith(ada["userPrincipalName"])
    restored = admin.post(f"/directory/deletedItems/{ada['id']}/restore", {})
    assert restored.status_code == 200
    assert restored.json()["@odata.type"] == "#microsoft.graph.user"
    assert admin.get(path).json()["displayName"] == "Ada Adams"
    assert admin.value("/directory/deletedItems/microsoft.graph.user") == []


def test_a_purged_user_and_a_taken_name_do_not_come_back(
    admin: Graph, ada: dict[str, Any], application: Application
) -> None:
    admin.delete(f"/users/{ada['id']}")
    again = admin.post("/users", new_user())
    assert again.status_code == 201
    bin_path = f"/directory/deletedItems/{ada['id']}"
    answer = admin.post(f"{bin_path}/restore", {})
    assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")
    groups_only = application("Group.ReadWrite.All")
    assert groups_only.get(bin_path).status_code == 403
    assert groups_only.delete(bin_path).status_code == 403
    assert admin.delete(bin_path).status_code == 204
    assert admin.get(bin_path).status_code == 404


def test_writes_appear_in_the_delta_and_are_told_to_subscriptions(admin: Graph) -> None:
    link = admin.get("/users/delta?$select=displayName&$deltatoken=latest").json()[
        "@odata.deltaLink"
    ]
    made = admin.post("/users", new_user()).json()["id"]
    admin.patch("/users/noah.kim@northwind.example", {"jobTitle": "Poet"})
    zoe = person("zoe.adeyemi").id
    admin.delete(f"/users/{zoe}")
    changed = {one["id"]: one for one in admin.get(link).json()["value"]}
    assert set(changed) == {made, person("noah.kim").id, zoe}
    assert changed[zoe]["@removed"] == {"reason": "changed"}


def test_the_manager_is_set_and_taken_away(admin: Graph) -> None:
    path = "/users/noah.kim@northwind.example/manager"
    zoe = person("zoe.adeyemi").id
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{zoe}"}
    assert admin.request("PUT", f"{path}/$ref", json=body).status_code == 204
    assert admin.get(path).json()["id"] == zoe
    assert admin.get(f"{path}/$ref").json()["@odata.id"].endswith(f"/directoryObjects/{zoe}")
    reports = admin.value(f"/users/{zoe}/directReports?$select=id")
    assert person("noah.kim").id in [one["id"] for one in reports]
    assert admin.delete(f"{path}/$ref").status_code == 204
    assert admin.get(path).status_code == 404
    assert admin.delete(f"{path}/$ref").status_code == 404
    refused: list[tuple[dict[str, Any], int]] = [
        ({}, 400),
        ({"@odata.id": 5}, 400),
        ({"@odata.id": "https://graph.microsoft.com/v1.0/users/nobody"}, 404),
        ({"@odata.id": f"https://x/v1.0/users/{person('noah.kim').id}"}, 400),
    ]
    for bad, status in refused:
        assert admin.request("PUT", f"{path}/$ref", json=bad).status_code == status


def test_a_mailbox_comes_with_the_license(admin: Graph, application: Application) -> None:
    made = admin.post("/users", new_user()).json()
    mail = application("Mail.Read MailboxSettings.Read")
    answer = mail.get(f"/users/{made['id']}/messages")
    assert (answer.status_code, error_code(answer)) == (404, "MailboxNotEnabledForRESTAPI")
    path = f"/users/{made['id']}/assignLicense"
    license_ = {"addLicenses": [{"skuId": SKU_ID, "disabledPlans": []}], "removeLicenses": []}
    refused = admin.post(path, license_)
    assert "invalid usage location" in refused.json()["error"]["message"]
    admin.patch(f"/users/{made['id']}", {"usageLocation": "GB"})
    assert admin.post(path, license_).json()["mail"] == made["userPrincipalName"]
    assert mail.get(f"/users/{made['id']}/messages").status_code == 200
    details = admin.value(f"/users/{made['id']}/licenseDetails")
    assert [one["skuPartNumber"] for one in details] == ["ENTERPRISEPACK"]
    assert admin.value("/subscribedSkus")[0]["consumedUnits"] == 41
    refused_bodies: list[dict[str, Any]] = [
        {"addLicenses": [{"skuId": "x"}], "removeLicenses": []},
        {"addLicenses": [5], "removeLicenses": []},
        {"addLicenses": [], "removeLicenses": [{}]},
        {"addLicenses": []},
    ]
    for bad in refused_bodies:
        assert admin.post(path, bad).status_code == 400
    taken = admin.post(path, {"addLicenses": [], "removeLicenses": [SKU_ID]})
    assert taken.json()["mail"] is None


def test_a_password_is_changed_by_whom_knows_it(
    admin: Graph, ada: dict[str, Any], sign_in_as: Callable[[str, str], Graph]
) -> None:
    me = sign_in_as(ada["id"], "Directory.AccessAsUser.All User.Read")
    body = {"currentPassword": "wrong", "newPassword": "Staple-9-horse"}
    assert error_code(me.post("/me/changePassword", body)) == "Request_BadRequest"
    body["currentPassword"] = "Horse-7-battery"
    assert me.post("/me/changePassword", {**body, "newPassword": "x"}).status_code == 400
    assert me.post("/me/changePassword", body).status_code == 204
    assert me.post("/me/changePassword", body).status_code == 400
    assert admin.post(f"/users/{ada['id']}/changePassword", body).status_code == 403


def test_a_token_of_a_deleted_user_opens_nothing(
    admin: Graph, ada: dict[str, Any], sign_in_as: Callable[[str, str], Graph]
) -> None:
    me = sign_in_as(ada["id"], "User.Read User.Read.All")
    assert me.get("/me").status_code == 200
    admin.delete(f"/users/{ada['id']}")
    for path in ("/me", "/users"):
        answer = me.get(path)
        assert (answer.status_code, error_code(answer)) == (401, "InvalidAuthenticationToken")


def test_a_photo_is_uploaded_shown_and_deleted(sign_in: Callable[..., Graph]) -> None:
    me = sign_in("noah.kim", "User.ReadWrite")
    path = "/me/photo/$value"
    jpeg = b"\xff\xd8\xff\xe0" + b"1" * 30
    assert me.request("PUT", path, content=jpeg, headers={"Content-Type": "image/jpeg"}).is_success
    shown = me.get(path)
    assert (shown.content, shown.headers["content-type"]) == (jpeg, "image/jpeg")
    assert me.get("/me/photo").json()["@odata.mediaContentType"] == "image/jpeg"
    for content, kind in ((b"", "image/png"), (b"text", "image/png"), (PNG, "text/plain")):
        bad = me.request("PUT", path, content=content, headers={"Content-Type": kind})
        assert bad.status_code == 400
    assert me.delete("/me/photo").status_code == 204
    assert error_code(me.get("/me/photo")) == "ImageNotFound"
    assert me.delete("/me/photo").status_code == 404


def test_mailbox_settings_are_written_and_read_one_by_one(sign_in: Callable[..., Graph]) -> None:
    me = sign_in("noah.kim", "MailboxSettings.ReadWrite User.Read")
    body = {
        "timeZone": "Tokyo Standard Time",
        "language": {"locale": "ja-JP"},
        "automaticRepliesSetting": {"status": "alwaysEnabled", "internalReplyMessage": "Away"},
    }
    changed = me.patch("/me/mailboxSettings", body)
    assert changed.status_code == 200, changed.text
    read = me.get("/me/mailboxSettings").json()
    assert (read["timeZone"], read["language"]["locale"]) == ("Tokyo Standard Time", "ja-JP")
    assert read["automaticRepliesSetting"]["externalAudience"] == "all"
    assert me.get("/me/mailboxSettings/timeZone").json()["value"] == "Tokyo Standard Time"
    replies = me.get("/me/mailboxSettings/automaticRepliesSetting").json()
    assert replies["internalReplyMessage"] == "Away"
    assert me.get("/me/mailboxSettings/nothing").status_code == 400
    for bad in ({"timeZone": "Mars"}, {"dateFormat": 5}, {"automaticRepliesSetting": "on"}):
        assert me.patch("/me/mailboxSettings", bad).status_code == 400


def test_colleagues_are_told_nearest_first(sign_in: Callable[..., Graph]) -> None:
    me = sign_in("noah.kim", "People.Read")
    names = [one["displayName"] for one in me.value("/me/people")]
    assert names[0] == "Jonas Müller"
    assert "Noah Kim" not in names
    assert [one["displayName"] for one in me.value('/me/people?$search="oli"')] == ["Olivia Brandt"]
