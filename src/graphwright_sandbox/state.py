"""The parts of the sandbox's state: whoever keeps something says how it is written and read.

It must not know what a part holds, nor where everything is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StatePart:
    """One keeper's data as a JSON value: `dump` gives it, `load` replaces it."""

    name: str
    dump: Callable[[], Any]
    load: Callable[[Any], None]


class StateParts:
    """All parts, in the order in which they were added."""

    def __init__(self) -> None:
        self._parts: dict[str, StatePart] = {}

    def add(self, name: str, dump: Callable[[], Any], load: Callable[[Any], None]) -> None:
        """One more part; two of one name are a fault of the sandbox itself."""
        if name in self._parts:
            raise ValueError(f"the state has two parts named {name}")
        self._parts[name] = StatePart(name, dump, load)

    def __iter__(self) -> Iterator[StatePart]:
        return iter(self._parts.values())
