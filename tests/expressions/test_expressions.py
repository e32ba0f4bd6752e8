"""Expressions: what they give, what they refuse, and how they say where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.expressions import (
    FUNCTIONS,
    MISSING,
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)
from graphwright.expressions.getters import path_of, quote_path

EVENT: dict[str, Any] = {
    "id": "1",
    "subject": None,
    "size": 2**60 + 1,
    "start": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"},
    "attendees": [{"emailAddress": {"address": "a@x.example"}, "tags": ["p", "q"]}],
    "categories": ["one"],
    "@odata.etag": 'W/"1"',
    "a b": {"c`d": 1},
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("id", "1"),
        ("$.id", "1"),
        ("subject", None),
        ("nothing", MISSING),
        ("nothing.at.all", MISSING),
        ("id.length", MISSING),
        ("size", 2**60 + 1),
        ("start.timeZone", "UTC"),
        ("`@odata.etag`", 'W/"1"'),
        ("categories", ["one"]),
        ("attendees.emailAddress.address", ["a@x.example"]),
        ("attendees.tags", ["p", "q"]),
        ("attendees.nothing", []),
        ("$", EVENT),
        ("$count(attendees)", 1),
        ("subject ? 1", MISSING),
        ("(subject)", None),
        ("(nothing)", MISSING),
        ("true", True),
        ("null", None),
        ("id & '-' & start.timeZone", "1-UTC"),
        ("id /* why */", "1"),
    ],
)
def test_an_item_gives_its_value_or_missing(source: str, expected: Any) -> None:
    value = compile_expression(source).evaluate_item(EVENT)
    assert value is MISSING if expected is MISSING else value == expected


def test_a_scope_gives_null_for_what_is_undefined() -> None:
    assert compile_expression("a.b").evaluate({"a": {}}) is None
    assert compile_expression("a.b + 1").evaluate({"a": {"b": 1}}) == 2


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a +", 3),
        ("a b", 2),
        ("", 0),
        ("   ", 0),
        ("a.$who", 2),
        ("$adDays(a, 1)", 0),
        ("x & $eval(a)", 4),
        ("($e := $eval; $e(a))", 7),
        ("x" * 30_000, 20_000),
    ],
)
def test_a_wrong_text_is_refused_with_its_position(source: str, position: int) -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        compile_expression(source)
    assert caught.value.facts["position"] == position


def test_an_unknown_function_names_the_nearest() -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        compile_expression("$adDays(a, 1)")
    assert "addDays" in caught.value.hint


@pytest.mark.parametrize(
    "source",
    [
        "($f := function($n) {1 + $f($n)}; $f(1))",
        "($f := function($n) {$f($n)}; $f(1))",
        "[1..10000000]",
        "$pad('x', 2000000000)",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)",
    ],
)
def test_a_hostile_expression_fails_within_its_limits(source: str) -> None:
    with pytest.raises(ExpressionFailed):
        compile_expression(source).evaluate({})


def test_names_are_the_roots_it_reads() -> None:
    expression = compile_expression("range.start & $string(user.name) & items[id = $$.key].x")
    assert expression.names() == {"range", "user", "items", "key"}
    assert not expression.reads_everything
    assert compile_expression("$").reads_everything
    assert compile_expression("a.b").reads() == {"a": {"b": True}}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('$addDays("2026-12-31", 1)', "2027-01-01"),
        ('$addDays("2026-10-24T22:30:00Z", 1)', "2026-10-25T22:30:00Z"),
        ('$addDays("2026-10-24T07:00:00Z", 1, "Europe/Berlin")', "2026-10-25T08:00:00Z"),
        ('$toZone("2026-11-23T08:00:00Z", "Pacific Standard Time").dateTime',
         "2026-11-23T00:00:00"),
        ('$toInstant("2026-11-23T09:00:00", "Europe/Berlin")', "2026-11-23T08:00:00Z"),
        ('$toInstant({"dateTime": "2026-11-23T09:00", "timeZone": "Asia/Kolkata"})',
         "2026-11-23T03:30:00Z"),
        ('$date("2026-11-23T20:00:00Z", "Pacific/Auckland")', "2026-11-24"),
        ('$date("2026-11-23")', "2026-11-23"),
        ("$addDays(nothing, 1)", None),
        ("$toZone(nothing, 'UTC')", None),
        ("$toInstant(nothing)", None),
        ("$date(nothing)", None),
    ],
)  # fmt: skip
def test_functions_reckon_with_dates_and_zones(source: str, expected: str | None) -> None:
    assert compile_expression(source).evaluate({}) == expected


@pytest.mark.parametrize(
    "source",
    [
        '$addDays("yesterday", 1)',
        '$addDays("2026-01-01", "x")',
        '$addDays("2026-01-01", 1.5)',
        '$addDays("9999-12-31", 1)',
        '$toZone("2026-01-01T00:00:00Z", "Mars")',
        "$date(5)",
        '$date("2026-13-01")',
    ],
)
def test_functions_refuse_what_is_no_date(source: str) -> None:
    with pytest.raises(ExpressionFailed):
        compile_expression(source).evaluate({})


def test_now_is_the_scopes_own() -> None:
    now = {"instant": "2026-11-23T08:00:00Z"}
    assert compile_expression("$now()").evaluate({"now": now}) == "2026-11-23T08:00:00.000Z"


def test_an_item_cannot_set_the_clock() -> None:
    now = {"instant": "2001-11-23T08:00:00Z"}
    assert "2001" not in compile_expression("$now()").evaluate_item({"now": now})


def test_every_function_has_an_example_that_compiles() -> None:
    for function in FUNCTIONS.values():
        assert function.call.startswith("$")
        assert function.description
        compile_expression(function.example)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "c d"]), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.lists(st.sampled_from(["a", "b", "c d"]), min_size=1, max_size=3))
def test_a_getter_agrees_with_the_engine_where_no_array_is_met(item: Any, path: list[str]) -> None:
    source = quote_path(path)
    assert source is not None
    assert path_of(source) == tuple(path)
    getter = compile_expression(source).evaluate_item(item)
    engine = compile_expression(f"({source})").evaluate_item(item)
    assert getter is engine is MISSING or getter == engine


@pytest.mark.parametrize(
    "source", ["a[0]", "a.*", "a-b", "true", "a.null", "1", "'a'", "a..b", "a."]
)
def test_what_is_no_simple_path_is_none(source: str) -> None:
    assert path_of(source) is None


def test_names_that_cannot_be_quoted_have_no_path() -> None:
    assert quote_path(["a`b"]) is None
    assert quote_path(["null", "x"]) == "`null`.x"
    assert quote_path([]) == "$"
