"""The query options of a request, read from its query string and refused where malformed.

Knows the OData names and forms, no types and no data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote_plus

from graphwright_sandbox.graph.errors import bad_request

SYSTEM_OPTIONS = frozenset(
    {"select", "filter", "orderby", "top", "skip", "skiptoken", "count", "search", "expand"}
    | {"format", "deltatoken"}
)
_NESTED_OPTIONS = frozenset(
    {"select", "filter", "orderby", "top", "skip", "count", "search", "expand", "levels"}
)
MAXIMUM_OPTIONS = 100
MAXIMUM_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Order:
    path: tuple[str, ...]
    descending: bool


@dataclass(frozen=True, slots=True)
class Expand:
    name: str
    options: "QueryOptions"


@dataclass(frozen=True, slots=True)
class QueryOptions:
    select: tuple[str, ...] | None = None
    filter: str | None = None
    orderby: tuple[Order, ...] = ()
    top: int | None = None
    skip: int | None = None
    skiptoken: str | None = None
    deltatoken: str | None = None
    """Empty where Graph's `Location` of a 410 told the caller to start again."""
    count: bool = False
    search: str | None = None
    expand: tuple[Expand, ...] = ()
    levels: int | None = None
    """Of an expansion: how often it is followed; 0 stands for max."""
    given: frozenset[str] = frozenset()
    custom: dict[str, str] = field(default_factory=dict)
    """Options without `$`, by lower-cased name (startDateTime, …)."""
    raw: tuple[tuple[str, str], ...] = ()
    """All options as sent, decoded, in order: what a next link repeats."""


def check_search_alone(options: QueryOptions) -> None:
    """Refuses what Exchange does not combine with `$search`."""
    for given, code, name in (
        (options.filter, "SearchWithFilter", "$filter"),
        (options.orderby, "SearchWithOrderBy", "$orderBy"),
        (options.skip, "SearchWithSkip", "$skip"),
    ):
        if given and options.search is not None:
            message = f"The query parameter '{name}' is not supported with '$search'."
            raise bad_request(message, code)


def split_query(query: str) -> list[tuple[str, str]]:
    pairs = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            try:
                pair = (
                    unquote_plus(name, errors="strict"),
                    unquote_plus(value, errors="strict"),
                )
            except UnicodeDecodeError as error:
                raise bad_request("The query string is not valid UTF-8.") from error
            pairs.append(pair)
    if len(pairs) > MAXIMUM_OPTIONS:
        raise bad_request("The query string has too many options.")
    return pairs


def parse_query(query: str, *, bare: frozenset[str] = frozenset()) -> QueryOptions:
    """All options of a query string. `bare` names those that need no `$` here."""
    pairs = split_query(query)
    system: list[tuple[str, str]] = []
    custom: dict[str, str] = {}
    for name, value in pairs:
        lowered = name.lower()
        if name.startswith("$"):
            system.append((name[1:], value))
        elif lowered in bare:
            system.append((name, value))
        elif lowered in custom:
            raise bad_request(
                f"Query option '{name}' was specified more than once, "
                "but it must be specified at most once."
            )
        else:
            custom[lowered] = value
    options = _parse_system(system, SYSTEM_OPTIONS)
    return replace(options, custom=custom, raw=tuple(pairs))


def _parse_system(
    pairs: Sequence[tuple[str, str]], known: frozenset[str], depth: int = 0
) -> QueryOptions:
    options = QueryOptions()
    given: set[str] = set()
    for original, value in pairs:
        name = original.lower()
        if name not in known:
            raise bad_request(f"The query parameter '${original}' is not supported.")
        if name in given:
            raise bad_request(
                f"Query option '${name}' was specified more than once, "
                "but it must be specified at most once."
            )
        given.add(name)
        options = _with_option(options, name, value, depth)
    return replace(options, given=frozenset(given))


