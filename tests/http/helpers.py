"""Short ways to definitions and calls."""

from collections.abc import Mapping
from typing import Any

from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.definition import RequestDefinition
from graphwright.http.ports import ProfilesShape

GRAPH_USER = {"type": "oauth2", "profile": "graph-user"}
ANNA = "principal-anna"


def define(url: str, method: str = "GET", **more: Any) -> RequestDefinition:
    """A request of the profile `graph-user`."""
    return RequestDefinition.model_validate(
        {"authentication": GRAPH_USER, **more, "method": method, "url": url}
    )


def make_call(
    profiles: ProfilesShape,
    url: str,
    method: str = "GET",
    scope: Mapping[str, Any] | None = None,
    **more: Any,
) -> Call:
    """The call of such a request, for Anna."""
    return build_call(
        define(url, method, **more), scope or {}, profiles=profiles, principal_id=ANNA
    )
