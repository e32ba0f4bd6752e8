"""The parts of one open modeler, together; every route works with it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from starlette.requests import Request
from starlette.types import ASGIApp

from graphwright.application.check import check_application
from graphwright.application.problems import Problem
from graphwright.application.runtime import Runtime
from graphwright.kernel.errors import InvalidInput, ModelInvalid, NotFound, Place
from graphwright.modeler.engine import Engine
from graphwright.modeler.events import Events
from graphwright.modeler.examples import Examples
from graphwright.modeler.history import SaveHistory
from graphwright.modeler.page_previews import PagePreviews
from graphwright.modeler.runner import Runner
from graphwright.modeler.sign_ins import SignIns
from graphwright.modeler.start_token import StartTokens
from graphwright.modeler.trace import Traces
from graphwright.modeler.tries import Tries
from graphwright.modeler.wire.base import ProblemWire
from graphwright.modeler.workspace import Workspace
from graphwright.web.hosts import Address
from graphwright.web.session import Session, SessionCookie, SessionLimits, Sessions

# Sessions of the modeler belong to this principal. The portal of the draft, which gives a session to
# everybody, keeps its own in the same table: without this one of those would open the modeler too.
MODELLING = "_modeler"
# Whoever models reads and thinks for long, on their own machine, and goes on in the morning.
_LIMITS = SessionLimits(idle=timedelta(hours=24), absolute=timedelta(days=7))
_QUIET_SECONDS = 0.15
_DISK_SECONDS = 1.0
logger = logging.getLogger("graphwright.modeler")


class Modeler:
    """One application being modelled."""

    def __init__(
        self,
        workspace: Workspace,
        engine: Engine,
        create_portal: Callable[[Runtime], ASGIApp],
        *,
        base_url: str,
        folder: Path,
    ) -> None:
        self.workspace = workspace
        self.engine = engine
        self.folder = folder
        self.address = Address(base_url)
        self.events = Events()
        self.examples = Examples()
        self.page_previews = PagePreviews(engine.databases.data)
        self.tries = Tries(engine, self.examples, self.events.publish)
        self.sign_ins = SignIns(engine, self.events)
        self.history = SaveHistory(folder / "history")
        self.start_tokens = StartTokens()
        self.traces = Traces(self.events.publish, engine.clock)
        self.runner = Runner(
            workspace.draft, engine, self.traces, create_portal, saved=workspace.root
        )
        self.sessions = Sessions(engine.databases.system, engine.clock, _LIMITS)
        self.session_cookie = SessionCookie(self.address, "graphwright-modeler")
        self.sandbox: Mapping[str, Any] | None = None
        """What a sandbox said that runs beside the modeler: ready line and all."""
        self._env_stamp = _stamp(workspace.root / ".env")
        self._telling: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        workspace.on_change(self._changed)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        base_url: str,
        portal_url: str,
        create_portal: Callable[[Runtime], ASGIApp],
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """The modeler of the application in `root`, which may be empty.

        `base_url`: its own address; `portal_url`: where the draft runs, in what `create_portal`
        makes; `folder`: where draft and data lie, else `.graphwright/modeler` of the application.
        """
        folder = folder or root / ".graphwright" / "modeler"
        _make_folders(root, folder)
        workspace = Workspace(root, folder)
        engine = Engine.open(root, folder, base_url=portal_url, environment=environment)
        return cls(workspace, engine, create_portal, base_url=base_url, folder=folder)

    def start_url(self) -> str:
        """A link that opens the modeler once."""
        token = self.start_tokens.issue(self.engine.clock.now())
        return f"{self.address.base_url}/start?token={token}"

    async def begin_session(self, token: str) -> Session | None:
        """The session that a start token opens; None where it opens none (any more)."""
        if not self.start_tokens.redeem(token, self.engine.clock.now()):
            return None
        return await self.sessions.create(MODELLING)

    def problems(self) -> list[Problem]:
        """What is wrong with the draft; slow enough for a thread."""
        try:
            _, found = check_application(self.workspace.draft, self.engine.settings)
        except NotFound:
            return []
        except ModelInvalid as error:
            return [_problem_of(raw) for raw in error.facts["problems"]]
        return found

    async def problems_on_wire(self) -> list[ProblemWire]:
        """The same as the browser gets them."""
        found = await asyncio.to_thread(self.problems)
        return [ProblemWire(**problem.to_json()) for problem in found]

    async def settings_changed(self) -> None:
        """What reads settings and secrets does so anew, and the browsers hear what is wrong by now."""
        await self.engine.renew()
        self._tell_problems()

    async def look(self) -> None:
        """Takes over what changed on disk: model files, and the settings in `.env`."""
        self.workspace.sync()
        stamp = _stamp(self.workspace.root / ".env")
        if stamp == self._env_stamp:
            return
        self._env_stamp = stamp
        if await self.engine.reread_settings():
            self._tell_problems()

    def watch(self) -> None:
        """Begins to look at the disk; `close` ends it."""
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Ends what runs, and closes the draft's data."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        if self._telling is not None:
            self._telling.cancel()
        for task in list(self._tasks):
            task.cancel()
        await self.sign_ins.close()
        self.events.close()
        await self.runner.close()
        await self.page_previews.close()
        await self.engine.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_DISK_SECONDS)
            try:
                await self.look()
            except Exception:
                # A file that is half written or not readable for a moment is looked at again.
                logger.warning("The application's folder cannot be read", exc_info=True)

    def _changed(self, changed: list[str], removed: list[str], by: str) -> None:
        told = [
            {"name": state.name, "revision": state.revision}
            for state in self.workspace.documents()
            if state.name in changed
        ]
        self.events.publish("documents", {"changed": told, "removed": removed, "by": by})
        if self._telling is not None:
            self._telling.cancel()
        loop = asyncio.get_running_loop()
        self._telling = loop.call_later(_QUIET_SECONDS, self._tell_problems)

    def _tell_problems(self) -> None:
        async def tell() -> None:
            found = [problem.model_dump() for problem in await self.problems_on_wire()]
            self.events.publish("problems", {"problems": found})

        task = asyncio.create_task(tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Changes with the file; None without one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _make_folders(root: Path, folder: Path) -> None:
    """Makes both; the second is never in git."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "ascii")
    except OSError as error:
        raise InvalidInput(
            f"The folder {error.filename} cannot be used: {error.strerror}.",
            hint="Name a folder of yours, or a new one.",
        ) from error


def session_id(request: Request) -> str:
    """The id of the browser's session; routes are reached by sessions only."""
    return str(request.state.session.id)


def _problem_of(raw: Mapping[str, Any]) -> Problem:
    place = Place(**{n: raw[n] for n in Place.__dataclass_fields__ if n in raw})
    return Problem(raw["code"], raw["message"], place, raw["hint"], raw["severity"])
