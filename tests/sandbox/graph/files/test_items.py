"""Files and folders: addressed by id and path, written, moved, copied, deleted, and refused."""

import base64
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.seed.groups import group_id
from graphwright_sandbox.sharepoint.hashing import quick_xor_hash
from tests.sandbox.graph.calls import Answer, error_code
from tests.sandbox.graph.files.conftest import Files


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def names(files: Files, path: str) -> list[str]:
    return [item["name"] for item in files.value(path)]


def test_a_drive_says_whose_it_is_and_how_full(files: Files) -> None:
    drive = files.get("/me/drive").json()
    assert drive["driveType"] == "business"
    assert drive["owner"]["user"]["displayName"] == "Noah Kim"
    quota = drive["quota"]
    assert quota["total"] == quota["used"] + quota["remaining"] + quota["deleted"]
    assert files.get(f"/drives/{drive['id']}").json()["id"] == drive["id"]
    assert files.get(f"/drives('{drive['id']}')").json()["id"] == drive["id"]
    assert [one["id"] for one in files.value("/me/drives")] == [drive["id"]]


def test_an_item_is_the_same_by_id_by_path_and_by_parent_and_name(files: Files) -> None:
    by_path = files.get("/me/drive/root:/Documents/Notes.txt").json()
    parent = by_path["parentReference"]
    ways = [
        f"/me/drive/items/{by_path['id']}",
        f"/drives/{parent['driveId']}/items/{by_path['id']}",
        f"/drives/{parent['driveId']}/items/{parent['id']}:/Notes.txt",
        "/me/drive/root:/documents/NOTES.TXT:",
        "/me/drive/items/root:/Documents/Notes.txt",
        "/me/drive/special/documents:/Notes.txt",
        "/me/drive/special/documents/children/Notes.txt",
        # As the SDKs write an id that is one with a path.
        f"/drives/{parent['driveId']}/items/root%3A%2FDocuments%2FNotes.txt%3A",
        f"/drives/{parent['driveId']}/items/{parent['id']}%3A%2FNotes.txt",
    ]
    assert {files.get(way).json()["id"] for way in ways} == {by_path["id"]}
    assert parent["path"].endswith("/root:/Documents")
    assert by_path["file"]["mimeType"] == "text/plain"
    assert "folder" not in by_path


def test_the_root_has_no_path_and_folders_count_what_they_hold(files: Files) -> None:
    root = files.get("/me/drive/root").json()
    assert root["root"] == {}
    assert "path" not in root["parentReference"]
    assert root["folder"]["childCount"] == len(files.value("/me/drive/root/children"))
    expanded = files.get("/me/drive/root?$expand=children($select=id,name)").json()
    assert [set(child) - {"@microsoft.graph.downloadUrl"} for child in expanded["children"]] == [
        {"id", "name"}
    ] * len(expanded["children"])


def test_a_selection_may_name_the_download_url(files: Files) -> None:
    path = "/me/drive/root:/Documents:/children?$select=name,@microsoft.graph.downloadUrl"
    for item in files.value(path):
        assert set(item) == {"name", "@microsoft.graph.downloadUrl"}
    path = "/me/drive/root:/Documents/Notes.txt?$select=id,sharepointIds,folder,package,photo"
    assert set(files.get(path).json()) >= {"id", "sharepointIds"}
    assert "folder" not in files.get(path).json()


def test_children_come_in_pages_and_in_an_order(files: Files, folder: str) -> None:
    for number in range(5):
        assert files.put(f"{folder}/{number}.txt:/content", b"x" * number).status_code == 201
    page = files.get(f"{folder}:/children?$top=2&$orderby=size desc").json()
    assert [item["size"] for item in page["value"]] == [4, 3]
    rest = files.all_pages(page["@odata.nextLink"])
    assert [item["size"] for item in rest] == [2, 1, 0]


