"""Steps of regular flows: Back, reload, double submit, other people, restarts, crashes, expiry."""

import asyncio
from typing import Any

import pytest

from graphwright.flows.context import Exit
from graphwright.flows.errors import StateTooLarge, StepExpired, StepSpent, SubmissionUnknown
from graphwright.flows.interactive import RESTARTED
from graphwright.flows.interpreter import Interpreter, Segment
from graphwright.flows.steps import add_submission
from graphwright.http.call import Call
from graphwright.http.errors import HttpError
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.ids import new_id
from tests.flows.conftest import ADA, BOB, Place, answer, refusal

COUNTER = """
kind: regular
variables: {n: 0, said: null}
inputs: {who: {type: text, default: nobody}}
start: show
nodes:
  show: {type: page, page: counter, outputs: {say: said}, exits: {more: add, say: show, send: send}}
  add: {type: assign, set: {n: "{{ n + 1 }}"}, exits: {default: show}}
  send:
    type: http_request
    method: POST
    url: https://api.example/send
    body: {json: {said: "{{ said }}"}}
    exits: {default: show}
"""


@pytest.fixture(autouse=True)
def counter(place: Place) -> None:
    place.add("counter", COUNTER)


async def test_a_page_is_shown_with_the_scope_of_its_flow(place: Place) -> None:
    step = await place.start("counter", who="Ada", unknown="x")
    assert (step.kind, step.page, step.step) == ("page", "counter", 1)
    scope = await place.scope(step)
    assert scope["input"] == {"who": "Ada"}
    assert (scope["n"], scope["user"]["name"]) == (0, "Ada")


async def test_an_exit_makes_a_new_step_from_the_snapshot(place: Place) -> None:
    first = await place.start("counter")
    second = await place.exit(first, "more")
    third = await place.exit(second, "more")
    assert [first.step, second.step, third.step] == [1, 2, 3]
    assert [(await place.scope(step))["n"] for step in (first, second, third)] == [0, 1, 2]


async def test_back_and_another_way_make_a_new_step(place: Place) -> None:
    first = await place.start("counter")
    await place.exit(first, "more")
    other = await place.exit(first, "say", "hello")
    assert other.step == 3
    scope = await place.scope(other)
    assert (scope["n"], scope["said"]) == (0, "hello")


async def test_a_reload_shows_the_same_step_and_runs_nothing(place: Place) -> None:
    first = await place.start("counter")
    again = await place.driver.step(first.instance, 1, principal=ADA, session_id="one")
    assert again == first
    assert len(await place.runs()) == 1


async def test_a_restart_of_the_server_loses_no_place(place: Place) -> None:
    second = await place.exit(await place.start("counter"), "more")
    place.driver = place.restart()
    third = await place.exit(second, "more")
    assert (await place.scope(third))["n"] == 2


async def test_a_double_submit_runs_once(place: Place) -> None:
    first = await place.start("counter")
    place.web.answers = [answer(201)]
    same = {"submission": "s-1"}
    second = await place.exit(first, "send", **same)
    again = await place.exit(first, "send", **same)
    assert again == second
    assert len(place.web.sent) == 1


async def test_a_double_submit_at_once_runs_once(place: Place) -> None:
    first = await place.start("counter")
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slowly(_call: Call) -> Any:
        arrived.set()
        await go.wait()
        return answer(201)

    place.web.answers = [slowly, slowly]
    tries = [asyncio.create_task(place.exit(first, "send", submission="s-1")) for _ in range(3)]
    await arrived.wait()
    go.set()
    outcomes = await asyncio.gather(*tries)
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(place.web.sent) == 1


async def test_an_answered_submission_is_told_before_data_is_looked_at(place: Place) -> None:
    first = await place.start("counter")
    place.web.answers = [answer(201)]
    ask: dict[str, Any] = {"principal": ADA, "session_id": "one", "time_zone": "UTC"}
    assert await place.driver.answered(first.instance, 1, "s-1", **ask) is None
    second = await place.exit(first, "send", submission="s-1")
    assert await place.driver.answered(first.instance, 1, "s-1", **ask) == second


async def test_a_spent_step_names_the_step_where_the_user_is(place: Place) -> None:
    first = await place.start("counter")
    place.web.answers = [answer(201), answer(201)]
    second = await place.exit(first, "send")
    with pytest.raises(StepSpent) as caught:
        await place.exit(first, "more")
    assert caught.value.facts == {"instance": first.instance, "step": 2}
    third = await place.exit(second, "more")
    assert third.step == 3


async def test_a_read_does_not_spend_its_step(place: Place) -> None:
    place.add("counter", COUNTER.replace("method: POST", "method: GET").replace(
        '    body: {json: {said: "{{ said }}"}}\n', ""))  # fmt: skip
    first = await place.start("counter")
    place.web.answers = [answer(200), answer(200)]
    await place.exit(first, "send")
    assert (await place.exit(first, "send")).step == 3


