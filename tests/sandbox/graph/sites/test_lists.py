"""Lists, their columns and items: written by the columns' rules, found by their fields."""

from typing import Any

import pytest

from tests.sandbox.graph.calls import Answer, Graph, error_code

UNINDEXED = {"Prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"}


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def add(sites: Graph, things: str, **fields: Any) -> dict[str, Any]:
    made = sites.post(f"{things}/items", {"fields": fields})
    assert made.status_code == 201, made.text
    item: dict[str, Any] = made.json()
    return item


def titles(sites: Graph, path: str, **headers: str) -> list[str]:
    return [item["fields"]["Title"] for item in sites.value(path, **headers)]


def test_a_list_is_found_by_id_name_and_title(sites: Graph) -> None:
    found = sites.get("/sites/root/lists/Travel requests").json()
    assert sites.get("/sites/root/lists/TravelRequests").json()["id"] == found["id"]
    assert sites.get(f"/sites/root/lists/{found['id']}").json()["displayName"] == "Travel requests"
    assert found["list"] == {
        "contentTypesEnabled": False,
        "hidden": False,
        "template": "genericList",
    }


def test_hidden_lists_are_shown_where_system_is_selected(sites: Graph) -> None:
    shown = [one["name"] for one in sites.value("/sites/root/lists")]
    all_names = [one["name"] for one in sites.value("/sites/root/lists?$select=name,system")]
    assert set(all_names) - set(shown) == {"users"}
    path = "/sites/root/lists/users"
    assert refused(sites.patch(f"{path}/items/6/fields", {"Title": "x"})) == (403, "accessDenied")
    assert refused(sites.delete(path)) == (403, "accessDenied")


def test_a_list_is_made_renamed_and_deleted(sites: Graph) -> None:
    body = {"displayName": "Made here", "description": "x", "list": {"template": "genericList"}}
    made = sites.post("/sites/root/lists", body).json()
    path = f"/sites/root/lists/{made['id']}"
    assert refused(sites.post("/sites/root/lists", body)) == (409, "nameAlreadyExists")
    changed = sites.patch(path, {"displayName": "Renamed"}, If_Match=made["eTag"])
    assert changed.json()["displayName"] == "Renamed"
    assert refused(sites.patch(path, {"description": "y"}, If_Match=made["eTag"])) == (
        412,
        "resourceModified",
    )
    assert refused(sites.patch(path, {"displayName": "Assets"})) == (409, "nameAlreadyExists")
    assert sites.delete(path).status_code == 204
    assert refused(sites.get(path)) == (404, "itemNotFound")
    assert refused(sites.delete("/sites/root/lists/Documents")) == (400, "invalidRequest")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalidRequest"),
        ({"displayName": "x" * 256}, "invalidRequest"),
        ({"displayName": "x", "list": {"template": "survey"}}, "invalidRequest"),
        ({"displayName": "x", "columns": ["text"]}, "invalidRequest"),
        ({"displayName": "x", "columns": [{"name": "A"}]}, "invalidRequest"),
        ({"displayName": "x", "columns": [{"name": "A", "text": 1}]}, "RequestBodyRead"),
        ({"displayName": "x", "nonsense": 1}, "RequestBodyRead"),
    ],
)
def test_a_list_is_not_made_of_a_wrong_body(sites: Graph, body: object, code: str) -> None:
    assert refused(sites.post("/sites/root/lists", body)) == (400, code)


def test_a_new_library_is_a_drive(sites: Graph) -> None:
    body = {"displayName": "Drawings", "list": {"template": "documentLibrary"}}
    made = sites.post("/sites/root/lists", body).json()
    drive = sites.get(f"/sites/root/lists/{made['id']}/drive").json()
    assert "Drawings" in [one["name"] for one in sites.value("/sites/root/drives")]
    path = f"/drives/{drive['id']}/root:/plan.txt"
    assert sites.request("PUT", f"{path}:/content", content=b"1").status_code == 201
    [item] = sites.value(f"/sites/root/lists/{made['id']}/items?$expand=fields,driveItem")
    assert item["fields"]["FileLeafRef"] == item["driveItem"]["name"] == "plan.txt"
    assert sites.get(f"{path}:/listItem").json()["id"] == item["id"]
    listed = (
        f"/drives/{drive['id']}/root/children?$expand=listItem($expand=fields($select=ID,Title))"
    )
    assert sites.value(listed)[0]["listItem"]["id"] == item["id"]
    assert "listItem" not in sites.get(f"/drives/{drive['id']}/root?$expand=listItem").json()
    row = f"/sites/root/lists/{made['id']}/items/{item['id']}"
    assert sites.get(f"{row}/driveItem").json()["id"] == item["driveItem"]["id"]
    assert sites.get(f"/drives/{drive['id']}/list").json()["id"] == made["id"]
    changed = sites.patch(f"{row}/fields", {"Title": "A plan", "FileLeafRef": "new.txt"})
    assert changed.json()["Title"] == "A plan"
    assert sites.get(f"/drives/{drive['id']}/root:/new.txt").status_code == 200
    assert refused(sites.patch(f"{row}/fields", {"FileLeafRef": "a:b"})) == (400, "invalidRequest")
    new = {"fields": {"Title": "x"}}
    assert refused(sites.post(f"/sites/root/lists/{made['id']}/items", new)) == (
        400,
        "invalidRequest",
    )
    assert sites.delete(row).status_code == 204
    assert sites.value(f"/drives/{drive['id']}/root/children") == []


