"""Names that point nowhere: profiles, lists, imports, flows, pages, fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.kernel.errors import nearest


def check_references(application: Application) -> Iterator[Problem]:
    """A problem for every name that no definition has."""
    yield from _check_app(application)
    yield from _check_flows(application)
    yield from _check_imports(application)
    yield from _check_lists(application)
    yield from _check_pages(application)


class _Names:
    """Looks names up and says what is nearest."""

    def __init__(self, application: Application, document: str) -> None:
        self._application = application
        self._document = application.documents[document]

    def find(self, folder: str, name: str | None, *path: str | int) -> Iterator[Problem]:
        """A problem where the folder has no definition of that name, nor a file that is broken."""
        definitions: Mapping[str, Any] = getattr(self._application, folder)
        broken = f"{folder}/{name}.yaml" in self._application.documents
        if name is None or name in definitions or broken:
            return
        kind = folder.removesuffix("s")
        yield self.problem(
            f"unknown{kind.capitalize()}",
            f"There is no {kind} {name!r}.",
            nearest(name, definitions),
            *path,
        )

    def problem(self, code: str, message: str, hint: str, *path: str | int) -> Problem:
        """A problem at a path of this document."""
        return Problem(code, message, self._document.place(path), hint)


def _check_app(application: Application) -> Iterator[Problem]:
    names = _Names(application, "app.yaml")
    app = application.app
    yield from names.find("profiles", app.sign_on, "sign_on")
    entries: list[tuple[str, tuple[str | int, ...]]] = [(app.home, ("home",))]
    entries += [(item.flow, ("navigation", i, "flow")) for i, item in enumerate(app.navigation)]
    for flow_name, path in entries:
        yield from names.find("flows", flow_name, *path)
        flow = application.flows.get(flow_name)
        if flow is not None and flow.path is None:
            yield names.problem(
                "flowWithoutPath",
                f"The flow {flow_name} has no path, so the portal cannot open it.",
                f"Give it `path: /{flow_name}`.",
                *path,
            )
    sign_on = application.profiles.get(app.sign_on or "")
    if sign_on is not None and sign_on.flavour != "user":
        yield names.problem(
            "signOnNotUser",
            f"The profile {app.sign_on} authorizes the application, so nobody can sign in with it.",
            "Name a profile with grant_type authorization_code.",
            "sign_on",
        )


def _check_flows(application: Application) -> Iterator[Problem]:
    paths: dict[str, str] = {}
    for flow_name, flow in application.flows.items():
        names = _Names(application, f"flows/{flow_name}.yaml")
        if flow.path is not None and paths.setdefault(flow.path, flow_name) != flow_name:
            yield names.problem(
                "pathTaken",
                f"The flow {paths[flow.path]} has the path {flow.path} too.",
                "Give each flow a path of its own.",
                "path",
            )
        for node_name, node in flow.nodes.items():
            at = ("nodes", node_name)
            values = node.model_dump(include={"profile", "import_", "flow", "page", "list"})
            yield from names.find("profiles", values.get("profile"), *at, "profile")
            yield from names.find("imports", values.get("import_"), *at, "import")
            yield from names.find("flows", values.get("flow"), *at, "flow")
            yield from names.find("pages", values.get("page"), *at, "page")
            yield from names.find("lists", values.get("list"), *at, "list")
            profile = getattr(getattr(node, "authentication", None), "profile", None)
            yield from names.find("profiles", profile, *at, "authentication", "profile")


def _check_imports(application: Application) -> Iterator[Problem]:
    for name, definition in application.imports.items():
        names = _Names(application, f"imports/{name}.yaml")
        yield from names.find("lists", definition.list, "list")
        yield from _check_fields(application, names, definition.list, definition.fields, "fields")
        yield from _check_children(application, names, definition.list, definition.children, ())


def _check_children(
    application: Application,
    names: _Names,
    parent: str,
    children: Mapping[str, Any],
    path: tuple[str, ...],
) -> Iterator[Problem]:
    for child_name, child in children.items():
        at = (*path, "children", child_name)
        yield from names.find("lists", child_name, *at)
        child_list = application.lists.get(child_name)
        if child_list is not None and child_list.parent != parent:
            yield names.problem(
                "notAChild",
                f"The list {child_name} is no child list of {parent}.",
                f"Write `parent: {parent}` in lists/{child_name}.yaml.",
                *at,
            )
        yield from _check_fields(application, names, child_name, child.fields, *at, "fields")
        yield from _check_children(application, names, child_name, child.children, at)


def _check_fields(
    application: Application, names: _Names, list_name: str, fields: Mapping[str, Any], *path: str
) -> Iterator[Problem]:
    definition = application.lists.get(list_name)
    if definition is None:
        return
    for field in fields:
        if field not in definition.fields:
            yield names.problem(
                "unknownField",
                f"The list {list_name} has no field {field!r}.",
                nearest(field, definition.fields),
                *path,
                field,
            )


def _check_lists(application: Application) -> Iterator[Problem]:
    for name, definition in application.lists.items():
        names = _Names(application, f"lists/{name}.yaml")
        yield from names.find("lists", definition.parent, "parent")
        for field_name, field in definition.fields.items():
            yield from names.find("lists", field.list, "fields", field_name, "list")


def _check_pages(application: Application) -> Iterator[Problem]:
    for name, page in application.pages.items():
        names = _Names(application, f"pages/{name}.yaml")
        for path, list_name in page.lists():
            yield from names.find("lists", list_name, *path)
        for used in page.used_fields():
            definition = application.lists.get(used.list)
            if definition is not None and used.field not in definition.fields:
                yield names.problem(
                    "unknownField",
                    f"The list {used.list} has no field {used.field!r}.",
                    nearest(used.field, definition.fields),
                    *used.path,
                )
