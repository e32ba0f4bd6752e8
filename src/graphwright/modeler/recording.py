"""What one run of the draft did: its visits with masked values, and the originals for once more.

Knows nothing of who is told and of breakpoints. Originals stay in memory, sensitive ones never.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Final, Literal

from graphwright.flows.context import Frame, Person
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.observer import Watched
from graphwright.http.collection import CollectionHandle
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.modeler.masking import Masker
from graphwright.modeler.wire.runs import TraceEntry, TraceWire, VisitWire

Status = Literal["running", "waiting", "paused", "done", "failed", "stopped"]

# Of each run: the first ones, and the last.
FIRST_KEPT: Final = 500
LAST_KEPT: Final = 1_500
MOST_KEPT_BYTES: Final = 40_000_000
_GROWING: Final = 200


@dataclass
class Kept:
    """The variables before a node as they were, for running it again; sensitive ones are left out."""

    variables: dict[str, JsonValue] = field(repr=False)
    memory: JsonObject = field(repr=False)
    lacks: Mapping[str, frozenset[str] | None]
    """For each variable the names in it that are gone; None: the variable itself is."""


@dataclass
class Visit:
    """One node of the way taken."""

    index: int
    flow: str
    node: str
    type: str
    depth: int
    at: datetime
    inputs: JsonObject = field(repr=False)
    kept: Kept | None = field(repr=False)
    began: float
    exit: str | None = None
    milliseconds: float | None = None
    outputs: JsonObject = field(default_factory=dict, repr=False)
    error: JsonValue = field(default=None, repr=False)
    frame: Frame | None = field(default=None, repr=False, compare=False)
    """Whose visit it is, while it is open: items of a loop may be at one node at the same time."""

    def to_wire(self) -> VisitWire:
        """The visit as the browser gets it."""
        return VisitWire(
            index=self.index,
            flow=self.flow,
            node=self.node,
            type=self.type,
            exit=self.exit,
            started_at=format_instant(self.at),
            milliseconds=None if self.milliseconds is None else round(self.milliseconds, 1),
            inputs=self.inputs,
            outputs=self.outputs,
            error=self.error,
            depth=self.depth,
        )


@dataclass(frozen=True)
class _Look:
    """A value, and how it is shown."""

    value: JsonValue
    shown: JsonValue


class Stopwatch:
    """Runs while at least one stretch of the run does: waiting for people is not counted."""

    def __init__(self) -> None:
        self._running = 0
        self._since = 0.0
        self._total = 0.0

    def go(self) -> None:
        """A stretch goes on."""
        if self._running == 0:
            self._since = perf_counter()
        self._running += 1

    def halt(self) -> None:
        """A stretch waits, or is over."""
        self._running -= 1
        if self._running == 0:
            self._total += perf_counter() - self._since

    @property
    def milliseconds(self) -> float:
        """How long it ran."""
        running = perf_counter() - self._since if self._running else 0.0
        return (self._total + running) * 1000


class Recording:
    """One run; every value it shows was masked before."""

    def __init__(self, run: Watched, masker: Masker, at: datetime) -> None:
        self.id = run.run
        self.flow = run.flow
        self.kind = run.kind
        self.person: Person | None = run.person
        self.time_zone = run.time_zone
        self.at = at
        self.status: Status = "running"
        self.error: JsonValue = None
        self.nodes = 0
        self.watch = Stopwatch()
        self.size = 0
        self._kept_size = 0
        self._masker = masker
        self._sensitive: frozenset[str] = frozenset()
        self._open: list[Visit] = []
        self._first: list[Visit] = []
        self._last: deque[Visit] = deque(maxlen=LAST_KEPT)
        # The values of the last snapshot by id and hidden names. Held, so that no other gets the id.
        self._known: dict[tuple[int, frozenset[str]], _Look] = {}

    @property
    def visits(self) -> list[Visit]:
        """The visits that are kept, in order."""
        return [*self._first, *self._last]

    @property
    def masker(self) -> Masker:
        """What masks the values of this run; it learns its sensitive ones."""
        return self._masker

    def mask_also(self, masker: Masker) -> None:
        """The run goes on in a draft that was opened since: with other secrets, perhaps."""
        joined = self._masker.joined(masker)
        if joined is not self._masker:
            self._masker = joined
            self._known.clear()

    def open_visit(self, frame: Frame, depth: int) -> Visit | None:
        """The visit of the frame's node that has not ended; None where there is none."""
        here = (frame.flow, frame.node, depth)
        found = [v for v in reversed(self._open) if (v.flow, v.node, v.depth) == here]
        # Behind a page the frames are new ones.
        own = (v for v in found if v.frame is frame)
        return next(own, found[0] if found else None)

    def begin(
        self, frame: Frame, depth: int, flow: FlowDefinition, reads: Collection[str], at: datetime
    ) -> Visit:
        """A visit of the frame's node; `reads`: the names that its expressions read."""
        hidden = hidden_names(frame, flow)
        inputs, kept = self._snapshot(frame, hidden, reads)
        visit = Visit(
            index=self.nodes,
            flow=frame.flow,
            node=frame.node,
            type=flow.nodes[frame.node].type,
            depth=depth,
            at=at,
            inputs=inputs,
            kept=kept,
            began=self.watch.milliseconds,
            frame=frame,
        )
        self.nodes += 1
        self._open.append(visit)
        (self._first if len(self._first) < FIRST_KEPT else self._last).append(visit)
        return visit

    def end(
        self,
        visit: Visit,
        exit: str,  # noqa: A002 - the word of the model
        outputs: JsonObject,
        error: GraphwrightError | None = None,
    ) -> None:
        """The node has left by an exit."""
        visit.exit = exit
        visit.frame = None
        visit.outputs = outputs
        visit.error = self.describe(error)
        visit.milliseconds = self.watch.milliseconds - visit.began
        self._open.remove(visit)

    def end_all(self, exit: str) -> None:  # noqa: A002
        """Nothing goes on any more."""
        for visit in list(self._open):
            self.end(visit, exit, visit.outputs)

    def describe(self, error: GraphwrightError | None) -> JsonValue:
        """An error as it is shown."""
        return self._masker.show(error.to_wire()["error"]) if error is not None else None

    def show(self, frame: Frame, flow: FlowDefinition, names: Iterable[str]) -> JsonObject:
        """Variables of a frame as they are shown."""
        hidden = hidden_names(frame, flow)
        self._learn(frame, hidden)
        return {
            name: self._masker.show(frame.variables[name], hidden=hidden.get(name, ()))
            for name in names
            if name in frame.variables
        }

    def forget(self) -> None:
        """Lets the originals go: nodes cannot be run again with them. What comes is kept again."""
        for visit in self.visits:
            visit.kept = None
        self._known.clear()
        self.size -= self._kept_size
        self._kept_size = 0

    def to_entry(self) -> TraceEntry:
        """The run without its visits."""
        return TraceEntry(
            id=self.id,
            flow=self.flow,
            kind=self.kind,
            who=self._masker.text(self.person.name) if self.person else None,
            started_at=format_instant(self.at),
            status=self.status,
            milliseconds=round(self.watch.milliseconds, 1),
            nodes=self.nodes,
            error=self.error,
        )

    def to_wire(self) -> TraceWire:
        """The run as the browser gets it."""
        visits = [visit.to_wire() for visit in self.visits]
        return TraceWire(**self.to_entry().model_dump(), visits=visits)

    def _snapshot(
        self, frame: Frame, hidden: Mapping[str, frozenset[str]], reads: Collection[str]
    ) -> tuple[JsonObject, Kept]:
        self._learn(frame, hidden)
        if self._kept_size > MOST_KEPT_BYTES:
            self.forget()
        known: dict[tuple[int, frozenset[str]], _Look] = {}
        shown: JsonObject = {}
        for name in sorted(frame.variables, key=lambda name: name not in reads):
            value = frame.variables[name]
            key = (id(value), hidden.get(name, frozenset()))
            known[key] = self._known.get(key) or self._look(value, key[1])
            shown[name] = known[key].shown
        self._known = known
        return shown, self._keep(frame, hidden)

    def _look(self, value: JsonValue, hidden: frozenset[str]) -> "_Look":
        shown = self._masker.show(value, hidden=hidden)
        size = estimate(value)
        self._kept_size += size
        self.size += size + estimate(shown)
        return _Look(value, shown)

    def _learn(self, frame: Frame, hidden: Mapping[str, frozenset[str]]) -> None:
        """Sensitive values are masked from now on wherever the run puts them."""
        texts = {
            str(value[name])
            for variable, names in hidden.items()
            if isinstance(value := frame.variables.get(variable), Mapping)
            for name in names
            if isinstance(value.get(name), str | int | float) and not isinstance(value[name], bool)
        } - {""}
        masker = self._masker.also(texts)
        if masker is not self._masker:
            self._masker = masker
            self._sensitive |= texts
            self._known.clear()

    def _keep(self, frame: Frame, hidden: Mapping[str, frozenset[str]]) -> Kept:
        variables: dict[str, JsonValue] = {}
        lacks: dict[str, frozenset[str] | None] = {}
        for name, value in frame.variables.items():
            gone = hidden.get(name, frozenset())
            kept = freeze(value)
            if gone and isinstance(value, Mapping):
                kept = {key: inner for key, inner in value.items() if key not in gone}
                lacks[name] = gone
            if self._sensitive and holds(kept, self._sensitive):
                lacks[name] = None
            else:
                variables[name] = kept
        memory = frame.memory.get(frame.node, {})
        return Kept(variables, freeze(memory), lacks)


