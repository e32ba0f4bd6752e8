"""Renames through the API."""

import pytest

from tests.modeler.served.conftest import Bench, Editor


def test_a_list_is_renamed_wherever_it_stands_and_keeps_its_rows(
    bench: Bench, editor: Editor
) -> None:
    body = {"kind": "list", "name": "person", "to": "human"}
    answer = editor.send("POST", "/api/rename", body)
    assert "lists/human.yaml" in answer["documents"]
    assert answer["left"] == []
    editor.get("/api/documents/lists/person.yaml", 404)
    assert editor.get("/api/documents/lists/human.yaml")["value"]["renamed_from"] == "person"
    assert editor.get("/api/documents/imports/person.yaml")["value"]["list"] == "human"
    errors = [p for p in editor.get("/api/model")["problems"] if p["severity"] == "error"]
    assert errors == []
    # A field of it, which is saved under the list's old name.
    field = {"kind": "field", "name": "office", "to": "room", "within": "human"}
    editor.send("POST", "/api/rename", field)
    fields = editor.get("/api/documents/lists/human.yaml")["value"]["fields"]
    assert fields["room"]["renamed_from"] == "office"
    assert bench.disk("lists/person.yaml")


def test_what_was_made_in_the_draft_has_no_old_name(editor: Editor) -> None:
    value = {"title": "Things", "fields": {"id": {"type": "text"}}}
    editor.send("POST", "/api/documents", {"name": "lists/thing.yaml", "value": value})
    field = {"kind": "field", "name": "id", "to": "code", "within": "thing"}
    editor.send("POST", "/api/rename", field)
    editor.send("POST", "/api/rename", {"kind": "list", "name": "thing", "to": "item"})
    made = editor.get("/api/documents/lists/item.yaml")["value"]
    assert made == {"title": "Things", "fields": {"code": {"type": "text"}}}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "list", "name": "person", "to": "event"}, 409, "nameTaken"),
        ({"kind": "list", "name": "person", "to": "../x"}, 400, "nameInvalid"),
        ({"kind": "list", "name": "../x", "to": "y"}, 400, "nameInvalid"),
        ({"kind": "list", "name": "nothing", "to": "y"}, 404, "nothingToRename"),
        ({"kind": "field", "name": "id", "to": "y"}, 400, "invalidInput"),
        ({"kind": "field", "name": "id", "to": "y", "within": "../x"}, 400, "nameInvalid"),
        ({"kind": "thing", "name": "id", "to": "y"}, 400, "bodyInvalid"),
        ({"kind": "list", "name": "person"}, 400, "bodyInvalid"),
        ({"kind": "list", "name": "person", "to": "a" * 61}, 400, "bodyInvalid"),
        ([], 400, "bodyInvalid"),
    ],
)
def test_bad_renames_are_refused(editor: Editor, body: object, status: int, code: str) -> None:
    assert editor.send("POST", "/api/rename", body, status)["error"]["code"] == code
