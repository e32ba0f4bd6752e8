"""Two tabs at the same step: of two different submissions at once, one writes."""

import asyncio

import pytest

from graphwright.flows.errors import StepSpent
from graphwright.flows.outcomes import StepOutcome
from graphwright.http.errors import HttpError
from graphwright.http.response import Response
from tests.flows.conftest import Place, answer, refusal
from tests.flows.test_interactive import COUNTER


async def test_of_two_different_submissions_at_once_one_writes(place: Place) -> None:
    place.add("counter", COUNTER)
    first = await place.start("counter")
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slowly(_call: object) -> Response:
        arrived.set()
        await go.wait()
        return answer(201)

    place.web.answers = [slowly, slowly]
    tries = [
        asyncio.create_task(place.exit(first, "send", submission=name)) for name in ("s-1", "s-2")
    ]
    await arrived.wait()
    done, _ = await asyncio.wait(tries, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    go.set()
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert len(done) == 1
    assert {type(result) for result in results} == {StepOutcome, StepSpent}
    assert len(place.web.sent) == 1


async def test_a_refused_write_gives_the_step_free_for_another_tab(place: Place) -> None:
    place.add("counter", COUNTER)
    first = await place.start("counter")
    place.web.answers = [refusal(400), answer(201)]
    with pytest.raises(HttpError):
        await place.exit(first, "send", submission="s-1")
    assert (await place.exit(first, "send", submission="s-2")).step == 2
    assert len(place.web.sent) == 2
