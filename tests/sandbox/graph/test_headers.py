"""Headers of requests and answers: conditions, correlation, what every answer says."""

from collections.abc import Callable

import pytest

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.preferences import Preferences
from graphwright_sandbox.graph.presentation import View, answer_entity
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest
from graphwright_sandbox.graph.schema_extensions import SchemaExtensions
from tests.sandbox.graph.calls import Graph, error_code

POINT = {"dateTime": "2026-03-20T02:00:00", "timeZone": "UTC"}
Make = Callable[..., GraphRequest]


@pytest.fixture
def make() -> Make:
    """A request with these headers, as a workload sees it."""

    def make(method: str = "GET", **headers: str) -> GraphRequest:
        request = object.__new__(GraphRequest)
        request.method, request.root = method, "https://x.example/v1.0"
        request.options, request.preferences = QueryOptions(), Preferences()
        request.schema = SchemaExtensions()
        request.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return request

    return make


@pytest.mark.parametrize(
    ("header", "met"),
    [
        ('W/"one"', True),
        ('"one"', True),
        ('W/"two", W/"one"', True),
        ("*", True),
        ('W/"two"', False),
        ('W/"one,two"', False),
        ("one", False),
        ("", False),
    ],
)
def test_a_condition_names_the_state_it_wants(make: Make, header: str, met: bool) -> None:
    assert make(if_none_match=header).is_unchanged('W/"one"') is met
    if met:
        make(if_match=header).check_if_match('W/"one"')
    else:
        with pytest.raises(GraphError) as refusal:
            make(if_match=header).check_if_match('W/"one"')
        assert (refusal.value.status, refusal.value.code) == (412, "ErrorIrresolvableConflict")


def test_a_tag_may_hold_commas_and_a_service_has_its_own_words(make: Make) -> None:
    make(if_match='"{A},1", "{B},2"').check_if_match('"{B},2"')
    with pytest.raises(GraphError, match="resourceModified"):
        make(if_match='"{A},1"').check_if_match(
            '"{A},2"', lambda: GraphError(412, "resourceModified", "x")
        )


def test_a_file_that_did_not_change_is_304(make: Make) -> None:
    view = View(SCHEMA.structured["entity"])
    record = {"id": "x", "eTag": '"{A},1"'}
    for method, header, status in (
        ("GET", '"{A},1"', 304),
        ("GET", '"{A},2"', 200),
        ("PATCH", '"{A},1"', 200),
    ):
        answer = answer_entity(make(method, if_none_match=header), view, record, "items")
        assert (answer.status, answer.headers["ETag"]) == (status, '"{A},1"')
        assert (answer.body is None) is (status == 304)


def test_a_write_of_another_state_is_412_and_changes_nothing(graph: Graph) -> None:
    event = graph.post("/me/events", {"subject": "One", "start": POINT, "end": POINT}).json()
    path, etag = f"/me/events/{event['id']}", event["@odata.etag"]
    assert graph.patch(path, {"subject": "Two"}, If_Match=etag).status_code == 200
    for answer in (
        graph.patch(path, {"subject": "Three"}, If_Match=etag),
        graph.delete(path, If_Match=etag),
    ):
        assert (answer.status_code, error_code(answer)) == (412, "ErrorIrresolvableConflict")
    now = graph.get(path)
    assert now.json()["subject"] == "Two"
    assert now.headers["etag"] == now.json()["@odata.etag"] != etag
    assert graph.delete(path, If_Match="*").status_code == 204


def test_every_answer_can_be_told_from_others(graph: Graph) -> None:
    for path in ("/me", "/nothing"):
        answer = graph.get(path)
        assert answer.headers["client-request-id"] == answer.headers["request-id"]
        assert answer.headers["odata-version"] == "4.0"
        assert answer.headers["cache-control"] == "private"
        assert graph.get(path).headers["request-id"] != answer.headers["request-id"]
    assert graph.get("/me", client_request_id="mine").headers["client-request-id"] == "mine"


@pytest.mark.parametrize("named", ["x" * 101, "\t", "a\x7fb"])
def test_an_unusable_client_request_id_is_not_repeated(graph: Graph, named: str) -> None:
    answer = graph.get("/me", client_request_id=named)
    assert answer.headers["client-request-id"] == answer.headers["request-id"]


def test_an_answer_without_metadata_keeps_only_what_leads_on(graph: Graph) -> None:
    accept = {"Accept": "application/json; OData.Metadata = none"}
    path = "/me/messages?$top=1&$count=true&$expand=attachments&$select=subject"
    full, bare = graph.get(path), graph.get(path, **accept)
    assert "odata.metadata=none" in bare.headers["content-type"]
    assert set(bare.json()) == {"@odata.count", "@odata.nextLink", "value"}
    assert {"@odata.context", "@odata.etag"} <= {*full.json(), *full.json()["value"][0]}
    assert not [name for name in bare.json()["value"][0] if "@" in name]
    assert bare.json()["value"][0]["subject"] == full.json()["value"][0]["subject"]
    assert "@odata.type" not in graph.get("/me/manager", **accept).json()
    assert graph.get("/nothing", **accept).json()["error"]["code"] == "BadRequest"
