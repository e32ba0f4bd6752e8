"""How much an answer says about itself: all of its annotations, or none (`odata.metadata=none`).

Knows the names of OData's annotations, and no workload.
"""

import re
from dataclasses import replace
from typing import Any

from graphwright_sandbox.graph.request import GraphResponse

_NONE = re.compile(r"odata\.metadata\s*=\s*none", re.IGNORECASE)
_KEPT = ("@odata.nextLink", "@odata.deltaLink", "@odata.count")
CONTENT_TYPE = (
    "application/json;odata.metadata=none;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8"
)


def shown_for(accept: str, response: GraphResponse) -> GraphResponse:
    """The answer with as many annotations as an Accept header asks for."""
    if not isinstance(response.body, dict) or not _NONE.search(accept):
        return response
    return replace(response, body=_without(response.body), content_type=CONTENT_TYPE)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without(item)
            for name, item in value.items()
            if "@odata." not in name or name.endswith(_KEPT)
        }
    return [_without(item) for item in value] if isinstance(value, list) else value