def test_content_is_written_read_by_redirect_and_hashed(
    files: Files, folder: str, origin: TestClient
) -> None:
    made = files.put(
        f"{folder}/a/b/Grüße.txt:/content", "Grüße".encode(), content_type="text/plain"
    )
    assert made.status_code == 201
    item = made.json()
    assert names(files, f"{folder}/a/b:/children") == ["Grüße.txt"]
    answer = files.get(f"/me/drive/items/{item['id']}/content")
    assert (answer.status_code, answer.content) == (302, b"")
    assert origin.get(answer.headers["location"]).text == "Grüße"
    assert origin.get(item["@microsoft.graph.downloadUrl"]).content == "Grüße".encode()
    assert item["file"]["hashes"]["quickXorHash"] == quick_xor_hash("Grüße".encode())
    child = files.put(f"{folder}:/children/child.txt/content", b"1")
    assert (child.status_code, child.json()["name"]) == (201, "child.txt")
    again = files.put(f"/me/drive/items/{item['id']}/content", b"2")
    assert (again.status_code, again.json()["id"], again.json()["size"]) == (200, item["id"], 1)
    assert again.json()["cTag"] != item["cTag"]


def test_the_checksum_is_the_one_that_onedrive_shows() -> None:
    def reference(data: bytes) -> str:
        """The checksum as it is defined, bit by bit."""
        bits = 0
        for position, value in enumerate(data):
            for bit in range(8):
                if value >> bit & 1:
                    bits ^= 1 << (position * 11 + bit) % 160
        bits ^= len(data) << 96
        return base64.b64encode(bits.to_bytes(20, "little")).decode()

    for size in (0, 1, 15, 160, 161, 1000):
        data = bytes(number * 7 % 256 for number in range(size))
        assert quick_xor_hash(data) == reference(data)
    assert quick_xor_hash(b"") == "AAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize(
    ("behaviour", "status", "name"),
    [("fail", 409, None), ("rename", 201, "Plan 1"), ("replace", 201, "Plan"), (None, 409, None)],
)
def test_a_folder_of_a_taken_name(
    files: Files, folder: str, behaviour: str | None, status: int, name: str | None
) -> None:
    body = {"name": "Plan", "folder": {}}
    assert files.post(f"{folder}:/children", body).status_code == 201
    extra = {"@microsoft.graph.conflictBehavior": behaviour} if behaviour else {}
    answer = files.post(f"{folder}:/children", body | extra)
    assert answer.status_code == status
    if name is None:
        assert error_code(answer) == "nameAlreadyExists"
    else:
        assert answer.json()["name"] == name


def test_content_for_a_taken_name_replaces_fails_or_is_called_otherwise(
    files: Files, folder: str
) -> None:
    path, option = f"{folder}/a.txt:/content", "@microsoft.graph.conflictBehavior"
    first = files.put(path, b"1").json()
    assert files.put(path, b"2").json()["id"] == first["id"]
    assert refused(files.put(f"{path}?{option}=fail", b"3")) == (409, "nameAlreadyExists")
    assert files.put(f"{path}?{option}=rename", b"3").json()["name"] == "a 1.txt"
    assert refused(files.put(f"{path}?{option}=wrong", b"3")) == (400, "invalidRequest")


@pytest.mark.parametrize(
    "name",
    [
        "a:b",
        "a*b",
        "CON",
        "lpt1",
        "_vti_x",
        "~$a.docx",
        " a",
        "a.",
        "",
        7,
        "x" * 256,
        "desktop.ini",
    ],
)
def test_a_forbidden_name_is_refused(files: Files, folder: str, name: object) -> None:
    answer = files.post(f"{folder}:/children", {"name": name, "folder": {}})
    assert answer.status_code == 400
    assert error_code(answer) in ("invalidRequest", "RequestBodyRead")
    assert names(files, f"{folder}:/children") == []


