"""What the draft works with as long as the modeler is open: databases, keys, clock, profiles, HTTP.

The draft's data is its own; its settings and secrets are those of the application's folder, and
follow its `.env`. Profiles follow the draft's profile documents, also where flows and pages have
problems.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.load import read_profile
from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.kernel.clock import Clock, SystemClock
from graphwright.kernel.database import Databases
from graphwright.kernel.encryption import Keyring
from graphwright.kernel.errors import Place
from graphwright.kernel.settings import Settings
from graphwright.modeler.files import ModelFolder
from graphwright.profiles.definition import Profile
from graphwright.profiles.errors import ProfileInvalid
from graphwright.profiles.permissions import permissions_for
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import AccessToken


class Engine:
    """The running parts of one draft. Close it at the end."""

    def __init__(self, draft: Path, read_settings: Callable[[], Settings], clock: Clock) -> None:
        self.draft = draft
        self._read_settings = read_settings
        self.settings = settings = read_settings()
        self.clock = clock
        self.databases = Databases.open(settings)
        self.keyring = Keyring.open(settings.key_file)
        self._known: Mapping[str, str] = {}
        self._profiles: Profiles | None = None
        self._lock = asyncio.Lock()
        self._current = _Current(settings)
        self._http = HttpClient(
            self._current, clock, self._current, permission_for=self._current.permission_for
        )

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

        def read_settings() -> Settings:
            read = Settings.read(root, data=folder, base_url=base_url, environment=environment)
            return replace(read, database_url=None)

        return cls(folder / "draft", read_settings, clock or SystemClock())

    async def profiles(self) -> Profiles:
        """The profiles of the draft as it stands; one that is wrong says so when it is used."""
        async with self._lock:
            folder = ModelFolder(self.draft)
            texts = {n: folder.read(n) or "" for n in folder.names() if n.startswith("profiles/")}
            if self._profiles is None or texts != self._known:
                if self._profiles is not None:
                    await self._profiles.close()
                self._known = texts
                self._profiles = Profiles(
                    _Definitions(texts), self.settings, self.databases, self.keyring, self.clock
                )
            return self._profiles

    async def http(self) -> HttpClient:
        """The HTTP client that sends with those profiles.

        One for good: a request that is under way when a profile is edited goes on.
        """
        self._current.profiles = await self.profiles()
        return self._http

    async def renew(self) -> None:
        """Makes the profiles anew: a setting or secret that they read was changed."""
        async with self._lock:
            self._known = {}

    async def reread_settings(self) -> bool:
        """Takes over what `.env` says by now; whether that is something else than before.

        Where the keys lie and how long requests may take stays as it was at the start.
        """
        read = await asyncio.to_thread(self._read_settings)
        if read.values == self.settings.values:
            return False
        self.settings = replace(self.settings, values=read.values, in_env_file=read.in_env_file)
        self._current.settings = self.settings
        await self.renew()
        return True

    async def close(self) -> None:
        """Closes connections, files and threads."""
        await self._http.close()
        if self._profiles is not None:
            await self._profiles.close()
        self.databases.close()


class _Current:
    """The profiles and settings as they are by now, as the HTTP client needs them."""

    profiles: Profiles

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def get(self, name: str, default: str | None = None) -> str | None:
        return self.settings.get(name, default)

    def secret(self, name: str) -> str:
        return self.settings.secret(name)

    def definition(self, name: str) -> Profile:
        return self.profiles.definition(name)

    async def access_token(self, name: str, principal_id: str | None, **how: Any) -> AccessToken:
        return await self.profiles.access_token(name, principal_id, **how)

    def permission_for(self, call: Call) -> str | None:
        """What a refused call needs at least, for the hint of a 403."""
        if call.profile is None:
            return None
        flavour = self.definition(call.profile).flavour
        return ", ".join(permissions_for(call.method, call.path_template, flavour) or []) or None


class _Definitions(Mapping[str, Profile]):
    """The profiles by name, read when they are asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {Path(name).stem: (name, text) for name, text in texts.items()}

    def __getitem__(self, name: str) -> Profile:
        document, text = self._texts[name]
        try:
            return read_profile(Document.shared(document, text).value)
        except DocumentBroken as broken:
            reason, place = broken.problem.message, broken.problem.place
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(step) for step in first["loc"])
            reason, place = f"{field}: {first['msg']}", Place(file=document, field=field)
        raise ProfileInvalid(
            f"The profile {name} cannot be used: {reason}.",
            hint="Correct it first.",
            place=place,
            problems=[],
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __len__(self) -> int:
        return len(self._texts)
