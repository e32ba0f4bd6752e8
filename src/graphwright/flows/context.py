"""What a node is given: variables, expressions over them, services, and who it runs for."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from graphwright.expressions import Expression, compile_expression, compile_template
from graphwright.flows.definition import FlowDefinition
from graphwright.flows.report import Happenings
from graphwright.http.client import HttpClient
from graphwright.http.collection import CollectionHandle
from graphwright.http.sessions import UploadSessions
from graphwright.imports.definition import ImportDefinition
from graphwright.imports.report import ImportReport
from graphwright.kernel.clock import Clock
from graphwright.kernel.database import Databases
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.settings import Settings
from graphwright.kernel.times import format_instant, zone
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import Lists
from graphwright.lists.files import Files
from graphwright.profiles.service import Profiles


async def do_nothing() -> None:
    """What happens before a write where nobody else could make the same one."""


_HOUR = timedelta(hours=1)


class Person(Protocol):
    """The signed-in principal, as flows see it."""

    @property
    def id(self) -> str:
        """The principal's id: the owner of its rows."""
        ...

    @property
    def name(self) -> str:
        """The name to show."""
        ...

    @property
    def email(self) -> str | None:
        """The address, where the sign-on gave one."""
        ...


@dataclass(frozen=True)
class Services:
    """What nodes work with, the same for every run of an application."""

    profiles: Profiles
    http: HttpClient
    databases: Databases
    lists: Lists
    files: Files
    uploads: UploadSessions
    imports: Mapping[str, ImportDefinition]
    flows: Mapping[str, FlowDefinition]
    clock: Clock
    settings: Settings


@dataclass(frozen=True, slots=True)
class Exit:
    """A node is done and leaves by this exit."""

    name: str = "default"
    data: JsonValue = None
    sensitive: frozenset[str] = frozenset()
    """Names in `data` whose values are never saved."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A node needs a person: a page to show, an authorization to give, or the end to be told."""

    kind: Literal["page", "authorize", "end"]
    data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enter:
    """A sub-flow begins; its end comes back to the node as `resumed`."""

    flow: str
    inputs: JsonObject


@dataclass(frozen=True, slots=True)
class Fork:
    """Every item takes the way behind the exit `each` on its own, several at once.

    When all have, the node is come back to with what became of them as `resumed`.
    """

    items: AsyncGenerator[JsonValue]
    variable: str
    parallel: int = 1
    go_on: bool = False
    """An item that fails is counted, and does not keep the others from going on."""


Outcome = Exit | Pause | Enter | Fork


class Reader(Protocol):
    """Something that a node reads from between its visits, such as the pages of a collection."""

    async def aclose(self) -> None:
        """Ends the reading."""
        ...


@dataclass
class Frame:
    """One flow under way: where it is, its variables, and what its nodes remember (loops)."""

    flow: str
    node: str
    variables: dict[str, JsonValue] = field(default_factory=dict)
    memory: dict[str, JsonObject] = field(default_factory=dict)
    sensitive: dict[str, frozenset[str]] = field(default_factory=dict)
    """For each variable the names in it whose values are never saved."""
    readers: dict[str, Reader] = field(default_factory=dict, repr=False, compare=False)
    """What nodes have open as long as the flow runs on; never saved."""

    def copy(self) -> "Frame":
        """The frame as it is now; values themselves are not copied."""
        return Frame(
            self.flow, self.node, dict(self.variables), dict(self.memory), dict(self.sensitive)
        )

    def branch(self, node: str, variable: str, item: JsonValue) -> "Frame":
        """The frame of one item of a loop: what is set there stays there."""
        variables = {**self.variables, variable: item}
        return Frame(self.flow, node, variables, sensitive=dict(self.sensitive))

    async def forget(self, node: str) -> None:
        """Clears what the node remembers, and ends what it reads from."""
        self.memory.pop(node, None)
        reader = self.readers.pop(node, None)
        if reader is not None:
            await reader.aclose()

    async def close(self) -> None:
        """Ends what its nodes read from; where they are, they remember."""
        while self.readers:
            await self.readers.popitem()[1].aclose()


