"""Templates: `{{ expression }}` inside the texts of a JSON tree.

A lone `{{ x }}` keeps the value's type; inside a longer text values become text. `{{{{` stands for
a literal `{{`. Keys of objects are never templates. Escaping for URLs is the URL builder's work: it
gets the `parts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphwright.expressions.errors import ExpressionFailed, ExpressionInvalid
from graphwright.expressions.expression import Expression, compile_expression
from graphwright.kernel.values import JsonValue, Scope

_OPEN, _CLOSE, _ESCAPE = "{{", "}}", "{{{{"
_MAX_DEPTH = 100
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One text leaf as literal and expression parts."""

    parts: tuple[str | Expression, ...]

    def render(self, scope: Scope) -> JsonValue:
        """The value: of its own type where the text is one expression, else a text."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Expression):
            return self.parts[0].evaluate(scope)
        return "".join(
            part if isinstance(part, str) else text_of(part.evaluate(scope), part)
            for part in self.parts
        )


class Template:
    """A compiled tree; `compile_template` makes it."""

    __slots__ = ("_expressions", "_tree", "parts", "source")

    def __init__(self, source: JsonValue) -> None:
        self.source = source
        self._expressions: list[tuple[Path, Expression]] = []
        self._tree = self._compile(source, ())
        self.parts: tuple[str | Expression, ...] = (
            self._tree.parts if isinstance(self._tree, Text) else ()
        )
        """The literal and expression parts where the template is one text; a text without
        expressions is one literal part, another value has none."""
        if isinstance(self._tree, str):
            self.parts = (self._tree,)

    @property
    def is_constant(self) -> bool:
        """Whether nothing in it depends on the scope."""
        return not self._expressions

    def render(self, scope: Scope) -> JsonValue:
        """The tree with every expression replaced by its value."""
        return _render(self._tree, scope)

    def render_text(self, scope: Scope) -> str:
        """The value as text, also where it is a lone expression."""
        return text_of(self.render(scope))

    def names(self) -> frozenset[str]:
        """The root names that any of its expressions reads."""
        return frozenset().union(*(expression.names() for _, expression in self._expressions))

    def expressions(self) -> list[tuple[Path, Expression]]:
        """Every expression with its path in the tree."""
        return list(self._expressions)

    def _compile(self, value: JsonValue, path: Path) -> JsonValue:
        if len(path) > _MAX_DEPTH:
            raise ExpressionInvalid(f"The value is nested more than {_MAX_DEPTH} deep.", position=0)
        if isinstance(value, str):
            parts = _split(value, path) if _OPEN in value else (value,)
            self._expressions += [(path, part) for part in parts if isinstance(part, Expression)]
            if any(isinstance(part, Expression) for part in parts):
                return Text(parts)
            return "".join(str(part) for part in parts)
        if isinstance(value, dict):
            return {key: self._compile(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._compile(inner, (*path, index)) for index, inner in enumerate(value)]
        return value


def compile_template(value: JsonValue) -> Template:
    """Compiles a tree of JSON values; `ExpressionInvalid` says where (`path`, `position`)."""
    return Template(value)


def expression_spans(text: str) -> list[tuple[int, int]]:
    """Where the expressions of a text begin and end, without their braces; `ExpressionInvalid`."""
    spans = []
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        if text.startswith(_ESCAPE, start):
            at = start + len(_ESCAPE)
            continue
        end = _end_of_expression(text, start + 2, ())
        spans.append((start + 2, end))
        at = end + 2
    return spans


def text_of(value: JsonValue, expression: Expression | None = None) -> str:
    """A scalar as text: null is empty, numbers plain, booleans `true` and `false`."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    kind = "a list" if isinstance(value, list | tuple) else "an object"
    named = f"{{{{ {expression.source.strip()} }}}}" if expression else "The value"
    raise ExpressionFailed(
        f"{named} is {kind} and cannot stand inside a text.",
        hint="Pick one of its fields, or join it: $join(list, ', ') or $string(value).",
    )


def _render(node: JsonValue, scope: Scope) -> JsonValue:
    if isinstance(node, Text):
        return node.render(scope)
    if isinstance(node, dict):
        return {key: _render(inner, scope) for key, inner in node.items()}
    if isinstance(node, list):
        return [_render(inner, scope) for inner in node]
    return node


def _split(text: str, path: Path) -> tuple[str | Expression, ...]:
    parts: list[str | Expression] = []
    literal = ""
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        literal += text[at:start]
        if text.startswith(_ESCAPE, start):
            literal += _OPEN
            at = start + len(_ESCAPE)
            continue
        end = _end_of_expression(text, start + 2, path)
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(_compile_part(text, start + 2, end, path))
        at = end + 2
    literal += text[at:]
    if literal:
        parts.append(literal)
    return tuple(parts)


def _compile_part(text: str, start: int, end: int, path: Path) -> Expression:
    try:
        return compile_expression(text[start:end].strip())
    except ExpressionInvalid as error:
        inside = text[start:end]
        position = start + len(inside) - len(inside.lstrip()) + int(error.facts["position"])
        facts = {**error.facts, "position": position, "source": text, "path": list(path)}
        raise ExpressionInvalid(error.message, hint=error.hint, **facts) from error


def _end_of_expression(text: str, start: int, path: Path) -> int:
    """Where the `}}` stands that closes the expression: outside quotes, braces balanced."""
    depth = 0
    for index, character in _unquoted(text, start):
        if character == "{":
            depth += 1
        elif character == "}":
            if depth == 0 and text.startswith(_CLOSE, index):
                return index
            depth -= 1
    raise ExpressionInvalid(
        "A {{ is not closed by }}.",
        hint="Write {{{{ for a literal {{.",
        source=text,
        position=max(start - 2, 0),
        path=list(path),
    )


def _unquoted(text: str, start: int) -> Iterator[tuple[int, str]]:
    quote = ""
    index = start
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\" and quote != "`":
                index += 1
            elif character == quote:
                quote = ""
        elif character in "\"'`":
            quote = character
        else:
            yield index, character
        index += 1
