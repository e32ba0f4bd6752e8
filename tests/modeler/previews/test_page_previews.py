"""Previews of pages: drawn as the portal draws them, over an example's rows, and gone afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest

from graphwright.imports import ImportDefinition, Importer
from graphwright.lists import ListDefinition, Lists
from graphwright.modeler.page_previews import MOST_PREVIEWS
from tests.modeler.previews.conftest import Desk
from tests.modeler.previews.samples import calendar_view, event, messages, users

CALENDAR = {
    "type": "calendar",
    "title": "My calendar",
    "list": "event",
    "fields": {"title": "subject", "start": "start", "end": "end"},
    "actions": {"edit": {"title": "Change", "on": "row", "confirm": "Change {{ row.subject }}?"}},
}
PEOPLE = {"type": "table", "title": "People", "list": "person", "columns": ["name", "email"]}


async def preview(desk: Desk, name: str, value: Any, document: Any = None, **more: Any) -> Any:
    example = None if document is None else await desk.add(json.dumps(document), "Sample")
    body = {"name": name, "value": value, "example": example, **more}
    return await desk.post("/api/preview-page", body)


def address(found: Any) -> str:
    step = found["step"]
    return f"/api/steps/{step['instance']}/{step['step']}"


async def test_a_calendar_shows_the_example_s_events_in_their_week(desk: Desk) -> None:
    later = {"value": [event(1, 3), event(2, 4)]}  # 3 November is another week than today's
    found = await preview(desk, "calendar", CALENDAR, later, time_zone="Europe/Berlin")
    page = found["step"]["page"]
    assert found["rows_from"] == "Sample (2 rows)"
    assert (page["type"], page["title"]) == ("calendar", "My calendar")
    assert [item["title"] for item in page["view"]["events"]] == ["Planning 1", "Planning 2"]
    assert page["view"]["range"]["start"] == "2026-11-01T23:00:00Z"
    assert "range_changed" in page["exits"]
    assert await desk.get(address(found)) == found["step"]


async def test_rows_one_row_and_downloads_are_answered_as_the_portal_s(desk: Desk) -> None:
    found = await preview(desk, "people", PEOPLE, users())
    rows = await desk.get(f"{address(found)}/rows?sort=name:desc&limit=1")
    assert (rows["total"], rows["rows"][0]["name"]) == (2, "bo")
    row = await desk.get(f"{address(found)}/rows/ada")
    assert row["row"]["email"] == "ada@contoso.example"
    csv = await desk.client.get(f"{address(found)}/rows.csv")
    assert csv.text.splitlines()[1] == "ada,ada@contoso.example"
    assert (await desk.client.get(f"{address(found)}/rows.json")).json()[1]["name"] == "bo"


async def test_a_row_action_asks_its_question(desk: Desk) -> None:
    found = await preview(desk, "calendar", CALENDAR, calendar_view(1))
    row = await desk.get(f"{address(found)}/rows/AAMk1")
    assert row["confirm"] == {"edit": "Change Planning 1?"}


async def test_a_message_s_body_stands_in_a_frame_that_runs_nothing(desk: Desk) -> None:
    document = messages()
    hostile = (
        "<html><body>Hi<script>alert(1)</script><img src='https://x.example/a.png'></body></html>"
    )
    document["value"][0]["body"]["content"] = hostile
    value = {
        "type": "message",
        "title": "Mail",
        "list": "message",
        "fields": {
            "from": "from_name",
            "subject": "subject",
            "body": "body",
            "received": "received",
        },
    }
    found = await preview(desk, "mail", value, document)
    frame = await desk.client.get(f"{address(found)}/rows/m1/frame")
    assert "Hi" in frame.text
    assert "alert" not in frame.text
    assert frame.headers["x-blocked-images"] == "1"
    assert "sandbox" in frame.headers["content-security-policy"]


async def test_a_detail_page_and_a_form_show_a_row_of_the_example(desk: Desk) -> None:
    detail = {
        "type": "detail", "title": "{{ person.name }}", "list": "person", "row": "person",
        "fields": ["name", "email"],
    }  # fmt: skip
    found = await preview(desk, "person", detail, users())
    assert found["step"]["page"]["title"] == "ada"
    form = {
        "type": "form", "title": "Change", "list": "event", "row": "event",
        "fields": ["subject", "start"],
    }  # fmt: skip
    found = await preview(desk, "edit_event", form, calendar_view(1))
    fields = found["step"]["page"]["view"]["fields"]
    assert fields[0]["value"] == "Planning 1"


async def test_a_form_for_a_new_row_is_empty(desk: Desk) -> None:
    form = {
        "type": "form", "title": "New", "list": "draft",
        "fields": [{"field": "to", "default": "values.to"}, "subject"],
    }  # fmt: skip
    found = await preview(desk, "new_message", form)
    assert [field["value"] for field in found["step"]["page"]["view"]["fields"]] == [None, None]
    assert found["rows_from"] == "none"


@pytest.mark.parametrize("page", ["calendar", "mail", "people", "new_event", "new_message"])
async def test_every_page_of_the_example_application_is_drawn_without_rows(
    desk: Desk, page: str
) -> None:
    value = (await desk.get(f"/api/documents/pages/{page}.yaml"))["value"]
    found = await preview(desk, page, value)
    assert found["step"]["page"]["name"] == page
    assert found["step"]["notice"] is None  # no problem has come up


async def test_a_page_that_no_flow_shows_yet_is_drawn(desk: Desk) -> None:
    found = await preview(desk, "other-calendar", CALENDAR)
    assert found["step"]["page"]["view"]["events"] == []


async def test_shared_rows_of_the_draft_are_shown_and_people_s_are_not(desk: Desk) -> None:
    definitions = {
        name: ListDefinition.model_validate(
            (await desk.get(f"/api/documents/lists/{name}.yaml"))["value"]
        )
        for name in ("event", "person")
    }
    lists = Lists(definitions, desk.modeler.engine.databases.data)
    await lists.prepare()
    for name, owner, document in (("person", None, users()), ("event", "ada", calendar_view(2))):
        raw = (await desk.get(f"/api/documents/imports/{name}.yaml"))["value"]
        importer = Importer(lists, ImportDefinition.model_validate(raw), name=name, owner=owner)
        assert (await importer.apply_document(document)).inserted == 2
    found = await preview(desk, "people", PEOPLE)
    assert found["rows_from"] == "the draft's own data"
    assert (await desk.get(f"{address(found)}/rows"))["total"] == 2
    table = {"type": "table", "title": "Events", "list": "event", "columns": ["subject"]}
    found = await preview(desk, "people", table)
    assert found["rows_from"] == "none"
    assert (await desk.get(f"{address(found)}/rows"))["total"] == 0


async def test_an_example_that_does_not_fit_leaves_the_page_empty_and_says_why(desk: Desk) -> None:
    found = await preview(desk, "people", PEOPLE, {"value": [{"x": 1}]})
    assert found["rows_from"] == "Sample (0 rows, 1 skipped)"
    found = await preview(desk, "people", PEOPLE, "just a text")
    assert found["rows_from"].startswith("none: Sample does not fit.")
    found = await preview(desk, "people", PEOPLE, users(), import_name="event")
    assert found["rows_from"] == "none: event fills event, which this page does not show"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {"type": "table"},
        {"type": "nothing", "title": "x"},
        {**PEOPLE, "list": "nobody"},
        {**PEOPLE, "columns": ["nme"]},
        {**PEOPLE, "title": "{{ (}}"},
        {**PEOPLE, "columns": []},
    ],
)
async def test_what_is_no_page_is_refused_with_its_problems(desk: Desk, value: Any) -> None:
    body = {"name": "people", "value": value}
    error = await desk.post("/api/preview-page", body, status=422)
    assert error["code"] == "definitionInvalid"
    assert error["problems"]


async def test_what_cannot_be_drawn_is_told(desk: Desk) -> None:
    error = await desk.post(
        "/api/preview-page",
        {"name": "people", "value": {**PEOPLE, "title": "{{ 1 + 'a' }}"}},
        status=400,
    )
    assert error["code"] == "expressionFailed"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"example": "gone"}, 404),
        ({"import_name": "nothing"}, 404),
        ({"time_zone": "Mars/Olympus"}, 400),
        ({"name": "../people"}, 422),
        ({"name": 5}, 400),
        ({"unknown": 1}, 400),
    ],
)
async def test_what_there_is_not_is_refused(desk: Desk, more: Any, status: int) -> None:
    await desk.post("/api/preview-page", {"name": "people", "value": PEOPLE, **more}, status)


async def test_steps_and_rows_that_there_are_not_are_refused(desk: Desk) -> None:
    found = await preview(desk, "people", PEOPLE, users())
    instance = found["step"]["instance"]
    for path in ("/api/steps/none/1", "/api/steps/none/1/rows", f"/api/steps/{instance}/2/rows"):
        await desk.get(path, status=404)
    await desk.get(f"{address(found)}/rows/nobody", status=404)
    await desk.get(f"{address(found)}/rows?sort=nothing", status=400)
    await desk.get(f"{address(found)}/rows?owner=ada", status=400)
    await desk.get(f"{address(found)}/rows/ada?images=2", status=400)


async def test_old_previews_are_closed_and_nothing_of_them_stays(desk: Desk) -> None:
    first = await preview(desk, "people", PEOPLE, users())
    previews = desk.modeler.page_previews
    folders = [previews.get(first["step"]["instance"]).folder]
    for _ in range(MOST_PREVIEWS):
        found = await preview(desk, "people", PEOPLE)
        folders.append(previews.get(found["step"]["instance"]).folder)
    await desk.get(f"{address(first)}/rows", status=404)
    assert [folder.exists() for folder in folders] == [False] + [True] * MOST_PREVIEWS
    await previews.close()
    assert not any(folder.exists() for folder in folders)


async def test_a_preview_that_fails_leaves_no_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    body = {"name": "people", "value": {**PEOPLE, "title": "{{ 1 + 'a' }}"}}
    await desk.post("/api/preview-page", body, status=400)
    assert list((tmp_path / "scratch").iterdir()) == []