def _with_option(options: QueryOptions, name: str, value: str, depth: int) -> QueryOptions:
    if name == "format":
        if value.lower() not in ("json", "application/json"):
            raise bad_request(f"The value '{value}' of the $format query option is not supported.")
        return options
    if name == "expand":
        return replace(options, expand=_expands(_filled(value, name), depth + 1))
    return replace(options, **{name: _READERS[name](value, name)})


def _filled(value: str, name: str) -> str:
    if not value.strip():
        raise bad_request(f"The value for OData query '${name}' cannot be empty.")
    return value.strip()


def _number(value: str, name: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise bad_request(
            f"Invalid value '{value}' for ${name} query option found. "
            f"The ${name} query option requires a non-negative integer value."
        )
    return int(value)


def _flag(value: str, _name: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise bad_request(
            f"Invalid value '{value}' for $count query option found. "
            "Valid values are 'true' and 'false'."
        )
    return value.lower() == "true"


def _levels(value: str, name: str) -> int:
    if value.lower() == "max":
        return 0
    number = _number(value, name)
    if number == 0:
        raise bad_request("The $levels option must be a positive integer or 'max'.")
    return number


def _names(value: str, option: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(","))
    if any(not name for name in names):
        raise bad_request(f"The ${option} query option holds an empty name: '{value}'.")
    return names


def _orders(value: str, name: str) -> tuple[Order, ...]:
    orders = []
    for part in _names(_filled(value, name), name):
        words = part.split()
        if len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
            raise bad_request(f"Syntax error in the $orderby query option: '{part}'.")
        orders.append(Order(tuple(words[0].split("/")), words[-1].lower() == "desc"))
    return tuple(orders)


_READERS: dict[str, Callable[[str, str], Any]] = {
    "select": _names,
    "filter": _filled,
    "orderby": _orders,
    "top": _number,
    "skip": _number,
    "skiptoken": _filled,
    # Empty where the Location of a 410 tells the caller to start again.
    "deltatoken": lambda value, name: value.strip(),
    "count": _flag,
    "search": _filled,
    "levels": _levels,
}


def _expands(value: str, depth: int) -> tuple[Expand, ...]:
    if depth > MAXIMUM_DEPTH:
        raise bad_request(
            "The request includes a $expand path which is too deep. "
            f"The maximum depth allowed is {MAXIMUM_DEPTH}."
        )
    expands: list[Expand] = []
    for part in split_outside(value, ","):
        text = part.strip()
        name, bracket, rest = text.partition("(")
        if not name.strip() or (bracket and not rest.endswith(")")):
            raise bad_request(f"Syntax error in the $expand query option: '{text}'.")
        nested = []
        for option in split_outside(rest[:-1], ";") if bracket else []:
            key, equals, content = option.strip().partition("=")
            if not equals:
                raise bad_request(f"Syntax error in the $expand query option: '{option}'.")
            # Graph takes nested options without their dollar as well: fields(select=Title).
            nested.append((key.strip().removeprefix("$"), content))
        expands.append(Expand(name.strip(), _parse_system(nested, _NESTED_OPTIONS, depth)))
    return _merge(expands)


def _merge(expands: Sequence[Expand]) -> tuple[Expand, ...]:
    """One expansion for each property: clients name one again to select more of it."""
    merged: dict[str, Expand] = {}
    for expand in expands:
        key = expand.name.lower()
        before = merged.get(key)
        if before is None:
            merged[key] = expand
            continue
        if not before.options.given | expand.options.given <= {"select"}:
            raise bad_request(f"The navigation property '{expand.name}' is expanded twice.")
        one, more = before.options.select, expand.options.select
        both = None if one is None or more is None else tuple(dict.fromkeys(one + more))
        merged[key] = Expand(before.name, replace(before.options, select=both))
    return tuple(merged.values())


def split_outside(text: str, separator: str) -> list[str]:
    """Split at separators that stand outside brackets and quoted text."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")":
            depth -= 1
        elif character == separator and depth == 0 and not quoted:
            parts.append(text[start:position])
            start = position + 1
    if depth or quoted:
        raise bad_request("The query option has an unbalanced bracket or quote.")
    parts.append(text[start:])
    return parts
