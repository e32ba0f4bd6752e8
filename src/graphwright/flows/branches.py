"""Runs the way behind a loop once for every item, several at once, each on its own.

Knows the interpreter as something that runs a frame on to a node; nothing of what nodes do.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, Protocol

from graphwright.flows.context import Exit, Fork, Frame, Services, describe_error
from graphwright.flows.errors import PauseInParallel
from graphwright.http.batch import gathering
from graphwright.kernel.errors import GraphwrightError, Place
from graphwright.kernel.values import JsonObject

if TYPE_CHECKING:
    from graphwright.flows.interpreter import Segment

# The way is for reading: what thousands of items did is told of the first.
WAYS_KEPT: Final = 20
REASONS_KEPT: Final = 20


class BranchFailed(Exception):
    """An item failed, or there is no next one, and the loop does not go on: with this error."""

    def __init__(self, error: GraphwrightError) -> None:
        super().__init__(error.message)
        self.error = error


class BranchRunner(Protocol):
    """Who runs an item's way: the interpreter."""

    @property
    def services(self) -> Services:
        """What nodes work with."""
        ...

    async def run_branch(self, frames: list[Frame], segment: "Segment", gate: str) -> None:
        """Runs the last frame on until it comes to the node `gate` or ends."""
        ...


async def run_branches(
    runner: BranchRunner, frames: Sequence[Frame], fork: Fork, segment: "Segment"
) -> Exit:
    """Runs the items of the last frame's loop; the exit says how many came and what failed.

    What an item sets stays in it, what it counts is counted in the segment. Where the loop stops at
    a failure nothing new begins, what is under way ends, and `BranchFailed` has the first error. So it
    is where a run is ended from outside; that error is raised as it is.
    """
    branches = _Branches(runner, frames, fork, segment)
    try:
        async with (
            gathering(runner.services.http),
            asyncio.TaskGroup() as group,
            aclosing(fork.items),
        ):
            await branches.begin_all(group)
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        for number in sorted(branches.ways):
            segment.way += branches.ways[number].way
    if branches.end is not None:
        raise branches.end
    if branches.error is not None:
        raise BranchFailed(branches.error)
    reasons = [branches.reasons[number] for number in sorted(branches.reasons)]
    return Exit("done", {"items": branches.items, "failed": branches.failed, "reasons": reasons})


class _Branches:
    """The items of one loop under way."""

    def __init__(
        self, runner: BranchRunner, frames: Sequence[Frame], fork: Fork, segment: "Segment"
    ) -> None:
        self.items = 0
        self.failed = 0
        self.error: GraphwrightError | None = None
        self.end: GraphwrightError | None = None
        self.reasons: dict[int, JsonObject] = {}
        self.ways: dict[int, Segment] = {}
        self._runner = runner
        self._below = list(frames[:-1])
        self._frame = frames[-1]
        self._fork = fork
        self._segment = segment
        self._slots = asyncio.Semaphore(fork.parallel)
        flow = runner.services.flows[self._frame.flow]
        self._first = flow.nodes[self._frame.node].exits.get("each", self._frame.node)

    async def begin_all(self, group: asyncio.TaskGroup) -> None:
        """Begins an item whenever there is room, until there are no more or one has failed."""
        try:
            async for item in self._fork.items:
                await self._slots.acquire()
                if self.error is not None or self.end is not None:
                    return
                self.items += 1
                frame = self._frame.branch(self._first, self._fork.variable, item)
                group.create_task(self._run(self.items, frame))
        except GraphwrightError as error:
            # The next page does not come: no failure of an item, so no going on.
            self.error = self.error or error

    async def _run(self, number: int, frame: Frame) -> None:
        own = self._segment.branch()
        if number <= WAYS_KEPT:
            self.ways[number] = own
        try:
            await self._runner.run_branch([*self._below, frame], own, self._frame.node)
        except GraphwrightError as error:
            if error is own.failure:
                self._fail(number, own, error)
            else:
                self.end = self.end or error
        finally:
            self._segment.wrote |= own.wrote
            self._slots.release()
        if own.pause is not None and own.pause.kind != "end":
            self.end = self.end or PauseInParallel(
                f"An item of the loop {self._frame.node} stopped to ask a person, while others run.",
                hint="Show pages and sign in before the loop or behind it.",
                place=Place(flow=frame.flow, node=frame.node),
            )

    def _fail(self, number: int, own: "Segment", error: GraphwrightError) -> None:
        self.failed += 1
        if not self._fork.go_on:
            if self.error is None:
                self.error, self.ways[number] = error, own
            return
        self._segment.happened.note_failure(error)
        if len(self.reasons) < REASONS_KEPT:
            node = error.place.node if error.place else None
            self.reasons[number] = {"item": number, **describe_error(error, node or "")}
