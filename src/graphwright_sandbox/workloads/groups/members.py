"""Who is in a group, owns it, and what it is itself nested in; and references to let in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from graphwright_sandbox.graph.directory_errors import denied
from graphwright_sandbox.graph.directory_members import (
    MOST_EXPANDED,
    DirectoryObjects,
    seen_by,
    shows_members,
)
from graphwright_sandbox.graph.directory_queries import (
    GROUP_RULES,
    MEMBER_RULES,
    USER_RULES,
    QueryRules,
    check_query,
    demand_advanced,
    read_search,
)
from graphwright_sandbox.graph.directory_types import GROUP_TYPE, USER_TYPE
from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.member_groups import check_group_ids, list_group_ids
from graphwright_sandbox.graph.presentation import (
    Expander,
    Limits,
    answer_collection,
    answer_count,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.references import read_reference_body
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.groups.writes import GroupWrites

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_CASTS = {
    "microsoft.graph.user": (USER_TYPE, USER_RULES, "users"),
    "microsoft.graph.group": (GROUP_TYPE, GROUP_RULES, "groups"),
}
Handler = Callable[[GraphRequest], GraphResponse]


class Members:
    """The relations of a group: `members`, `transitiveMembers`, `owners`, `memberOf`, …"""

    def __init__(self, context: GraphContext, writes: GroupWrites) -> None:
        self._groups = context.tenant.groups
        self._objects = DirectoryObjects(context.tenant)
        self._writes = writes

    def lister(self, relation: str) -> Handler:
        """Answers the objects of a relation, cast where the path says so."""

        def answer(request: GraphRequest) -> GraphResponse:
            records, rules, path = self._cast(request, relation)
            check_query(request, rules)
            search = read_search(request, rules)
            response = answer_collection(
                request, self._objects.view, records, path, _LIMITS, search=search
            )
            if not request.advanced:
                response.body.pop("@odata.count", None)
            return response

        return answer

    def counter(self, relation: str) -> Handler:
        def answer(request: GraphRequest) -> GraphResponse:
            demand_advanced(request)
            records, rules, _path = self._cast(request, relation)
            check_query(request, rules)
            return answer_count(request, self._objects.view, records, read_search(request, rules))

        return answer

    def references(self, relation: str) -> Handler:
        """`$ref`: the links to the objects instead of the objects."""

        def answer(request: GraphRequest) -> GraphResponse:
            links = [
                {"@odata.id": f"{request.root}/directoryObjects/{record['id']}"}
                for record in self._related(request, self._find(request), relation)
            ]
            context = f"{request.root}/$metadata#Collection($ref)"
            return GraphResponse(200, {"@odata.context": context, "value": links})

        return answer

    def joiner(self, place: str) -> Handler:
        def join(request: GraphRequest) -> GraphResponse:
            identifier = read_reference_body(request.read_json())
            self._writes.join(self._find(request), place, identifier)
            return no_content()

        return join

    def leaver(self, place: str) -> Handler:
        def leave(request: GraphRequest) -> GraphResponse:
            self._writes.leave(self._find(request), place, request.keys["member"])
            return no_content()

        return leave

    def list_ids(self, request: GraphRequest) -> GraphResponse:
        return list_group_ids(request, self._groups, self._find(request).id)

    def check_groups(self, request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, self._groups, self._find(request).id, "groupIds")

    def check_objects(self, request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, self._groups, self._find(request).id, "ids")

    def expanders(self) -> dict[str, Expander]:
        """`$expand` of a relation; the directory shows no more than 20 objects of each."""

        def expander(relation: str) -> Expander:
            def expand(
                request: GraphRequest, record: Record, options: QueryOptions
            ) -> list[Record]:
                group = self._groups.get(record["id"])
                if relation == "members" and not shows_members(request, group):
                    return []
                related = self._related(request, group, relation)[:MOST_EXPANDED]
                return project_all(
                    replace(request, options=options), self._objects.view, related, options
                )

            return expand

        return {name: expander(name) for name in ("members", "owners", "memberOf")}

    def _cast(self, request: GraphRequest, relation: str) -> tuple[list[Record], QueryRules, str]:
        """The objects of a relation that are of the type the path casts to."""
        related = self._related(request, self._find(request), relation)
        records = [seen_by(request, one) for one in related]
        for cast, (kind, rules, path) in _CASTS.items():
            if f"/{cast}" in request.operation:
                return [one for one in records if one["@odata.type"] == kind], rules, path
        return records, MEMBER_RULES, "directoryObjects"

    def _related(self, request: GraphRequest, group: Group, relation: str) -> list[Record]:
        if relation in ("memberOf", "transitiveMemberOf"):
            found: Iterable[Group] = (
                self._groups.of(group.id)
                if relation == "memberOf"
                else self._groups.around(group.id)
            )
            return [self._objects.of_group(one) for one in found]
        if relation != "owners" and not shows_members(request, group):
            raise denied("Member.Read.Hidden")
        if relation == "transitiveMembers":
            return self._objects.all(self._groups.inside(group.id))
        return self._objects.all(group.owners if relation == "owners" else group.members)

    def _find(self, request: GraphRequest) -> Group:
        group = self._groups.find(request.keys["group"])
        if group is None:
            raise resource_not_found(request.keys["group"])
        return group
