"""The one error family: every failure a person can meet is a `GraphwrightError`.

An error says where it happened (a place in the model), what is wrong, and the cure. Its facts are JSON
values; a token, a secret or another user's data is never among them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the model: a file with line and column (from 1), and the node and field there."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    flow: str | None = None
    node: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = [self.file or ""]
        if self.line is not None:
            where[0] += f":{self.line}:{self.column or 1}"
        if self.flow and not self.file:
            where.append(f"flow {self.flow}")
        if self.node:
            where.append(f"node {self.node}")
        if self.field:
            where.append(f"field {self.field}")
        return ", ".join(part for part in where if part)

    def to_wire(self) -> dict[str, Any]:
        """The place as a JSON object, without what is not known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class GraphwrightError(Exception):
    """Base of every error: a message, the cure (`hint`), a place in the model, and facts."""

    code: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(
        self, message: str, *, hint: str = "", place: Place | None = None, **facts: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place
        self.facts = facts

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place and str(self.place) else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")

    def to_wire(self) -> dict[str, Any]:
        """The error as Graph shapes errors: `{"error": {"code", "message", …}}`."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.hint:
            error["hint"] = self.hint
        if self.place is not None:
            error["place"] = self.place.to_wire()
        return {"error": {**self.facts, **error}}


class InvalidInput(GraphwrightError):
    """What came from outside is wrong: a query, a form, an argument, a document."""

    code = "invalidInput"
    status = 400


class SignInRequired(GraphwrightError):
    """Nobody is signed in, or the session has ended."""

    code = "signInRequired"
    status = 401


class Refused(GraphwrightError):
    """Somebody is known and may not do this."""

    code = "refused"
    status = 403


class NotFound(GraphwrightError):
    """There is no such thing, or it is not this principal's to see."""

    code = "notFound"
    status = 404


class Conflict(GraphwrightError):
    """It was changed, sent or used up in the meantime."""

    code = "conflict"
    status = 409


class ModelInvalid(GraphwrightError):
    """The application's model is wrong; `problems` in the facts lists where."""

    code = "modelInvalid"
    status = 422


class Unavailable(GraphwrightError):
    """Something needed does not answer or has no room; the same call may work later."""

    code = "unavailable"
    status = 503
    retryable = True


class FileNotWritten(Unavailable):
    """A file cannot be written: no room, no right, no such folder."""

    code = "fileNotWritten"

    @classmethod
    def of(cls, path: Path, error: OSError) -> Self:
        """The error for a file, told without the folder it lies in."""
        return cls(
            f"The file {path.name} cannot be written: {error.strerror}.",
            hint="Check the space on the disk and the rights of the data folder.",
        )


class FileGone(NotFound):
    """The content of a file is not there any more."""

    code = "fileGone"


class Unexpected(GraphwrightError):
    """A failure nobody foresaw."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint naming the valid names nearest to `name`: `Did you mean a or b?`, or all of a few."""
    names = sorted(valid)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    if not names:
        return "There are none yet."
    return f"There are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
