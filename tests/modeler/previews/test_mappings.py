"""Examples and mappings from them: what is proposed can be used as it is; bad input is refused."""

import json
from typing import Any

import pytest

from graphwright.imports import ImportDefinition
from graphwright.lists.definition import ListDefinition, check_lists
from graphwright.modeler.proposals import propose, propose_name
from graphwright.page_types.calendar.config import Config as CalendarPage
from graphwright.pages.definition import PageDefinition
from tests.modeler.previews.conftest import Desk
from tests.modeler.previews.samples import calendar_view, messages, users


@pytest.mark.parametrize(
    ("text", "title", "items"),
    [
        (json.dumps(calendar_view()), "", 3),
        ('{"id": 1}\n{"id": 2}\n', "", 2),
        ("name;mail\nAda;a@x.example\nBo;b@x.example\n", "people.csv", 2),
        ("name,mail\nAda,a@x.example\n", "", 1),
        ('{"half": "\\ud800"}', "", None),
    ],
)
async def test_a_document_is_kept(desk: Desk, text: str, title: str, items: int | None) -> None:
    example = await desk.post("/api/examples", {"text": text, "title": title})
    assert example["items"] == items
    assert example["title"] == (title or "Pasted document")
    assert example["size"] > 0


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('{"a": 1,\n "b": }', "line 2, column 7", 2),
        ('\n\n{"a": 1,\n "b": }', "line 4, column 7", 4),
        ('{"a": 1}\n{"a": }\n', "line 2, column 7", 2),
        ("just a text", "no JSON", 1),
        ("  \n ", "empty", None),
        ('{"a": NaN}', "NaN", None),
        ("[" * 100_000, "", None),
    ],
)
async def test_what_is_no_document_is_refused_with_its_place(
    desk: Desk, text: str, message: str, line: int | None
) -> None:
    error = await desk.post("/api/examples", {"text": text}, status=400)
    assert error["code"] == "documentInvalid"
    assert message in error["message"]
    assert error.get("line") == line or line is None


@pytest.mark.parametrize("body", [{}, {"text": 5}, {"text": "{}", "x": 1}, [], {"text": None}])
async def test_a_body_that_is_no_example_is_refused(desk: Desk, body: Any) -> None:
    await desk.post("/api/examples", body, status=400)


async def infer(desk: Desk, document: Any, name: str = "") -> Any:
    example = await desk.add(json.dumps(document))
    found = await desk.post("/api/infer", {"example": example, "name": name})
    lists = {key: ListDefinition.model_validate(value) for key, value in found["lists"].items()}
    check_lists(lists)
    [(import_name, definition)] = found["imports"].items()
    assert import_name == found["name"]
    ImportDefinition.model_validate(definition)
    page = PageDefinition.read(found["page"]["value"])
    fields = lists[found["name"]].fields
    assert {used.field for used in page.used_fields()} <= fields.keys()
    return found


async def test_events_become_a_list_that_people_can_read(desk: Desk) -> None:
    found = await infer(desk, calendar_view())
    assert found["name"] == "event_2"  # the example application has an event
    event = found["lists"]["event_2"]
    shown = [field["title"] for field in event["fields"].values() if not field.get("hidden")]
    assert list(event["fields"])[:5] == ["id", "subject", "start", "end", "is_all_day"]
    assert event["fields"]["id"] == {"type": "text", "title": "Id", "hidden": True}
    assert shown[:5] == ["Subject", "Start", "End", "All day", "Location"]
    assert "Organizer" in shown
    hidden = {name for name, field in event["fields"].items() if field.get("hidden")}
    assert {
        "change_key", "i_cal_u_id", "uid", "transaction_id", "web_link", "body_content_type",
        "original_start_time_zone", "location_unique_id", "location_unique_id_type",
        "location_coordinates", "recurrence", "online_meeting", "series_master_id",
    } <= hidden  # fmt: skip
    assert len(event["fields"]) >= 40
    assert found["imports"]["event_2"]["unexpected"] == "keep"
    assert len(set(shown)) == len(shown)
    attendees = found["lists"]["event_2_attendee"]["fields"]
    assert attendees["email_address_name"]["title"] == "Name"
    assert next(iter(attendees)) == "email_address_name"


