"""Watching a run: what an observer is told, that it may hold or end a run, that nobody need watch."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest

from graphwright.flows.context import Frame
from graphwright.flows.observer import Observer, Stop, Watched
from graphwright.flows.unattended import run_action
from graphwright.http.errors import HttpError
from graphwright.kernel.errors import Conflict, GraphwrightError
from tests.flows.conftest import ADA, BOB, Place, refusal

ERROR_EXIT = """
kind: action
start: call
nodes:
  call: {type: http_request, url: https://api.example/x, response: got, exits: {error: told}}
  told: {type: assign, set: {x: 1, y: "{{ error.code }}"}, exits: {default: last}}
  last: {type: end}
"""
INNER = (
    "kind: action\nstart: call\nnodes:\n  call: {type: http_request, url: https://api.example/x}\n"
)
OUTER = """
kind: action
start: sub
nodes:
  sub: {type: subflow, flow: inner, exits: {error: last}}
  last: {type: end}
"""
PAGES = """
kind: regular
path: /pages
variables: {seen: 0}
start: first
nodes:
  first: {type: page, page: p, outputs: {go: range}, exits: {go: last}}
  last: {type: end}
"""


@dataclass
class Notebook(Observer):
    """Writes down what it is told; holds or refuses the node it is told to."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    runs: list[Watched] = field(default_factory=list)
    hold: asyncio.Event | None = None
    refuse: str | None = None

    def watch(self, run: Watched) -> "Notebook":
        self.runs.append(run)
        return self

    async def before(self, frames: Sequence[Frame], *, resumed: bool) -> None:
        node = frames[-1].node
        self.told.append(("before", node, len(frames), resumed))
        if node == self.refuse:
            raise Conflict("Stopped here.")
        if self.hold is not None:
            await self.hold.wait()

    def after(
        self,
        frames: Sequence[Frame],
        exit: str,  # noqa: A002
        assigned: Collection[str],
        error: GraphwrightError | None = None,
    ) -> None:
        code = error.code if error else None
        self.told.append(("after", frames[-1].node, len(frames), exit, sorted(assigned), code))

    def stopped(self, status: Stop, error: GraphwrightError | None = None) -> None:
        self.told.append(("stopped", status, error.code if error else None))


async def test_an_observer_is_told_before_and_after_every_node_with_exit_variables_and_error(
    place: Place,
) -> None:
    place.add("one", ERROR_EXIT)
    place.web.answers = [refusal(404)]
    notebook = Notebook()
    report = await run_action(place.services, "one", {}, person=ADA, watch=notebook.watch)
    assert notebook.told == [
        ("before", "call", 1, False),
        ("after", "call", 1, "error", ["got"], "httpError"),
        ("before", "told", 1, False),
        ("after", "told", 1, "default", ["x", "y"], None),
        ("before", "last", 1, False),
        ("after", "last", 1, "pause", [], None),
        ("stopped", "done", None),
    ]
    (run,) = notebook.runs
    assert (run.run, run.flow, run.kind, run.person) == (report.run_id, "one", "action", ADA)


async def test_the_failure_of_a_sub_flow_is_told_of_every_node_on_its_way_up(place: Place) -> None:
    place.add("inner", INNER)
    place.add("outer", OUTER)
    place.web.answers = [refusal(500)]
    notebook = Notebook()
    await run_action(place.services, "outer", {}, person=None, watch=notebook.watch)
    assert notebook.told[:4] == [
        ("before", "sub", 1, False),
        ("after", "sub", 1, "enter", [], None),
        ("before", "call", 2, False),
        ("after", "call", 2, "error", [], "httpError"),
    ]
    assert notebook.told[4] == ("after", "sub", 1, "error", [], "httpError")


async def test_a_sub_flow_that_refuses_its_inputs_is_told_as_its_nodes_failure(
    place: Place,
) -> None:
    place.add("inner", INNER)
    place.add("outer", OUTER.replace("flow: inner", "flow: inner, inputs: {nothing: 1}"))
    notebook = Notebook()
    await run_action(place.services, "outer", {}, person=None, watch=notebook.watch)
    assert notebook.told[:2] == [
        ("before", "sub", 1, False),
        ("after", "sub", 1, "error", [], "inputInvalid"),
    ]


async def test_an_observer_holds_a_run_before_a_node_and_another_run_goes_on(place: Place) -> None:
    place.add("one", ERROR_EXIT)
    place.web.answers = [refusal(404), refusal(404)]
    notebook = Notebook(hold=asyncio.Event())
    held = asyncio.create_task(
        run_action(place.services, "one", {}, person=ADA, watch=notebook.watch)
    )
    await run_action(place.services, "one", {}, person=BOB)
    assert notebook.told == [("before", "call", 1, False)]
    assert notebook.hold is not None
    notebook.hold.set()
    await held
    assert notebook.told[-1] == ("stopped", "done", None)


async def test_what_an_observer_raises_ends_the_run_whatever_exits_the_node_has(
    place: Place,
) -> None:
    place.add("one", ERROR_EXIT)
    notebook = Notebook(refuse="call")
    with pytest.raises(Conflict, match=r"Stopped here\."):
        await run_action(place.services, "one", {}, person=None, watch=notebook.watch)
    assert place.web.sent == []
    assert notebook.told[-1] == ("stopped", "failed", "conflict")
    (run,) = await place.runs()
    assert run["status"] == "failed"


async def test_a_page_that_is_answered_is_told_as_going_on(place: Place) -> None:
    place.add("pages", PAGES)
    notebook = Notebook()
    place.driver.watch = notebook.watch
    step = await place.start("pages")
    assert notebook.told == [
        ("before", "first", 1, False),
        ("after", "first", 1, "pause", [], None),
        ("stopped", "waiting", None),
    ]
    del notebook.told[:]
    await place.exit(step, "go", {"start": 1})
    assert notebook.told[:2] == [
        ("before", "first", 1, True),
        ("after", "first", 1, "go", ["range"], None),
    ]
    assert notebook.told[-1] == ("stopped", "done", None)
    assert notebook.runs[0].run == notebook.runs[1].run


async def test_a_flow_that_cannot_begin_is_told_as_failed(place: Place) -> None:
    place.add("pages", PAGES.replace("seen: 0", "seen: \"{{ $number('x') }}\""))
    notebook = Notebook()
    place.driver.watch = notebook.watch
    with pytest.raises(GraphwrightError):
        await place.start("pages")
    assert notebook.told == [("stopped", "failed", "expressionFailed")]


async def test_reading_a_step_is_not_watched(place: Place) -> None:
    place.add("pages", PAGES)
    step = await place.start("pages")
    notebook = Notebook()
    place.driver.watch = notebook.watch
    await place.scope(step)
    assert (notebook.told, notebook.runs) == ([], [])


async def test_without_an_observer_a_failure_is_raised_as_ever(place: Place) -> None:
    place.add("one", INNER)
    place.web.answers = [refusal(500)]
    with pytest.raises(HttpError):
        await run_action(place.services, "one", {}, person=None)
