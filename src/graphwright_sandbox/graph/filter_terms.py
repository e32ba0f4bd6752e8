"""Typed terms of a `$filter`: how values are read, compared, and given to functions.

Refuses operands that do not fit, in Graph's words. Knows no paths and no workload.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA, Property
from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.filter_syntax import Literal
from graphwright_sandbox.graph.values import parse_date, parse_duration, parse_instant

Environment = Mapping[str, Any]
Getter = Callable[[Environment], Any]

_KINDS = {
    "Edm.String": "text",
    "Edm.Binary": "text",
    "Edm.Guid": "guid",
    "Edm.Int16": "number",
    "Edm.Int32": "number",
    "Edm.Int64": "number",
    "Edm.Double": "number",
    "Edm.Boolean": "boolean",
    "Edm.DateTimeOffset": "instant",
    "Edm.Date": "date",
    "Edm.Duration": "duration",
}
_NAMES = {
    "text": "Edm.String",
    "guid": "Edm.Guid",
    "number": "Edm.Int32",
    "boolean": "Edm.Boolean",
    "instant": "Edm.DateTimeOffset",
    "date": "Edm.Date",
    "duration": "Edm.Duration",
    "null": "<null>",
    "dynamic": "Edm.Untyped",
}
_WORDS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
    "has": "Has",
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "instant": parse_instant,
    "date": parse_date,
    "duration": parse_duration,
    "text": lambda value: str(value).casefold(),
    "guid": lambda value: str(value).casefold(),
    # What may be of any type is ordered by its type first.
    "dynamic": lambda value: (
        (type(value).__name__, str(value).casefold())
        if isinstance(value, str | dict | list)
        else ("", value)
    ),
}
# Which JSON values of a dynamic property count as a value of a kind.
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "boolean": (bool,),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A typed part of an expression. `kind` is text, guid, number, boolean, instant, date,
    duration, null, dynamic (of whatever type the value is), enum:NAME or type:NAME."""

    kind: str
    get: Getter
    constant: bool = False
    collection: bool = False

    @property
    def edm(self) -> str:
        """The type as Graph's refusals name it."""
        name = _NAMES.get(self.kind) or f"microsoft.graph.{self.kind.partition(':')[2]}"
        return f"Collection({name})" if self.collection else name


def kind_of(prop: Property) -> str:
    """The kind of a property's value, or of its items."""
    if prop.type in SCHEMA.enums:
        return f"enum:{prop.type}"
    if prop.structure is not None or prop.type in SCHEMA.structured:
        return f"type:{prop.type}"
    return _KINDS.get(prop.type, "text")


def reader_of(kind: str) -> Callable[[Any], Any]:
    """From a stored JSON value to one that compares as Graph compares."""
    if kind.startswith("enum:"):
        kind = "text"
    return _READERS.get(kind, lambda value: value)


def constant_term(node: Literal) -> Term:
    """A literal of the expression; refuses one that is none of its type."""
    kind = {"string": "text", "datetime": "instant"}.get(node.kind, node.kind)
    if node.type is not None:
        return _convert(_constant(kind, node.text.casefold()), _enum_kind(node.type))
    try:
        if kind == "number":
            whole = node.text.lstrip("-").isdigit()
            return _constant(kind, int(node.text) if whole else float(node.text))
        if kind == "boolean":
            return _constant(kind, node.text == "true")
        if kind == "null":
            return _constant(kind, None)
        return _constant(kind, _READERS[kind](node.text))
    except (ValueError, OverflowError) as error:
        raise bad_request(f"Invalid filter clause: '{node.text}' is not a valid value.") from error


def compare(operator: str, left: Term, right: Term) -> Term:
    """A comparison of two terms; refuses types that cannot meet."""
    pair = _harmonize(left, right)
    structured = left.kind.startswith("type:") and right.kind != "null"
    flags = operator != "has" or left.kind.startswith("enum:")
    if pair is None or structured or not flags:
        raise bad_request(
            "A binary operator with incompatible types was detected. Found operand types "
            f"'{left.edm}' and '{right.edm}' for operator kind '{_WORDS[operator]}'."
        )
    one, other = pair[0].get, pair[1].get
    if operator == "eq":
        return Term("boolean", lambda env: bool(one(env) == other(env)))
    if operator == "ne":
        return Term("boolean", lambda env: bool(one(env) != other(env)))
    if operator == "has":
        return Term("boolean", lambda env: other(env) in str(one(env)).split(","))
    return Term("boolean", _ordered(operator, one, other))


def _ordered(operator: str, one: Getter, other: Getter) -> Getter:
    def ordered(env: Environment) -> bool:
        first, second = one(env), other(env)
        if first is None or second is None:
            return False
        if operator == "gt":
            return bool(first > second)
        if operator == "ge":
            return bool(first >= second)
        return bool(first < second) if operator == "lt" else bool(first <= second)

    return ordered


