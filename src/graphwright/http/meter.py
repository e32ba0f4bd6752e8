"""What requests cost: a meter that whoever wants to know starts, and that the wire adds to.

A context variable carries it, so that no signature does; what is started inside counts as well, tasks
included. Knows nothing of what the requests are for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from graphwright.kernel.values import JsonObject


@dataclass(slots=True)
class Meter:
    """Requests as the wire saw them: every try, every page and every hop of a redirect is one."""

    requests: int = 0
    retries: int = 0
    waited_s: float = 0.0
    """Seconds between a try and the next."""
    bytes_in: int = 0
    """Bytes of bodies as they came, before they are unpacked."""
    bytes_out: int = 0
    pages: int = 0
    deferred_until: str | None = None
    """When the server said to come back, where that was longer than a request waits."""

    def add(self, other: "Meter") -> None:
        """Adds what another counted."""
        self.requests += other.requests
        self.retries += other.retries
        self.waited_s += other.waited_s
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self.pages += other.pages
        self.deferred_until = other.deferred_until or self.deferred_until

    def to_json(self) -> JsonObject:
        """The numbers as JSON."""
        return asdict(self) | {"waited_s": round(self.waited_s, 3)}

    @classmethod
    def from_json(cls, value: JsonObject) -> "Meter":
        """What `to_json` gave."""
        return cls(**value)


_running: ContextVar[tuple[Meter, ...]] = ContextVar("meters", default=())


@contextmanager
def metering(meter: Meter | None = None) -> Iterator[Meter]:
    """What is sent inside is added to the meter, and to those around it."""
    meter = Meter() if meter is None else meter
    token = _running.set((*_running.get(), meter))
    try:
        yield meter
    finally:
        _running.reset(token)


def note(cost: Meter) -> None:
    """Adds a cost to the meters that run; where none does, nothing happens."""
    for meter in _running.get():
        meter.add(cost)
