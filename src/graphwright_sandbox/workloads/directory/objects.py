"""Objects of the directory by id, whatever their type."""

from __future__ import annotations

from graphwright_sandbox.graph.directory_errors import refused
from graphwright_sandbox.graph.directory_members import DirectoryObjects
from graphwright_sandbox.graph.errors import resource_not_found
from graphwright_sandbox.graph.member_groups import check_group_ids, list_group_ids
from graphwright_sandbox.graph.presentation import answer_entity, project
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
)

_MOST_IDS = 1000


class Objects:
    def __init__(self, context: GraphContext) -> None:
        self._groups = context.tenant.groups
        self._objects = DirectoryObjects(context.tenant)

    def get(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._objects.view, self._find(request), "directoryObjects")

    def get_by_ids(self, request: GraphRequest) -> GraphResponse:
        """The objects of these ids; those that are not there are left out."""
        given = request.read_parameters("ids", "types")
        ids, types = given.get("ids"), given.get("types") or ["directoryObject"]
        for value in (ids, types):
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise refused("The parameters 'ids' and 'types' need to be arrays of texts.")
        if not 1 <= len(ids or []) <= _MOST_IDS:
            raise refused(f"The number of ids needs to be between 1 and {_MOST_IDS}.")
        wanted = {one.lower() for one in types}
        found = [
            project(request, self._objects.view, record)
            for record in self._objects.all(dict.fromkeys(ids or []))
            if wanted & {"directoryobject", record["@odata.type"].rpartition(".")[2]}
        ]
        context = request.context("directoryObjects")
        return GraphResponse(200, {"@odata.context": context, "value": found})

    def list_groups(self, request: GraphRequest) -> GraphResponse:
        return list_group_ids(request, self._groups, self._find(request)["id"])

    def check_groups(self, request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, self._groups, self._find(request)["id"], "groupIds")

    def check_objects(self, request: GraphRequest) -> GraphResponse:
        return check_group_ids(request, self._groups, self._find(request)["id"], "ids")

    def _find(self, request: GraphRequest) -> Record:
        record = self._objects.find(request.keys["object"])
        if record is None:
            raise resource_not_found(request.keys["object"])
        return record
