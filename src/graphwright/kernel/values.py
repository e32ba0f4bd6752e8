"""The types of JSON values, as they travel between requests, expressions, flows and pages."""

import json
import math
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


def parse_json(text: str | bytes) -> JsonValue:
    """The value of a JSON text from outside; ValueError also where Python would take more than JSON.

    NaN and numbers too large for a float (which become infinite) have no JSON to be written as.
    """
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_parse_float)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _parse_float(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _refuse(text: str) -> float:
    raise ValueError(f"{text[:40]} is no number of JSON")
