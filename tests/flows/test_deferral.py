"""A service that says to come later: an error in front of a page; unattended the run comes later."""

from datetime import timedelta
from typing import Any

import pytest

from graphwright.flows.deferral import find_deferral, run_when_due
from graphwright.flows.errors import RunDeferred
from graphwright.flows.observer import Observer
from graphwright.flows.unattended import RunReport, run_action
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.http.errors import ServiceBusy, ServiceDeferred
from graphwright.http.response import Response
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.times import format_instant
from graphwright.lists import RowQuery
from tests.flows.conftest import ADA, BOB, Place, answer

ACTION = """
kind: action
inputs: {department: {type: text}}
start: call
nodes:
  call:
    type: http_request
    url: https://graph.example/v1.0/people
    response: people
    exits: {default: load, "429": failed, error: failed}
  load:
    type: import_data
    import: person
    from: people.body
    exits: {default: end, error: failed}
  failed: {type: end, message: it failed}
  end: {type: end, message: all came}
"""
WRITE = """nodes:
  send: {type: http_request, method: POST, url: https://graph.example/x, exits: {default: call}}
"""
REGULAR = """
kind: regular
path: /call
start: call
nodes:
  call:
    type: http_request
    url: https://graph.example/v1.0/people
    exits: {default: end, error: failed}
  failed: {type: end, message: "{{ error.code }} {{ error.not_before }}"}
  end: {type: end}
"""


def later(place: Place, seconds: float = 3600) -> ServiceDeferred:
    """What the client raises where the wait is longer than its budget."""
    error = ServiceDeferred("It is busy.", status=429, response=answer(429))
    moment = place.clock.now() + timedelta(seconds=seconds)
    error.facts["not_before"] = format_instant(moment)
    return error


def people() -> Response:
    """The answer that opens the collection."""
    url = "https://graph.example/v1.0/people"
    call = Call("GET", url, authentication=Authentication("oauth2"), profile="ours")
    return Response(200, {}, CollectionHandle(call), url)


async def run(place: Place, patience: float = 60, **inputs: Any) -> RunReport:
    """Runs the flow as the command line does."""
    return await run_when_due(place.services, "one", inputs, person=None, patience=patience)


async def rows(place: Place) -> list[Any]:
    found = await place.services.lists.query("person", None, RowQuery())
    return sorted(row["id"] for row in found.rows)


@pytest.fixture
async def deferred(place: Place) -> RunDeferred:
    """The flow was put off for an hour at its third page."""
    place.add("one", ACTION)
    place.web.answers = [people()]
    place.web.pages = {
        None: Page([{"id": "1"}], "p2"),
        "p2": Page([{"id": "2"}], "p3"),
        "p3": later(place),
    }
    with pytest.raises(RunDeferred) as caught:
        await run(place)
    return caught.value


async def test_an_action_flow_ends_deferred_whatever_exits_it_has_and_keeps_what_came(
    place: Place, deferred: RunDeferred
) -> None:
    assert deferred.retryable
    assert deferred.facts["not_before"] == "2026-11-23T09:00:00Z"
    assert (deferred.place and deferred.place.node) == "load"
    (noted,) = await place.runs()
    assert (noted["status"], noted["not_before"]) == ("deferred", "2026-11-23T09:00:00Z")
    assert noted["error"]["code"] == "runDeferred"
    assert [visit["node"] for visit in noted["way"]] == ["call", "load"]
    assert "inputs" not in noted
    assert await rows(place) == ["1", "2"]


async def test_the_next_run_says_when_and_asks_nothing(place: Place, deferred: RunDeferred) -> None:
    place.web.fetched.clear()
    place.clock.pass_time(minutes=10)
    with pytest.raises(RunDeferred) as caught:
        await run(place, patience=2999)
    assert caught.value.facts == deferred.facts
    assert (len(place.web.sent), place.web.fetched) == (1, [])
    assert len(await place.runs()) == 1


async def test_the_next_run_waits_and_goes_on_where_it_stopped(
    place: Place, deferred: RunDeferred
) -> None:
    place.clock.pass_time(minutes=10)
    place.web.answers = [people()]
    place.web.pages["p3"] = Page([{"id": "3"}])
    place.web.fetched.clear()
    report = await run(place, patience=3000)
    assert report.end["message"] == "all came"
    assert format_instant(place.clock.now()) == deferred.facts["not_before"]
    assert place.web.fetched == ["p3"]
    assert await rows(place) == ["1", "2", "3"]
    # It was done since: nothing is put off any more.
    system = place.services.databases.system
    past = deferred.not_before - timedelta(minutes=1)
    assert await system.read(find_deferral, "one", {}, None, past) is None


@pytest.mark.usefixtures("deferred")
async def test_only_the_same_inputs_and_person_are_deferred(place: Place) -> None:
    async def find(inputs: Any, principal_id: str | None) -> Any:
        now = place.clock.now()
        system = place.services.databases.system
        return await system.read(find_deferral, "one", inputs, principal_id, now)

    assert await find({}, None) is not None
    assert await find({"department": "Sales"}, None) is None
    assert await find({}, ADA.id) is None
    place.clock.pass_time(hours=1)
    assert await find({}, None) is None


async def test_patience_is_for_all_waits_together(place: Place) -> None:
    place.add("one", ACTION)

    async def busy(_call: Any) -> ServiceDeferred:
        return later(place, 100)

    place.web.answers = [busy, busy, busy, answer(200, {"value": []})]
    with pytest.raises(RunDeferred):
        await run(place, patience=250)
    assert [noted["status"] for noted in await place.runs()] == ["deferred"] * 3
    assert (place.clock.now() - place.clock.__class__().now()).total_seconds() == 200


async def test_a_flow_that_has_written_is_not_run_again_by_itself(place: Place) -> None:
    place.add("one", ACTION.replace("start: call", "start: send").replace("nodes:\n", WRITE))
    place.web.answers = [answer(202), later(place, 10)]
    with pytest.raises(RunDeferred) as caught:
        await run(place, patience=3600)
    assert [call.method for call in place.web.sent] == ["POST", "GET"]
    assert "look what is done" in caught.value.hint
    # Where the write itself was refused nothing was written.
    place.clock.pass_time(hours=1)
    place.web.answers = [later(place, 10), answer(202), answer(200, {"value": []})]
    assert (await run(place, patience=3600)).end["message"] == "all came"


async def test_a_busy_service_within_the_budget_takes_the_exit(place: Place) -> None:
    place.add("one", ACTION)
    place.web.answers = [ServiceBusy("It is busy.", status=429, response=answer(429))]
    assert (await run(place)).end["message"] == "it failed"


async def test_in_front_of_a_page_the_error_exit_is_taken(place: Place) -> None:
    place.add("two", REGULAR)
    place.web.answers = [later(place)]
    outcome = await place.start("two", BOB)
    assert outcome.end is not None
    assert outcome.end["message"] == "serviceDeferred 2026-11-23T09:00:00Z"


async def test_what_watches_is_told(place: Place) -> None:
    told: list[Any] = []

    class Watching(Observer):
        def stopped(self, status: Any, error: GraphwrightError | None = None) -> None:
            told.append((status, error and error.code))

    place.add("one", ACTION)
    place.web.answers = [later(place)]
    with pytest.raises(RunDeferred):
        await run_action(place.services, "one", {}, person=None, watch=lambda _: Watching())
    assert told == [("deferred", "runDeferred")]
