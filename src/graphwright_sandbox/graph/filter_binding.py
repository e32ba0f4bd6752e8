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
from graphwright_sandbox.graph.filter_terms import (
    Environment,
    Getter,
    Term,
    call,
    compare,
    constant_term,
    kind_of,
    reader_of,
)

Predicate = Callable[[Mapping[str, Any]], bool]

_IT = "$it"
_NAMESPACE = "microsoft.graph."


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


def resolve_path(segments: tuple[str, ...], start: StructuredType) -> tuple[list[str], str, bool]:
    """Canonical names of a path's segments, the kind at its end, and whether it is a collection."""
    names: list[str] = []
    # Not every type is declared by its name: a collection of users and groups has a type of its own.
    current, kind, collection = start, f"type:{start.name}", False
    for segment in segments:
        if collection and segment.lower() == "$count":
            names.append("$count")
            kind, collection = "number", False
            continue
        if not kind.startswith("type:") or collection:
            raise bad_request(
                f"The property path '{'/'.join(segments)}' cannot be followed into '{segment}'."
            )
        if segment.lower().startswith(_NAMESPACE):
            current = _cast(segment, current)
            kind = f"type:{current.name}"
            continue
        name, prop = _resolve(segment, current)
        names.append(name)
        kind, collection = ("dynamic", False) if prop is None else (kind_of(prop), prop.collection)
        if current.name == "dateTimeTimeZone" and name == "dateTime":
            kind = "instant"
        if prop is not None and kind.startswith("type:"):
            current = prop.structure or SCHEMA.structured[prop.type]
    return names, kind, collection


def _resolve(segment: str, current: StructuredType) -> tuple[str, Property | None]:
    """The name in a record of one segment, and its property (None: of a type left open)."""
    prop = current.find(segment)
    if prop is not None:
        return prop.name, prop
    navigation = current.find_navigation(segment)
    if navigation is not None and navigation.followed:
        name = f"_{navigation.name}" if navigation.collection else navigation.name
        return name, navigation
    if not current.dynamic:
        raise unknown_property(segment, current.name)
    return segment, None


def _cast(segment: str, current: StructuredType) -> StructuredType:
    """The type that a segment casts to; it need not derive from the declared one, which may be the
    base of several (a member is a directoryObject)."""
    derived = SCHEMA.find(segment[len(_NAMESPACE) :])
    if derived is None:
        raise bad_request(
            f"The type '{segment}' is not defined in the model, or not one of "
            f"'{_NAMESPACE}{current.name}'."
        )
    return derived


class _Binder:
    def __init__(self, entity_type: StructuredType) -> None:
        self._scopes: dict[str, StructuredType | Term] = {_IT: entity_type}
        self.paths: list[str] = []

    def bind(self, node: Node) -> Term:
        match node:
            case Literal():
                return constant_term(node)
            case Path():
                return self._path(node)
            case Logical():
                return self._logical(node)
            case Not():
                operand = self._boolean(self.bind(node.operand), "Not")
                return Term("boolean", lambda env: not operand.get(env))
            case Comparison():
                return compare(node.operator, self.bind(node.left), self.bind(node.right))
            case In():
                return self._in(node)
            case Quantifier():
                return self._quantifier(node)
            case Call():
                return call(node.name, [self.bind(argument) for argument in node.arguments])

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
        tests = [compare("eq", left, self.bind(option)).get for option in node.options]
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
    # What is dynamic gets its kind from what it is compared with.
    read = reader_of("items" if collection or kind == "dynamic" else kind)
    counted = names[-1:] == ["$count"]
    steps = names[:-1] if counted else names

    def get(env: Environment) -> Any:
        value = env[scope]
        for name in steps:
            if value is None:
                return None
            value = value.get(name)
        if counted:
            return len(value or ())
        return None if value is None else read(value)

    return get
