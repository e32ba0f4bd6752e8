"""The last saves of a draft: what each changed, kept so that it can be looked at and taken back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from graphwright.kernel.errors import NotFound
from graphwright.kernel.ids import new_id
from graphwright.kernel.times import format_instant
from graphwright.modeler.workspace import FileDifference

_KEPT = 100


class SaveMissing(NotFound):
    """The history has no such save."""

    code = "saveMissing"


@dataclass(frozen=True, slots=True)
class Save:
    """One save."""

    id: str
    at: str
    files: tuple[FileDifference, ...]


class SaveHistory:
    """The saves below a folder, one file each; the oldest are forgotten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, files: Sequence[FileDifference], now: datetime) -> Save:
        """Notes a save."""
        at = format_instant(now)
        save = Save(f"{now:%Y%m%d%H%M%S%f}-{new_id()[:6]}", at, tuple(files))
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {
            "at": at,
            "files": [{"name": f.name, "before": f.before, "after": f.after} for f in files],
        }
        (self._folder / f"{save.id}.json").write_text(json.dumps(content), "utf-8")
        for old in self._ids()[_KEPT:]:
            (self._folder / f"{old}.json").unlink(missing_ok=True)
        return save

    def all(self) -> list[Save]:
        """The saves, newest first."""
        return [self.find(name) for name in self._ids()]

    def find(self, save_id: str) -> Save:
        """One save; `SaveMissing`."""
        if save_id not in self._ids():
            raise SaveMissing("There is no such save in the history.")
        content = json.loads((self._folder / f"{save_id}.json").read_text("utf-8"))
        files = (FileDifference(f["name"], f["before"], f["after"]) for f in content["files"])
        return Save(save_id, content["at"], tuple(files))

    def _ids(self) -> list[str]:
        return sorted((path.stem for path in self._folder.glob("*.json")), reverse=True)
