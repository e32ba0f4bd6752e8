"""`$filter` bound to a type: a syntax tree becomes a typed test on records.

Refuses unknown properties and operands that do not fit, in Graph's words. Knows no workload.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA, Property, StructuredType
from graphwright_sandbox.graph.errors import bad_request, unknown_property
from graphwright_sandbox.graph.filter_syntax import (
    Call,
    Comparison,
    In,
    Literal,
    Logical,
    Node,
    Not,
    Path,
    Quantifier,
    parse_filter,
)
from graphwright_sandbox.graph.values import parse_date, parse_instant

Environment = Mapping[str, Any]
Getter = Callable[[Environment], Any]
Predicate = Callable[[Mapping[str, Any]], bool]

_IT = "$it"
_NUMBERS = frozenset({"Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Double"})
_TEXTS = frozenset({"Edm.String", "Edm.Guid", "Edm.Binary"})
_WORDS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A typed part of an expression. `kind` is text, number, boolean, instant, date, null,
    enum:NAME or type:NAME."""

    kind: str
    get: Getter
    constant: bool = False
    collection: bool = False


@dataclass(frozen=True, slots=True)
class BoundFilter:
    test: Predicate
    properties: tuple[str, ...]
    """First segments of the paths, in the order they are named."""
    paths: tuple[str, ...]


def bind_filter(text: str, entity_type: StructuredType) -> BoundFilter:
    """The test that a `$filter` states for records of this type."""
    binder = _Binder(entity_type)
    term = binder.bind(parse_filter(text))
    if term.kind != "boolean":
        raise bad_request(
            "The $filter expression must evaluate to a single boolean value.",
        )
    get = term.get
    return BoundFilter(
        lambda record: get({_IT: record}) is True,
        tuple(dict.fromkeys(path.split("/")[0] for path in binder.paths)),
        tuple(dict.fromkeys(binder.paths)),
    )


def kind_of(prop: Property) -> str:
    if prop.type in _TEXTS:
        return "text"
    if prop.type in _NUMBERS:
        return "number"
    if prop.type == "Edm.Boolean":
        return "boolean"
    if prop.type == "Edm.DateTimeOffset":
        return "instant"
    if prop.type == "Edm.Date":
        return "date"
    if prop.type in SCHEMA.enums:
        return f"enum:{prop.type}"
    return f"type:{prop.type}" if prop.type in SCHEMA.structured else "text"


def reader_of(kind: str) -> Callable[[Any], Any]:
    """From a stored JSON value to one that compares as Graph compares."""
    if kind == "instant":
        return parse_instant
    if kind == "date":
        return parse_date
    if kind == "text" or kind.startswith("enum:"):
        return lambda value: str(value).casefold()
    return lambda value: value


def resolve_path(segments: tuple[str, ...], start: StructuredType) -> tuple[list[str], str, bool]:
    """Canonical names of a path's segments, the kind at its end, and whether it is a collection."""
    current = start
    names: list[str] = []
    kind, collection = f"type:{start.name}", False
    for segment in segments:
        if not kind.startswith("type:") or collection:
            raise bad_request(
                f"The property path '{'/'.join(segments)}' cannot be followed into '{segment}'."
            )
        current = SCHEMA.structured[kind.removeprefix("type:")]
        prop = current.find(segment)
        if prop is None:
            raise unknown_property(segment, current.name)
        names.append(prop.name)
        kind, collection = kind_of(prop), prop.collection
        if current.name == "dateTimeTimeZone" and prop.name == "dateTime":
            kind = "instant"
    return names, kind, collection


