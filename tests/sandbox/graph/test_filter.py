"""The grammar of `$filter`, on records that a table states."""

from typing import Any

import pytest

import graphwright_sandbox.graph.directory_types
import graphwright_sandbox.workloads.calendar.entities
import graphwright_sandbox.workloads.mail.entities  # noqa: F401
from graphwright_sandbox.graph.edm import SCHEMA, Schema
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.filter_binding import bind_filter

EVENT: dict[str, Any] = {
    "id": "A",
    "subject": "Review of O'Brien's map",
    "isAllDay": False,
    "importance": "high",
    "reminderMinutesBeforeStart": 15,
    "categories": ["Blue", "Field"],
    "createdDateTime": "2026-03-01T10:00:00Z",
    "start": {"dateTime": "2026-03-04T09:00:00.0000000", "timeZone": "UTC"},
    "organizer": {"emailAddress": {"name": "Ava", "address": "ava@x.example"}},
    "attendees": [
        {"type": "required", "emailAddress": {"address": "noah@x.example"}},
        {"type": "optional", "emailAddress": {"address": "zoe@x.example"}},
    ],
    "seriesMasterId": None,
}

PLAN = "2e2ddb96-6af9-4b1d-a3f0-d6ecfd22edb2"
USER: dict[str, Any] = {
    "id": "u",
    "assignedLicenses": [
        {"skuId": "184efa21-98c3-4e5d-95ab-d07053a96e67", "disabledPlans": []},
        {"skuId": PLAN, "disabledPlans": [PLAN]},
    ],
    "proxyAddresses": [],
    "identities": [{"issuer": "a.example", "issuerAssignedId": "noah"}],
}
# A type with what no declared one has together: a duration, a date, a dynamic part, flags.
NOTATION = """
enum sampleFlags: red green blue
complex sampleFields dynamic
entity sampleItem : entity
  length Duration
  day Date
  colours sampleFlags
  -> fields sampleFields+
  -> hidden sampleFields
"""
SAMPLE: dict[str, Any] = {
    "id": "s",
    "length": "PT1H30M",
    "day": "2026-03-04",
    "colours": "red,blue",
    "fields": {"Title": "Map", "Pages": 12, "Done": False, "When": "2026-03-04T09:00:00Z"},
    "hidden": {"Title": "Map"},
}

