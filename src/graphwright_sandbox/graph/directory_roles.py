"""Directory roles: what an application may do to people and groups only for their administrators.

An application that acts for somebody may do no more than they may, whatever it was permitted.
Knows the tenant; no HTTP and no workload.
"""

from collections.abc import Mapping

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.tenant import DIRECTORY_ROLES, GLOBAL_ADMINISTRATOR, Caller, Tenant


def check_role(
    tenant: Tenant, roles: tuple[str, ...], caller: Caller, keys: Mapping[str, str]
) -> None:
    """Refuses a person who has none of these roles, is no Global Administrator and does not own
    the group that the path names. An application that acts for itself needs no role."""
    if not roles or caller.user_id is None:
        return
    person = tenant.people.find(caller.user_id)
    wanted = {DIRECTORY_ROLES[name] for name in (*roles, GLOBAL_ADMINISTRATOR)}
    if person is not None and not wanted.isdisjoint(person.directory_roles):
        return
    group = tenant.groups.find(keys["group"]) if "group" in keys else None
    if group is not None and caller.user_id in group.owners:
        return
    raise GraphError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        {"x-sandbox-required-roles": ", ".join((*roles, GLOBAL_ADMINISTRATOR))},
    )
