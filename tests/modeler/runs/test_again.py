"""One node once more: with the recorded values, as the same person, writes only when confirmed."""

from typing import Any

import pytest

from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.kernel.errors import Conflict, NotFound
from graphwright.modeler.again import InputGone, NotAlone, run_again
from graphwright.modeler.errors import ConfirmationNeeded
from graphwright.modeler.trace import Trace
from tests.flows.conftest import ADA, BOB, answer, refusal
from tests.modeler.runs.conftest import Watching

FLOW = """
kind: action
inputs: {pin: {sensitive: true}, who: {}}
variables: {text: before}
start: read
nodes:
  read: {type: http_request, url: https://api.example/x, response: got, exits: {default: take}}
  take: {type: assign, set: {text: "{{ text & '+' & got.body.name }}"}, exits: {default: send}}
  send:
    type: http_request
    method: POST
    url: https://api.example/x
    body: {json: {text: "{{ text }}"}}
    exits: {default: secret}
  secret: {type: assign, set: {copy: "{{ input.pin }}"}, exits: {default: leak}}
  leak: {type: assign, set: {more: "{{ copy & who }}"}, exits: {default: sub}}
  sub: {type: subflow, flow: inner, exits: {default: auth}}
  auth: {type: authenticate, profile: mine, exits: {authenticated: out, not_authenticated: out}}
  out: {type: authenticate, profile: mine, action: sign_out, exits: {not_authenticated: end}}
  end: {type: end, message: "{{ text }}"}
"""
INNER = "{kind: action, start: end, nodes: {end: {type: end}}}"


async def run(watching: Watching, **inputs: Any) -> str:
    """Runs the flow as Ada; gives the id of its trace."""
    watching.place.add("one", FLOW)
    watching.place.add("inner", INNER)
    watching.place.web.answers = [answer(200, {"name": "Ada"}), answer(201, {})]
    report = await watching.run("one", ADA, pin="4711-pin", who="me", **inputs)
    return report.run_id


async def again(
    watching: Watching,
    trace_id: str,
    node: str,
    *,
    confirmed: bool = False,
    index: int | None = None,
) -> Trace:
    """Runs the node of that name again."""
    runtime = watching.place.runtime
    runtime.application, runtime.services = watching.application, watching.place.services
    visits = watching.traces.get(trace_id).visits
    found = next(visit.index for visit in visits if visit.node == node) if index is None else index
    return await run_again(
        runtime, watching.traces, watching.masker, trace_id, found, confirmed=confirmed
    )


async def test_a_node_runs_again_with_the_values_before_it_and_is_a_trace_of_its_own(
    watching: Watching,
) -> None:
    first = await run(watching)
    trace = await again(watching, first, "take")
    assert trace.id != first
    assert watching.traces.list()[0].id == trace.id
    shown = trace.to_wire()
    assert (shown.kind, shown.who, shown.status, shown.nodes) == ("node", "Ada", "done", 1)
    assert shown.visits[0].inputs["text"] == "before"
    assert shown.visits[0].outputs == {"text": "before+Ada"}
    # The first one is as it was, and this one can be run again as well.
    assert watching.traces.get(first).visits[1].outputs == {"text": "before+Ada"}
    assert (await again(watching, trace.id, "take")).visits[0].outputs == {"text": "before+Ada"}


async def test_a_node_runs_again_as_the_draft_has_it_now(watching: Watching) -> None:
    first = await run(watching)
    watching.place.add("one", FLOW.replace("'+'", "' and '"))
    watching.renew()
    assert (await again(watching, first, "take")).visits[0].outputs == {"text": "before and Ada"}


async def test_a_read_is_sent_again_as_the_same_person(watching: Watching) -> None:
    place = watching.place
    place.add(
        "mine",
        "{kind: action, start: read, nodes: {read: {type: http_request, url: /me, response: got,"
        " authentication: {type: oauth2, profile: mine}}}}",
    )
    place.web.answers = [answer(200, {"name": "Ada"}), answer(200, {"name": "Ada again"})]
    ada = await watching.run("mine", ADA)
    place.web.answers.append(answer(200, {"name": "Bob"}))
    await watching.run("mine", BOB)
    place.web.answers = [answer(200, {"name": "Ada again"})]
    trace = await again(watching, ada.run_id, "read")
    assert place.web.sent[-1].principal_id == "ada-id"
    assert trace.visits[0].outputs["got"]["body"] == {"name": "Ada again"}


async def test_a_write_is_sent_again_only_when_confirmed(watching: Watching) -> None:
    first = await run(watching)
    sent = len(watching.place.web.sent)
    with pytest.raises(ConfirmationNeeded) as caught:
        await again(watching, first, "send")
    assert caught.value.to_wire()["error"]["code"] == "confirmationNeeded"
    assert caught.value.status == 409
    assert len(watching.place.web.sent) == sent
    assert [entry.id for entry in watching.traces.list()] == [first]
    watching.place.web.answers = [answer(201, {})]
    trace = await again(watching, first, "send", confirmed=True)
    assert watching.place.web.sent[-1].body == b'{"text":"before+Ada"}'
    assert (trace.status, trace.visits[0].exit) == ("done", "default")


