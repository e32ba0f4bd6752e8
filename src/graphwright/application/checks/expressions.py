"""Expressions and templates of flows, imports and pages: do they compile, do their names exist."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from graphwright.application.definition import Application
from graphwright.application.documents import Document
from graphwright.application.problems import Problem
from graphwright.expressions import (
    Expression,
    ExpressionInvalid,
    compile_expression,
    compile_template,
)
from graphwright.flows.definition import CONTEXT_NAMES, FlowDefinition
from graphwright.kernel.errors import nearest

Path = tuple[str | int, ...]


def check_expressions(application: Application) -> Iterator[Problem]:
    """A problem for every expression that does not compile and every name that is never set."""
    # The rows of a transient list are the variable of its name.
    transient = {name for name, found in application.lists.items() if not found.is_table}
    for name, flow in application.flows.items():
        yield from _check_flow(application.documents[f"flows/{name}.yaml"], flow, transient)
    for name, definition in application.imports.items():
        yield from _check_model(application.documents[f"imports/{name}.yaml"], definition, None)
    for name, page in application.pages.items():
        yield from _check_model(application.documents[f"pages/{name}.yaml"], page, None)


def _check_flow(document: Document, flow: FlowDefinition, transient: set[str]) -> Iterator[Problem]:
    known = {*CONTEXT_NAMES, *transient, *flow.variables}
    for node in flow.nodes.values():
        known.update(node.assigned())
    for path, expression in _templates(flow.variables, ("variables",)):
        yield from _outcome(document, path, expression, {*CONTEXT_NAMES, *flow.variables})
    for node_name, node in flow.nodes.items():
        yield from _check_model(document, node, known, ("nodes", node_name))


def _check_model(
    document: Document, model: BaseModel, known: set[str] | None, path: Path = ()
) -> Iterator[Problem]:
    """The expression fields of a model, and every template in its other texts."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        at = (*path, field.alias or name)
        if _is_expression(field):
            for inner_path, source in _texts(value, at):
                yield from _check_expression(document, inner_path, source, known)
        elif isinstance(value, BaseModel):
            yield from _check_model(document, value, known, at)
        elif isinstance(value, dict) and any(isinstance(v, BaseModel) for v in value.values()):
            for key, inner in value.items():
                yield from _check_model(document, inner, known, (*at, key))
        else:
            for inner_path, found in _templates(value, at):
                yield from _outcome(document, inner_path, found, known)


def _is_expression(field: Any) -> bool:
    """Whether a field (or the values of a mapping) is annotated as JSONata."""
    extras: list[Any] = [field.json_schema_extra, *field.metadata]
    for argument in _arguments(field.annotation):
        extras += [
            getattr(m, "json_schema_extra", None) for m in getattr(argument, "__metadata__", ())
        ]
    extras += [getattr(m, "json_schema_extra", None) for m in field.metadata]
    return any(isinstance(e, dict) and e.get("format") == "jsonata" for e in extras)


def _arguments(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _arguments(argument)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _check_expression(
    document: Document, path: Path, source: str, known: set[str] | None
) -> Iterator[Problem]:
    try:
        found: Expression | ExpressionInvalid = compile_expression(source)
    except ExpressionInvalid as error:
        found = error
    yield from _outcome(document, path, found, known)


def _templates(value: Any, path: Path) -> Iterator[tuple[Path, Expression | ExpressionInvalid]]:
    for inner_path, text in _leaves(value, path):
        try:
            for _, expression in compile_template(text).expressions():
                yield inner_path, expression
        except ExpressionInvalid as error:
            yield inner_path, error


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if "{{" in value:
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))


def _outcome(
    document: Document,
    path: Sequence[str | int],
    found: Expression | ExpressionInvalid,
    known: set[str] | None,
) -> Iterator[Problem]:
    place = document.place(path)
    if isinstance(found, ExpressionInvalid):
        yield Problem("expressionInvalid", found.message, place, found.hint)
    elif known is not None:
        for name in sorted(found.names() - known):
            yield Problem(
                "unknownVariable", f"No node sets a variable {name!r}.", place, nearest(name, known)
            )