TRUE = [
    "subject eq 'review of o''brien''s MAP'",
    "subject ne 'x'",
    "importance eq 'high'",
    "importance eq microsoft.graph.importance'high'",
    "isAllDay eq false",
    "not isAllDay",
    "not (isAllDay eq true)",
    "NOT(isAllDay eq true) AND importance EQ 'high'",
    "reminderMinutesBeforeStart gt 14 and reminderMinutesBeforeStart le 15",
    "reminderMinutesBeforeStart in (5, 15)",
    "importance in ('low','high')",
    "seriesMasterId eq null",
    "subject ne null",
    "startswith(subject,'review')",
    "endswith(subject,'map')",
    "contains(tolower(subject),'brien')",
    "length(subject) eq 23",
    "year(createdDateTime) eq 2026",
    "createdDateTime ge 2026-03-01T10:00:00Z",
    "createdDateTime eq 2026-03-01T11:00:00+01:00",
    "createdDateTime gt 2026-02-28",
    "start/dateTime ge '2026-03-04T00:00'",
    "start/dateTime lt '2026-03-04T09:00:00.000001Z' or false eq true",
    "start/dateTime eq '2026-03-04T09:00:00Z'",
    "organizer/emailAddress/address eq 'ava@x.example'",
    "Organizer/EmailAddress/Name eq 'Ava'",
    "attendees/any()",
    "attendees/any(a:a/emailAddress/address eq 'zoe@x.example')",
    "attendees/any(a:a/type eq 'optional' and startswith(a/emailAddress/address,'zoe'))",
    "attendees/all(a:a/emailAddress/address ne null)",
    "categories/any(c:c eq 'blue')",
    "categories/any(c:startswith(c,'Fie'))",
    "false eq true or (true eq true and isAllDay eq false)",
    "isAllDay eq true and isAllDay eq true or importance eq 'high'",
    "  subject ne 'x'  ",
]
TRUE_OF_USERS = [
    "assignedLicenses/any(l:l/skuId eq 184efa21-98c3-4e5d-95ab-d07053a96e67)",
    f"assignedLicenses/any(l:l/disabledPlans/any(p:p eq {PLAN}) and l/skuId eq {PLAN.upper()})",
    "assignedLicenses/any(l:l/disabledPlans/$count eq 0)",
    "assignedLicenses/$count gt 1 and proxyAddresses/$count eq 0",
    "identities/any(c:c/issuerAssignedId eq 'noah' and c/issuer eq 'a.example')",
    "not proxyAddresses/any()",
    "proxyAddresses/all(p:startswith(p,'smtp'))",
    "not (assignedLicenses/any(l:l/skuId eq 00000000-0000-0000-0000-000000000000))",
    "microsoft.graph.user/id eq 'U'",
    "$it/id eq 'u'",
    "id in ('x', 'u')",
]
TRUE_OF_SAMPLES = [
    "length eq duration'PT90M'",
    "length gt duration'PT1H' and length lt duration'P1D'",
    "day eq 2026-03-04 and day ge 2026-03-01",
    "colours has 'red,blue' or colours has 'red'",
    "colours has microsoft.graph.sampleFlags'Blue'",
    "not (colours has 'green')",
    "colours ne 'red'",
    "fields/Title eq 'map'",
    "fields/Pages gt 11.5 and fields/Pages lt 1.3e1",
    "fields/Done eq false",
    "fields/When ge 2026-03-04T08:00:00Z",
    "fields/When ge '2026-03-04'",
    "fields/Pages ne 'text'",
    "fields/Nothing eq null",
    "startswith(fields/Title,'Ma') and not startswith(fields/Pages,'1')",
    "substring(fields/Title,1) eq 'ap'",
]
FALSE = [
    "subject eq 'x'",
    "isAllDay",
    "seriesMasterId ne null",
    "seriesMasterId gt 'a'",
    "startswith(seriesMasterId,'a')",
    "categories/all(c:c eq 'blue')",
    "attendees/any(a:a/type eq 'required' and a/emailAddress/address eq 'zoe@x.example')",
    "not (subject ne 'x')",
    "organizer/emailAddress/address in ('a','b')",
]
REFUSED_OF_OTHERS = [
    ("user", "assignedLicenses/any(l:l/skuId eq '184efa21-98c3-4e5d-95ab-d07053a96e67')", "Guid"),
    ("user", f"id eq {PLAN}", "incompatible types"),
    ("user", "proxyAddresses/$count eq 'x'", "incompatible types"),
    ("user", "id/$count eq 0", "cannot be followed"),
    ("user", "manager/id eq 'x'", "property named 'manager'"),
    ("user", "microsoft.graph.nothing/id eq 'u'", "not defined in the model"),
    ("user", "assignedLicenses/any(l:l/disabledPlans/any(l:l eq 'x'))", "already been declared"),
    ("sampleItem", "hidden/Title eq 'Map'", "property named 'hidden'"),
    ("sampleItem", "length eq 'PT1H'", "incompatible types"),
    ("sampleItem", "length eq duration'1 hour'", "not a valid value"),
    ("sampleItem", "length eq duration'P'", "not a valid value"),
    ("sampleItem", "colours has 'black'", "not a valid enumeration"),
    ("sampleItem", "colours eq microsoft.graph.nothing'red'", "not an enumeration"),
    ("sampleItem", "id has 'x'", "incompatible types"),
    ("sampleItem", "fields/Title/x eq 'y'", "cannot be followed"),
    ("sampleItem", "fields/Title", "single boolean"),
    ("sampleItem", "day eq 2026-02-30", "not a valid value"),
    ("sampleItem", "substring(id)", "No function signature"),
]
REFUSED = [
    ("nothing eq 1", "Could not find a property named 'nothing' on type 'microsoft.graph.event'."),
    ("organizer/nothing eq 1", "on type 'microsoft.graph.recipient'"),
    ("subject/x eq 1", "cannot be followed"),
    ("subject eq 1", "incompatible types"),
    ("isAllDay eq 'true'", "incompatible types"),
    ("isAllDay gt 5", "incompatible types"),
    ("attendees eq 'x'", "incompatible types"),
    ("start eq '2026'", "incompatible types"),
    ("start/dateTime ge 'soon'", "incompatible types"),
    ("createdDateTime ge 2026-02-30T00:00:00Z", "not a valid value"),
    ("importance eq 'urgent'", "not a valid enumeration"),
    ("subject", "single boolean"),
    ("'x'", "single boolean"),
    ("subject eq", "syntax error"),
    ("subject eq 'x", "syntax error"),
    ("(subject eq 'x'", "syntax error"),
    ("subject eq 'x')", "syntax error"),
    ("subject eq 'x' and", "syntax error"),
    ("subject = 'x'", "syntax error"),
    ("subject eq 'x'; drop table", "syntax error"),
    ("subject in ()", "syntax error"),
    ("", "syntax error"),
    ("soundex(subject) eq 'x'", "unknown function"),
    ("startswith(subject)", "No function signature"),
    ("startswith(isAllDay,'x')", "No function signature"),
    ("subject/any(s:s eq 'x')", "needs a collection"),
    ("categories/any(c:d eq 'x')", "Could not find a property named 'd'"),
    ("categories/any(c:c/x eq 'x')", "has no properties"),
    ("categories/any(c:categories/any(c:c eq 'x'))", "already been declared"),
    ("not subject", "incompatible type"),
    ("(" * 60 + "isAllDay" + ")" * 60, "nested too deeply"),
    ("subject eq '" + "x" * 9000 + "'", "too long"),
]


