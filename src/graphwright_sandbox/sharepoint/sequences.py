"""Records that are made when they are looked at: a folder may hold thousands, a page shows few."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, overload

from graphwright_sandbox.graph.request import Record

Kept = TypeVar("Kept")


class Shown(Sequence[Record]):
    """What is kept, as `show` gives it."""

    def __init__(self, kept: Iterable[Kept], show: Callable[[Kept], Record]) -> None:
        self._kept: list[Any] = list(kept)
        self._show: Callable[[Any], Record] = show

    @overload
    def __getitem__(self, at: int) -> Record: ...

    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...

    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self._show(one) for one in self._kept[at]]
        return self._show(self._kept[at])

    def __len__(self) -> int:
        return len(self._kept)
