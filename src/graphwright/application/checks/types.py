"""Types: what an import gives to a field that cannot take it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.lists.definition import ListDefinition

_TEXT_LIKE = frozenset({"text", "html", "json", "reference"})
_NUMBERS = frozenset({"integer", "number", "json", "text"})
_TRUTH = frozenset({"boolean", "json", "text"})
_LISTS = frozenset({"json"})
_OBJECTS = frozenset({"json", "zoned_datetime", "file"})
# What an expression of one literal gives, and the field types that take it.
_LITERALS: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...] = (
    (re.compile(r"^(true|false)$"), "a boolean", _TRUTH),
    (re.compile(r"^-?\d+(\.\d+)?$"), "a number", _NUMBERS),
)
# The same for an expression that is one call, array or object as a whole, by how it begins.
_WHOLES: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...] = (
    (re.compile(r"\$(boolean|not|exists|contains)\s*$"), "a boolean", _TRUTH),
    (re.compile(r"\$(number|count|sum|length|round|floor|ceil|abs)\s*$"), "a number", _NUMBERS),
    (re.compile(r"\$(split|keys|append|sort|reverse|distinct)\s*$"), "a list", _LISTS),
    (re.compile(r"\$(uppercase|lowercase|trim|join|string)\s*$"), "a text", _TEXT_LIKE),
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_QUOTED = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`""")
_LITERAL = re.compile(r"""^"([^"\\]*)"$|^'([^'\\]*)'$""")


def check_types(application: Application) -> Iterator[Problem]:
    """A problem for every expression of an import whose result its field cannot take."""
    for name, definition in application.imports.items():
        target = application.lists.get(definition.list)
        if target is not None:
            yield from _check(application, name, definition, target, ())


def _check(
    application: Application, name: str, mapping: Any, target: ListDefinition, path: tuple[str, ...]
) -> Iterator[Problem]:
    document = application.documents[f"imports/{name}.yaml"]
    fields: Mapping[str, str] = mapping.fields
    for field_name, expression in fields.items():
        field = target.fields.get(field_name)
        given = _mismatch(str(expression).strip(), field.type) if field is not None else None
        if field is not None and given is not None:
            yield Problem(
                "typeMismatch",
                f"The expression gives {given}, but the field {field_name} is of the type "
                f"{field.type}.",
                document.place((*path, "fields", field_name)),
                "Change the expression, or the field's type.",
            )
    for child_name, child in mapping.children.items():
        child_list = application.lists.get(child_name)
        if child_list is not None:
            yield from _check(application, name, child, child_list, (*path, "children", child_name))


def _mismatch(expression: str, field_type: str) -> str | None:
    """What the expression gives, where that is certain and the field cannot take it."""
    literal = _LITERAL.match(expression)
    if literal is not None:
        text = literal.group(1) or literal.group(2) or ""
        return None if _takes_text(text, field_type) else f"the text {text!r}"
    for pattern, given, types in _LITERALS:
        if pattern.match(expression):
            return None if field_type in types else given
    found = _result_of_whole(expression)
    return found[0] if found is not None and field_type not in found[1] else None


def _result_of_whole(expression: str) -> tuple[str, frozenset[str]] | None:
    """What an expression gives that is one call, array or object from its first to last character."""
    bare = _QUOTED.sub('""', expression)
    opening = next((index for index, char in enumerate(bare) if char in _CLOSING), None)
    if opening is None or not _closes_at_end(bare, opening):
        return None
    before = bare[:opening]
    if not before:
        return {"[": ("a list", _LISTS), "{": ("an object", _OBJECTS)}.get(bare[opening])
    if bare[opening] != "(":
        return None
    return next((found[1:] for found in _WHOLES if found[0].match(before)), None)


def _closes_at_end(text: str, opening: int) -> bool:
    """Whether the bracket that opens there is closed by the last character."""
    expected: list[str] = []
    for index, char in enumerate(text[opening:], opening):
        if char in _CLOSING:
            expected.append(_CLOSING[char])
        elif char in _CLOSING.values():
            if not expected or char != expected.pop():
                return False
            if not expected:
                return index == len(text) - 1
    return False


def _takes_text(text: str, field_type: str) -> bool:
    if field_type in ("integer", "number"):
        return re.match(r"^-?\d+(\.\d+)?$", text) is not None
    if field_type == "boolean":
        return text in ("true", "false")
    if field_type in ("datetime", "zoned_datetime", "date"):
        return re.match(r"^\d{4}-\d{2}-\d{2}", text) is not None
    return True
