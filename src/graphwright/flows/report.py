"""What a run did: requests and what they cost, what imports wrote, what failed. Plain data.

Knows no database and no way of showing it. It holds counts, places and reasons, never a value.
"""

from dataclasses import dataclass, field
from typing import Final

from graphwright.http.meter import Meter
from graphwright.imports.report import ImportReport
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.values import JsonObject

_MOST_FAILURES: Final = 20


@dataclass(kw_only=True)
class Happenings:
    """What happened in a stretch of a run, or in all of it."""

    meter: Meter = field(default_factory=Meter)
    imports: dict[str, ImportReport] = field(default_factory=dict)
    """By import: what all of its nodes did."""
    failures: list[JsonObject] = field(default_factory=list)
    """The first errors, those that an exit took included, as `GraphwrightError.to_wire` tells them."""

    def note_import(self, name: str, report: ImportReport) -> None:
        """Adds what a node imported."""
        self.imports.setdefault(name, ImportReport()).add(report)

    def note_failure(self, error: GraphwrightError) -> None:
        """Keeps the first errors."""
        if len(self.failures) < _MOST_FAILURES:
            self.failures.append(error.to_wire()["error"])

    def add(self, other: "Happenings") -> None:
        """Adds what came later."""
        self.meter.add(other.meter)
        for name, report in other.imports.items():
            self.note_import(name, report)
        self.failures += other.failures[: _MOST_FAILURES - len(self.failures)]

    def to_json(self) -> JsonObject:
        """All of it as JSON."""
        return {
            "meter": self.meter.to_json(),
            "imports": {name: report.to_json() for name, report in self.imports.items()},
            "failures": self.failures,
        }

    @classmethod
    def from_json(cls, value: JsonObject | None) -> "Happenings":
        """What `to_json` gave; nothing where nothing was kept."""
        if value is None:
            return cls()
        return cls(
            meter=Meter.from_json(value["meter"]),
            imports={n: ImportReport.from_json(found) for n, found in value["imports"].items()},
            failures=list(value["failures"]),
        )


@dataclass(kw_only=True)
class RunSummary(Happenings):
    """A whole run: which it was, how it ended, and what happened."""

    run_id: str
    flow: str
    status: str
    started_at: str
    duration_ms: float

    def to_json(self) -> JsonObject:
        """The summary as JSON."""
        return {
            "run_id": self.run_id,
            "flow": self.flow,
            "status": self.status,
            "started_at": self.started_at,
            "duration_ms": round(self.duration_ms, 1),
            **super().to_json(),
        }
