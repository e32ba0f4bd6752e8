"""An application opened from Python: its action flows, its rows. Knows no page and no request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from graphwright.kernel.closing import Closing
from graphwright.kernel.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from graphwright.application.runtime import Runtime
    from graphwright.flows.unattended import RunReport
    from graphwright.sdk.blocking import BlockingApplication


class Application(Closing):
    """The application in a folder; `async with graphwright.open(APP) as application`.

    Opened when it is first used: the model is checked (`ModelInvalid`), the databases are opened, the
    tables brought to the lists' definitions.
    """

    def __init__(self, root: Path, data: Path | None = None) -> None:
        self._root = root
        self._data = data
        self._runtime: Runtime | None = None
        self._blocking: BlockingApplication | None = None
        self._opening = asyncio.Lock()

    @property
    def blocking(self) -> BlockingApplication:
        """The same without `await`, for scripts and notebooks."""
        from graphwright.sdk.blocking import BlockingApplication

        if self._blocking is None or self._blocking.is_closed:
            self._blocking = BlockingApplication(Application(self._root, self._data))
        return self._blocking

    async def run(
        self,
        flow: str,
        inputs: Mapping[str, JsonValue] | None = None,
        *,
        account: str | None = None,
    ) -> RunReport:
        """Runs an action flow to its end, as somebody who has signed in where `account` names them.

        Raises what its nodes raise, where no exit takes it; the list of runs has it all the same.
        """
        from graphwright.application.people import find_person
        from graphwright.flows.unattended import run_action

        runtime = await self._reach()
        person = await find_person(runtime, account) if account else None
        return await run_action(runtime.services, flow, inputs or {}, person=person)

    async def rows(self, name: str, owner: str | None = None) -> AsyncGenerator[JsonObject]:
        """The rows of a list: `owner` is the user principal name of the person whose they are.

        None for a list that all share.
        """
        from graphwright.application.people import find_person
        from graphwright.lists import RowQuery

        runtime = await self._reach()
        owner_id = (await find_person(runtime, owner)).id if owner else None
        async for row in runtime.lists.export(name, owner_id, RowQuery(limit=None)):
            yield row

    async def close(self) -> None:
        """Closes connections, files and threads."""
        async with self._opening:
            runtime, self._runtime = self._runtime, None
            if runtime is not None:
                await runtime.close()

    async def __aenter__(self) -> Self:
        await self._reach()
        return self

    async def _reach(self) -> Runtime:
        from graphwright.application.runtime import Runtime

        async with self._opening:
            if self._runtime is None:
                self._runtime = await Runtime.open(self._root, data=self._data)
            return self._runtime


def open(app: str | Path, *, data: str | Path | None = None) -> Application:  # noqa: A001
    """The application in a folder, to run its flows and read its rows; `data`: where its data lie."""
    return Application(Path(app), None if data is None else Path(data))