@pytest.mark.parametrize("again", ["s-1", "s-2"])
@pytest.mark.parametrize("status", [400, 404, 412, 429])
async def test_a_write_that_was_refused_may_be_sent_again(
    place: Place, status: int, again: str
) -> None:
    first = await place.start("counter")
    place.web.answers = [refusal(status), answer(201)]
    with pytest.raises(HttpError):
        await place.exit(first, "send", submission="s-1")
    assert (await place.exit(first, "send", submission=again)).step == 2
    assert len(place.web.sent) == 2


@pytest.mark.parametrize(
    ("status", "outcome"), [(503, "unknown"), (500, "failed"), (408, "unknown")]
)
async def test_a_write_whose_fate_is_unknown_spends_its_step(
    place: Place, status: int, outcome: str
) -> None:
    first = await place.start("counter")
    place.web.answers = [refusal(status, outcome), answer(201)]
    with pytest.raises(HttpError):
        await place.exit(first, "send")
    with pytest.raises(StepSpent):
        await place.exit(first, "send")
    assert len(place.web.sent) == 1


async def test_a_submission_that_a_crash_cut_off_is_not_sent_again(place: Place) -> None:
    first = await place.start("counter")
    # What the driver notes before it runs; the process died before there was a result.
    await place.services.databases.system.write(
        add_submission, first.instance, "s-1", 1, place.clock.now()
    )
    with pytest.raises(SubmissionUnknown) as caught:
        await place.exit(first, "send", submission="s-1")
    assert "Check whether" in caught.value.hint
    assert place.web.sent == []


async def test_a_cancelled_submission_is_unknown(place: Place) -> None:
    first = await place.start("counter")

    arrived = asyncio.Event()

    async def for_ever(_call: Call) -> Any:
        arrived.set()
        await asyncio.Event().wait()

    place.web.answers = [for_ever]
    task = asyncio.create_task(place.exit(first, "send", submission="s-1"))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(SubmissionUnknown):
        await place.exit(first, "send", submission="s-1")


@pytest.mark.parametrize(
    ("person", "session"), [(BOB, "one"), (None, "one"), (ADA, "two"), (BOB, "two")]
)
async def test_a_step_is_nobody_elses(place: Place, person: Any, session: str) -> None:
    first = await place.start("counter")
    who: dict[str, Any] = {"principal": person, "session_id": session}
    with pytest.raises(StepExpired):
        await place.driver.step(first.instance, 1, **who)
    with pytest.raises(StepExpired):
        await place.driver.peek(first.instance, 1, **who)
    with pytest.raises(StepExpired):
        await place.exit(first, "more", **who)
    with pytest.raises(StepExpired):
        await place.driver.answered(first.instance, 1, "s", time_zone="UTC", **who)
    assert len(await place.runs()) == 1


async def test_steps_expire(place: Place) -> None:
    first = await place.start("counter")
    place.clock.pass_time(hours=11, minutes=59)
    second = await place.exit(first, "more")
    place.clock.pass_time(minutes=2)
    with pytest.raises(StepExpired):
        await place.exit(first, "more")
    await place.exit(second, "more")
    place.clock.pass_time(hours=13)
    await place.driver.clean()
    with place.services.databases.system.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM _flow_steps").scalar() == 0


async def test_steps_are_gone_after_the_session_ended(place: Place) -> None:
    first = await place.start("counter")
    await place.driver.end_session("one")
    with pytest.raises(StepExpired):
        await place.exit(first, "more")


async def test_a_changed_flow_restarts_with_a_notice(place: Place) -> None:
    second = await place.exit(await place.start("counter"), "more")
    place.add("counter", COUNTER.replace("n + 1", "n + 2"))
    restarted = await place.driver.step(second.instance, 2, principal=ADA, session_id="one")
    assert restarted.notice == RESTARTED
    assert restarted.instance != second.instance
    assert (await place.scope(restarted))["n"] == 0
    with pytest.raises(StepExpired):
        await place.scope(second)
    assert (await place.exit(second, "more")).notice == RESTARTED


async def test_another_flow_that_changed_restarts_nothing(place: Place) -> None:
    first = await place.start("counter")
    place.add("other", "{kind: action, start: e, nodes: {e: {type: end}}}")
    assert (await place.exit(first, "more")).notice is None


async def test_a_flow_that_is_gone_cannot_restart(place: Place) -> None:
    first = await place.start("counter")
    del place.flows["counter"]
    with pytest.raises(StepExpired):
        await place.exit(first, "more")


