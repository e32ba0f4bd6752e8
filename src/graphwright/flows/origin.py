"""Where a stretch of an interactive flow starts from, and the claim it lays on that step to write."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from graphwright.flows.errors import StepSpent
from graphwright.flows.steps import claim_step, latest_step, release_step
from graphwright.kernel.database import Database


@dataclass(frozen=True)
class Origin:
    """The step a stretch starts from; step 0 is the start of a flow."""

    instance: str
    step: int
    flow: str
    run_id: str
    session_id: str
    principal_id: str | None


class Claim:
    """Of all that leave one step at the same time, one may write: the first to claim the step."""

    def __init__(self, database: Database, origin: Origin) -> None:
        self._database = database
        self._origin = origin
        self._is_held = False
        self._lock = asyncio.Lock()

    async def take(self) -> None:
        """To be called before a request that writes; raises `StepSpent` where another was first."""
        # Items of a loop may come to their first write at the same time.
        async with self._lock:
            if not self._is_held and self._origin.step != 0:
                await self._take()

    async def _take(self) -> None:
        origin = self._origin
        if not await self._database.write(claim_step, origin.instance, origin.step):
            raise StepSpent(
                "This was already sent.",
                hint="Go on from where you are now.",
                instance=origin.instance,
                step=await self._database.read(latest_step, origin.instance),
            )
        self._is_held = True

    def settle(self, connection: Connection, *, wrote: bool) -> None:
        """Gives the step free again where nothing was written after all."""
        if self._is_held and not wrote:
            release_step(connection, self._origin.instance, self._origin.step)
