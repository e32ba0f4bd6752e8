"""Which permission each operation needs: the tables beside the workloads, and the verdict.

A table row names an operation and three lists, any one permission of which suffices:
`me` (delegated, the caller's own data), `delegated` (delegated, somebody else's) and
`application`. An empty list means: never.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.tenant import Caller


@dataclass(frozen=True, slots=True)
class Requirement:
    me: tuple[str, ...]
    delegated: tuple[str, ...]
    application: tuple[str, ...]

    def wanted(self, caller: Caller, own: bool) -> tuple[str, ...]:
        """The permissions any one of which this caller needs."""
        if caller.user_id is None:
            return self.application
        return self.me if own else self.delegated


def load_requirements(file: Path) -> dict[str, Requirement]:
    """The rows of one workload's table, by `METHOD path`."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        operation: Requirement(tuple(row["me"]), tuple(row["delegated"]), tuple(row["application"]))
        for operation, row in data.items()
    }


def granted_permission(requirement: Requirement, caller: Caller, own: bool, family: str) -> str:
    """The permission by which the caller may do this; refuses where there is none.

    `own`: the request is about the caller's own data. `family` (directory or outlook) decides
    the words of the refusal.
    """
    wanted = requirement.wanted(caller, own)
    for permission in wanted:
        if permission in caller.permissions:
            return permission
    if family == "directory":
        code, message = (
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    else:
        code, message = (
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    raise GraphError(403, code, message, {"x-sandbox-required-permissions": " ".join(wanted)})
