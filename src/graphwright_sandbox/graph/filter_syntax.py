"""The grammar of `$filter`: text to a tree. Knows no types and no data."""

import re
from dataclasses import dataclass
from typing import NoReturn

from graphwright_sandbox.graph.errors import GraphError, bad_request

MAXIMUM_LENGTH = 8000
MAXIMUM_DEPTH = 40

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<guid>[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?!\w))
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:[Zz]|[+-]\d\d:\d\d)?(?![\w:]))
  | (?P<date>\d{4}-\d\d-\d\d(?![\w:-]))
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?![\w.]))
  | (?P<name>[A-Za-z_@$][\w.$]*)
  | (?P<symbol>[(),/:=])
    )""",
    re.VERBOSE,
)
COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le", "has"})


@dataclass(frozen=True, slots=True)
class Literal:
    kind: str  # string, guid, datetime, date, number, boolean, duration, null
    text: str
    type: str | None = None
    """The enumeration that stands before a member: microsoft.graph.importance'high'."""


@dataclass(frozen=True, slots=True)
class Path:
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logical:
    operator: str  # and, or
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class In:
    left: "Node"
    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Quantifier:
    operator: str  # any, all
    path: Path
    variable: str | None
    condition: "Node | None"


Node = Literal | Path | Comparison | Logical | Not | In | Call | Quantifier


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse_filter(text: str) -> Node:
    if len(text) > MAXIMUM_LENGTH:
        raise bad_request("Invalid filter clause: the expression is too long.")
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._tokenize(text)
        self._at = 0
        self._depth = 0

    def _tokenize(self, text: str) -> list[_Token]:
        tokens = []
        position = 0
        end = len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise _syntax_error(text, position)
            tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start()))
            position = match.end()
        tokens.append(_Token("end", "", end))
        return tokens

    def parse(self) -> Node:
        node = self._or()
        if self._peek().kind != "end":
            self._fail()
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _fail(self) -> NoReturn:
        raise _syntax_error(self._text, self._peek().position)

    def _word(self, *words: str) -> str | None:
        """The next token, lower-cased and consumed, where it is one of these keywords."""
        token = self._peek()
        if token.kind == "name" and token.text.lower() in words:
            self._next()
            return token.text.lower()
        return None

    def _symbol(self, symbol: str) -> bool:
        token = self._peek()
        if token.kind == "symbol" and token.text == symbol:
            self._next()
            return True
        return False

    def _expect(self, symbol: str) -> None:
        if not self._symbol(symbol):
            self._fail()

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise bad_request("Invalid filter clause: the expression is nested too deeply.")
        node = self._and()
        while self._word("or"):
            node = Logical("or", node, self._and())
        self._depth -= 1
        return node

    def _and(self) -> Node:
        node = self._comparison()
        while self._word("and"):
            node = Logical("and", node, self._comparison())
        return node

    def _comparison(self) -> Node:
        node = self._unary()
        if operator := self._word(*COMPARISONS):
            return Comparison(operator, node, self._unary())
        if self._word("in"):
            self._expect("(")
            return In(node, self._arguments())
        return node

    def _unary(self) -> Node:
        negations = 0
        while self._word("not"):
            negations += 1
        node = self._primary()
        return Not(node) if negations % 2 else node

    def _arguments(self) -> tuple[Node, ...]:
        arguments = [self._or()]
        while self._symbol(","):
            arguments.append(self._or())
        self._expect(")")
        return tuple(arguments)

    def _primary(self) -> Node:
        if self._symbol("("):
            node = self._or()
            self._expect(")")
            return node
        token = self._next()
        if token.kind == "string":
            return Literal("string", token.text[1:-1].replace("''", "'"))
        if token.kind in ("guid", "datetime", "date", "number"):
            return Literal(token.kind, token.text)
        if token.kind != "name":
            self._at = max(self._at - 1, 0)
            self._fail()
        return self._named(token)

    def _named(self, token: _Token) -> Node:
        word = token.text.lower()
        if word in ("true", "false"):
            return Literal("boolean", word)
        if word == "null":
            return Literal("null", word)
        following = self._peek()
        if following.kind == "string" and (word == "duration" or "." in token.text):
            text = self._next().text[1:-1].replace("''", "'")
            if word == "duration":
                return Literal("duration", text)
            return Literal("string", text, type=token.text)
        if self._symbol("("):
            return Call(word, self._arguments())
        return self._path(token.text)

    def _path(self, first: str) -> Node:
        segments = [first]
        while self._symbol("/"):
            token = self._next()
            if token.kind != "name":
                self._at = max(self._at - 1, 0)
                self._fail()
            if token.text.lower() in ("any", "all") and self._symbol("("):
                return self._quantifier(token.text.lower(), Path(tuple(segments)))
            segments.append(token.text)
        return Path(tuple(segments))

    def _quantifier(self, operator: str, path: Path) -> Node:
        if operator == "any" and self._symbol(")"):
            return Quantifier(operator, path, None, None)
        variable = self._next()
        if variable.kind != "name":
            self._fail()
        self._expect(":")
        condition = self._or()
        self._expect(")")
        return Quantifier(operator, path, variable.text, condition)


def _syntax_error(text: str, position: int) -> GraphError:
    return bad_request(
        f"Invalid filter clause: syntax error at position {position} in '{text[:200]}'."
    )
