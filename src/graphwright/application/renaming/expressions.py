"""What expressions read: variables of flows, and fields of rows that pages hand to them.

A place where the old name is read in a way that cannot be changed safely is left, and noted.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from graphwright.application.checks.expressions import Kind, texts_of, texts_of_variables
from graphwright.application.renaming.model import Model, Path, at, mapping, replace, replace_key
from graphwright.expressions.renaming import NotRenamable, rename_in_text, rename_path

# Fields of nodes that name the variable which gets something.
_NAMING = ("response", "result", "item")


def variables_of(model: Model, flow: str) -> set[str]:
    """The variables of a flow: its own, and those its nodes set."""
    definition = model.application.flows.get(flow)
    found = set(mapping(model.values[f"flows/{flow}.yaml"], "variables"))
    if definition is not None:
        found |= {name for node in definition.nodes.values() for name in node.assigned()}
    return found


def rename_variable(model: Model, flow: str, old: str, new: str) -> None:
    """Another name of a variable: where it is set, and where the flow and its pages read it."""
    document = f"flows/{flow}.yaml"
    value = model.values[document]
    definition = model.application.flows.get(flow)
    if definition is None:
        model.left.append(model.application.documents[document].place())
        return
    _rename_texts(model, document, texts_of_variables(definition), (old,), new)
    for name, node in definition.nodes.items():
        _rename_texts(model, document, texts_of(node, ("nodes", name)), (old,), new)
    replace_key(mapping(value, "variables"), old, new)
    for name, raw in model.nodes(flow).items():
        replace_key(mapping(raw, "set"), old, new)
        for key in _NAMING:
            # One that the document leaves to its default is said from now on.
            if getattr(definition.nodes[name], key, None) == old:
                raw[key] = new
        for exit_name in mapping(raw, "outputs"):
            replace(raw["outputs"], exit_name, old, new)
    for page in sorted(_pages_of(model, flow)):
        others = [other for other in model.names("flows") if other != flow]
        shared = any(
            page in _pages_of(model, other) and old in variables_of(model, other)
            for other in others
        )
        _rename_on_page(model, page, (old,), new, leave=shared)


def rename_field(model: Model, list_name: str, old: str, new: str) -> None:
    """Another name of a field in expressions over rows of its list."""
    for name, page in model.application.pages.items():
        if list_name in [found for _, found in page.lists()]:
            _rename_on_page(model, name, ("row", old), new)
            _rename_texts(model, f"pages/{name}.yaml", _rules(page), (old,), new)
    for name, flow in model.application.flows.items():
        document = f"flows/{name}.yaml"
        for variable in sorted(_rows_of(model, name, list_name)):
            for node_name, node in flow.nodes.items():
                texts = texts_of(node, ("nodes", node_name))
                _rename_texts(model, document, texts, (variable, old), new)
            for page_name in sorted(_pages_of(model, name)):
                _rename_on_page(model, page_name, (variable, old), new)


def _rows_of(model: Model, flow: str, list_name: str) -> set[str]:
    """The variables of a flow that get rows, or the values of a form, of a list."""
    pages = model.application.pages
    found = set()
    for node in model.application.flows[flow].nodes.values():
        page = pages.get(getattr(node, "page", ""))
        if page is None or page.list != list_name:
            continue
        for exit_name, variable in getattr(node, "outputs", {}).items():
            action = page.actions.get(exit_name)
            if exit_name == "submit" or (action is not None and action.on == "row"):
                found.add(variable)
    return found


def _pages_of(model: Model, flow: str) -> set[str]:
    found = {node.get("page") for node in model.nodes(flow).values()}
    return {name for name in found if name in model.application.pages}


def _rules(page: BaseModel) -> Iterator[tuple[Path, str, Kind]]:
    """The expressions over a form's values: they read fields by their bare names."""
    return (found for found in texts_of(page) if _is_rule(found[0]))


def _is_rule(path: Path) -> bool:
    return path[0] == "rules"


def _rename_on_page(
    model: Model, page: str, old: tuple[str, ...], new: str, *, leave: bool = False
) -> None:
    definition = model.application.pages[page]
    texts = (found for found in texts_of(definition) if not _is_rule(found[0]))
    _rename_texts(model, f"pages/{page}.yaml", texts, old, new, leave=leave)


def _rename_texts(
    model: Model,
    document: str,
    texts: Iterator[tuple[Path, str, Kind]],
    old: tuple[str, ...],
    new: str,
    *,
    leave: bool = False,
) -> None:
    value = model.values[document]
    for path, given, kind in texts:
        change: Callable[..., str] = rename_path if kind == "expression" else rename_in_text
        holder: Any = at(value, path[:-1])
        # An earlier step may have changed it already; a default stands in no document.
        text = at(value, path)
        text = given if text is None else text
        try:
            changed = change(text, old, new)
        except NotRenamable:
            model.leave(document, path)
            continue
        if changed == text:
            continue
        if leave or holder is None:
            model.leave(document, path)
        else:
            holder[path[-1]] = changed
