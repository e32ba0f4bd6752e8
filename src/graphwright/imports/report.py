"""What an import did: counts, and the first reasons why items became no rows."""

from dataclasses import dataclass, field
from typing import Final

from graphwright.imports.rows import Reason
from graphwright.kernel.values import JsonObject

_MOST_REASONS: Final = 20
_COUNTS = ("inserted", "updated", "unchanged", "deleted", "skipped", "duplicates")


@dataclass(slots=True)
class ImportReport:
    """What became of the items. `reasons` are the first of all; `duplicates` came again (last wins)."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: int = 0
    duplicates: int = 0
    resumed: bool = False
    """It went on with a run that was cut off, whose numbers are in it."""
    reasons: list[Reason] = field(default_factory=list)

    def note(self, reasons: list[Reason]) -> None:
        """Keeps the first reasons."""
        self.reasons += reasons[: max(_MOST_REASONS - len(self.reasons), 0)]

    def add(self, other: "ImportReport") -> None:
        """Adds the counts and reasons of a part."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.resumed |= other.resumed
        self.note(other.reasons)

    @property
    def counts(self) -> dict[str, int]:
        """The counts alone."""
        return {name: getattr(self, name) for name in _COUNTS}

    def to_json(self) -> JsonObject:
        """All of it as JSON."""
        return {
            **self.counts,
            "resumed": self.resumed,
            "reasons": [list(reason) for reason in self.reasons],
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "ImportReport":
        """What `to_json` gave."""
        report = cls()
        for name in _COUNTS:
            setattr(report, name, int(value.get(name, 0)))
        report.resumed = bool(value.get("resumed", False))
        report.reasons = [(where, why) for where, why in value.get("reasons", [])]
        return report
