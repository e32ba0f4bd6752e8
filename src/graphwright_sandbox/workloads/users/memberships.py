"""What a user is in and owns: groups directly and through nesting, as objects and as ids."""

from __future__ import annotations

from collections.abc import Iterable

from graphwright_sandbox.graph.directory_members import DirectoryObjects, seen_by, shows_members
from graphwright_sandbox.graph.directory_queries import (
    GROUP_RULES,
    MEMBER_RULES,
    check_query,
    demand_advanced,
    read_search,
)
from graphwright_sandbox.graph.presentation import (
    Limits,
    answer_collection,
    answer_count,
)
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
)
from graphwright_sandbox.groups import Group

_LIMITS = Limits(default=100, maximum=999, opaque=True)


class Memberships:
    """Answers the relations of a user to groups."""

    def __init__(self, context: GraphContext) -> None:
        self._groups = context.tenant.groups
        self._objects = DirectoryObjects(context.tenant)

    def list_direct(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._groups.of(request.person.id))

    def list_transitive(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._groups.around(request.person.id))

    def list_owned(self, request: GraphRequest) -> GraphResponse:
        return self._answer(request, self._groups.owned_by(request.person.id))

    def count_direct(self, request: GraphRequest) -> GraphResponse:
        return self._count(request, self._groups.of(request.person.id))

    def count_transitive(self, request: GraphRequest) -> GraphResponse:
        return self._count(request, self._groups.around(request.person.id))

    def _answer(self, request: GraphRequest, groups: Iterable[Group]) -> GraphResponse:
        cast = request.operation.lower().endswith("microsoft.graph.group")
        rules = GROUP_RULES if cast else MEMBER_RULES
        check_query(request, rules)
        records = self._records(request, groups)
        search = read_search(request, rules)
        path = "groups" if cast else "directoryObjects"
        return answer_collection(request, self._objects.view, records, path, _LIMITS, search=search)

    def _count(self, request: GraphRequest, groups: Iterable[Group]) -> GraphResponse:
        demand_advanced(request)
        check_query(request, MEMBER_RULES)
        records = self._records(request, groups)
        return answer_count(
            request, self._objects.view, records, read_search(request, MEMBER_RULES)
        )

    def _records(self, request: GraphRequest, groups: Iterable[Group]) -> list[Record]:
        visible = self._visible(request, groups)
        return [seen_by(request, self._objects.of_group(group)) for group in visible]

    def _visible(self, request: GraphRequest, groups: Iterable[Group]) -> list[Group]:
        """Without the groups that hide their members from this caller."""
        return [group for group in groups if shows_members(request, group)]
