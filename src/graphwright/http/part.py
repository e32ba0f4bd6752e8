"""The part of a file that has come so far, beside where the file will be: `NAME.part` and a note.

The note says of which request it is and of which version (its ETag): only that may be gone on with.
Locked while somebody writes, so that no two write the same one. Knows headers and no request.
"""

import asyncio
import fcntl
import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from graphwright.http.errors import FileBusy, FileChanged, ResponseInvalid
from graphwright.http.response import media_type, name_of
from graphwright.kernel.errors import FileNotWritten
from graphwright.kernel.values import JsonObject

_HELD = 1024 * 1024
_CONTENT_RANGE = re.compile(r"^bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)$")
_UNSATISFIED = re.compile(r"^bytes \*/(\d{1,15})$")


@dataclass(slots=True)
class Part:
    """What has come of a file; open until `close`."""

    path: Path
    scope: str
    file: BinaryIO = field(repr=False)
    size: int = 0
    etag: str = ""
    total: int | None = None
    """How long the file is; None where the server does not say."""
    name: str = ""
    media_type: str = ""
    received: int = 0
    """How many bytes came since it was opened."""
    held: bytearray = field(default_factory=bytearray, repr=False)

    @classmethod
    def open(cls, path: Path, scope: str) -> Self:
        """The part of the file that this request left, or an empty one; `FileBusy` if in use."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(_beside(path, ".part"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FileNotWritten.of(path, error) from error
        file = os.fdopen(descriptor, "r+b", buffering=0)
        part = cls(path, scope, file)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_free = False
        except OSError:
            # Some network file systems know no locks.
            is_free = True
        else:
            # Whoever had it before may have made it the file meanwhile.
            is_free = part._is_in_place()
        if not is_free:
            file.close()
            raise FileBusy(
                f"{path.name} is being downloaded already.", hint="Try again when it has come."
            )
        part._recall()
        return part

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(
                _beside(self.path, ".part").stat(), os.fstat(self.file.fileno())
            )
        except OSError:
            return False

    def _recall(self) -> None:
        with suppress(OSError, ValueError, TypeError, KeyError):
            note = json.loads(_beside(self.path, ".part.json").read_text("utf-8"))
            if note["scope"] == self.scope:
                self.total, self.name, self.media_type = note["total"], note["name"], note["type"]
                self.etag = str(note["etag"])
        self.size = self.file.seek(0, os.SEEK_END) if self.etag else 0
        self.file.truncate(self.size)

    def range_headers(self) -> dict[str, str]:
        """Asks for the rest, if the file is still the one that the part is of."""
        if not (self.size and self.etag):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.etag}

    def begin(self, status: int, headers: dict[str, str]) -> None:
        """Takes an answer: goes on where it does (206), else begins anew (200)."""
        if status == 206:
            self._go_on(headers)
            return
        packed = "content-encoding" in headers
        length = headers.get("content-length", "")
        etag = headers.get("etag", "")
        # Only of a strong validator's version is every byte the same (RFC 9110, 13.1.5).
        strong = etag if etag.startswith('"') and not packed else ""
        self.restart()
        self.etag = strong
        self.total = int(length) if length.isdigit() and not packed else None
        self.name, self.media_type = name_of(headers), media_type(headers)
        if strong:
            note = {"scope": self.scope, "etag": strong, "total": self.total}
            self._write_note({**note, "name": self.name, "type": self.media_type})

    def _write_note(self, note: JsonObject) -> None:
        try:
            _beside(self.path, ".part.json").write_text(json.dumps(note), "utf-8")
        except OSError as error:
            raise FileNotWritten.of(self.path, error) from error

    def _go_on(self, headers: dict[str, str]) -> None:
        found = _CONTENT_RANGE.match(headers.get("content-range", "").strip())
        if found is None or not self.size or int(found[1]) != self.size:
            raise ResponseInvalid(
                "The server sent another part of the file than was asked for.", status=206
            )
        if headers.get("etag", self.etag) != self.etag:
            raise FileChanged("The file was changed while it was downloaded.")
        if found[3] != "*":
            self.total = int(found[3])

    def is_whole(self, headers: dict[str, str]) -> bool:
        """Whether all is there, behind the end of an answer with these headers."""
        if self.total is not None:
            return self.size == self.total
        # Where only the end of the connection ends the body, it may have been cut: the rest is
        # asked for, and there is none, if that can be asked.
        asked = self.etag and headers.get("accept-ranges") == "bytes"
        return "chunked" in headers.get("transfer-encoding", "") or not asked

    def is_whole_at(self, content_range: str) -> bool:
        """Whether a 416 says that nothing is missing."""
        found = _UNSATISFIED.match(content_range.strip())
        return found is not None and int(found[1]) == self.size

    async def add(self, chunk: bytes) -> None:
        """Appends what came; written a megabyte at a time, beside the event loop."""
        self.held += chunk
        self.size += len(chunk)
        self.received += len(chunk)
        if len(self.held) >= _HELD:
            await asyncio.to_thread(self.flush)

    def flush(self) -> None:
        """Writes what is held."""
        held, self.held = self.held, bytearray()
        try:
            view = memoryview(held)
            while view:
                view = view[self.file.write(view) :]
        except OSError as error:
            raise FileNotWritten.of(self.path, error) from error

    def restart(self) -> None:
        """Forgets what came; the note first, so that no bytes are taken for another version's."""
        _beside(self.path, ".part.json").unlink(missing_ok=True)
        self.held.clear()
        self.file.seek(0)
        self.file.truncate(0)
        self.size, self.etag, self.total = 0, "", None

    def finish(self) -> None:
        """Makes the part the file: on the disk before it gets the name."""
        self.flush()
        try:
            os.fsync(self.file.fileno())
            _beside(self.path, ".part").replace(self.path)
        except OSError as error:
            raise FileNotWritten.of(self.path, error) from error
        _beside(self.path, ".part.json").unlink(missing_ok=True)

    def close(self) -> None:
        """Keeps what is worth it: a part without a version can never be gone on with."""
        with suppress(FileNotWritten):
            self.flush()
        if not self.etag and self._is_in_place():
            _beside(self.path, ".part").unlink()
        self.file.close()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