class _Binder:
    def __init__(self, entity_type: StructuredType) -> None:
        self._scopes: dict[str, StructuredType | Term] = {_IT: entity_type}
        self.paths: list[str] = []

    def bind(self, node: Node) -> Term:
        match node:
            case Literal():
                return _literal(node)
            case Path():
                return self._path(node)
            case Logical():
                return self._logical(node)
            case Not():
                operand = self._boolean(self.bind(node.operand), "Not")
                return Term("boolean", lambda env: not operand.get(env))
            case Comparison():
                return _compare(node.operator, self.bind(node.left), self.bind(node.right))
            case In():
                return self._in(node)
            case Quantifier():
                return self._quantifier(node)
            case Call():
                return _call(node.name, [self.bind(argument) for argument in node.arguments])

    def _boolean(self, term: Term, operator: str) -> Term:
        if term.kind != "boolean" or term.collection:
            raise bad_request(
                "Invalid filter clause: A unary or binary operator with an incompatible type was "
                f"detected. Operator kind '{operator}' needs operands of type 'Edm.Boolean'."
            )
        return term

    def _logical(self, node: Logical) -> Term:
        left = self._boolean(self.bind(node.left), node.operator).get
        right = self._boolean(self.bind(node.right), node.operator).get
        if node.operator == "and":
            return Term("boolean", lambda env: bool(left(env) and right(env)))
        return Term("boolean", lambda env: bool(left(env) or right(env)))

    def _path(self, node: Path) -> Term:
        segments = node.segments
        scope_name = _IT
        if segments[0] in self._scopes:
            scope_name, segments = segments[0], segments[1:]
        scope = self._scopes[scope_name]
        if isinstance(scope, Term):
            if segments:
                raise bad_request(f"The range variable '{scope_name}' has no properties.")
            return scope
        names, kind, collection = resolve_path(segments, scope)
        if scope_name == _IT:
            self.paths.append("/".join(names))
        return Term(kind, _getter(scope_name, names, kind, collection), collection=collection)

    def _in(self, node: In) -> Term:
        left = self.bind(node.left)
        tests = [_compare("eq", left, self.bind(option)).get for option in node.options]
        return Term("boolean", lambda env: any(test(env) for test in tests))

    def _quantifier(self, node: Quantifier) -> Term:
        source = self._path(node.path)
        if not source.collection:
            raise bad_request(
                f"Invalid filter clause: '{node.operator}' needs a collection, and "
                f"'{'/'.join(node.path.segments)}' is not one."
            )
        get = source.get
        if node.condition is None or node.variable is None:
            return Term("boolean", lambda env: bool(get(env)))
        variable = node.variable
        if variable in self._scopes:
            raise bad_request(f"The range variable '{variable}' has already been declared.")
        self._scopes[variable] = _item_scope(variable, source.kind)
        condition = self._boolean(self.bind(node.condition), node.operator).get
        del self._scopes[variable]
        decide = any if node.operator == "any" else all
        return Term(
            "boolean",
            lambda env: decide(condition({**env, variable: item}) for item in get(env) or ()),
        )


def _item_scope(variable: str, kind: str) -> StructuredType | Term:
    if kind.startswith("type:"):
        return SCHEMA.structured[kind.removeprefix("type:")]
    read = reader_of(kind)
    return Term(kind, lambda env: None if env[variable] is None else read(env[variable]))


def _getter(scope: str, names: list[str], kind: str, collection: bool) -> Getter:
    read = reader_of("items" if collection else kind)

    def get(env: Environment) -> Any:
        value = env[scope]
        for name in names:
            if value is None:
                return None
            value = value.get(name)
        return None if value is None else read(value)

    return get


def _literal(node: Literal) -> Term:
    value: Any
    kind = node.kind
    try:
        if kind in ("string", "guid"):
            kind, value = "text", node.text.casefold()
        elif kind == "number":
            value = float(node.text) if "." in node.text else int(node.text)
        elif kind == "boolean":
            value = node.text == "true"
        elif kind == "datetime":
            kind, value = "instant", parse_instant(node.text)
        elif kind == "date":
            value = parse_date(node.text)
        else:
            value = None
    except (ValueError, OverflowError) as error:
        raise bad_request(f"Invalid filter clause: '{node.text}' is not a valid value.") from error
    return Term(kind, lambda env: value, constant=True)


