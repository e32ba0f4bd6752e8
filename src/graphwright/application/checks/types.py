"""Types: what an import gives to a field that cannot take it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.lists.definition import ListDefinition

_TEXT_LIKE = frozenset({"text", "html", "json", "reference"})
# What an expression gives for certain, and the field types that take it.
_RESULTS: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...] = (
    (
        re.compile(r"^(true|false)$|^\$(boolean|not|exists|contains)\(.*\)$"),
        "a boolean",
        frozenset({"boolean", "json", "text"}),
    ),
    (
        re.compile(r"^-?\d+(\.\d+)?$|^\$(number|count|sum|length|round|floor|ceil|abs)\(.*\)$"),
        "a number",
        frozenset({"integer", "number", "json", "text"}),
    ),
    (
        re.compile(r"^\$(split|keys|append|sort|reverse|distinct)\(.*\)$|^\[.*\]$"),
        "a list",
        frozenset({"json"}),
    ),
    (re.compile(r"^\{.*\}$"), "an object", frozenset({"json", "zoned_datetime"})),
    (re.compile(r"^\$(uppercase|lowercase|trim|join|string)\(.*\)$"), "a text", _TEXT_LIKE),
)
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
    for pattern, given, types in _RESULTS:
        if pattern.match(expression):
            return None if field_type in types else given
    return None


def _takes_text(text: str, field_type: str) -> bool:
    if field_type in ("integer", "number"):
        return re.match(r"^-?\d+(\.\d+)?$", text) is not None
    if field_type == "boolean":
        return text in ("true", "false")
    if field_type in ("datetime", "zoned_datetime", "date"):
        return re.match(r"^\d{4}-\d{2}-\d{2}", text) is not None
    return True
