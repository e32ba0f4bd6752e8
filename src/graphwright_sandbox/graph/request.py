"""A request as a workload sees it, the answer it gives, and what all workloads share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from graphwright_sandbox.faults.plan import FaultPlan
from graphwright_sandbox.faults.throttling import Throttles
from graphwright_sandbox.graph.bodies import parse_json_object, read_entity
from graphwright_sandbox.graph.changes import Changes
from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, bad_request, change_key_conflict
from graphwright_sandbox.graph.post import Post
from graphwright_sandbox.graph.preferences import Preferences
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.schema_extensions import SchemaExtensions
from graphwright_sandbox.notifications.notifier import Notifier
from graphwright_sandbox.state import StateParts
from graphwright_sandbox.tenant import Caller, Person, Tenant

if TYPE_CHECKING:
    from graphwright_sandbox.graph.transfers import Transfers

Record = dict[str, Any]
_ETAG = re.compile(r'(?:W/)?("[^"]*")')
Shared = TypeVar("Shared")


@dataclass
class GraphContext:
    """What workloads are created with."""

    tenant: Tenant
    clock: Callable[[], datetime]
    today: date
    transfers: "Transfers"
    bulk_events: int = 0
    bulk_messages: int = 0
    changes: Changes = field(default_factory=Changes)
    """Every write of a workload is recorded here, once."""
    state: StateParts = field(default_factory=StateParts)
    """Who keeps something adds here how it is written and read."""
    faults: FaultPlan = field(default_factory=FaultPlan)
    """What goes wrong on purpose."""
    throttles: Throttles = field(init=False)
    """How much traffic is let through."""
    notifier: Notifier = field(init=False)
    """Tells subscribers of changes."""

    schema_extensions: SchemaExtensions = field(default_factory=SchemaExtensions)
    """Typed properties that applications add."""
    post: Post = field(default_factory=Post)
    """What one workload of a mailbox has for another."""

    _shared: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state.add("people", self.tenant.people.dump, self.tenant.people.load)
        self.state.add("groups", self.tenant.groups.dump, self.tenant.groups.load)
        extensions = self.schema_extensions
        self.state.add("schemaExtensions", extensions.dump, extensions.load)
        self.state.add("changes", self.changes.dump, self.changes.load)
        self.throttles = Throttles(self.tenant.id)
        self.notifier = Notifier(self.tenant.id, self.clock, self.changes, self.faults, self.state)

    def shared(self, create: "Callable[[GraphContext], Shared]") -> "Shared":
        """What several workloads work on, made when the first of them asks."""
        if create not in self._shared:
            self._shared[create] = create(self)
        found: Shared = self._shared[create]
        return found

    def find_person(self, identifier: str) -> Person | None:
        """The person of an object id, a user principal name or an address."""
        return self.tenant.people.find(identifier)


@dataclass
class GraphRequest:
    operation: str
    """The operation's name: method and path with its keys in braces."""
    method: str
    version: str
    root: str
    """Absolute URL up to and including the version."""
    url: str
    """Absolute URL of the request without its query."""
    keys: Mapping[str, str]
    caller: Caller
    user: Person | None
    granted: str
    """The permission by which the request was allowed."""
    options: QueryOptions
    preferences: Preferences
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    changes: Changes
    """What delta queries read."""
    schema: SchemaExtensions
    """What the tenant adds to the declared types."""

    @property
    def person(self) -> Person:
        """Whose data the request is about; only for operations under a user."""
        if self.user is None:
            raise LookupError("the operation has no user in its path")
        return self.user

    @property
    def advanced(self) -> bool:
        """Whether the directory may answer with its advanced query engine."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def context(self, path: str, *, entity: bool = False) -> str:
        """The `@odata.context` of an answer."""
        chosen = self.options.select
        shape = f"({','.join(chosen)})" if chosen else ""
        return f"{self.root}/$metadata#{path}{shape}{'/$entity' if entity else ''}"

    def mailbox_path(self, rest: str) -> str:
        return f"users('{quote(self.person.id)}')/{rest}"

    def read_json(self) -> Record:
        self._check_content_type()
        return parse_json_object(self.body)

    def read_entity(self, type_name: str) -> Record:
        """The body as writable properties of a declared type."""
        return self.read_as(type_name, self.read_json())

    def read_as(self, type_name: str, part: Record) -> Record:
        """A part of the body in the same way."""
        return read_entity(part, self.schema.extended(SCHEMA.structured[type_name]))

    def read_parameters(self, *names: str) -> Record:
        """The body of an action: its parameters, by lower-cased name."""
        allowed = {name.lower() for name in names}
        result = {}
        for name, value in self.read_json().items():
            if "@" in name:
                continue
            if name.lower() not in allowed:
                raise bad_request(
                    f"The parameter '{name}' in the request payload is not a valid parameter "
                    "for the operation."
                )
            result[name.lower()] = value
        return result

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _check_content_type(self) -> None:
        if not self.content_type:
            raise bad_request(
                "Write requests (excluding DELETE) must contain the Content-Type header "
                "declaration."
            )
        if self.content_type != "application/json":
            raise bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set "
                "and payload is of valid JSON format."
            )

    def check_if_match(
        self, etag: str, refusal: Callable[[], GraphError] = change_key_conflict
    ) -> None:
        """Refuses (412) where the caller's If-Match names another state of the item."""
        header = self.headers.get("if-match")
        if header is not None and not _names_etag(header, etag):
            raise refusal()

    def is_unchanged(self, etag: str) -> bool:
        """Whether the caller's If-None-Match names this state: then a read answers 304."""
        header = self.headers.get("if-none-match")
        return header is not None and _names_etag(header, etag)


def _names_etag(header: str, etag: str) -> bool:
    """Whether a list of entity tags holds this one; weak ones compare like strong ones."""
    wanted = etag.strip().removeprefix("W/")
    tags = _ETAG.findall(header) or [header.strip()]
    return header.strip() == "*" or wanted in tags


@dataclass
class GraphResponse:
    """An answer; `body` is encoded as JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None


def no_content() -> GraphResponse:
    return GraphResponse(204)


def text_response(text: str) -> GraphResponse:
    return GraphResponse(200, text.encode(), content_type="text/plain")
