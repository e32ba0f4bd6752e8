"""The types of JSON values, as they travel between requests, expressions, flows and pages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

JsonScalar: TypeAlias = str | int | float | bool | None
# Recursive aliases cost more than they find with mypy and pydantic; the leaves are documented instead.
JsonValue: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
Scope: TypeAlias = Mapping[str, JsonValue]


def is_array(value: JsonValue) -> bool:
    """Whether the value is a JSON array: a sequence that is no text."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
