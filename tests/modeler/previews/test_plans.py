"""Plans: what a changed list does to rows is told before, and nothing is written by telling it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from graphwright.imports import ImportDefinition, Importer
from graphwright.kernel.database import Database
from graphwright.lists import ListDefinition, Lists
from tests.modeler.previews.conftest import Desk

FIELDS: Mapping[str, Any] = {
    "id": {"type": "text"},
    "name": {"type": "text"},
    "size": {"type": "integer"},
    "day": {"type": "date"},
    "when": {"type": "zoned_datetime"},
}
THING: Mapping[str, Any] = {"owner": "shared", "key": ["id"], "fields": dict(FIELDS)}
ZONED = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}
ROWS: list[Any] = [
    {"id": "1", "name": "12", "size": 1, "day": "2026-11-23", "when": ZONED},
    {"id": "2", "name": "many", "size": 2, "day": None},
    {"id": "3", "name": "some", "size": None},
]


async def fill(database: Database, definition: Any = THING, rows: Any = ROWS) -> None:
    lists = Lists({"thing": ListDefinition.model_validate(definition)}, database)
    await lists.prepare()
    mapping = {"list": "thing", "fields": {name: name for name in definition["fields"]}}
    importer = Importer(lists, ImportDefinition.model_validate(mapping), name="thing", owner=None)
    await importer.apply_document(rows)


@pytest.fixture
async def saved(desk: Desk) -> Path:
    """The application's own data, with rows; the draft has none."""
    path = desk.root / ".graphwright" / "data.sqlite"
    database = Database(f"sqlite:///{path}")
    await fill(database)
    database.close()
    return path


def read_bytes(path: Path) -> bytes:
    return path.read_bytes()


def changed(**fields: Any) -> dict[str, Any]:
    """The list with other fields; None takes one away."""
    merged = {name: field for name, field in {**FIELDS, **fields}.items() if field is not None}
    return {**THING, "fields": merged}


async def plan(desk: Desk, value: Any, renamed: Any = None, name: str = "thing") -> Any:
    body = {"value": value, **({} if renamed is None else {"renamed": renamed})}
    return await desk.post(f"/api/lists/{name}/plan", body)


INT, TEXT = {"type": "integer"}, {"type": "text"}


@pytest.mark.parametrize(
    ("fields", "renamed", "text", "tone"),
    [
        ({}, None, "Nothing happens to the rows that are there.", "info"),
        ({"new": TEXT}, None, "The field new is new: its values come with the next import.", "info"),
        ({"size": TEXT}, None, "The field size becomes text: 2 rows are converted.", "info"),
        (
            {"size": None}, None,
            "The field size is removed: its column stays, hidden, with 2 rows.", "warning",
        ),
        (
            {"name": None, "label": TEXT}, {"label": "name"},
            "The field name becomes label: 3 rows keep their values.", "info",
        ),
        (
            {"name": INT}, None,
            ("The field name cannot change from text to integer: 2 rows cannot be converted. "
            "Keep the type, or give the field another name."), "error",
        ),
        ({"day": {"type": "datetime"}}, None,
         "The field day becomes datetime: one row is converted.", "info"),
        ({"when": TEXT}, None, "The field when becomes text: one row is converted.", "info"),
        ({"name": {**TEXT, "indexed": True}}, None, "The field name gets an index.", "info"),
    ],
)  # fmt: skip
async def test_effects_are_told_with_the_rows_they_meet(
    desk: Desk, saved: Path, fields: Any, renamed: Any, text: str, tone: str
) -> None:
    before = read_bytes(saved)
    answer = await plan(desk, changed(**fields), renamed)
    assert answer == {"rows": 3, "changes": [{"text": text, "tone": tone}]}
    assert read_bytes(saved) == before


@pytest.mark.usefixtures("saved")
async def test_a_field_that_is_renamed_and_converted_is_told_as_both(desk: Desk) -> None:
    answer = await plan(desk, changed(size=None, weight=TEXT), {"weight": "size"})
    assert [change["text"] for change in answer["changes"]] == [
        "The field size becomes weight: 2 rows keep their values.",
        "The field weight becomes text: 2 rows are converted.",
    ]


@pytest.mark.parametrize(
    ("key", "text", "tone"),
    [
        (["name"], "The keys of 3 rows are computed anew from name.", "info"),
        (["size"], "size cannot be the key: one row would have none.", "error"),
        (["id", "name"], "The keys of 3 rows are computed anew from id, name.", "info"),
    ],
)
@pytest.mark.usefixtures("saved")
async def test_another_key_is_tried_out(desk: Desk, key: list[str], text: str, tone: str) -> None:
    answer = await plan(desk, {**THING, "key": key})
    assert answer["changes"] == [{"text": text, "tone": tone}]


@pytest.mark.usefixtures("saved")
async def test_what_is_refused_is_an_error(desk: Desk) -> None:
    answer = await plan(desk, {**THING, "owner": "user"})
    assert [change["tone"] for change in answer["changes"]] == ["error"]
    assert "must not become another's" in answer["changes"][0]["text"]
    answer = await plan(desk, {**THING, "key": []})
    assert "could not be told apart" in answer["changes"][0]["text"]


@pytest.mark.usefixtures("saved")
async def test_the_draft_s_own_rows_are_told_apart(desk: Desk) -> None:
    await fill(desk.modeler.engine.databases.data, rows=ROWS[:1])
    answer = await plan(desk, changed(size=TEXT, name=None))
    assert answer["rows"] == 4
    assert [change["text"] for change in answer["changes"]] == [
        "The field size becomes text: 2 rows are converted.",
        "The field name is removed: its column stays, hidden, with 3 rows.",
        "In the draft's own data: The field size becomes text: one row is converted.",
        "In the draft's own data: The field name is removed: its column stays, hidden, with one row.",
    ]


async def test_without_data_it_says_so(desk: Desk) -> None:
    answer = await plan(desk, THING)
    assert answer == {
        "rows": 0,
        "changes": [{"text": "There are no rows of this list yet.", "tone": "info"}],
    }
    assert not list(desk.root.glob(".graphwright/data.sqlite*"))


async def test_a_database_that_cannot_be_read_is_told(desk: Desk) -> None:
    path = desk.root / ".graphwright" / "data.sqlite"
    path.write_bytes(b"no database at all" * 500)
    answer = await plan(desk, THING)
    assert answer["changes"][0]["tone"] == "warning"
    assert "cannot be" in answer["changes"][0]["text"]
    assert read_bytes(path) == b"no database at all" * 500


@pytest.mark.parametrize(
    "value",
    [None, [], 5, {"fields": {}}, {"fields": {"id": {"type": "txt"}}}, {"fields": {"x": 5}}],
)
async def test_what_is_no_list_is_refused_with_its_problems(desk: Desk, value: Any) -> None:
    error = await desk.post("/api/lists/thing/plan", {"value": value}, status=422)
    assert error["code"] == "definitionInvalid"
    assert error["problems"]


@pytest.mark.parametrize("name", ["Thing", "a'b", "x" * 80, "..%2f"])
async def test_what_is_no_name_is_refused(desk: Desk, name: str) -> None:
    answer = await desk.client.post(f"/api/lists/{name}/plan", json={"value": THING})
    assert answer.status_code in (404, 405, 422)


@pytest.mark.parametrize("renamed", [[], {"a": 5}, "x"])
async def test_renames_that_are_none_are_refused(desk: Desk, renamed: Any) -> None:
    body = {"value": THING, "renamed": renamed}
    await desk.post("/api/lists/thing/plan", body, status=400)
