"""Groups themselves: listed, searched, read, written, followed by delta queries."""

from __future__ import annotations

from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.directory_members import DirectoryObjects, shows_members
from graphwright_sandbox.graph.directory_queries import (
    GROUP_RULES,
    check_query,
    demand_advanced,
    read_search,
)
from graphwright_sandbox.graph.directory_records import group_record
from graphwright_sandbox.graph.directory_types import (
    BASIC_GROUP_PROPERTIES,
    GROUP,
    GROUP_DEFAULTS,
)
from graphwright_sandbox.graph.errors import resource_not_found, unsupported_query
from graphwright_sandbox.graph.extensions import DIRECTORY, Extensions, expand_extensions
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    bound_filter,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.references import read_bindings
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.groups.favorites import Favorites
from graphwright_sandbox.workloads.groups.history import MemberHistory
from graphwright_sandbox.workloads.groups.members import Members
from graphwright_sandbox.workloads.groups.writes import GroupWrites

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_HIDDEN_FROM_BASIC = (frozenset(GROUP.properties) - BASIC_GROUP_PROPERTIES) | {
    "_owners",
    "extensions",
}


class GroupService:
    """Requests about groups, answered from the tenant."""

    def __init__(self, context: GraphContext, writes: GroupWrites, members: Members) -> None:
        self._groups = context.tenant.groups
        self._objects = DirectoryObjects(context.tenant)
        self._writes = writes
        self._history = MemberHistory(context)
        expanders = {**members.expanders(), "extensions": self._expand_extensions}
        self._view = View(GROUP, default=GROUP_DEFAULTS, expanders=expanders, hidden=_hidden)
        self.extensions = Extensions(
            find=self.find,
            change=lambda request: writes.open_extensions(self.find(request)),
            path=lambda request, holder: f"groups('{holder.id}')",
            manner=DIRECTORY,
        )
        self._favorites = Favorites(context)

    def list_groups(self, request: GraphRequest) -> GraphResponse:
        check_query(request, GROUP_RULES, _hidden(request))
        search = read_search(request, GROUP_RULES, _hidden(request))
        response = answer_collection(
            request, self._view, self._records(), "groups", _LIMITS, search=search
        )
        if not request.advanced:
            # Without ConsistencyLevel the directory ignores $count.
            response.body.pop("@odata.count", None)
        return response

    def count_groups(self, request: GraphRequest) -> GraphResponse:
        demand_advanced(request)
        check_query(request, GROUP_RULES, _hidden(request))
        search = read_search(request, GROUP_RULES, _hidden(request))
        return answer_count(request, self._view, self._records(), search)

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        bound = bound_filter(request, GROUP)
        if bound is not None and bound.paths != ("id",):
            raise unsupported_query("Unsupported Query.")
        return answer_delta(
            request,
            Delta(
                self._view,
                "groups",
                records=lambda request: self._records(),
                find=lambda request, group_id: self._find_record(group_id),
                limits=_LIMITS,
                path="groups",
                removed_reason="changed",
                sparse=True,
                extend=self._with_members,
            ),
        )

    def get_group(self, request: GraphRequest) -> GraphResponse:
        group = self.find(request)
        record = {**group_record(group), "isFavorite": self._favorites.of(request, group)}
        return answer_entity(request, self._view, record, "groups")

    def create_group(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        members = read_bindings(body, "members") or []
        owners = read_bindings(body, "owners") or []
        group = self._writes.create(request, request.read_as("group", body), members, owners)
        headers = {"Location": f"{request.root}/groups/{group.id}"}
        record = group_record(group)
        return answer_entity(request, self._view, record, "groups", status=201, headers=headers)

    def update_group(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        members = read_bindings(body, "members")
        self._writes.update(self.find(request), request.read_as("group", body), members)
        return no_content()

    def delete_group(self, request: GraphRequest) -> GraphResponse:
        self._writes.delete(request, self.find(request))
        return no_content()

    def renew_group(self, request: GraphRequest) -> GraphResponse:
        self._writes.renew(request, self.find(request))
        return no_content()

    def add_favorite(self, request: GraphRequest) -> GraphResponse:
        return self._favorites.mark(request, self.find(request), favorite=True)

    def remove_favorite(self, request: GraphRequest) -> GraphResponse:
        return self._favorites.mark(request, self.find(request), favorite=False)

    def find(self, request: GraphRequest) -> Group:
        """The group of the path, by id."""
        group = self._groups.find(request.keys["group"])
        if group is None or "@" in request.keys["group"]:
            raise resource_not_found(request.keys["group"])
        return group

    def _records(self) -> list[Record]:
        return [group_record(group) for group in self._groups]

    def _expand_extensions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        return expand_extensions(request, self._groups.get(record["id"]), options, DIRECTORY)

    def _find_record(self, group_id: str) -> Record | None:
        group = self._groups.find(group_id)
        return None if group is None else group_record(group)

    def _with_members(self, request: GraphRequest, shown: Record, since: int | None) -> Record:
        """`members@delta` and `owners@delta`: first everybody, later who came and who went."""
        group = self._groups.find(shown["id"])
        chosen = request.options.select
        for place in ("members", "owners"):
            shown.pop(place, None)
            # Owners are told only where they are asked for.
            wanted = place == "members" if chosen is None else place in chosen
            if group is None or not wanted:
                continue
            if place == "members" and not shows_members(request, group):
                continue
            if since is None:
                present = self._objects.all(getattr(group, place))
                moves = [(record["id"], True) for record in present]
            else:
                moves = self._history.since(group.id, place, since)
            if moves:
                shown[f"{place}@delta"] = [self._move(*move) for move in moves]
        return shown

    def _move(self, identifier: str, present: bool) -> Record:
        record = self._objects.find(identifier)
        kind = record["@odata.type"] if record else "#microsoft.graph.user"
        move: Record = {"@odata.type": kind, "id": identifier}
        return move if present else {**move, "@removed": {"reason": "deleted"}}


def _hidden(request: GraphRequest) -> frozenset[str]:
    basic = request.granted == "Group.ReadBasic.All"
    return _HIDDEN_FROM_BASIC | request.schema.names if basic else frozenset()
