"""A name that expressions read gets another one: where that can be done on the text with certainty.

Only paths that begin at the scope are looked at; what stands in a predicate or behind a dot reads
something else. The engine is asked whether the new text reads what it should.
"""

import re
from collections.abc import Iterator
from typing import Any

from graphwright.expressions.errors import ExpressionInvalid
from graphwright.expressions.expression import compile_expression
from graphwright.expressions.getters import quote_path
from graphwright.expressions.template import expression_spans

_NAME = re.compile(r"`([^`]+)`|([^\W\d]\w*)")
_NEXT = re.compile(r"\s*\.\s*(?:`([^`]+)`|([^\W\d]\w*))")
_PARAMETERS = re.compile(r"(?:\bfunction|λ)\s*\([^()]*\)$")


class NotRenamable(Exception):
    """The text reads the name in a way that cannot be changed safely."""


def rename_path(source: str, old: tuple[str, ...], to: str) -> str:
    """The expression with the last segment of every path `old` called `to`.

    Raises `NotRenamable` where it reads that path in another way too.
    """
    try:
        before = compile_expression(source).reads()
    except ExpressionInvalid:
        raise NotRenamable from None
    new = quote_path((to,))
    if new is None:
        raise NotRenamable
    changed, at = "", 0
    for start, end in _spans(source, old):
        changed += source[at:start] + new
        at = end
    changed += source[at:]
    try:
        after = compile_expression(changed).reads()
    except ExpressionInvalid:
        raise NotRenamable from None
    if after != _renamed(before, old, to) or (before is True and changed != source):
        raise NotRenamable
    return changed


def rename_in_text(text: str, old: tuple[str, ...], to: str) -> str:
    """The same for every `{{ expression }}` of a text."""
    try:
        spans = expression_spans(text)
    except ExpressionInvalid:
        raise NotRenamable from None
    changed, at = "", 0
    for start, end in spans:
        changed += text[at:start] + rename_path(text[start:end], old, to)
        at = end
    return changed + text[at:]


def _renamed(reads: Any, old: tuple[str, ...], to: str) -> Any:
    if not isinstance(reads, dict) or old[0] not in reads:
        return reads
    if len(old) > 1:
        return {**reads, old[0]: _renamed(reads[old[0]], old[1:], to)}
    moved = {key: value for key, value in reads.items() if key != old[0]}
    return {**moved, to: reads[old[0]]}


def _spans(source: str, old: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the last segment of each such path stands."""
    for start, first in _roots(source):
        found = [first]
        place = (start, first.end())
        for _ in old[1:]:
            following = _NEXT.match(source, found[-1].end())
            if following is None:
                break
            found.append(following)
            group = 1 if following.group(1) else 2
            quoted = 1 if group == 1 else 0
            place = (following.start(group) - quoted, following.end())
        if tuple(one.group(1) or one.group(2) for one in found) == old:
            yield place


def _roots(source: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The first names of paths that begin at the scope."""
    inside: list[bool] = []
    at = 0
    while at < len(source):
        character = source[at]
        before = source[:at].rstrip()
        if character in "\"'":
            at = _behind_literal(source, at, character)
        elif character == "/" and not _is_operand(before):
            at = _behind_literal(source, at, "/")
        elif character in "([{":
            inside.append(any(inside) or _is_relative(character, before))
            at += 1
        elif character in ")]}":
            if inside:
                inside.pop()
            at += 1
        elif (match := _NAME.match(source, at)) is not None:
            from_scope = before[-1:] not in (".", "%") or _is_scope(before)
            if from_scope and source[max(at - 1, 0)] != "$" and not any(inside):
                yield at, match
            at = match.end()
        else:
            at += 1


def _is_scope(before: str) -> bool:
    """Whether `$.` or `$$.` goes before: the scope itself."""
    return re.search(r"(?:^|[^\w$])\$\$?\s*\.$", before) is not None


def _is_relative(bracket: str, before: str) -> bool:
    if bracket == "(":
        return before.endswith((".", "^"))
    if _PARAMETERS.search(before):
        return False
    return _is_operand(before) or before.endswith(".")


def _is_operand(before: str) -> bool:
    """Whether a value ends here, so that a bracket is a predicate and a slash divides."""
    word = re.search(r"(?<!\$)\b(and|or|in)$", before)
    return word is None and bool(before) and (before[-1].isalnum() or before[-1] in "_)]}\"'`$%*")


def _behind_literal(source: str, at: int, quote: str) -> int:
    at += 1
    while at < len(source) and source[at] != quote:
        at += 2 if source[at] == "\\" else 1
    return at + 1