def test_columns_tell_their_type(sites: Graph, things: str) -> None:
    kinds = {one["name"]: one["type"] for one in sites.value(f"{things}/columns")}
    assert kinds | {"Title": "text", "Colour": "choice", "Tags": "multichoice"} == kinds
    assert kinds | {"Keeper": "user", "Link": "url", "Notes": "note", "Sum": "calculated"} == kinds
    [colour] = [one for one in sites.value(f"{things}/columns") if one["name"] == "Colour"]
    assert colour["choice"]["choices"] == ["red", "blue"]
    assert sites.get(f"{things}/columns/Colour").json()["id"] == colour["id"]
    expanded = sites.get(f"{things}?$expand=columns($select=name),items($expand=fields)").json()
    assert {"name": "Weight"} in expanded["columns"]


def test_the_items_a_list_is_shown_with_are_filtered_too(sites: Graph, things: str) -> None:
    for title in ("a", "b"):
        add(sites, things, Title=title, Colour="red" if title == "a" else "blue")
    query = "$expand=items($expand=fields;$filter=fields/Colour eq 'blue')"
    [item] = sites.get(f"{things}?{query}").json()["items"]
    assert item["fields"]["Title"] == "b"


def test_a_column_is_added_changed_and_removed(sites: Graph, things: str) -> None:
    made = sites.post(f"{things}/columns", {"displayName": "Page count", "number": {}})
    assert (made.status_code, made.json()["name"]) == (201, "Pagecount")
    path = f"{things}/columns/{made.json()['id']}"
    changed = sites.patch(path, {"indexed": True, "number": {"maximum": 9}}).json()
    assert (changed["indexed"], changed["number"]["maximum"]) == (True, 9)
    assert refused(sites.post(f"{things}/items", {"fields": {"Pagecount": 10}})) == (
        400,
        "invalidRequest",
    )
    assert refused(sites.patch(path, {"text": {}})) == (400, "invalidRequest")
    assert sites.delete(path).status_code == 204
    assert refused(sites.get(path)) == (404, "itemNotFound")
    assert refused(sites.delete(f"{things}/columns/Title")) == (400, "invalidRequest")
    assert refused(sites.patch(f"{things}/columns/Title", {"hidden": True})) == (
        400,
        "invalidRequest",
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "A"}, 400, "invalidRequest"),
        ({"name": "A", "text": {}, "number": {}}, 400, "invalidRequest"),
        ({"name": "1 A", "text": {}}, 400, "invalidRequest"),
        ({"text": {}}, 400, "invalidRequest"),
        ({"name": "Colour", "text": {}}, 409, "nameAlreadyExists"),
        ({"name": "A", "choice": {}}, 400, "invalidRequest"),
        ({"name": "A", "calculated": {}}, 400, "invalidRequest"),
        ({"name": "A", "lookup": {"listId": "nothing"}}, 400, "invalidRequest"),
        ({"name": "A", "text": {"maxLength": "x"}}, 400, "RequestBodyRead"),
    ],
)
def test_a_wrong_column_is_refused(
    sites: Graph, things: str, body: object, status: int, code: str
) -> None:
    assert refused(sites.post(f"{things}/columns", body)) == (status, code)


