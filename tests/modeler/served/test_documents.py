"""Documents through the API: edits, saving, conflicts, history; what is on disk is never lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphwright.application.documents import MAX_DOCUMENT_BYTES
from graphwright.application.templates import template_names
from graphwright.modeler.workspace import Workspace
from tests.modeler.served.conftest import Bench, Editor

APP = "app.yaml"
PAGE = "pages/calendar.yaml"


def files_of(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and ".graphwright" not in path.parts
    }


def changed(editor: Editor) -> list[str]:
    return [file["name"] for file in editor.get("/api/changes")["files"]]


def test_the_model_lists_every_document_with_its_title(bench: Bench, editor: Editor) -> None:
    model = editor.get("/api/model")
    found = {document["name"]: document for document in model["documents"]}
    on_disk = {name for name in files_of(bench.root) if name.endswith(".yaml")}
    assert set(found) == on_disk
    assert found[PAGE]["kind"] == "page"
    assert found[PAGE]["type"] == "calendar"
    assert not any(document["changed"] or document["conflict"] for document in found.values())
    assert {problem["severity"] for problem in model["problems"]} <= {"warning"}


@pytest.mark.parametrize("example", template_names())
def test_opened_and_saved_without_an_edit_no_file_is_written(
    make_bench: Callable[..., Bench], example: str
) -> None:
    bench = make_bench(example)
    editor, before = bench.open(), files_of(bench.root)
    for document in editor.get("/api/model")["documents"]:
        read = editor.get(f"/api/documents/{document['name']}")
        body = {"revision": read["revision"], "value": read["value"]}
        assert (
            editor.send("PUT", f"/api/documents/{document['name']}", body)["text"] == read["text"]
        )
    assert changed(editor) == []
    saved = editor.send("POST", "/api/save", {})
    assert (saved["saved"], saved["history"]) == ([], None)
    assert files_of(bench.root) == before


def test_an_edit_is_in_the_draft_at_once_and_on_disk_when_saved(
    bench: Bench, editor: Editor
) -> None:
    read = editor.get(f"/api/documents/{PAGE}")
    value = {**read["value"], "title": "Diary"}
    body = {"revision": read["revision"], "value": value}
    written = editor.send("PUT", f"/api/documents/{PAGE}", body)
    assert written["changed"]
    assert written["value"]["title"] == "Diary"
    assert bench.disk(PAGE) == read["text"]
    (change,) = editor.get("/api/changes")["files"]
    lines = [
        line for line in change["diff"].splitlines() if line[0] in "+-" and line[1:2] != line[0]
    ]
    assert len(lines) == 2
    assert "Diary" in lines[1]
    saved = editor.send("POST", "/api/save", {"names": [PAGE]})
    assert saved["saved"] == [PAGE]
    assert bench.disk(PAGE) == written["text"]
    assert changed(editor) == []


def test_a_save_tells_the_problems(editor: Editor) -> None:
    text = editor.get("/api/documents/flows/calendar.yaml")["text"]
    editor.edit("flows/calendar.yaml", text.replace("page: calendar", "page: calender"))
    problems = editor.send("POST", "/api/save", {})["problems"]
    (problem,) = (one for one in problems if one["severity"] == "error")
    assert problem["file"] == "flows/calendar.yaml"
    assert "calendar" in problem["hint"]
    assert ".graphwright" not in json.dumps(problems)


def test_two_editors_never_overwrite_each_other(bench: Bench) -> None:
    one, other = bench.open(), bench.open()
    revision = one.get(f"/api/documents/{PAGE}")["revision"]
    text = bench.disk(PAGE)
    first = one.edit(PAGE, text + "# one\n")
    body = {"revision": revision, "text": text + "# other\n"}
    refused = other.send("PUT", f"/api/documents/{PAGE}", body, status=409)["error"]
    assert refused["code"] == "documentChanged"
    assert refused["revision"] == first["revision"]
    assert refused["text"] == first["text"]
    assert one.get(f"/api/documents/{PAGE}")["text"] == text + "# one\n"
    gone = other.send("DELETE", f"/api/documents/{PAGE}?revision={revision}", status=409)
    assert gone["error"]["code"] == "documentChanged"


def test_the_draft_follows_the_disk_where_it_has_no_change(bench: Bench, editor: Editor) -> None:
    text = bench.disk(PAGE) + "# pulled\n"
    bench.put(PAGE, text)
    bench.put("pages/other.yaml", "type: table\n")
    (bench.root / "flows" / "mail.yaml").unlink()
    bench.sync()
    assert editor.get(f"/api/documents/{PAGE}")["text"] == text
    assert editor.get("/api/documents/pages/other.yaml")["text"] == "type: table\n"
    editor.get("/api/documents/flows/mail.yaml", status=404)
    assert changed(editor) == []


@pytest.mark.parametrize("take", ["mine", "disk"])
def test_a_conflict_is_saved_only_when_one_side_was_taken(
    bench: Bench, editor: Editor, take: str
) -> None:
    base = bench.disk(PAGE)
    editor.edit(PAGE, base + "# mine\n")
    bench.put(PAGE, base + "# disk\n")
    bench.sync()
    read = editor.get(f"/api/documents/{PAGE}")
    assert (read["conflict"], read["disk_text"]) == (True, base + "# disk\n")
    refused = editor.send("POST", "/api/save", {}, status=409)["error"]
    assert (refused["code"], refused["document"]) == ("documentInConflict", PAGE)
    assert bench.disk(PAGE) == base + "# disk\n"
    settled = editor.send("POST", f"/api/conflicts/{PAGE}", {"take": take})
    assert not settled["conflict"]
    editor.send("POST", "/api/save", {})
    assert bench.disk(PAGE) == base + f"# {take}\n"


def test_a_disk_that_changes_just_before_the_save_is_not_overwritten(
    bench: Bench, editor: Editor
) -> None:
    base = bench.disk(PAGE)
    editor.edit(PAGE, base + "# mine\n")
    bench.put(PAGE, base + "# disk\n")
    editor.send("POST", "/api/save", {}, status=409)
    assert bench.disk(PAGE) == base + "# disk\n"


def test_a_file_deleted_on_disk_and_edited_here_is_a_conflict(bench: Bench, editor: Editor) -> None:
    editor.edit(PAGE, bench.disk(PAGE) + "# mine\n")
    (bench.root / PAGE).unlink()
    bench.sync()
    assert editor.get(f"/api/documents/{PAGE}")["conflict"]
    editor.send("POST", "/api/save", {}, status=409)
    editor.send("POST", f"/api/conflicts/{PAGE}", {"take": "disk"}, status=204)
    editor.get(f"/api/documents/{PAGE}", status=404)


def test_a_removal_gives_way_to_a_change_on_disk(bench: Bench, editor: Editor) -> None:
    revision = editor.get(f"/api/documents/{PAGE}")["revision"]
    editor.send("DELETE", f"/api/documents/{PAGE}?revision={revision}", status=204)
    assert editor.get("/api/model")["removed"] == [PAGE]
    text = bench.disk(PAGE) + "# pulled\n"
    bench.put(PAGE, text)
    editor.send("POST", "/api/save", {})
    assert bench.disk(PAGE) == text
    assert editor.get(f"/api/documents/{PAGE}")["text"] == text


def test_a_removal_is_saved_and_restored(bench: Bench, editor: Editor) -> None:
    text = bench.disk(PAGE)
    editor.edit(PAGE, text + "# more\n")
    first = editor.send("POST", "/api/save", {})["history"]
    revision = editor.get(f"/api/documents/{PAGE}")["revision"]
    editor.send("DELETE", f"/api/documents/{PAGE}?revision={revision}", status=204)
    second = editor.send("POST", "/api/save", {})
    assert second["saved"] == [PAGE]
    assert not (bench.root / PAGE).exists()
    entries = editor.get("/api/history")["entries"]
    assert [entry["id"] for entry in entries] == [second["history"], first]
    assert entries[0]["files"] == [
        {"name": PAGE, "change": "removed", "before": None, "after": None, "diff": ""}
    ]
    entry = editor.get(f"/api/history/{first}")
    assert "+# more" in entry["files"][0]["diff"]
    assert editor.send("POST", f"/api/history/{first}/restore", {})["documents"] == [PAGE]
    assert editor.get(f"/api/documents/{PAGE}")["text"] == text + "# more\n"
    assert not (bench.root / PAGE).exists()


def test_discarding_puts_the_files_of_the_folder_back(bench: Bench, editor: Editor) -> None:
    before = files_of(bench.root)
    editor.edit(PAGE, "type: table\n")
    editor.send("POST", "/api/documents", {"name": "pages/new.yaml", "value": {"type": "table"}})
    assert changed(editor) == [PAGE, "pages/new.yaml"]
    editor.send("POST", "/api/discard", {"names": ["pages/new.yaml"]})
    assert changed(editor) == [PAGE]
    editor.send("POST", "/api/discard", {})
    assert changed(editor) == []
    assert files_of(bench.root) == before


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("../outside.yaml", 400),
        ("pages/../../outside.yaml", 400),
        ("/etc/outside.yaml", 400),
        ("pages/.hidden.yaml", 400),
        ("pages/deep/er.yaml", 400),
        ("other/page.yaml", 400),
        ("pages/page.yml", 400),
        ("pages/Page.yaml", 400),
        (f"pages/{'x' * 200}.yaml", 400),
        ("lists/my-list.yaml", 400),
        (PAGE, 409),
    ],
)
def test_a_document_gets_no_other_place(
    bench: Bench, editor: Editor, name: str, status: int
) -> None:
    before = files_of(bench.root)
    editor.send("POST", "/api/documents", {"name": name, "value": {"type": "table"}}, status)
    assert changed(editor) == []
    assert files_of(bench.root) == before


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret.yaml", "%2Fetc%2Fpasswd", ".env", "pages"])
def test_no_other_file_is_read(bench: Bench, editor: Editor, name: str) -> None:
    (bench.root / ".env").write_text("SECRET=hunter2\n")
    assert "hunter2" not in str(editor.get(f"/api/documents/{name}", status=400))


def test_links_lead_nowhere(bench: Bench, editor: Editor, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("secret: hunter2\n")
    (bench.root / "pages" / "link.yaml").symlink_to(outside / "secret.yaml")
    for path in (bench.root / "layout").iterdir():
        path.unlink()
    (bench.root / "layout").rmdir()
    (bench.root / "layout").symlink_to(outside)
    bench.sync()
    assert "hunter2" not in json.dumps(editor.get("/api/model"))
    editor.get("/api/documents/pages/link.yaml", status=404)
    editor.send("POST", "/api/documents", {"name": "layout/new.yaml", "value": {"nodes": {}}})
    editor.send("POST", "/api/save", {"names": ["layout/new.yaml"]}, status=400)
    assert [path.name for path in outside.iterdir()] == ["secret.yaml"]


def test_the_bytes_of_a_file_stay_whatever_they_are(bench: Bench, editor: Editor) -> None:
    marked = b"\xef\xbb\xbf" + bench.disk(PAGE).replace("\n", "\r\n").encode()
    (bench.root / PAGE).write_bytes(marked)
    (bench.root / "pages" / "latin.yaml").write_bytes(b"title: caf\xe9\n")
    bench.sync()
    assert changed(editor) == []
    read = editor.get(f"/api/documents/{PAGE}")
    editor.edit(PAGE, read["text"] + "# more\r\n")
    editor.send("POST", "/api/save", {})
    assert (bench.root / PAGE).read_bytes() == marked + b"# more\r\n"
    assert (bench.root / "pages" / "latin.yaml").read_bytes() == b"title: caf\xe9\n"


def test_a_text_that_is_no_yaml_is_kept_and_told(editor: Editor) -> None:
    written = editor.edit(PAGE, "title: [open\n")
    assert written["value"] is None
    assert written["broken"]["line"] == 2
    problems = editor.get("/api/model")["problems"]
    assert PAGE in {problem["file"] for problem in problems if problem["severity"] == "error"}
    read = editor.get(f"/api/documents/{PAGE}")
    body = {"revision": read["revision"], "value": {"type": "table"}}
    editor.send("PUT", f"/api/documents/{PAGE}", body, status=400)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"revision": "x"},
        {"revision": "x", "text": "a: 1", "value": {}},
        {"revision": 5, "text": "a: 1"},
        {"revision": "x", "text": "a: 1", "more": 1},
        [],
        "text",
    ],
)
def test_a_write_of_another_shape_is_refused(editor: Editor, body: Any) -> None:
    editor.send("PUT", f"/api/documents/{PAGE}", body, status=400)


def test_a_text_too_large_for_a_model_is_refused(bench: Bench, editor: Editor) -> None:
    read = editor.get(f"/api/documents/{PAGE}")
    text = "# " + "é" * (MAX_DOCUMENT_BYTES // 2)
    body = {"revision": read["revision"], "text": text}
    editor.send("PUT", f"/api/documents/{PAGE}", body, status=413)
    assert editor.get(f"/api/documents/{PAGE}")["text"] == read["text"]
    bench.put("pages/huge.yaml", text + "é")
    bench.sync()
    assert "pages/huge.yaml" not in {d["name"] for d in editor.get("/api/model")["documents"]}


def test_app_yaml_cannot_be_removed(editor: Editor) -> None:
    revision = editor.get("/api/documents/app.yaml")["revision"]
    editor.send("DELETE", f"/api/documents/app.yaml?revision={revision}", status=400)


def test_the_draft_survives_the_end_of_the_modeler(bench: Bench, editor: Editor) -> None:
    editor.edit(PAGE, "type: table\n")
    again = Workspace(bench.root, bench.modeler.folder)
    assert again.read(PAGE).text == "type: table\n"
    assert [one.name for one in again.changes()] == [PAGE]


@pytest.mark.parametrize("template", template_names())
def test_an_empty_folder_starts_from_a_template(
    make_bench: Callable[..., Bench], template: str
) -> None:
    bench = make_bench(None)
    editor = bench.open()
    assert editor.get("/api/session")["is_empty"]
    assert editor.get("/api/model") == {"documents": [], "removed": [], "problems": []}
    body = {"template": template, "title": "Mine: 50% & more"}
    editor.send("POST", "/api/template", body, status=204)
    assert editor.get("/api/session")["title"] == "Mine: 50% & more"
    assert not (bench.root / APP).exists()
    saved = editor.send("POST", "/api/save", {})
    assert APP in saved["saved"]
    assert [one for one in saved["problems"] if one["severity"] == "error"] == []
    assert (bench.root / ".gitignore").read_text() == ".env\n.graphwright/\n"
    assert (bench.root / ".env").stat().st_mode & 0o77 == 0
    editor.send("POST", "/api/template", {"template": template}, status=409)


def test_there_is_no_other_template(make_bench: Callable[..., Bench]) -> None:
    editor = make_bench(None).open()
    error = editor.send("POST", "/api/template", {"template": "my-dey"}, status=400)["error"]
    assert "my-day" in error["hint"]
    editor.send("POST", "/api/template", {"template": "../../etc"}, status=400)
