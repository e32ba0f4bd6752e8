"""Expressions and templates of flows, imports and pages: do they compile, do their names exist."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal

from pydantic import BaseModel
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from graphwright.application.definition import Application
from graphwright.application.documents import Document
from graphwright.application.problems import Problem
from graphwright.expressions import (
    Expression,
    ExpressionInvalid,
    compile_expression,
    compile_template,
)
from graphwright.flows.definition import CONTEXT_NAMES, FlowDefinition, NodeDefinition
from graphwright.kernel.errors import nearest

Path = tuple[str | int, ...]
# Whether a text is one whole expression, a template of a value (a lone expression keeps its type),
# or a template of a text.
Kind = Literal["expression", "value", "text"]


def check_expressions(application: Application) -> Iterator[Problem]:
    """A problem for every expression that does not compile and every name that is never set."""
    for name, flow in application.flows.items():
        yield from _check_flow(
            application.documents[f"flows/{name}.yaml"], flow, _known(application, flow)
        )
    for name, definition in application.imports.items():
        yield from _check_model(application.documents[f"imports/{name}.yaml"], definition, None)
    for name, page in application.pages.items():
        document = application.documents[f"pages/{name}.yaml"]
        yield from _check_model(document, page, _known_on_page(application, name))


def reads_any(node: NodeDefinition, names: set[str]) -> bool:
    """Whether an expression of the node reads one of these variables."""
    return bool(names) and any(
        found.reads_everything or found.names() & names for found in expressions_of(node)
    )


def expressions_of(model: BaseModel) -> Iterator[Expression]:
    """The expressions of a node or another model, as far as they compile."""
    for _, found in _expressions(model, ()):
        if isinstance(found, Expression):
            yield found


def _known(application: Application, flow: FlowDefinition) -> set[str]:
    """The names that expressions of a flow may read."""
    # The rows of a transient list are the variable of its name.
    transient = {name for name, found in application.lists.items() if not found.is_table}
    assigned = {name for node in flow.nodes.values() for name in node.assigned()}
    return {*CONTEXT_NAMES, *transient, *flow.variables, *assigned}


def _known_on_page(application: Application, page: str) -> set[str] | None:
    """The names of the flows that show the page, of a row and its fields; None: not to be told."""
    flows = [
        flow
        for flow in application.flows.values()
        if any(getattr(node, "page", None) == page for node in flow.nodes.values())
    ]
    lists = [name for _, name in application.pages[page].lists()]
    if not flows or any(name not in application.lists for name in lists):
        return None
    fields = {field for name in lists for field in application.lists[name].fields}
    return set().union({"row"}, fields, *(_known(application, flow) for flow in flows))


def _check_flow(document: Document, flow: FlowDefinition, known: set[str]) -> Iterator[Problem]:
    for path, text, _ in texts_of_variables(flow):
        for at, found in _templates(text, path):
            yield from _outcome(document, at, found, {*CONTEXT_NAMES, *flow.variables})
        yield from _check_block(document, path, text)
    for node_name, node in flow.nodes.items():
        yield from _check_model(document, node, known, ("nodes", node_name))


def _check_model(
    document: Document, model: BaseModel, known: set[str] | None, path: Path = ()
) -> Iterator[Problem]:
    for at, found in _expressions(model, path):
        yield from _outcome(document, at, found, known)
    for at, text, kind in texts_of(model, path):
        if kind == "value":
            yield from _check_block(document, at, text)


def _check_block(document: Document, path: Path, text: str) -> Iterator[Problem]:
    """A problem where a block's last newline makes a text of an expression that stands alone in it."""
    if not isinstance(document.node(path), LiteralScalarString | FoldedScalarString):
        return
    # An expression that does not compile is told as such.
    with suppress(ExpressionInvalid):
        parts = compile_template(text.strip()).parts
        if text != text.strip() and len(parts) == 1 and isinstance(parts[0], Expression):
            yield Problem(
                "valueBecomesText",
                "The block ends in a line break, so the expression's value becomes a text.",
                document.place(path),
                "Write `>-` or `|-` instead, or the expression on one line.",
                "warning",
            )


def texts_of(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str, Kind]]:
    """Every text of a model with expressions: its path, and what it stands for."""
    for name, field in type(model).model_fields.items():
        yield from _texts_in(getattr(model, name), (*path, field.alias or name), _kind_of(field))


def _texts_in(value: Any, path: Path, kind: Kind) -> Iterator[tuple[Path, str, Kind]]:
    if isinstance(value, BaseModel):
        yield from texts_of(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts_in(inner, (*path, key), kind)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts_in(inner, (*path, index), kind)
    elif isinstance(value, str) and (kind == "expression" or "{{" in value):
        yield path, value, kind


def texts_of_variables(flow: FlowDefinition) -> Iterator[tuple[Path, str, Kind]]:
    """The same of the initial values of a flow's variables."""
    yield from _texts_in(flow.variables, ("variables",), "value")


def _expressions(
    model: BaseModel, path: Path
) -> Iterator[tuple[Path, Expression | ExpressionInvalid]]:
    """The expression fields of a model, and every template in its other texts."""
    for at, text, kind in texts_of(model, path):
        if kind == "expression":
            try:
                yield at, compile_expression(text)
            except ExpressionInvalid as error:
                yield at, error
        else:
            yield from _templates(text, at)


def _kind_of(field: Any) -> Kind:
    """What the texts of a field (or of the values of a mapping) are, by its annotation."""
    arguments = list(_arguments(field.annotation))
    extras: list[Any] = [field.json_schema_extra, *field.metadata]
    for argument in arguments:
        extras += [
            getattr(m, "json_schema_extra", None) for m in getattr(argument, "__metadata__", ())
        ]
    extras += [getattr(m, "json_schema_extra", None) for m in field.metadata]
    if any(isinstance(e, dict) and e.get("format") == "jsonata" for e in extras):
        return "expression"
    return "value" if any(a in (Any, int, float, bool) for a in arguments) else "text"


def _arguments(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _arguments(argument)


def _templates(text: str, path: Path) -> Iterator[tuple[Path, Expression | ExpressionInvalid]]:
    try:
        for _, expression in compile_template(text).expressions():
            yield path, expression
    except ExpressionInvalid as error:
        yield path, error


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
