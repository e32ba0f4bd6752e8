"""One HTTP request to Graph from its bytes to its answer. Knows HTTP, and no workload."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright_sandbox.asgi import correlation_of, raw_path
from graphwright_sandbox.faults.throttling import Admission, Demand, resource_units
from graphwright_sandbox.graph.aliases import Aliases
from graphwright_sandbox.graph.annotations import shown_for
from graphwright_sandbox.graph.batch import answer_batch
from graphwright_sandbox.graph.directory_roles import check_role
from graphwright_sandbox.graph.errors import (
    GraphError,
    UnknownSegment,
    bad_request,
    method_not_allowed,
    no_mailbox,
    resource_not_found,
    user_not_found,
)
from graphwright_sandbox.graph.metadata import service_document, write_metadata
from graphwright_sandbox.graph.permissions import Requirement, granted_permission
from graphwright_sandbox.graph.preferences import Preferences, parse_preferences
from graphwright_sandbox.graph.property_paths import (
    MAXIMUM_DEPTH,
    is_of_one_object,
    options_for,
    split_properties,
    take_property,
)
from graphwright_sandbox.graph.query import SYSTEM_OPTIONS, QueryOptions, parse_query
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.routing import Match, Operation, Router, join_path, split_path
from graphwright_sandbox.graph.wire import read_body, send_response
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.tenant import Caller, InvalidAuthenticationToken, Person

_VERSIONS = ("v1.0", "beta")
_LONGEST_URL = 32 * 1024
"""What a batch holds is bounded as well: there a URL could have as many megabytes as its body."""
_CHALLENGE = (
    'Bearer realm="", '
    'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
    'client_id="00000003-0000-0000-c000-000000000000"'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose operation was found."""

    request: Request
    place: tuple[str, list[str]]
    """The version, and the segments behind it."""
    match: Match
    user: Person | None
    options: QueryOptions
    preferences: Preferences
    body: bytes


