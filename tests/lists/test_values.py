"""Field values: every shape Graph sends, to columns and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.lists import FIELD_TYPES, Mistyped
from graphwright.lists.values import WIDENINGS, convert, key_text, read, write

BERLIN = {"dateTime": "2026-07-01T09:00:00.0000000", "timeZone": "W. Europe Standard Time"}
FILE = {"file": "AbC-_" * 4 + "xy", "name": "Plan.docx", "size": 2**40, "type": "a/b"}


@pytest.mark.parametrize(
    ("field_type", "value", "columns"),
    [
        ("text", "x", ("x",)),
        ("text", 5, ("5",)),
        ("text", 1.0, ("1",)),
        ("text", True, ("true",)),
        ("text", 2**70, (str(2**70),)),
        ("integer", 2**63 - 1, (2**63 - 1,)),
        ("integer", "42", (42,)),
        ("integer", 1.0, (1,)),
        ("number", 1, (1.0,)),
        ("number", "1.50", (1.5,)),
        ("number", "-1e3", (-1000.0,)),
        ("boolean", False, (False,)),
        ("boolean", "True", (True,)),
        ("datetime", "2026-11-23T09:00:00Z", ("2026-11-23T09:00:00.000000Z",)),
        ("datetime", "2026-11-23T09:00:00.1234567Z", ("2026-11-23T09:00:00.123456Z",)),
        ("datetime", "2026-11-23T09:00:00+01:00", ("2026-11-23T08:00:00.000000Z",)),
        ("datetime", "2026-11-23T09:00:00.5", ("2026-11-23T09:00:00.500000Z",)),
        ("datetime", "2026-11-23T09:00:00", ("2026-11-23T09:00:00.000000Z",)),
        ("datetime", "2026-11-23", ("2026-11-23T00:00:00.000000Z",)),
        ("datetime", "0001-01-01T00:00:00Z", (None,)),
        ("datetime", "9999-12-31T23:59:59.9999999Z", ("9999-12-31T23:59:59.999999Z",)),
        ("datetime", BERLIN, ("2026-07-01T07:00:00.000000Z",)),
        ("zoned_datetime", BERLIN, ("2026-07-01T07:00:00.000000Z", *BERLIN.values())),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"},
         ("2026-11-23T09:00:00.000000Z", "2026-11-23T09:00:00", "UTC")),
        ("zoned_datetime", {"dateTime": "2026-11-23T00:00:00.0000000", "timeZone": "Asia/Kolkata"},
         ("2026-11-22T18:30:00.000000Z", "2026-11-23T00:00:00.0000000", "Asia/Kolkata")),
        ("zoned_datetime", "2026-11-23T09:00:00Z",
         ("2026-11-23T09:00:00.000000Z", "2026-11-23T09:00:00Z", "UTC")),
        ("zoned_datetime", {"dateTime": "0001-01-01T00:00:00.0000000", "timeZone": "UTC"},
         (None, None, None)),
        ("date", "2026-11-23", ("2026-11-23",)),
        ("date", "2026-11-23T00:00:00Z", ("2026-11-23",)),
        ("date", {"dateTime": "2026-11-23T00:00:00.0000000", "timeZone": "Pacific/Auckland"},
         ("2026-11-23",)),
        ("date", "0001-01-01", (None,)),
        ("duration", "PT1H30M", ("PT1H30M",)),
        ("duration", "P1DT0.5S", ("P1DT0.5S",)),
        ("json", {"a": [1, None]}, ('{"a":[1,null]}',)),
        ("json", 2**70, (str(2**70),)),
        ("reference", 7, ("7",)),
    ],
)  # fmt: skip
def test_a_value_becomes_its_columns(field_type: str, value: Any, columns: tuple[Any, ...]) -> None:
    written = write(field_type, value)
    assert written == columns
    assert [type(part) for part in written] == [type(part) for part in columns]


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        ("file", "A" * 22),
        ("file", {**FILE, "file": "../../../etc/passwd"}),
        ("file", {**FILE, "size": 2**63}),
        ("file", {**FILE, "name": "a\x00b"}),
        ("file", {"name": "Plan.docx"}),
        ("text", {"a": 1}),
        ("text", ["a"]),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("integer", 2**63),
        ("integer", True),
        ("integer", 1.5),
        ("integer", "12.0"),
        ("number", 2**53 + 1),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 10**400),
        ("number", "1,5"),
        ("boolean", 1),
        ("boolean", "yes"),
        ("datetime", "tomorrow"),
        ("datetime", "2026-11-23T09:00:00."),
        ("datetime", "2026-11-23T09:00:00Z5"),
        ("datetime", "2026-11-23T09:00:00ZZ"),
        ("datetime", "2026-11-23T09:00:00.١Z"),
        ("datetime", "2026-11-23T24:00:01Z"),
        ("datetime", "2026-W10-1T09:00:00Z"),
        ("datetime", "2026-13-01T00:00:00Z"),
        ("datetime", "2026-02-30T00:00:00Z"),
        ("datetime", 1700000000),
        ("zoned_datetime", {"dateTime": "2026-11-23T09:00:00", "timeZone": "Mars Standard Time"}),
        ("zoned_datetime", {"dateTime": 5, "timeZone": "UTC"}),
        ("zoned_datetime", {"dateTime": "soon", "timeZone": "UTC"}),
        ("zoned_datetime", 5),
        ("date", "2026-11-23T09:00:00Z"),
        ("date", "20261123"),
        ("date", "2026-02-30"),
        ("date", 5),
        ("duration", "P"),
        ("duration", "PT"),
        ("duration", "one hour"),
        ("html", []),
        ("json", object()),
    ],
)
def test_a_value_of_another_type_is_refused_without_showing_it(field_type: str, value: Any) -> None:
    with pytest.raises(Mistyped) as caught:
        write(field_type, value)
    if isinstance(value, str) and len(value) > 3:
        assert value not in str(caught.value)


@pytest.mark.parametrize("field_type", FIELD_TYPES)
def test_null_is_null_in_every_type(field_type: str) -> None:
    assert read(field_type, write(field_type, None)) is None


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        ("zoned_datetime", BERLIN),
        ("datetime", "2026-11-23T09:00:00Z"),
        ("datetime", "2026-11-23T09:00:00.500000Z"),
        ("integer", 2**60 + 1),
        ("number", 3),
        ("number", 0.1),
        ("boolean", True),
        ("json", [{"a": "😀"}]),
        ("json", "\ud800"),
        ("date", "2026-11-23"),
        ("file", FILE),
    ],
)
def test_a_value_reads_as_it_was_written(field_type: str, value: Any) -> None:
    assert read(field_type, write(field_type, value)) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)  # fmt: skip


@given(JSON)
def test_every_json_value_survives_a_json_field(value: Any) -> None:
    assert read("json", write("json", value)) == value


SAMPLES: dict[str, Any] = {
    "text": "x",
    "html": "<p>x</p>",
    "reference": "k",
    "integer": 42,
    "number": 1.5,
    "boolean": True,
    "datetime": "2026-11-23T09:00:00Z",
    "zoned_datetime": BERLIN,
    "date": "2026-11-23",
    "duration": "PT1H",
    "json": {"a": 1},
    "file": FILE,
}


@pytest.mark.parametrize(
    ("old", "new"), [(o, n) for o, ns in WIDENINGS.items() for n in sorted(ns)]
)
def test_a_widened_type_keeps_the_value(old: str, new: str) -> None:
    kept = read(new, convert(old, new, write(old, SAMPLES[old])))
    assert kept is not None
    if new == "json" or old in ("text", "html", "reference", "integer"):
        assert kept == SAMPLES[old] or str(SAMPLES[old]) == kept
    assert convert(old, new, write(old, None)) == write(new, None)


def test_several_key_fields_make_a_key_that_cannot_be_mistaken() -> None:
    assert key_text(["a"]) == "a"
    assert key_text([5]) == "5"
    assert key_text(["a,b", "c"]) != key_text(["a", "b,c"])
    with pytest.raises(Mistyped):
        key_text(["a\x1fb"])
