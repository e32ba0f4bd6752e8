"""The operations of the users workload."""

from functools import lru_cache
from typing import Any

from graphwright_sandbox.graph.delta import READ_DELTA, Delta, answer_delta
from graphwright_sandbox.graph.errors import GraphError, resource_not_found, unsupported_query
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_count,
    answer_entity,
    bound_filter,
    check_shape,
    project,
    project_all,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.users.entities import (
    BASIC_PROPERTIES,
    DEFAULT_PROPERTIES,
    PROFILE_PHOTO,
    USER,
)
from graphwright_sandbox.workloads.users.photo import SIZES, draw_photo
from graphwright_sandbox.workloads.users.queries import check_query, parse_search
from graphwright_sandbox.workloads.users.records import USER_TYPE, UserRecords

_LIMITS = Limits(default=100, maximum=999, opaque=True)
_HIDDEN_FROM_BASIC = frozenset(USER.properties) - BASIC_PROPERTIES


def create_operations(context: GraphContext) -> list[Operation]:
    users = Users(context)
    one, many = READ_ONE, READ_MANY | {"search"}
    counting = frozenset({"filter", "search"})

    def get(path: str, handle: Any, options: frozenset[str]) -> Operation:
        return Operation("GET", path, handle, "directory", options)

    return [
        get("/users", users.list_users, many),
        get("/users/$count", users.count_users, counting),
        get("/users/delta", users.list_changes, READ_DELTA - {"orderby", "expand"}),
        get("/users/{user}", users.get_user, one),
        get("/users/{user}/manager", users.get_manager, one),
        get("/users/{user}/directReports", users.list_reports, many),
        get("/users/{user}/directReports/$count", users.count_reports, counting),
        get("/users/{user}/photo", users.get_photo, one),
        get("/users/{user}/photo/$value", users.download_photo, frozenset()),
        get("/users/{user}/photos", users.list_photos, one),
        get("/users/{user}/photos/{size}", users.get_photo, one),
        get("/users/{user}/photos/{size}/$value", users.download_photo, frozenset()),
        Operation("GET", "/users/{user}/mailboxSettings", users.get_settings, "outlook", one),
    ]


class Users:
    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._people = context.tenant.people
        self._records = UserRecords(context.tenant)
        expanders = {"manager": self._expand_manager, "directReports": self._expand_reports}
        self._view = View(USER, default=DEFAULT_PROPERTIES, expanders=expanders, hidden=_hidden)
        # Objects reached from another are directoryObjects: they say what they are.
        self._related = View(USER, default=DEFAULT_PROPERTIES, hidden=_hidden)

    def list_users(self, request: GraphRequest) -> GraphResponse:
        check_query(request)
        search = parse_search(request.options.search) if request.options.search else None
        response = answer_collection(
            request, self._view, self._records, "users", _LIMITS, search=search
        )
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
                records=lambda request: self._records,
                find=lambda request, user_id: self._records.find(user_id),
                limits=_LIMITS,
                path="users",
                removed_reason="changed",
                sparse=True,
            ),
        )

    def count_users(self, request: GraphRequest) -> GraphResponse:
        if not request.advanced:
            raise unsupported_query("$count is not currently supported.")
        search = parse_search(request.options.search) if request.options.search else None
        return answer_count(request, self._view, self._records, search)

    def get_user(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._view, self._records.of(request.person), "users")

    def get_manager(self, request: GraphRequest) -> GraphResponse:
        manager = request.person.manager_id
        if manager is None:
            raise resource_not_found("manager")
        record = {"@odata.type": USER_TYPE, **self._records.of(self._people.get(manager))}
        return answer_entity(request, self._related, record, "directoryObjects")

    def list_reports(self, request: GraphRequest) -> GraphResponse:
        check_query(request)
        reports = self._reports(request.person.id)
        return answer_collection(request, self._related, reports, "directoryObjects", _LIMITS)

    def count_reports(self, request: GraphRequest) -> GraphResponse:
        if not request.advanced:
            raise unsupported_query("$count is not currently supported.")
        return answer_count(request, self._view, self._reports(request.person.id))

    def _reports(self, user_id: str) -> list[Record]:
        return [
            {"@odata.type": USER_TYPE, **self._records.of(person)}
            for person in self._people.reports_of(user_id)
        ]

    def _expand_manager(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> Record | None:
        manager = self._people.get(record["id"]).manager_id
        if manager is None:
            return None
        full = {"@odata.type": USER_TYPE, **self._records.of(self._people.get(manager))}
        return project(request, self._related, full, options)

    def _expand_reports(
        self, request: GraphRequest, record: Record, options: QueryOptions
    ) -> list[Record]:
        reports = self._reports(record["id"])
        return project_all(request, self._related, reports, options)

    def get_photo(self, request: GraphRequest) -> GraphResponse:
        size = self._photo_size(request)
        record = _photo_record(request.person, size)
        return answer_entity(request, View(PROFILE_PHOTO), record, request.mailbox_path("photo"))

    def list_photos(self, request: GraphRequest) -> GraphResponse:
        self._photo_size(request)
        view = View(PROFILE_PHOTO)
        check_shape(view, request.options)
        value = [project(request, view, _photo_record(request.person, size)) for size in SIZES]
        context = request.context(request.mailbox_path("photos"))
        return GraphResponse(200, {"@odata.context": context, "value": value})

    def download_photo(self, request: GraphRequest) -> GraphResponse:
        size = self._photo_size(request)
        picture = _picture(request.person.id, size)
        return GraphResponse(200, picture, content_type="image/png")

    def _photo_size(self, request: GraphRequest) -> int:
        """The size asked for; some people have no photo at all."""
        text = request.keys.get("size", "648x648").lower()
        sizes = {f"{size}x{size}": size for size in SIZES}
        if text not in sizes or not has_photo(self._context, request.person):
            raise GraphError(404, "ImageNotFound", "The photo wasn't found.")
        return sizes[text]

    def get_settings(self, request: GraphRequest) -> GraphResponse:
        person = request.person
        days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        settings: Record = {
            "@odata.context": request.context(request.mailbox_path("mailboxSettings")),
            "dateFormat": "yyyy-MM-dd",
            "timeFormat": "HH:mm",
            "timeZone": person.time_zone,
            "language": {"locale": person.preferred_language, "displayName": ""},
            "workingHours": {
                "daysOfWeek": days,
                "startTime": "08:00:00.0000000",
                "endTime": "17:00:00.0000000",
                "timeZone": {"name": person.time_zone},
            },
        }
        return GraphResponse(200, settings)


def has_photo(context: GraphContext, person: Person) -> bool:
    """Every seventh person never uploaded a photo, as in any company."""
    number = context.tenant.people.number_of(person.id)
    return number is not None and number % 7 != 6


def _check_delta_filter(request: GraphRequest) -> None:
    """A delta query of users can be narrowed to certain ids only."""
    bound = bound_filter(request, USER)
    if bound is not None and bound.paths != ("id",):
        raise unsupported_query("Unsupported Query.")


def _hidden(request: GraphRequest) -> frozenset[str]:
    return _HIDDEN_FROM_BASIC if request.granted == "User.ReadBasic.All" else frozenset()


@lru_cache(maxsize=64)
def _picture(user_id: str, size: int) -> bytes:
    return draw_photo(user_id, size)


def _photo_record(person: Person, size: int) -> Record:
    return {
        "@odata.mediaContentType": "image/png",
        "@odata.mediaEtag": f'W/"{person.id[:8]}{size}"',
        "id": f"{size}X{size}",
        "height": size,
        "width": size,
    }
