"""Previews of imports: rows, child rows, what is skipped, what nobody reads; wrong definitions told."""

import json
import time
from typing import Any

import pytest

from graphwright.modeler.previews import preview_import
from graphwright.modeler.reading import read_draft
from tests.modeler.previews.conftest import MY_DAY, Desk
from tests.modeler.previews.samples import calendar_view, event

EVENT = {
    "list": "event",
    "fields": {"id": "id", "subject": "subject", "start": "start", "end": "end"},
}


async def preview(desk: Desk, document: Any, definition: Any, **more: Any) -> Any:
    example = await desk.add(json.dumps(document))
    body = {"example": example, "definition": definition, **more}
    return await desk.post("/api/preview-import", body)


async def test_the_rows_an_import_would_make_are_shown(desk: Desk) -> None:
    found = await preview(desk, calendar_view(3), EVENT, limit=2)
    assert found["problems"] == []
    [table] = found["tables"]
    assert (table["name"], table["total"], len(table["rows"])) == ("event", 3, 2)
    assert [column["name"] for column in table["columns"]] == ["id", "subject", "start", "end"]
    assert table["columns"][2] == {"name": "start", "title": "Start", "type": "zoned_datetime"}
    assert table["rows"][0]["subject"] == "Planning 1"
    assert table["rows"][0]["start"] == {
        "dateTime": "2026-11-23T09:00:00.0000000",
        "timeZone": "UTC",
    }
    assert (found["items"], found["mapped"], found["skipped_total"]) == (3, 3, 0)
    assert "location.displayName" in found["unread"]
    assert "attendees" in found["unread"]
    assert not any(path.startswith(("start", "subject", "@")) for path in found["unread"])


async def test_what_was_inferred_shows_child_lists_and_leaves_nothing_unread(desk: Desk) -> None:
    example = await desk.add(json.dumps(calendar_view(2)))
    inferred = await desk.post("/api/infer", {"example": example, "name": "meeting"})
    body = {
        "example": example,
        "definition": inferred["imports"]["meeting"],
        "lists": inferred["lists"],
    }
    found = await desk.post("/api/preview-import", body)
    assert [(table["name"], table["total"]) for table in found["tables"]] == [
        ("meeting", 2),
        ("meeting_location", 2),
        ("meeting_attendee", 2),
    ]
    attendees = found["tables"][2]["rows"]
    assert attendees[0]["email_address_name"] == "Zoë"
    assert found["unread"] == []
    assert found["problems"] == []


async def test_unread_properties_of_child_items_have_their_way(desk: Desk) -> None:
    lists = {
        "party": {"key": ["id"], "fields": {"id": {"type": "text"}}},
        "party_guest": {"parent": "party", "fields": {"name": {"type": "text"}}},
    }
    definition = {
        "list": "party",
        "fields": {"id": "id"},
        "children": {"party_guest": {"items": "guests", "fields": {"name": "name"}}},
    }
    document = [{"id": "1", "guests": [{"name": "a", "age": 5, "x": {"y": 1}}]}]
    found = await preview(desk, document, definition, lists=lists)
    assert found["unread"] == ["guests.age", "guests.x.y"]
    assert found["tables"][1]["rows"] == [{"_key": "0", "name": "a"}]


async def test_items_that_become_no_row_are_told_with_their_place(desk: Desk) -> None:
    document = {"value": [event(1), {**event(2), "subject": None}, {"subject": "no id"}]}
    found = await preview(desk, document, EVENT)
    assert found["tables"][0]["total"] == 1
    assert found["skipped_total"] == 2
    assert found["skipped"][0] == {
        "where": "item 2",
        "why": "subject is required and has no value",
    }
    assert found["skipped"][1]["where"] == "item 3"


async def test_a_policy_that_stops_the_import_is_told(desk: Desk) -> None:
    document = {"value": [{**event(1), "subject": None}, event(2)]}
    found = await preview(desk, document, {**EVENT, "missing": "fail"})
    assert found["skipped_total"] == 1
    assert found["skipped"][0]["where"] == "item 1"
    assert "would stop here" in found["skipped"][0]["why"]