def test_an_item_keeps_a_value_of_every_type(sites: Graph, things: str) -> None:
    users = sites.value("/sites/root/lists/User Information List/items?$expand=fields")
    keeper = users[3]
    fields = {
        "Title": "First",
        "Colour": "red",
        "Tags@odata.type": "Collection(Edm.String)",
        "Tags": ["a", "b"],
        "Weight": 3,
        "Price": 2.5,
        "Due": "2026-04-01T10:00:00+02:00",
        "KeeperLookupId": keeper["id"],
        "Link": {"Url": "https://example.com", "Description": "there"},
        "Notes": "line\nline",
    }
    item = add(sites, things, **fields)
    kept = item["fields"]
    expected = {name: value for name, value in fields.items() if "@" not in name}
    expected |= {"Due": "2026-04-01T08:00:00Z", "Sold": False, "Sum": "7.5", "LinkTitle": "First"}
    assert kept | expected == kept
    assert (kept["id"], kept["ContentType"]) == (item["id"], "Item")
    chosen = f"{things}/items/{item['id']}?$expand=fields($select=Title,Keeper,Weight)"
    shown = sites.get(chosen).json()["fields"]
    assert {name: shown[name] for name in shown if "@" not in name} == {
        "Title": "First",
        "Keeper": keeper["fields"]["Title"],
        "Weight": 3,
    }
    alone = sites.get(f"{things}/items/{item['id']}/fields?$select=Weight").json()
    assert alone["Weight"] == 3
    assert "fields" not in sites.get(f"{things}/items/{item['id']}").json()


@pytest.mark.parametrize(
    "fields",
    [
        {"Nonsense": 1},
        {"Weight": "3"},
        {"Weight": -1},
        {"Weight": True},
        {"Price": "x"},
        {"Colour": "green"},
        {"Colour": ["red"]},
        {"Tags": "a"},
        {"Tags": ["c"]},
        {"Sold": "yes"},
        {"Due": "soon"},
        {"Due": 5},
        {"Link": "https://example.com"},
        {"Link": {"Url": 1}},
        {"Keeper": "Noah Kim"},
        {"KeeperLookupId": "x"},
        {"KeeperLookupId": "4711"},
        {"Sum": 1},
        {"Modified": "2026-01-01T00:00:00Z"},
        {"ID": 7},
        {"Code": "longer than five"},
        {"Title": "x" * 256},
        {"Title": 5},
    ],
)
def test_a_value_that_does_not_fit_its_column_is_refused(
    sites: Graph, things: str, fields: dict[str, Any]
) -> None:
    assert refused(sites.post(f"{things}/items", {"fields": fields})) == (400, "invalidRequest")
    item = add(sites, things, Title="x")
    path = f"{things}/items/{item['id']}/fields"
    assert refused(sites.patch(path, fields)) == (400, "invalidRequest")
    assert sites.get(path).json()["_UIVersionString"] == "1.0"


def test_a_unique_value_is_taken_once(sites: Graph, things: str) -> None:
    add(sites, things, Title="a", Code="K1")
    assert refused(sites.post(f"{things}/items", {"fields": {"Code": "K1"}})) == (
        400,
        "invalidRequest",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [({"fields": 1}, "RequestBodyRead"), ({"nonsense": 1}, "RequestBodyRead")],
)
def test_an_item_is_not_made_of_a_wrong_body(
    sites: Graph, things: str, body: object, code: str
) -> None:
    assert refused(sites.post(f"{things}/items", body)) == (400, code)


def test_items_are_found_and_sorted_by_their_fields(sites: Graph, things: str) -> None:
    for number, colour in enumerate(("red", "blue", "red")):
        add(sites, things, Title=f"T{number}", Colour=colour, Weight=10 - number, Price=number)
    path = f"{things}/items?$expand=fields"
    assert titles(sites, f"{path}&$filter=fields/Colour eq 'red'") == ["T0", "T2"]
    assert titles(sites, f"{path}&$filter=fields/Weight lt 10 and fields/Colour eq 'red'") == ["T2"]
    assert titles(sites, f"{path}&$orderby=fields/Weight") == ["T2", "T1", "T0"]
    assert titles(sites, f"{path}&$filter=startswith(fields/Title,'T1')", **UNINDEXED) == ["T1"]
    assert titles(sites, f"{path}&$filter=fields/Price ge 1&$top=1", **UNINDEXED) == ["T1"]
    pages = sites.all_pages(f"{path}&$top=2")
    assert [item["fields"]["Title"] for item in pages] == ["T0", "T1", "T2"]


@pytest.mark.parametrize(
    "query", ["$filter=fields/Title eq 'x'", "$orderby=fields/Price", "$filter=fields/Due gt now"]
)
def test_a_field_without_an_index_is_queried_only_on_demand(
    sites: Graph, things: str, query: str
) -> None:
    answer = sites.get(f"{things}/items?{query}")
    assert answer.status_code == 400
    assert error_code(answer) in ("invalidRequest", "BadRequest")