async def test_an_end_is_a_step_without_exits(place: Place) -> None:
    place.add(
        "ends",
        """
        kind: regular
        variables: {name: you}
        start: end
        nodes: {end: {type: end, heading: Bye, message: "Bye, {{ name }}", tone: info}}
        """,
    )
    step = await place.start("ends")
    assert step.kind == "end"
    assert step.end is not None
    assert (step.end["title"], step.end["message"], step.end["tone"]) == ("Bye", "Bye, you", "info")
    with pytest.raises(StepExpired):
        await place.exit(step, "default")
    assert (await place.runs())[0]["status"] == "done"


async def test_a_run_over_several_pages_is_one_run(place: Place) -> None:
    step = await place.exit(await place.start("counter"), "more")
    await place.exit(step, "more")
    (run,) = await place.runs()
    assert (run["status"], run["who"]) == ("waiting", "Ada")
    assert [visit["node"] for visit in run["way"]] == ["show", "add", "show", "add", "show"]


async def test_variables_that_grow_too_large_are_told_and_nothing_is_lost(place: Place) -> None:
    first = await place.start("counter")
    with pytest.raises(StateTooLarge) as caught:
        await place.exit(first, "say", "x" * 1_100_000)
    assert caught.value.facts["variable"] == "said"
    assert (await place.runs())[0]["error"]["code"] == "stateTooLarge"
    assert (await place.exit(first, "more")).step == 2


async def test_a_failure_leaves_the_step_where_it_was(place: Place) -> None:
    place.add("counter", COUNTER.replace("{{ n + 1 }}", "{{ $error('no') }}"))
    first = await place.start("counter")
    with pytest.raises(InvalidInput):
        await place.exit(first, "more")
    assert (await place.exit(first, "say", "hi")).step == 2
    way = [(visit["node"], visit["exit"]) for visit in (await place.runs())[0]["way"]]
    assert way == [("show", "more"), ("add", "error"), ("show", "say"), ("show", "pause")]


async def test_wrong_inputs_of_the_address_are_told_and_noted(place: Place) -> None:
    place.add("counter", COUNTER.replace("type: text, default: nobody", "type: integer"))
    with pytest.raises(InvalidInput, match="no integer"):
        await place.start("counter", who="many")
    assert (await place.runs())[0]["status"] == "failed"


async def test_access_is_checked_before_a_flow_starts_and_goes_on(place: Place) -> None:
    first = await place.start("counter")

    def refuse(flow: str, person: Any) -> None:
        raise InvalidInput(f"{flow} is not for {person.name}")

    place.driver.check_access = refuse
    with pytest.raises(InvalidInput, match="counter is not for Ada"):
        await place.start("counter")
    with pytest.raises(InvalidInput, match="counter is not for Ada"):
        await place.exit(first, "more")


async def test_a_snapshot_is_not_changed_by_what_runs_from_it(place: Place) -> None:
    first = await place.start("counter")
    for _ in range(2):
        step = await place.exit(first, "more")
        assert (await place.scope(step))["n"] == 1
    interpreter = Interpreter(place.services, ADA, interactive=True)
    frame = await interpreter.begin("counter", {})
    kept = frame.copy()
    await interpreter.run([frame], segment := Segment(), None)
    await interpreter.run([frame], segment, Exit("more"))
    assert (frame.variables["n"], kept.variables["n"]) == (1, 0)


async def test_old_steps_are_removed_behind_fifty(place: Place) -> None:
    step = await place.start("counter")
    first = step
    for _ in range(50):
        step = await place.exit(step, "more")
    with pytest.raises(StepExpired):
        await place.exit(first, "more")
    assert (await place.scope(step))["n"] == 50


async def test_a_submission_belongs_to_its_flow_instance(place: Place) -> None:
    one, two = await place.start("counter"), await place.start("counter")
    same = new_id()
    assert (await place.exit(one, "more", submission=same)).instance == one.instance
    assert (await place.exit(two, "more", submission=same)).instance == two.instance


async def test_two_different_submissions_of_a_step_at_once_write_once(place: Place) -> None:
    first = await place.start("counter")
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slowly(_call: Call) -> Any:
        arrived.set()
        await go.wait()
        return answer(201)

    place.web.answers = [slowly, slowly]
    one = asyncio.create_task(place.exit(first, "send"))
    await arrived.wait()
    with pytest.raises(StepSpent):
        await place.exit(first, "send")
    go.set()
    assert (await one).step == 2
    assert len(place.web.sent) == 1


async def test_a_page_step_is_no_authorization(place: Place) -> None:
    first = await place.start("counter")
    with pytest.raises(StepExpired):
        await place.driver.resume_authorization(
            first.instance,
            1,
            principal=ADA,
            session_id="one",
            previous_session_id="one",
            outcome="authenticated",
        )