async def test_events_get_a_calendar_and_a_range(desk: Desk) -> None:
    found = await infer(desk, calendar_view(), "meeting")
    assert found["page"]["type"] == "calendar"
    page = CalendarPage.model_validate(found["page"]["value"])
    assert page.fields.model_dump(exclude_none=True) == {
        "title": "subject",
        "start": "start",
        "end": "end",
        "all_day": "is_all_day",
        "location": "location_display_name",
    }
    assert found["within"] == {"from_field": "start", "to_field": "end"}


async def test_messages_get_a_reading_pane(desk: Desk) -> None:
    found = await infer(desk, messages(), "mail")
    assert found["page"]["value"]["fields"] == {
        "from": "from_email_address_name",
        "subject": "subject",
        "body": "body_content",
        "received": "received_date_time",
        "preview": "body_preview",
        "read": "is_read",
        "has_attachments": "has_attachments",
    }
    assert found["within"] is None


async def test_other_rows_get_a_table_of_what_tells_most(desk: Desk) -> None:
    found = await infer(desk, users())
    assert found["name"] == "user"
    page = found["page"]["value"]
    assert page["type"] == "table"
    assert page["columns"][:3] == ["display_name", "mail", "user_principal_name"]
    assert page["sort"] == "display_name"


@pytest.mark.parametrize(
    "document",
    [
        [{"id": 1}],
        {"value": ["a", "b"]},
        {"value": [{"x": {}}]},
        {"value": [{"start": "2026-11-23", "end": "2026-11-24"}]},
        {"value": [{"subject": 1, "start": "2026-11-23T00:00:00Z", "end": None}]},
    ],
)
async def test_odd_examples_get_a_page_all_the_same(desk: Desk, document: Any) -> None:
    await infer(desk, document, "thing")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (calendar_view(), "event"),
        (users(), "user"),
        ({"@odata.context": "…#users('a')/mailFolders", "value": []}, "mail_folder"),
        ({"@odata.context": "…#Collection(microsoft.graph.driveItem)"}, "drive_item"),
        ({"@odata.context": "…#users/$entity"}, "user"),
        ({"@odata.context": "…#users(a,b(c,d()))/x(y)"}, "x"),
        ({"value": [{"@odata.type": "#microsoft.graph.group"}]}, "group"),
        ({"@odata.context": 5}, "item"),
        ({"@odata.context": "#((("}, "item"),
        ({"@odata.context": "#👍/123"}, "item"),
        ({"@odata.context": "#" + "x" * 5000}, "x" * 36),
        ({"@odata.context": "#sqlite_masters"}, "item"),
        ([], "item"),
        ("text", "item"),
    ],
)
def test_a_name_follows_what_the_example_says(document: Any, name: str) -> None:
    assert propose_name(document) == name


async def test_what_cannot_be_learned_from_is_refused(desk: Desk) -> None:
    empty = await desk.add('{"value": []}')
    error = await desk.post("/api/infer", {"example": empty, "name": "x"}, status=400)
    assert error["code"] == "documentInvalid"
    full = await desk.add('{"value": [{"id": 1}]}')
    for name in ("Event", "a b", "sqlite_x", "x" * 55):
        await desk.post("/api/infer", {"example": full, "name": name}, status=400)
    error = await desk.post("/api/infer", {"example": "gone"}, status=404)
    assert error["code"] == "exampleMissing"


def test_of_very_many_items_the_first_are_learned_from() -> None:
    items: list[Any] = [{"id": number, "name": "x"} for number in range(10_000)]
    _, found = propose([*items, {"id": "y", "late": True}], "thing", ())
    assert list(found.lists["thing"]["fields"]) == ["id", "name"]
    assert found.imports["thing"]["unexpected"] == "keep"