@pytest.mark.parametrize(
    "query", ["$filter=fields/Nonsense eq 1", "$orderby=fields/Nonsense", "$expand=nonsense"]
)
def test_a_query_for_something_unknown_is_refused(sites: Graph, things: str, query: str) -> None:
    add(sites, things, Title="x")
    assert sites.get(f"{things}/items?{query}", **UNINDEXED).status_code == 400
    unknown = sites.get(f"{things}/items?$expand=fields($select=Nonsense)")
    assert refused(unknown) == (400, "invalidRequest")


def test_an_item_is_changed_in_the_state_that_is_known_and_keeps_versions(
    sites: Graph, things: str
) -> None:
    item = add(sites, things, Title="one", Weight=1)
    path = f"{things}/items/{item['id']}"
    changed = sites.patch(f"{path}/fields", {"Title": "two"}, If_Match=item["@odata.etag"])
    assert (changed.json()["Title"], changed.json()["Weight"]) == ("two", 1)
    assert refused(sites.patch(f"{path}/fields", {"Title": "x"}, If_Match=item["eTag"])) == (
        412,
        "resourceModified",
    )
    assert sites.patch(path, {"fields": {"Weight": None}}).json()["fields"]["Title"] == "two"
    versions = sites.value(f"{path}/versions?$expand=fields($select=Title,Weight)")
    seen = [
        (one["id"], one["fields"].get("Title"), one["fields"].get("Weight")) for one in versions
    ]
    assert seen == [("3.0", "two", None), ("2.0", "two", 1), ("1.0", "one", 1)]
    assert sites.post(f"{path}/versions/1.0/restoreVersion", {}).status_code == 204
    assert sites.get(f"{path}/fields").json()["Title"] == "one"
    assert refused(sites.get(f"{path}/versions/9.0")) == (404, "itemNotFound")
    assert sites.delete(path).status_code == 204
    assert refused(sites.delete(path)) == (404, "itemNotFound")


def test_a_delta_tells_which_items_changed(sites: Graph, things: str) -> None:
    first = add(sites, things, Title="first")
    second = add(sites, things, Title="second")
    begin = sites.get(f"{things}/items/delta?$expand=fields").json()
    assert [one["fields"]["Title"] for one in begin["value"]] == ["first", "second"]
    sites.patch(f"{things}/items/{first['id']}/fields", {"Title": "changed"})
    sites.delete(f"{things}/items/{second['id']}")
    later = sites.get(begin["@odata.deltaLink"]).json()["value"]
    assert [(one["id"], one.get("deleted")) for one in later] == [
        (first["id"], None),
        (second["id"], {"state": "deleted"}),
    ]
    assert later[0]["fields"]["Title"] == "changed"


def test_the_seeded_lists_look_real(sites: Graph) -> None:
    path = "/sites/northwind.sharepoint.com:/sites/engineering:/lists/Issues/items?$expand=fields"
    issues = [one["fields"] for one in sites.value(path)]
    assert len(issues) > 5
    assert {one["Status"] for one in issues} <= {"Active", "Resolved", "Closed"}
    assert all(one["AssignedToLookupId"].isdigit() for one in issues)
    requests = sites.value("/sites/root/lists/TravelRequests/items?$expand=fields")
    for one in requests:
        assert float(one["fields"]["Cost"]) == one["fields"]["Nights"] * one["fields"]["Rate"]


def test_content_types_are_those_of_the_list(sites: Graph) -> None:
    kinds = sites.value("/sites/root/lists/Assets/contentTypes")
    assert [one["name"] for one in kinds] == ["Item", "Folder"]
    one = sites.get(f"/sites/root/lists/Assets/contentTypes/{kinds[0]['id']}").json()
    assert one["order"]["default"] is True
    assert "Document" in [one["name"] for one in sites.value("/sites/root/contentTypes")]
    assert "Title" in [one["name"] for one in sites.value("/sites/root/columns")]


def test_a_lookup_shows_what_it_refers_to(sites: Graph, things: str) -> None:
    target = sites.get("/sites/root/lists/Assets").json()["id"]
    column = {"name": "Tool", "lookup": {"listId": target, "columnName": "Title"}}
    several = {"name": "Tools", "lookup": {"listId": target, "allowMultipleValues": True}}
    for one in (column, several):
        assert sites.post(f"{things}/columns", one).status_code == 201
    item = add(sites, things, Title="x", ToolLookupId=2, ToolsLookupId=[1, 2])
    assert item["fields"]["ToolLookupId"] == "2"
    assert [one["LookupId"] for one in item["fields"]["Tools"]] == [1, 2]
    path = f"{things}/items/{item['id']}?$expand=fields($select=Tool)"
    assert sites.get(path).json()["fields"]["Tool"] == item["fields"]["Tools"][1]["LookupValue"]
