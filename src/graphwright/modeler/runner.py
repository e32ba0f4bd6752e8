"""The portal of the draft: an ASGI application that is swapped when a run is started.

Requests under way end on the runtime they began on. Knows the portal only as something that is made of
a runtime; databases and settings are the engine's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.application.load import read_application
from graphwright.application.runtime import Runtime
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.inputs import check_inputs
from graphwright.flows.observer import Observer, Watched
from graphwright.flows.runs import find_run
from graphwright.flows.unattended import run_action
from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Databases
from graphwright.kernel.errors import (
    GraphwrightError,
    InvalidInput,
    ModelInvalid,
    NotFound,
    Unavailable,
    nearest,
)
from graphwright.kernel.settings import Settings
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.modeler.accounts import find_account
from graphwright.modeler.again import run_again
from graphwright.modeler.masking import Masker, find_masker
from graphwright.modeler.trace import Trace, Traces
from graphwright.profiles.principals import Principal
from graphwright.web.errors import ErrorBoundary
from graphwright.web.headers import SecurityHeaders
from graphwright.web.hosts import Address, HostCheck

CreatePortal = Callable[[Runtime], ASGIApp]


class Ground(Protocol):
    """What stays open while drafts come and go: the engine."""

    @property
    def settings(self) -> Settings:
        """The settings of the application's own folder, the draft's data, the portal's address."""
        ...

    @property
    def databases(self) -> Databases:
        """The draft's own data."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...


class NothingRuns(Unavailable):
    """Neither the draft nor the saved application was run yet."""

    code = "nothingRuns"
    retryable = False


class Runner:
    """Runs the draft: an ASGI application that is the portal of it."""

    def __init__(
        self,
        draft: Path,
        ground: Ground,
        traces: Traces,
        create_portal: CreatePortal,
        *,
        saved: Path | None = None,
    ) -> None:
        self.traces = traces
        self._draft = draft
        self._saved = saved
        self._ground = ground
        self._create_portal = create_portal
        self._opened: _Opened | None = None
        self._retired: set[_Opened] = set()
        self._actions: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()
        address = Address(ground.settings.base_url)
        plain = ErrorBoundary(HostCheck(_refuse, address))
        self._nothing: ASGIApp = SecurityHeaders(plain, address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request of the portal's origin."""
        if self._opened is None:
            await self._open_saved()
        opened = self._opened
        if opened is None:
            await self._nothing(scope, receive, send)
            return
        async with opened.used():
            await opened.portal(scope, receive, send)

    async def start(
        self, flow: str | None, inputs: Mapping[str, JsonValue], account: str | None = None
    ) -> tuple[str | None, str | None]:
        """Opens the draft and runs a flow, else the home; gives a URL, or the id of a trace.

        Raises `ModelInvalid` where the draft has errors: the portal goes on with the one before.
        """
        if not (self._draft / "app.yaml").is_file():
            raise NotFound("There is nothing to run yet.", hint="Choose a template first.")
        opened = await self._open(self._draft)
        async with opened.used():
            return await self._start(opened, flow, inputs, account)

    async def again(self, trace_id: str, index: int, *, confirmed: bool) -> Trace:
        """Runs one node once more, as the draft has it now."""
        # What is not there is said before anything is opened.
        self.traces.visit(trace_id, index)
        opened = await self._open(self._draft)
        async with opened.used():
            return await run_again(
                opened.runtime, self.traces, opened.masker, trace_id, index, confirmed=confirmed
            )

    def set_breakpoints(self, nodes: Mapping[str, list[str]]) -> None:
        """Holds before these nodes from now on; `NotFound` for what the draft does not have."""
        try:
            flows = read_application(self._draft)[0].flows
        except ModelInvalid:
            flows = {}
        self.traces.breakpoints.set(nodes, flows)

    async def happened(self, run: str) -> JsonObject | None:
        """What the requests of a run cost and what its imports did; None where none of it is kept."""
        ground = self._ground
        try:
            found = await ground.databases.system.read(find_run, run, now=ground.clock.now())
        except NotFound:
            return None
        return {name: found["report"][name] for name in ("meter", "imports")}

    def interrupt(self) -> None:
        """Ends what is held, so that the server can stop at once."""
        self.traces.interrupt()

    async def close(self) -> None:
        """Ends everything that runs, and closes it."""
        self.interrupt()
        for task in list(self._actions):
            task.cancel()
        await asyncio.gather(*self._actions, return_exceptions=True)
        if self._opened is not None:
            self._retired.add(self._opened)
            self._opened = None
        for opened in list(self._retired):
            await opened.close()

    async def _start(
        self,
        opened: "_Opened",
        flow: str | None,
        inputs: Mapping[str, JsonValue],
        account: str | None,
    ) -> tuple[str | None, str | None]:
        application = opened.runtime.application
        name = flow or application.app.home
        definition = application.flows.get(name)
        if definition is None:
            raise NotFound(
                f"There is no flow {name[:60]!r}.", hint=nearest(name[:60], application.flows)
            )
        if definition.kind == "action":
            check_inputs(definition, inputs)
            return None, await self._run_action(opened, name, inputs, account)
        if inputs:
            raise InvalidInput("Only an action flow is given inputs.", hint="Open it by its URL.")
        path = _path_of(name, definition, application.app.home)
        return f"{opened.runtime.settings.base_url}{path}", None

    async def _open_saved(self) -> None:
        """Before the first run: the application as it was saved, where nothing is wrong with it."""
        if self._saved is not None:
            with suppress(ModelInvalid, NotFound):
                await self._open(self._saved, unless_open=True)

    async def _open(self, folder: Path, *, unless_open: bool = False) -> "_Opened":
        async with self._lock:
            if unless_open and self._opened is not None:
                return self._opened
            ground = self._ground
            runtime = await Runtime.open(
                folder,
                settings=ground.settings,
                databases=ground.databases,
                clock=ground.clock,
            )
            masker = find_masker(runtime.application, runtime.settings)
            runtime.driver.watch = self.traces.watch(runtime.application, masker)
            await runtime.driver.clean()
            before = self._opened
            self._opened = _Opened(runtime, self._create_portal(runtime), masker, self._retired)
            if before is not None:
                await before.retire()
            return self._opened

    async def _run_action(
        self, opened: "_Opened", flow: str, inputs: Mapping[str, JsonValue], account: str | None
    ) -> str:
        """Runs an action flow in the background; gives the id of its run as soon as it has one."""
        runtime = opened.runtime
        person = await _find_person(runtime, account)
        begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def watch(run: Watched) -> Observer:
            begun.set_result(run.run)
            return self.traces.watch(runtime.application, opened.masker)(run)

        async def run() -> None:
            async with opened.used():
                # The trace tells what it failed with.
                with suppress(GraphwrightError):
                    await run_action(runtime.services, flow, inputs, person=person, watch=watch)

        task = asyncio.create_task(run())
        self._actions.add(task)
        task.add_done_callback(self._actions.discard)
        either: list[asyncio.Future[Any]] = [task, begun]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not begun.done():
            await task
        return await begun


