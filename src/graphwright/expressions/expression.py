"""One compiled expression: JSONata with limits, or a native getter where it is a simple path.

Knows no flow and no list: names are looked up in whatever scope or item it is given.
"""

import re
from functools import lru_cache
from typing import Any, Final

import jlens

from graphwright.expressions.errors import ExpressionFailed, ExpressionInvalid
from graphwright.expressions.functions import FUNCTIONS
from graphwright.expressions.getters import MISSING, make_getter, path_of
from graphwright.kernel.errors import nearest
from graphwright.kernel.values import JsonObject, JsonValue, Scope

LIMITS: Final[dict[str, Any]] = {
    "timeout": 0.5,
    "max_depth": 200,
    "max_steps": 1_000_000,
    "max_string_length": 1_000_000,
    "max_array_length": 100_000,
}
_MAX_SOURCE = 20_000
_CALLED = re.compile(r"\$(\w+)")


class Expression:
    """A compiled expression; `compile_expression` makes it. Safe to share between threads."""

    __slots__ = ("_engine", "_getter", "_reads", "_wrapped", "path", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._engine = _compile(source)
        self._reads: JsonObject = dict(self._engine.reads())
        _check_bindings(source, self._reads)
        self.path = path_of(source)
        """The segments where this is a simple path, else None."""
        self._getter = None if self.path is None else make_getter(self.path)
        # The engine gives None for undefined and for null; a field of an object tells them apart.
        self._wrapped = None if self._getter else _compile(f'{{"v":({source}\n)}}')

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def evaluate(self, scope: Scope) -> JsonValue:
        """The value in a scope of names; None where it is undefined."""
        root = scope if isinstance(scope, dict) else dict(scope)
        value = self._getter(root) if self._getter else self._run(self._engine, root, _now(root))
        return None if value is MISSING else value

    def evaluate_item(self, item: JsonValue) -> JsonValue:
        """The value over an item of a document; `MISSING` where it is undefined."""
        if self._getter is not None:
            return self._getter(item)
        value = self._run(self._engine, item)
        if value is None and self._wrapped is not None:
            return self._run(self._wrapped, item).get("v", MISSING)
        return value

    def names(self) -> frozenset[str]:
        """The root names it reads. Where `reads_everything` is true there may be more."""
        read = self._reads.get("input")
        return frozenset(read) if isinstance(read, dict) else frozenset()

    @property
    def reads_everything(self) -> bool:
        """Whether it reads its scope or item whole, such as `$` or `*`."""
        return self._reads.get("input") is True

    def reads(self) -> JsonValue:
        """What it reads of the scope: a tree of names with true as leaves, or true: all."""
        return self._reads.get("input", {})

    def _run(self, engine: jlens.Expression, root: JsonValue, now: str | None = None) -> JsonValue:
        try:
            return engine.evaluate(root, now=now, **LIMITS)
        except jlens.JlensError as error:
            raise ExpressionFailed(
                f"The expression {_shown(self.source)} failed: {str(error)[:200]}.",
                hint=_HINTS.get(error.code, ""),
                source=self.source,
                reason=error.code,
                position=_position(error),
            ) from error


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Compiles an expression, or says in `ExpressionInvalid` where its text is wrong."""
    return Expression(source)


def _compile(source: str) -> jlens.Expression:
    if not source.strip():
        raise ExpressionInvalid("The expression is empty.", source=source, position=0)
    if len(source) > _MAX_SOURCE:
        raise ExpressionInvalid(
            f"The expression is longer than {_MAX_SOURCE} characters.", position=_MAX_SOURCE
        )
    try:
        engine = jlens.Expression(source)
        for name in set(_CALLED.findall(source)) & FUNCTIONS.keys():
            engine.register_function(name, FUNCTIONS[name].implementation)
    except jlens.JlensError as error:
        position = error.start if error.start is not None else (error.position or 0)
        raise ExpressionInvalid(
            f"The expression {_shown(source)} does not compile: {error}, "
            f"at character {position + 1}.",
            hint="It is JSONata: https://docs.jsonata.org.",
            source=source,
            position=position,
        ) from error
    return engine


def _check_bindings(source: str, reads: JsonObject) -> None:
    if reads.get("everyBinding"):
        # It would run users' data as a program.
        raise ExpressionInvalid(
            "$eval is not available in a model.",
            source=source,
            position=max(source.find("$eval"), 0),
        )
    for name in reads.get("bindings", {}):
        if name in FUNCTIONS:
            continue
        match = re.search(rf"\${re.escape(name)}\b", source)
        raise ExpressionInvalid(
            f"${name} is not defined in the expression {_shown(source)}.",
            hint=f"A variable of the flow is written without $. {nearest(name, FUNCTIONS)}",
            source=source,
            position=match.start() if match else 0,
        )


def _position(error: jlens.JlensError) -> int | None:
    """The character (from 0) that an evaluation failed at; the engine says the one behind it."""
    return error.start if error.position is None else max(error.position - 1, 0)


def _now(root: JsonValue) -> str | None:
    """The scope's own clock, so that `$now()` agrees with `now` and tests can set it."""
    now = root.get("now") if isinstance(root, dict) else None
    instant = now.get("instant") if isinstance(now, dict) else None
    return instant if isinstance(instant, str) else None


def _shown(source: str) -> str:
    return repr(source if len(source) <= 60 else source[:57] + "…")


_HINTS: Final[dict[str, str]] = {
    "D1012": "It ran longer than half a second.",
    "D1011": "It recurses too deeply.",
    "U1001": "It is larger than an expression may grow; use a loop node or an import.",
    "U1006": "It takes too many steps; use a loop node or an import.",
    "T1006": "It calls something that is not a function.",
}