@pytest.mark.parametrize("text", TRUE)
def test_a_filter_lets_through_what_it_states(text: str) -> None:
    assert bind_filter(text, SCHEMA.structured["event"]).test(EVENT) is True


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = Schema()
    schema.structured["entity"] = SCHEMA.structured["entity"]
    schema.declare(NOTATION)
    for name, declared in schema.structured.items():
        monkeypatch.setitem(SCHEMA.structured, name, declared)
    monkeypatch.setitem(SCHEMA.enums, "sampleFlags", schema.enums["sampleFlags"])


@pytest.mark.parametrize("text", TRUE_OF_USERS)
def test_collections_in_collections_are_followed(text: str) -> None:
    assert bind_filter(text, SCHEMA.structured["user"]).test(USER) is True


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize("text", TRUE_OF_SAMPLES)
def test_durations_flags_and_dynamic_properties_are_compared_by_their_kind(text: str) -> None:
    assert bind_filter(text, SCHEMA.structured["sampleItem"]).test(SAMPLE) is True


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize(("type_", "text", "message"), REFUSED_OF_OTHERS)
def test_operands_that_cannot_meet_are_refused(type_: str, text: str, message: str) -> None:
    with pytest.raises(GraphError) as refusal:
        bind_filter(text, SCHEMA.structured[type_])
    assert refusal.value.status == 400
    assert message in refusal.value.message


@pytest.mark.parametrize("text", FALSE)
def test_a_filter_keeps_out_what_it_does_not_state(text: str) -> None:
    assert bind_filter(text, SCHEMA.structured["event"]).test(EVENT) is False


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_a_filter_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(GraphError) as refusal:
        bind_filter(text, SCHEMA.structured["event"])
    assert refusal.value.status == 400
    assert message in refusal.value.message


def test_a_filter_names_the_paths_it_reads_in_order() -> None:
    bound = bind_filter(
        "subject eq 'x' and Start/DateTime ge '2026-01-01'", SCHEMA.structured["event"]
    )
    assert bound.paths == ("subject", "start/dateTime")
