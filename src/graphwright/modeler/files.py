"""The files of a model in a folder: which there are, reading them, writing them whole.

Knows nothing of drafts. A name never leads out of the folder, nor does a link in it.
"""

import hashlib
import os
import re
import tempfile
from codecs import BOM_UTF8
from pathlib import Path

from graphwright.application.documents import MAX_DOCUMENT_BYTES
from graphwright.kernel.errors import InvalidInput, Unavailable
from graphwright.modeler.errors import NameInvalid

FOLDERS = ("profiles", "lists", "imports", "flows", "pages", "layout")
_NAME = re.compile(rf"(app|({'|'.join(FOLDERS)})/[a-z][a-z0-9_-]{{0,59}})\.yaml")


class DocumentTooLarge(InvalidInput):
    """A document is larger than a model file may be."""

    code = "documentTooLarge"
    status = 413


class FileNotKept(Unavailable):
    """A file of the model cannot be read or written."""

    code = "fileNotKept"
    retryable = False


def check_name(name: str) -> str:
    """The name of a document, such as `flows/calendar.yaml`; `NameInvalid` for anything else."""
    if not _NAME.fullmatch(name):
        raise NameInvalid(
            f"{name[:80]!r} is no name of a document.",
            hint="Names are small letters, digits, _ and -, such as flows/my_calendar.yaml.",
        )
    return name


def check_new_name(name: str) -> str:
    """The name of a document that is to be made; a list's becomes a table's."""
    if name.startswith("lists/") and "-" in name:
        raise NameInvalid(
            f"{name!r} is no name of a list.", hint="Names of lists are letters, digits and _."
        )
    return check_name(name)


def revision_of(text: str) -> str:
    """What changes with a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


class ModelFolder:
    """The documents in a folder, by name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """The documents that are there, app.yaml first."""
        found = ["app.yaml"] if self._is_own(self.root / "app.yaml") else []
        for folder in FOLDERS:
            paths = sorted((self.root / folder).glob("*.yaml"))
            found += [
                f"{folder}/{path.name}"
                for path in paths
                if _NAME.fullmatch(f"{folder}/{path.name}") and self._is_own(path)
            ]
        return found

    def read(self, name: str) -> str | None:
        """The text of a document; None where there is none."""
        path = self.root / check_name(name)
        if not self._is_own(path):
            return None
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileNotKept(f"{name} cannot be read: {error.strerror}.") from error
        # What is no UTF-8 comes back the same when it is written.
        return content.removeprefix(BOM_UTF8).decode("utf-8", "surrogateescape")

    def stamp(self, name: str) -> tuple[int, int] | None:
        """Changes when the file does: time and size."""
        try:
            found = (self.root / name).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def write(self, name: str, text: str) -> None:
        """Writes a document: the whole new text or, where that fails, the old one stays."""
        path = self.root / check_name(name)
        content = text.encode("utf-8", "surrogateescape")
        if len(content) > MAX_DOCUMENT_BYTES:
            raise DocumentTooLarge(f"{name} would have over {MAX_DOCUMENT_BYTES:,} bytes.")
        part = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or not self._is_inside(path.parent):
                raise NameInvalid(f"{name} leads out of the application's folder.")
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(BOM_UTF8 if _has_mark(path) else b"")
                file.write(content)
            Path(part).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(part).replace(path)
        except OSError as error:
            if part:
                Path(part).unlink(missing_ok=True)
            raise FileNotKept(
                f"{name} cannot be written: {error.strerror}.",
                hint="Check the space on the disk and the rights of the folder. The draft is kept.",
            ) from error

    def remove(self, name: str) -> None:
        """Removes a document that is there or not."""
        path = self.root / check_name(name)
        if not self._is_inside(path.parent):
            raise NameInvalid(f"{name} leads out of the application's folder.")
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FileNotKept(f"{name} cannot be removed: {error.strerror}.") from error

    def _is_own(self, path: Path) -> bool:
        """Whether it is a file of this folder that can be a document."""
        return (
            path.is_file()
            and not path.is_symlink()
            and self._is_inside(path.parent)
            and path.stat().st_size <= MAX_DOCUMENT_BYTES + len(BOM_UTF8)
        )

    def _is_inside(self, folder: Path) -> bool:
        root = self.root.resolve()
        found = folder.resolve()
        return found == root or root in found.parents


def _has_mark(path: Path) -> bool:
    """Whether a file begins with a byte order mark, which is no part of its text."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8
