"""Open extensions of messages, events and contacts."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code

POINT = {"dateTime": "2026-06-02T10:00:00", "timeZone": "UTC"}
BODIES: dict[str, dict[str, Any]] = {
    "messages": {"subject": "x"},
    "events": {"subject": "x", "start": POINT, "end": POINT},
    "contacts": {"givenName": "x"},
}
EXTENDED = ("messages", "events")
REFUSALS = {
    "messages": "ErrorInvalidRequest",
    "events": "BadRequest",
    "contacts": "ErrorInvalidRequest",
}
NAME = "Com.Contoso.Referral"
BODY = {
    "@odata.type": "microsoft.graph.openTypeExtension",
    "extensionName": NAME,
    "dealValue": 10000,
    "companies": ["Wingtip"],
}


@pytest.fixture
def graph(sign_in: Callable[..., Graph]) -> Graph:
    return sign_in("maya.okafor", "Calendars.ReadWrite Mail.ReadWrite Contacts.ReadWrite")


@pytest.mark.parametrize("kind", BODIES)
def test_an_extension_is_kept_shown_changed_and_deleted(graph: Graph, kind: str) -> None:
    item = graph.post(f"/me/{kind}", BODIES[kind]).json()
    path = f"/me/{kind}/{item['id']}"
    made = graph.post(f"{path}/extensions", BODY)
    assert made.status_code == 201, made.text
    assert (made.json()["extensionName"], made.json()["dealValue"]) == (NAME, 10000)
    for wanted in (NAME, made.json()["id"]):
        assert graph.get(f"{path}/extensions/{wanted}").json()["companies"] == ["Wingtip"]
    expanded = graph.get(f"{path}?$expand=extensions").json()
    assert [one["dealValue"] for one in expanded["extensions"]] == [10000]
    for wanted, count in ((NAME, 1), (made.json()["id"], 1), ("Com.Else", 0)):
        query = f"$expand=extensions($filter=id eq '{wanted}')"
        assert len(graph.get(f"{path}?{query}").json()["extensions"]) == count
    assert expanded["changeKey"] != item["changeKey"]
    changed = graph.patch(f"{path}/extensions/{NAME}", {"dealValue": 5, "companies": None}).json()
    assert (changed["dealValue"], "companies" in changed) == (5, False)
    again = graph.post(f"{path}/extensions", BODY)
    assert (again.status_code, error_code(again)) == (409, "ErrorItemAlreadyExists")
    assert graph.delete(f"{path}/extensions/{NAME}").status_code == 204
    assert graph.get(f"{path}/extensions/{NAME}").status_code == 404


@pytest.mark.parametrize("kind", BODIES)
def test_an_item_is_created_with_its_extensions(graph: Graph, kind: str) -> None:
    item = graph.post(f"/me/{kind}", {**BODIES[kind], "extensions": [BODY]})
    assert item.status_code == 201, item.text
    path = f"/me/{kind}/{item.json()['id']}/extensions/{NAME}"
    assert graph.get(path).json()["dealValue"] == 10000
    changed = graph.patch(path.partition("/extensions")[0], {"extensions": [BODY]})
    assert (changed.status_code, error_code(changed)) == (400, REFUSALS[kind])


BAD: list[tuple[Any, str]] = [
    ({"dealValue": 1}, "ErrorInvalidRequest"),
    ({"extensionName": " "}, "ErrorInvalidRequest"),
    ({"extensionName": "x" * 200}, "ErrorInvalidRequest"),
    ({"extensionName": 5}, "ErrorInvalidRequest"),
    ([], "RequestBodyRead"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
def test_extensions_against_the_rules_are_refused(graph: Graph, body: Any, code: str) -> None:
    item = graph.post("/me/messages", {"subject": "x"}).json()
    answer = graph.post(f"/me/messages/{item['id']}/extensions", body)
    assert (answer.status_code, error_code(answer)) == (400, code)
    if isinstance(body, dict):
        inline = graph.post("/me/messages", {"subject": "x", "extensions": [body]})
        assert (inline.status_code, error_code(inline)) == (400, code)


COLOR = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Color"
FLAG = "Boolean {00020329-0000-0000-C000-000000000046} Name DoNotForward"


@pytest.mark.parametrize("kind", EXTENDED)
def test_extended_properties_are_kept_by_their_id(graph: Graph, kind: str) -> None:
    given = [{"id": COLOR, "value": "Green"}, {"id": FLAG, "value": "false"}]
    made = graph.post(f"/me/{kind}", {**BODIES[kind], "singleValueExtendedProperties": given})
    assert made.status_code == 201, made.text
    assert "Color" not in made.text
    path = f"/me/{kind}/{made.json()['id']}"
    changed = [{"id": COLOR, "value": "Red"}]
    answer = graph.patch(path, {"singleValueExtendedProperties": changed})
    assert answer.status_code == 200, answer.text
    expand = "$select=subject&$expand=singleValueExtendedProperties"
    shown = graph.get(f"{path}?{expand}($filter=id eq '{COLOR}')").json()
    assert shown["singleValueExtendedProperties"] == changed
    everything = graph.get(f"{path}?{expand}").json()["singleValueExtendedProperties"]
    assert {one["id"].split()[-1]: one["value"] for one in everything} == {
        "Color": "Red",
        "DoNotForward": "false",
    }
    none = graph.get(f"{path}?{expand}($filter=id eq 'String 0x4001')")
    assert "singleValueExtendedProperties" not in none.json()


@pytest.mark.unchanging
@pytest.mark.parametrize("kind", EXTENDED)
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"id": "Test", "value": "x"}, "ErrorInvalidProperty"),
        ({"id": "Text {66f5a359-4659-4830-9070-00047ec6ac6e} Name C"}, "RequestBodyRead"),
        ({"id": "Text 0x1", "value": "x"}, "ErrorInvalidProperty"),
        ({"id": 5, "value": "x"}, "ErrorInvalidProperty"),
        ({"id": COLOR, "value": 5}, "RequestBodyRead"),
        ("x", "RequestBodyRead"),
    ],
)
def test_bad_extended_properties_are_refused(graph: Graph, kind: str, bad: Any, code: str) -> None:
    answer = graph.post(f"/me/{kind}", {**BODIES[kind], "singleValueExtendedProperties": [bad]})
    assert (answer.status_code, error_code(answer)) == (400, code)
