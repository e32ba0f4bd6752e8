"""Scopes and values of expressions: what is known at a node; what is wrong is told by character."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from graphwright.modeler.expressions import evaluate
from graphwright.modeler.reading import read_draft
from graphwright.modeler.scope import ScopeValues, build_scope, nodes_before, to_names
from graphwright.modeler.wire.mappings import ScopeName
from tests.modeler.previews.conftest import MY_DAY, Desk
from tests.modeler.previews.samples import calendar_view

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def scope_of(
    flow: str | None, node: str | None, responses: Any = None, recorded: Any = None
) -> ScopeValues:
    return build_scope(
        read_draft(MY_DAY),
        flow,
        node,
        responses=lambda _flow, name: (responses or {}).get(name),
        recorded=recorded or {},
        now=NOW,
        time_zone="Europe/Berlin",
    )


def test_a_flow_s_beginning_knows_its_variables_rendered() -> None:
    scope = scope_of("calendar", "load_events")
    assert scope.values["range"] == {
        "start": "2026-11-22T23:00:00Z",
        "end": "2026-11-29T23:00:00Z",
    }
    assert scope.values["user"]["time_zone"] == "Europe/Berlin"
    assert {"input", "user", "now", "error"} <= scope.values.keys()


def test_a_response_has_the_shape_of_the_node_s_last_try() -> None:
    scope = scope_of("calendar", "import_events", {"load_events": calendar_view(50)})
    body = scope.values["events"]["body"]
    assert body["value"][0]["subject"] == "Planning 1"
    assert len(body["value"]) == 20
    assert scope.summaries["events"] == "The response of Events of the range"


def test_a_row_of_a_page_has_the_fields_of_its_list() -> None:
    scope = scope_of("calendar", "update_event")
    assert {"_key", "_etag", "id", "subject", "start"} <= scope.values["event"].keys()
    assert scope.values["event"]["start"].keys() == {"dateTime", "timeZone"}
    assert {"subject", "start", "end"} <= scope.values["values"].keys()


def test_an_error_is_known_behind_an_error_exit_only() -> None:
    assert scope_of("calendar", "failed").values["error"]["status"] == 404
    assert scope_of("people", None).values["error"] is not None
    assert scope_of("calendar", "authorize").values["error"] is None


def test_what_comes_later_only_is_not_known() -> None:
    flow = read_draft(MY_DAY).flows["calendar"]
    assert nodes_before(flow, "authorize") == []
    assert "events" not in scope_of("calendar", "authorize").values
    before = nodes_before(flow, "show_calendar")
    assert before[:3] == ["authorize", "load_events", "import_events"]
    assert "show_calendar" in before  # the way is a circle
    assert "failed" not in before


def test_recorded_values_win_over_made_up_ones() -> None:
    recorded = {"range": {"start": "x"}, "user": None, "other": 1}
    scope = scope_of("calendar", "load_events", recorded=recorded)
    assert scope.values["range"] == {"start": "x"}
    assert scope.values["user"] is not None
    assert "other" not in scope.values


def test_a_recorded_collection_that_was_not_kept_has_the_items_of_the_try() -> None:
    recorded = {"events": {"status": 200, "headers": {}, "body": {"value": []}}}
    scope = scope_of("calendar", "import_events", {"load_events": calendar_view(1)}, recorded)
    assert scope.values["events"]["body"]["value"][0]["id"] == "AAMk1"
    scope = scope_of("calendar", "import_events", recorded=recorded)
    assert scope.values["events"]["body"] == {"value": []}


def child(names: list[ScopeName], *path: str) -> ScopeName:
    found = next(name for name in names if name.name == path[0])
    return child(found.children, *path[1:]) if path[1:] else found


def test_names_have_kinds_examples_and_what_is_below_them() -> None:
    scope = scope_of("calendar", "import_events", {"load_events": calendar_view(2)})
    names = to_names(scope)
    assert child(names, "range", "start").example == "2026-11-22T23:00:00Z"
    assert child(names, "events").kind == "object"
    assert child(names, "events", "body", "value").kind == "array"
    assert child(names, "events", "body", "value", "subject").example == "Planning 1"
    assert child(names, "events", "body", "value", "location", "displayName").kind == "text"


def test_names_of_a_huge_value_are_bounded() -> None:
    def deep(depth: int) -> Any:
        return {f"n{n}": deep(depth - 1) for n in range(30)} if depth else "x" * 5_000

    scope = ScopeValues()
    scope.put("huge", deep(3), "")
    text = json.dumps([name.model_dump() for name in to_names(scope)])
    assert len(text) < 1_500_000


async def test_the_scope_of_a_node_is_asked_for(desk: Desk) -> None:
    found = await desk.get("/api/scope?flow=calendar&node=load_events")
    assert {"range", "now", "user", "input", "error"} <= {n["name"] for n in found["names"]}
    plain = await desk.get("/api/scope")
    assert [name["name"] for name in plain["names"]] == ["now", "user", "error", "input"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("flow=none", 404),
        ("flow=calendar&node=none", 404),
        ("flow=calendar&flow=people", 400),
        ("flw=calendar", 400),
    ],
)
async def test_a_place_that_there_is_not_is_refused(desk: Desk, query: str, status: int) -> None:
    await desk.get(f"/api/scope?{query}", status=status)


async def value_of(desk: Desk, source: str, kind: str = "expression", **more: Any) -> Any:
    return await desk.post("/api/evaluate", {"source": source, "kind": kind, **more})


async def test_a_value_is_told_with_what_was_read(desk: Desk) -> None:
    at = {"flow": "calendar", "node": "load_events"}
    found = await value_of(desk, "range.start & '!'", values={"range": {"start": "s"}}, **at)
    assert (found["value"], found["reads"], found["error"]) == ("s!", ["range"], None)
    found = await value_of(
        desk, "From {{ range.start }}", "template", values={"range": {"start": 1}}
    )
    assert found["value"] == "From 1"
    found = await value_of(desk, "{{ range.end }}", "template", **at)
    assert found["value"].endswith("Z")


async def test_null_and_undefined_are_told_apart(desk: Desk) -> None:
    assert (await value_of(desk, "a.b", values={"a": {"b": None}}))["missing"] is False
    assert (await value_of(desk, "a.c", values={"a": {"b": None}}))["missing"] is True
    assert (await value_of(desk, "a.c & ''"))["missing"] is False


@pytest.mark.parametrize(
    ("source", "kind", "position"),
    [
        ("1 + ", "expression", 4),
        ("$nope(1)", "expression", 0),
        ("1 + $eval('2')", "expression", 4),
        ("", "expression", 0),
        ("1 + 'a'", "expression", 2),
        ("Hello {{ 1 + 'a' }}", "template", 11),
        ("Hello {{ 1 + }}", "template", 12),
        ("Hello {{ name", "template", 6),
    ],
)
async def test_what_is_wrong_is_told_by_its_character(
    desk: Desk, source: str, kind: str, position: int
) -> None:
    found = await value_of(desk, source, kind)
    assert found["error"]
    assert found["position"] == position
    assert found["value"] is None


async def test_an_object_inside_a_text_is_told(desk: Desk) -> None:
    found = await value_of(desk, "It is {{ now }}", "template")
    assert "cannot stand inside a text" in found["error"]


@pytest.mark.parametrize(
    "source",
    [
        "($f := function($n){ $f($n + 1) }; $f(0))",
        "$sum([1..100000000])",
        "$reduce([1..1000], function($a, $b){ $a & $a })",
        "$map([1..99999], function($x){ $map([1..9999], function($y){ $x * $y }) })",
        "$match($join($map([1..20000], function($i){'a'})), /(a+)+$/)",
        "(" * 5_000,
    ],
)
def test_hostile_expressions_stay_within_limits(source: str) -> None:
    began = time.monotonic()
    found = evaluate(source, "expression", {})
    assert time.monotonic() - began < 10
    assert found.error or found.value is not None or found.missing


def test_a_huge_value_is_cut() -> None:
    found = evaluate("big", "expression", {"big": [["x" * 100_000] * 100] * 100})
    assert len(json.dumps(found.value)) < 250_000


@pytest.mark.parametrize(
    "body",
    [
        {"source": "1"},
        {"source": "1", "kind": "python"},
        {"source": "x" * 20_001, "kind": "expression"},
        {"source": 1, "kind": "expression"},
        {"source": "1", "kind": "expression", "values": []},
    ],
)
async def test_a_body_that_asks_nothing_is_refused(desk: Desk, body: Any) -> None:
    await desk.post("/api/evaluate", body, status=400)


async def test_a_flow_that_there_is_not_is_told(desk: Desk) -> None:
    body = {"source": "1", "kind": "expression", "flow": "nowhere"}
    await desk.post("/api/evaluate", body, status=404)


async def test_the_scope_follows_the_draft(desk: Desk) -> None:
    name = "flows/calendar.yaml"
    document = await desk.get(f"/api/documents/{name}")
    value = document["value"]
    value["variables"]["fresh"] = "new"
    assert "fresh" not in {n["name"] for n in (await desk.get("/api/scope?flow=calendar"))["names"]}
    answer = await desk.client.put(
        f"/api/documents/{name}", json={"revision": document["revision"], "value": value}
    )
    assert answer.status_code == 200
    assert (await value_of(desk, "fresh", flow="calendar"))["value"] == "new"


async def test_a_scope_is_quick_while_the_draft_stays(desk: Desk) -> None:
    await desk.get("/api/scope?flow=calendar")
    began = time.monotonic()
    for _ in range(10):
        await value_of(desk, "range.start", flow="calendar", node="load_events")
    assert time.monotonic() - began < 2
