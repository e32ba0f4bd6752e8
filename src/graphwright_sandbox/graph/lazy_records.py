"""A record whose properties are made when first asked for.

Long pages of a few selected properties, filters and sorts then cost only what they look at.
Knows no workload.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

Makers = Mapping[str, Callable[[Any], Any]]


class LazyRecord(dict[str, Any]):
    """Behaves like the dict of all properties that `makers` can make of `source`."""

    __slots__ = ("_makers", "_source")

    def __init__(self, source: Any, makers: Makers) -> None:
        super().__init__()
        self._source = source
        self._makers = makers

    def __missing__(self, name: str) -> Any:
        value = self._makers[name](self._source)
        self[name] = value
        return value

    def with_makers(self, makers: Makers) -> "LazyRecord":
        """The same source, some properties made in another way or added."""
        return LazyRecord(self._source, {**self._makers, **makers})

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._makers else default

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        return KeysView(self)

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        return ValuesView(self)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        return ItemsView(self)
