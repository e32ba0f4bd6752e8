"""Paths that end in a property of an object."""

import pytest

from tests.sandbox.graph.calls import Graph, error_code, person


def test_a_property_is_read_alone(graph: Graph) -> None:
    me = person("noah.kim").id
    answer = graph.get("/me/displayName")
    assert answer.json() == {
        "@odata.context": f"http://testserver/v1.0/$metadata#users('{me}')/displayName",
        "value": "Noah Kim",
    }
    assert graph.get(f"/users('{me}')/JobTitle").json()["value"] == "Staff Engineer"
    assert graph.get("/me/businessPhones").json()["value"] == ["+1 213 555 0115"]
    assert graph.get("/me/department").json()["value"] == "Engineering", "though not a default one"


def test_a_property_may_lie_in_another(graph: Graph) -> None:
    message = graph.value("/me/messages?$top=1")[0]
    path = f"/me/messages/{message['id']}"
    body = graph.get(f"{path}/body").json()
    assert body.pop("@odata.context").endswith("/body")
    assert body == message["body"]
    address = graph.get(f"{path}/from/emailAddress/address")
    assert address.json()["value"] == message["from"]["emailAddress"]["address"]


def test_a_raw_value_is_plain_text(graph: Graph) -> None:
    answer = graph.get("/me/displayName/$value")
    assert (answer.text, answer.headers["content-type"]) == ("Noah Kim", "text/plain")
    assert graph.get("/me/accountEnabled/$value").text == "true"


def test_a_property_without_a_value_is_204(graph: Graph) -> None:
    assert graph.get("/me/mobilePhone").status_code == 204
    assert graph.get("/me/mobilePhone/$value").status_code == 204


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "path",
    [
        "/me/nothing",
        "/me/displayName/nothing",
        "/me/displayName/$count",
        "/me/businessPhones/$value",
        "/me/a/b/c/d/e",
        "/me/messages/displayName/x",
        "/displayName",
        "/me/directReports/displayName",
        "/me/displayName?$select=id",
    ],
)
def test_what_is_no_property_is_an_unknown_segment(graph: Graph, path: str) -> None:
    answer = graph.get(path)
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")
    assert "Resource not found for the segment" in answer.json()["error"]["message"]


def test_a_property_needs_the_permission_of_its_object(graph: Graph) -> None:
    weak = Graph(graph.client, f"Bearer user:{person('noah.kim').id}:Mail.Send")
    assert weak.get("/me/displayName").status_code == 403
    assert graph.request("PATCH", "/me/displayName", json={"value": "x"}).status_code == 400
    assert graph.get("/users/nobody@northwind.example/displayName").status_code == 404
