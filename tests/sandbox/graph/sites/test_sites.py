"""Sites: found by id, path and word; who sees which; what applications are let into."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from starlette.applications import Starlette

from graphwright_sandbox.graph import create_graph_app
from tests.sandbox.graph.calls import NOW, TENANT, Answer, Graph, authorize, error_code, person

HOST = "northwind.sharepoint.com"


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def test_the_root_site_is_the_same_by_every_name(sites: Graph) -> None:
    root = sites.get("/sites/root").json()
    host, collection, web = root["id"].split(",")
    assert (host, root["root"], root["siteCollection"]["hostname"]) == (HOST, {}, HOST)
    for name in (HOST, root["id"], collection, web, root["id"].upper(), f"{HOST}:/"):
        assert sites.get(f"/sites/{name}").json()["id"] == root["id"], name
    assert "isPersonalSite" not in root
    assert sites.get("/sites/root?$select=isPersonalSite").json()["isPersonalSite"] is False


def test_a_team_site_is_found_by_path_group_and_word(sites: Graph) -> None:
    site = sites.get(f"/sites/{HOST}:/sites/engineering").json()
    group = next(one for one in TENANT.groups if one.display_name == "Engineering")
    ways = [
        f"/sites/{site['id']}",
        f"/groups/{group.id}/sites/root",
        f"/sites/{HOST}:/sites/Engineering:",
        f"/sites/{HOST}%3A%2Fsites%2Fengineering",
        "/sites/root/getByPath(path='/sites/engineering')",
    ]
    assert {sites.get(way).json()["id"] for way in ways} == {site["id"]}
    assert site["id"] in [one["id"] for one in sites.value("/sites?search=engineering")]
    assert sites.get(f"/sites/{HOST}:/sites/engineering:/lists").status_code == 200
    assert sites.value(f"/sites/{HOST}:/sites/engineering:/drives")[0]["name"] == "Documents"
    assert sites.value("/sites?search=nothing-at-all") == []


def test_a_site_below_the_root_is_listed_and_found(sites: Graph) -> None:
    [below] = sites.value("/sites/root/sites")
    assert below["webUrl"] == f"https://{HOST}/archive"
    assert sites.get(f"/sites/root/sites/{below['id']}").json()["name"] == "archive"
    assert sites.get(f"/sites/{HOST}:/archive").json()["id"] == below["id"]
    assert sites.value(f"/sites/{below['id']}/sites") == []
    assert sites.value(f"/sites/{below['id']}/drive/root/children")[0]["name"] == "Index.csv"


def test_a_personal_site_is_its_owners(sites: Graph, sites_of: Callable[..., Graph]) -> None:
    path = "/sites/northwind-my.sharepoint.com:/personal/noah_kim_northwind_example"
    site = sites.get(path).json()
    assert sites.get(f"/sites/{site['id']}?$select=isPersonalSite").json()["isPersonalSite"]
    assert sites.get(f"/sites/{site['id']}/drive").json()["driveType"] == "business"
    assert refused(sites_of("maya.okafor").get(path)) == (403, "accessDenied")


def test_the_personal_site_of_somebody_new_is_found_once_it_is_there(
    sites: Graph, app: Starlette
) -> None:
    people = app.state.context.tenant.people
    model = person("noah.kim")
    new = replace(
        model,
        id="7d9f6c0a-5a5e-4a37-9a53-0f4a4c8f3b11",
        user_principal_name="new.person@northwind.example",
        mail="new.person@northwind.example",
    )
    people.add(new)
    try:
        own = Graph(sites.client, f"Bearer user:{new.id}:Sites.Read.All Files.Read")
        drive = own.get("/me/drive").json()
        assert own.value("/me/drive/root/children") == []
        path = "/sites/northwind-my.sharepoint.com:/personal/new_person_northwind_example"
        assert own.get(f"{path}:/drive").json()["id"] == drive["id"]
    finally:
        people.remove(new.id, NOW)
        people.purge(new.id)


def test_a_private_site_is_for_its_members(sites: Graph, sites_of: Callable[..., Graph]) -> None:
    path = f"/sites/{HOST}:/sites/board"
    assert refused(sites.get(path)) == (403, "accessDenied")
    assert "board" not in [one["name"] for one in sites.value("/sites?search=*")]
    member = sites_of("maya.okafor")
    assert member.get(path).status_code == 200
    assert "board" in [one["name"] for one in member.value("/sites?search=*")]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sites/nothing", 404, "itemNotFound"),
        (f"/sites/{HOST}:/sites/nothing", 404, "itemNotFound"),
        ("/sites/other.example:/sites/engineering", 404, "itemNotFound"),
        (f"/sites/{HOST},x,y", 404, "itemNotFound"),
        ("/groups/nothing/sites/root", 404, "ResourceNotFound"),
        ("/sites/root/lists/nothing", 404, "itemNotFound"),
        ("/sites/root/lists/nothing/items", 404, "itemNotFound"),
        ("/sites/root/lists/Assets/items/4711", 404, "itemNotFound"),
        ("/sites/root/lists/Assets/columns/nothing", 404, "itemNotFound"),
        ("/sites/root/lists/Assets/contentTypes/0x0", 404, "itemNotFound"),
        ("/sites/root/lists/Assets/drive", 404, "itemNotFound"),
        ("/sites/root/nonsense", 400, "BadRequest"),
        ("/sites/root?$select=nonsense", 400, "BadRequest"),
        ("/sites/root/permissions", 403, "accessDenied"),
        ("/sites/getAllSites", 403, "accessDenied"),
    ],
)
def test_what_is_not_there_or_not_allowed_is_refused(
    sites: Graph, path: str, status: int, code: str
) -> None:
    assert refused(sites.get(path)) == (status, code)


def test_lists_and_the_drive_are_expanded(sites: Graph) -> None:
    site = sites.get("/sites/root?$expand=lists($select=displayName),drive").json()
    assert {"displayName": "Assets"} in [
        {"displayName": one["displayName"]} for one in site["lists"]
    ]
    assert site["drive"]["driveType"] == "documentLibrary"


def test_sites_are_followed_and_no_longer(sites: Graph) -> None:
    root = sites.get("/sites/root").json()["id"]
    before = [one["id"] for one in sites.value("/me/followedSites")]
    added = sites.post("/me/followedSites/add", {"value": [{"id": root}]})
    assert [one["id"] for one in added.json()["value"]] == [root]
    assert [one["id"] for one in sites.value("/me/followedSites")] == [*before, root]
    assert sites.post("/me/followedSites/remove", {"value": [{"id": root}]}).status_code == 204
    assert [one["id"] for one in sites.value("/me/followedSites")] == before
    wrong: list[object] = [None, [], ["x"], [{"id": 1}]]
    for value in wrong:
        answer = sites.post("/me/followedSites/add", {"value": value})
        assert refused(answer) == (400, "invalidRequest")
    unknown = {"value": [{"id": "nothing"}]}
    assert refused(sites.post("/me/followedSites/add", unknown)) == (404, "itemNotFound")


def test_an_application_of_selected_sites_gets_in_by_a_permission(
    daemon: Callable[[str], Graph],
) -> None:
    selected, admin = daemon("Sites.Selected"), daemon("Sites.FullControl.All")
    path = "/sites/root/lists/Assets/items"
    assert refused(selected.get(path)) == (403, "accessDenied")
    application = {"application": {"id": "app", "displayName": "Reader"}}
    body = {"roles": ["read"], "grantedToIdentities": [application]}
    made = admin.post("/sites/root/permissions", body)
    assert (made.status_code, made.json()["roles"]) == (201, ["read"])
    one = f"/sites/root/permissions/{made.json()['id']}"
    assert selected.get(path).status_code == 200
    assert refused(selected.post(path, {"fields": {"Title": "x"}})) == (403, "accessDenied")
    assert admin.patch(one, {"roles": ["write"]}).json()["roles"] == ["write"]
    assert selected.post(path, {"fields": {"Title": "x"}}).status_code == 201
    assert len(admin.value("/sites/root/permissions")) == 1
    assert admin.get(one).json()["grantedToIdentities"] == [application]
    for wrong in ({"roles": ["read"]}, {**body, "roles": ["rule"]}, {**body, "roles": []}):
        assert refused(admin.post("/sites/root/permissions", wrong)) == (400, "invalidRequest")
    assert admin.delete(one).status_code == 204
    assert refused(admin.get(one)) == (404, "itemNotFound")
    assert refused(selected.get(path)) == (403, "accessDenied")


def test_an_application_lists_every_site(daemon: Callable[[str], Graph]) -> None:
    names = [one["displayName"] for one in daemon("Sites.Read.All").value("/sites/getAllSites")]
    assert {"Board", "Engineering", "Map archive"} <= set(names)


def test_what_sites_hold_is_written_and_read_again(sites: Graph, app: Starlette) -> None:
    title = f"Kept {person('noah.kim').id}"
    made = sites.post("/sites/root/lists", {"displayName": title}).json()
    sites.post(f"/sites/root/lists/{made['id']}/items", {"fields": {"Title": "row"}})
    page = {"@odata.type": "#microsoft.graph.sitePage", "name": f"{title}.aspx"}
    assert sites.post("/sites/root/pages", page).status_code == 201
    content = {"content": b"bytes \x00\xff", "headers": {"content-type": "text/plain"}}
    sites.request("PUT", "/me/drive/root:/kept.bin:/content", **content)
    [part] = [one for one in app.state.context.state if one.name == "sharepoint"]
    written = msgspec.json.decode(msgspec.json.encode(part.dump()))
    other = create_graph_app(TENANT, authorize, lambda: NOW)
    [loaded] = [one for one in other.state.context.state if one.name == "sharepoint"]
    loaded.load(written)
    assert loaded.dump() == part.dump()
