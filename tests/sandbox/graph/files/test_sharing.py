"""Who may see and change whose files: shared, by link, by membership, as the application."""

from collections.abc import Callable

import pytest

from graphwright_sandbox.workloads.files.sharing import encode_share
from tests.sandbox.graph.calls import TENANT, Answer, error_code, person
from tests.sandbox.graph.files.conftest import Files

OTHER = "siobhan.obrien"


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


@pytest.fixture(scope="module")
def other(files_of: Callable[..., Files]) -> Files:
    """Somebody who may see all that others let them see."""
    return files_of(OTHER, "Files.ReadWrite.All")


@pytest.fixture
def item(files: Files, folder: str) -> str:
    """The path of a new file of Noah's, as everybody may name it."""
    made = files.put(f"{folder}/shared.txt:/content", b"content").json()
    return f"/drives/{made['parentReference']['driveId']}/items/{made['id']}"


def invite(files: Files, item: str, role: str = "read") -> Answer:
    body = {"recipients": [{"email": person(OTHER).mail}], "roles": [role]}
    return files.post(f"{item}/invite", body)


def test_nobody_sees_what_was_not_shared(other: Files, item: str) -> None:
    assert refused(other.get(item)) == (403, "accessDenied")
    assert refused(other.get(f"/users/{person('noah.kim').id}/drive")) == (403, "accessDenied")
    assert refused(other.get(f"{item}/content")) == (403, "accessDenied")


def test_an_invitation_lets_somebody_read_but_not_write(
    files: Files, other: Files, item: str
) -> None:
    [granted] = invite(files, item).json()["value"]
    assert granted["roles"] == ["read"]
    assert granted["grantedToV2"]["user"]["id"] == person(OTHER).id
    assert other.get(f"{item}/content").status_code == 302
    assert refused(other.put(f"{item}/content", b"2")) == (403, "accessDenied")
    changed = files.patch(f"{item}/permissions/{granted['id']}", {"roles": ["write"]})
    assert changed.json()["roles"] == ["write"]
    assert other.put(f"{item}/content", b"2").status_code == 200
    assert files.delete(f"{item}/permissions/{granted['id']}").status_code == 204
    assert refused(other.get(item)) == (403, "accessDenied")


def test_the_files_own_scope_reaches_the_own_drive_only(
    files: Files, files_of: Callable[..., Files], item: str
) -> None:
    invite(files, item)
    assert refused(files_of(OTHER).get(item)) == (403, "accessDenied")
    mixed = files_of(OTHER, "Files.ReadWrite Files.Read.All")
    assert mixed.get(item).status_code == 200
    assert refused(mixed.put(f"{item}/content", b"2")) == (403, "accessDenied")


def test_what_is_shared_is_listed_with_its_owner(files: Files, other: Files, item: str) -> None:
    invite(files, item)
    identifier = item.rpartition("/")[2]
    listed = {one["id"]: one for one in other.value("/me/drive/sharedWithMe")}
    remote = listed[identifier]["remoteItem"]
    assert remote["shared"]["owner"]["user"]["displayName"] == "Noah Kim"
    assert (
        other.get(f"/drives/{remote['parentReference']['driveId']}/items/{remote['id']}").json()[
            "name"
        ]
        == "shared.txt"
    )


def test_managers_find_the_notes_of_those_they_lead(files_of: Callable[..., Files]) -> None:
    manager = person(OTHER)
    led = {one.display_name for one in TENANT.people if one.manager_id == manager.id}
    shared = files_of(OTHER, "Files.Read.All").value("/me/drive/sharedWithMe")
    owners = {
        one["remoteItem"]["shared"]["owner"]["user"]["displayName"]
        for one in shared
        if one["name"] == "Notes.txt"
    }
    assert owners == led
    assert led


def test_sharing_a_folder_shares_what_it_holds(files: Files, other: Files, folder: str) -> None:
    inner = files.put(f"{folder}/a/b.txt:/content", b"1").json()
    invite(files, f"{folder}:")
    drive = inner["parentReference"]["driveId"]
    assert other.get(f"/drives/{drive}/items/{inner['id']}").status_code == 200
    listed = files.value(f"/me/drive/items/{inner['id']}/permissions")
    inherited = next(one for one in listed if "inheritedFrom" in one)
    assert inherited["grantedToV2"]["user"]["id"] == person(OTHER).id
    path = f"/me/drive/items/{inner['id']}/permissions"
    assert refused(files.delete(f"{path}/{inherited['id']}")) == (400, "invalidRequest")
    owner = next(one for one in listed if one["roles"] == ["owner"])
    assert files.get(f"{path}/{owner['id']}").json()["grantedTo"]["user"]["displayName"]
    assert refused(files.delete(f"{path}/nothing")) == (404, "itemNotFound")


