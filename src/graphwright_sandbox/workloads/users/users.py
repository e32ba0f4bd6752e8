"""Profiles of people, their managers and reports: requests answered from the directory."""

from __future__ import annotations

from dataclasses import replace

from graphwright_sandbox.graph.delta import Delta, answer_delta
from graphwright_sandbox.graph.directory_errors import refused
from graphwright_sandbox.graph.directory_members import DirectoryObjects
from graphwright_sandbox.graph.directory_queries import (
    USER_RULES,
    check_query,
    demand_advanced,
    read_search,
)
from graphwright_sandbox.graph.directory_records import (
    UserRecords,
    user_record,
)
from graphwright_sandbox.graph.directory_types import BASIC_PROPERTIES, USER, USER_DEFAULTS
from graphwright_sandbox.graph.errors import resource_not_found, unsupported_query
from graphwright_sandbox.graph.extensions import DIRECTORY, Extensions, expand_extensions
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    bound_filter,
    project,
    project_all,
)
from graphwright_sandbox.graph.query import Order, QueryOptions
from graphwright_sandbox.graph.references import read_reference, read_reference_body
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.users.writes import UserWrites

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_HIDDEN_FROM_BASIC = (frozenset(USER.properties) - BASIC_PROPERTIES) | {"extensions"}


