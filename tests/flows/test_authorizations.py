"""Steps that wait for a sign-in: who may go on behind it, and where."""

import pytest

from graphwright.flows.errors import StepExpired
from tests.flows.conftest import ADA, Place

AUTHORIZE = """
kind: regular
variables: {kept: 1}
start: ask
nodes:
  ask: {type: authenticate, profile: mine, exits: {authenticated: show, error: failed}}
  show: {type: page, page: counter, exits: {}}
  failed: {type: end, message: "{{ error.message }}"}
"""


@pytest.mark.parametrize("other_session", [False, True])
async def test_a_flow_goes_on_behind_a_sign_in(place: Place, other_session: bool) -> None:
    place.add("signs", AUTHORIZE)
    first = await place.start("signs", None if other_session else ADA)
    assert (first.kind, first.profile) == ("authorize", "mine")
    session = "two" if other_session else "one"
    outcome = await place.driver.resume_authorization(
        first.instance,
        first.step,
        principal=ADA,
        session_id=session,
        previous_session_id="one",
        outcome="authenticated",
    )
    assert (outcome.kind, outcome.step) == ("page", 2)
    state = await place.driver.peek(outcome.instance, 2, principal=ADA, session_id=session)
    assert state.scope["kept"] == 1
    if other_session:
        with pytest.raises(StepExpired):
            await place.driver.step(outcome.instance, 2, principal=None, session_id="one")


async def test_an_authorization_cannot_be_answered_by_the_browser(place: Place) -> None:
    place.add("signs", AUTHORIZE)
    first = await place.start("signs")
    with pytest.raises(StepExpired):
        await place.exit(first, "authenticated")
    with pytest.raises(StepExpired):
        await place.scope(first)


async def test_a_failed_sign_in_takes_the_error_exit(place: Place) -> None:
    place.add("signs", AUTHORIZE)
    first = await place.start("signs")
    outcome = await place.driver.resume_authorization(
        first.instance,
        1,
        principal=ADA,
        session_id="one",
        previous_session_id="one",
        outcome="error",
        error={"message": "AADSTS7000215", "hint": "Make a new secret."},
    )
    assert outcome.end is not None
    assert outcome.end["message"] == "AADSTS7000215"


@pytest.mark.parametrize("previous", ["two", ""])
async def test_only_the_session_that_asked_goes_on_behind_a_sign_in(
    place: Place, previous: str
) -> None:
    place.add("signs", AUTHORIZE)
    first = await place.start("signs")
    with pytest.raises(StepExpired):
        await place.driver.resume_authorization(
            first.instance,
            1,
            principal=ADA,
            session_id="one",
            previous_session_id=previous,
            outcome="authenticated",
        )