def test_a_link_is_made_once_and_opens_the_item_to_who_uses_it(
    files: Files, other: Files, item: str
) -> None:
    made = files.post(f"{item}/createLink", {"type": "view", "scope": "organization"})
    again = files.post(f"{item}/createLink", {"type": "view", "scope": "organization"})
    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == made.json()["id"]
    link = made.json()["link"]
    assert (link["type"], link["scope"]) == ("view", "organization")
    assert files.get(item).json()["shared"] == {"scope": "organization"}
    assert refused(other.get(item)) == (403, "accessDenied")
    share = encode_share(link["webUrl"])
    assert share == made.json()["shareId"]
    found = other.get(f"/shares/{share}/driveItem")
    assert found.json()["id"] == item.rpartition("/")[2]
    assert other.get(item).status_code == 200
    assert other.get(f"/shares/{share}").json()["owner"]["user"]["displayName"] == "Noah Kim"
    assert other.get(f"/shares/{share}/driveItem/content").status_code == 302


def test_a_link_for_certain_people_opens_nothing_to_others(
    files: Files, other: Files, item: str
) -> None:
    link = files.post(f"{item}/createLink", {"type": "edit", "scope": "users"}).json()["link"]
    answer = other.get(f"/shares/{encode_share(link['webUrl'])}/driveItem")
    assert refused(answer) == (403, "accessDenied")


@pytest.mark.parametrize(
    "share", ["nonsense", "u!", "u!%C3%A4", "u!aHR0cHM6Ly94LmV4YW1wbGUvYQ", "s!abc"]
)
def test_a_share_that_leads_nowhere_is_refused(other: Files, share: str) -> None:
    answer = other.get(f"/shares/{share}/driveItem")
    assert refused(answer) in ((400, "invalidRequest"), (404, "itemNotFound"))


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("createLink", {}),
        ("createLink", {"type": "embed"}),
        ("createLink", {"type": "view", "scope": "everybody"}),
        ("createLink", {"type": "view", "expirationDateTime": "2020-01-01T00:00:00Z"}),
        ("createLink", {"type": "view", "expirationDateTime": "soon"}),
        ("createLink", {"type": "view", "scope": "organization", "password": "x"}),
        ("invite", {"roles": ["read"]}),
        ("invite", {"recipients": [], "roles": ["read"]}),
        ("invite", {"recipients": ["x"], "roles": ["read"]}),
        ("invite", {"recipients": [{"email": "nobody@nowhere.example"}], "roles": ["read"]}),
        ("invite", {"recipients": [{"email": "noah.kim@northwind.example"}], "roles": ["rule"]}),
        ("invite", {"recipients": [{"email": "noah.kim@northwind.example"}]}),
    ],
)
def test_a_wrong_way_of_sharing_is_refused(
    files: Files, item: str, action: str, body: object
) -> None:
    assert refused(files.post(f"{item}/{action}", body)) == (400, "invalidRequest")
    assert "shared" not in files.get(item).json()


def test_a_groups_drive_is_for_its_members_and_a_public_one_is_read_by_all(
    files_of: Callable[..., Files],
) -> None:
    group = next(one for one in TENANT.groups if one.unified and one.visibility == "Public")
    private = next(one for one in TENANT.groups if one.visibility == "Private")
    inside = next(one for one in TENANT.people if one.id in group.members)
    outside = next(one for one in TENANT.people if one.id not in (*group.members, *private.members))
    path = f"/groups/{group.id}/drive/root:/by-member.txt"
    member = files_of(inside.mail.partition("@")[0], "Files.ReadWrite.All")
    stranger = files_of(outside.mail.partition("@")[0], "Files.ReadWrite.All")
    assert member.put(f"{path}:/content", b"1").status_code == 201
    assert stranger.get(path).json()["parentReference"]["driveType"] == "documentLibrary"
    assert refused(stranger.put(f"{path}:/content", b"2")) == (403, "accessDenied")
    assert refused(stranger.get(f"/groups/{private.id}/drive")) == (403, "accessDenied")
    assert stranger.value(f"/groups/{group.id}/drives")[0]["owner"]["group"]["id"] == group.id


def test_the_application_reaches_every_drive_by_its_roles(
    daemon: Callable[[str], Files], item: str
) -> None:
    assert daemon("Files.Read.All").get(f"{item}/content").status_code == 302
    assert refused(daemon("Files.Read.All").delete(item)) == (403, "accessDenied")
    assert refused(daemon("User.Read.All").get(item)) == (403, "accessDenied")
    assert refused(daemon("Sites.Selected").get(item)) == (403, "accessDenied")
    assert daemon("Files.ReadWrite.All").delete(item).status_code == 204
