"""Values of expressions and templates as they are typed: the value, or where and why there is none.

Whatever is typed stays within the limits of expressions; runs in a thread. Knows no flow.
"""

import json
from collections.abc import Iterable, Mapping

from graphwright.expressions import (
    MISSING,
    Expression,
    ExpressionFailed,
    ExpressionInvalid,
    Template,
    compile_expression,
    compile_template,
)
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.modeler.wire.mappings import EvaluateAnswer

_MOST_SHOWN = 200_000
_LONGEST_TEXT = 10_000
_ITEMS = 50


def evaluate(source: str, kind: str, scope: Mapping[str, JsonValue]) -> EvaluateAnswer:
    """What the source gives over the scope; `kind` is `expression` or `template`."""
    try:
        compiled = compile_template(source) if kind == "template" else compile_expression(source)
    except ExpressionInvalid as error:
        position = int(error.facts.get("position") or 0)
        return EvaluateAnswer(error=_text(error), position=min(position, len(source)))
    reads = sorted(_names(compiled))
    try:
        value, missing = _value(compiled, dict(scope))
    except ExpressionFailed as error:
        return EvaluateAnswer(error=_text(error), position=_position(source, error), reads=reads)
    return EvaluateAnswer(value=_shown(value), missing=missing, reads=reads)


def _value(compiled: Template | Expression, scope: JsonObject) -> tuple[JsonValue, bool]:
    """The value, and whether it is undefined rather than null."""
    if isinstance(compiled, Expression):
        value = compiled.evaluate_item(scope)
        return (None, True) if value is MISSING else (value, False)
    return compiled.render(scope), False


def _names(compiled: Template | Expression) -> Iterable[str]:
    return compiled.names()


def _position(source: str, error: ExpressionFailed) -> int | None:
    """Where in the source it failed: in a template behind the beginning of its expression."""
    inner = error.facts.get("source")
    position = error.facts.get("position")
    if not isinstance(inner, str):
        return None
    start = max(source.find(inner), 0)
    return min(start + (position if isinstance(position, int) else 0), len(source))


def _text(error: ExpressionInvalid | ExpressionFailed) -> str:
    return f"{error.message} {error.hint}".strip()


def _shown(value: JsonValue) -> JsonValue:
    """The value as the browser shows it: cut where it is long."""
    short = _cut(value, 0)
    if len(json.dumps(short)) <= _MOST_SHOWN:
        return short
    return f"{json.dumps(short)[:_LONGEST_TEXT]}…"


def _cut(value: JsonValue, depth: int) -> JsonValue:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return value[:_LONGEST_TEXT] + "…"
    if isinstance(value, list):
        return [_cut(item, depth + 1) for item in value[:_ITEMS]] if depth < 50 else "…"
    if isinstance(value, dict):
        return {name: _cut(item, depth + 1) for name, item in value.items()} if depth < 50 else "…"
    return value
