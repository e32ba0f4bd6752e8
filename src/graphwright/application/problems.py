"""Problems of a model: where, what is wrong, and the cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graphwright.kernel.errors import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: a code that stays, a message, the cure, and the place in the model."""

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.code}: {self.message} {self.hint}".rstrip()

    def to_json(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            **self.place.to_wire(),
        }


def sort_problems(problems: Sequence[Problem]) -> list[Problem]:
    """Problems by file, line, column; each once."""
    unique = dict.fromkeys(problems)
    return sorted(
        unique, key=lambda p: (p.place.file or "", p.place.line or 0, p.place.column or 0, p.code)
    )
