"""What Microsoft Graph tells the inspector of a request: as whom, by which permission, why refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from graphwright_sandbox.faults import FaultPlan, throttled
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.inspector import Exchange, Inspector
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import NOW, Graph, authorize, person
from tests.sandbox.in_process import InProcess

NOAH = person("noah.kim").id


@pytest.fixture(scope="module")
def app() -> Starlette:
    """One for all of these tests: they change nothing."""
    return create_graph_app(create_tenant(), authorize, lambda: NOW)


@pytest.fixture
def inspector() -> Inspector:
    return Inspector(lambda: NOW)


@pytest.fixture
def graph(app: Starlette, inspector: Inspector) -> Iterator[Graph]:
    """Graph as somebody who may read mail and no more, with the inspector around it."""
    with InProcess(inspector.watch(app, lambda _: True)) as client:
        yield Graph(client, f"Bearer user:{NOAH}:Mail.Read User.Read")


def last(inspector: Inspector) -> Exchange:
    return list(inspector)[-1]


def test_a_request_tells_its_operation_and_the_permission_it_used(
    graph: Graph, inspector: Inspector
) -> None:
    graph.get("/me/messages?$top=1")
    exchange = last(inspector)
    assert (exchange.app_id, exchange.user_id) == ("app", NOAH)
    assert exchange.operation == "GET /users/{user}/messages"
    assert exchange.granted == "Mail.Read"
    assert exchange.held == {"Mail.Read", "User.Read"}
    assert "Mail.Read" in (exchange.wanted or ())
    assert exchange.code is None


def test_a_refusal_tells_what_was_wanted(graph: Graph, inspector: Inspector) -> None:
    graph.post("/me/messages", {"subject": "x"})
    exchange = last(inspector)
    assert (exchange.status, exchange.code) == (403, "ErrorAccessDenied")
    assert exchange.granted is None
    assert exchange.wanted == ("Mail.ReadWrite",)


def test_what_came_to_no_check_tells_none(graph: Graph, inspector: Inspector) -> None:
    graph.get("/fish")
    assert last(inspector).code == "BadRequest"
    assert last(inspector).wanted is None
    graph.authorization = "Bearer nonsense"
    graph.get("/me")
    assert last(inspector).code == "InvalidAuthenticationToken"
    assert last(inspector).app_id is None


def test_the_requests_of_a_batch_are_told_each_for_itself(
    graph: Graph, inspector: Inspector
) -> None:
    steps = [
        {"id": "1", "method": "GET", "url": "/me/messages?$top=1"},
        {"id": "2", "method": "GET", "url": "/me/events"},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["2"]},
    ]
    graph.post("/$batch", {"requests": steps})
    exchange = last(inspector)
    assert len(inspector) == 1
    told = [(part.path, part.query, part.status, part.granted) for part in exchange.parts]
    assert told == [
        ("/me/messages", "$top=1", 200, "Mail.Read"),
        ("/me/events", "", 403, None),
        ("/me", "", 424, None),
    ]
    assert exchange.parts[1].code == "ErrorAccessDenied"
    assert exchange.code is None


def test_a_fault_on_purpose_is_told(graph: Graph, inspector: Inspector, faults: FaultPlan) -> None:
    faults.add(throttled())
    assert graph.get("/me").status_code == 429
    assert "on purpose" in last(inspector).notes[0]
