"""Paths that end in a property: `/me/displayName`, `/me/displayName/$value`.

No workload serves them: the object before the property is read, and the property taken out of it.
"""

from typing import Any

from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphResponse, no_content, text_response
from graphwright_sandbox.graph.routing import READ_ONE, Match, Operation

MAXIMUM_DEPTH = 3


def split_properties(segments: list[str], depth: int) -> tuple[list[str], list[str], bool] | None:
    """The object's segments, so many properties below it, and whether `$value` ends the path."""
    raw = segments[-1:] == ["$value"]
    path = segments[:-1] if raw else segments
    names = path[-depth:]
    if len(path) <= depth or any(not name.isidentifier() for name in names):
        return None
    return path[:-depth], names, raw


def is_of_one_object(operation: Operation) -> bool:
    """Whether an operation answers with an object, of which properties can be taken."""
    return operation.options >= READ_ONE and "filter" not in operation.options


def options_for(names: list[str]) -> QueryOptions:
    """The options that read the first of the properties."""
    return QueryOptions(select=(names[0],), given=frozenset({"select"}))


def take_property(
    response: GraphResponse, match: Match, root: str, names: list[str], *, raw: bool
) -> GraphResponse | None:
    """The answer of the property; None where the object has none of this name."""
    value: Any = response.body
    written = []
    for name in names:
        found = {key.lower(): key for key in value} if isinstance(value, dict) else {}
        if name.lower() not in found:
            return None
        written.append(found[name.lower()])
        value = value[written[-1]]
    if value is None:
        return no_content()
    if raw:
        if isinstance(value, dict | list):
            return None
        return text_response(str(value).lower() if isinstance(value, bool) else str(value))
    context = f"{root}/$metadata#{_keyed_path(match)}/{'/'.join(written)}"
    content = value if isinstance(value, dict) else {"value": value}
    return GraphResponse(200, {"@odata.context": context, **content})


def _keyed_path(match: Match) -> str:
    """`users('id')/messages('id')`, as contexts name an object."""
    parts: list[str] = []
    for part in match.operation.path.strip("/").split("/"):
        if part.startswith("{") and parts:
            parts[-1] += f"('{match.keys[part.strip('{}:')]}')"
        else:
            parts.append(part)
    return "/".join(parts)
