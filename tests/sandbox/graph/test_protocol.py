"""What holds for every workload: options, paging, headers, errors, versions, odd paths."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message

from graphwright_sandbox.faults import FaultPlan, FaultRule, throttled
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.edm import SCHEMA
from tests.sandbox.graph.calls import NOW, TENANT, Graph, authorize, error_code, person
from tests.sandbox.in_process import InProcess

WINDOW = "startDateTime=2026-03-01&endDateTime=2026-04-01"


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/users?$select=id", 100),
        ("/users?$select=id&$top=7", 7),
        ("/users?$select=id&$top=7&$orderby=displayName desc", 7),
        ("/me/messages?$select=id", 10),
        ("/me/messages?$select=id&$top=7&$filter=isRead eq true", 7),
        ("/me/events?$select=id&$top=3&$orderby=subject", 3),
        (f"/me/calendarView?{WINDOW}&$select=id&$top=9", 9),
        ("/me/mailFolders?$top=2", 2),
    ],
)
def test_pages_together_are_everything_once(graph: Graph, path: str, size: int) -> None:
    top = "$top=999" if path.startswith("/users") else "$top=1000"
    parts = [part for part in path.split("&") if not part.startswith("$top")]
    whole = "&".join(parts).replace("$top=2", top)
    if "$top" not in whole:
        whole += f"&{top}"
    expected = [item["id"] for item in graph.value(whole)]
    first = graph.value(path)
    assert len(first) == min(size, len(expected))
    assert [item["id"] for item in graph.all_pages(path)] == expected
    assert len(set(expected)) == len(expected) > 0


def test_a_next_link_is_absolute_and_keeps_the_query(graph: Graph) -> None:
    link = graph.get("/me/messages?$top=5&$select=subject&x=1").json()["@odata.nextLink"]
    assert link.startswith("http://testserver/v1.0/me/messages?")
    assert "%24select=subject" in link
    assert "x=1" in link
    assert "%24skip=5" in link
    assert "%24skiptoken=" in graph.get("/users?$top=5").json()["@odata.nextLink"]


@pytest.mark.unchanging
@pytest.mark.parametrize("token", ["x", "RFNwdAIAAQ", "RFNwdAIAAQNS5hYmM", "RFNwdAIAAQ!!!"])
def test_a_forged_page_token_is_refused(graph: Graph, token: str) -> None:
    answer = graph.get(f"/users?$skiptoken={token}")
    assert (answer.status_code, error_code(answer)) == (400, "Directory_ExpiredPageToken")


def test_a_page_token_of_another_query_is_refused(graph: Graph) -> None:
    link = graph.get("/users?$top=5").json()["@odata.nextLink"]
    other = link.replace("/users?", "/users?$orderby=displayName&")
    assert graph.get(other).status_code == 400


REFUSED_OPTIONS = [
    ("/users?$foo=1", "BadRequest"),
    ("/users?select=id", "Request_BadRequest"),
    ("/users?$top=5&x=1", "Request_BadRequest"),
    ("/users?$top=0", "Request_BadRequest"),
    ("/users?$top=1000", "Request_BadRequest"),
    ("/users?$top=-1", "BadRequest"),
    ("/users?$top=x", "BadRequest"),
    ("/users?$top=1&$top=2", "BadRequest"),
    ("/users?$skip=1", "Request_BadRequest"),
    ("/users?$select=nothing", "BadRequest"),
    ("/users?$select=", "BadRequest"),
    ("/users?$expand=nothing", "BadRequest"),
    ("/users?$expand=manager,directReports", "Request_UnsupportedQuery"),
    ("/users?$expand=manager($select=nothing)", "BadRequest"),
    ("/users?$expand=manager($select=id", "BadRequest"),
    ("/users?$orderby=displayName sideways", "BadRequest"),
    ("/users?$orderby=nothing", "BadRequest"),
    ("/users?$orderby=city", "Request_UnsupportedQuery"),
    ("/users?$count=maybe", "BadRequest"),
    ("/users?$format=atom", "BadRequest"),
    ("/users?$filter=contains(displayName,'a')", "Request_UnsupportedQuery"),
    ("/users?$filter=endswith(mail,'a')", "Request_UnsupportedQuery"),
    ("/users?$filter=department ne 'x'", "Request_UnsupportedQuery"),
    ("/users?$filter=aboutMe eq 'x'", "Request_UnsupportedQuery"),
    (f"/users?$filter=id in ({','.join(['%27x%27'] * 16)})", "Request_UnsupportedQuery"),
    (f"/users?$filter={' or '.join(['city eq %27x%27'] * 16)}", "Request_UnsupportedQuery"),
    ('/users?$search="displayName:a"', "Request_UnsupportedQuery"),
    ("/users/$count", "Request_UnsupportedQuery"),
    ("/me?$filter=id eq 'x'", "Request_BadRequest"),
    ("/me/events?$top=1001", "ErrorInvalidUrlQuery"),
    ("/me/events?$search=x", "ErrorInvalidUrlQuery"),
    ("/me/events?$expand=instances", "BadRequest"),
    ("/me/events?$orderby=attendees", "BadRequest"),
    ("/me/messages?$search=x&$filter=isRead eq true", "SearchWithFilter"),
    ("/me/messages?$search=x&$orderby=subject", "SearchWithOrderBy"),
    ('/me/messages?$search="colour:red"', "BadRequest"),
    ('/me/messages?$search="(subject:a"', "BadRequest"),
    ('/me/messages?$search="received:soon"', "BadRequest"),
    ("/me/messages?$filter=isRead eq true&$orderby=subject", "InefficientFilter"),
    ("/me/messages?$filter=%FF", "BadRequest"),
    ("/nothing", "BadRequest"),
    ("/me/nothing", "BadRequest"),
    ("/me/events/x/nothing", "BadRequest"),
    ("/me/events/x", "ErrorInvalidIdMalformed"),
    ("/me/mailFolders/x", "ErrorInvalidIdMalformed"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("path", "code"), REFUSED_OPTIONS)
def test_what_graph_refuses_is_refused(graph: Graph, path: str, code: str) -> None:
    answer = graph.get(path)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_an_error_has_graphs_shape_and_names_the_request(graph: Graph) -> None:
    answer = graph.get("/me/nothing", client_request_id="my-own-id")
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "innerError"}
    assert error["message"] == "Resource not found for the segment 'nothing'."
    assert error["innerError"]["client-request-id"] == "my-own-id"
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert answer.headers["client-request-id"] == "my-own-id"


@pytest.mark.unchanging
@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic x", "Bearer nonsense"])
def test_without_a_valid_token_the_answer_is_401(client: TestClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/v1.0/me", headers=headers)
    assert (answer.status_code, error_code(answer)) == (401, "InvalidAuthenticationToken")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "path",
    [
        "/ME/",
        "//me",
        "/Users('{id}')",
        "/users/{id}",
        "/users/{upn}",
        "/users/{upper}",
        "/me?$Select=ID,DisplayName",
    ],
)
def test_casing_slashes_and_key_forms_are_tolerated(graph: Graph, path: str) -> None:
    me = person("noah.kim")
    upn = me.user_principal_name
    answer = graph.get(path.format(id=me.id, upn=upn, upper=upn.upper()))
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == me.id


def test_versions_other_than_v1_and_beta_are_refused(client: TestClient) -> None:
    headers = {"Authorization": f"Bearer user:{person('noah.kim').id}:User.Read"}
    assert client.get("/beta/me", headers=headers).status_code == 200
    answer = client.get("/v3.0/me", headers=headers)
    assert answer.json()["error"]["message"] == "Invalid version: v3.0"
    assert client.get("/", headers=headers).status_code == 400


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/me"), ("DELETE", "/users"), ("PUT", "/me/events"), ("PATCH", "/me/calendarView")],
)
def test_a_method_that_is_not_served_is_405(graph: Graph, method: str, path: str) -> None:
    answer = graph.request(method, path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


BAD_BODIES: list[tuple[Any, str]] = [
    (b"{", "BadRequest"),
    (b"", "BadRequest"),
    (b"\xff", "BadRequest"),
    (b'{"subject": NaN}', "BadRequest"),
    (b'{"subject": "\\ud800"}', "BadRequest"),
    (b"[" * 5000, "BadRequest"),
    (b"[]", "RequestBodyRead"),
    (b'"x"', "RequestBodyRead"),
    (b'{"Subject": "x"}', "RequestBodyRead"),
    (b'{"nothing": 1}', "RequestBodyRead"),
    (b'{"subject": 1}', "RequestBodyRead"),
    (b'{"isAllDay": "yes"}', "RequestBodyRead"),
    (b'{"importance": "urgent"}', "RequestBodyRead"),
    (b'{"reminderMinutesBeforeStart": 1.5}', "RequestBodyRead"),
    (b'{"reminderMinutesBeforeStart": 99999999999}', "RequestBodyRead"),
    (b'{"categories": "x"}', "RequestBodyRead"),
    (b'{"body": "x"}', "RequestBodyRead"),
    (b'{"start": {"dateTime": null, "timeZone": "UTC"}}', "RequestBodyRead"),
    (b'{"start": {"when": "x"}}', "RequestBodyRead"),
    (b'{"attendees": [null]}', "RequestBodyRead"),
]


@pytest.mark.unchanging
@pytest.mark.parametrize(("body", "code"), BAD_BODIES, ids=[str(b)[:40] for b, _ in BAD_BODIES])
def test_a_body_that_does_not_fit_is_refused(graph: Graph, body: bytes, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = graph.request("POST", "/me/events", content=body, headers=headers)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_a_body_without_its_type_or_too_large_is_refused(graph: Graph) -> None:
    answer = graph.request("POST", "/me/events", content=b"{}")
    assert "Content-Type" in answer.json()["error"]["message"]
    headers = {"Content-Type": "application/json"}
    answer = graph.request("POST", "/me/events", content=b" " * (4 << 20) + b"{}", headers=headers)
    assert answer.status_code == 413


@pytest.mark.unchanging
@pytest.mark.parametrize("path", ["/me/events", "/me/drive/root:/x:/content", "/$batch"])
async def test_of_a_stranger_no_body_is_read(app: Starlette, path: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/v1.0{path}",
        "query_string": b"",
        "headers": [(b"content-length", b"250000000")],
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 401


def test_preferences_are_honoured_and_said_to_be(graph: Graph) -> None:
    prefer = 'outlook.timezone="Tokyo Standard Time", odata.maxpagesize=3, colour=red'
    answer = graph.get("/me/events", Prefer=prefer)
    assert len(answer.json()["value"]) == 3
    assert answer.json()["value"][0]["start"]["timeZone"] == "Tokyo Standard Time"
    applied = answer.headers["preference-applied"]
    assert applied == 'outlook.timezone="Tokyo Standard Time", odata.maxpagesize=3'


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("prefer", "code"),
    [
        ('outlook.timezone="Mars/Base"', "TimeZoneNotSupportedException"),
        ('outlook.timezone=""', "TimeZoneNotSupportedException"),
        ("odata.maxpagesize=0", "BadRequest"),
        ("odata.maxpagesize=many", "BadRequest"),
    ],
)
def test_a_preference_without_sense_is_refused(graph: Graph, prefer: str, code: str) -> None:
    answer = graph.get("/me/events", Prefer=prefer)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_bodies_come_as_text_where_that_is_preferred(graph: Graph) -> None:
    path = "/me/messages?$filter=contains(subject,'everything')&$select=body"
    html = graph.value(path)[0]["body"]
    text = graph.value(path, Prefer='outlook.body-content-type="text"')[0]["body"]
    assert html["contentType"] == "html"
    assert "<script>" in html["content"]
    assert text["contentType"] == "text"
    assert text["content"].split() == "Click here, it is free. Claim".split()


def test_faults_are_answered_as_often_as_they_say(graph: Graph, faults: FaultPlan) -> None:
    faults.add(throttled("/me/events", retry_after=7, times=2))
    for _ in range(2):
        answer = graph.get("/me/events")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert graph.get("/me/events").status_code == 200
    assert faults.hits == 2


def test_a_fault_may_hide_that_a_write_was_done(graph: Graph, faults: FaultPlan) -> None:
    point = {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"}
    body = {"subject": "Written", "start": point, "end": point, "transactionId": "t-1"}
    faults.add(FaultRule("/me/events", "POST", 503, committed=True))
    assert graph.post("/me/events", body).status_code == 503
    assert len(graph.value("/me/events?$filter=subject eq 'Written'")) == 1
    assert graph.post("/me/events", body).status_code == 201
    assert len(graph.value("/me/events?$filter=subject eq 'Written'")) == 1


def test_a_fault_may_be_html_or_an_error_in_a_200(graph: Graph, faults: FaultPlan) -> None:
    faults.add(FaultRule("/me$", None, 200, body=b"<html>", content_type="text/html"))
    faults.add(FaultRule("/me$", None, 200, body=b'{"error":{"code":"x"}}'))
    assert graph.get("/me").text == "<html>"
    assert graph.get("/me").json() == {"error": {"code": "x"}}
    assert graph.get("/me").json()["displayName"] == "Noah Kim"


def test_bulk_events_are_all_there_in_pages_of_999() -> None:
    app = create_graph_app(TENANT, authorize, lambda: NOW, bulk_events=5000)
    with InProcess(app) as client:
        first = TENANT.people[0]
        graph = Graph(client, f"Bearer user:{first.id}:Calendars.ReadWrite")
        items = graph.all_pages("/me/events?$top=999&$select=id,subject")
        assert len({item["id"] for item in items}) == len(items) > 5000
        assert int(graph.get("/me/events/$count").text) == len(items)
        last = items[-1]
        assert graph.get(f"/me/events/{last['id']}").json()["subject"] == last["subject"]
        assert graph.patch(f"/me/events/{last['id']}", {"subject": "Kept"}).status_code == 200
        assert graph.get(f"/me/events/{last['id']}").json()["subject"] == "Kept"
        assert graph.delete(f"/me/events/{last['id']}").status_code == 204
        assert graph.get(f"/me/events/{last['id']}").status_code == 404
        assert int(graph.get("/me/events/$count").text) == len(items) - 1
        other = Graph(client, f"Bearer user:{TENANT.people[1].id}:Calendars.ReadWrite")
        assert int(other.get("/me/events/$count").text) < 200


def test_declared_types_are_those_of_graph(corpus: Path) -> None:
    metadata = json.loads((corpus / "csdl" / "full_schema.json").read_text(encoding="utf-8"))
    known = {**metadata["entityTypes"], **metadata["complexTypes"]}
    create_graph_app(TENANT, authorize, lambda: NOW)
    for name, declared in SCHEMA.structured.items():
        properties = {prop["name"]: prop for prop in known[name]["properties"]}
        for prop in declared.own.values():
            real = properties[prop.name]
            assert (name, prop.name, prop.type, prop.collection) == (
                name,
                real["name"],
                real["type"],
                real["collection"],
            )
            assert prop.nullable == real["nullable"], (name, prop.name)
    for name, members in SCHEMA.enums.items():
        assert set(members) == set(metadata["enumTypes"][name]["members"]), name


def test_two_apps_of_one_seed_answer_the_same(sign_in: Callable[..., Graph]) -> None:
    again = InProcess(create_graph_app(TENANT, authorize, lambda: NOW))
    one = sign_in("yui.sato")
    two = Graph(again, one.authorization)
    for path in ("/me/events?$top=1000", "/me/messages?$top=1000", "/me/mailFolders"):
        assert one.value(path) == two.value(path)


def test_the_dollar_may_be_left_out_on_beta_and_with_files(client: TestClient) -> None:
    me = person("noah.kim").id
    headers = {"Authorization": f"Bearer user:{me}:User.Read Files.Read"}
    beta = client.get("/beta/me?select=displayName", headers=headers).json()
    assert {name for name in beta if name[0] != "@"} == {"displayName"}
    drive = client.get("/v1.0/me/drive/root?select=name&expand=children", headers=headers).json()
    assert {name for name in drive if name[0] != "@"} == {"name", "children"}
