"""What an expression at a place of a flow may read: names, what each is, and a value to show.

Values are those of the last run where there was one, else of the last try of a request, else made up
from the definitions. Pure: it is given all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from graphwright.application.definition import Application
from graphwright.expressions import compile_expression, compile_template
from graphwright.expressions.getters import quote_path
from graphwright.flows.context import describe_now
from graphwright.flows.definition import FlowDefinition, InputDefinition, NodeDefinition
from graphwright.kernel.errors import GraphwrightError, NotFound, nearest
from graphwright.kernel.times import format_instant
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists.definition import ListDefinition
from graphwright.modeler.wire.mappings import ScopeName
from graphwright.pages.definition import PageDefinition

T = TypeVar("T")
Responses = Callable[[str, str], JsonValue]
"""The response that a node of a flow got when it was last tried; None where it was not."""

_ITEMS: Final = 20
_DEPTH: Final = 6
_MOST_CHILDREN: Final = 120
_MOST_NAMES: Final = 2_000
_LONGEST_EXAMPLE: Final = 200
_ERROR: Final = {
    "text": "The request was refused (404).",
    "code": "notFound",
    "message": "The request was refused (404).",
    "hint": "",
    "status": 404,
    "request_id": None,
    "outcome": "failed",
    "not_before": None,
    "node": None,
}
_LOOPED: Final = {"items": 2, "failed": 0, "reasons": []}
_REPORT: Final = {
    "inserted": 2,
    "updated": 0,
    "unchanged": 0,
    "deleted": 0,
    "skipped": 0,
    "duplicates": 0,
    "reasons": [],
}
_SAMPLES: Final[dict[str, JsonValue]] = {
    "text": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "duration": "PT30M",
    "json": {},
    "html": "<p>text</p>",
    "reference": "key",
    "file": {"file": "A" * 22, "name": "Plan.docx", "size": 12_345, "type": "application/msword"},
}


@dataclass
class ScopeValues:
    """The values by name, and where each comes from in words."""

    values: dict[str, JsonValue] = field(default_factory=dict)
    summaries: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: JsonValue, summary: str) -> None:
        """Sets a name."""
        self.values[name] = value
        self.summaries[name] = summary


def build_scope(
    application: Application,
    flow_name: str | None,
    node_name: str | None,
    *,
    responses: Responses,
    recorded: Mapping[str, JsonValue],
    now: datetime,
    time_zone: str,
    made_up: bool = True,
) -> ScopeValues:
    """What expressions of a node may read; `NotFound` for a flow or node that there is not.

    Without a node: at the end of the flow. Without a flow: what every expression may read.
    `made_up`: also what pages would give, and an error; else they are as at the flow's beginning.
    """
    scope = _of_every_expression(now, time_zone)
    if flow_name is None:
        return scope
    flow = _find(application.flows, flow_name, "flow")
    if node_name is not None:
        _find(flow.nodes, node_name, "node")
    maker = _Maker(application, now, time_zone, is_open=made_up)
    maker.declare(flow, scope)
    before = nodes_before(flow, node_name)
    for name in before:
        for variable, value, summary in maker.assigned(flow_name, flow, name, scope, responses):
            if not made_up and variable in flow.variables:
                continue
            if value is not None or variable not in scope.values:
                scope.put(variable, value, summary)
    if made_up and comes_by_error(flow, node_name, before):
        scope.put("error", dict(_ERROR), scope.summaries["error"])
    for name, value in recorded.items():
        if name in scope.values and not (value is None and name in ("user", "error")):
            scope.values[name] = _with_body(value, scope.values[name])
    return scope


def _of_every_expression(now: datetime, time_zone: str) -> ScopeValues:
    scope = ScopeValues()
    user = {"id": "user", "name": "Ada Example", "email": "ada@example.com"}
    scope.put("now", describe_now(now, time_zone), "The time at which it runs")
    scope.put("user", {**user, "time_zone": time_zone}, "Who is signed in")
    scope.put("error", None, "The error that led to this node")
    scope.put("input", {}, "The values that the flow was started with")
    return scope


def _with_body(recorded: JsonValue, made: JsonValue) -> JsonValue:
    """A recorded value; the body of a collection that was not kept is that of the last try."""
    is_unread = isinstance(recorded, dict) and recorded.get("body") == {"value": []}
    if is_unread and isinstance(made, dict) and made.get("body") is not None:
        return {**recorded, "body": made["body"]}
    return recorded


def nodes_before(flow: FlowDefinition, node: str | None) -> list[str]:
    """The nodes that can come before a node (itself, in a circle), in the order of the way."""
    order: list[str] = []
    pending = [flow.start]
    while pending:
        name = pending.pop(0)
        if name in order or name not in flow.nodes:
            continue
        order.append(name)
        pending += flow.nodes[name].exits.values()
    if node is None:
        return order
    wanted: set[str] = set()
    pending = [node]
    while pending:
        name = pending.pop()
        above = {other for other, item in flow.nodes.items() if name in item.exits.values()}
        pending += above - wanted
        wanted |= above
    return [name for name in [*order, *(n for n in flow.nodes if n not in order)] if name in wanted]


def comes_by_error(flow: FlowDefinition, node: str | None, before: Sequence[str]) -> bool:
    """Whether an exit of an error or of a refused status can have led here."""
    return any(
        exit_name == "error" or exit_name[:1] in ("4", "5")
        for name in before
        for exit_name, target in flow.nodes[name].exits.items()
        if node is None or target == node or target in before
    )


def to_names(scope: ScopeValues) -> list[ScopeName]:
    """The names as the browser gets them, with those below; bounded."""
    budget = [_MOST_NAMES]
    return [
        _to_name(name, value, scope.summaries.get(name, ""), budget, 0)
        for name, value in scope.values.items()
    ]


def _to_name(name: str, value: JsonValue, summary: str, budget: list[int], depth: int) -> ScopeName:
    budget[0] -= 1
    children: list[ScopeName] = []
    # A path goes through an array to its items.
    inner = next((item for item in value if isinstance(item, dict)), None) if isinstance(
        value, list
    ) else value  # fmt: skip
    if isinstance(inner, dict) and depth < _DEPTH:
        for key, below in list(inner.items())[:_MOST_CHILDREN]:
            if budget[0] <= 0:
                break
            if quote_path([key]) is not None:
                children.append(_to_name(key, below, "", budget, depth + 1))
    is_leaf = not isinstance(value, dict | list)
    return ScopeName(
        name=name,
        kind=kind_of(value),
        summary=summary,
        example=_cut(value) if is_leaf else None,
        children=children,
    )


def kind_of(value: JsonValue) -> str:
    """The JSON kind of a value in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "object" if isinstance(value, dict) else "array"


