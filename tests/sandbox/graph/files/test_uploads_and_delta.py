"""Large files by upload session, and what changed on a drive."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.sandbox.graph.calls import NOW, Answer, error_code
from tests.sandbox.graph.files.conftest import Files

BLOCK = 320 * 1024


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status_code, error_code(answer)


def begin(files: Files, path: str, **item: str) -> Answer:
    settings = {name.replace("_", "@microsoft.graph."): value for name, value in item.items()}
    return files.post(f"{path}:/createUploadSession", {"item": settings} if settings else {})


def send(origin: TestClient, url: str, content: bytes) -> Answer:
    headers = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
    return origin.put(url, content=content, headers=headers)


def test_a_large_file_is_uploaded_in_fragments(
    files: Files, folder: str, origin: TestClient
) -> None:
    content = bytes(range(256)) * (BLOCK // 256) * 3 + b"end"
    url = begin(files, f"{folder}/large.bin").json()["uploadUrl"]
    assert "Bearer" not in url
    for first in range(0, len(content), BLOCK):
        part = content[first : first + BLOCK]
        span = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        answer = origin.put(url, content=part, headers={"Content-Range": span})
    assert answer.status_code == 201
    item = answer.json()
    assert (item["name"], item["size"]) == ("large.bin", len(content))
    location = files.get(f"/me/drive/items/{item['id']}/content").headers["location"]
    part = origin.get(location, headers={"Range": f"bytes={len(content) - 3}-"}).content
    assert part == b"end"


def test_an_upload_to_a_taken_name_fails_replaces_or_is_called_otherwise(
    files: Files, folder: str, origin: TestClient
) -> None:
    path = f"{folder}/a.txt"
    first = files.put(f"{path}:/content", b"1").json()
    assert refused(begin(files, path)) == (409, "nameAlreadyExists")
    assert refused(begin(files, path, _conflictBehavior="no")) == (400, "invalidRequest")
    replacing = begin(files, path, _conflictBehavior="replace").json()["uploadUrl"]
    replaced = send(origin, replacing, b"22")
    assert (replaced.status_code, replaced.json()["id"]) == (200, first["id"])
    renaming = begin(files, path, _conflictBehavior="rename").json()["uploadUrl"]
    assert send(origin, renaming, b"333").json()["name"] == "a 1.txt"
    by_id = files.post(f"/me/drive/items/{first['id']}/createUploadSession", {})
    assert send(origin, by_id.json()["uploadUrl"], b"4444").json()["size"] == 4


def test_a_name_that_was_taken_meanwhile_is_told_at_the_end(
    files: Files, folder: str, origin: TestClient
) -> None:
    url = begin(files, f"{folder}/late.txt").json()["uploadUrl"]
    files.put(f"{folder}/late.txt:/content", b"1")
    assert refused(send(origin, url, b"2")) == (409, "nameAlreadyExists")


def test_an_upload_is_refused_for_folders_wrong_names_and_old_states(
    files: Files, folder: str
) -> None:
    assert refused(files.post(f"{folder}:/createUploadSession", {})) == (400, "invalidRequest")
    assert refused(begin(files, f"{folder}/a%3Fb.txt")) == (400, "invalidRequest")
    item = files.put(f"{folder}/a.txt:/content", b"1").json()
    path = f"/me/drive/items/{item['id']}/createUploadSession"
    assert refused(files.post(path, {}, If_Match='"old"')) == (412, "resourceModified")
    assert refused(files.post(path, {"nonsense": 1})) == (400, "BadRequest")
    assert refused(files.post(path, {"item": 1})) == (400, "invalidRequest")


def test_small_content_may_be_larger_than_other_bodies(files: Files, folder: str) -> None:
    content = bytes(5 * 2**20)
    assert files.put(f"{folder}/five.bin:/content", content).json()["size"] == len(content)
    body = b'{"name":"' + content + b'"}'
    large = files.request("POST", f"{folder}:/children", content=body)
    assert large.status_code == 413


def test_a_delta_tells_everything_once_and_then_what_changed(files: Files, folder: str) -> None:
    gone = files.put(f"{folder}/gone.txt:/content", b"1").json()
    everything = files.get("/me/drive/root/delta").json()
    assert "root" in everything["value"][0]
    assert gone["id"] in [item["id"] for item in everything["value"]]
    link = everything["@odata.deltaLink"]
    assert files.get(link).json()["value"] == []
    new = files.put(f"{folder}/new.txt:/content", b"1").json()
    files.delete(f"/me/drive/items/{gone['id']}")
    changed = {item["id"]: item for item in files.get(link).json()["value"]}
    assert set(changed) == {new["id"], gone["id"]}
    assert changed[gone["id"]]["deleted"] == {"state": "deleted"}
    assert "@removed" not in changed[gone["id"]]
    assert changed[new["id"]]["name"] == "new.txt"


def test_a_delta_may_begin_now_and_comes_in_pages(files: Files, folder: str) -> None:
    latest = files.get("/me/drive/root/delta?token=latest").json()
    assert latest["value"] == []
    for number in range(3):
        files.put(f"{folder}/{number}.txt:/content", b"1")
    page = files.get(f"{latest['@odata.deltaLink']}").json()
    assert len(page["value"]) == 3
    first = files.get("/me/drive/root/delta?$top=2").json()
    assert (len(first["value"]), "@odata.deltaLink" in first) == (2, False)
    token = latest["@odata.deltaLink"].partition("token=")[2]
    by_function = files.get(f"/me/drive/root/delta(token='{token}')")
    assert by_function.status_code in (200, 400)


@pytest.mark.parametrize("path", ["/me/drive/root:/Documents:/delta"])
def test_a_delta_of_a_folder_is_refused(files: Files, path: str) -> None:
    assert refused(files.get(path)) == (400, "invalidRequest")


def test_an_old_token_leads_to_a_new_enumeration(
    files_of: Callable[..., Files], app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of("maya.okafor")
    link = files.get("/me/drive/root/delta?token=latest").json()["@odata.deltaLink"]
    monkeypatch.setattr(app.state.context, "clock", lambda: NOW + timedelta(days=40))
    answer = files.get(link)
    assert refused(answer) == (410, "resyncRequired")
    assert files.get(answer.headers["location"]).json()["value"]
    assert files.get("/me/drive/root/delta?token=nonsense").status_code == 400
