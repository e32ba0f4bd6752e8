"""Keys: an import that does not say which row an item is."""

from collections.abc import Iterator, Set

from graphwright.application.definition import Application
from graphwright.application.documents import Document
from graphwright.application.problems import Problem
from graphwright.imports.definition import ChildImport, ImportDefinition


def check_keys(application: Application) -> Iterator[Problem]:
    """A problem for every key field of a list that an import into it gives no value."""
    for name, definition in application.imports.items():
        document = application.documents[f"imports/{name}.yaml"]
        given = _given_by_flows(application, name)
        yield from _check(application, document, definition.list, definition, given, ())


def _given_by_flows(application: Application, name: str) -> Set[str]:
    """The fields that get a value, the same in every row, wherever a flow imports by this import."""
    sets = [
        set(getattr(node, "set", {}))
        for flow in application.flows.values()
        for node in flow.nodes.values()
        if getattr(node, "import_", None) == name
    ]
    return set.intersection(*sets) if sets else set()


def _check(
    application: Application,
    document: Document,
    list_name: str,
    mapping: ImportDefinition | ChildImport,
    given: Set[str],
    path: tuple[str, ...],
) -> Iterator[Problem]:
    target = application.lists.get(list_name)
    has_own_key = isinstance(mapping, ImportDefinition) and mapping.key is not None
    if target is not None and not has_own_key:
        for field in target.key:
            if field not in mapping.fields and field not in given:
                yield Problem(
                    "keyNotMapped",
                    f"The import does not map {field}, the key of the list {list_name}.",
                    document.place((*path, "fields")),
                    f"Add {field} to `fields`.",
                )
    for name, child in mapping.children.items():
        yield from _check(application, document, name, child, set(), (*path, "children", name))
