"""The draft of an application: what is edited, beside what is saved.

Three folders of model files: the application's own (disk), the draft, and the base, which is the disk
as it was when both were last alike. Knows nothing of HTTP and of what the documents say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.errors import (
    DocumentChanged,
    DocumentExists,
    DocumentInConflict,
    DocumentMissing,
)
from graphwright.modeler.files import (
    FileNotKept,
    ModelFolder,
    check_name,
    check_new_name,
    revision_of,
)

OnChange = Callable[[list[str], list[str], str], None]


@dataclass(frozen=True, slots=True)
class DocumentState:
    """One document of the draft, held against the disk."""

    name: str
    text: str
    changed: bool
    disk_text: str | None = None
    """The text on disk, where it changed there as well."""
    conflict: bool = False

    @property
    def revision(self) -> str:
        """Changes with the text."""
        return revision_of(self.text)


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file before and after; None where it was not there."""

    name: str
    before: str | None
    after: str | None

    @property
    def change(self) -> str:
        """`added`, `changed` or `removed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def diff(self) -> str:
        """The difference as a unified diff."""
        before, after = (
            (text or "").splitlines(keepends=True) for text in (self.before, self.after)
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in unified_diff(before, after, self.name, self.name)
        )


class Workspace:
    """The draft of the application in `root`, kept below `folder`."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.disk = ModelFolder(root)
        self._draft = ModelFolder(folder / "draft")
        self._base = ModelFolder(folder / "base")
        self._stamps: dict[str, object] = {}
        self._listeners: list[OnChange] = []
        for made in (self._draft, self._base):
            made.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sync()

    @property
    def root(self) -> Path:
        """The application's own folder."""
        return self.disk.root

    @property
    def draft(self) -> Path:
        """The folder of the draft: an application like any other."""
        return self._draft.root

    def on_change(self, listener: OnChange) -> None:
        """Calls it with (changed names, removed names, by whom) after every change of the draft."""
        self._listeners.append(listener)

    def documents(self) -> list[DocumentState]:
        """Every document of the draft."""
        return [self.read(name) for name in self._draft.names()]

    def removed(self) -> list[str]:
        """Files on disk that saving would remove."""
        names = self._draft.names()
        return [
            name
            for name in self.disk.names()
            if name not in names and self._base.read(name) is not None
        ]

    def read(self, name: str) -> DocumentState:
        """One document of the draft; `DocumentMissing`."""
        text = self._draft.read(name)
        if text is None:
            raise DocumentMissing(f"The draft has no {name}.")
        disk, base = self.disk.read(name), self._base.read(name)
        conflict = disk not in (base, text) and base != text
        return DocumentState(name, text, text != disk, disk if conflict else None, conflict)

    def draft_text(self, name: str) -> str | None:
        """The text of a document of the draft; None where there is none."""
        return self._draft.read(name)

    def write(self, name: str, revision: str, text: str, by: str) -> DocumentState:
        """A new text, in the place of the one with that revision; else `DocumentChanged`."""
        before = self.read(name)
        self._compare(before, revision)
        if text != before.text:
            self._draft.write(name, text)
            self._tell([name], [], by)
        return self.read(name)

    def create(self, name: str, text: str, by: str) -> DocumentState:
        """A new document; `DocumentExists` where there is one."""
        if self._draft.read(check_new_name(name)) is not None:
            raise DocumentExists(
                f"There is a document {name} already.", hint="Choose another name."
            )
        self._draft.write(name, text)
        self._tell([name], [], by)
        return self.read(name)

    def remove(self, name: str, revision: str, by: str) -> None:
        """Takes a document out of the draft; what makes the folder an application stays."""
        if name == "app.yaml":
            raise InvalidInput("Without app.yaml there is no application.")
        self._compare(self.read(name), revision)
        self._draft.remove(name)
        self._tell([], [name], by)

    def texts(self) -> dict[str, str]:
        """Every document's text as it is now, for an `apply` that is worked out from them."""
        return {name: self._draft.read(name) or "" for name in self._draft.names()}

    def apply(
        self,
        texts: dict[str, str | None],
        by: str,
        *,
        based_on: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Writes several documents (None removes one), such as a rename changes; gives their names.

        `DocumentChanged` before anything is written, where one is not the text it is based on.
        """
        before = {name: self._draft.read(check_name(name)) for name in texts}
        for name, text in before.items():
            if based_on is not None and text != based_on.get(name):
                raise DocumentChanged(f"{name} was changed in the meantime.", hint="Try again.")
        changed = {name: text for name, text in texts.items() if text != before[name]}
        for name, text in changed.items():
            self._put(self._draft, name, text)
        removed = [name for name, text in changed.items() if text is None]
        self._tell([name for name in changed if name not in removed], removed, by)
        return sorted(changed)

    def changes(self, names: Iterable[str] | None = None) -> list[FileDifference]:
        """What saving would do to the folder."""
        every = sorted({*self._draft.names(), *self.removed()})
        wanted = every if names is None else [check_name(name) for name in names]
        found = [FileDifference(n, self.disk.read(n), self._draft.read(n)) for n in wanted]
        return [one for one in found if one.before != one.after]

    def save(self, names: Iterable[str] | None, by: str) -> list[FileDifference]:
        """Writes the draft's documents into the folder; gives what was changed.

        `DocumentInConflict` before anything is written, where one was changed on disk too.
        """
        self.sync()
        found = self.changes(names)
        for one in found:
            if one.after is not None and self.read(one.name).conflict:
                raise DocumentInConflict(
                    f"{one.name} was changed on disk too.",
                    hint="Compare both, and take one of them, before you save it.",
                    document=one.name,
                )
        for one in found:
            self._put(self.disk, one.name, one.after)
            self._put(self._base, one.name, one.after)
            self._stamps[one.name] = self.disk.stamp(one.name)
        self._tell([], [], by)
        return found

    def discard(self, names: Iterable[str] | None, by: str) -> list[str]:
        """Puts the files of the folder in the draft's place; gives the names of what was changed."""
        found = self.changes(names)
        for one in found:
            self._put(self._draft, one.name, one.before)
            self._put(self._base, one.name, one.before)
        changed = [one.name for one in found if one.before is not None]
        self._tell(changed, [one.name for one in found if one.before is None], by)
        return [one.name for one in found]

    def settle(self, name: str, *, take_disk: bool, by: str) -> DocumentState | None:
        """Ends a conflict: the disk's text is the draft's, or the draft's may be saved over it.

        None where the disk was taken and has no such file any more.
        """
        self.read(name)
        disk = self.disk.read(name)
        self._put(self._base, name, disk)
        if take_disk:
            self._put(self._draft, name, disk)
        is_gone = take_disk and disk is None
        self._tell([] if is_gone else [name], [name] if is_gone else [], by)
        return None if is_gone else self.read(name)

    def sync(self) -> list[str]:
        """Takes over what changed on disk where the draft has no change of its own; gives the names."""
        followed: list[str] = []
        told: list[str] = []
        names = {*self.disk.names(), *self._base.names()}
        for name in sorted(names):
            stamp = self.disk.stamp(name)
            if name in self._stamps and self._stamps[name] == stamp:
                continue
            try:
                disk = self.disk.read(name)
            except FileNotKept:
                # Somebody writes it just now, or it is not for us: it is looked at again.
                continue
            self._stamps[name] = stamp
            base, draft = self._base.read(name), self._draft.read(name)
            if disk == base:
                continue
            told.append(name)
            # A removal gives way to a new text: nothing is lost that nobody has seen.
            if draft in (base, disk, None):
                self._put(self._draft, name, disk)
                self._put(self._base, name, disk)
                followed.append(name)
        if told:
            there = self._draft.names()
            self._tell([n for n in told if n in there], [n for n in told if n not in there], "disk")
        return followed

    def _compare(self, found: DocumentState, revision: str) -> None:
        if found.revision != revision:
            raise DocumentChanged(
                f"{found.name} was changed in the meantime.",
                hint="Look at the new text, then make your change again.",
                revision=found.revision,
                text=found.text,
            )

    def _put(self, folder: ModelFolder, name: str, text: str | None) -> None:
        if text is None:
            folder.remove(name)
        elif folder.read(name) != text:
            folder.write(name, text)

    def _tell(self, changed: list[str], removed: list[str], by: str) -> None:
        for listener in self._listeners:
            listener(changed, removed, by)
