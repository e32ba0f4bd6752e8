"""Sub-flows: who may run one, whoever calls it; a page in one goes on in its caller."""

import pytest

from graphwright.flows.context import Person
from graphwright.kernel.errors import Refused
from tests.flows.conftest import ADA, BOB, Place

CALLER = """
    kind: regular
    path: /caller
    access: public
    start: call
    nodes: {call: {type: subflow, flow: inner, exits: {default: finish}}, finish: {type: end}}
"""
INNER = """
    kind: action
    access: {roles: [boss]}
    start: finish
    nodes: {finish: {type: end}}
"""


async def test_who_may_not_run_a_flow_may_not_run_it_through_another(place: Place) -> None:
    asked: list[tuple[str, str | None]] = []

    def check(flow: str, person: Person | None) -> None:
        asked.append((flow, person.id if person else None))
        if flow == "inner" and person is not ADA:
            raise Refused("This is not for you.")

    place.add("caller", CALLER)
    place.add("inner", INNER)
    place.driver.check_access = check
    assert (await place.start("caller", person=ADA)).kind == "end"
    with pytest.raises(Refused):
        await place.start("caller", person=BOB)
    assert ("inner", BOB.id) in asked


async def test_a_sub_flow_without_access_of_its_own_is_its_callers(place: Place) -> None:
    def check(flow: str, _person: Person | None) -> None:
        if flow == "inner":
            raise Refused("This is not for you.")

    place.add("caller", CALLER)
    place.add("inner", INNER.replace("    access: {roles: [boss]}\n", ""))
    place.driver.check_access = check
    assert (await place.start("caller", person=BOB)).kind == "end"


async def test_a_page_within_a_sub_flow_goes_on_in_its_caller(place: Place) -> None:
    place.add(
        "inner",
        """
        kind: regular
        start: ask
        nodes:
          ask: {type: page, page: ask, outputs: {submit: got}, exits: {submit: end}}
          end: {type: end, exit: done, result: "{{ got }}"}
        """,
    )
    place.add(
        "outer",
        """
        kind: regular
        start: call
        nodes:
          call: {type: subflow, flow: inner, result: answer, exits: {done: show}}
          show: {type: page, page: counter, exits: {}}
        """,
    )
    first = await place.start("outer")
    assert (first.page, first.flow) == ("ask", "outer")
    place.driver = place.restart()
    second = await place.exit(first, "submit", {"x": 1})
    assert (await place.scope(second))["answer"] == {"x": 1}