def _constant(kind: str, value: Any) -> Term:
    return Term(kind, lambda env: value, constant=True)


def _enum_kind(name: str) -> str:
    short = name.removeprefix("microsoft.graph.")
    if short not in SCHEMA.enums:
        raise bad_request(f"The type '{name}' is not an enumeration type.")
    return f"enum:{short}"


def _harmonize(left: Term, right: Term) -> tuple[Term, Term] | None:
    """Both sides as one kind, or None where they cannot meet."""
    if left.collection or right.collection:
        return None
    if left.kind == right.kind or "null" in (left.kind, right.kind):
        return left, right
    if left.kind == "dynamic":
        return _as_kind(left, right.kind), right
    if right.kind == "dynamic":
        return left, _as_kind(right, left.kind)
    if right.constant and _converts(right, left.kind):
        return left, _convert(right, left.kind)
    if left.constant and _converts(left, right.kind):
        return _convert(left, right.kind), right
    return None


def _converts(term: Term, kind: str) -> bool:
    """Whether a constant may become another kind: texts enum members and instants, dates too."""
    if kind.startswith("enum:"):
        return term.kind == "text"
    if kind != "instant" or term.kind not in ("text", "date"):
        return False
    try:
        parse_instant(str(term.get({})).upper())
    except (ValueError, OverflowError):
        return False
    return True


def _convert(term: Term, kind: str) -> Term:
    value = term.get({})
    if kind == "instant":
        return _constant(kind, parse_instant(str(value).upper()))
    members = {member.casefold() for member in SCHEMA.enums[kind[5:]]}
    # Several members of flags stand in one literal, with commas between them.
    if not members.issuperset(str(value).split(",")):
        raise bad_request(f"The string '{value}' is not a valid enumeration type constant.")
    return _constant(kind, value)


def _as_kind(term: Term, kind: str) -> Term:
    """A dynamic value as one of this kind; None where it is of another."""
    types = _JSON_TYPES.get(kind, (str,))
    read = reader_of(kind)

    def get(env: Environment) -> Any:
        value = term.get(env)
        if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
            return None
        try:
            return read(value)
        except (ValueError, OverflowError):
            return None

    return Term(kind, get)


# name -> (kinds of its arguments, kind of its result, what it does to values that are not null)
_FUNCTIONS: dict[str, tuple[tuple[str, ...], str, Callable[..., Any]]] = {
    "startswith": (("text", "text"), "boolean", lambda text, part: text.startswith(part)),
    "endswith": (("text", "text"), "boolean", lambda text, part: text.endswith(part)),
    "contains": (("text", "text"), "boolean", lambda text, part: part in text),
    "tolower": (("text",), "text", lambda text: text),
    "toupper": (("text",), "text", lambda text: text),
    "trim": (("text",), "text", lambda text: text.strip()),
    "length": (("text",), "number", len),
    "indexof": (("text", "text"), "number", lambda text, part: text.find(part)),
    "substring": (("text", "number"), "text", lambda text, start: text[max(0, int(start)) :]),
    "concat": (("text", "text"), "text", lambda text, more: text + more),
    "year": (("instant",), "number", lambda moment: moment.year),
    "month": (("instant",), "number", lambda moment: moment.month),
    "day": (("instant",), "number", lambda moment: moment.day),
    "hour": (("instant",), "number", lambda moment: moment.hour),
    "minute": (("instant",), "number", lambda moment: moment.minute),
    "second": (("instant",), "number", lambda moment: moment.second),
    "date": (("instant",), "date", lambda moment: moment.date()),
}


def call(name: str, arguments: list[Term]) -> Term:
    """A function applied to its arguments; refuses an unknown one and those that do not fit."""
    if name not in _FUNCTIONS:
        raise bad_request(f"An unknown function with name '{name}' was found.")
    kinds, result, apply = _FUNCTIONS[name]
    if len(arguments) == len(kinds):
        arguments = [
            _as_kind(argument, kind) if argument.kind == "dynamic" else argument
            for argument, kind in zip(arguments, kinds, strict=True)
        ]
    given = tuple(argument.kind for argument in arguments)
    if given != kinds or any(argument.collection for argument in arguments):
        raise bad_request(
            f"No function signature for the function with name '{name}' matches the specified "
            f"arguments: {', '.join(argument.edm for argument in arguments)}."
        )
    getters = [argument.get for argument in arguments]

    def get(env: Environment) -> Any:
        values = [getter(env) for getter in getters]
        if any(value is None for value in values):
            return False if result == "boolean" else None
        return apply(*values)

    return Term(result, get)
