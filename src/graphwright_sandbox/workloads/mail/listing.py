"""Lists of messages: which queries Exchange answers, and the part that is found without looking.

A range of `receivedDateTime` is cut out of the mailbox, which lies in that order; so a page of a
mailbox of a million messages costs what a page of a hundred costs.
"""

import math
from dataclasses import replace

from graphwright_sandbox.graph.edm import StructuredType
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.filter_syntax import (
    Comparison,
    Literal,
    Logical,
    Node,
    Path,
    parse_filter,
)
from graphwright_sandbox.graph.presentation import bound_filter
from graphwright_sandbox.graph.query import QueryOptions, check_search_alone
from graphwright_sandbox.graph.request import GraphRequest
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox, MessageList
from graphwright_sandbox.workloads.mail.records import Folder
from graphwright_sandbox.workloads.mail.search import parse_search

_RECEIVED = "receiveddatetime"
_MOST_SORTED = 20_000
_MOST_SEARCHED = 20_000
_UNFILTERED = frozenset(
    {"toRecipients", "ccRecipients", "bccRecipients", "replyTo", "internetMessageHeaders"}
)
"""What Exchange keeps no index of."""
_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq"}


def check_query(request: GraphRequest, declared: StructuredType) -> None:
    """Refuses what Exchange refuses to combine."""
    options = request.options
    check_search_alone(options)
    bound = bound_filter(request, declared)
    if bound is not None and _UNFILTERED & set(bound.properties):
        raise bad_request(
            "The query filter contains one or more invalid nodes.", "ErrorInvalidUrlQueryFilter"
        )
    if bound is None or not options.orderby:
        return
    # Sorted properties must open the filter, in the same order.
    folded = [path.lower() for path in bound.paths]
    sorted_by = ["/".join(order.path).lower() for order in options.orderby]
    if folded[: len(sorted_by)] != sorted_by:
        raise _too_complex()


def _too_complex() -> GraphError:
    return GraphError(
        400,
        "InefficientFilter",
        "The restriction or sort order is too complex for this operation.",
    )


def find_messages(
    request: GraphRequest, mailbox: Mailbox, folder: Folder | None
) -> tuple[GraphRequest, MessageList]:
    """The messages that are asked for, newest first or as sorted by when they were received, and
    the request with what is still to do: another order, the rest of the filter."""
    options = request.options
    ascending = False
    by_date = [tuple(part.lower() for part in order.path) for order in options.orderby] == [
        (_RECEIVED,)
    ]
    if by_date:
        ascending = not options.orderby[0].descending
        options = replace(options, orderby=())
    messages = mailbox.inside(folder, ascending=ascending)
    messages, options = _narrowed(messages, options)
    if options.orderby and len(messages) > _MOST_SORTED:
        raise _too_complex()
    return replace(request, options=options), messages


def searched(messages: MessageList, text: str | None) -> tuple[MessageList, Predicate | None]:
    """The newest messages, which a search looks through, and its test."""
    if not text:
        return messages, None
    return messages.first(_MOST_SEARCHED), parse_search(text)


def _narrowed(messages: MessageList, options: QueryOptions) -> tuple[MessageList, QueryOptions]:
    if options.filter is None:
        return messages, options
    first, last = -math.inf, math.inf
    rest = False
    for part in _conjuncts(parse_filter(options.filter)):
        limits = _limits(part)
        if limits is None:
            rest = True
        else:
            first, last = max(first, limits[0]), min(last, limits[1])
    if (first, last) != (-math.inf, math.inf):
        messages = messages.between(first, last)
    return messages, options if rest else replace(options, filter=None)


def _conjuncts(node: Node) -> list[Node]:
    if isinstance(node, Logical) and node.operator == "and":
        return [*_conjuncts(node.left), *_conjuncts(node.right)]
    return [node]


def _limits(node: Node) -> tuple[float, float] | None:
    """The first and the last second that a comparison of receivedDateTime lets through."""
    if not isinstance(node, Comparison):
        return None
    operator, path, literal = node.operator, node.left, node.right
    if isinstance(path, Literal):
        operator, path, literal = _TURNED.get(operator, ""), literal, path
    if not (isinstance(path, Path) and isinstance(literal, Literal)):
        return None
    if [segment.lower() for segment in path.segments] != [_RECEIVED]:
        return None
    if literal.kind not in ("datetime", "date", "string"):
        return None
    try:
        moment = parse_instant(literal.text.upper()).timestamp()
    except (ValueError, OverflowError):
        return None
    # Messages are shown, and compared, in whole seconds.
    limits = {
        "gt": (math.floor(moment) + 1, math.inf),
        "ge": (math.ceil(moment), math.inf),
        "lt": (-math.inf, math.ceil(moment) - 1),
        "le": (-math.inf, math.floor(moment)),
        "eq": (moment, moment),
    }
    return limits.get(operator)
