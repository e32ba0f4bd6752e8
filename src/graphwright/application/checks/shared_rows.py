"""A user's responses on their way into lists that everybody sees.

Follows the values: from the response of a request sent as a user, through assignments, loops and
sub-flows, to the imports. An import says `share: true` where everybody may see them.
"""

from collections.abc import Iterator

from graphwright.application.checks.expressions import reads_any
from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import FlowDefinition, NodeDefinition

# Variables that hold what only one user may see, by flow; `input` stands for the flow's inputs.
_Users = dict[str, set[str]]


def check_shared_rows(application: Application) -> Iterator[Problem]:
    """A problem for every import of a user's response into a shared list without `share: true`."""
    users = _follow(application)
    for name, flow in application.flows.items():
        for node_name, node in flow.nodes.items():
            definition = application.imports.get(getattr(node, "import_", ""))
            target = application.lists.get(definition.list) if definition is not None else None
            if definition is None or target is None or definition.share:
                continue
            if _owner(application, definition.list) == "shared" and reads_any(node, users[name]):
                place = application.documents[f"flows/{name}.yaml"].place(
                    ("nodes", node_name, "import"), flow=name, node=node_name
                )
                yield Problem(
                    "userRowsShared",
                    f"The response belongs to one user, but everybody sees the list "
                    f"{definition.list}.",
                    place,
                    "Set `owner: user` in the list, or `share: true` in the import if all may "
                    "see it.",
                )


def flavour_of(application: Application, node: NodeDefinition) -> str | None:
    """As whom a request is sent: `user`, `application`, or None where it is no such request."""
    authentication = getattr(node, "authentication", None)
    profile = application.profiles.get(getattr(authentication, "profile", ""))
    return profile.flavour if profile is not None else None


def _owner(application: Application, name: str) -> str:
    """Who owns the rows: for a child list what the list at the top says."""
    seen = {name}
    definition = application.lists[name]
    while (parent := definition.parent) in application.lists and parent not in seen:
        seen.add(parent)
        definition = application.lists[parent]
    return definition.owner


def _follow(application: Application) -> _Users:
    """Goes over all flows until no further variable turns out to hold a user's values."""
    users: _Users = {name: set() for name in application.flows}
    before = -1
    while before < (size := sum(map(len, users.values()))):
        before = size
        for name, flow in application.flows.items():
            for node in flow.nodes.values():
                _visit(application, users, name, node)
    return users


def _visit(application: Application, users: _Users, flow: str, node: NodeDefinition) -> None:
    reads_users = reads_any(node, users[flow])
    inner = application.flows.get(getattr(node, "flow", ""))
    if hasattr(node, "authentication"):
        if flavour_of(application, node) == "user":
            users[flow].update(node.assigned())
    elif inner is not None:
        called: str = getattr(node, "flow", "")
        if reads_users:
            users[called].add("input")
        if _gives_back(inner, users[called]):
            users[flow].update(node.assigned())
    elif reads_users and not hasattr(node, "import_"):
        users[flow].update(node.assigned())


def _gives_back(flow: FlowDefinition, users: set[str]) -> bool:
    """Whether an end of the flow gives back what belongs to a user."""
    return any(reads_any(node, users) for node in flow.nodes.values() if hasattr(node, "result"))
