"""What the draft works with as long as the modeler is open: databases, keys, clock, profiles, HTTP.

The draft's data is its own; its settings and secrets are those of the application's folder. Profiles
and HTTP follow the draft's profile documents, also where flows and pages have problems.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.load import read_profile
from graphwright.http.client import HttpClient
from graphwright.kernel.clock import Clock, SystemClock
from graphwright.kernel.database import Databases
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.settings import Settings
from graphwright.modeler.files import ModelFolder
from graphwright.profiles.definition import Profile
from graphwright.profiles.service import Profiles


class Engine:
    """The running parts of one draft. Close it at the end."""

    def __init__(self, draft: Path, settings: Settings, clock: Clock) -> None:
        self.draft = draft
        self.settings = settings
        self.clock = clock
        self.databases = Databases.open(settings)
        self.keyring = Keyring.open(settings.key_file)
        self._known: Mapping[str, str] | None = None
        self._profiles: Profiles | None = None
        self._http: HttpClient | None = None

    @classmethod
    def open(
        cls,
        root: Path,
        folder: Path,
        *,
        base_url: str,
        environment: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """The engine of the draft in `folder/draft`; its databases lie in `folder`.

        A database that the application's settings name is the saved application's, not the draft's.
        """
        settings = Settings.read(root, data=folder, base_url=base_url, environment=environment)
        return cls(folder / "draft", replace(settings, database_url=None), clock or SystemClock())

    async def profiles(self) -> Profiles:
        """The profiles of the draft as it stands; one that cannot be read is not among them."""
        await self._follow()
        assert self._profiles is not None  # noqa: S101 - for the type checker: made by _follow
        return self._profiles

    async def http(self) -> HttpClient:
        """The HTTP client that sends with those profiles."""
        await self._follow()
        assert self._http is not None  # noqa: S101 - for the type checker: made by _follow
        return self._http

    async def close(self) -> None:
        """Closes connections, files and threads."""
        await self._stop()
        self.databases.close()

    async def _follow(self) -> None:
        folder = ModelFolder(self.draft)
        texts = {n: folder.read(n) or "" for n in folder.names() if n.startswith("profiles/")}
        if texts == self._known:
            return
        await self._stop()
        self._known = texts
        self._profiles = Profiles(
            _read_profiles(texts), self.settings, self.databases, self.keyring, self.clock
        )
        self._http = HttpClient(self._profiles, self.clock, self.settings)

    async def _stop(self) -> None:
        self._known = None
        if self._http is not None:
            await self._http.close()
        if self._profiles is not None:
            await self._profiles.close()


def _read_profiles(texts: Mapping[str, str]) -> dict[str, Profile]:
    found = {}
    for name, text in texts.items():
        with suppress(DocumentBroken, ValidationError):
            found[Path(name).stem] = read_profile(Document.parse(name, text).value)
    return found