def hidden_names(frame: Frame, flow: FlowDefinition) -> dict[str, frozenset[str]]:
    """For each variable the names in it that are sensitive."""
    inputs = frozenset(name for name, found in flow.inputs.items() if found.sensitive)
    hidden = {name: names for name, names in frame.sensitive.items() if names}
    return {**hidden, "input": inputs} if inputs else hidden


def freeze(value: JsonValue) -> JsonValue:
    """The value as it is now: what nodes change in place, collections and memories, is copied."""
    if isinstance(value, dict):
        return {name: _freeze_one(inner) for name, inner in value.items()}
    return _freeze_one(value)


def _freeze_one(value: JsonValue) -> JsonValue:
    if isinstance(value, CollectionHandle):
        return CollectionHandle(value.call, value.continuation, value.opening)
    # A memory's list of what was seen grows in place; the items of a loop, which are many, do not.
    return list(value) if isinstance(value, list) and len(value) < _GROWING else value


def holds(value: JsonValue, texts: frozenset[str], most: int = 20_000) -> bool:
    """Whether one of the texts stands anywhere in the value, or it is too large to tell."""
    waiting: list[JsonValue] = [value]
    for _ in range(most):
        if not waiting:
            return False
        found = waiting.pop()
        if isinstance(found, Mapping):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list | tuple):
            waiting += found
        elif isinstance(found, CollectionHandle):
            waiting.append(found.first.items if found.first else None)
        elif _contains(found, texts):
            return True
    return True


def _contains(value: JsonValue, texts: frozenset[str]) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    text = str(value)
    return text in texts or any(len(part) >= 4 and part in text for part in texts)


def estimate(value: JsonValue, depth: int = 0) -> int:
    """About how many bytes a value takes; of long ones a part stands for the rest."""
    if isinstance(value, str | bytes):
        return 50 + len(value)
    if isinstance(value, CollectionHandle):
        return 500 + (value.opening.size if value.opening else 0)
    if not isinstance(value, Mapping | list | tuple) or not value or depth > 12:
        return 50
    inner = [*value.values()] if isinstance(value, Mapping) else value
    looked_at = inner[:20]
    sizes = sum(estimate(item, depth + 1) for item in looked_at)
    return 100 + (sizes * len(inner)) // len(looked_at) + 60 * len(inner)