def _harmonize(left: Term, right: Term) -> tuple[Term, Term] | None:
    """Both sides as one kind, or None where they cannot meet."""
    if left.collection or right.collection:
        return None
    if left.kind == right.kind or "null" in (left.kind, right.kind):
        return left, right
    for one, other, swapped in ((left, right, False), (right, left, True)):
        converted = _convert(other, one.kind)
        if converted is not None:
            return (converted, one) if swapped else (one, converted)
    return None


def _convert(term: Term, kind: str) -> Term | None:
    """A constant as another kind: texts to enum members and instants, dates to instants."""
    if not term.constant:
        return None
    value = term.get({})
    if kind.startswith("enum:") and term.kind == "text":
        if value not in {member.casefold() for member in SCHEMA.enums[kind[5:]]}:
            raise bad_request(f"The string '{value}' is not a valid enumeration type constant.")
        return Term(kind, lambda env: value, constant=True)
    if kind == "instant" and term.kind in ("text", "date"):
        try:
            moment = parse_instant(str(value).upper())
        except (ValueError, OverflowError):
            return None
        return Term(kind, lambda env: moment, constant=True)
    return None


def _compare(operator: str, left: Term, right: Term) -> Term:
    pair = _harmonize(left, right)
    structured = left.kind.startswith("type:") and right.kind != "null"
    if pair is None or structured:
        raise bad_request(
            "A binary operator with incompatible types was detected. Found operand types "
            f"'{_edm(left)}' and '{_edm(right)}' for operator kind '{_WORDS[operator]}'."
        )
    one, other = pair[0].get, pair[1].get
    if operator == "eq":
        return Term("boolean", lambda env: bool(one(env) == other(env)))
    if operator == "ne":
        return Term("boolean", lambda env: bool(one(env) != other(env)))

    def ordered(env: Environment) -> bool:
        first, second = one(env), other(env)
        if first is None or second is None:
            return False
        if operator == "gt":
            return bool(first > second)
        if operator == "ge":
            return bool(first >= second)
        return bool(first < second) if operator == "lt" else bool(first <= second)

    return Term("boolean", ordered)


def _edm(term: Term) -> str:
    name = {
        "text": "Edm.String",
        "number": "Edm.Int32",
        "boolean": "Edm.Boolean",
        "instant": "Edm.DateTimeOffset",
        "date": "Edm.Date",
        "null": "<null>",
    }.get(term.kind) or f"microsoft.graph.{term.kind.partition(':')[2]}"
    return f"Collection({name})" if term.collection else name


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
    "concat": (("text", "text"), "text", lambda text, more: text + more),
    "year": (("instant",), "number", lambda moment: moment.year),
    "month": (("instant",), "number", lambda moment: moment.month),
    "day": (("instant",), "number", lambda moment: moment.day),
    "hour": (("instant",), "number", lambda moment: moment.hour),
    "minute": (("instant",), "number", lambda moment: moment.minute),
    "second": (("instant",), "number", lambda moment: moment.second),
    "date": (("instant",), "date", lambda moment: moment.date()),
}


def _call(name: str, arguments: list[Term]) -> Term:
    if name not in _FUNCTIONS:
        raise bad_request(f"An unknown function with name '{name}' was found.")
    kinds, result, apply = _FUNCTIONS[name]
    given = tuple(argument.kind for argument in arguments)
    if given != kinds or any(argument.collection for argument in arguments):
        raise bad_request(
            f"No function signature for the function with name '{name}' matches the specified "
            f"arguments: {', '.join(_edm(argument) for argument in arguments)}."
        )
    getters = [argument.get for argument in arguments]

    def get(env: Environment) -> Any:
        values = [getter(env) for getter in getters]
        if any(value is None for value in values):
            return False if result == "boolean" else None
        return apply(*values)

    return Term(result, get)