class _Opened:
    """A runtime and its portal; closed when the last that uses it has ended."""

    def __init__(
        self, runtime: Runtime, portal: ASGIApp, masker: Masker, retired: "set[_Opened]"
    ) -> None:
        self.runtime = runtime
        self.portal = portal
        self.masker = masker
        self._retired = retired
        self._users = 0

    @asynccontextmanager
    async def used(self) -> AsyncIterator[None]:
        """While somebody uses it, it stays open."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            await self._close_unused()

    async def retire(self) -> None:
        """Another has taken its place."""
        self._retired.add(self)
        await self._close_unused()

    async def close(self) -> None:
        """Closes it, whoever uses it."""
        self._retired.discard(self)
        await self.runtime.close()

    async def _close_unused(self) -> None:
        if self._users == 0 and self in self._retired:
            await self.close()


async def _refuse(scope: Scope, _receive: Receive, _send: Send) -> None:
    if scope["type"] == "http":
        raise NothingRuns(
            "No application runs here yet.",
            hint="Choose Run in the modeler: then the draft runs here.",
        )


def _path_of(name: str, flow: FlowDefinition, home: str) -> str:
    if flow.path is not None:
        return flow.path
    if name == home:
        return "/"
    raise InvalidInput(
        f"The flow {name} has no path, so the portal cannot open it.",
        hint="Give it a path such as /calendar, or run a flow that enters it.",
    )


async def _find_person(runtime: Runtime, account: str | None) -> Principal | None:
    """Who an action flow runs as: who is named, or the only one who has signed in, else nobody."""
    if account is not None:
        return (await find_account(runtime.profiles, account)).principal
    people = await runtime.profiles.principals()
    return people[0] if len(people) == 1 else None
