"""Form pages: what fields show, what they take, and what they refuse with which words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.kernel.errors import InvalidInput
from graphwright.lists import ListDefinition, RowNotFound
from graphwright.page_types.form import view as form
from graphwright.page_types.form.coerce import Refusal, coerce
from graphwright.page_types.form.config import Config
from graphwright.pages.errors import FormInvalid
from graphwright.pages.opening import Opening

EVENT = ListDefinition.model_validate(
    {
        "key": ["id"],
        "fields": {
            "id": {"type": "text", "hidden": True},
            "subject": {"type": "text", "title": "Subject", "required": True},
            "start": {"type": "zoned_datetime", "title": "Start"},
            "end": {"type": "zoned_datetime"},
            "is_all_day": {"type": "boolean"},
            "show_as": {"type": "text", "options": {"free": "Free", "busy": "Busy"}},
            "body": {"type": "html", "description": "What it is about."},
            "note": {"type": "text", "sensitive": True},
        },
    }
)
ROW = {
    "_key": "e1",
    "_etag": 'W/"1"',
    "id": "e1",
    "subject": "Lunch",
    "start": {"dateTime": "2026-11-23T12:00:00", "timeZone": "Europe/Berlin"},
    "end": None,
    "is_all_day": False,
    "show_as": "busy",
    "body": "<p>Hi</p>",
}
NINE = {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
TEN = {"dateTime": "2026-11-23T10:00:00", "timeZone": "Europe/Berlin"}


def page(**more: Any) -> Config:
    return Config.model_validate({"type": "form", "title": "Event", "list": "event", **more})


def opening(scope: dict[str, Any] | None = None, **rows: Any) -> Opening:
    return Opening(
        scope=scope or {},
        lists={"event": EVENT},
        time_zone="Asia/Kolkata",
        now=datetime(2026, 11, 23, tzinfo=UTC),
        rows=rows,
    )


def submit(config: Config, values: Any, scope: dict[str, Any] | None = None, **rows: Any) -> Any:
    return form.receive(config, "submit", {"values": values}, opening(scope, **rows))


def refusals(config: Config, values: Any, **rows: Any) -> dict[str, str]:
    with pytest.raises(FormInvalid) as caught:
        submit(config, values, **rows)
    assert caught.value.to_wire()["error"]["code"] == "formInvalid"
    assert caught.value.to_wire()["error"]["fields"] == caught.value.fields
    return caught.value.fields


def test_a_form_shows_the_fields_that_are_neither_hidden_nor_sensitive() -> None:
    shown = form.view(page(), opening())
    names = [field["name"] for field in shown["fields"]]
    assert names == ["subject", "start", "end", "is_all_day", "show_as", "body"]
    subject, start, *_, show_as, body = shown["fields"]
    assert subject["required"] is True
    assert start["title"] == "Start"
    assert show_as["options"] == [
        {"value": "free", "title": "Free"},
        {"value": "busy", "title": "Busy"},
    ]
    assert (body["multiline"], body["description"]) == (True, "What it is about.")
    assert shown["submit"] == {"title": "Save"}
    assert shown["cancel"] is True


def test_a_form_over_a_row_shows_its_values() -> None:
    shown = form.view(page(row="event", fields=["subject", "start"]), opening(row=[ROW]))
    assert [field["value"] for field in shown["fields"]] == ["Lunch", ROW["start"]]


def test_a_form_whose_row_is_gone_says_so() -> None:
    with pytest.raises(RowNotFound, match="does not exist any more"):
        form.view(page(row="event"), opening(row=[]))


def test_a_row_that_the_flow_holds_is_taken_as_it_is_and_null_means_a_new_one() -> None:
    config = page(row="event")
    assert form.reads(config, opening({"event": ROW}))["row"].value == ROW
    assert form.reads(config, opening({"event": "e1"}))["row"].key == "e1"
    assert form.reads(config, opening({"event": None})) == {}


def test_defaults_are_for_new_rows_and_an_instant_stands_on_the_person_s_clock() -> None:
    fields = [
        {"field": "subject", "default": '"New"'},
        {"field": "start", "default": "slot.start"},
    ]
    config = page(fields=fields, row="event")
    scope = {"slot": {"start": "2026-11-23T08:00:00Z"}, "event": None}
    shown = form.view(config, opening(scope))
    assert shown["fields"][0]["value"] == "New"
    kolkata = {"dateTime": "2026-11-23T13:30:00", "timeZone": "Asia/Kolkata"}
    assert shown["fields"][1]["value"] == kolkata
    assert form.view(config, opening(scope, row=[ROW]))["fields"][0]["value"] == "Lunch"


def test_a_submit_hands_over_checked_values_with_key_and_etag_of_the_row() -> None:
    config = page(row="event", fields=["subject", "start", "is_all_day"])
    values = {"subject": "Dinner", "start": NINE, "is_all_day": True}
    assert submit(config, values, row=[ROW]) == {**values, "_key": "e1", "_etag": 'W/"1"'}


def test_a_new_row_has_neither_key_nor_etag_and_nulls_for_what_was_not_sent() -> None:
    config = page(fields=["subject", "start"])
    assert submit(config, {"subject": "A"}) == {"subject": "A", "start": None}


def test_what_a_form_does_not_send_stays_as_it_is() -> None:
    config = page(row="event", fields=["subject", "show_as"])
    assert submit(config, {"show_as": "free"}, row=[ROW])["subject"] == "Lunch"


def test_what_came_from_elsewhere_may_stay_untouched() -> None:
    config = page(row="event", fields=["show_as", "start"])
    odd = {**ROW, "show_as": "unknown", "start": {**NINE, "timeZone": "tzone://Custom"}}
    values = {"show_as": odd["show_as"], "start": odd["start"]}
    assert submit(config, values, row=[odd])["start"] == odd["start"]
    assert set(refusals(config, values, row=[ROW])) == {"show_as", "start"}


def test_a_read_only_field_cannot_be_changed() -> None:
    config = page(row="event", fields=[{"field": "subject", "read_only": True}])
    assert submit(config, {"subject": "Changed"}, row=[ROW])["subject"] == "Lunch"


def test_every_refusal_stands_at_its_field() -> None:
    refused = refusals(
        page(),
        {"subject": " ", "start": "soon", "is_all_day": "yes", "show_as": "maybe", "other": 1},
    )
    assert refused == {
        "subject": "Fill in this field.",
        "start": "Enter a date, a time and a time zone.",
        "is_all_day": "Choose yes or no.",
        "show_as": "Choose one of the options.",
        "other": "This form has no such field.",
    }


def test_hidden_and_sensitive_fields_cannot_be_slipped_in() -> None:
    assert set(refusals(page(), {"subject": "A", "id": "x", "note": "y"})) == {"id", "note"}


def test_a_page_may_ask_for_more_or_less_than_the_list() -> None:
    more = page(fields=["subject", {"field": "start", "required": True}])
    assert refusals(more, {"subject": "A"}) == {"start": "Fill in this field."}
    less = page(fields=[{"field": "subject", "required": False}])
    assert submit(less, {"subject": ""}) == {"subject": None}


def test_rules_between_fields_are_told_where_they_say() -> None:
    rule = {
        "check": "start.dateTime < end.dateTime",
        "message": "The end must come after the start.",
        "field": "end",
    }
    config = page(fields=["start", "end"], rules=[rule])
    assert refusals(config, {"start": TEN, "end": NINE}) == {"end": rule["message"]}
    assert submit(config, {"start": NINE, "end": TEN})["end"] == TEN


@pytest.mark.parametrize(
    "data", [None, {}, [], "x", {"values": []}, {"values": None}, {"values": {}, "row": {}}]
)
def test_a_submit_without_values_is_refused(data: Any) -> None:
    with pytest.raises(InvalidInput):
        form.receive(page(), "submit", data, opening())


def test_cancel_carries_nothing() -> None:
    assert form.receive(page(), "cancel", None, opening()) is None
    with pytest.raises(InvalidInput):
        form.receive(page(), "cancel", {"values": {}}, opening())


@pytest.mark.parametrize(
    ("field_type", "sent", "value"),
    [
        ("text", "4-byte 🎉 and ' \" {{ x }} <b>", "4-byte 🎉 and ' \" {{ x }} <b>"),
        ("text", "  ", None),
        ("text", " a ", " a "),
        ("integer", 3, 3),
        ("integer", "9007199254740993", 9007199254740993),
        ("integer", " -7 ", -7),
        ("integer", 3.0, 3),
        ("number", "1.5", 1.5),
        ("number", 2, 2),
        ("boolean", False, False),
        ("datetime", "2026-11-23T09:00:00+01:00", "2026-11-23T08:00:00Z"),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00", "timeZone": "Europe/Berlin"}, NINE),
        (
            "zoned_datetime",
            {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "W. Europe Standard Time"},
            {"dateTime": "2026-11-23T09:00:00", "timeZone": "W. Europe Standard Time"},
        ),
        ("date", "2028-02-29", "2028-02-29"),
        ("duration", "P1DT2H30M", "P1DT2H30M"),
        ("html", "<p>x</p>", "<p>x</p>"),
        ("reference", "key/1", "key/1"),
        ("json", '{"a": [1, null]}', {"a": [1, None]}),
        ("json", {"a": 1}, {"a": 1}),
        ("number", None, None),
        ("zoned_datetime", "", None),
    ],
)
def test_values_become_what_their_type_has(field_type: str, sent: Any, value: Any) -> None:
    assert coerce(field_type, sent) == value


@pytest.mark.parametrize(
    ("field_type", "sent"),
    [
        ("text", 5),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", "a\x00b"),
        ("text", "half a pair \ud83d"),
        ("text", "x" * 100_001),
        ("integer", "1.5"),
        ("integer", 1.5),
        ("integer", True),
        ("integer", "9223372036854775808"),
        ("integer", 2**63),
        ("integer", 1e300),
        ("integer", "٣"),
        ("integer", "one"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", float("inf")),
        ("number", float("nan")),
        ("number", "1e999"),
        ("number", 10**400),
        ("number", True),
        ("number", "1,5"),
        ("boolean", "true"),
        ("boolean", 1),
        ("datetime", "2026-11-23T09:00:00"),
        ("datetime", "2026-13-01T00:00:00Z"),
        ("datetime", 0),
        ("zoned_datetime", "2026-11-23T09:00:00Z"),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00"}),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00", "timeZone": "Mars/Olympus"}),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00", "timeZone": "../../etc/passwd"}),
        ("zoned_datetime", {"dateTime": "2026-02-30T09:00:00", "timeZone": "UTC"}),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00Z", "timeZone": "UTC"}),
        ("zoned_datetime", {"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"}),
        ("zoned_datetime", {"dateTime": "2026-11-23T25:00:00", "timeZone": "UTC"}),
        ("zoned_datetime", {"dateTime": 1, "timeZone": 2}),
        ("zoned_datetime", {**NINE, "x": 1}),
        ("date", "2027-02-29"),
        ("date", "2026-11-23T09:00:00"),
        ("date", "23.11.2026"),
        ("duration", "P"),
        ("duration", "PT"),
        ("duration", "P1H"),
        ("duration", "30 minutes"),
        ("json", "{"),
        ("json", "NaN"),
        ("json", "[" * 50_000),
        ("html", 1),
        ("reference", 1),
    ],
)
def test_values_that_do_not_fit_are_refused_with_a_reason(field_type: str, sent: Any) -> None:
    with pytest.raises(Refusal) as caught:
        coerce(field_type, sent)
    assert str(caught.value).endswith(".")


def test_an_action_may_not_take_the_name_of_an_event() -> None:
    with pytest.raises(ValidationError, match="submit"):
        page(actions={"submit": {"title": "Send"}})


def test_a_form_names_the_fields_it_uses() -> None:
    config = page(
        fields=["subject", {"field": "start"}],
        rules=[{"check": "true", "message": "x", "field": "end"}],
    )
    used = [(item.path, item.field) for item in config.used_fields()]
    assert used == [
        (("fields", 0), "subject"),
        (("fields", 1, "field"), "start"),
        (("rules", 0, "field"), "end"),
    ]
