"""Several requests in one: order, dependencies, one that fails, payloads without sense."""

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.faults import FaultPlan, FaultRule, throttled
from tests.sandbox.graph.calls import Graph, error_code, person

JSON = {"Content-Type": "application/json"}
POINT = {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"}
EVENT = {"subject": "Batched", "start": POINT, "end": POINT}


def get(id_: str, url: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "method": "GET", "url": url, **more}


def post(id_: str, url: str, body: Any, **more: Any) -> dict[str, Any]:
    return {"id": id_, "method": "POST", "url": url, "headers": JSON, "body": body, **more}


def run(graph: Graph, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The inner responses by id."""
    answer = graph.post("/$batch", {"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    responses = answer.json()["responses"]
    assert len(responses) == len(requests)
    return {response["id"]: response for response in responses}


def test_each_request_is_answered_as_if_it_came_alone(graph: Graph) -> None:
    responses = run(
        graph,
        get("1", "/me?$select=displayName"),
        get("2", "me/messages?$top=2&$search=%22subject:map%22&$select=subject"),
        get("3", "/users/nobody@northwind.example"),
        get("4", "/nothing"),
        get("five", "/me/events?$top=1", headers={"Prefer": 'outlook.timezone="Asia/Tokyo"'}),
        post("6", "/me/events", EVENT),
        get("7", "/me/messages/$count"),
        get("8", "/me/photos/48x48/$value"),
        get("10", "http://testserver/v1.0//me?$select=displayName"),
        get("9", "/users?$filter=startswith(displayName,'Zo\u00eb')&$select=displayName"),
    )
    alone = graph.get("/me?$select=displayName").json()
    assert responses["1"] == {
        "id": "1",
        "status": 200,
        "headers": {"Content-Type": responses["1"]["headers"]["Content-Type"]},
        "body": alone,
    }
    assert responses["10"]["body"] == alone
    assert len(responses["2"]["body"]["value"]) <= 2
    assert responses["3"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert (responses["3"]["status"], responses["4"]["status"]) == (404, 400)
    assert responses["five"]["body"]["value"][0]["start"]["timeZone"] == "Asia/Tokyo"
    assert responses["five"]["headers"]["Preference-Applied"] == 'outlook.timezone="Asia/Tokyo"'
    created = responses["6"]
    assert (created["status"], created["body"]["subject"]) == (201, "Batched")
    path = f"/me/events/{created['body']['id']}"
    assert graph.get(path).status_code == 200
    deleted = run(graph, {"id": "1", "method": "DELETE", "url": path})["1"]
    assert (deleted["status"], deleted["body"]) == (204, None)
    count = base64.b64decode(responses["7"]["body"])
    assert count.decode() == graph.get("/me/messages/$count").text
    assert base64.b64decode(responses["8"]["body"]).startswith(b"\x89PNG")
    assert responses["9"]["body"]["value"][0]["displayName"] == "Zoë Adeyemi"


def test_a_dependent_request_waits_and_fails_with_the_one_before(graph: Graph) -> None:
    path = "/me/events?$filter=subject eq 'Batched'&$select=subject"
    responses = run(
        graph,
        get("after", path, dependsOn=["create"]),
        get("lost", "/me", dependsOn=["broken", "create"]),
        get("lost too", "/me", dependsOn=["lost"]),
        post("create", "/me/events", EVENT),
        get("broken", "/me/events/x"),
    )
    assert len(responses["after"]["body"]["value"]) == 1
    assert responses["broken"]["status"] == 400
    for id_ in ("lost", "lost too"):
        assert responses[id_]["status"] == 424
        assert responses[id_]["body"]["error"]["code"] == "FailedDependency"


def test_inner_requests_need_the_callers_permission(client: TestClient) -> None:
    me = person("noah.kim").id
    graph = Graph(client, f"Bearer user:{me}:User.Read")
    stolen = {"Authorization": f"Bearer user:{me}:Mail.Read", "host": "other.example"}
    responses = run(graph, get("1", "/me"), get("2", "/me/messages", headers=stolen))
    assert responses["1"]["status"] == 200
    assert responses["2"]["status"] == 403
    assert "other.example" not in responses["1"]["body"]["@odata.context"]


def test_faults_and_limits_hold_for_inner_requests(graph: Graph, faults: FaultPlan) -> None:
    faults.add(throttled("/me/messages", retry_after=7))
    faults.add(FaultRule("/me/events", "GET", 200, body=b"<html>", content_type="text/html"))
    faults.add(FaultRule("/me/photo", "GET", 200, body=b"{", content_type="application/json"))
    responses = run(
        graph,
        get("1", "/me"),
        get("2", "/me/messages"),
        get("3", "/me/events"),
        get("4", "/me/photo"),
        get("5", "/me/messages?$top=1"),
    )
    assert {id_: response["status"] for id_, response in responses.items()} == {
        "1": 200,
        "2": 429,
        "3": 200,
        "4": 200,
        "5": 200,
    }
    assert responses["2"]["headers"]["Retry-After"] == "7"
    assert responses["2"]["body"]["error"]["code"] == "TooManyRequests"
    assert base64.b64decode(responses["3"]["body"]) == b"<html>"
    assert base64.b64decode(responses["4"]["body"]) == b"{"
    faults.add(throttled("/[$]batch$", retry_after=3))
    whole = graph.post("/$batch", {"requests": [get("1", "/me")]})
    assert (whole.status_code, whole.headers["retry-after"]) == (429, "3")


def test_a_batch_without_a_token_is_401(client: TestClient) -> None:
    answer = client.post("/v1.0/$batch", json={"requests": [get("1", "/me")]})
    assert (answer.status_code, error_code(answer)) == (401, "InvalidAuthenticationToken")


def test_what_is_null_is_as_if_it_were_missing(graph: Graph) -> None:
    nothing = {"headers": None, "body": None, "dependsOn": None, "more": 1}
    assert run(graph, get("1", "/me?$select=id", **nothing))["1"]["status"] == 200
    body = {"requests": [post("1", "/me/events", None)]}
    assert "does not contain" in graph.post("/$batch", body).json()["error"]["message"]


def test_twenty_requests_are_the_most(graph: Graph) -> None:
    requests = [get(str(number), "/me?$select=id") for number in range(20)]
    assert {r["status"] for r in run(graph, *requests).values()} == {200}
    answer = graph.post("/$batch", {"requests": [*requests, get("20", "/me")]})
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")
    assert "exceeds the maximum value of 20" in answer.json()["error"]["message"]


def test_a_body_that_is_no_json_comes_as_base64(graph: Graph) -> None:
    text = base64.b64encode(b'{"subject": "Encoded"}').decode()
    responses = run(graph, post("1", "/me/messages", text), post("2", "/me/messages", "?"))
    assert responses["1"]["body"]["subject"] == "Encoded"
    assert responses["2"]["status"] == 400


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "Invalid batch payload format."),
        ({"requests": []}, "Invalid batch payload format."),
        ({"requests": {}}, "Invalid batch payload format."),
        ({"requests": ["x"]}, "Invalid batch payload format."),
        ({"requests": [{"id": "1", "method": "GET"}]}, "Invalid batch payload format."),
        ({"requests": [get("", "/me")]}, "Invalid batch payload format."),
        ({"requests": [{**get("1", "/me"), "id": 1}]}, "Invalid batch payload format."),
        ({"requests": [{**get("1", "/me"), "method": "TRACE"}]}, "Invalid batch payload format."),
        ({"requests": [get("1", "/me\n")]}, "Invalid batch payload format."),
        ({"requests": [get("1", "/me", headers={"a": 1})]}, "Invalid batch payload format."),
        ({"requests": [get("1", "https://x.example/v1.0/me")]}, "has to be relative"),
        ({"requests": [get("1", "//x.example/me")]}, "has to be relative"),
        ({"requests": [get("1", "/")]}, "has to be relative"),
        ({"requests": [post("1", "/$batch", {})]}, "cannot hold another"),
        ({"requests": [get("1", "/me"), get("1", "/me")]}, "Duplicate request id '1'"),
        ({"requests": [get("1", "/me", dependsOn=["2"])]}, "not in the batch"),
        ({"requests": [get("1", "/me", dependsOn=["1"])]}, "in a circle"),
        (
            {"requests": [{"id": "1", "method": "POST", "url": "/me/events", "body": EVENT}]},
            "Write request id : 1 does not contain Content-Type header or body.",
        ),
        (
            {"requests": [{"id": "1", "method": "PATCH", "url": "/me", "headers": JSON}]},
            "Write request id : 1 does not contain Content-Type header or body.",
        ),
    ],
)
def test_a_payload_without_sense_is_refused_as_a_whole(
    graph: Graph, payload: dict[str, Any], message: str
) -> None:
    answer = graph.post("/$batch", payload)
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")
    assert message in answer.json()["error"]["message"]


def test_a_batch_that_is_no_json_is_refused(graph: Graph) -> None:
    headers = {"Content-Type": "application/json"}
    answer = graph.request("POST", "/$batch", content=b"{", headers=headers)
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")
    assert graph.get("/$batch").status_code == 405