def test_an_item_is_renamed_and_moved_and_only_in_the_state_that_is_known(
    files: Files, folder: str
) -> None:
    item = files.put(f"{folder}/a.txt:/content", b"1").json()
    target = files.post(f"{folder}:/children", {"name": "to", "folder": {}}).json()
    path = f"/me/drive/items/{item['id']}"
    changed = files.patch(path, {"name": "b.txt"}, If_Match=item["eTag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "b.txt")
    assert changed.json()["cTag"] == item["cTag"]
    assert refused(files.patch(path, {"name": "c.txt"}, If_Match=item["eTag"])) == (
        412,
        "resourceModified",
    )
    moved = files.patch(path, {"parentReference": {"id": target["id"]}, "name": "d.txt"}).json()
    assert (moved["id"], moved["parentReference"]["id"]) == (item["id"], target["id"])
    assert names(files, f"{folder}/to:/children") == ["d.txt"]
    root = files.get("/me/drive/root").json()["id"]
    for body in (
        {"parentReference": {"id": "01NOTHING"}},
        {"parentReference": {"path": "/drive/root:/nowhere"}},
    ):
        assert refused(files.patch(path, body)) == (404, "itemNotFound")
    times = {"fileSystemInfo": {"lastModifiedDateTime": "2020-02-02T02:02:02Z"}}
    dated = files.patch(path, times).json()
    assert dated["fileSystemInfo"]["lastModifiedDateTime"] == "2020-02-02T02:02:02Z"
    assert dated["lastModifiedDateTime"] == "2026-03-04T09:30:00Z"
    never = {"fileSystemInfo": {"createdDateTime": "0001-01-01T00:00:00+14:00"}}
    assert refused(files.patch(path, never)) == (400, "invalidRequest")
    for reference in ({}, {"id": item["id"]}):
        answer = files.patch(path, {"parentReference": reference})
        assert refused(answer) == (400, "invalidRequest")
    inside = {"parentReference": {"id": target["id"]}}
    assert refused(files.patch(f"{folder}", inside)) == (400, "invalidRequest")
    assert refused(files.patch(f"/me/drive/items/{root}", {"name": "x"})) == (400, "invalidRequest")


def test_what_is_deleted_is_gone_with_all_it_holds(
    files: Files, folder: str, origin: TestClient
) -> None:
    inner = files.put(f"{folder}/a/b.txt:/content", b"1").json()
    before = files.get("/me/drive").json()["quota"]["deleted"]
    assert origin.get(inner["@microsoft.graph.downloadUrl"]).status_code == 200
    assert files.delete(f"{folder}/a").status_code == 204
    assert refused(origin.get(inner["@microsoft.graph.downloadUrl"])) == (404, "itemNotFound")
    assert refused(files.get(f"/me/drive/items/{inner['id']}")) == (404, "itemNotFound")
    assert files.get("/me/drive").json()["quota"]["deleted"] == before + 1
    assert refused(files.delete(f"{folder}/a")) == (404, "itemNotFound")
    assert refused(files.delete("/me/drive/root")) == (400, "invalidRequest")
    other = files.put(f"{folder}/c.txt:/content", b"1").json()
    assert files.post(f"/me/drive/items/{other['id']}/permanentDelete", {}).status_code == 204
    assert files.get("/me/drive").json()["quota"]["deleted"] == before + 1


def test_a_full_drive_takes_nothing_more(
    files: Files, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = files.get("/me/drive").json()["quota"]["used"]
    monkeypatch.setattr("graphwright_sandbox.sharepoint.document_library.QUOTA", used + 10)
    assert files.put(f"{folder}/ten.txt:/content", b"x" * 10).status_code == 201
    assert refused(files.put(f"{folder}/one.txt:/content", b"x")) == (507, "quotaLimitReached")
    assert names(files, f"{folder}:/children") == ["ten.txt"]


def test_a_copy_goes_to_another_drive_and_needs_the_right_to_write_there(
    files_of: Callable[..., Files], folder: str, origin: TestClient
) -> None:
    files = files_of("noah.kim", "Files.ReadWrite.All")
    files.put(f"{folder}/a/b.txt:/content", b"content")
    team = files.get(f"/groups/{group_id('engineering')}/drive/root").json()
    place = {"driveId": team["parentReference"]["driveId"], "id": team["id"]}
    started = files.post(f"{folder}/a:/copy", {"parentReference": place, "name": folder[-9:]})
    done = origin.get(started.headers["location"]).json()
    copied = f"/drives/{place['driveId']}/items/{done['resourceId']}"
    assert names(files, f"{copied}/children") == ["b.txt"]
    other = files_of("maya.okafor", "Files.ReadWrite.All").get("/me/drive/root").json()
    foreign = {"driveId": other["parentReference"]["driveId"], "id": other["id"]}
    assert refused(files.post(f"{folder}/a:/copy", {"parentReference": foreign})) == (
        403,
        "accessDenied",
    )
    moved = files.patch(f"{folder}/a", {"parentReference": place})
    assert refused(moved) == (400, "invalidRequest")


def test_a_copy_is_told_of_by_its_monitor(files: Files, folder: str, origin: TestClient) -> None:
    files.put(f"{folder}/a/b.txt:/content", b"content")
    target = files.post(f"{folder}:/children", {"name": "to", "folder": {}}).json()
    body = {"parentReference": {"id": target["id"]}, "name": "copied"}
    started = files.post(f"{folder}/a:/copy", body)
    assert (started.status_code, started.content) == (202, b"")
    done = origin.get(started.headers["location"]).json()
    assert (done["status"], done["percentageComplete"]) == ("completed", 100)
    copied = files.get(f"/me/drive/items/{done['resourceId']}").json()
    assert (copied["name"], copied["folder"]["childCount"]) == ("copied", 1)
    again = files.post(f"{folder}/a:/copy", body)
    failed = origin.get(again.headers["location"]).json()
    assert (failed["status"], failed["error"]["code"]) == ("failed", "nameAlreadyExists")
    assert refused(files.post(f"{folder}/a:/copy", {})) == (400, "invalidRequest")
    assert refused(files.post(f"{folder}/a:/copy", {"parentReference": 1})) == (
        400,
        "invalidRequest",
    )
    assert origin.get(started.headers["location"][:-3]).status_code == 404


def test_a_folder_is_not_put_into_itself(files: Files, folder: str, origin: TestClient) -> None:
    files.put(f"{folder}/a/b/c.txt:/content", b"content")
    for inside in (f"{folder}/a", f"{folder}/a/b"):
        place = {"parentReference": {"id": files.get(inside).json()["id"]}, "name": "again"}
        started = files.post(f"{folder}/a:/copy", place)
        failed = origin.get(started.headers["location"]).json()
        assert (failed["status"], failed["error"]["code"]) == ("failed", "invalidRequest")
        assert refused(files.patch(f"{folder}/a", place)) == (400, "invalidRequest")
    assert names(files, f"{folder}/a:/children") == ["b"]
    assert names(files, f"{folder}/a/b:/children") == ["c.txt"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/me/drive/items/01NOTHING", 404, "itemNotFound"),
        ("GET", "/me/drive/root:/no/where", 404, "itemNotFound"),
        ("GET", "/me/drive/root:/no/where.txt:/content", 404, "itemNotFound"),
        ("GET", "/me/drive/root:/Documents:/content", 400, "invalidRequest"),
        ("GET", "/me/drive/root:/Documents/Notes.txt:/content?format=pdf", 406, "notSupported"),
        ("GET", "/me/drive/special/nonsense", 404, "itemNotFound"),
        ("GET", "/drives/b!AAAA", 404, "itemNotFound"),
        ("GET", "/drives/b!%C3%A4", 404, "itemNotFound"),
        ("GET", "/users/nobody@northwind.example/drive", 404, "ResourceNotFound"),
        ("GET", "/groups/nothing/drive", 404, "ResourceNotFound"),
        ("GET", "/me/drive/root/nonsense", 400, "BadRequest"),
        ("GET", "/me/drive/root?$select=nonsense", 400, "BadRequest"),
        ("GET", "/me/drive/root?$expand=nonsense", 400, "BadRequest"),
        ("GET", "/me/drive/root/search(q='')", 400, "invalidRequest"),
        ("PUT", "/me/drive/root:/Documents:/content", 400, "invalidRequest"),
        ("PUT", "/me/drive/root:/a%3Cb/c.txt:/content", 400, "invalidRequest"),
    ],
)
def test_what_is_not_there_or_not_possible_is_refused(
    files: Files, method: str, path: str, status: int, code: str
) -> None:
    assert refused(files.request(method, path)) == (status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x"}, "invalidRequest"),
        ({"name": "x", "file": {}}, "invalidRequest"),
        ({"name": "x", "folder": 1}, "RequestBodyRead"),
        ({"folder": {}}, "invalidRequest"),
    ],
)
def test_a_folder_is_not_made_of_a_wrong_body(files: Files, body: object, code: str) -> None:
    assert refused(files.post("/me/drive/root/children", body)) == (400, code)


def test_a_search_finds_names_and_texts_below_a_folder(files: Files, folder: str) -> None:
    files.put(f"{folder}/river.bin:/content", b"1")
    files.put(f"{folder}/other.txt:/content", b"about the River Plain")
    files.put(f"{folder}/third.txt:/content", b"nothing")
    assert set(names(files, f"{folder}:/search(q='river')")) == {"river.bin", "other.txt"}
    assert names(files, f"{folder}:/search(q='plain river')") == ["other.txt"]
    assert names(files, f"{folder}:/search(q='https:/river')") == []
    assert "river.bin" in names(files, "/me/drive/search(q='river')")
    assert "other.txt" in names(files, "/me/drive/root/search(q='river')")


def test_an_item_is_shown_with_what_belongs_to_it(files: Files, folder: str) -> None:
    files.put(f"{folder}/a.txt:/content", b"1")
    query = "$expand=permissions($select=roles),thumbnails,versions($select=id),children"
    item = files.get(f"{folder}/a.txt?{query}").json()
    assert item["permissions"] == [{"roles": ["owner"]}]
    assert (item["thumbnails"], item["versions"]) == ([], [{"id": "1.0"}])
    assert "children" not in item
    assert "versions" not in files.get(f"{folder}?$expand=versions").json()


def test_what_was_changed_last_comes_first(files: Files, folder: str) -> None:
    files.put(f"{folder}/newest.txt:/content", b"1")
    recent = files.value("/me/drive/recent")
    moments = [item["lastModifiedDateTime"] for item in recent]
    assert moments == sorted(moments, reverse=True)
    assert "newest.txt" in [item["name"] for item in recent]


def test_earlier_versions_are_listed_read_and_restored(
    files: Files, folder: str, origin: TestClient
) -> None:
    for content in (b"one", b"twotwo", b"3"):
        item = files.put(f"{folder}/v.txt:/content", content).json()
    path = f"/me/drive/items/{item['id']}/versions"
    listed = [(one["id"], one["size"]) for one in files.value(path)]
    assert listed == [("3.0", 1), ("2.0", 6), ("1.0", 3)]
    location = files.get(f"{path}/1.0/content").headers["location"]
    assert origin.get(location).content == b"one"
    assert files.post(f"{path}/1.0/restoreVersion", {}).status_code == 204
    assert files.get(f"{path}/current").json()["id"] == "4.0"
    assert files.get(f"/me/drive/items/{item['id']}").json()["size"] == 3
    assert refused(files.get(f"{path}/9.0")) == (404, "itemNotFound")
    assert refused(files.post(f"{path}/4.0/restoreVersion", {})) == (400, "invalidRequest")
    assert refused(files.get(f"{folder}:/versions")) == (400, "invalidRequest")


def test_an_image_has_thumbnails_and_a_text_has_none(files: Files, origin: TestClient) -> None:
    picture = "/me/drive/root:/Pictures/Ridge.png:"
    assert files.get(picture).json()["image"] == {"width": 48, "height": 32}
    [found] = files.value(f"{picture}/thumbnails")
    assert origin.get(found["small"]["url"]).content.startswith(b"\x89PNG")
    location = files.get(f"{picture}/thumbnails/0/medium/content").headers["location"]
    assert origin.get(location).headers["content-type"] == "image/png"
    assert files.value("/me/drive/root:/Documents/Notes.txt:/thumbnails") == []
    assert refused(files.get(f"{picture}/thumbnails/1/small")) == (404, "itemNotFound")


def test_the_application_folder_is_made_for_who_may_write(
    files_of: Callable[..., Files],
) -> None:
    reader = files_of("maya.okafor", "Files.Read")
    assert refused(reader.get("/me/drive/special/approot")) == (404, "itemNotFound")
    writer = files_of("maya.okafor")
    made = writer.put("/me/drive/special/approot:/state.json:/content", b"{}")
    assert made.status_code == 201
    assert reader.get("/me/drive/special/approot").json()["folder"] == {"childCount": 1}
