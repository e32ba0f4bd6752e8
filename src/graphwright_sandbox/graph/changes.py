"""What was created, updated and deleted, in order: the source of delta queries and notifications.

Of each item only its last change is kept, so that the log grows with the items, not with the
writes. Knows no workload and no HTTP.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True)
class Change:
    """One write, as subscriptions hear of it."""

    position: int
    container: str
    id: str
    kind: Kind
    resource: str
    """The Graph path that a subscription names, without a leading slash."""
    mailbox: str | None
    """Whose mailbox it happened in, for limits and permissions that go by mailbox."""


@dataclass(slots=True)
class _Trace:
    """The last change of one item, and what a reader of an earlier position must know."""

    kind: Kind
    position: int
    created: int
    """Where it was last created; 0: it was always there."""
    properties: dict[str, int] = field(default_factory=dict)
    """Where each property that a write named was last changed."""
    whole: int = 0
    """Where a write last named no property: then all may have changed."""


class Changes:
    """All changes since the seed. A container is what one delta query reads."""

    def __init__(self) -> None:
        self.epoch = _new_epoch()
        """Tells the positions of this log from those of another run."""
        self.position = 0
        self._containers: dict[str, dict[str, _Trace]] = {}
        self._listeners: list[Callable[[Change], None]] = []

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """Call back after every change from now on."""
        self._listeners.append(callback)

    def record(
        self,
        container: str,
        item_id: str,
        kind: Kind,
        *,
        resource: str,
        mailbox: str | None = None,
        properties: Iterable[str] = (),
    ) -> None:
        """One write of a workload. `properties`: what an update changed, where that is known."""
        self.position += 1
        traces = self._containers.setdefault(container, {})
        # Taken out and put back, so that the traces stay in the order of their positions.
        trace = traces.pop(item_id, None) or _Trace(kind, 0, 0)
        trace.kind, trace.position = kind, self.position
        if kind == "created":
            trace.created = self.position
        named = dict.fromkeys(properties, self.position)
        trace.properties.update(named)
        if not named:
            trace.whole = self.position
        traces[item_id] = trace
        change = Change(self.position, container, item_id, kind, resource, mailbox)
        for listener in self._listeners:
            listener(change)

    def since(self, container: str, position: int) -> dict[str, Kind]:
        """What became of each item changed after this position, the earliest change first.

        An item that came and went meanwhile is left out: the reader never knew it.
        """
        return {
            item_id: self._seen(trace, position)
            for item_id, trace in self._after(container, position)
        }

    def window(self, container: str, after: int, until: int) -> list[tuple[str, Kind, int]]:
        """Items whose last change lies in a window of positions: item_id, kind, position."""
        return [
            (item_id, self._seen(trace, after), trace.position)
            for item_id, trace in self._after(container, after)
            if trace.position <= until
        ]

    def changed_properties(
        self,
        container: str,
        item_id: str,
        position: int,
    ) -> frozenset[str] | None:
        """The properties of an item changed after this position; None: perhaps all."""
        trace = self._containers.get(container, {}).get(item_id)
        if trace is None or trace.whole > position or trace.created > position:
            return None
        return frozenset(name for name, at in trace.properties.items() if at > position)

    def _after(self, container: str, position: int) -> list[tuple[str, _Trace]]:
        found = []
        for item_id, trace in reversed(self._containers.get(container, {}).items()):
            if trace.position <= position:
                break
            if not (trace.kind == "deleted" and trace.created > position):
                found.append((item_id, trace))
        return found[::-1]

    @staticmethod
    def _seen(trace: _Trace, position: int) -> Kind:
        created = trace.kind != "deleted" and trace.created > position
        return "created" if created else trace.kind

    def dump(self) -> dict[str, Any]:
        """The log as a JSON value."""
        return {
            "epoch": self.epoch,
            "position": self.position,
            "containers": {
                container: {
                    item_id: [
                        trace.kind,
                        trace.position,
                        trace.created,
                        trace.properties,
                        trace.whole,
                    ]
                    for item_id, trace in traces.items()
                }
                for container, traces in self._containers.items()
            },
        }

    def load(self, value: Mapping[str, Any]) -> None:
        """Replaces the log by what `dump` gave."""
        self.position = value["position"]
        # Back at the seed the same positions come again, and will mean other changes.
        self.epoch = value["epoch"] if self.position else _new_epoch()
        self._containers = {
            container: {item_id: _Trace(*parts) for item_id, parts in traces.items()}
            for container, traces in value["containers"].items()
        }


def _new_epoch() -> str:
    return uuid.uuid4().hex[:8]
