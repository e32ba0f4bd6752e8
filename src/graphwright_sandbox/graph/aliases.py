"""Paths that lead to the same thing as another path: `/me/drive/root` and `/drives/{id}/items/{id}`.

A workload serves each thing once, at one path, and names the other ways to it as aliases. Knows
no workload.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from graphwright_sandbox.graph.routing import split_call
from graphwright_sandbox.tenant import Caller

# Longer than any path that makes sense; two aliases that lead to each other would never end.
_MAXIMUM_STEPS = 12


@dataclass(frozen=True, slots=True)
class AliasRequest:
    """What an alias is resolved for."""

    method: str
    keys: Mapping[str, str]
    rest: list[str]
    """The segments behind the alias."""
    caller: Caller
    now: datetime


@dataclass(frozen=True, slots=True)
class Alias:
    """`path` is a template as those of operations, `target` the template that it leads to."""

    path: str
    target: str
    resolve: Callable[[AliasRequest], Mapping[str, str] | None]
    """The keys of the target (None: this is no alias here). May raise `GraphError`."""


class Aliases:
    """All aliases; the first that fits is followed, until none fits any more."""

    def __init__(self, aliases: Iterable[Alias] = ()) -> None:
        self._aliases = [
            (tuple(alias.path.strip("/").split("/")), alias.target.strip("/").split("/"), alias)
            for alias in aliases
        ]

    def follow(self, method: str, segments: list[str], caller: Caller, now: datetime) -> list[str]:
        """The segments at which the operation is served."""

        def resolve(
            alias: Alias, keys: dict[str, str], rest: list[str]
        ) -> Mapping[str, str] | None:
            return alias.resolve(AliasRequest(method, keys, rest, caller, now))

        return self._follow(segments, resolve)

    def template(self, segments: list[str]) -> list[str]:
        """Segments that lead to the same operation, found without asking what lies there."""
        return self._follow(segments, lambda alias, keys, rest: {})

    def _follow(
        self,
        segments: list[str],
        resolve: Callable[[Alias, dict[str, str], list[str]], Mapping[str, str] | None],
    ) -> list[str]:
        segments = list(_plain(segments))
        for _ in range(_MAXIMUM_STEPS):
            for pattern, target, alias in self._aliases:
                keys = _match(pattern, segments)
                if keys is None:
                    continue
                rest = segments[len(pattern) :]
                found = resolve(alias, keys, rest)
                if found is not None:
                    segments = [*(_fill(part, found) for part in target), *rest]
                    break
            else:
                break
        return segments


def _plain(segments: Iterable[str]) -> Iterable[str]:
    """`drives('x')` as `drives`, `x`; functions with named arguments stay as they are."""
    for segment in segments:
        name, arguments = split_call(segment)
        if arguments is not None and list(arguments) == [""]:
            yield from (name, arguments[""])
        else:
            yield segment


def _match(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    if len(segments) < len(pattern):
        return None
    keys: dict[str, str] = {}
    for part, segment in zip(pattern, segments, strict=False):
        if part.startswith("{"):
            if part.endswith(":") != segment.endswith(":"):
                return None
            keys[part.strip("{}:")] = segment.removesuffix(":")
        elif "(" in part:
            name, parameters = split_call(part)
            given, arguments = split_call(segment)
            if name.lower() != given.lower() or not parameters or not arguments:
                return None
            if parameters.keys() != arguments.keys():
                return None
            keys |= {parameters[one].strip("{}"): arguments[one] for one in parameters}
        elif part.lower() != segment.lower():
            return None
    return keys


def _fill(part: str, keys: Mapping[str, str]) -> str:
    if not part.startswith("{"):
        return part
    return keys.get(part.strip("{}:"), "x") + (":" if part.endswith(":") else "")