def shorten(value: JsonValue, depth: int = 0) -> JsonValue:
    """A value with the first items of its arrays only: enough to see its shape and to evaluate over."""
    if isinstance(value, list):
        return [shorten(item, depth + 1) for item in value[:_ITEMS]]
    if isinstance(value, dict) and depth < 40:
        return {name: shorten(item, depth + 1) for name, item in value.items()}
    return value


class _Maker:
    """Values that fit definitions, where nothing is known yet."""

    def __init__(
        self, application: Application, now: datetime, time_zone: str, *, is_open: bool
    ) -> None:
        self._application = application
        self._now = now
        self._time_zone = time_zone
        self._is_open = is_open

    def declare(self, flow: FlowDefinition, scope: ScopeValues) -> None:
        """Puts what a flow begins with."""
        inputs = {name: self.of_input(item) for name, item in flow.inputs.items()}
        scope.put("input", inputs, scope.summaries["input"])
        for name, definition in self._application.lists.items():
            if not definition.is_table:
                scope.put(name, [], f"The rows of the list {name}")
        for name, value in flow.variables.items():
            scope.put(name, _render(value, scope.values), "A variable of the flow")

    def assigned(
        self, flow_name: str, flow: FlowDefinition, name: str, scope: ScopeValues,
        responses: Responses,
    ) -> Iterator[tuple[str, JsonValue, str]]:  # fmt: skip
        """The variables that a node sets: name, value, summary."""
        node: Any = flow.nodes[name]
        title = node.title or name
        match node.type:
            case "assign":
                for variable, value in node.set.items():
                    yield variable, _render(value, scope.values), f"Set by {title}"
            case "http_request" if node.response:
                body = responses(flow_name, name)
                value = {"status": 200, "headers": {}, "body": shorten(body)}
                yield node.response, value, f"The response of {title}"
            case "page":
                page = self._application.pages.get(node.page)
                for exit_name, variable in node.outputs.items():
                    value = None if page is None else self._of_exit(page, exit_name)
                    yield variable, value, f"What {title} gives at {exit_name}"
            case "loop":
                items = _evaluate(node.items, scope.values)
                first = items[0] if isinstance(items, list) and items else None
                yield node.item, first, f"The item of {title}"
                if node.result:
                    yield node.result, dict(_LOOPED), f"The result of {title}"
            case "import_data" if node.result:
                yield node.result, self._of_import(node), f"The result of {title}"
            case _:
                for variable in _names(node):
                    yield variable, None, f"Set by {title}"

    def of_input(self, definition: InputDefinition) -> JsonValue:
        """An input's default, else something of its type."""
        if definition.default is not None:
            return definition.default
        return self._sample(definition.type)

    def _of_import(self, node: Any) -> JsonValue:
        definition = self._application.imports.get(node.import_)
        listed = None if definition is None else self._application.lists.get(definition.list)
        if listed is None or listed.is_table:
            return dict(_REPORT)
        return [self._row(listed)]

    def _of_exit(self, page: PageDefinition, exit_name: str) -> JsonValue:
        """What a page hands over at an exit."""
        listed = self._application.lists.get(page.list) if page.list else None
        action = page.actions.get(exit_name)
        if not self._is_open:
            return None
        if action is not None and action.on == "row":
            return None if listed is None else self._row(listed)
        if page.type == "form" and exit_name == "submit" and listed is not None:
            return {name: self._sample(item.type) for name, item in listed.fields.items()}
        if page.type == "calendar":
            week = describe_now(self._now, self._time_zone)["week"]
            return week if exit_name == "range_changed" else None
        if exit_name == "folder_changed":
            return {"key": "key"}
        return None

    def _row(self, listed: ListDefinition) -> JsonObject:
        fields = {
            name: self._sample(item.type)
            for name, item in listed.fields.items()
            if not item.sensitive
        }
        return {"_key": "key", "_etag": 'W/"1"', **fields}

    def _sample(self, field_type: str) -> JsonValue:
        local = (self._now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        if field_type == "date":
            return local.date().isoformat()
        if field_type == "datetime":
            return format_instant(local)
        if field_type == "zoned_datetime":
            return {"dateTime": local.replace(tzinfo=None).isoformat(), "timeZone": "UTC"}
        return _SAMPLES.get(field_type)


def _names(node: NodeDefinition) -> Iterator[str]:
    yield from node.assigned()


def _find(named: Mapping[str, T], name: str, kind: str) -> T:
    if name not in named:
        raise NotFound(f"There is no {kind} {name[:60]!r}.", hint=nearest(name[:60], named))
    return named[name]


def _render(value: JsonValue, scope: Mapping[str, JsonValue]) -> JsonValue:
    """The value of a template; null where it cannot be rendered with what is known."""
    try:
        return compile_template(value).render(scope)
    except GraphwrightError:
        return None


def _evaluate(source: str, scope: Mapping[str, JsonValue]) -> JsonValue:
    try:
        return compile_expression(source).evaluate(scope)
    except GraphwrightError:
        return None


def _cut(value: JsonValue) -> JsonValue:
    if isinstance(value, str) and len(value) > _LONGEST_EXAMPLE:
        return value[:_LONGEST_EXAMPLE] + "…"
    return value
