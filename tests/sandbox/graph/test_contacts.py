"""Contacts: address books in folders, searched, changed, followed, with photos."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person

SCOPES = "Contacts.ReadWrite User.Read"


@pytest.fixture
def me(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("noah.kim", SCOPES)


def contact(**more: Any) -> dict[str, Any]:
    return {
        "givenName": "Pavel",
        "surname": "Bansky",
        "companyName": "Lucerne Printing",
        "emailAddresses": [{"name": "Pavel", "address": "pavelb@lucerne.example"}],
        "businessPhones": ["+1 732 555 0102"],
        **more,
    }


def test_everybody_has_contacts_of_their_own(sign_in: Callable[..., Graph], me: Graph) -> None:
    mine = me.all_pages("/me/contacts?$top=5")
    assert len(mine) == 12
    assert all(one["emailAddresses"][0]["address"] for one in mine)
    assert int(me.get("/me/contacts/$count").text) == 12
    others = sign_in("zoe.adeyemi", SCOPES)
    assert {one["id"] for one in others.all_pages("/me/contacts")}.isdisjoint(
        one["id"] for one in mine
    )
    answer = others.get(f"/me/contacts/{mine[0]['id']}")
    assert (answer.status_code, error_code(answer)) == (404, "ErrorItemNotFound")


def test_a_contact_comes_back_as_it_was_created(me: Graph) -> None:
    body = contact(birthday="1974-07-22T00:00:00Z", homeAddress={"city": "Bern"}, children=["Ann"])
    made = me.post("/me/contacts", body)
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith(made.json()["id"])
    read = me.get(f"/me/contacts/{made.json()['id']}").json()
    for name, value in body.items():
        assert read[name] == value
    assert (read["displayName"], read["fileAs"]) == ("Pavel Bansky", "Bansky, Pavel")
    assert read["primaryEmailAddress"]["address"] == "pavelb@lucerne.example"
    assert (read["secondaryEmailAddress"], read["spouseName"]) == (None, None)
    assert read["createdDateTime"] == "2026-03-04T09:30:00Z"
    folder = me.get("/me/contactFolders/contacts").json()
    assert read["parentFolderId"] == folder["id"]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "change",
    [
        {"emailAddresses": "x"},
        {"emailAddresses": [{"address": f"{n}@x.example"} for n in range(4)]},
        {"businessPhones": ["1", "2", "3"]},
        {"birthday": "soon"},
        {"nothing": 1},
        {"homeAddress": "Bern"},
        {"givenName": 5},
    ],
)
def test_a_contact_without_sense_is_refused(me: Graph, change: dict[str, Any]) -> None:
    assert me.post("/me/contacts", contact(**change)).status_code == 400
    assert me.get("/me/contacts/$count").text == "12"


def test_a_patch_keeps_what_it_does_not_name_and_its_etag_guards(me: Graph) -> None:
    made = me.post("/me/contacts", contact()).json()
    path = f"/me/contacts/{made['id']}"
    changed = me.patch(path, {"surname": "Novák"}, If_Match=made["@odata.etag"])
    assert changed.status_code == 200
    assert changed.json()["displayName"] == "Pavel Novák"
    assert changed.json()["companyName"] == "Lucerne Printing"
    assert changed.json()["@odata.etag"] != made["@odata.etag"]
    stale = me.patch(path, {"surname": "x"}, If_Match=made["@odata.etag"])
    assert (stale.status_code, error_code(stale)) == (412, "ErrorIrresolvableConflict")
    assert me.patch(path, {"displayName": "Printer"}).json()["displayName"] == "Printer"
    assert me.delete(path, If_Match=made["@odata.etag"]).status_code == 412
    assert me.delete(path).status_code == 204
    for gone in (me.get(path), me.delete(path), me.patch(path, {"surname": "x"})):
        assert (gone.status_code, error_code(gone)) == (404, "ErrorItemNotFound")
    malformed = me.get("/me/contacts/nothing")
    assert (malformed.status_code, error_code(malformed)) == (400, "ErrorInvalidIdMalformed")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("$filter=emailAddresses/any(a:a/address eq 'pavelb@lucerne.example')", 1),
        ("$filter=surname eq 'Bansky' and companyName ne null", 1),
        ("$filter=startswith(displayName,'Pavel B')", 1),
        ("$search=bansky", 1),
        ('$search="displayName:pav ban"', 1),
        ("$search=displayName:pav", 1),
        ('$search="pavelb"', 1),
        ("$search=surname:pavel", 0),
        ("$orderby=displayName&$top=20", 13),
    ],
)
def test_contacts_are_found(me: Graph, query: str, count: int) -> None:
    me.post("/me/contacts", contact())
    assert len(me.value(f"/me/contacts?{query}")) == count


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "query",
    [
        "$search=x&$filter=surname eq 'x'",
        "$search=x&$orderby=surname",
        "$search=nothing:x",
        '$search=""',
        "$filter=nothing eq 1",
        "$select=nothing",
        "$orderby=emailAddresses",
        "$top=1001",
    ],
)
def test_queries_that_outlook_does_not_answer_are_refused(me: Graph, query: str) -> None:
    assert me.get(f"/me/contacts?{query}").status_code == 400


def test_folders_hold_contacts_and_folders(me: Graph) -> None:
    top = me.value("/me/contactFolders")
    assert [one["displayName"] for one in top] == ["Contacts"]
    made = me.post("/me/contactFolders", {"displayName": "Suppliers"})
    assert made.status_code == 201
    folder = made.json()
    assert folder["parentFolderId"] == top[0]["id"]
    path = f"/me/contactFolders/{folder['id']}"
    again = me.post("/me/contactFolders", {"displayName": "SUPPLIERS"})
    assert (again.status_code, error_code(again)) == (409, "ErrorFolderExists")
    child = me.post(f"{path}/childFolders", {"displayName": "Paper"}).json()
    assert me.get(f"{path}/childFolders/{child['id']}").json()["displayName"] == "Paper"
    assert me.get("/me/contactFolders/$count").text == "2"
    inside = me.post(f"{path}/contacts", contact()).json()
    assert [one["id"] for one in me.value(f"{path}/contacts")] == [inside["id"]]
    assert inside["id"] not in [one["id"] for one in me.all_pages("/me/contacts")]
    assert me.get(f"/me/contacts/{inside['id']}").status_code == 200
    elsewhere = me.get(f"/me/contactFolders/{child['id']}/contacts/{inside['id']}")
    assert elsewhere.status_code == 404
    expanded = me.get(f"{path}?$expand=contacts($select=surname),childFolders").json()
    assert expanded["contacts"][0]["surname"] == "Bansky"
    assert expanded["childFolders"][0]["displayName"] == "Paper"
    assert me.patch(path, {"displayName": "Partners"}).json()["displayName"] == "Partners"
    for bad in ({"displayName": ""}, {}, {"displayName": 5}):
        assert me.post("/me/contactFolders", bad).status_code == 400
    assert me.delete(path).status_code == 204
    for gone in (path, f"/me/contactFolders/{child['id']}", f"/me/contacts/{inside['id']}"):
        assert me.get(gone).status_code == 404


def test_the_default_folder_stays(me: Graph) -> None:
    for answer in (
        me.delete("/me/contactFolders/contacts"),
        me.patch("/me/contactFolders/contacts", {"displayName": "x"}),
    ):
        assert (answer.status_code, error_code(answer)) == (403, "ErrorDeleteDistinguishedFolder")


def test_deltas_tell_what_changed_in_one_folder(me: Graph) -> None:
    first = me.get("/me/contacts/delta?$select=displayName", Prefer="odata.maxpagesize=50").json()
    known = first["value"]
    assert len(known) == 12
    made = me.post("/me/contacts", contact()).json()
    me.patch(f"/me/contacts/{known[0]['id']}", {"jobTitle": "Poet"})
    me.delete(f"/me/contacts/{known[1]['id']}")
    folder = me.post("/me/contactFolders", {"displayName": "Suppliers"}).json()
    me.post(f"/me/contactFolders/{folder['id']}/contacts", contact())
    changed = {one["id"]: one for one in me.get(first["@odata.deltaLink"]).json()["value"]}
    assert set(changed) == {made["id"], known[0]["id"], known[1]["id"]}
    assert changed[known[1]["id"]]["@removed"] == {"reason": "deleted"}
    inside = me.get(f"/me/contactFolders/{folder['id']}/contacts/delta").json()["value"]
    assert len(inside) == 1
    folders = me.get("/me/contactFolders/delta").json()["value"]
    assert {one["displayName"] for one in folders} == {"Contacts", "Suppliers"}


def test_a_contact_has_a_photo_when_it_was_given_one(me: Graph) -> None:
    path = f"/me/contacts/{me.value('/me/contacts')[0]['id']}/photo"
    assert error_code(me.get(path)) == "ImageNotFound"
    jpeg = b"\xff\xd8\xff\xe0" + b"1" * 30
    headers = {"Content-Type": "image/jpeg"}
    assert me.request("PUT", f"{path}/$value", content=jpeg, headers=headers).status_code == 200
    assert me.get(f"{path}/$value").content == jpeg
    assert me.get(path).json()["@odata.mediaContentType"] == "image/jpeg"
    assert me.request("PUT", f"{path}/$value", content=b"x", headers=headers).status_code == 400


def test_permissions_of_contacts(
    sign_in: Callable[..., Graph], application: Callable[[str], Graph]
) -> None:
    reader = sign_in("noah.kim", "Contacts.Read")
    assert reader.get("/me/contacts").status_code == 200
    for answer in (
        reader.post("/me/contacts", contact()),
        sign_in("noah.kim", "User.Read").get("/me/contacts"),
        reader.get(f"/users/{person('zoe.adeyemi').id}/contacts"),
        application("User.Read.All").get(f"/users/{person('noah.kim').id}/contacts"),
    ):
        assert (answer.status_code, error_code(answer)) == (403, "ErrorAccessDenied")
    app = application("Contacts.Read")
    assert len(app.value(f"/users/{person('noah.kim').id}/contacts")) == 10
