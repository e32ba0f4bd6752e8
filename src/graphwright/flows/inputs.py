"""Inputs of flows: texts from a command line or a query string become values of their declared types."""

import math
from collections.abc import Callable, Mapping

from graphwright.flows.definition import FlowDefinition
from graphwright.flows.errors import InputInvalid
from graphwright.kernel.errors import InvalidInput, nearest
from graphwright.kernel.times import format_instant, parse_instant, parse_local
from graphwright.kernel.values import JsonObject, JsonValue, parse_json

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def check_inputs(flow: FlowDefinition, inputs: Mapping[str, JsonValue]) -> JsonObject:
    """The declared inputs with their values coerced to their types; raises `InputInvalid`."""
    for name in inputs:
        if name not in flow.inputs:
            raise InputInvalid(
                f"The flow has no input {name!r}.", hint=nearest(name, flow.inputs), input=name
            )
    values: JsonObject = {}
    for name, definition in flow.inputs.items():
        value = inputs.get(name, definition.default)
        if value is None or value == "":
            if definition.required:
                raise InputInvalid(f"The input {name} is required.", input=name)
            values[name] = definition.default
            continue
        try:
            values[name] = _COERCIONS[definition.type](value)
        except (ValueError, TypeError, KeyError, OverflowError, InvalidInput) as error:
            raise InputInvalid(
                f"The input {name} is no {definition.type}: {str(value)[:60]!r}.", input=name
            ) from error
    return values


def _integer(value: JsonValue) -> int:
    if isinstance(value, bool | float) and value != int(value):
        raise ValueError(value)
    return int(value)


def _number(value: JsonValue) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _boolean(value: JsonValue) -> bool:
    return value if isinstance(value, bool) else _TRUTH[str(value).lower()]


def _text(value: JsonValue) -> str:
    if isinstance(value, dict | list):
        raise TypeError(value)
    return str(value)


def _json(value: JsonValue) -> JsonValue:
    return parse_json(value) if isinstance(value, str) else value


_COERCIONS: Mapping[str, Callable[[JsonValue], JsonValue]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "datetime": lambda value: format_instant(parse_instant(value)),
    "date": lambda value: parse_local(value).date().isoformat(),
    "json": _json,
}
