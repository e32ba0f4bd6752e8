"""An application opened to run: its definitions and the services its flows work with."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Self

from graphwright.application.check import load_application
from graphwright.application.definition import Application
from graphwright.flows.context import Services
from graphwright.flows.interactive import InteractiveDriver
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.retry import Limits
from graphwright.http.sessions import UploadSessions
from graphwright.http.shared_pace import SharedPace
from graphwright.kernel.clock import Clock, SystemClock
from graphwright.kernel.closing import Closing
from graphwright.kernel.database import Databases
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.settings import Settings
from graphwright.lists import Lists
from graphwright.lists.files import Files
from graphwright.profiles.permissions import permissions_for
from graphwright.profiles.service import Profiles

# As long as a session may live at most: a step never outlives the session it belongs to.
STEP_LIFETIME = timedelta(hours=12)


class Runtime(Closing):
    """One running application; `async with Runtime.open(…) as runtime`."""

    def __init__(
        self, application: Application, settings: Settings, databases: Databases, clock: Clock
    ) -> None:
        self.application = application
        self.settings = settings
        self.databases = databases
        self.clock = clock
        self.keyring = Keyring.open(settings.key_file)
        self.profiles = Profiles(
            application.profiles, settings, databases, keyring=self.keyring, clock=clock
        )
        limits = Limits.read(settings)
        # Several servers share a database that is a server.
        shared = not databases.system.is_sqlite
        self.pace = SharedPace(databases.system, limits, clock) if shared else None
        self.http = HttpClient(
            self.profiles,
            clock,
            settings,
            limits=limits,
            pace=self.pace,
            permission_for=self._permission_for,
        )
        self.lists = Lists(application.lists, databases.data)
        self.files = Files.open(settings)
        self.services = Services(
            profiles=self.profiles,
            http=self.http,
            databases=databases,
            lists=self.lists,
            files=self.files,
            uploads=UploadSessions(databases.system, self.keyring),
            imports=application.imports,
            flows=application.flows,
            clock=clock,
            settings=settings,
        )
        self.driver = InteractiveDriver(self.services, self.keyring, STEP_LIFETIME)

    def _permission_for(self, call: Call) -> str | None:
        """What a refused call needs at least, for the hint of a 403."""
        if call.profile is None:
            return None
        flavour = self.profiles.definition(call.profile).flavour
        needed = permissions_for(call.method, call.path_template, flavour)
        return ", ".join(needed) if needed else None

    @classmethod
    async def open(
        cls,
        root: Path,
        *,
        data: Path | None = None,
        base_url: str | None = None,
        environment: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        settings: Settings | None = None,
        databases: Databases | None = None,
    ) -> Self:
        """Opens the application of a folder: checks the model, opens databases, prepares lists.

        `settings` and `databases` given are used as they are, and the databases stay open: a draft
        has those that the modeler opened. Raises `ModelInvalid` with all problems,
        `DatabaseUnavailable`, `WrongKey`.
        """
        application = load_application(root, settings)
        settings = settings or Settings.read(
            root, data=data, base_url=base_url, environment=environment
        )
        async with AsyncExitStack() as stack:
            if databases is None:
                databases = Databases.open(settings)
                stack.callback(databases.close)
            runtime = cls(application, settings, databases, clock or SystemClock())
            if runtime.pace is not None:
                stack.push_async_callback(runtime.pace.close)
            stack.push_async_callback(runtime.profiles.close)
            stack.push_async_callback(runtime.http.close)
            await runtime.lists.prepare()
            await runtime.files.tidy(runtime.lists.files_in_use)
            runtime._stack = stack.pop_all()
        return runtime

    _stack: AsyncExitStack

    async def close(self) -> None:
        """Closes connections, files and threads."""
        await self._stack.aclose()
