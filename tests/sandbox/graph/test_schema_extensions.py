"""Schema extensions: their definitions, and the values that users, groups and items have of them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.tenant import AppRegistration
from tests.sandbox.graph.calls import NOW, Graph, administered_by, authorize, error_code, person
from tests.sandbox.graph.group_calls import SALES, new_group
from tests.sandbox.in_process import InProcess

WRITING = "Application.ReadWrite.All User.ReadWrite.All Group.ReadWrite.All User.Read"
OTHER = "5f1c3c1e-2f0e-4a7b-8a0e-7d6f9f0c1a2b"
NAME = "northwind_courses"
COURSES: dict[str, Any] = {
    "id": NAME,
    "description": "Courses",
    "targetTypes": ["user", "Group"],
    "properties": [
        {"name": "courseId", "type": "Integer"},
        {"name": "courseName", "type": "String"},
        {"name": "since", "type": "DateTime"},
        {"name": "online", "type": "Boolean"},
    ],
}
VALUE = {"courseId": 123, "courseName": "Maps", "since": "2026-01-05T08:00:00Z", "online": True}


def start() -> Graph:
    tenant = administered_by("noah.kim")
    other = AppRegistration(app_id=OTHER, display_name="Other")
    tenant = replace(tenant, app_registrations=(*tenant.app_registrations, other))
    client = InProcess(create_graph_app(tenant, authorize, lambda: NOW))
    return Graph(client, f"Bearer user:{person('noah.kim').id}:{WRITING}")


@pytest.fixture
def graph() -> Graph:
    return start()


@pytest.fixture
def courses(graph: Graph) -> Graph:
    made = graph.post("/schemaExtensions", COURSES)
    assert made.status_code == 201, made.text
    return graph


@pytest.fixture(scope="module")
def standing() -> Graph:
    """With the definition, for tests that change nothing."""
    graph = start()
    assert graph.post("/schemaExtensions", COURSES).status_code == 201
    return graph


def value_of(graph: Graph, path: str) -> Any:
    return graph.get(f"{path}?$select=id,{NAME}").json()[NAME]


def test_a_definition_is_made_found_released_and_then_kept(courses: Graph) -> None:
    one = f"/schemaExtensions/{NAME}"
    shown = courses.get(one).json()
    assert shown["owner"] == "app"
    assert (shown["status"], shown["targetTypes"]) == ("InDevelopment", ["User", "Group"])
    assert shown["properties"] == COURSES["properties"]
    found = courses.value(f"/schemaExtensions?$filter=id eq '{NAME}' and status eq 'InDevelopment'")
    assert [each["description"] for each in found] == ["Courses"]
    more = [*shown["properties"], {"name": "place", "type": "String"}]
    changed = courses.patch(one, {"properties": more, "status": "Available", "description": "All"})
    assert (changed.status_code, changed.text) == (204, "")
    shown = courses.get(one).json()
    assert (shown["status"], shown["properties"], shown["description"]) == (
        "Available",
        more,
        "All",
    )
    deleted = courses.delete(one)
    assert (deleted.status_code, error_code(deleted)) == (400, "Request_BadRequest")
    assert courses.patch(one, {"status": "Deprecated"}).status_code == 204
    late = courses.patch(one, {"description": "x"})
    assert (late.status_code, error_code(late)) == (400, "Request_BadRequest")


def test_what_nobody_uses_yet_is_deleted_and_its_values_are_seen_no_more(courses: Graph) -> None:
    assert courses.patch("/me", {NAME: VALUE}).status_code == 204
    assert courses.delete(f"/schemaExtensions/{NAME}").status_code == 204
    for path in (f"/schemaExtensions/{NAME}", f"/me?$select={NAME}"):
        assert courses.get(path).status_code in (400, 404)
    assert courses.patch("/me", {NAME: VALUE}).status_code == 400


def test_a_name_without_a_domain_gets_a_prefix(graph: Graph) -> None:
    made = graph.post("/schemaExtensions", {**COURSES, "id": "courses"}).json()
    prefix, _, name = made["id"].partition("_")
    assert (len(prefix), prefix[:3], name) == (11, "ext", "courses")


@pytest.mark.parametrize("place", ["/me", SALES])
def test_values_are_written_selected_filtered_merged_and_taken_away(
    courses: Graph, place: str
) -> None:
    assert courses.patch(place, {NAME: VALUE}).status_code == 204
    assert value_of(courses, place) == {
        "@odata.type": "#microsoft.graph.ComplexExtensionValue",
        **VALUE,
    }
    assert NAME not in courses.get(place).json()
    collection = "/users" if place == "/me" else "/groups"
    for test, count in (
        (f"{NAME}/courseId eq 123", 1),
        (f"{NAME}/courseId gt 123", 0),
        (f"{NAME}/courseName eq 'maps' and {NAME}/online eq true", 1),
        (f"startswith({NAME}/courseName,'Ma')", 1),
        (f"{NAME}/since lt 2026-01-05T08:00:01Z", 1),
    ):
        assert len(courses.value(f"{collection}?$filter={test}&$select=id,{NAME}")) == count, test
    changed = {"courseName": "Charts", "online": None}
    assert courses.patch(place, {NAME: changed}).status_code == 204
    after = value_of(courses, place)
    assert (after["courseId"], after["courseName"], after["online"]) == (123, "Charts", None)
    nothing = dict.fromkeys(VALUE)
    assert courses.patch(place, {NAME: nothing}).status_code == 204
    assert value_of(courses, place) is None
    courses.patch(place, {NAME: VALUE})
    assert courses.patch(place, {NAME: None}).status_code == 204
    assert value_of(courses, place) is None


def test_people_and_groups_are_made_with_values(courses: Graph) -> None:
    group = courses.post("/groups", new_group(**{NAME: VALUE}))
    assert group.status_code == 201, group.text
    assert NAME not in group.json()
    assert value_of(courses, f"/groups/{group.json()['id']}")["courseId"] == 123
    user = {
        "accountEnabled": True,
        "displayName": "Ada",
        "mailNickname": "ada",
        "userPrincipalName": "ada@northwind.example",
        "passwordProfile": {"password": "Horse-7-battery"},
        NAME: VALUE,
    }
    made = courses.post("/users", user)
    assert made.status_code == 201, made.text
    assert value_of(courses, f"/users/{made.json()['id']}")["courseName"] == "Maps"


def test_values_are_told_by_delta_queries_and_by_members(courses: Graph) -> None:
    start = f"/groups/delta?$select={NAME}&$deltatoken=latest"
    link = courses.get(start).json()["@odata.deltaLink"]
    courses.patch(SALES, {NAME: VALUE})
    [told] = courses.get(link).json()["value"]
    assert told[NAME]["courseId"] == 123
    courses.patch("/me", {NAME: VALUE})
    groups = courses.value("/me/memberOf?$select=id")
    members = courses.value(f"/groups/{groups[0]['id']}/members?$select=id,{NAME}")
    values = {one["id"]: one[NAME] for one in members}
    assert values[person("noah.kim").id]["courseId"] == 123


def test_what_another_tenant_made_available_can_be_used(graph: Graph) -> None:
    [known] = graph.value("/schemaExtensions?$filter=id eq 'adatumisv_courses'")
    assert known["status"] == "Available"
    graph.patch(SALES, {"adatumisv_courses": {"id": "123", "name": "Maps"}})
    query = "$filter=adatumisv_courses/id eq '123'&$select=id,adatumisv_courses"
    [group] = graph.value(f"/groups?{query}")
    assert group["adatumisv_courses"]["name"] == "Maps"
    refused = graph.patch("/schemaExtensions/adatumisv_courses", {"description": "Mine"})
    assert (refused.status_code, error_code(refused)) == (403, "Authorization_RequestDenied")
    on_user = graph.patch("/me", {"adatumisv_courses": {"id": "1"}})
    assert (on_user.status_code, error_code(on_user)) == (400, "RequestBodyRead")


def test_an_owner_is_named_by_who_is_it_not(graph: Graph) -> None:
    made = graph.post("/schemaExtensions", {**COURSES, "owner": OTHER})
    assert (made.status_code, made.json()["owner"]) == (201, OTHER)
    one = f"/schemaExtensions/{NAME}"
    for method, body in (("PATCH", {"description": "x"}), ("DELETE", None)):
        answer = graph.request(method, one, json=body)
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    assert graph.patch(one, {"owner": OTHER, "description": "x"}).status_code == 204
    moved = graph.patch(one, {"owner": "app"})
    assert (moved.status_code, error_code(moved)) == (400, "Request_BadRequest")
    stranger = graph.post("/schemaExtensions", {**COURSES, "id": "x", "owner": "nobody"})
    assert (stranger.status_code, error_code(stranger)) == (403, "Authorization_RequestDenied")


def test_an_application_owns_five(courses: Graph) -> None:
    for number in range(4):
        assert courses.post("/schemaExtensions", {**COURSES, "id": f"c{number}"}).status_code == 201
    sixth = courses.post("/schemaExtensions", {**COURSES, "id": "c5"})
    assert (sixth.status_code, error_code(sixth)) == (400, "Request_BadRequest")


STRING = {"name": "a", "type": "String"}
BAD: list[dict[str, Any]] = [
    {"id": None},
    {"id": "fabrikam_courses"},
    {"id": "northwind_"},
    {"id": "northwind_courses"},
    {"id": "1st"},
    {"id": "a b"},
    {"id": 7},
    {"targetTypes": []},
    {"targetTypes": ["Drive"]},
    {"properties": []},
    {"properties": [STRING, {"name": "A", "type": "String"}]},
    {"properties": [{"name": "a", "type": "Decimal"}]},
    {"properties": [{"name": "a b", "type": "String"}]},
    {"properties": [{"type": "String"}]},
]


@pytest.mark.parametrize("change", BAD)
def test_definitions_against_the_rules_are_refused(standing: Graph, change: dict[str, Any]) -> None:
    answer = standing.post("/schemaExtensions", {**COURSES, "id": "fresh", **change})
    assert (answer.status_code, error_code(answer)) == (400, "Request_BadRequest")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "Deprecated"}, "Request_BadRequest"),
        ({"status": "Ready"}, "Request_BadRequest"),
        ({"targetTypes": ["User"]}, "Request_BadRequest"),
        ({"properties": [STRING]}, "Request_BadRequest"),
        ({"properties": [{"name": "courseId", "type": "String"}]}, "Request_BadRequest"),
        ({"properties": "x"}, "RequestBodyRead"),
        ({"colour": "red"}, "RequestBodyRead"),
    ],
)
def test_changes_that_take_something_away_are_refused(
    standing: Graph, change: dict[str, Any], code: str
) -> None:
    answer = standing.patch(f"/schemaExtensions/{NAME}", change)
    assert (answer.status_code, error_code(answer)) == (400, code)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"courseId": "123"}, "RequestBodyRead"),
        ({"courseId": 2**31}, "RequestBodyRead"),
        ({"courseName": 5}, "RequestBodyRead"),
        ({"courseName": "x" * 257}, "Request_BadRequest"),
        ({"since": "yesterday"}, "RequestBodyRead"),
        ({"other": 1}, "RequestBodyRead"),
        ("x", "RequestBodyRead"),
        ([VALUE], "RequestBodyRead"),
    ],
)
def test_values_that_do_not_fit_are_refused(standing: Graph, value: Any, code: str) -> None:
    for place in ("/me", SALES):
        answer = standing.patch(place, {NAME: value})
        assert (answer.status_code, error_code(answer)) == (400, code)


@pytest.mark.parametrize(
    "query",
    [
        f"$filter={NAME}/other eq 1",
        f"$filter={NAME}/courseId eq 'x'",
        f"$filter={NAME} eq 'x'",
        f"$filter={NAME}/courseName/x eq 'x'",
        f"$orderby={NAME}/courseId",
        "$select=northwind_other",
    ],
)
def test_queries_of_what_is_not_defined_are_refused(standing: Graph, query: str) -> None:
    answer = standing.get(f"/users?{query}")
    assert answer.status_code == 400, answer.text
    assert error_code(answer) in ("BadRequest", "Request_UnsupportedQuery")


def test_definitions_are_of_one_sandbox(courses: Graph) -> None:
    other = InProcess(create_graph_app(administered_by("noah.kim"), authorize, lambda: NOW))
    elsewhere = Graph(other, courses.authorization)
    assert elsewhere.get(f"/users?$select={NAME}").status_code == 400
    assert courses.get(f"/users?$select={NAME}").status_code == 200


def test_permissions_are_those_of_definitions_and_of_what_bears_values(courses: Graph) -> None:
    reader = Graph(courses.client, f"Bearer user:{person('noah.kim').id}:User.Read")
    assert reader.value("/schemaExtensions")
    answer = reader.post("/schemaExtensions", {**COURSES, "id": "x"})
    assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    courses.patch("/me", {NAME: VALUE})
    basic = Graph(courses.client, f"Bearer user:{person('noah.kim').id}:User.ReadBasic.All")
    assert basic.get(f"/me?$select=id,{NAME}").json()[NAME] is None
    told = basic.get(f"/users?$filter={NAME}/courseId eq 123")
    assert (told.status_code, error_code(told)) == (403, "Authorization_RequestDenied")
    own = Graph(courses.client, f"Bearer user:{person('zoe.adeyemi').id}:User.ReadWrite")
    assert own.patch("/me", {NAME: VALUE}).status_code == 204


def test_items_of_a_mailbox_have_values(graph: Graph) -> None:
    graph.post("/schemaExtensions", {**COURSES, "targetTypes": ["Message", "Event", "Contact"]})
    point = {"dateTime": "2026-06-02T10:00:00", "timeZone": "UTC"}
    bodies: dict[str, dict[str, Any]] = {
        "messages": {"subject": "x"},
        "events": {"subject": "x", "start": point, "end": point},
        "contacts": {"givenName": "x"},
    }
    rights = "Mail.ReadWrite Calendars.ReadWrite Contacts.ReadWrite"
    items = Graph(graph.client, f"Bearer user:{person('noah.kim').id}:{rights}")
    for kind, body in bodies.items():
        made = items.post(f"/me/{kind}", {**body, NAME: VALUE})
        assert made.status_code == 201, made.text
        assert NAME not in made.json()
        path = f"/me/{kind}/{made.json()['id']}"
        assert value_of(items, path)["courseId"] == 123
        changed = items.patch(path, {NAME: {"courseId": 124}})
        assert changed.status_code == 200, changed.text
        assert changed.json()["changeKey"] != made.json()["changeKey"]
        query = f"$filter={NAME}/courseId eq 124&$select={NAME}"
        [found] = items.value(f"/me/{kind}?{query}")
        assert found[NAME]["courseName"] == "Maps"
        assert items.patch(path, {NAME: None}).status_code == 200
        assert value_of(items, path) is None
        wrong = items.patch(path, {NAME: {"courseId": "x"}})
        assert (wrong.status_code, error_code(wrong)) == (400, "RequestBodyRead")


def test_values_of_items_are_hidden_from_whom_the_body_is(graph: Graph) -> None:
    graph.post("/schemaExtensions", {**COURSES, "targetTypes": ["Message"]})
    owner = f"Bearer user:{person('noah.kim').id}"
    items = Graph(graph.client, f"{owner}:Mail.ReadWrite")
    made = items.post("/me/messages", {"subject": "x", NAME: VALUE}).json()
    basic = Graph(graph.client, f"{owner}:Mail.ReadBasic")
    assert value_of(basic, f"/me/messages/{made['id']}") is None
    for query in (f"$filter={NAME}/courseId eq 123", f"$orderby={NAME}/courseId"):
        told = basic.get(f"/me/messages?{query}")
        assert (told.status_code, error_code(told)) == (403, "ErrorAccessDenied")
    assert graph.delete(f"/schemaExtensions/{NAME}").status_code == 204
    assert NAME not in items.get(f"/me/messages/{made['id']}").text


def test_values_of_a_private_event_are_hidden_with_it(graph: Graph) -> None:
    graph.post("/schemaExtensions", {**COURSES, "targetTypes": ["Event"]})
    rights = "Calendars.ReadWrite Calendars.Read.Shared"
    noah, zoe = (
        Graph(graph.client, f"Bearer user:{person(name).id}:{rights}")
        for name in ("noah.kim", "zoe.adeyemi")
    )
    share = {"emailAddress": {"address": person("zoe.adeyemi").mail}, "role": "read"}
    assert noah.post("/me/calendar/calendarPermissions", share).status_code == 201
    point = {"dateTime": "2026-06-02T10:00:00", "timeZone": "UTC"}
    seen = {}
    for sensitivity in ("normal", "private"):
        body = {"sensitivity": sensitivity, "start": point, "end": point, NAME: VALUE}
        event = noah.post("/me/events", body).json()
        path = f"/users/{person('noah.kim').id}/events/{event['id']}"
        seen[sensitivity] = value_of(zoe, path)
    assert seen["normal"]["courseId"] == 123
    assert seen["private"] is None


def test_definitions_and_values_of_items_are_kept(graph: Graph) -> None:
    graph.post("/schemaExtensions", {**COURSES, "targetTypes": ["Message"]})
    rights = f"Bearer user:{person('noah.kim').id}:Mail.ReadWrite"
    made = Graph(graph.client, rights).post("/me/messages", {"subject": "x", NAME: VALUE}).json()
    kept = {part.name: part.dump() for part in graph.client.app.state.context.state}  # type: ignore[attr-defined]
    written = json.loads(json.dumps(kept))
    other = create_graph_app(administered_by("noah.kim"), authorize, lambda: NOW)
    for part in other.state.context.state:
        part.load(written[part.name])
    again = Graph(InProcess(other), rights)
    assert value_of(again, f"/me/messages/{made['id']}")["courseId"] == 123
