"""Who may see a plan, what an If-Match must say, and how a change is answered."""

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.presentation import View, answer_entity
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse, Record
from graphwright_sandbox.workloads.planner.errors import invalid, no_access
from graphwright_sandbox.workloads.planner.store import etag_kind


def may_see(context: GraphContext, user_id: str | None, plan: Record) -> bool:
    """The application sees all plans, a person those of the own groups and those shared."""
    if user_id is None or plan["_details"]["sharedWith"].get(user_id):
        return True
    group = context.tenant.groups.find(plan["owner"])
    return group is not None and (user_id in group.members or user_id in group.owners)


def check_access(context: GraphContext, request: GraphRequest, plan: Record) -> None:
    if not may_see(context, request.caller.user_id, plan):
        raise no_access()


def check_etag(request: GraphRequest, record: Record) -> None:
    """Planner takes no change that does not name the state it is based on."""
    header = request.headers.get("if-match")
    if header is None:
        raise GraphError(412, "", "The If-Match header must be specified for this kind of request.")
    kind = etag_kind(header)
    if kind is None or kind != etag_kind(record["@odata.etag"]):
        raise invalid("The If-Match header contains an invalid value.")
    if header.strip() != record["@odata.etag"]:
        raise GraphError(
            412, "", "The item was changed since the state that the If-Match header names."
        )


def answer_change(request: GraphRequest, view: View, record: Record, path: str) -> GraphResponse:
    """204 with the new etag; the record where `Prefer: return=representation` asks for it."""
    if "return=representation" in request.preferences.applied:
        return answer_entity(request, view, record, path)
    return GraphResponse(204, headers={"ETag": record["@odata.etag"]})
