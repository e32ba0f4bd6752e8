"""Files that only their owner may read. It must not know what they hold."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def create_private_folder(folder: Path) -> None:
    """Create a folder with mode 0700 unless it is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_private_file(path: Path) -> bytes | None:
    """The bytes of a file, or None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_private_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file whole or not at all; nobody ever sees half of it."""
    create_private_folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        # mkstemp made it 0600; a public file is opened up before it takes its name.
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
