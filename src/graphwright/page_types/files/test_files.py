"""Files pages: path, rows, and the requests for contents."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition
from graphwright.page_types.files import view as files
from graphwright.page_types.files.config import Config
from graphwright.pages.errors import ExitUnknown, PageInvalid
from graphwright.pages.opening import Opening

FILE = ListDefinition.model_validate(
    {
        "owner": "user",
        "key": ["id"],
        "fields": {
            "id": {"type": "text", "hidden": True},
            "title": {"type": "text"},
            "is_folder": {"type": "boolean"},
            "size": {"type": "integer"},
        },
    }
)
PATH = [{"id": "root", "name": "Documents"}, {"id": "f1", "name": "Plans"}]
CONTENTS = {
    "profile": "graph-user",
    "download": "/drives/d/items/{{ row.id }}/content",
    "upload": "/drives/d/items/{{ path[-1].id }}:/{{ row.title }}:",
}


def page(**more: Any) -> Config:
    fields = {"name": "title", "folder": "is_folder", "size": "size"}
    base = {"type": "files", "title": "Files", "list": "file", "fields": fields, "path": "path"}
    return Config.model_validate({**base, "contents": CONTENTS, **more})


def opening(path: Any = PATH, *exits: str) -> Opening:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Opening({"path": path}, {"file": FILE}, "UTC", now, frozenset(exits))


def test_folders_come_first_and_the_path_is_told() -> None:
    assert files.parts(page(), opening())["files"].sort == (("is_folder", True), ("title", False))
    shown = files.view(page(), opening())
    assert shown["path"] == ["Documents", "Plans"]
    assert [column["name"] for column in shown["columns"]] == ["name", "folder", "size"]
    assert shown["upload"] is True


@pytest.mark.parametrize("path", [None, "Documents", [{"id": "1"}], ["Documents"]])
def test_a_path_that_is_none_is_the_model_s_mistake(path: Any) -> None:
    with pytest.raises(PageInvalid, match="path"):
        files.view(page(), opening(path))


def test_a_step_of_the_path_gives_the_path_up_to_it() -> None:
    assert files.receive(page(), "go_to", {"index": 0}, opening(PATH, "go_to")) == PATH[:1]


@pytest.mark.parametrize(
    "data", [None, {}, {"index": 2}, {"index": -1}, {"index": True}, {"index": "0"}]
)
def test_a_step_that_the_path_does_not_have_is_refused(data: Any) -> None:
    with pytest.raises(InvalidInput):
        files.receive(page(), "go_to", data, opening(PATH, "go_to"))


def test_events_that_the_flow_does_not_take_are_refused() -> None:
    with pytest.raises(ExitUnknown):
        files.receive(page(), "uploaded", None, opening())


def test_the_content_of_a_file_is_read_as_the_profile_and_a_folder_has_none() -> None:
    wanted = files.download(
        page(), {"id": "a", "title": "Plan.docx", "is_folder": False}, opening()
    )
    assert wanted.name == "Plan.docx"
    assert (wanted.get.method, wanted.get.url) == ("GET", CONTENTS["download"])
    assert wanted.scope["row"]["id"] == "a"
    with pytest.raises(InvalidInput, match="folder"):
        files.download(page(), {"id": "a", "title": "Plans", "is_folder": True}, opening())


def test_an_upload_takes_another_name_where_the_name_is_taken() -> None:
    wanted = files.upload(page(), "Plan.docx", opening())
    assert wanted.put.url == f"{CONTENTS['upload']}/content"
    assert wanted.put.query_pairs() == [("@microsoft.graph.conflictBehavior", "rename")]
    assert wanted.begin.url == f"{CONTENTS['upload']}/createUploadSession"
    assert wanted.begin.body is not None
    assert wanted.begin.body.json_tree == {"item": {"@microsoft.graph.conflictBehavior": "rename"}}
    assert wanted.scope["row"] == {"title": "Plan.docx"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a:b",
        'a"b',
        "a\nb",
        " a",
        "a ",
        "a.",
        "a?",
        "\ud800",
        "x" * 256,
    ],
)
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        files.upload(page(), name, opening())


@pytest.mark.parametrize(
    "name", ["Plan.docx", "Größe – 100 %.txt", ".env", "a#b", "{{ path }}", "😀"]
)
def test_every_other_name_is_taken(name: str) -> None:
    assert files.upload(page(), name, opening()).scope["row"] == {"title": name}


def test_where_nothing_is_to_be_uploaded_nothing_is() -> None:
    reading = page(contents={**CONTENTS, "upload": None})
    assert files.view(reading, opening())["upload"] is False
    with pytest.raises(InvalidInput):
        files.upload(reading, "Plan.docx", opening())


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/x", "//evil.example", "/drives/../x", "/drives/d?x=1", "/a#b", "/{{ x"],
)
def test_contents_lie_at_an_endpoint_of_graph(url: str) -> None:
    with pytest.raises(ValidationError):
        page(contents={**CONTENTS, "download": url})


def test_it_names_its_fields_and_its_profile() -> None:
    used = page(where=[{"field": "id", "value": "1"}])
    assert {item.path for item in used.used_fields()} == {
        ("fields", "name"),
        ("fields", "folder"),
        ("fields", "size"),
        ("where", 0, "field"),
    }
    assert list(used.profiles()) == [(("contents", "profile"), "graph-user")]