async def test_long_texts_are_cut(desk: Desk) -> None:
    found = await preview(desk, [{**event(1), "subject": "x" * 100_000}], EVENT)
    assert len(found["tables"][0]["rows"][0]["subject"]) == 2_001


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"list": "evnt"}, "unknownList", "list"),
        ({"fields": {"id": "id", "sbject": "subject"}}, "unknownField", "fields.sbject"),
        ({"fields": {"id": "id("}}, "expressionInvalid", "fields.id"),
        ({"fields": {"subject": "subject"}}, None, None),
        ({"fields": {}}, "valueInvalid", "fields"),
        ({"fields": None}, "valueInvalid", "fields"),
        ({"unexpected": "perhaps"}, "valueInvalid", "unexpected"),
        ({"more": 1}, "unknownKey", "more"),
        ({"items": "nowhere"}, "documentInvalid", None),
        ({"items": "$eval('1')"}, "expressionInvalid", "items"),
        ({"fields": {"id": "id", "is_all_day": "'yes'"}}, "typeMismatch", "fields.is_all_day"),
    ],
)
async def test_what_is_wrong_with_the_import_is_told_as_the_check_tells_it(
    desk: Desk, change: Any, code: str | None, field: str | None
) -> None:
    found = await preview(desk, calendar_view(1), {**EVENT, **change})
    assert found["tables"] == []
    problem = found["problems"][0]
    assert code in (None, problem["code"])
    assert field in (None, problem["field"])
    assert problem["message"]


@pytest.mark.parametrize("definition", [None, [], "list: event", 5, {}, {"list": ["event"]}])
async def test_what_is_no_definition_is_told(desk: Desk, definition: Any) -> None:
    found = await preview(desk, calendar_view(1), definition)
    assert found["tables"] == []
    assert found["problems"]


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        ({"event": {"fields": {}}}, "valueInvalid"),
        ({"event": None}, "valueInvalid"),
        ({"../event": {"fields": {"id": {"type": "text"}}}}, "nameInvalid"),
        ({"event": {"fields": {"id": {"type": "txt"}}}}, "valueInvalid"),
        ({"event": {"parent": "nobody", "fields": {"id": {"type": "text"}}}}, "unknownList"),
    ],
)
async def test_what_is_wrong_with_a_list_is_told(desk: Desk, lists: Any, code: str) -> None:
    found = await preview(desk, calendar_view(1), EVENT, lists=lists)
    assert code in [problem["code"] for problem in found["problems"]]
    assert found["tables"] == []


async def test_a_preview_works_while_the_draft_is_broken(desk: Desk) -> None:
    (desk.modeler.workspace.draft / "app.yaml").write_text("title: [", "utf-8")
    (desk.modeler.workspace.draft / "lists" / "person.yaml").write_text("fields: 5", "utf-8")
    found = await preview(desk, calendar_view(1), EVENT)
    assert found["tables"][0]["total"] == 1


@pytest.mark.parametrize("limit", [0, 501, "50", None])
async def test_a_limit_out_of_bounds_is_refused(desk: Desk, limit: Any) -> None:
    body = {"example": await desk.add("[]"), "definition": EVENT, "limit": limit}
    await desk.post("/api/preview-import", body, status=400)


async def test_an_example_that_is_gone_is_told(desk: Desk) -> None:
    body = {"example": "gone", "definition": EVENT}
    error = await desk.post("/api/preview-import", body, status=404)
    assert error["code"] == "exampleMissing"


def test_of_very_many_items_the_first_are_mapped() -> None:
    items: list[Any] = [{**event(0), "id": str(number)} for number in range(20_000)]
    began = time.monotonic()
    found = preview_import(read_draft(MY_DAY), items, EVENT, {}, 50)
    assert time.monotonic() - began < 10
    assert found.items == 20_000
    assert 0 < found.mapped <= 5_000
    assert found.tables[0].total == found.mapped


def test_the_time_a_preview_takes_is_bounded() -> None:
    slow = {**EVENT, "fields": {**EVENT["fields"], "category": "$string($sum([1..20000]))"}}  # type: ignore[dict-item]
    items: list[Any] = [event(number) for number in range(2_000)]
    found = preview_import(read_draft(MY_DAY), items, slow, {}, 50, seconds=0.0)
    assert found.mapped == 100
