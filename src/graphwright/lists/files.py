"""The contents of files: kept in a folder under ids that cannot be guessed, until nobody names them.

A file's value in flows and rows is `{"file": id, "name", "size", "type"}`: whoever has the id may
read the content. Knows no flow, no request and no database.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from graphwright.kernel.errors import FileGone, FileNotWritten, InvalidInput
from graphwright.kernel.ids import new_id
from graphwright.kernel.settings import Settings
from graphwright.kernel.values import JsonObject, JsonValue

_MOST = 250_000_000
# Longer than the state of a flow, or a download that is to be gone on with, is kept.
UNUSED_SECONDS = 24 * 3600
_TIDY_SECONDS = 3600
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file as flows and rows hold it."""

    id: str
    name: str
    size: int
    type: str

    def to_json(self) -> JsonObject:
        """The value in flows and rows."""
        return {"file": self.id, "name": self.name, "size": self.size, "type": self.type}

    @classmethod
    def of(cls, value: JsonValue) -> Self:
        """The file that a value of a flow means; `InvalidInput` for anything else."""
        if isinstance(value, dict):
            file, name = value.get("file"), value.get("name")
            size, kind = value.get("size"), value.get("type")
            if (
                isinstance(file, str)
                and _ID.fullmatch(file)
                and isinstance(name, str)
                and isinstance(kind, str)
                and isinstance(size, int)
                and not isinstance(size, bool)
            ):
                return cls(file, name, size, kind)
        raise InvalidInput(
            "This is no file.",
            hint="A file is what a request with `save` gives: {file, name, size, type}.",
        )


def file_name(text: str) -> str:
    """A name that any system can give a file: one line without folders; "file" where none is left."""
    name = "".join(char for char in text if char.isprintable()).replace("\\", "/")
    name = name.rpartition("/")[2].strip()[:_LONGEST_NAME]
    return "file" if name in ("", ".", "..") else name


class Files:
    """The contents in one folder; `most` bytes of one file."""

    def __init__(self, folder: Path, most: int = _MOST) -> None:
        self._folder = folder
        self.most = most
        self._tidied: float | None = None

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Those of an application, beside its databases."""
        text = settings.get("GRAPHWRIGHT_FILE_BYTES") or str(_MOST)
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise InvalidInput(
                "The setting GRAPHWRIGHT_FILE_BYTES is no number of bytes.",
                setting="GRAPHWRIGHT_FILE_BYTES",
            )
        return cls(settings.data / "files", int(text))

    def incoming(self, scope: str) -> Path:
        """Where the content that a request reads lies until it is whole."""
        return self._folder / "incoming" / scope

    async def keep(self, path: Path) -> str:
        """Takes a whole file from where it is; its id."""
        return await asyncio.to_thread(self._keep, path)

    def _keep(self, path: Path) -> str:
        file = new_id()
        target = self._path(file)
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(target)
        except OSError as error:
            raise FileNotWritten.of(path, error) from error
        return file

    def find(self, file: str) -> Path:
        """Where the content lies; `FileGone` where it does not."""
        path = self._path(file)
        if not _ID.fullmatch(file) or not path.is_file():
            raise FileGone("The content of the file is not kept any more.", hint="Load it again.")
        return path

    def _path(self, file: str) -> Path:
        # `-` and `_` come first in ids as well, and some systems know no case.
        return self._folder / file[:2].lower() / file

    async def tidy(
        self, find_used: Callable[[], Awaitable[Collection[str]]], now: float | None = None
    ) -> None:
        """Removes what is unused, once an hour at most. `now`: seconds of a clock that only runs."""
        now = time.monotonic() if now is None else now
        if self._tidied is None or now - self._tidied >= _TIDY_SECONDS:
            self._tidied = now
            await self.remove_unused(await find_used())

    async def remove_unused(self, used: Collection[str]) -> int:
        """Removes what is older than a day and not among the ids; how many files that were."""
        return await asyncio.to_thread(self._remove_unused, used)

    def _remove_unused(self, used: Collection[str]) -> int:
        removed = 0
        oldest = time.time() - UNUSED_SECONDS
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                if path.name not in used and path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
        return removed
