"""Loops whose items run on their own: how many at once, what stays in an item, what failures do."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from graphwright.flows.errors import PauseInParallel, RunDeferred, StepSpent, TooManySteps
from graphwright.flows.observer import Observer
from graphwright.flows.origin import Claim, Origin
from graphwright.flows.steps import StepRow, add_step
from graphwright.flows.unattended import run_action
from graphwright.http.call import Authentication, Call
from graphwright.http.client import HttpClient, Try
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import HttpError, NoAnswer
from graphwright.http.transport import Exchange, Stream
from tests.flows.conftest import Place, answer, refusal
from tests.flows.test_deferral import later

CALL = Call("GET", "https://graph.example/v1.0/users", authentication=Authentication("none"))
EACH = """
kind: action
variables: {rows: [0, 1, 2, 3, 4, 5, 6, 7], seen: none}
start: each
nodes:
  each: {type: loop, items: rows, item: row, %s, result: told, exits: {each: keep, done: end}}
  keep: {type: assign, set: {seen: "{{ row }}"}, exits: {default: call}}
  call: {type: http_request, url: "https://api.example/{{ seen }}", exits: {default: each}}
  end: {type: end, result: {told: "{{ told }}", seen: "{{ seen }}"}}
"""
CAUGHT = EACH.replace("done: end", "done: end, error: problem") + (
    '  problem: {type: end, result: "{{ error }}"}\n'
)


class Gate:
    """Answers of a web that keeps requests waiting and counts them."""

    def __init__(self, place: Place, *, failing: tuple[int, ...] = (), most: int = 0) -> None:
        self.now = self.most = 0
        self.sent: list[int] = []
        self._failing, self._wanted = failing, most
        self._full = asyncio.Event()
        place.web.answers = [self.answer] * 2_000

    async def answer(self, call: Call) -> Any:
        """Answers when enough are waiting."""
        number = int(call.url.rpartition("/")[2])
        self.sent.append(number)
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now >= self._wanted:
            self._full.set()
        await self._full.wait()
        self.now -= 1
        return refusal(404) if number in self._failing else answer(200, {"n": number})


@pytest.mark.parametrize("parallel", [2, 5])
async def test_so_many_items_are_under_way_at_once_and_no_more(place: Place, parallel: int) -> None:
    gate = Gate(place, most=parallel)
    place.add("all", EACH % f"parallel: {parallel}")
    report = await place.run("all")
    assert gate.most == parallel
    assert sorted(gate.sent) == list(range(8))
    assert report.end["result"]["told"] == {"items": 8, "failed": 0, "reasons": []}
    assert (report.counts["items"], report.counts["requests"]) == (8, 8)


async def test_what_an_item_sets_stays_in_it(place: Place) -> None:
    gate = Gate(place, most=8)
    place.add("all", EACH % "parallel: 8")
    report = await place.run("all")
    # Each had its own `seen` while all were waiting; behind the loop it is as it was before.
    assert sorted(gate.sent) == list(range(8))
    assert report.end["result"]["seen"] == "none"


async def test_the_way_tells_of_the_first_items_in_their_order(place: Place) -> None:
    Gate(place)
    rows = str(list(range(30)))
    text = (EACH % "parallel: 4").replace("[0, 1, 2, 3, 4, 5, 6, 7]", rows)
    place.add("all", text)
    way = [(visit["node"], visit["exit"]) for visit in (await place.run("all")).way]
    item = [("keep", "default"), ("call", "default")]
    assert way == [("each", "fork"), *item * 20, ("each", "done"), ("end", "pause")]


async def test_an_error_stops_the_loop_when_those_under_way_have_ended(place: Place) -> None:
    gate = Gate(place, failing=(1,), most=4)
    place.add("all", EACH % "parallel: 4")
    with pytest.raises(HttpError) as caught:
        await place.run("all")
    assert caught.value.place is not None
    assert (caught.value.place.node, caught.value.facts["status"]) == ("call", 404)
    assert (gate.now, sorted(gate.sent)[:4]) == (0, [0, 1, 2, 3])
    assert len(gate.sent) < 8
    (run,) = await place.runs()
    assert ("call", "error") in [(visit["node"], visit["exit"]) for visit in run["way"]]
    assert run["way"][-1]["node"] == "each"


async def test_the_loops_error_exit_takes_it(place: Place) -> None:
    Gate(place, failing=(5,))
    place.add("all", CAUGHT % "parallel: 2")
    error = (await place.run("all")).end["result"]
    assert (error["node"], error["status"]) == ("call", 404)


@pytest.mark.parametrize("parallel", [1, 3])
async def test_a_loop_that_goes_on_counts_what_failed_and_says_why(
    place: Place, parallel: int
) -> None:
    gate = Gate(place, failing=(1, 6))
    place.add("all", CAUGHT % f"parallel: {parallel}, failures: go_on")
    report = await place.run("all")
    told = report.end["result"]["told"]
    assert sorted(gate.sent) == list(range(8))
    assert gate.most <= parallel
    assert [failure["status"] for failure in report.summary.failures] == [404, 404]
    assert (told["items"], told["failed"]) == (8, 2)
    assert [(r["item"], r["node"], r["status"]) for r in told["reasons"]] == [
        (2, "call", 404),
        (7, "call", 404),
    ]


async def test_the_reasons_are_the_first_ones(place: Place) -> None:
    Gate(place, failing=tuple(range(50)))
    text = (EACH % "failures: go_on").replace("[0, 1, 2, 3, 4, 5, 6, 7]", str(list(range(50))))
    place.add("all", text)
    told = (await place.run("all")).end["result"]["told"]
    assert (told["failed"], [r["item"] for r in told["reasons"]]) == (50, list(range(1, 21)))


async def test_an_error_that_the_body_takes_is_no_failure(place: Place) -> None:
    Gate(place, failing=(1,))
    text = EACH.replace("{default: each}", '{default: each, "404": each}')
    place.add("all", text % "parallel: 3")
    assert (await place.run("all")).end["result"]["told"]["failed"] == 0


async def test_pages_are_read_while_items_run_and_one_that_does_not_come_is_no_failed_item(
    place: Place,
) -> None:
    gate = Gate(place)
    pages: dict[str | None, Any] = {
        None: Page([0, 1], "p2"),
        "p2": Page([], "p3"),
        "p3": Page([2], "p4"),
        "p4": Page([3]),
    }
    place.web.pages = pages
    answers, place.web.answers = (
        place.web.answers,
        [answer(200, CollectionHandle(CALL))],
    )
    place.web.answers += answers
    load = (
        "  load: {type: http_request, url: https://x.test, response: all, exits: {default: each}}\n"
    )
    text = CAUGHT.replace("start: each", "start: load").replace("items: rows", "items: all.body")
    place.add("all", text.replace("nodes:\n", "nodes:\n" + load) % "parallel: 2, failures: go_on")
    assert (await place.run("all")).end["result"]["told"]["items"] == 4
    assert place.web.fetched == [None, "p2", "p3", "p4"]

    gate.sent.clear()
    pages["p4"] = NoAnswer("It is away.")
    place.web.answers.insert(0, answer(200, CollectionHandle(CALL)))
    error = (await place.run("all")).end["result"]
    assert (error["code"], error["node"]) == ("noAnswer", "each")
    assert gate.sent == [0, 1, 2]


async def test_loops_within_items_have_their_own_place(place: Place) -> None:
    gate = Gate(place, most=2)
    place.add(
        "nested",
        """
        kind: action
        variables: {outer: [1, 2], inner: [3, 4, 5]}
        start: out
        nodes:
          out: {type: loop, items: outer, item: o, parallel: 2, exits: {each: in, done: end}}
          in: {type: loop, items: inner, item: i, exits: {each: call, done: out}}
          call: {type: http_request, url: "https://api.example/{{ o * 10 + i }}", exits: {default: in}}
          end: {type: end}
        """,
    )
    await place.run("nested")
    assert sorted(gate.sent) == [13, 14, 15, 23, 24, 25]


async def test_an_error_in_an_items_sub_flow_takes_an_exit_in_the_item_first(place: Place) -> None:
    Gate(place, failing=(1,))
    place.add(
        "inner",
        """
        kind: action
        inputs: {n: {type: integer}}
        start: call
        nodes: {call: {type: http_request, url: "https://api.example/{{ input.n }}"}}
        """,
    )
    text = """
        kind: action
        variables: {rows: [0, 1, 2]}
        start: each
        nodes:
          each: {type: loop, items: rows, parallel: 2, exits: {each: sub, done: end, error: bad}}
          sub: {type: subflow, flow: inner, inputs: {n: "{{ item }}"}, exits: {default: each%s}}
          end: {type: end, message: done}
          bad: {type: end, message: bad, result: "{{ error }}"}
        """
    place.add("caught", text % ", error: each")
    place.add("missed", text % "")
    assert (await place.run("caught")).end["message"] == "done"
    end = (await place.run("missed")).end
    assert (end["message"], end["result"]["node"]) == ("bad", "call")


async def test_an_item_that_asks_a_person_ends_the_run_whatever_exits_there_are(
    place: Place,
) -> None:
    Gate(place)
    text = CAUGHT.replace(
        'keep: {type: assign, set: {seen: "{{ row }}"}', "keep: {type: page, page: x"
    )
    place.add("asks", text.replace("kind: action", "kind: regular") % "failures: go_on")
    with pytest.raises(PauseInParallel):
        await place.start("asks")


class Stopper(Observer):
    """Ends the run before the third request and those behind it."""

    def __init__(self) -> None:
        self.calls = 0

    async def before(self, frames: Any, *, resumed: bool) -> None:  # noqa: ARG002
        """Counts."""
        self.calls += frames[-1].node == "call"
        if self.calls >= 3:
            raise TooManySteps("It is enough.")


async def test_what_ends_the_run_from_outside_is_no_failed_item(place: Place) -> None:
    gate = Gate(place, most=2)
    place.add("all", CAUGHT % "parallel: 3, failures: go_on")
    with pytest.raises(TooManySteps):
        async with asyncio.timeout(5):
            await run_action(place.services, "all", {}, person=None, watch=lambda _run: Stopper())
    assert len(gate.sent) == 2


async def test_items_that_begin_to_write_together_claim_their_step_once(place: Place) -> None:
    system = place.services.databases.system
    row = StepRow("i", 1, "one", None, "f", "r", b"", {})
    await system.write(add_step, row, place.clock.now(), timedelta(hours=1))
    origin = Origin("i", 1, "f", "r", "one", None)
    claim, other = Claim(system, origin), Claim(system, origin)
    await asyncio.gather(*(claim.take() for _ in range(5)))
    with pytest.raises(StepSpent):
        await other.take()


async def test_a_deferred_item_defers_the_run_when_those_under_way_have_ended(place: Place) -> None:
    gate = Gate(place, most=2)
    place.web.answers[1] = later(place)
    place.add("all", CAUGHT % "parallel: 3, failures: go_on")
    with pytest.raises(RunDeferred):
        async with asyncio.timeout(5):
            await place.run("all")
    assert (len(gate.sent), gate.now) == (2, 0)


class Wireless(HttpClient):
    """The client with a Graph in place of the wire; `sent` has the calls that reached it."""

    sent: list[Call]

    async def carry(self, call: Call, tried: Try) -> tuple[Exchange | Stream, bool]:  # noqa: ARG002
        """What Graph says."""
        self.sent.append(call)
        body: Any = {"name": call.url.rpartition("/")[2]}
        if call.path_template == "/$batch":
            steps = json.loads(call.body or b"")["requests"]
            body = {"responses": [{"id": s["id"], **self._say(s["url"])} for s in steps]}
        headers = {"content-type": "application/json"}
        return Exchange(200, headers, json.dumps(body).encode(), call.url), True

    def _say(self, url: str) -> dict[str, Any]:
        missing = {"error": {"code": "notFound", "message": "There is none."}}
        name = url.rpartition("/")[2]
        return (
            {"status": 404, "body": missing}
            if name == "3"
            else {"status": 200, "body": {"name": name}}
        )


@pytest.mark.parametrize(
    ("request_of", "loop", "sizes"),
    [
        ('url: "/users/{{ row }}"', "parallel: 20", [10, 20, 20]),
        ('url: "/users/{{ row }}"', "parallel: 8", [2, 8, 8, 8, 8, 8, 8]),
        ('url: "/users/{{ row }}"', "failures: go_on", [1] * 50),
        ('url: "/users/{{ row }}", batch: false', "parallel: 20", [1] * 50),
        ('url: "/users/{{ row }}/messages"', "parallel: 20", [1] * 50),
        ('url: "/users/{{ row }}/messages", batch: true', "parallel: 20", [10, 20, 20]),
        ('method: PATCH, url: "/users/{{ row }}", body: {json: {a: 1}}', "parallel: 20", [1] * 50),
        (
            'method: PATCH, url: "/users/{{ row }}", body: {json: {a: 1}}, batch: true',
            "parallel: 20",
            [10, 20, 20],
        ),
    ],
)
async def test_requests_of_items_go_together_where_that_is_quicker_or_wanted(
    place: Place, request_of: str, loop: str, sizes: list[int]
) -> None:
    settings = place.services.settings
    client = Wireless(cast(Any, place.profiles), place.clock, settings)
    client.sent = []
    services = replace(place.services, http=client)
    text = (EACH % loop).replace("[0, 1, 2, 3, 4, 5, 6, 7]", str(list(range(10, 60))))
    old = 'url: "https://api.example/{{ seen }}"'
    new = f"{request_of}, authentication: {{type: oauth2, profile: ours}}"
    place.add("all", text.replace(old, new))
    report = await run_action(services, "all", {}, person=None)
    await client.close()
    counted = [
        len(json.loads(call.body or b"")["requests"]) if call.path_template == "/$batch" else 1
        for call in client.sent
    ]
    assert sorted(counted) == sizes
    assert (report.counts["requests"], report.end["result"]["told"]["failed"]) == (50, 0)


async def test_an_item_of_a_batch_takes_the_exit_of_its_own_status(place: Place) -> None:
    client = Wireless(cast(Any, place.profiles), place.clock, place.services.settings)
    client.sent = []
    services = replace(place.services, http=client)
    node = 'url: "/users/{{ seen }}", authentication: {type: oauth2, profile: ours}'
    text = EACH.replace('url: "https://api.example/{{ seen }}"', node)
    place.add("all", text % "parallel: 8, failures: go_on")
    place.add(
        "caught", text.replace("{default: each}", '{default: each, "404": each}') % "parallel: 8"
    )
    told = (await run_action(services, "all", {}, person=None)).end["result"]["told"]
    assert [(r["item"], r["status"], r["code"]) for r in told["reasons"]] == [(4, 404, "httpError")]
    caught = await run_action(services, "caught", {}, person=None)
    await client.close()
    assert caught.end["result"]["told"]["failed"] == 0
    assert len(client.sent) == 2
