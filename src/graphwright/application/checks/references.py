"""Names that point nowhere: profiles, lists, imports, flows, pages, fields, roles."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import Access, NodeDefinition, RolesAccess
from graphwright.kernel.errors import nearest
from graphwright.lists import find_problems

# Addresses that the portal answers itself.
RESERVED_PATHS = frozenset({"api", "auth", "assets", "runs"})


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
        """A problem where the folder has no definition of that name, not even a broken file."""
        definitions: Mapping[str, Any] = getattr(self._application, folder)
        if name is None or name in definitions:
            return
        if (self._application.root / folder / f"{name}.yaml").is_file():
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

    def find_roles(self, access: Access | None, *path: str) -> Iterator[Problem]:
        """A problem for every role that app.yaml does not have."""
        roles = self._application.app.roles
        for index, role in enumerate(access.roles if isinstance(access, RolesAccess) else ()):
            if role not in roles:
                yield self.problem(
                    "unknownRole",
                    f"There is no role {role!r}.",
                    nearest(role, roles),
                    *path,
                    "roles",
                    index,
                )

    def find_field(self, list_name: str, field: str, *path: str | int) -> Iterator[Problem]:
        """A problem where the list is known and has no such field."""
        definition = self._application.lists.get(list_name)
        if definition is not None and field not in definition.fields:
            yield self.problem(
                "unknownField",
                f"The list {list_name} has no field {field!r}.",
                nearest(field, definition.fields),
                *path,
            )


def _check_app(application: Application) -> Iterator[Problem]:
    names = _Names(application, "app.yaml")
    app = application.app
    yield from names.find("profiles", app.sign_on, "sign_on")
    yield from names.find_roles(app.access, "access")
    yield from names.find_roles(app.runs, "runs")
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
        yield from names.find_roles(flow.access, "access")
        if flow.path is not None and paths.setdefault(flow.path, flow_name) != flow_name:
            yield names.problem(
                "pathTaken",
                f"The flow {paths[flow.path]} has the path {flow.path} too.",
                "Give each flow a path of its own.",
                "path",
            )
        if flow.path is not None and flow.path.split("/")[1] in RESERVED_PATHS:
            yield names.problem(
                "pathReserved",
                f"The portal keeps addresses under /{flow.path.split('/')[1]} for itself.",
                "Choose another path.",
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
            yield from _check_node_fields(application, names, node, *at)


def _check_node_fields(
    application: Application, names: _Names, node: NodeDefinition, *at: str
) -> Iterator[Problem]:
    """The fields of lists that nodes which read or write rows name."""
    definition = application.imports.get(getattr(node, "import_", ""))
    within = getattr(node, "within", None)
    if definition is not None and within is not None:
        for key in ("from_field", "to_field"):
            yield from names.find_field(definition.list, getattr(within, key), *at, "within", key)
    if definition is not None:
        for field in getattr(node, "set", {}):
            yield from names.find_field(definition.list, field, *at, "set", field)
    exported: str = getattr(node, "list", "")
    for index, condition in enumerate(getattr(node, "filters", ())):
        yield from names.find_field(exported, condition.field, *at, "filters", index, "field")
    for item in filter(None, str(getattr(node, "sort", "")).split(",")):
        yield from names.find_field(exported, item.partition(":")[0].strip(), *at, "sort")


def _check_imports(application: Application) -> Iterator[Problem]:
    for name, definition in application.imports.items():
        names = _Names(application, f"imports/{name}.yaml")
        yield from names.find("lists", definition.list, "list")
        yield from _check_fields(names, definition.list, definition.fields, "fields")
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
        yield from _check_fields(names, child_name, child.fields, *at, "fields")
        yield from _check_children(application, names, child_name, child.children, at)


def _check_fields(
    names: _Names, list_name: str, fields: Mapping[str, Any], *path: str
) -> Iterator[Problem]:
    for field in fields:
        yield from names.find_field(list_name, field, *path, field)


def _check_lists(application: Application) -> Iterator[Problem]:
    for name, definition in application.lists.items():
        names = _Names(application, f"lists/{name}.yaml")
        yield from names.find("lists", definition.parent, "parent")
        for field_name, field in definition.fields.items():
            yield from names.find("lists", field.list, "fields", field_name, "list")
    for problem in find_problems(application.lists):
        # Lists that are not there were told above, apart from those whose file is broken.
        if not problem.message.startswith("There is no list"):
            names = _Names(application, f"lists/{problem.list}.yaml")
            yield names.problem("listInvalid", problem.message, problem.hint, *problem.path)


def _check_pages(application: Application) -> Iterator[Problem]:
    for name, page in application.pages.items():
        names = _Names(application, f"pages/{name}.yaml")
        for path, list_name in page.lists():
            yield from names.find("lists", list_name, *path)
        for path, profile in page.profiles():
            yield from names.find("profiles", profile, *path)
        for used in page.used_fields():
            yield from names.find_field(used.list, used.field, *used.path)
