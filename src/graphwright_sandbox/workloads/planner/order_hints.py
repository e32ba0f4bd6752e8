"""Order hints: texts that sort items, and the notation by which a client asks for a place.

`"PREVIOUS NEXT!"` asks for a place between two hints; either may be empty. The service answers
with a hint that sorts there. Pure.
"""

from collections.abc import Iterable

from graphwright_sandbox.workloads.planner.errors import invalid

# Below the first and above the last character of a hint: all printable, no space, no '!'.
_LOW, _HIGH = ord("!"), 127


def place_hint(asked: str | None, siblings: Iterable[str]) -> str:
    """The hint of an item: where it was asked for, or before its siblings."""
    before, after = _read(asked) if asked is not None else ("", "")
    if not before and not after:
        after = min(siblings, default="")
    return hint_between(before, after)


def _read(asked: str) -> tuple[str, str]:
    before, space, after = asked.partition(" ")
    if not space or not after.endswith("!") or not asked.isascii() or not asked.isprintable():
        raise invalid(f"The order hint '{asked[:100]}' is not in the format '<previous> <next>!'.")
    after = after.removesuffix("!")
    if after and before >= after:
        raise invalid(f"The order hint '{asked[:100]}' names its neighbours in the wrong order.")
    return before, after


def hint_between(before: str, after: str) -> str:
    """A text that sorts between two others; an empty one is no bound."""
    result = ""
    bounded = bool(after)
    while True:
        at = len(result)
        low = ord(before[at]) if at < len(before) else _LOW
        high = ord(after[at]) if bounded and at < len(after) else _HIGH
        if high - low > 1:
            return result + chr((low + high) // 2)
        result += chr(low)
        bounded = bounded and high == low
