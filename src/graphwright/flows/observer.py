"""How a run is watched: an observer is told before and after every node and may hold the run.

Knows nothing of who watches. Without an observer nothing is done at all.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from graphwright.flows.context import Frame, Person
from graphwright.kernel.errors import GraphwrightError

Stop = Literal["done", "waiting", "failed", "interrupted", "deferred"]


class Observer:
    """Watches one stretch of a run: up to a page, a sign-in or the end. This one does nothing."""

    async def before(self, frames: Sequence[Frame], *, resumed: bool) -> None:
        """The node of the last frame comes next; the run is held until this returns.

        `resumed`: it has paused, or entered a sub-flow, and goes on now. What is raised here ends
        the run, whatever exits the node has.
        """

    def after(
        self,
        frames: Sequence[Frame],
        exit: str,  # noqa: A002 - the word of the model
        assigned: Collection[str],
        error: GraphwrightError | None = None,
    ) -> None:
        """The node of the last frame has left by an exit, or has stopped: `pause`, `enter`.

        `assigned` names the variables it set; `error` is what it failed with.
        """

    def stopped(self, status: Stop, error: GraphwrightError | None = None) -> None:
        """The stretch is over."""


@dataclass(frozen=True)
class Watched:
    """The run that a stretch belongs to."""

    run: str
    flow: str
    kind: Literal["regular", "action", "node"]
    person: Person | None
    time_zone: str


Watch = Callable[[Watched], Observer]
"""Gives the observer of a stretch that begins."""