class GraphEndpoint:
    """The one ASGI endpoint behind all of Graph's paths."""

    def __init__(
        self,
        context: GraphContext,
        router: Router,
        requirements: Mapping[str, Requirement],
        authorize: Callable[[str | None], Caller],
        aliases: Aliases,
    ) -> None:
        self._context = context
        self._router = router
        self._requirements = requirements
        self._authorize = authorize
        self._aliases = aliases
        self.serve: ASGIApp = self
        """What the requests of a batch go through: this, and whatever stands before it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = raw_path(scope)
        query = scope["query_string"].decode("latin-1")
        correlation = correlation_of(scope)
        preferences = Preferences()
        try:
            if len(path) + len(query) > _LONGEST_URL:
                raise GraphError(414, "UriTooLong", "The request URI is too long.")
            version, segments = _read_path(path)
            preferences = parse_preferences(request.headers.getlist("prefer"))
            response = self._describe(request, version, segments)
            if response is None:
                # Before the body is read: from a stranger not one byte is kept.
                caller = self._authenticate(request)
                body = await read_body(request, self._largest_body(request.method, segments))
                if [segment.lower() for segment in segments] == ["$batch"]:
                    response = await self._answer_batch(request, version, body)
                else:
                    place = (version, segments)
                    answer = self._answer(request, place, query, preferences, body, caller)
                    whole = await answer if isinstance(answer, Awaitable) else answer
                    response = shown_for(request.headers.get("accept", ""), whole)
        except GraphError as error:
            exchange_of(scope).refuse(error.code, error.message)
            response = self._refuse(error, correlation)
        headers = {**correlation, "Cache-Control": "private"}
        if preferences.applied and response.status < 400:
            headers["Preference-Applied"] = ", ".join(preferences.applied)
        admission: Admission = getattr(request.state, "admission", Admission())
        try:
            if admission.seconds:
                await asyncio.sleep(admission.seconds)
            await send_response(send, response, {**headers, **admission.headers})
        finally:
            self._context.throttles.leave(admission)

    def permit(self, caller: Caller, path: str) -> None:
        """Refuses where the caller may not read what is at this path."""
        match, user = self._locate("GET", split_path(path), caller)
        own = user is not None and user.id == caller.user_id
        operation = match.operation
        granted_permission(self._requirements[operation.name], caller, own, operation.family)

    def read(self, caller: Caller, root: str, path: str, query: str = "") -> Record:
        """What this caller would get from a GET below `root`; empty where it is refused."""
        parts = urlsplit(root)
        version = parts.path.strip("/")
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": parts.scheme,
            "path": f"/{version}/{path}",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", parts.netloc.encode())],
            # Nobody sent it: it counts against no limit.
            "state": {"admission": Admission()},
        }
        place = (version, split_path(path))
        try:
            answer = self._answer(Request(scope), place, query, Preferences(), b"", caller)
        except GraphError:
            return {}
        body = answer.body if isinstance(answer, GraphResponse) else None
        return dict(body) if isinstance(body, dict) else {}

    def _describe(
        self, request: Request, version: str, segments: list[str]
    ) -> GraphResponse | None:
        """What Graph tells everybody: the service document, and its metadata."""
        if [segment.lower() for segment in segments] not in ([], ["$metadata"]):
            return None
        if request.method != "GET":
            raise method_not_allowed(["GET"])
        operations = self._router.operations
        if segments:
            text = write_metadata(operations)
            return GraphResponse(200, text, content_type="application/xml")
        return GraphResponse(200, service_document(_root(request, version), operations))

    async def _answer_batch(self, request: Request, version: str, body: bytes) -> GraphResponse:
        if request.method != "POST":
            raise method_not_allowed(["POST"])
        answer = await answer_batch(self.serve, request.scope, request.receive, version, body)
        return GraphResponse(200, answer)

    def _authenticate(self, request: Request) -> Caller:
        try:
            caller = self._authorize(request.headers.get("authorization"))
            if caller.user_id is not None and self._context.find_person(caller.user_id) is None:
                raise InvalidAuthenticationToken("The user of the access token does not exist.")
        except InvalidAuthenticationToken as error:
            raise GraphError(
                401,
                "InvalidAuthenticationToken",
                error.message,
                {"WWW-Authenticate": _challenge(error)},
            ) from error
        exchange = exchange_of(request.scope)
        exchange.app_id, exchange.user_id = caller.app_id, caller.user_id
        return caller

    def _answer(
        self,
        request: Request,
        place: tuple[str, list[str]],
        query: str,
        preferences: Preferences,
        body: bytes,
        caller: Caller,
    ) -> GraphResponse | Awaitable[GraphResponse]:
        version, segments = place
        try:
            match, user = self._locate(request.method, segments, caller)
        except UnknownSegment as error:
            if request.method != "GET" or query:
                raise
            return self._answer_property(request, place, preferences, caller, error)
        family = match.operation.family
        options = parse_query(query, bare=_bare_options(version, family))
        _check_options(match.operation, options)
        asked = Asked(request, place, match, user, options, preferences, body)
        return self._carry_out(asked, caller)

    def _answer_property(
        self,
        request: Request,
        place: tuple[str, list[str]],
        preferences: Preferences,
        caller: Caller,
        unknown: UnknownSegment,
    ) -> GraphResponse:
        """What stands at the end of a path that no operation serves, where it is a property."""
        version, segments = place
        for depth in range(1, MAXIMUM_DEPTH + 1):
            parts = split_properties(segments, depth)
            if parts is None:
                raise unknown
            before, names, raw = parts
            try:
                match, user = self._locate("GET", before, caller)
            except UnknownSegment:
                continue
            if not is_of_one_object(match.operation):
                raise unknown
            options = options_for(names)
            asked = Asked(request, (version, before), match, user, options, preferences, b"")
            try:
                response = self._carry_out(asked, caller)
            except GraphError as error:
                # The object has no such property: then the path is what is wrong.
                raise (unknown if error.status == 400 else error) from error
            if isinstance(response, GraphResponse):
                root = _root(request, version)
                found = take_property(response, match, root, names, raw=raw)
                if found is not None:
                    return found
            break
        raise unknown

    def _carry_out(self, asked: Asked, caller: Caller) -> GraphResponse | Awaitable[GraphResponse]:
        version, segments = asked.place
        operation, user = asked.match.operation, asked.user
        own = user is not None and user.id == caller.user_id
        requirement = self._requirements[operation.name]
        exchange = exchange_of(asked.request.scope)
        exchange.check(operation.name, requirement.wanted(caller, own), caller.permissions)
        granted = granted_permission(requirement, caller, own, operation.family)
        roles = requirement.me_roles if own else requirement.roles
        check_role(self._context.tenant, roles, caller, asked.match.keys)
        exchange.granted = granted
        if not hasattr(asked.request.state, "admission"):
            asked.request.state.admission = self._admit(asked, caller)
        root = _root(asked.request, version)
        headers = asked.request.headers
        graph_request = GraphRequest(
            operation=operation.name,
            method=asked.request.method,
            version=version,
            root=root,
            url=f"{root}/{join_path(segments)}",
            keys=asked.match.keys,
            caller=caller,
            user=user,
            granted=granted,
            options=asked.options,
            preferences=asked.preferences,
            headers={name.lower(): value for name, value in headers.items()},
            body=asked.body,
            now=self._context.clock().astimezone(UTC),
            changes=self._context.changes,
            schema=self._context.schema_extensions,
        )
        return operation.handle(graph_request)

    def _admit(self, asked: Asked, caller: Caller) -> Admission:
        """Counts the request against the limits of its service; 429 where one is reached."""
        operation, options = asked.match.operation, asked.options
        reading = operation.method == "GET"
        cost = resource_units(
            reading,
            single=operation.path.endswith(("}", "$count")),
            selects=options.select is not None,
            expands=bool(options.expand),
            top=options.top,
        )
        demand = Demand(
            service=operation.family,
            app_id=caller.app_id,
            mailbox=asked.user.id if asked.user is not None else None,
            reading=reading,
            cost=cost if operation.family == "directory" else 1,
        )
        admitted = self._context.throttles.enter(demand)
        if isinstance(admitted, Admission):
            return admitted
        headers = {"Retry-After": str(admitted.retry_after), **admitted.headers}
        raise GraphError(429, admitted.code, admitted.message, headers)

    def _locate(
        self, method: str, segments: list[str], caller: Caller
    ) -> tuple[Match, Person | None]:
        """The operation, and the person its path is about. `/me` is `/users/{caller}`."""
        mine = segments[0].lower() == "me"
        if mine:
            if caller.user_id is None:
                raise bad_request("/me request is only valid with delegated authentication flow.")
            segments = ["users", caller.user_id, *segments[1:]]
        now = self._context.clock().astimezone(UTC)
        segments = self._aliases.follow(method, segments, caller, now)
        match = self._router.match(method, segments)
        if "user" not in match.keys:
            return match, None
        identifier = match.keys["user"]
        person = self._context.find_person(identifier)
        if person is None:
            directory = match.operation.family == "directory"
            raise (resource_not_found if directory else user_not_found)(identifier)
        if match.operation.family == "outlook" and not person.mail:
            raise no_mailbox()
        return match, person

    def _largest_body(self, method: str, segments: list[str]) -> int:
        if segments and segments[0].lower() == "me":
            segments = ["users", "me", *segments[1:]]
        return self._router.largest_body(method, self._aliases.template(segments))

    def _refuse(self, error: GraphError, correlation: Mapping[str, str]) -> GraphResponse:
        moment = self._context.clock().astimezone(UTC)
        inner = {"date": moment.strftime("%Y-%m-%dT%H:%M:%S"), **correlation}
        body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
        return GraphResponse(error.status, body, dict(error.headers))


def _challenge(error: InvalidAuthenticationToken) -> str:
    """What a client needs for a better token; after a revocation also the claims it has to ask."""
    if error.claims is None:
        return _CHALLENGE
    claims = base64.b64encode(error.claims.encode()).decode()
    return f'{_CHALLENGE}, error="insufficient_claims", claims="{claims}"'


def _root(request: Request, version: str) -> str:
    return f"{str(request.base_url).rstrip('/')}/{version}"


def _read_path(path: str) -> tuple[str, list[str]]:
    """The version and the segments behind it."""
    segments = split_path(path)
    version = segments[0].lower() if segments else ""
    if version not in _VERSIONS:
        raise bad_request(f"Invalid version: {segments[0] if segments else ''}")
    return version, segments[1:]


def _bare_options(version: str, family: str) -> frozenset[str]:
    """Which options need no `$`: all of them on beta, and with files, which use two for another
    purpose (`sites?search=`, `content?format=`)."""
    if family == "files":
        return SYSTEM_OPTIONS - {"search", "format"}
    return SYSTEM_OPTIONS if version == "beta" else frozenset()


def _check_options(operation: Operation, options: QueryOptions) -> None:
    for name in sorted(options.given - operation.options):
        if operation.family == "teams":
            raise bad_request(
                f"Query option '{name.capitalize()}' is not allowed. To allow it, set the "
                "'AllowedQueryOptions' property on EnableQueryAttribute or "
                "QueryValidationSettings."
            )
        raise bad_request(
            f"The query option '${name}' is not supported for this request.",
            "ErrorInvalidUrlQuery" if operation.family == "outlook" else "Request_BadRequest",
        )
    for name in options.custom if operation.family == "directory" else ():
        raise bad_request(f"Unrecognized query argument specified: '{name}'.", "Request_BadRequest")
