"""Records as answers: projection, expansion, and collections with filter, order and paging.

The protocol part that is the same for all workloads. What is special to one is told by `View`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA, StructuredType
from graphwright_sandbox.graph.errors import GraphError, bad_request, unknown_property
from graphwright_sandbox.graph.filter_binding import (
    BoundFilter,
    Predicate,
    bind_filter,
    resolve_path,
)
from graphwright_sandbox.graph.filter_terms import reader_of
from graphwright_sandbox.graph.page_links import next_link, read_offset
from graphwright_sandbox.graph.query import Expand, Order, QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, text_response

Render = Callable[[GraphRequest, Record], Record]
Expander = Callable[[GraphRequest, Record, QueryOptions], Any]
_NOTHING: frozenset[str] = frozenset()
_OF_COLLECTIONS = frozenset({"filter", "orderby", "top", "skip", "count", "search", "levels"})


@dataclass(frozen=True)
class View:
    """How records of one type are shown."""

    type: StructuredType
    default: tuple[str, ...] | None = None
    """What is shown without `$select`; None: everything."""
    always: tuple[str, ...] = ()
    """Shown whatever `$select` says."""
    on_demand: frozenset[str] = _NOTHING
    """Only shown when selected by name."""
    render: Render | None = None
    """Last touch for this request (time zone, body type) on a copy."""
    expanders: Mapping[str, Expander] = field(default_factory=dict)
    facets: bool = False
    """A property that a record lacks is left out, also where it is selected."""
    hidden: Callable[[GraphRequest], frozenset[str]] = lambda request: _NOTHING
    """Properties that the granted permission does not show."""


@dataclass(frozen=True, slots=True)
class Limits:
    default: int
    maximum: int
    opaque: bool = False
    """Pages by `$skiptoken` (directory) instead of `$skip` (Outlook)."""
    code: str | None = None
    """The code of a refused `$top` where it is neither the directory's nor Outlook's."""


def extended_view(request: GraphRequest, view: View) -> View:
    """The view of the type as the tenant extended it: what was added is shown when selected."""
    declared = request.schema.extended(view.type)
    added = request.schema.removed
    if declared is not view.type:
        added |= frozenset(declared.own)
    if not added:
        return view
    return replace(view, type=declared, on_demand=view.on_demand | added)


def uncast(declared: StructuredType, name: str) -> tuple[StructuredType, str]:
    """`microsoft.graph.eventMessage/event`: the derived type that a name is cast to, and the rest."""
    head, slash, rest = name.partition("/")
    if not slash or not head.lower().startswith("microsoft.graph."):
        return declared, name
    derived = SCHEMA.find(head[len("microsoft.graph.") :])
    if derived is None or not derived.is_a(declared):
        raise bad_request(
            f"The type '{head}' is not derived from 'microsoft.graph.{declared.name}'."
        )
    return derived, rest


def check_shape(view: View, options: QueryOptions) -> tuple[str, ...] | None:
    """The canonical selected names (None: the default); refuses unknown ones, also in $expand."""
    for expand in options.expand:
        declared, name = uncast(view.type, expand.name)
        navigation = declared.find_navigation(name)
        if navigation is None:
            raise _unknown_in_shape(name, declared.name)
        if navigation.name not in view.expanders:
            raise bad_request(
                f"The navigation property '{navigation.name}' cannot be expanded here."
            )
    if options.select is None or "*" in options.select:
        return None
    names = []
    for name in options.select:
        declared, member = uncast(view.type, name)
        prop = declared.find(member.split("/")[0]) or declared.find_navigation(member)
        if prop is None:
            raise _unknown_in_shape(member, declared.name)
        names.append(prop.name)
    return tuple(names)


def _unknown_in_shape(name: str, type_name: str) -> GraphError:
    error = unknown_property(name, type_name)
    return bad_request(f"Parsing OData Select and Expand failed: {error.message}", error.code)


def project(
    request: GraphRequest, view: View, record: Record, options: QueryOptions | None = None
) -> Record:
    """One record as the caller asked to see it.

    `options` are those of an expansion; a single record cannot be filtered, sorted or paged.
    """
    options = request.options if options is None else options
    for name in sorted(options.given & _OF_COLLECTIONS if options is not request.options else ()):
        raise bad_request(f"The query option '${name}' is not supported in this $expand.")
    view = extended_view(request, view)
    chosen = check_shape(view, options)
    return projector(request, view, options, chosen)(record)


def project_all(
    request: GraphRequest,
    view: View,
    records: Sequence[Record],
    options: QueryOptions,
    *,
    most: int | None = None,
) -> list[Record]:
    """The records of an expanded collection, filtered, sorted and cut as its options say.

    `most`: how many are shown where `$top` says nothing.
    """
    for name in sorted(options.given & {"count", "search", "levels"}):
        raise bad_request(f"The query option '${name}' is not supported in this $expand.")
    view = extended_view(request, view)
    shape = check_shape(view, options)
    if options.filter is not None:
        test = bind_filter(options.filter, view.type).test
        records = [record for record in records if test(record)]
    if options.orderby:
        records = sort_records(records, options.orderby, view.type)
    start = options.skip or 0
    size = most if options.top is None else options.top
    end = None if size is None else start + size
    return list(map(projector(request, view, options, shape), records[start:end]))


def projector(
    request: GraphRequest, view: View, options: QueryOptions, chosen: tuple[str, ...] | None
) -> Callable[[Record], Record]:
    """What shows one record after another; `chosen` is what `check_shape` gave."""
    hidden = view.hidden(request)
    for expand in options.expand if hidden else ():
        declared, name = uncast(view.type, expand.name)
        navigation = declared.find_navigation(name)
        if navigation is not None and navigation.name in hidden:
            raise _access_denied()
    names = view.default if chosen is None else tuple(dict.fromkeys((*view.always, *chosen)))
    properties = view.type.properties
    absent: dict[str, Any] = {
        name: [] if properties[name].collection else None
        for name in names or ()
        if name in properties
    }
    visible = [(name, nothing) for name, nothing in absent.items() if name not in hidden]
    unseen = {name: nothing for name, nothing in absent.items() if name in hidden}
    # Properties of a derived type are shown where a record has them.
    cast = [name for name in names or () if name not in properties and name not in hidden]
    undemanded, facets = view.on_demand | hidden, view.facets

    def show(record: Record) -> Record:
        full = view.render(request, record) if view.render else record
        if names is None:
            shown = {
                name: value
                for name, value in full.items()
                if name[0] != "_" and name not in undemanded
            }
        else:
            shown = {name: full[name] for name in full if name[0] == "@"}
            get = full.get
            for name, nothing in visible:
                if name in full or not facets:
                    shown[name] = get(name, nothing)
            if unseen:
                shown.update(unseen)
            for name in cast:
                if name in full:
                    shown[name] = full[name]
        for expand in options.expand:
            shown.update(_expanded(request, view, record, expand))
        return shown

    return show


def _expanded(request: GraphRequest, view: View, record: Record, expand: Expand) -> Record:
    declared, name = uncast(view.type, expand.name)
    navigation = declared.find_navigation(name)
    if navigation is None:
        raise unknown_property(name, declared.name)
    value = view.expanders[navigation.name](request, record, expand.options)
    return {} if value is None else {navigation.name: value}


def answer_entity(
    request: GraphRequest,
    view: View,
    record: Record,
    path: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> GraphResponse:
    """One record with its context; with `Prefer: return=minimal` a write answers 204.

    Files and lists (whose etag is a property, `eTag`) answer 304 to an If-None-Match that names it.
    """
    if request.method in ("POST", "PATCH") and request.preferences.minimal:
        return GraphResponse(204, headers=headers or {})
    body = {"@odata.context": request.context(path, entity=True), **project(request, view, record)}
    headers = dict(headers or {})
    if "@odata.etag" in record:
        headers["ETag"] = record["@odata.etag"]
    elif "eTag" in record:
        headers["ETag"] = record["eTag"]
        if request.method == "GET" and request.is_unchanged(record["eTag"]):
            return GraphResponse(304, headers=headers)
    return GraphResponse(status, body, headers)


def sort_records(
    records: Iterable[Record], orders: Sequence[Order], declared: StructuredType
) -> list[Record]:
    """Sorted by the orders, nulls first when ascending; equal records keep their order."""
    result = list(records)
    for order in reversed(orders):
        names, kind, collection = resolve_path(order.path, declared)
        if collection or kind.startswith("type:"):
            raise bad_request(f"'{'/'.join(order.path)}' cannot be sorted by.")
        read = reader_of(kind)
        result.sort(key=_sort_key(names, read), reverse=order.descending)
    return result


def _sort_key(names: list[str], read: Callable[[Any], Any]) -> Callable[[Record], tuple[bool, Any]]:
    def key(record: Record) -> tuple[bool, Any]:
        value: Any = record
        for name in names:
            value = None if value is None else value.get(name)
        return (False, 0) if value is None else (True, read(value))

    return key


def bound_filter(request: GraphRequest, declared: StructuredType) -> BoundFilter | None:
    text = request.options.filter
    return None if text is None else bind_filter(text, request.schema.extended(declared))


def check_hidden(request: GraphRequest, view: View) -> None:
    """Refuses a filter or an order by what the granted permission does not show: it would tell."""
    hidden, view = view.hidden(request), extended_view(request, view)
    bound = bound_filter(request, view.type) if hidden else None
    named = set(bound.properties) if bound else set()
    for order in request.options.orderby:
        prop = view.type.find(order.path[0])
        named.add(prop.name if prop else "")
    if hidden & named:
        raise _access_denied()


def _access_denied() -> GraphError:
    return GraphError(
        403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
    )


def chosen_records(
    request: GraphRequest,
    view: View,
    records: Sequence[Record],
    search: Predicate | None,
    order: Sequence[Order],
) -> Sequence[Record]:
    """The records that filter and search let through, in the order asked for."""
    bound = bound_filter(request, view.type)
    chosen: Sequence[Record] = records
    if bound is not None:
        chosen = [record for record in chosen if bound.test(record)]
    if search is not None:
        chosen = [record for record in chosen if search(record)]
    orders = request.options.orderby or order
    return sort_records(chosen, orders, view.type) if orders else chosen


def answer_collection(
    request: GraphRequest,
    view: View,
    records: Sequence[Record],
    path: str,
    limits: Limits,
    *,
    search: Predicate | None = None,
    order: Sequence[Order] = (),
) -> GraphResponse:
    """A page of records, with the link to the next one where there is more."""
    options, view = request.options, extended_view(request, view)
    shape = check_shape(view, options)
    size = page_size(request, limits)
    offset = read_offset(request, opaque=limits.opaque)
    show = projector(request, view, options, shape)
    body: Record = {"@odata.context": request.context(path)}
    if options.count or options.orderby or order:
        chosen = chosen_records(request, view, records, search, order)
        if options.count:
            body["@odata.count"] = len(chosen)
        page = chosen[offset : offset + size + 1]
    else:
        page = _first_records(request, view, records, search, offset, size + 1)
    if size and len(page) > size:
        body["@odata.nextLink"] = next_link(request, offset + size, opaque=limits.opaque)
    body["value"] = [show(record) for record in page[:size]]
    return GraphResponse(200, body)


def _first_records(
    request: GraphRequest,
    view: View,
    records: Sequence[Record],
    search: Predicate | None,
    offset: int,
    count: int,
) -> Sequence[Record]:
    """Records that need no sorting: nothing is looked at beyond the page."""
    bound = bound_filter(request, view.type)
    tests = [test for test in (bound.test if bound else None, search) if test is not None]
    if not tests:
        return records[offset : offset + count]
    found = (record for record in records if all(test(record) for test in tests))
    return list(islice(found, offset, offset + count))


def answer_count(
    request: GraphRequest,
    view: View,
    records: Sequence[Record],
    search: Predicate | None = None,
) -> GraphResponse:
    """`/$count`: the number as plain text."""
    return text_response(str(len(chosen_records(request, view, records, search, ()))))


def page_size(request: GraphRequest, limits: Limits) -> int:
    """How many records a page holds; refuses a `$top` beyond the limits."""
    top, preferred = request.options.top, request.preferences.page_size
    if top is None:
        return limits.default if preferred is None else min(preferred, limits.maximum)
    if limits.opaque and limits.code is None and not 1 <= top <= limits.maximum:
        raise bad_request(
            f"Invalid page size specified: '{top}'. Must be between 1 and {limits.maximum} "
            "inclusive.",
            "Request_BadRequest",
        )
    if top > limits.maximum:
        raise bad_request(
            f"The limit of '{limits.maximum}' for Top query has been exceeded. "
            f"The value from the incoming request is '{top}'.",
            limits.code or "ErrorInvalidUrlQuery",
        )
    return top
