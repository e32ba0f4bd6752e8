"""The actions that tell the groups of an object by id: getMemberGroups, checkMemberGroups, …"""

from __future__ import annotations

from graphwright_sandbox.graph.directory_errors import refused
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse
from graphwright_sandbox.groups import Groups

MOST_CHECKED = 20


def list_group_ids(request: GraphRequest, groups: Groups, identifier: str) -> GraphResponse:
    """All groups an object is in, also through nesting."""
    parameters = request.read_parameters("securityEnabledOnly")
    only_security = parameters.get("securityenabledonly", False)
    if not isinstance(only_security, bool):
        raise refused("The parameter 'securityEnabledOnly' needs to be true or false.")
    found = groups.around(identifier)
    return _answer(request, [g.id for g in found if g.security_enabled or not only_security])


def check_group_ids(
    request: GraphRequest, groups: Groups, identifier: str, parameter: str
) -> GraphResponse:
    """Those of the named groups that an object is in, also through nesting."""
    asked = request.read_parameters(parameter).get(parameter.lower())
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        raise refused(f"The parameter '{parameter}' needs an array of ids.")
    if not 1 <= len(asked) <= MOST_CHECKED:
        raise refused(
            f"The number of values in '{parameter}' needs to be between 1 and {MOST_CHECKED}."
        )
    around = {group.id for group in groups.around(identifier)}
    return _answer(request, [one for one in asked if one.lower() in around])


def _answer(request: GraphRequest, ids: list[str]) -> GraphResponse:
    context = f"{request.root}/$metadata#Collection(Edm.String)"
    return GraphResponse(200, {"@odata.context": context, "value": ids})