@dataclass
class Context:
    """One node's view of a run."""

    services: Services
    frame: Frame
    flow: FlowDefinition
    person: Person | None
    time_zone: str
    interactive: bool
    resumed: Exit | None = None
    wrote: bool = False
    assigned: set[str] = field(default_factory=set)
    """The variables that the node has set so far."""
    counts: dict[str, int] = field(default_factory=dict)
    happened: Happenings = field(default_factory=Happenings)
    on_progress: Callable[[str, Mapping[str, int]], None] = lambda message, counts: None
    before_write: Callable[[], Awaitable[None]] = do_nothing
    """To be awaited before a request that writes; raises where the step was used up already."""

    @property
    def owner(self) -> str | None:
        """The id of the principal this runs for, or None."""
        return self.person.id if self.person else None

    @property
    def memory(self) -> JsonObject:
        """What this node remembers between two visits; JSON only."""
        return self.frame.memory.setdefault(self.frame.node, {})

    async def forget(self) -> None:
        """Clears what this node remembers, and ends what it reads from."""
        await self.frame.forget(self.frame.node)

    def set(self, name: str, value: JsonValue) -> None:
        """Sets a variable of the flow."""
        self.frame.variables[name] = value
        self.assigned.add(name)

    def count(self, **counts: int) -> None:
        """Adds to the run's counts (requests, inserted, …) and reports progress."""
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number
        self.on_progress(self.frame.node, self.counts)

    def note_import(self, name: str, report: ImportReport) -> None:
        """Adds to the run's counts and report what an import did, whether it came to its end or not."""
        self.happened.note_import(name, report)
        self.count(**{what: number for what, number in report.counts.items() if number})

    def scope(self) -> dict[str, JsonValue]:
        """What expressions may read: the variables, input, user, now, error."""
        return {
            "input": {},
            "error": None,
            **self.frame.variables,
            "user": _user(self.person, self.time_zone),
            "now": describe_now(self.services.clock.now(), self.time_zone),
        }

    async def evaluate(self, source: str) -> JsonValue:
        """The value of a plain expression; collections are read whole, within limits."""
        expression = compile_expression(source)
        return expression.evaluate(await self._readable([expression]))

    async def locate(self, source: str) -> JsonValue | CollectionHandle:
        """Like `evaluate`, but a path that leads to a collection gives its handle, unread."""
        path = compile_expression(source).path
        found = _handle_at(self.frame.variables, path) if path is not None else None
        if found is not None and found[1] == path:
            return found[0]
        return await self.evaluate(source)

    async def render(self, tree: JsonValue) -> JsonValue:
        """A JSON tree with every `{{ expression }}` in its texts evaluated."""
        template = compile_template(tree)
        return template.render(await self._readable([e for _, e in template.expressions()]))

    async def readable_scope(self, tree: JsonValue) -> dict[str, JsonValue]:
        """The scope for the templates of a tree, collections that they read being read whole."""
        return await self._readable([e for _, e in compile_template(tree).expressions()])

    async def _readable(self, expressions: Sequence[Expression]) -> dict[str, JsonValue]:
        """The scope with the collections read whole that the expressions lead into."""
        scope = self.scope()
        for expression in expressions:
            if expression.path is not None and _handle_at(scope, expression.path) is None:
                continue
            names = scope.keys() if expression.reads_everything else expression.names()
            for name in names & self.frame.variables.keys():
                scope[name] = await self._read_handles(scope[name])
        return scope

    async def _read_handles(self, value: JsonValue) -> JsonValue:
        if isinstance(value, CollectionHandle):
            return await value.read_document(self.services.http)
        if isinstance(value, dict) and any(isinstance(v, CollectionHandle) for v in value.values()):
            return {name: await self._read_handles(item) for name, item in value.items()}
        return value


def _handle_at(
    scope: Mapping[str, JsonValue], path: Sequence[str]
) -> tuple[CollectionHandle, tuple[str, ...]] | None:
    """The collection that a path leads to or into, with the path to it."""
    value: JsonValue = scope
    for index, step in enumerate(path):
        value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, CollectionHandle):
            return value, tuple(path[: index + 1])
    # A path that ends above a collection (`events`) would hand the collection itself out.
    if isinstance(value, dict):
        inner = next((n for n, v in value.items() if isinstance(v, CollectionHandle)), None)
        return (value[inner], (*path, inner)) if inner is not None else None
    return None


def _user(person: Person | None, time_zone: str) -> JsonValue:
    if person is None:
        return None
    return {"id": person.id, "name": person.name, "email": person.email, "time_zone": time_zone}


def describe_now(now: datetime, time_zone: str) -> JsonObject:
    """The time in a zone: `instant`, `date`, `time_zone`; `day`, `week` (from Monday), `month`.

    The ranges, `next_hour` (the next full one) among them, are `{start, end}` as UTC instants, end
    exclusive.
    """
    local = now.astimezone(zone(time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    monday = midnight - timedelta(days=midnight.weekday())
    first = midnight.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)

    # Counted in UTC: there is always a next hour, whatever the clocks do. Half-hour zones round up.
    hour = (local.replace(minute=0, second=0, microsecond=0)).astimezone(UTC) + _HOUR

    def instant(naive: datetime) -> str:
        return format_instant(naive.replace(tzinfo=zone(time_zone)).astimezone(UTC))

    def span(start: datetime, end: datetime) -> JsonObject:
        return {"start": instant(start), "end": instant(end)}

    return {
        "instant": format_instant(now.replace(microsecond=0)),
        "date": local.date().isoformat(),
        "time_zone": time_zone,
        "next_hour": {"start": format_instant(hour), "end": format_instant(hour + _HOUR)},
        "day": span(midnight, midnight + timedelta(days=1)),
        "week": span(monday, monday + timedelta(days=7)),
        "month": span(first, next_month),
    }


def describe_error(error: GraphwrightError, node: str) -> JsonObject:
    """An error as the variable `error` of a flow."""
    facts = error.facts
    request_id = facts.get("request_id")
    known = [error.message, error.hint, f"(Request {request_id})" if request_id else ""]
    return {
        "text": " ".join(part for part in known if part),
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "status": facts.get("status"),
        "request_id": request_id,
        "outcome": facts.get("outcome"),
        "not_before": facts.get("not_before"),
        "node": node,
    }
