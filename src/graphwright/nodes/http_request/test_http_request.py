"""The node `http_request`: what it sends, what it keeps, where it leaves; sending itself is http's."""

import json
from typing import Any

import pytest

from graphwright.flows.context import Exit
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError, InvalidRequest
from graphwright.kernel.errors import Conflict, GraphwrightError
from tests.flows.conftest import ADA, NodeRunner, answer, refusal

GET = "{type: http_request, url: https://api.example/x, response: got, exits: {%s}}"
POST = """
    type: http_request
    method: POST
    url: /me/events/{{ id }}
    query: {$select: "{{ fields }}", left: null}
    headers: {Prefer: "{{ prefer }}"}
    body: {json: {subject: "{{ subject }}", tags: "{{ tags }}"}}
    authentication: {type: oauth2, profile: mine}
    response: got
"""
VALUES: dict[str, Any] = {
    "id": "a/b?c#d é",
    "fields": "id&evil=1",
    "prefer": "x",
    "subject": '"},{{ now }}"',
    "tags": ["one"],
}


async def test_values_fill_their_places_and_cannot_leave_them(run_node: NodeRunner) -> None:
    run_node.place.web.answers = [answer(201, {"id": "1"})]
    outcome, context = await run_node(POST, person=ADA, **VALUES)
    assert outcome == Exit("default")
    (call,) = run_node.place.web.sent
    assert call.url == (
        "https://graph.example/v1.0/me/events/a%2Fb%3Fc%23d%20%C3%A9?$select=id%26evil%3D1"
    )
    assert json.loads(call.body or b"") == {"subject": '"},{{ now }}"', "tags": ["one"]}
    assert (call.method, call.profile, call.principal_id) == ("POST", "mine", "ada-id")
    assert context.counts["requests"] == 1


async def test_the_response_becomes_a_variable(run_node: NodeRunner) -> None:
    run_node.place.web.answers = [answer(200, {"a": [1]})]
    _, context = await run_node(GET % "")
    got = context.frame.variables["got"]
    assert (got["status"], got["body"]) == (200, {"a": [1]})
    assert got["headers"]["content-type"] == "application/json"


async def test_a_collection_stays_a_handle(run_node: NodeRunner) -> None:
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    handle = CollectionHandle(call, None, Page([1]))
    run_node.place.web.answers = [answer(200, handle)]
    _, context = await run_node(GET % "")
    assert context.frame.variables["got"]["body"] is handle


async def test_a_response_that_nobody_wants_is_dropped(run_node: NodeRunner) -> None:
    run_node.place.web.answers = [answer(200, {})]
    _, context = await run_node("{type: http_request, url: https://api.example/x}")
    assert context.frame.variables == {"input": {}}


@pytest.mark.parametrize(
    ("status", "exits", "taken"),
    [
        (200, "default: a", "default"),
        (200, '"200": a, 2xx: b', "200"),
        (204, '"200": a, 2xx: b', "2xx"),
        (304, "default: a, 4xx: b", "default"),
    ],
)
async def test_a_status_has_its_exit(
    run_node: NodeRunner, status: int, exits: str, taken: str
) -> None:
    run_node.place.web.answers = [answer(status)]
    assert (await run_node(GET % exits))[0] == Exit(taken)


async def test_a_refused_request_keeps_the_response_for_its_exit(run_node: NodeRunner) -> None:
    from graphwright.flows.context import Context, Frame

    run_node.place.web.answers = [refusal(404)]
    context = Context(
        services=run_node.place.services,
        frame=Frame("tested", "node", {"input": {}}),
        flow=run_node.place.runtime.application.flows["hello"],
        person=None,
        time_zone="UTC",
        interactive=False,
    )
    with pytest.raises(HttpError):
        await run_node(GET % '"404": a', context=context)
    assert context.frame.variables["got"]["status"] == 404
    assert context.frame.variables["got"]["body"] == {"error": {"code": "no"}}
    assert context.counts["requests"] == 1


@pytest.mark.parametrize(
    ("method", "reply", "wrote"),
    [
        ("GET", answer(200), False),
        ("HEAD", answer(200), False),
        ("POST", answer(201), True),
        ("DELETE", answer(204), True),
        ("PATCH", refusal(412), False),
        ("POST", refusal(400), False),
        ("POST", refusal(500), True),
        ("POST", refusal(503, "unknown"), True),
        ("PUT", refusal(408, "unknown"), True),
    ],
)
async def test_it_tells_whether_it_wrote(
    run_node: NodeRunner, method: str, reply: Any, wrote: bool
) -> None:
    run_node.place.web.answers = [answer(200), reply]
    node = "{type: http_request, method: %s, url: https://api.example/x}"
    _, context = await run_node(node % "GET")
    try:
        await run_node(node % method, context=context)
    except HttpError:
        assert reply.facts["status"] >= 400
    assert context.wrote is wrote


async def test_a_refusal_does_not_undo_an_earlier_write(run_node: NodeRunner) -> None:
    run_node.place.web.answers = [answer(201), refusal(400)]
    node = "{type: http_request, method: POST, url: https://api.example/x}"
    _, context = await run_node(node)
    with pytest.raises(HttpError):
        await run_node(node, context=context)
    assert context.wrote


async def test_nothing_is_sent_where_somebody_else_has_written_already(
    run_node: NodeRunner,
) -> None:
    async def refuse() -> None:
        raise Conflict("already")

    node = "{type: http_request, method: %s, url: https://api.example/x}"
    run_node.place.web.answers = [answer(200), answer(200)]
    _, context = await run_node(node % "GET")
    context.before_write = refuse
    await run_node(node % "GET", context=context)
    with pytest.raises(Conflict):
        await run_node(node % "POST", context=context)
    assert len(run_node.place.web.sent) == 2
    assert not context.wrote


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": None}, InvalidRequest),
        ({"id": ""}, InvalidRequest),
        ({"id": ".."}, InvalidRequest),
        ({"id": ["a"]}, InvalidRequest),
        ({"prefer": "x\r\nevil: 1"}, InvalidRequest),
    ],
)
async def test_values_that_fit_no_request_are_told_before_anything_is_sent(
    run_node: NodeRunner, changes: dict[str, Any], error: type[GraphwrightError]
) -> None:
    with pytest.raises(error):
        await run_node(POST, person=ADA, **{**VALUES, **changes})
    assert run_node.place.web.sent == []


async def test_the_applications_request_has_no_user(run_node: NodeRunner) -> None:
    run_node.place.web.answers = [answer(200)]
    await run_node(POST.replace("mine", "ours"), person=ADA, **VALUES)
    assert run_node.place.web.sent[0].principal_id is None