async def test_a_failure_is_recorded_like_any_other(watching: Watching) -> None:
    first = await run(watching)
    watching.place.web.answers = [refusal(404)]
    trace = await again(watching, first, "read")
    assert (trace.status, trace.to_wire().error["status"]) == ("failed", 404)
    assert trace.visits[0].exit == "error"


@pytest.mark.parametrize(("node", "told"), [("secret", "input.pin"), ("leak", "copy")])
async def test_a_node_that_reads_a_sensitive_value_says_that_it_is_gone(
    watching: Watching, node: str, told: str
) -> None:
    first = await run(watching)
    with pytest.raises(InputGone, match=f"reads {told}: sensitive") as caught:
        await again(watching, first, node)
    assert "4711" not in str(caught.value.to_wire())
    kept = watching.traces.visit(first, 4).kept
    assert kept is not None
    assert "4711" not in str(kept.variables)


async def test_a_node_that_reads_what_lies_beside_a_sensitive_value_runs(
    watching: Watching,
) -> None:
    await run(watching)
    watching.place.add("one", FLOW.replace('copy: "{{ input.pin }}"', 'copy: "{{ input.who }}"'))
    watching.place.web.answers = [answer(200, {"name": "Ada"}), answer(201, {})]
    report = await watching.run("one", ADA, pin="4711-pin", who="me")
    trace = await again(watching, report.run_id, "secret")
    assert trace.visits[0].outputs == {"copy": "me"}


@pytest.mark.parametrize("node", ["sub", "out"])
async def test_a_node_that_means_nothing_alone_says_so(watching: Watching, node: str) -> None:
    first = await run(watching)
    with pytest.raises(NotAlone):
        await again(watching, first, node)


async def test_a_page_says_that_somebody_is_needed(watching: Watching) -> None:
    watching.place.add(
        "pages",
        "{kind: regular, start: p, nodes: {p: {type: page, page: x, exits: {go: e}}, e: {type: end}}}",
    )
    await watching.place.start("pages")
    with pytest.raises(NotAlone, match="somebody"):
        await again(watching, watching.latest.id, "p")


async def test_an_authorization_is_looked_for_again_and_asks_nobody(watching: Watching) -> None:
    first = await run(watching)
    assert (await again(watching, first, "auth")).visits[0].exit == "not_authenticated"
    watching.place.profiles.tokens.add(("mine", "ada-id"))
    assert (await again(watching, first, "auth")).visits[0].exit == "authenticated"


async def test_an_end_is_told_again(watching: Watching) -> None:
    trace = await again(watching, await run(watching), "end")
    assert (trace.status, trace.visits[0].exit) == ("done", "end")


async def test_values_that_were_let_go_are_said_to_be_gone(watching: Watching) -> None:
    first = await run(watching)
    watching.traces.get(first).forget()
    with pytest.raises(InputGone, match="too large"):
        await again(watching, first, "take")


@pytest.mark.parametrize("index", [-1, 10, 10**12])
async def test_a_visit_that_is_not_there_is_not_found(watching: Watching, index: int) -> None:
    first = await run(watching)
    with pytest.raises(NotFound):
        await again(watching, first, "take", index=index)


async def test_a_node_that_is_gone_or_of_another_type_is_not_found(watching: Watching) -> None:
    first = await run(watching)
    watching.place.add("one", INNER)
    watching.renew()
    for node in ("take", "read"):
        with pytest.raises(NotFound, match="any more"):
            await again(watching, first, node)


async def test_a_loop_hands_out_the_same_item_again_and_a_collection_is_read_from_its_first_page(
    watching: Watching,
) -> None:
    watching.place.add(
        "loop",
        """
        kind: action
        start: read
        nodes:
          read: {type: http_request, url: https://api.example/x, response: got, exits: {default: each}}
          each: {type: loop, items: got.body, exits: {each: take, done: end}}
          take: {type: assign, set: {x: "{{ item.id }}"}, exits: {default: each}}
          end: {type: end}
        """,
    )
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    watching.place.web.answers = [answer(200, CollectionHandle(call))]
    watching.place.web.pages = {
        None: Page([{"id": "1"}, {"id": "2"}], "n"),
        "n": Page([{"id": "3"}]),
    }
    report = await watching.run("loop")
    visits = watching.traces.get(report.run_id).visits
    each = [visit.index for visit in visits if visit.node == "each"]
    for _ in range(2):
        items = [
            (await again(watching, report.run_id, "each", index=index)).visits[0].outputs
            for index in each[:3]
        ]
        assert [item["item"]["id"] for item in items] == ["1", "2", "3"]


async def test_only_a_held_run_can_be_resumed(watching: Watching) -> None:
    first = await run(watching)
    with pytest.raises(Conflict, match="not held"):
        watching.traces.resume(first, "continue")


async def test_a_loop_whose_items_run_on_their_own_is_not_run_again_alone(
    watching: Watching,
) -> None:
    loop = "each: {type: loop, items: rows, parallel: 2, exits: {done: end}}"
    nodes = f"nodes: {{{loop}, end: {{type: end}}}}"
    watching.place.add("one", f"{{kind: action, variables: {{rows: [1]}}, start: each, {nodes}}}")
    report = await watching.run("one", ADA)
    with pytest.raises(NotAlone):
        await again(watching, report.run_id, "each")
