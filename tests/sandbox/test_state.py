"""The parts of the sandbox's state."""

import pytest

from graphwright_sandbox.state import StateParts


def test_parts_are_written_and_read_in_the_order_they_were_added() -> None:
    kept: dict[str, list[int]] = {"one": [1], "two": [2]}
    parts = StateParts()
    for name in ("two", "one"):
        parts.add(name, kept[name].copy, kept[name].extend)
    assert [(part.name, part.dump()) for part in parts] == [("two", [2]), ("one", [1])]
    for part in parts:
        part.load([7])
    assert kept == {"one": [1, 7], "two": [2, 7]}


def test_two_parts_of_one_name_are_refused() -> None:
    parts = StateParts()
    parts.add("one", dict, lambda value: None)
    with pytest.raises(ValueError, match="two parts named one"):
        parts.add("one", dict, lambda value: None)
