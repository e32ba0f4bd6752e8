"""Which permission each operation needs: the tables beside the workloads, and the verdict.

A table row names an operation and three lists, any one permission of which suffices:
`me` (delegated, the caller's own data), `delegated` (delegated, somebody else's) and
`application`. An empty list means: never; `*`: whoever has a token, the operation decides itself.
A delegated write to the directory also needs a role of the person: `roles` names them, `me_roles`
those for the caller's own data.
A row may name several operations that need the same: then it lists them as `operations`, and its
own name says what they are.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.tenant import Caller

ANY = "*"
_REFUSALS = {
    "directory": (
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    ),
    "outlook": ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    "files": ("accessDenied", "Access denied"),
    "planner": ("", "You do not have the required permissions to access this item."),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    me: tuple[str, ...]
    delegated: tuple[str, ...]
    application: tuple[str, ...]
    roles: tuple[str, ...] = ()
    me_roles: tuple[str, ...] = ()

    def wanted(self, caller: Caller, own: bool) -> tuple[str, ...]:
        """The permissions any one of which this caller needs."""
        if caller.user_id is None:
            return self.application
        return self.me if own else self.delegated


@cache
def load_requirements(file: Path) -> Mapping[str, Requirement]:
    """The rows of one workload's table, by `METHOD path`; read once, however many sandboxes run."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    requirements: dict[str, Requirement] = {}
    for name, row in data.items():
        requirement = Requirement(
            tuple(row["me"]),
            tuple(row["delegated"]),
            tuple(row["application"]),
            tuple(row.get("roles", ())),
            tuple(row.get("me_roles", ())),
        )
        for operation in row.get("operations", [name]):
            if operation in requirements:
                raise LookupError(f"{operation} has two rows")
            requirements[operation] = requirement
    return requirements


def granted_permission(requirement: Requirement, caller: Caller, own: bool, family: str) -> str:
    """The permission by which the caller may do this; refuses where there is none.

    `own`: the request is about the caller's own data. `family` (directory, outlook, files, planner,
    teams) decides the words of the refusal.
    """
    wanted = requirement.wanted(caller, own)
    for permission in wanted:
        if permission in caller.permissions or permission == ANY:
            return permission
    code, message = _refusal(family, wanted, caller)
    raise GraphError(403, code, message, {"x-sandbox-required-permissions": " ".join(wanted)})


def _refusal(family: str, wanted: tuple[str, ...], caller: Caller) -> tuple[str, str]:
    """Code and message: every service behind Graph has its own words."""
    if family == "teams":
        kind = "Scope" if caller.user_id else "Role"
        held = ", ".join(sorted(caller.permissions))
        message = (
            f"Missing {kind.lower()} permissions on the request. API requires one of "
            f"'{', '.join(wanted)}'. {kind}s on the request '{held}'"
        )
        return "Forbidden", message
    return _REFUSALS[family]