class Users:
    def __init__(self, context: GraphContext, writes: UserWrites) -> None:
        self._people = context.tenant.people
        self._tenant = context.tenant
        self._writes = writes
        self._records = UserRecords(context.tenant)
        self._objects = DirectoryObjects(context.tenant)
        expanders = {
            "manager": self._expand_manager,
            "directReports": self._expand_reports,
            "memberOf": self._objects.expand_groups,
            "extensions": self._expand_extensions,
        }
        self.extensions = Extensions(
            find=lambda request: request.person,
            change=writes.open_extensions,
            path=lambda request, holder: f"users('{holder.id}')",
            manner=DIRECTORY,
        )
        self._view = View(USER, default=USER_DEFAULTS, expanders=expanders, hidden=_hidden)
        # Objects reached from another are directoryObjects: they say what they are.
        self._related = View(USER, default=USER_DEFAULTS, hidden=_hidden)

    def list_users(self, request: GraphRequest) -> GraphResponse:
        check_query(request, USER_RULES, _hidden(request))
        search = read_search(request, USER_RULES, _hidden(request))
        records = self._narrowed(request)
        filtered = request.options.filter is not None and records is self._records
        match request.options.orderby:
            case [Order((name,), descending)] if name.lower() == "displayname" and not filtered:
                # Sorting by name alone needs no records: large tenants stay small.
                records = records.by_name(descending=descending)
                request = replace(request, options=replace(request.options, orderby=()))
        response = answer_collection(request, self._view, records, "users", _LIMITS, search=search)
        if not request.advanced:
            # Without ConsistencyLevel the directory ignores $count.
            response.body.pop("@odata.count", None)
        return response

    def list_changes(self, request: GraphRequest) -> GraphResponse:
        _check_delta_filter(request)
        return answer_delta(
            request,
            Delta(
                self._view,
                "users",
                records=self._narrowed,
                find=lambda request, user_id: self._records.find(user_id),
                limits=_LIMITS,
                path="users",
                removed_reason="changed",
                sparse=True,
            ),
        )

    def count_users(self, request: GraphRequest) -> GraphResponse:
        demand_advanced(request)
        check_query(request, USER_RULES, _hidden(request))
        return answer_count(
            request,
            self._view,
            self._narrowed(request),
            read_search(request, USER_RULES, _hidden(request)),
        )

    def get_user(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._view, self._records.of(request.person), "users")

    def create_user(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        manager = None
        if "manager@odata.bind" in body:
            manager = self._find(read_reference(body["manager@odata.bind"]))
        person = self._writes.create(request, request.read_as("user", body))
        if manager is not None:
            self._writes.set_manager(person, manager)
        record = user_record(person, self._tenant)
        headers = {"Location": f"{request.root}/users/{person.id}"}
        return answer_entity(request, self._view, record, "users", status=201, headers=headers)

    def update_user(self, request: GraphRequest) -> GraphResponse:
        self._writes.update(request, request.person, request.read_entity("user"))
        return no_content()

    def delete_user(self, request: GraphRequest) -> GraphResponse:
        self._writes.delete(request, request.person)
        return no_content()

    def get_manager(self, request: GraphRequest) -> GraphResponse:
        record = self._objects.of_person(self._manager_of(request.person))
        return answer_entity(request, self._related, record, "directoryObjects")

    def get_manager_reference(self, request: GraphRequest) -> GraphResponse:
        manager = self._manager_of(request.person)
        body = {
            "@odata.context": f"{request.root}/$metadata#$ref",
            "@odata.id": f"{request.root}/directoryObjects/{manager.id}",
        }
        return GraphResponse(200, body)

    def set_manager(self, request: GraphRequest) -> GraphResponse:
        manager = self._find(read_reference_body(request.read_json()))
        if manager.id == request.person.id:
            raise refused("A user cannot be their own manager.")
        self._writes.set_manager(request.person, manager)
        return no_content()

    def remove_manager(self, request: GraphRequest) -> GraphResponse:
        self._manager_of(request.person)
        self._writes.set_manager(request.person, None)
        return no_content()

    def list_reports(self, request: GraphRequest) -> GraphResponse:
        check_query(request, USER_RULES, _hidden(request))
        return answer_collection(
            request,
            self._related,
            self._reports(request.person.id),
            "directoryObjects",
            _LIMITS,
            search=read_search(request, USER_RULES, _hidden(request)),
        )

    def count_reports(self, request: GraphRequest) -> GraphResponse:
        demand_advanced(request)
        check_query(request, USER_RULES, _hidden(request))
        return answer_count(request, self._related, self._reports(request.person.id))

    def _narrowed(self, request: GraphRequest) -> UserRecords:
        return self._records.narrowed(request.options.filter, bound_filter(request, USER))

    def _find(self, identifier: str) -> Person:
        person = self._people.find(identifier)
        if person is None:
            raise resource_not_found(identifier)
        return person

    def _manager_of(self, person: Person) -> Person:
        """The manager; one who was deleted is none."""
        manager = self._people.find(person.manager_id) if person.manager_id else None
        if manager is None:
            raise resource_not_found("manager")
        return manager

    def _reports(self, user_id: str) -> list[Record]:
        return [self._objects.of_person(one) for one in self._people.reports_of(user_id)]

    def _expand_manager(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record | None:
        chain = self._managers_of(record["id"])
        levels = 1 if options.levels is None else options.levels
        if options.levels is not None:
            if "user" not in request.keys or not request.advanced:
                raise unsupported_query("$levels is not supported for this query.")
            options = replace(options, levels=None, given=options.given - {"levels"})
        shown: Record | None = None
        # From the top down, each holding the one above; 0 levels stand for all.
        for manager in reversed(chain[: levels or None]):
            below = project(request, self._related, self._objects.of_person(manager), options)
            shown = below if shown is None else {**below, "manager": shown}
        return shown

    def _managers_of(self, user_id: str) -> list[Person]:
        """The chain of managers, the next one first; ends where it would go in a circle."""
        chain: list[Person] = []
        seen = {user_id}
        person = self._people.get(user_id)
        while person.manager_id is not None and person.manager_id not in seen:
            manager = self._people.find(person.manager_id)
            if manager is None:
                break
            seen.add(manager.id)
            chain.append(manager)
            person = manager
        return chain

    def _expand_reports(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        reports = self._reports(record["id"])
        return project_all(request, self._related, reports, options)

    def _expand_extensions(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        return expand_extensions(request, self._people.get(record["id"]), options, DIRECTORY)


def _check_delta_filter(request: GraphRequest) -> None:
    """A delta query of users can be narrowed to certain ids only."""
    bound = bound_filter(request, USER)
    if bound is not None and bound.paths != ("id",):
        raise unsupported_query("Unsupported Query.")


def _hidden(request: GraphRequest) -> frozenset[str]:
    basic = request.granted == "User.ReadBasic.All"
    return _HIDDEN_FROM_BASIC | request.schema.names if basic else frozenset()
